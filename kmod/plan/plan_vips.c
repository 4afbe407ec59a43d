// SPDX-License-Identifier: GPL-2.0
/* Does each VIP belong to one service, and if not, which service is to blame? */
#include "plan/format.h"
#include "plan/plan.h"

int nf_vip_plan_check_entries(struct nf_vip_plan *plan, unsigned int *nr)
{
	const struct nf_vip_plan_service *service;
	unsigned int sum = *nr;

	/* 65536 services of the largest kind do not overflow @sum. */
	list_for_each_entry(service, &plan->services, node)
		sum += nf_vip_entries(&service->spec);
	*nr = sum;
	if (sum <= NF_VIP_ENTRIES_MAX)
		return 0;
	return nf_vip_plan_refuse(plan, 0, -E2BIG, "the port ranges need more than %d entries",
				  NF_VIP_ENTRIES_MAX);
}

static int refuse_match(struct nf_vip_plan *plan, const struct nf_vip_plan_service *service,
			unsigned int i)
{
	bool range = nf_vip_match_is_range(&service->spec.matches[i]);

	return nf_vip_plan_refuse(plan, service->line, -EEXIST,
				  "service \"%s\": another service has %s%s and the same dev",
				  service->name, range ? "ports of " : "",
				  NF_VIP_MATCH(&service->spec, i));
}

/*
 * Services that the text does not state had their VIPs before, so they come
 * first: blame the others.
 */
static int add_vips(struct nf_vip_plan *plan, bool stated)
{
	struct nf_vip_plan_service *service;
	unsigned int taken;
	int err;

	list_for_each_entry(service, &plan->services, node) {
		if (!!service->line != stated)
			continue;
		if (!plan->ops->add_vips(plan, service, &taken))
			return refuse_match(plan, service, taken);
		err = nf_vip_plan_step(plan);
		if (err)
			return err;
	}
	return 0;
}

int nf_vip_plan_add_vips(struct nf_vip_plan *plan)
{
	return add_vips(plan, false) ?: add_vips(plan, true);
}

/* The service of the plan that has an entry. */
static const struct nf_vip_plan_service *owner_of(const struct nf_vip_plan *plan,
						  unsigned int entry)
{
	const struct nf_vip_plan_service *service;

	list_for_each_entry(service, &plan->services, node)
		if (entry >= service->entry &&
		    entry < service->entry + nf_vip_entries(&service->spec))
			return service;
	return NULL;
}

/* Which range of a service has this port? */
static unsigned int range_with(const struct nf_vip_service_spec *spec,
			       const struct nf_vip_match *match)
{
	unsigned int i;

	for (i = 0; i + 1 < spec->nr_matches; i++) {
		const struct nf_vip_match *other = &spec->matches[i];

		if (match->first >= other->first && match->first <= other->last &&
		    nf_vip_match_is_range(other) &&
		    !memcmp(&match->addr, &other->addr, sizeof(match->addr)))
			break;
	}
	return i;
}

/* Of two services with the same port the one that was added later is to blame. */
int nf_vip_plan_check_ranges(struct nf_vip_plan *plan, const struct nf_vip_service_spec *spec,
			     unsigned int entry)
{
	const struct nf_vip_plan_service *service;
	unsigned int i, other;

	for (i = 0; i < spec->nr_matches; i++) {
		if (!nf_vip_match_is_range(&spec->matches[i]) ||
		    !plan->ops->find_range(plan, spec, &spec->matches[i], entry, &other))
			continue;
		if (other < entry)
			return refuse_match(plan, owner_of(plan, entry), i);
		service = owner_of(plan, other);
		return refuse_match(plan, service, range_with(&service->spec, &spec->matches[i]));
	}
	return 0;
}

int nf_vip_plan_check_overlaps(struct nf_vip_plan *plan)
{
	const struct nf_vip_plan_service *service;
	int err;

	list_for_each_entry(service, &plan->services, node) {
		err = nf_vip_plan_check_ranges(plan, &service->spec, service->entry) ?:
		      nf_vip_plan_step(plan);
		if (err)
			return err;
	}
	return 0;
}
