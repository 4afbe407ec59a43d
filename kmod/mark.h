/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mark values: which bits of ct->mark are ours, and which backend has which
 * value of them.
 */
#ifndef NF_VIP_MARK_H
#define NF_VIP_MARK_H

#include <linux/types.h>
#include <linux/xarray.h>

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
 * struct nf_vip_marks - the values in use, as one transaction sees them
 * @used: index in @mask of each value in use
 * @mask: bits that values may have
 * @next: index where the search for a free value goes on
 */
struct nf_vip_marks {
	struct xarray used;
	u32 mask;
	u32 next;
};

/**
 * nf_vip_marks_init() - no value is in use
 * @marks: set up; nf_vip_marks_destroy() ends it
 * @mask: bits that values may have, not 0
 * @next: where to begin, as nf_vip_marks.next of the transaction before
 */
void nf_vip_marks_init(struct nf_vip_marks *marks, u32 mask, u32 next);

/**
 * nf_vip_marks_destroy() - free what the set needed
 * @marks: set
 */
void nf_vip_marks_destroy(struct nf_vip_marks *marks);

/**
 * nf_vip_marks_claim() - take a value that was asked for
 * @marks: set
 * @mark: value, host byte order
 *
 * Context: process, may sleep.
 * Return: 0, -ERANGE (0, or not within the mask), -EEXIST (in use), -ENOMEM.
 */
int nf_vip_marks_claim(struct nf_vip_marks *marks, u32 mark);

/**
 * nf_vip_marks_assign() - take a free value
 * @marks: set
 * @mark: the value, host byte order
 *
 * The search is cyclic, so that the value of a backend that was just deleted,
 * which connections may still carry, is the last to be given again.
 *
 * Context: process, may sleep.
 * Return: 0, -ENOSPC (all in use), -ENOMEM.
 */
int nf_vip_marks_assign(struct nf_vip_marks *marks, u32 *mark);

#endif /* NF_VIP_MARK_H */
