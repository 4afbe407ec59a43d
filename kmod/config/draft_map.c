// SPDX-License-Identifier: GPL-2.0
/*
 * The map of VIPs that a draft asks for, and who has what another wants.
 */
#include <linux/sched.h>
#include "config/draft.h"
#include "health/publish.h"
#include "objects/state.h"
#include "select/format.h"
#include "select/map.h"

static int refuse_match(struct nf_vip_draft *draft, const struct nf_vip_draft_service *service,
			unsigned int i)
{
	bool range = nf_vip_match_is_range(&service->spec.matches[i]);

	return nf_vip_draft_refuse(draft, service->line, -EEXIST,
				   "service \"%s\": another service has %s%s and the same dev",
				   service->name, range ? "ports of " : "",
				   NF_VIP_MATCH(&service->spec, i));
}

static int map_draft(struct nf_vip_draft *draft, struct nf_vip_map *map,
		     struct nf_vip_draft_service *service)
{
	struct nf_vip_entry *entry;
	unsigned int taken;

	entry = nf_vip_map_add(map, &service->spec, service->selection, &taken);
	if (!entry)
		return refuse_match(draft, service, taken);
	service->object->next_entry = entry;
	return 0;
}

/* Services that the text does not state had their VIPs before: blame the others. */
static int map_drafts(struct nf_vip_draft *draft, struct nf_vip_map *map, bool stated)
{
	struct nf_vip_draft_service *service;
	int err;

	list_for_each_entry(service, &draft->services, node) {
		if (!!service->line != stated)
			continue;
		err = map_draft(draft, map, service) ?: nf_vip_draft_step(draft);
		if (err)
			return err;
	}
	return 0;
}

/* The draft that has an entry of the map. */
static const struct nf_vip_draft_service *owner_of(const struct nf_vip_draft *draft,
						   const struct nf_vip_entry *entry)
{
	const struct nf_vip_draft_service *service;

	list_for_each_entry(service, &draft->services, node) {
		const struct nf_vip_entry *own = service->object->next_entry;

		if (entry >= own && entry < own + nf_vip_entries(&service->spec))
			return service;
	}
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
		    nf_vip_match_is_range(other) && nf_inet_addr_cmp(&match->addr, &other->addr))
			break;
	}
	return i;
}

/* Of two services with the same port the one that was added later is to blame. */
static int check_ranges(struct nf_vip_draft *draft, const struct nf_vip_map *map,
			const struct nf_vip_service_spec *spec, const struct nf_vip_entry *own)
{
	const struct nf_vip_draft_service *service;
	const struct nf_vip_entry *other;
	unsigned int i;

	for (i = 0; i < spec->nr_matches; i++) {
		other = nf_vip_map_overlap(map, spec, &spec->matches[i], own);
		if (!other)
			continue;
		if (other < own)
			return refuse_match(draft, owner_of(draft, own), i);
		service = owner_of(draft, other);
		return refuse_match(draft, service, range_with(&service->spec, &spec->matches[i]));
	}
	return 0;
}

static int check_overlaps(struct nf_vip_draft *draft, const struct nf_vip_map *map)
{
	const struct nf_vip_draft_service *service;
	const struct nf_vip_service *live;
	int err;

	list_for_each_entry(live, &draft->vn->services, node) {
		err = nf_vip_draft_keeps(draft, live) ?
		      check_ranges(draft, map, &live->spec, live->next_entry) : 0;
		if (!err)
			err = nf_vip_draft_step(draft);
		if (err)
			return err;
	}
	list_for_each_entry(service, &draft->services, node) {
		err = check_ranges(draft, map, &service->spec, service->object->next_entry);
		if (!err)
			err = nf_vip_draft_step(draft);
		if (err)
			return err;
	}
	return 0;
}

/* How large the map will be; 65536 services of the largest kind do not overflow it. */
static unsigned int count_entries(const struct nf_vip_draft *draft)
{
	const struct nf_vip_draft_service *service;
	const struct nf_vip_service *live;
	unsigned int nr = 0;

	list_for_each_entry(live, &draft->vn->services, node)
		if (nf_vip_draft_keeps(draft, live))
			nr += nf_vip_entries(&live->spec);
	list_for_each_entry(service, &draft->services, node)
		nr += nf_vip_entries(&service->spec);
	return nr;
}

int nf_vip_draft_map(struct nf_vip_draft *draft, struct nf_vip_map **result)
{
	unsigned int nr = count_entries(draft), taken;
	struct nf_vip_service *live;
	struct nf_vip_map *map;
	int err;

	if (nr > NF_VIP_ENTRIES_MAX)
		return nf_vip_draft_refuse(draft, 0, -E2BIG,
					   "the port ranges need more than %d entries",
					   NF_VIP_ENTRIES_MAX);
	map = nf_vip_map_alloc(nr);
	*result = map;
	if (!map)
		return nf_vip_draft_no_memory(draft);

	list_for_each_entry(live, &draft->vn->services, node) {
		if (nf_vip_draft_keeps(draft, live))
			live->next_entry = nf_vip_map_add(map, &live->spec,
							  nf_vip_selection_of(live), &taken);
		cond_resched();
	}
	err = map_drafts(draft, map, false);
	if (!err)
		err = map_drafts(draft, map, true);
	return err ?: check_overlaps(draft, map);
}
