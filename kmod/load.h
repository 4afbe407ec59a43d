/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many connections a backend has now: what packets add and take away. What
 * they cannot see, live.c corrects.
 */
#ifndef NF_VIP_LOAD_H
#define NF_VIP_LOAD_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/types.h>

/*
 * All CPUs write it, so it has a cache line of its own. It may be below zero for
 * a moment, when a connection ends that was not counted yet.
 */
struct nf_vip_load {
	atomic_t live;
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

/**
 * nf_vip_load_has_room() - might a new connection be counted?
 * @load: load of the backend
 * @max: connections that it may have, or 0 for any number
 *
 * Another CPU may take the last place meanwhile: nf_vip_load_begin() says so.
 */
static inline bool nf_vip_load_has_room(const struct nf_vip_load *load, u32 max)
{
	return !max || nf_vip_load_get(load) < max;
}

/**
 * nf_vip_load_begin() - count a new connection, if there is room for it
 * @load: load of the backend
 * @max: connections that it may have, or 0 for any number
 *
 * Exact on any number of CPUs: who gets past @max goes back.
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
 * Return: true if it was the last one.
 */
static inline bool nf_vip_load_end(struct nf_vip_load *load)
{
	return atomic_dec_and_test(&load->live);
}

#endif /* NF_VIP_LOAD_H */
