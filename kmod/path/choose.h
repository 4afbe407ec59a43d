/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Choosing the backend of a new connection: who is asked, in which order, and
 * what is tried when the first answer cannot have it.
 */
#ifndef NF_VIP_CHOOSE_H
#define NF_VIP_CHOOSE_H

#include "path/bind.h"

struct nf_vip_packet;
struct nf_vip_recent_flows;

/**
 * nf_vip_choose() - give a new connection its backend
 * @packet: its first one, whose entry is not confirmed and has no translated destination;
 *	learns who chose
 * @sel: selection of the service, with at least one slot
 * @flows: choices for new UDP flows of the namespace
 * @avoid: mark of the backend that failed this connection a moment ago, or 0
 *
 * While any other backend can have it, the one to avoid does not, whoever asks
 * for that. Else, a mark that came with the connection is followed if its backend may be
 * chosen; else, with persistence, so is the backend that the client had; else
 * the scheduler says which, once for all datagrams of a UDP flow that is new.
 * When that one is full, or its reply tuple is taken, others are tried: some
 * slots, in a service with limits every backend, and last another source port.
 * All of it is bounded.
 *
 * The connection is counted where it goes.
 *
 * Context: hook, RCU lock held.
 * Return: NF_VIP_BOUND, or why not.
 */
enum nf_vip_bound nf_vip_choose(struct nf_vip_packet *packet, const struct nf_vip_selection *sel,
				struct nf_vip_recent_flows *flows, u32 avoid);

#endif /* NF_VIP_CHOOSE_H */
