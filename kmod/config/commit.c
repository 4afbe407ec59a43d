// SPDX-License-Identifier: GPL-2.0
/*
 * The part of a transaction that cannot fail: it moves the objects, publishes
 * the map with one pointer, and destroys the deleted objects later.
 */
#include <linux/slab.h>
#include "config/text.h"
#include "config/tx.h"
#include "health/condition.h"
#include "health/down_action_sync.h"
#include "health/drain.h"
#include "health/eject.h"
#include "health/event.h"
#include "health/lease.h"
#include "health/removal.h"
#include "health/publish.h"
#include "health/sweep.h"
#include "health/upkeep.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/map.h"
#include "select/select.h"

static void put_condition(struct nf_vip_tx *tx, struct nf_vip_backend *backend)
{
	list_del_init(&backend->flagged);
	nf_vip_condition_put(backend->condition, &tx->conditions);
	backend->condition = NULL;
}

static void take_backend(struct nf_vip_tx *tx, struct nf_vip_backend *backend)
{
	nf_vip_down_action_forget(backend);
	nf_vip_drain_forget(backend);
	if (backend->leaving)
		nf_vip_removal_unlist(backend);
	else
		nf_vip_backend_unlink(backend);
	nf_vip_lease_drop(backend);
	put_condition(tx, backend);
	list_add_tail(&backend->node, &tx->backends);
}

static void take_backends(struct nf_vip_tx *tx, struct nf_vip_service *service)
{
	struct nf_vip_backend *backend, *next;

	list_for_each_entry_safe(backend, next, &service->backends, node)
		take_backend(tx, backend);
	list_for_each_entry_safe(backend, next, &service->leaving, node)
		take_backend(tx, backend);
}

/* A backend that is no longer in the configuration goes, or leaves if it may. */
static void dismiss_backend(struct nf_vip_tx *tx, struct nf_vip_backend *backend)
{
	struct nf_vip_backend_spec before = backend->spec;

	if (backend->becoming == NF_VIP_WILL_GO) {
		take_backend(tx, backend);
		return;
	}
	put_condition(tx, backend);
	nf_vip_removal_begin(backend);
	nf_vip_event_spec(backend, &before);
}

/*
 * Takes backends that were leaving and have to go now, because they were
 * forced, or for their mark.
 */
static void evict_leaving(struct nf_vip_tx *tx, struct nf_vip_service *service)
{
	struct nf_vip_backend *backend, *next;

	list_for_each_entry_safe(backend, next, &service->leaving, node)
		if (backend->becoming == NF_VIP_WILL_GO)
			take_backend(tx, backend);
}

static void take_service(struct nf_vip_tx *tx, struct nf_vip_service *service)
{
	take_backends(tx, service);
	nf_vip_selection_retire(nf_vip_selection_of(service));
	nf_vip_service_account(service, false);
	nf_vip_eject_forget(service);
	nf_vip_service_unlink(service);
	list_add_tail(&service->node, &tx->services);
}

static void commit_backend(struct nf_vip_tx *tx, struct nf_vip_draft_backend *backend)
{
	struct nf_vip_backend *object = backend->object;
	struct nf_vip_backend_spec before = object->spec;
	bool was_dead = nf_vip_condition_is_dead(object->condition);

	if (object->leaving)
		nf_vip_removal_unlist(object);
	if (nf_vip_backend_is_linked(object))
		list_move_tail(&object->node, &object->service->backends);
	else
		nf_vip_backend_link(object);

	object->spec = backend->base.spec;
	list_del_init(&object->flagged);
	nf_vip_condition_put(object->condition, &tx->conditions);
	object->condition = backend->condition;
	if (object->condition)
		list_add_tail(&object->flagged, &object->condition->backends);
	if (!backend->live)
		return;
	nf_vip_event_spec(object, &before);
	if (nf_vip_condition_is_dead(object->condition) != was_dead)
		nf_vip_event(object, NF_VIP_EVENT_CONDITION, NF_VIP_BY_ADMIN);
}

/* Backends that the draft names move to the end of the list: those that are left in front go. */
static void commit_backends(struct nf_vip_tx *tx, struct nf_vip_draft_service *service)
{
	struct nf_vip_service *object = service->object;
	unsigned int nr_old = object->nr_backends;
	struct nf_vip_draft_backend *backend;

	nf_vip_draft_for_each_backend(backend, service) {
		nr_old -= nf_vip_backend_is_linked(backend->object);
		commit_backend(tx, backend);
	}
	while (nr_old--)
		dismiss_backend(tx, list_first_entry(&object->backends, struct nf_vip_backend,
						     node));
}

static void commit_service(struct nf_vip_tx *tx, struct nf_vip_draft_service *service)
{
	struct nf_vip_service *object = service->object;

	if (!service->live)
		nf_vip_service_link(object);
	else
		nf_vip_selection_retire(nf_vip_selection_of(object));
	if (tx->draft.plan.fresh || service->base.moved)
		list_move_tail(&object->node, &tx->draft.vn->services);

	object->spec = service->base.spec;
	commit_backends(tx, service);
	nf_vip_service_note(object, service->selection);
}

static void commit_removals(struct nf_vip_tx *tx)
{
	struct nf_vip_service *service, *next;

	list_for_each_entry_safe(service, next, &tx->draft.vn->services, node) {
		cond_resched();
		if (service->draft ? service->draft->base.gone : tx->draft.plan.fresh)
			take_service(tx, service);
	}
}

/*
 * From the assignment on, packets see all of the change; the tables of before
 * are freed after a grace period.
 */
void nf_vip_commit(struct nf_vip_tx *tx)
{
	struct nf_vip_net *vn = tx->draft.vn;
	struct nf_vip_draft_service *service;
	struct nf_vip_service *live;
	struct nf_vip_marks *old_marks;
	struct nf_vip_map *old;

	old_marks = rcu_replace_pointer(vn->marks, tx->marks, lockdep_is_held(&vn->lock));
	old = rcu_replace_pointer(vn->map, tx->map, lockdep_is_held(&vn->lock));
	commit_removals(tx);
	nf_vip_draft_for_each_service(service, &tx->draft) {
		commit_service(tx, service);
		cond_resched();
	}
	list_for_each_entry(live, &vn->services, node) {
		cond_resched();
		live->entry = live->next_entry;
		live->nr_entries = nf_vip_entries(&live->spec);
		evict_leaving(tx, live);
	}

	vn->fastpath = tx->draft.plan.fastpath;
	vn->next_mark = tx->marks ? tx->marks->next : 0;
	vn->generation++;
	nf_vip_config_forget(vn);
	nf_vip_map_retire(old);
	nf_vip_marks_free(old_marks);
	nf_vip_upkeep_start(vn);
	if (tx->sweep)
		nf_vip_sweep_later(vn);
}

void nf_vip_finish(struct nf_vip_tx *tx)
{
	struct nf_vip_service *service, *next_service;
	struct nf_vip_backend *backend, *next_backend;

	list_for_each_entry_safe(backend, next_backend, &tx->backends, node) {
		nf_vip_backend_destroy(backend);
		cond_resched();
	}
	list_for_each_entry_safe(service, next_service, &tx->services, node) {
		nf_vip_service_destroy(service);
		cond_resched();
	}
	nf_vip_condition_reap(&tx->conditions);
}
