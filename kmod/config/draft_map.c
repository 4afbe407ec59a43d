// SPDX-License-Identifier: GPL-2.0
/* Keeps the VIPs of a plan in the next map, with those of services that the plan leaves alone. */
#include <linux/sched.h>
#include "config/draft.h"
#include "health/publish.h"
#include "select/map.h"

bool nf_vip_draft_add_vips(struct nf_vip_plan *plan, struct nf_vip_plan_service *base,
			   unsigned int *taken)
{
	struct nf_vip_draft_service *service;
	struct nf_vip_map *map = nf_vip_draft_of(plan)->map;
	struct nf_vip_entry *entry;

	service = container_of(base, struct nf_vip_draft_service, base);
	entry = nf_vip_map_add(map, &base->spec, service->selection, taken);
	if (!entry)
		return false;
	service->object->next_entry = entry;
	base->entry = entry - map->entries;
	return true;
}

bool nf_vip_draft_find_range(const struct nf_vip_plan *plan,
			     const struct nf_vip_service_spec *spec,
			     const struct nf_vip_match *range, unsigned int own,
			     unsigned int *found)
{
	const struct nf_vip_map *map = nf_vip_draft_of(plan)->map;
	const struct nf_vip_entry *entry;

	entry = nf_vip_map_overlap(map, spec, range, &map->entries[own]);
	if (!entry)
		return false;
	*found = entry - map->entries;
	return true;
}

static int check_overlaps(struct nf_vip_draft *draft)
{
	struct nf_vip_plan *plan = &draft->plan;
	const struct nf_vip_service *live;
	int err;

	list_for_each_entry(live, &draft->vn->services, node) {
		err = 0;
		if (nf_vip_draft_keeps(draft, live))
			err = nf_vip_plan_check_ranges(plan, &live->spec,
						       live->next_entry - draft->map->entries);
		if (!err)
			err = nf_vip_plan_step(plan);
		if (err)
			return err;
	}
	return nf_vip_plan_check_overlaps(plan);
}

static unsigned int count_kept(const struct nf_vip_draft *draft)
{
	const struct nf_vip_service *live;
	unsigned int nr = 0;

	list_for_each_entry(live, &draft->vn->services, node)
		if (nf_vip_draft_keeps(draft, live))
			nr += nf_vip_entries(&live->spec);
	return nr;
}

static void add_kept(struct nf_vip_draft *draft)
{
	struct nf_vip_service *live;
	unsigned int taken;

	list_for_each_entry(live, &draft->vn->services, node) {
		if (nf_vip_draft_keeps(draft, live))
			live->next_entry = nf_vip_map_add(draft->map, &live->spec,
							  nf_vip_selection_of(live), &taken);
		cond_resched();
	}
}

int nf_vip_draft_map(struct nf_vip_draft *draft, struct nf_vip_map **result)
{
	unsigned int nr = count_kept(draft);
	int err;

	err = nf_vip_plan_check_entries(&draft->plan, &nr);
	if (err)
		return err;
	draft->map = nf_vip_map_alloc(nr);
	*result = draft->map;
	if (!draft->map)
		return nf_vip_plan_no_memory(&draft->plan);
	add_kept(draft);
	err = nf_vip_plan_add_vips(&draft->plan);
	return err ?: check_overlaps(draft);
}
