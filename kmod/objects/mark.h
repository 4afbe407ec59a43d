/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mark values: which bits of ct->mark are ours, and which backend has which
 * value of these bits.
 */
#ifndef NF_VIP_MARK_H
#define NF_VIP_MARK_H

#include <linux/rcupdate.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct nf_vip_backend;

/* Bits of ct->mark that are ours; set once at load, never 0. */
extern u32 nf_vip_mark_mask;

/**
 * nf_vip_mark_deposit() - the index-th value of a mask
 * @index: 0 to the mask's number of values less 1; higher bits are lost
 * @mask: bits that the value may have
 *
 * Return: @index with its bits spread over the bits of @mask, lowest first.
 */
u32 nf_vip_mark_deposit(u32 index, u32 mask);

/**
 * nf_vip_mark_extract() - the reverse of nf_vip_mark_deposit()
 * @mark: value within @mask
 * @mask: bits that the value may have
 */
u32 nf_vip_mark_extract(u32 mark, u32 mask);

/**
 * struct nf_vip_marks - the mark values in use, and their backends
 * @used: backend of each value in use, by its index in @mask
 * @mask: bits that values may have
 * @next: index where the search for a free value goes on
 * @rcu: frees the set after its readers
 *
 * A transaction makes a new set; packets find backends in the published one.
 */
struct nf_vip_marks {
	struct xarray used;
	u32 mask;
	u32 next;
	struct rcu_head rcu;
};

/**
 * nf_vip_marks_alloc() - a set in which no value is in use
 * @mask: bits that values may have, not 0
 * @next: index where the search begins: nf_vip_marks.next of the transaction
 *	before
 *
 * Context: process, may sleep.
 * Return: the set, which the caller owns, or NULL.
 */
struct nf_vip_marks *nf_vip_marks_alloc(u32 mask, u32 next);

/**
 * nf_vip_marks_free() - free a set after a grace period
 * @marks: set that is published no more, or NULL
 *
 * A packet that still reads the set finds a backend in it, or none.
 */
void nf_vip_marks_free(struct nf_vip_marks *marks);

/**
 * nf_vip_marks_claim() - take a value that was asked for
 * @marks: set
 * @mark: value, host byte order
 * @backend: backend that gets the value
 *
 * Context: process, may sleep.
 * Return: 0, -ERANGE (0, or not within the mask), -EEXIST (in use), -ENOMEM.
 */
int nf_vip_marks_claim(struct nf_vip_marks *marks, u32 mark, struct nf_vip_backend *backend);

/**
 * nf_vip_marks_assign() - take a free value
 * @marks: set
 * @mark: the value, host byte order
 * @backend: backend that gets the value
 *
 * The search is cyclic, so that the value of a backend that was just deleted,
 * which connections may still carry, is the last to be given again.
 *
 * Context: process, may sleep.
 * Return: 0, -ENOSPC (all in use), -ENOMEM.
 */
int nf_vip_marks_assign(struct nf_vip_marks *marks, u32 *mark, struct nf_vip_backend *backend);

/**
 * nf_vip_marks_release() - give a value back
 * @marks: set, which packets may read
 * @mark: value that was claimed or assigned
 *
 * Context: process.
 */
void nf_vip_marks_release(struct nf_vip_marks *marks, u32 mark);

/**
 * nf_vip_marks_find() - backend of a mark
 * @marks: set
 * @mark: value of a connection's mark within the mask, host byte order
 *
 * Context: any, under rcu_read_lock().
 * Return: a backend that lives for a grace period, or NULL.
 */
struct nf_vip_backend *nf_vip_marks_find(const struct nf_vip_marks *marks, u32 mark);

#endif /* NF_VIP_MARK_H */
