// SPDX-License-Identifier: GPL-2.0
/*
 * Each transaction makes a new set of mark values from the backends that shall
 * be: a transaction that is refused leaves nothing to undo.
 */
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include "nf_vip_limits.h"
#include "objects/mark.h"

u32 nf_vip_mark_mask __ro_after_init = NF_VIP_DEFAULT_MARK_MASK;

u32 nf_vip_mark_deposit(u32 index, u32 mask)
{
	u32 mark = 0;

	for (; mask; mask &= mask - 1, index >>= 1)
		if (index & 1)
			mark |= mask & -mask;
	return mark;
}

u32 nf_vip_mark_extract(u32 mark, u32 mask)
{
	u32 index = 0, bit;

	for (bit = 1; mask; mask &= mask - 1, bit <<= 1)
		if (mark & mask & -mask)
			index |= bit;
	return index;
}

struct nf_vip_marks *nf_vip_marks_alloc(u32 mask, u32 next)
{
	struct nf_vip_marks *marks = kzalloc(sizeof(*marks), GFP_KERNEL_ACCOUNT);

	if (!marks)
		return NULL;
	xa_init_flags(&marks->used, XA_FLAGS_ALLOC | XA_FLAGS_ACCOUNT);
	marks->mask = mask;
	marks->next = next;
	return marks;
}

void nf_vip_marks_free(struct nf_vip_marks *marks)
{
	if (!marks)
		return;
	/* The nodes are freed after a grace period, too: see lib/radix-tree.c. */
	xa_destroy(&marks->used);
	kfree_rcu(marks, rcu);
}

int nf_vip_marks_claim(struct nf_vip_marks *marks, u32 mark, struct nf_vip_backend *backend)
{
	int err;

	if (!mark || (mark & ~marks->mask))
		return -ERANGE;

	err = xa_insert(&marks->used, nf_vip_mark_extract(mark, marks->mask), backend,
			GFP_KERNEL);
	return err == -EBUSY ? -EEXIST : err;
}

int nf_vip_marks_assign(struct nf_vip_marks *marks, u32 *mark, struct nf_vip_backend *backend)
{
	u32 last = nf_vip_mark_extract(marks->mask, marks->mask);
	u32 index;
	int err;

	err = xa_alloc_cyclic(&marks->used, &index, backend, XA_LIMIT(1, last),
			      &marks->next, GFP_KERNEL);
	if (err < 0)
		return err == -EBUSY ? -ENOSPC : err;

	*mark = nf_vip_mark_deposit(index, marks->mask);
	return 0;
}

void nf_vip_marks_release(struct nf_vip_marks *marks, u32 mark)
{
	xa_erase(&marks->used, nf_vip_mark_extract(mark, marks->mask));
}

struct nf_vip_backend *nf_vip_marks_find(const struct nf_vip_marks *marks, u32 mark)
{
	/* xa_load() locks nothing and changes nothing; it only lacks the const. */
	return xa_load((struct xarray *)&marks->used, nf_vip_mark_extract(mark, marks->mask));
}
