/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of the scheduler hash: Maglev hashing (Eisenbud et al., "Maglev: A
 * Fast and Reliable Software Network Load Balancer", NSDI 2016, section 3.4),
 * with weights.
 *
 * Everything here depends on addresses, ports, weights and the seed only. So
 * gateways that have these in common send a client to the same backend,
 * whatever the order, the names and the marks of their backends are, and
 * whatever the order of bytes in their processors is.
 */
#ifndef NF_VIP_MAGLEV_H
#define NF_VIP_MAGLEV_H

#include <linux/types.h>
#include "nf_vip_grammar.h"

struct nf_conntrack_tuple;
struct nf_vip_target;

/**
 * nf_vip_maglev_size() - slots of a table
 * @nr: backends of the service, those that may not be chosen included: one that
 *	goes and comes back must not change the size, which moves every client
 *
 * Return: a prime of at least 128 times @nr, at most NF_VIP_SLOTS_MAX.
 */
u32 nf_vip_maglev_size(unsigned int nr);

/**
 * nf_vip_maglev_fill() - give each slot of a table its backend
 * @slots: the table; each becomes an index in @targets
 * @nr_slots: nf_vip_maglev_size() of the service
 * @targets: the backends that may be chosen; each has a weight
 * @nr: how many targets, from 1 on
 * @seed: of the hash
 *
 * A backend gets its weight's share of the slots, give or take one.
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int nf_vip_maglev_fill(u16 *slots, u32 nr_slots, const struct nf_vip_target *targets,
		       unsigned int nr, u32 seed);

/**
 * nf_vip_maglev_slot() - slot of a client
 * @tuple: original tuple of its connection
 * @key: whether the port of the client counts as well
 * @seed: of the hash
 * @nr_slots: slots of the table
 *
 * Context: any.
 * Return: index of a slot.
 */
u32 nf_vip_maglev_slot(const struct nf_conntrack_tuple *tuple, enum nf_vip_hash_key key,
		       u32 seed, u32 nr_slots);

#endif /* NF_VIP_MAGLEV_H */
