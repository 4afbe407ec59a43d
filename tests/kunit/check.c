// SPDX-License-Identifier: GPL-2.0
/*
 * What must hold between any two transactions, whatever they said.
 */
#include <net/netfilter/nf_conntrack_tuple.h>
#include "fixture.h"
#include "health/condition.h"
#include "health/usable.h"
#include "objects/ejection.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "select/map.h"
#include "select/select.h"

static unsigned int length(const struct list_head *list)
{
	const struct list_head *at;
	unsigned int nr = 0;

	list_for_each(at, list)
		nr++;
	return nr;
}

static void check_condition(struct kunit *test, const struct nf_vip_backend *backend)
{
	const struct nf_vip_condition *condition = backend->condition;
	const struct nf_vip_backend *flagged;
	unsigned int found = 0;

	if (!condition) {
		KUNIT_EXPECT_STREQ(test, "", backend->spec.condition);
		KUNIT_EXPECT_TRUE(test, list_empty(&backend->flagged));
		return;
	}

	KUNIT_EXPECT_STREQ(test, condition->name, backend->spec.condition);
	list_for_each_entry(flagged, &condition->backends, flagged)
		found += flagged == backend;
	KUNIT_EXPECT_EQ(test, 1, found);
}

/* A backend is in the selection if it may be chosen, and as it is now. */
static bool check_backend(struct kunit *test, const struct nf_vip_selection *sel,
			  const struct nf_vip_backend *backend)
{
	const struct nf_vip_target *target = nf_vip_selection_marked(sel, backend->spec.mark);
	bool usable = nf_vip_usable(&backend->spec, backend->up, backend->condition,
				    nf_vip_is_ejected(backend));

	KUNIT_EXPECT_EQ(test, usable, !!target);
	if (!target)
		return usable;

	KUNIT_EXPECT_MEMEQ(test, &target->addr, &backend->spec.addr, sizeof(target->addr));
	KUNIT_EXPECT_EQ(test, target->port, nf_vip_backend_port(backend));
	KUNIT_EXPECT_EQ(test, target->weight, backend->spec.weight);
	KUNIT_EXPECT_EQ(test, target->tier, backend->spec.tier);
	KUNIT_EXPECT_EQ(test, target->max_conns, backend->spec.max_conns);
	KUNIT_EXPECT_PTR_EQ(test, target->load, backend->load);
	KUNIT_EXPECT_PTR_EQ(test, target->stats, backend->stats);
	return usable;
}

/* Nobody else has it, and packets find its backend by it. */
static void check_mark(struct kunit *test, const struct nf_vip_net *vn,
		       struct nf_vip_backend *backend, struct nf_vip_marks *marks)
{
	const struct nf_vip_marks *live = rcu_dereference_protected(vn->marks,
								    lockdep_is_held(&vn->lock));
	u32 mark = backend->spec.mark;

	KUNIT_EXPECT_EQ(test, 0, nf_vip_marks_claim(marks, mark, backend));
	rcu_read_lock();
	KUNIT_EXPECT_PTR_EQ(test, backend, nf_vip_marks_find(live, mark));
	rcu_read_unlock();
}

static void check_backends(struct kunit *test, struct nf_vip_service *service,
			   const struct nf_vip_selection *sel, struct nf_vip_marks *marks)
{
	struct nf_vip_backend *backend;
	unsigned int usable = 0;

	list_for_each_entry(backend, &service->backends, node) {
		KUNIT_EXPECT_PTR_EQ(test, service, backend->service);
		KUNIT_EXPECT_PTR_EQ(test, backend,
				    nf_vip_backend_find(service, nf_vip_backend_name(backend)));
		KUNIT_EXPECT_EQ(test, service->spec.family, backend->spec.family);
		check_mark(test, service->vn, backend, marks);
		check_condition(test, backend);
		usable += check_backend(test, sel, backend);
	}
	list_for_each_entry(backend, &service->leaving, node) {
		KUNIT_EXPECT_TRUE(test, backend->leaving);
		KUNIT_EXPECT_NULL(test, backend->condition);
		KUNIT_EXPECT_NULL(test, nf_vip_selection_marked(sel, backend->spec.mark));
		check_mark(test, service->vn, backend, marks);
	}
	KUNIT_EXPECT_EQ(test, length(&service->leaving), service->nr_leaving);
	KUNIT_EXPECT_EQ(test, length(&service->backends), service->nr_backends);
	KUNIT_EXPECT_EQ(test, usable, service->nr_usable);
	KUNIT_EXPECT_EQ(test, usable, sel->nr_targets);
}

/* Is the first port of a match in the map? */
static void check_match(struct kunit *test, const struct nf_vip_map *map,
			const struct nf_vip_service *service, const struct nf_vip_match *match)
{
	const struct nf_vip_service_spec *spec = &service->spec;
	struct nf_conntrack_tuple tuple = {};

	tuple.src.l3num = spec->family;
	tuple.dst.protonum = spec->proto;
	tuple.dst.u.all = htons(match->first);
	tuple.dst.u3 = match->addr;
	KUNIT_EXPECT_TRUE(test, nf_vip_map_covers(map, &tuple));
}

/* Returns whether there is an entry to go on with. */
static bool check_entry(struct kunit *test, const struct nf_vip_map *map,
			const struct nf_vip_service *service)
{
	const struct nf_vip_entry *entry = service->entry;
	unsigned int i;

	/* No assertion: it would leave with the lock held. */
	if (!map || entry < map->entries ||
	    entry + service->nr_entries > map->entries + map->nr) {
		KUNIT_FAIL(test, "%s: not in the published map\n", nf_vip_service_name(service));
		return false;
	}
	KUNIT_EXPECT_EQ(test, nf_vip_entries(&service->spec), service->nr_entries);
	for (i = 0; i < service->nr_entries; i++) {
		KUNIT_EXPECT_STREQ(test, service->spec.dev, entry[i].dev);
		KUNIT_EXPECT_TRUE(test, rcu_access_pointer(entry[i].selection) ==
					rcu_access_pointer(entry->selection));
	}
	for (i = 0; i < service->spec.nr_matches; i++)
		check_match(test, map, service, &service->spec.matches[i]);
	return true;
}

static void check_service(struct kunit *test, const struct nf_vip_net *vn,
			  struct nf_vip_service *service, struct nf_vip_marks *marks)
{
	const struct nf_vip_selection *sel;

	KUNIT_EXPECT_PTR_EQ(test, service,
			    nf_vip_service_find(service->vn, nf_vip_service_name(service)));
	KUNIT_EXPECT_NULL(test, service->draft);
	KUNIT_EXPECT_NULL(test, service->pending);
	if (!check_entry(test, rcu_dereference_protected(vn->map, lockdep_is_held(&vn->lock)),
			 service))
		return;

	sel = rcu_dereference_protected(service->entry->selection, lockdep_is_held(&vn->lock));
	KUNIT_EXPECT_EQ(test, service->spec.policy.scheduler, sel->policy.scheduler);
	KUNIT_EXPECT_EQ(test, service->spec.on_empty, sel->on_empty);
	KUNIT_EXPECT_PTR_EQ(test, service->cursor, sel->cursor);
	KUNIT_EXPECT_PTR_EQ(test, service->stats, sel->stats);
	check_backends(test, service, sel, marks);
}

static void check_services(struct kunit *test, const struct nf_vip_net *vn)
{
	const struct nf_vip_map *map = rcu_dereference_protected(vn->map,
								 lockdep_is_held(&vn->lock));
	struct nf_vip_service *service;
	struct nf_vip_marks *marks = nf_vip_marks_alloc(nf_vip_mark_mask, 0);
	u32 nr_entries = 0;

	KUNIT_EXPECT_NOT_NULL(test, marks);
	if (!marks)
		return;
	list_for_each_entry(service, &vn->services, node) {
		check_service(test, vn, service, marks);
		nr_entries += service->nr_entries;
	}
	nf_vip_marks_free(marks);

	KUNIT_EXPECT_EQ(test, length(&vn->services), vn->nr_services);
	KUNIT_EXPECT_EQ(test, nr_entries, map ? map->nr : 0);
}

void nf_vip_test_check(struct kunit *test)
{
	struct nf_vip_net *vn = nf_vip_test_net();
	const struct nf_vip_condition *condition;

	mutex_lock(&vn->lock);
	check_services(test, vn);
	list_for_each_entry(condition, &vn->conditions, node) {
		KUNIT_EXPECT_NE(test, 0, condition->users);
		KUNIT_EXPECT_EQ(test, length(&condition->backends), condition->users);
		KUNIT_EXPECT_NOT_NULL(test, condition->file);
	}
	mutex_unlock(&vn->lock);
}
