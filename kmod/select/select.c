// SPDX-License-Identifier: GPL-2.0
/*
 * Building and reading selection tables.
 *
 * Interleaving: the k-th of a backend's w connections in a round of n belongs
 * at (k + 1/2) * n / w, the middle of its k-th share, as in stride scheduling
 * (Waldspurger and Weihl, MIT/LCS/TM-528, 1995). Sorting those places gives
 * each backend exactly w slots. A counting sort does it in O(n).
 *
 * The scheduler least compares (connections + 1) / weight, as weighted least
 * connections does everywhere, and takes turns where that is equal.
 */
#include <linux/gcd.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/random.h>
#include <linux/slab.h>
#include "select/load.h"
#include "select/maglev.h"
#include "select/persist.h"
#include "select/select.h"
#include "select/table.h"

/* Place of the k-th connection of a backend with this weight in a round. */
static u32 place(u32 k, u32 weight, u32 round)
{
	return div_u64((2 * (u64)k + 1) * round, 2 * weight);
}

/* first[p] becomes the number of connections whose place is before p. */
static void count_places(u32 *first, const struct nf_vip_selection *sel, u32 divisor)
{
	u32 i, k, sum = 0;

	for (i = 0; i < sel->nr_best; i++) {
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
	for (i = 0; i < sel->nr_best; i++) {
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

	for (i = 0; i < sel->nr_best; i++) {
		at = hash_32(sel->targets[i].mark, sel->mark_bits);
		while (sel->by_mark[at])
			at = (at + 1) & mask;
		sel->by_mark[at] = i + 1;
	}
}

/* Slots of a table of the targets of a tier, or with 0 of all, and the divisor of their weights. */
static u32 count_slots(const struct nf_vip_target *targets, unsigned int nr, u8 tier,
		       u32 *divisor)
{
	unsigned long common = 0;
	unsigned int i;
	u32 sum = 0;

	/* 4096 backends of weight 1000, times 16 steps: the sum fits in 32 bits. */
	for (i = 0; i < nr; i++) {
		if (tier && targets[i].tier != tier)
			continue;
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

/*
 * While some are warming up, all weights are multiplied, so that the smallest
 * ones can grow in steps as well; as far as the table has room for that.
 */
static void scale_warm(struct nf_vip_target *targets, unsigned int nr)
{
	u32 divisor, steps, slots = count_slots(targets, nr, 0, &divisor);
	unsigned int i;
	bool warm = true;

	for (i = 0; i < nr; i++)
		warm &= targets[i].warm == NF_VIP_WARM_FULL;
	if (warm)
		return;

	steps = clamp_t(u32, NF_VIP_SLOTS_MAX / slots, 1, NF_VIP_WARM_FULL);
	for (i = 0; i < nr; i++) {
		u32 weight = targets[i].weight / divisor * steps * targets[i].warm;

		targets[i].weight = max_t(u32, weight / NF_VIP_WARM_FULL, 1);
	}
}

static u8 best_tier(const struct nf_vip_target *targets, unsigned int nr)
{
	unsigned int i;
	u8 tier = NF_VIP_TIERS_MAX;

	for (i = 0; i < nr; i++)
		tier = min(tier, targets[i].tier);
	return tier;
}

static struct nf_vip_selection *selection_alloc(u32 nr_slots, unsigned int nr_targets)
{
	/* Twice the room: the hash is at most half full and has a free end. */
	u8 mark_bits = order_base_2(2 * nr_targets + 2);
	struct nf_vip_selection *sel;
	size_t targets_at, marks_at;

	targets_at = ALIGN(struct_size(sel, slots, nr_slots), __alignof__(*sel->targets));
	marks_at = targets_at + nr_targets * sizeof(*sel->targets);
	sel = kvzalloc(marks_at + (sizeof(*sel->by_mark) << mark_bits), NF_VIP_GFP_TABLE);
	if (!sel)
		return NULL;

	sel->nr_slots = nr_slots;
	sel->nr_targets = nr_targets;
	sel->mark_bits = mark_bits;
	sel->targets = (void *)sel + targets_at;
	sel->by_mark = (void *)sel + marks_at;
	return sel;
}

struct nf_vip_selection *nf_vip_selection_copy(const struct nf_vip_selection *sel)
{
	struct nf_vip_selection *copy = selection_alloc(sel->nr_slots, sel->nr_targets);
	struct nf_vip_target *targets;
	u16 *by_mark;

	if (!copy)
		return NULL;
	targets = copy->targets;
	by_mark = copy->by_mark;
	*copy = *sel;
	copy->targets = targets;
	copy->by_mark = by_mark;
	memcpy(copy->slots, sel->slots, sel->nr_slots * sizeof(*sel->slots));
	memcpy(targets, sel->targets, sel->nr_targets * sizeof(*targets));
	memcpy(by_mark, sel->by_mark, sizeof(*by_mark) << sel->mark_bits);
	return copy;
}

/* By tier, and in their order within each. */
static void fill_targets(struct nf_vip_selection *sel, const struct nf_vip_target *targets)
{
	unsigned int tier, i, at = 0;

	for (tier = 1; tier <= NF_VIP_TIERS_MAX; tier++) {
		for (i = 0; i < sel->nr_targets; i++) {
			if (targets[i].tier != tier)
				continue;
			sel->targets[at++] = targets[i];
			sel->capped |= targets[i].max_conns;
		}
		if (!sel->nr_best)
			sel->nr_best = at;
	}
}

/* What a slot stands for depends on the scheduler. */
static u32 slots_for(enum nf_vip_scheduler scheduler, const struct nf_vip_target *targets,
		     unsigned int nr, u32 *divisor)
{
	u8 tier = best_tier(targets, nr);
	u32 slots = count_slots(targets, nr, tier, divisor);
	unsigned int i;

	if (scheduler != NF_VIP_SCHED_LEAST)
		return slots;
	for (slots = 0, i = 0; i < nr; i++)
		slots += targets[i].tier == tier;
	return slots;
}

static int fill(struct nf_vip_selection *sel, u32 divisor)
{
	u32 i;

	switch (sel->scheduler) {
	case NF_VIP_SCHED_HASH:
		return nf_vip_maglev_fill(sel->slots, sel->nr_slots, sel->targets, sel->nr_best,
					  sel->hash_seed);
	case NF_VIP_SCHED_LEAST:
		for (i = 0; i < sel->nr_slots; i++)
			sel->slots[i] = i;
		return 0;
	case NF_VIP_SCHED_NTH:
	case NF_VIP_SCHED_RANDOM:
		break;
	}
	return fill_slots(sel, divisor);
}

struct nf_vip_selection *
nf_vip_selection_make(struct nf_vip_target *targets, unsigned int nr,
		      const struct nf_vip_service_spec *svc)
{
	u32 nr_slots, divisor, maglev_size = nf_vip_maglev_size(nr);
	struct nf_vip_selection *sel;

	if (svc->scheduler != NF_VIP_SCHED_HASH &&
	    count_slots(targets, nr, 0, &divisor) > NF_VIP_SLOTS_MAX)
		return ERR_PTR(-E2BIG);

	nr = keep_usable(targets, nr);
	scale_warm(targets, nr);
	nr_slots = slots_for(svc->scheduler, targets, nr, &divisor);
	if (svc->scheduler == NF_VIP_SCHED_HASH && nr)
		nr_slots = maglev_size;
	sel = selection_alloc(nr_slots, nr);
	if (!sel)
		return ERR_PTR(-ENOMEM);

	sel->scheduler = svc->scheduler;
	sel->hash_key = svc->hash_key;
	sel->hash_seed = svc->hash_seed;
	fill_targets(sel, targets);
	fill_marks(sel);
	if (nr_slots && fill(sel, divisor)) {
		kvfree(sel);
		return ERR_PTR(-ENOMEM);
	}
	return sel;
}

void nf_vip_selection_free(struct nf_vip_selection *sel)
{
	if (sel)
		nf_vip_clients_put(sel->clients);
	kvfree(sel);
}

static void free_selection(struct rcu_head *rcu)
{
	kvfree(container_of(rcu, struct nf_vip_selection, rcu));
}

void nf_vip_selection_retire(struct nf_vip_selection *sel)
{
	if (!sel)
		return;
	nf_vip_clients_put(sel->clients);
	call_rcu(&sel->rcu, free_selection);
}

/* Position of the next connection in an endless round of the slots. */
static u32 next_turn(const struct nf_vip_selection *sel)
{
	u64 turn;
	u32 slot;

	/* 64 bits: at a billion a second the count wraps after 584 years. */
	turn = atomic64_inc_return_relaxed(&sel->cursor->next) - 1;
	div_u64_rem(turn, sel->nr_slots, &slot);
	return slot;
}

/* Connections that a target has for its weight, in a form that compares without dividing. */
static u64 load_of(const struct nf_vip_target *target, u32 other_weight)
{
	u32 live = nf_vip_load_expected(target->load);

	if (target->max_conns && live >= target->max_conns)
		return U64_MAX;
	return (live + 1ULL) * other_weight;
}

/*
 * Among so many that their loads fit into the nearest cache; of more, every
 * connection looks at others.
 */
static u32 pick_least(const struct nf_vip_selection *sel)
{
	u32 nr = min_t(u32, sel->nr_best, NF_VIP_LEAST_LOOK);
	u32 best = next_turn(sel), at = best;

	while (--nr) {
		const struct nf_vip_target *a, *b;

		if (++at == sel->nr_best)
			at = 0;
		a = &sel->targets[at];
		b = &sel->targets[best];
		if (load_of(a, b->weight) < load_of(b, a->weight))
			best = at;
	}
	return best;
}

u32 nf_vip_selection_pick(const struct nf_vip_selection *sel,
			  const struct nf_conntrack_tuple *tuple)
{
	switch (sel->scheduler) {
	case NF_VIP_SCHED_RANDOM:
		return reciprocal_scale(get_random_u32(), sel->nr_slots);
	case NF_VIP_SCHED_HASH:
		return nf_vip_maglev_slot(tuple, sel->hash_key, sel->hash_seed, sel->nr_slots);
	case NF_VIP_SCHED_LEAST:
		return pick_least(sel);
	case NF_VIP_SCHED_NTH:
		break;
	}
	return next_turn(sel);
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
