// SPDX-License-Identifier: GPL-2.0
/*
 * The backend with the fewest connections for its weight: (connections + 1) / weight
 * is compared, as weighted least connections does everywhere. Backends that are
 * equal take turns.
 */
#include "select/load.h"
#include "select/scheduler.h"
#include "select/select.h"

/* One slot for each backend, whatever its weight. */
static u32 least_slots(const struct nf_vip_shares *shares)
{
	return shares->nr;
}

static int least_fill(struct nf_vip_selection *sel)
{
	u32 i;

	for (i = 0; i < sel->nr_slots; i++)
		sel->slots[i] = i;
	return 0;
}

/* Connections of a target for its weight, times both weights: this compares without a division. */
static u64 load_of(const struct nf_vip_target *target, u32 other_weight)
{
	u32 live = nf_vip_load_expected(target->load);

	if (target->max_conns && live >= target->max_conns)
		return U64_MAX;
	return (live + 1ULL) * other_weight;
}

/*
 * Compares only so many backends that their loads fit into the nearest cache;
 * if there are more, each connection looks at other ones.
 */
static u32 least_pick(const struct nf_vip_selection *sel, const struct nf_conntrack_tuple *tuple)
{
	u32 nr = min_t(u32, sel->nr_best, NF_VIP_LEAST_SCAN);
	u32 best = nf_vip_nth_pick(sel, tuple), at = best;

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

const struct nf_vip_scheduler_ops nf_vip_least_ops = {
	.slots	= least_slots,
	.fill	= least_fill,
	.pick	= least_pick,
};
