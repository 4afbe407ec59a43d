// SPDX-License-Identifier: GPL-2.0
/*
 * Building and reading selection tables.
 *
 * Interleaving: the k-th of a backend's w connections in a round of n belongs
 * at (k + 1/2) * n / w, the middle of its k-th share, as in stride scheduling
 * (Waldspurger and Weihl, MIT/LCS/TM-528, 1995). Sorting those places gives
 * each backend exactly w slots. A counting sort does it in O(n).
 */
#include <linux/gcd.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/random.h>
#include <linux/slab.h>
#include "select.h"

/* Place of the k-th connection of a backend with this weight in a round. */
static u32 place(u32 k, u32 weight, u32 round)
{
	return div_u64((2 * (u64)k + 1) * round, 2 * weight);
}

/* first[p] becomes the number of connections whose place is before p. */
static void count_places(u32 *first, const struct nf_vip_selection *sel, u32 divisor)
{
	u32 i, k, sum = 0;

	for (i = 0; i < sel->nr_targets; i++) {
		u32 weight = sel->targets[i].weight / divisor;

		for (k = 0; k < weight; k++)
			first[place(k, weight, sel->nr_slots)]++;
	}

	for (i = 0; i < sel->nr_slots; i++) {
		u32 here = first[i];

		first[i] = sum;
		sum += here;
	}
}

static int fill_slots(struct nf_vip_selection *sel, u32 divisor)
{
	u32 *first, i, k;

	first = kvcalloc(sel->nr_slots, sizeof(*first), GFP_KERNEL_ACCOUNT);
	if (!first)
		return -ENOMEM;

	count_places(first, sel, divisor);
	for (i = 0; i < sel->nr_targets; i++) {
		u32 weight = sel->targets[i].weight / divisor;

		for (k = 0; k < weight; k++)
			sel->slots[first[place(k, weight, sel->nr_slots)]++] = i;
	}
	kvfree(first);
	return 0;
}

static void fill_marks(struct nf_vip_selection *sel)
{
	u32 mask = BIT(sel->mark_bits) - 1;
	u32 i, at;

	for (i = 0; i < sel->nr_targets; i++) {
		at = hash_32(sel->targets[i].mark, sel->mark_bits);
		while (sel->by_mark[at])
			at = (at + 1) & mask;
		sel->by_mark[at] = i + 1;
	}
}

/* Slots of a table of these targets, and the divisor of their weights. */
static u32 count_slots(const struct nf_vip_target *targets, unsigned int nr, u32 *divisor)
{
	unsigned long common = 0;
	unsigned int i;
	u32 sum = 0;

	/* 4096 backends of weight 1000: the sum fits in 32 bits. */
	for (i = 0; i < nr; i++) {
		common = gcd(common, targets[i].weight);
		sum += targets[i].weight;
	}
	*divisor = common ?: 1;
	return sum / *divisor;
}

/* Moves the targets that may be chosen to the front; returns how many. */
static unsigned int keep_usable(struct nf_vip_target *targets, unsigned int nr)
{
	unsigned int i, usable = 0;

	for (i = 0; i < nr; i++)
		if (targets[i].usable && targets[i].weight)
			targets[usable++] = targets[i];
	return usable;
}

static struct nf_vip_selection *selection_alloc(u32 nr_slots, unsigned int nr_targets)
{
	/* Twice the room: the hash is at most half full and has a free end. */
	u8 mark_bits = order_base_2(2 * nr_targets + 2);
	struct nf_vip_selection *sel;
	size_t targets_at, marks_at;

	targets_at = ALIGN(struct_size(sel, slots, nr_slots), __alignof__(*sel->targets));
	marks_at = targets_at + nr_targets * sizeof(*sel->targets);
	sel = kvzalloc(marks_at + (sizeof(*sel->by_mark) << mark_bits), GFP_KERNEL_ACCOUNT);
	if (!sel)
		return NULL;

	sel->nr_slots = nr_slots;
	sel->nr_targets = nr_targets;
	sel->mark_bits = mark_bits;
	sel->targets = (void *)sel + targets_at;
	sel->by_mark = (void *)sel + marks_at;
	return sel;
}

struct nf_vip_selection *
nf_vip_selection_make(struct nf_vip_target *targets, unsigned int nr,
		      enum nf_vip_scheduler scheduler)
{
	struct nf_vip_selection *sel;
	u32 nr_slots, divisor;

	if (count_slots(targets, nr, &divisor) > NF_VIP_SLOTS_MAX)
		return ERR_PTR(-E2BIG);

	nr = keep_usable(targets, nr);
	nr_slots = count_slots(targets, nr, &divisor);
	sel = selection_alloc(nr_slots, nr);
	if (!sel)
		return ERR_PTR(-ENOMEM);

	sel->scheduler = scheduler;
	memcpy(sel->targets, targets, nr * sizeof(*targets));
	fill_marks(sel);
	if (nr_slots && fill_slots(sel, divisor)) {
		kvfree(sel);
		return ERR_PTR(-ENOMEM);
	}
	return sel;
}

void nf_vip_selection_free(struct nf_vip_selection *sel)
{
	kvfree(sel);
}

void nf_vip_selection_retire(struct nf_vip_selection *sel)
{
	if (sel)
		kvfree_rcu(sel, rcu);
}

u32 nf_vip_selection_pick(const struct nf_vip_selection *sel)
{
	u64 turn;
	u32 slot;

	if (sel->scheduler == NF_VIP_SCHED_RANDOM)
		return reciprocal_scale(get_random_u32(), sel->nr_slots);

	/* 64 bits: at a billion a second the count wraps after 584 years. */
	turn = atomic64_inc_return_relaxed(&sel->cursor->next) - 1;
	div_u64_rem(turn, sel->nr_slots, &slot);
	return slot;
}

const struct nf_vip_target *
nf_vip_selection_marked(const struct nf_vip_selection *sel, u32 mark)
{
	u32 mask = BIT(sel->mark_bits) - 1;
	u32 at = hash_32(mark, sel->mark_bits);

	while (sel->by_mark[at]) {
		const struct nf_vip_target *target = &sel->targets[sel->by_mark[at] - 1];

		if (target->mark == mark)
			return target;
		at = (at + 1) & mask;
	}
	return NULL;
}
