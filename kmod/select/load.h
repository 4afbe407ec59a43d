/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many connections a backend has now. Packets add and take away; what
 * packets cannot see is corrected by upkeep.c.
 *
 * A connection counts from when its first packet leaves the gateway. Between the
 * choice and that moment a firewall may drop the packet, and when packets come
 * in together, backends are chosen for all of them before the first one leaves
 * (ip_sublist_rcv() in net/ipv4/ip_input.c). So a choice reserves a place, for
 * no longer than the tick of the clock in which it is made: a packet leaves at
 * once, unless somebody holds it (NFQUEUE).
 */
#ifndef NF_VIP_LOAD_H
#define NF_VIP_LOAD_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/types.h>

/**
 * struct nf_vip_load - connections of a backend
 * @live: how many; below zero for a moment, when a connection ends that was not
 *	counted yet
 * @reserved: in the upper half the tick (the low 32 bits of jiffies) in which
 *	places were reserved, in the lower half how many
 *
 * All CPUs write both, so they have a cache line of their own.
 */
struct nf_vip_load {
	atomic_t live;
	atomic64_t reserved;
} ____cacheline_aligned_in_smp;

/**
 * nf_vip_load_get() - connections of a backend
 * @load: its load
 */
static inline u32 nf_vip_load_get(const struct nf_vip_load *load)
{
	int live = atomic_read(&load->live);

	return live > 0 ? live : 0;
}

/* Places that are reserved if @reserved is of this tick; reservations of another tick are void. */
static inline u32 nf_vip_load_pending(u64 reserved, u32 tick)
{
	return upper_32_bits(reserved) == tick ? lower_32_bits(reserved) : 0;
}

/**
 * nf_vip_load_expected() - connections of a backend, reserved places included
 * @load: its load
 */
static inline u32 nf_vip_load_expected(const struct nf_vip_load *load)
{
	return nf_vip_load_get(load) +
	       nf_vip_load_pending(atomic64_read(&load->reserved), (u32)jiffies);
}

/* Changes how many places are reserved in this tick, not below zero; returns how many are then. */
static inline u32 nf_vip_load_reserved_add(struct nf_vip_load *load, int change)
{
	s64 was = atomic64_read(&load->reserved);
	u32 tick = jiffies, pending;

	do {
		pending = nf_vip_load_pending(was, tick);
		if (change < 0 && !pending)
			return 0;
		pending += change;
	} while (!atomic64_try_cmpxchg_relaxed(&load->reserved, &was,
					       (u64)tick << 32 | pending));
	return pending;
}

/**
 * nf_vip_load_reserve() - reserve a place for a new connection, if there is room
 * @load: load of the backend
 * @max: connections that the backend may have, or 0 for any number
 *
 * Return: false if the backend is full; then nothing is reserved.
 */
static inline bool nf_vip_load_reserve(struct nf_vip_load *load, u32 max)
{
	u32 pending = nf_vip_load_reserved_add(load, 1);

	if (likely(!max || nf_vip_load_get(load) + pending <= max))
		return true;
	nf_vip_load_reserved_add(load, -1);
	return false;
}

/**
 * nf_vip_load_give_back() - give a reserved place back: not needed, or counted by now
 * @load: load of the backend
 */
static inline void nf_vip_load_give_back(struct nf_vip_load *load)
{
	nf_vip_load_reserved_add(load, -1);
}

/**
 * nf_vip_load_begin() - count a new connection, if there is room for it
 * @load: load of the backend
 * @max: connections that the backend may have, or 0 for any number
 *
 * Exact on any number of CPUs: a connection that gets past @max is taken back.
 *
 * Return: false if the backend is full; then nothing is counted.
 */
static inline bool nf_vip_load_begin(struct nf_vip_load *load, u32 max)
{
	int live = atomic_inc_return(&load->live);

	if (likely(!max || live <= (int)max))
		return true;
	atomic_dec(&load->live);
	return false;
}

/**
 * nf_vip_load_end() - take a connection away
 * @load: load of its backend
 *
 * Return: true if that was the last connection.
 */
static inline bool nf_vip_load_end(struct nf_vip_load *load)
{
	return atomic_dec_and_test(&load->live);
}

#endif /* NF_VIP_LOAD_H */
