// SPDX-License-Identifier: GPL-2.0
/* Every backend in turn, as often as its weight says. */
#include <linux/math64.h>
#include "select/interleave.h"
#include "select/scheduler.h"
#include "select/select.h"

u32 nf_vip_nth_pick(const struct nf_vip_selection *sel, const struct nf_conntrack_tuple *tuple)
{
	u64 turn;
	u32 slot;

	/* 64 bits: at a billion a second the count wraps after 584 years. */
	turn = atomic64_inc_return_relaxed(&sel->cursor->next) - 1;
	div_u64_rem(turn, sel->nr_slots, &slot);
	return slot;
}

const struct nf_vip_scheduler_ops nf_vip_nth_ops = {
	.slots	= nf_vip_shares_slots,
	.fill	= nf_vip_interleave_fill,
	.pick	= nf_vip_nth_pick,
};
