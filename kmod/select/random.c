// SPDX-License-Identifier: GPL-2.0
/* By chance, as the recipe's `statistic --mode random` does it. */
#include <linux/kernel.h>
#include <linux/random.h>
#include "select/interleave.h"
#include "select/scheduler.h"
#include "select/select.h"

static u32 random_pick(const struct nf_vip_selection *sel, const struct nf_conntrack_tuple *tuple)
{
	return reciprocal_scale(get_random_u32(), sel->nr_slots);
}

const struct nf_vip_scheduler_ops nf_vip_random_ops = {
	.by_chance	= true,
	.slots		= nf_vip_shares_slots,
	.fill		= nf_vip_interleave_fill,
	.pick		= random_pick,
};
