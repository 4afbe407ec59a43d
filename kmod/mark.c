// SPDX-License-Identifier: GPL-2.0
/*
 * The set of mark values is made anew by each transaction from the backends
 * that shall be: nothing to undo when it is refused.
 */
#include <linux/bitops.h>
#include <linux/minmax.h>
#include "mark.h"
#include "nf_vip_limits.h"

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

void nf_vip_marks_init(struct nf_vip_marks *marks, u32 mask, u32 next)
{
	xa_init_flags(&marks->used, XA_FLAGS_ALLOC | XA_FLAGS_ACCOUNT);
	marks->mask = mask;
	marks->next = next;
}

void nf_vip_marks_destroy(struct nf_vip_marks *marks)
{
	xa_destroy(&marks->used);
}

/* What stands in the set is of no interest: only that something does. */
static void *taken(void)
{
	return xa_mk_value(1);
}

int nf_vip_marks_claim(struct nf_vip_marks *marks, u32 mark)
{
	int err;

	if (!mark || (mark & ~marks->mask))
		return -ERANGE;

	err = xa_insert(&marks->used, nf_vip_mark_extract(mark, marks->mask), taken(),
			GFP_KERNEL);
	return err == -EBUSY ? -EEXIST : err;
}

int nf_vip_marks_assign(struct nf_vip_marks *marks, u32 *mark)
{
	u32 last = nf_vip_mark_extract(marks->mask, marks->mask);
	u32 index;
	int err;

	err = xa_alloc_cyclic(&marks->used, &index, taken(), XA_LIMIT(1, last),
			      &marks->next, GFP_KERNEL);
	if (err < 0)
		return err == -EBUSY ? -ENOSPC : err;

	*mark = nf_vip_mark_deposit(index, marks->mask);
	return 0;
}
