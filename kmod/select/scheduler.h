/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Schedulers: what a slot of a selection table stands for, and which slot the
 * next connection gets. Each scheduler is a file of its own and a row of the
 * table in scheduler.c.
 */
#ifndef NF_VIP_SCHEDULER_H
#define NF_VIP_SCHEDULER_H

#include <linux/types.h>
#include "nf_vip_grammar.h"
#include "plan/weights.h"

struct nf_conntrack_tuple;
struct nf_vip_selection;

/**
 * struct nf_vip_shares - what the backends of a table weigh
 * @all: backends of the service, those that may not be chosen included
 * @nr: backends that the table has slots for
 * @weights: weights of those @nr backends
 */
struct nf_vip_shares {
	unsigned int all;
	unsigned int nr;
	struct nf_vip_weights weights;
};

/**
 * nf_vip_shares_add() - add a backend
 * @shares: shares
 * @weight: weight of the backend
 */
static inline void nf_vip_shares_add(struct nf_vip_shares *shares, u32 weight)
{
	shares->nr++;
	nf_vip_weights_add(&shares->weights, weight);
}

/**
 * nf_vip_shares_slots() - slots of a table in which each backend has its weight's share
 * @shares: shares
 */
static inline u32 nf_vip_shares_slots(const struct nf_vip_shares *shares)
{
	return nf_vip_weights_slots(&shares->weights);
}

/**
 * struct nf_vip_scheduler_ops - a scheduler
 * @by_flow: all packets of a flow get one slot, whatever came before
 * @by_chance: nobody can say beforehand which slot is next
 * @slots: slots of a table for backends of these shares, 0 for none; in process context
 * @fill: make the slots of a table that has its targets, at least one of them; in process
 *	context, where it may sleep; 0 or -ENOMEM
 * @pick: slot of a new connection, as nf_vip_selection_pick(); in any context under
 *	rcu_read_lock(), so it neither waits nor allocates
 */
struct nf_vip_scheduler_ops {
	bool by_flow;
	bool by_chance;
	u32 (*slots)(const struct nf_vip_shares *shares);
	int (*fill)(struct nf_vip_selection *sel);
	u32 (*pick)(const struct nf_vip_selection *sel, const struct nf_conntrack_tuple *tuple);
};

extern const struct nf_vip_scheduler_ops nf_vip_nth_ops;
extern const struct nf_vip_scheduler_ops nf_vip_random_ops;
extern const struct nf_vip_scheduler_ops nf_vip_hash_ops;
extern const struct nf_vip_scheduler_ops nf_vip_least_ops;

/**
 * nf_vip_scheduler_ops() - the scheduler that a service names
 * @scheduler: what the configuration says
 *
 * Context: any.
 */
const struct nf_vip_scheduler_ops *nf_vip_scheduler_ops(enum nf_vip_scheduler scheduler);

/**
 * nf_vip_nth_pick() - the slot whose turn it is
 * @sel: table with at least one slot
 * @tuple: not looked at
 *
 * The @pick of nf_vip_nth_ops; other schedulers use it to take turns among
 * equals.
 *
 * Context: any, under rcu_read_lock().
 * Return: index in @sel->slots.
 */
u32 nf_vip_nth_pick(const struct nf_vip_selection *sel, const struct nf_conntrack_tuple *tuple);

#endif /* NF_VIP_SCHEDULER_H */
