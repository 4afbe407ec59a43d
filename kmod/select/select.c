// SPDX-License-Identifier: GPL-2.0
/*
 * Building and reading selection tables: which backends may be chosen, in which
 * order, and by which mark. The scheduler says what the slots are, and which
 * slot comes next.
 */
#include <linux/hash.h>
#include <linux/indirect_call_wrapper.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include "select/persist.h"
#include "select/scheduler.h"
#include "select/select.h"
#include "select/table.h"

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

/* The shares of the targets of a tier, or of all with tier 0, in a service with @all backends. */
static struct nf_vip_shares shares_of(const struct nf_vip_target *targets, unsigned int nr,
				      u8 tier, unsigned int all)
{
	struct nf_vip_shares shares = { .all = all };
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!tier || targets[i].tier == tier)
			nf_vip_shares_add(&shares, targets[i].weight);
	return shares;
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
 * While some backend warms up, all weights are multiplied as far as the table
 * has room, so that the smallest weights can grow in steps as well.
 */
static void scale_warm(struct nf_vip_target *targets, unsigned int nr)
{
	struct nf_vip_shares shares = shares_of(targets, nr, 0, nr);
	unsigned int i;
	bool warm = true;
	u32 steps;

	for (i = 0; i < nr; i++)
		warm &= targets[i].warm == NF_VIP_WARM_FULL;
	if (warm)
		return;

	steps = clamp_t(u32, NF_VIP_SLOTS_MAX / nf_vip_shares_slots(&shares), 1, NF_VIP_WARM_FULL);
	for (i = 0; i < nr; i++) {
		u32 weight = targets[i].weight / shares.weights.divisor * steps * targets[i].warm;

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
	/*
	 * Twice the room: the hash is at most half full, so that every search
	 * ends at a free place.
	 */
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

/* Copies the targets by tier, and within each tier in their order. */
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

static void count_slots(struct nf_vip_selection *sel)
{
	u32 i;

	for (i = 0; i < sel->nr_slots; i++)
		sel->targets[sel->slots[i]].slots++;
}

struct nf_vip_selection *
nf_vip_selection_make(struct nf_vip_target *targets, unsigned int nr,
		      const struct nf_vip_service_spec *svc)
{
	const struct nf_vip_scheduler_ops *ops = nf_vip_scheduler_ops(svc->policy.scheduler);
	struct nf_vip_shares shares = shares_of(targets, nr, 0, nr);
	struct nf_vip_selection *sel;
	unsigned int all = nr;

	if (!nf_vip_weights_fit(&shares.weights, svc->policy.scheduler))
		return ERR_PTR(-E2BIG);

	nr = keep_usable(targets, nr);
	scale_warm(targets, nr);
	shares = shares_of(targets, nr, best_tier(targets, nr), all);
	sel = selection_alloc(ops->slots(&shares), nr);
	if (!sel)
		return ERR_PTR(-ENOMEM);

	sel->policy = svc->policy;
	sel->ops = ops;
	fill_targets(sel, targets);
	fill_marks(sel);
	if (sel->nr_slots && ops->fill(sel)) {
		kvfree(sel);
		return ERR_PTR(-ENOMEM);
	}
	count_slots(sel);
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

u32 nf_vip_selection_pick(const struct nf_vip_selection *sel,
			  const struct nf_conntrack_tuple *tuple)
{
	/* Nearly every service has the scheduler nth: a direct call costs less. */
	return INDIRECT_CALL_1(sel->ops->pick, nf_vip_nth_pick, sel, tuple);
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
