/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A short memory of choices, made for twins: datagrams of one new flow that are
 * under way at the same time, on two CPUs or one behind the other in a queue.
 * Each twin has an entry of its own until the first one is confirmed, and each
 * would get a backend of its own: conntrack could not merge the entries then,
 * and answers would come from two backends. So the choice for the first twin is
 * written down for a moment, and the others take it.
 *
 * redispatch.h remembers in the same way what became of a connection.
 */
#ifndef NF_VIP_RECENT_FLOW_H
#define NF_VIP_RECENT_FLOW_H

#include <linux/atomic.h>
#include <linux/types.h>

struct nf_conntrack_tuple;
struct nf_vip_recent_flows;

/**
 * struct nf_vip_recent_flow - where the choice for one flow is written down
 * @word: the place of the flow in struct nf_vip_recent_flows
 * @seen: the word that was found there
 * @print: part of the hash that tells this flow from others
 * @now: the time of that look-up, in units
 */
struct nf_vip_recent_flow {
	atomic64_t *word;
	u64 seen;
	u32 print;
	u32 now;
};

/**
 * nf_vip_recent_flows_alloc() - room for choices
 * @unit: how long a choice is kept at least, in jiffies
 *
 * Context: process, may sleep.
 * Return: memory that the caller owns, or NULL. Free it with kvfree().
 */
struct nf_vip_recent_flows *nf_vip_recent_flows_alloc(unsigned int unit);

/**
 * nf_vip_recent_flows_copy_for() - room for choices to try something out with
 * @flows: choices of the namespace
 * @tuple: original tuple of a flow, whose choice is copied
 *
 * Context, Return: as nf_vip_recent_flows_alloc().
 */
struct nf_vip_recent_flows *nf_vip_recent_flows_copy_for(struct nf_vip_recent_flows *flows,
							 const struct nf_conntrack_tuple *tuple);

/**
 * nf_vip_recent_flow_find() - was a backend chosen for a twin of this flow?
 * @flows: choices of the namespace
 * @tuple: original tuple
 * @flow: filled in
 *
 * A choice is found for a unit at least, and for less than two, if no other flow
 * took its place. Another flow is taken for a twin once in 2^31 times, and gets
 * a backend that may be chosen as well.
 *
 * Context: any. Wait-free.
 * Return: the mark of the twin's backend, which need not be in use any more,
 * or 0.
 */
u32 nf_vip_recent_flow_find(struct nf_vip_recent_flows *flows,
			    const struct nf_conntrack_tuple *tuple,
		     struct nf_vip_recent_flow *flow);

/**
 * nf_vip_recent_flow_note() - write a choice down
 * @flow: what nf_vip_recent_flow_find() filled in
 * @mark: mark of the chosen backend, not 0
 *
 * Context: any. Wait-free.
 * Return: the mark of the backend for this flow: @mark, or what a twin wrote
 * meanwhile.
 */
u32 nf_vip_recent_flow_note(const struct nf_vip_recent_flow *flow, u32 mark);

#endif /* NF_VIP_RECENT_FLOW_H */
