// SPDX-License-Identifier: GPL-2.0
#include "nf_vip_grammar.h"
#include "select/panic.h"
#include "select/select.h"

/* The first tier behind @behind with a backend that the administrator wants, or 0. */
static u8 next_tier(const struct nf_vip_target *targets, unsigned int nr, u8 behind)
{
	unsigned int i;
	u8 tier = 0;

	for (i = 0; i < nr; i++)
		if (targets[i].wanted && targets[i].tier > behind &&
		    (!tier || targets[i].tier < tier))
			tier = targets[i].tier;
	return tier;
}

static bool is_few(const struct nf_vip_target *targets, unsigned int nr, u8 tier, u32 percent)
{
	unsigned int i;
	u32 wanted = 0, alive = 0;

	for (i = 0; i < nr; i++) {
		if (targets[i].tier != tier)
			continue;
		wanted += targets[i].wanted;
		alive += targets[i].usable;
	}
	return alive * 100 < wanted * percent;
}

static void open(struct nf_vip_target *targets, unsigned int nr, u8 tier)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (targets[i].tier == tier)
			targets[i].usable = targets[i].wanted;
}

static void close_before(struct nf_vip_target *targets, unsigned int nr, u8 tier)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (targets[i].tier < tier)
			targets[i].usable = false;
}

/* If no backend may be chosen, those of unknown health are better than none. */
static bool use_unknown(struct nf_vip_target *targets, unsigned int nr)
{
	bool unknown = false;
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (targets[i].usable)
			return false;
	for (i = 0; i < nr; i++) {
		targets[i].usable = targets[i].wanted && targets[i].unknown;
		unknown |= targets[i].usable;
	}
	return unknown;
}

struct nf_vip_panic nf_vip_panic_apply(struct nf_vip_target *targets, unsigned int nr,
				       const struct nf_vip_service_spec *svc)
{
	struct nf_vip_panic panic = { .unknown = use_unknown(targets, nr) };
	u8 first = next_tier(targets, nr, 0), tier = first;

	if (!first || !is_few(targets, nr, first, svc->min_live))
		return panic;

	panic.too_few = true;
	switch (svc->on_few) {
	case NF_VIP_FEW_DROP:
	case NF_VIP_FEW_REJECT:
		close_before(targets, nr, NF_VIP_TIERS_MAX + 1);
		return panic;
	case NF_VIP_FEW_TIER:
		while (tier && is_few(targets, nr, tier, svc->min_live))
			tier = next_tier(targets, nr, tier);
		break;
	case NF_VIP_FEW_OPEN:
		tier = 0;
		break;
	}
	if (tier) {
		close_before(targets, nr, tier);
	} else {
		panic.open_tier = first;
		open(targets, nr, first);
	}
	return panic;
}
