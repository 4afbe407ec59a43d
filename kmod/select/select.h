/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Selection: an immutable table of the backends that may be chosen, built aside
 * on the control path and read by packets.
 */
#ifndef NF_VIP_SELECT_H
#define NF_VIP_SELECT_H

#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include "grammar/counter.h"
#include "nf_vip_grammar.h"
#include "select/panic.h"
#include "select/load.h"

struct nf_conntrack_tuple;
struct nf_vip_clients;
struct nf_vip_midstream;
struct nf_vip_scheduler_ops;

/*
 * Per-CPU counters of a backend; exact, because each CPU adds to its own.
 *
 * The counters need no lock, nor bottom halves off: this_cpu_add() cannot be
 * interrupted in the middle, so a packet in process context that is preempted,
 * or interrupted by a softirq, loses no count. Whoever sums up may see a packet
 * of another CPU late; on a 32-bit machine, half of a carry, for a moment.
 */
struct nf_vip_be_stats {
	u64 nr[NF_VIP_BE_COUNTERS];
};

/*
 * Per-CPU counters of a service, kept like those of a backend. The service
 * counts once more what its backends got: packets under way may still give
 * connections to a backend that is deleted, so the backend's own counters say
 * nothing final before a grace period is over.
 */
struct nf_vip_svc_stats {
	u64 nr[NF_VIP_SVC_COUNTERS];
};

/**
 * struct nf_vip_target - what the packet path needs of a backend
 * @addr: real server, network byte order, unused bytes zero
 * @port: real port, network byte order, or 0 for the port of the connection
 * @mark: mark value within mark_mask, host byte order, never 0
 * @weight: share of new connections, 0 to NF_VIP_WEIGHT_MAX; in a table in
 *	which some backend warms up, times NF_VIP_WARM_FULL at most
 * @warm: how warm the backend is, 1 to NF_VIP_WARM_FULL
 * @tier: 1 is chosen before 2
 * @max_conns: connections that the backend may have at a time, or 0
 * @slots: how many entries of the table are the backend's
 * @wanted: the administrator wants it to be chosen, whatever its health
 * @unknown: no checker has reported the backend's health
 * @usable: may be chosen; always true in a table
 * @load: connections that the backend has
 * @stats: counters of the backend; like @load they outlive the table by a
 *	grace period
 */
struct nf_vip_target {
	union nf_inet_addr addr;
	__be16 port;
	u32 mark;
	u32 weight;
	u8 warm;
	u8 tier;
	u32 max_conns;
	u32 slots;
	bool wanted;
	bool unknown;
	bool usable;
	struct nf_vip_load *load;
	struct nf_vip_be_stats __percpu *stats;
};

/* Backends that the scheduler least compares for one connection. */
enum { NF_VIP_LEAST_SCAN = 16 };

/* Steps in which a weight grows while its backend warms up. */
enum { NF_VIP_WARM_FULL = 16 };

/* A counter that all CPUs write has a cache line of its own. */
struct nf_vip_cursor {
	atomic64_t next;
} ____cacheline_aligned_in_smp;

/**
 * struct nf_vip_selection - the choice of one service, never changed once made
 * @policy: the options of the service that packets go by
 * @ops: the service's scheduler
 * @on_empty: what becomes of a new connection when @nr_slots is 0
 * @panic: whether too few backends were alive, and what was done about it
 * @capped: some target has a limit of connections
 * @eject: a backend that failed a connection is avoided
 * @clients: the backends that clients have, or NULL; shared by successive tables
 * @midstream: the service's hold; shared by successive tables
 * @nr_slots: entries of @slots: the weights' sum over their greatest common
 *	divisor, or for the scheduler hash nf_vip_maglev_size(), or for least
 *	@nr_best
 * @nr_targets: entries of @targets; 0 only with @nr_slots 0
 * @nr_best: targets of the best tier, which come first. Only these have slots
 *	and marks; the other targets are for when all of these are full
 * @mark_bits: log2 of the entries of @by_mark
 * @cursor: the service's position for nth; shared by successive tables
 * @stats: the service's counters
 * @targets: backends that may be chosen, by tier
 * @by_mark: open hash from mark to index in @targets plus 1; 0 is free
 * @rcu: frees the table after the packets that read it
 * @slots: indices in @targets, interleaved by weight; or a Maglev table; or,
 *	for least, each target once
 */
struct nf_vip_selection {
	struct nf_vip_policy policy;
	const struct nf_vip_scheduler_ops *ops;
	enum nf_vip_on_empty on_empty;
	struct nf_vip_panic panic;
	bool capped;
	bool eject;
	struct nf_vip_clients *clients;
	const struct nf_vip_midstream *midstream;
	u32 nr_slots;
	u16 nr_targets;
	u16 nr_best;
	u8 mark_bits;
	struct nf_vip_cursor *cursor;
	struct nf_vip_svc_stats __percpu *stats;
	struct nf_vip_target *targets;
	u16 *by_mark;
	struct rcu_head rcu;
	u16 slots[];
};

/**
 * nf_vip_selection_make() - build a table of the backends that may be chosen
 * @targets: every backend of the service, @nr of them; stays the caller's, its
 *	order and contents are undefined afterwards
 * @nr: 0 to NF_VIP_BACKENDS_MAX
 * @svc: what the service shall be: the scheduler, and what it goes by
 *
 * The caller sets @on_empty, @panic, @eject, @clients, @midstream, @cursor and @stats before it
 * publishes the table.
 *
 * Context: process, may sleep.
 * Return: a table that the caller owns until it is published, or ERR_PTR:
 * -ENOMEM, or -E2BIG if there would be more than NF_VIP_SLOTS_MAX slots with
 * every backend usable: so a backend that comes back always finds room. (The
 * slots of hash do not grow with the weights.)
 */
struct nf_vip_selection *
nf_vip_selection_make(struct nf_vip_target *targets, unsigned int nr,
		      const struct nf_vip_service_spec *svc);

/**
 * nf_vip_selection_copy() - a table to try something out with
 * @sel: table, which nobody frees meanwhile
 *
 * The copy shares what @sel points to, but for targets, marks and slots. It is
 * not to be published, and freed with kvfree().
 *
 * Context: process, may sleep.
 * Return: the copy, which the caller owns, or NULL.
 */
struct nf_vip_selection *nf_vip_selection_copy(const struct nf_vip_selection *sel);

/**
 * nf_vip_selection_free() - free a table that no packet has seen
 * @sel: table or NULL
 */
void nf_vip_selection_free(struct nf_vip_selection *sel);

/**
 * nf_vip_selection_retire() - free a table after the packets that may read it
 * @sel: table that is no longer published, or NULL
 */
void nf_vip_selection_retire(struct nf_vip_selection *sel);

/**
 * nf_vip_selection_pick() - slot for a new connection
 * @sel: table with at least one slot
 * @tuple: original tuple of the connection; only hash looks at it
 *
 * Wait-free: nth takes the next number of the shared cursor, so that in every
 * window of nr_slots calls, on any CPUs, each slot comes once.
 *
 * Context: any, under rcu_read_lock().
 * Return: index in @sel->slots.
 */
u32 nf_vip_selection_pick(const struct nf_vip_selection *sel,
			  const struct nf_conntrack_tuple *tuple);

/**
 * nf_vip_selection_target() - backend of a slot
 * @sel: table
 * @slot: any number; counted round the table's end
 *
 * Return: a target that lives as long as @sel.
 */
static inline const struct nf_vip_target *
nf_vip_selection_target(const struct nf_vip_selection *sel, u32 slot)
{
	if (unlikely(slot >= sel->nr_slots))
		slot %= sel->nr_slots;
	return &sel->targets[sel->slots[slot]];
}

/**
 * nf_vip_selection_marked() - the backend that a mark asks for
 * @sel: table
 * @mark: mark value within mark_mask, host byte order, not 0
 *
 * Context: any, under rcu_read_lock().
 * Return: a target that lives as long as @sel, or NULL if no backend that may
 * be chosen has this mark.
 */
const struct nf_vip_target *
nf_vip_selection_marked(const struct nf_vip_selection *sel, u32 mark);

#endif /* NF_VIP_SELECT_H */
