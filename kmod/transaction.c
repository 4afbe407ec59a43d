// SPDX-License-Identifier: GPL-2.0
/*
 * A transaction has three parts. prepare() makes everything that can fail:
 * objects, flags, marks, selections, the map, hooks. commit() cannot fail: it
 * moves the objects and publishes the map with one pointer. finish() removes,
 * without the lock that files' writers want, what commit() took away, or, of a
 * transaction that failed, what prepare() had made.
 */
#include <linux/slab.h>
#include "condition.h"
#include "confirm.h"
#include "draft.h"
#include "drain.h"
#include "eject.h"
#include "event.h"
#include "hooks.h"
#include "lease.h"
#include "leave.h"
#include "live.h"
#include "liveness.h"
#include "map.h"
#include "mark.h"
#include "net.h"
#include "ondown.h"
#include "service.h"
#include "sweep.h"
#include "transaction.h"

/**
 * struct transaction - one change of a namespace on its way
 * @draft: what shall be
 * @nr_services: how many there shall be
 * @map: the next map, until it is published
 * @marks: the next set of marks, until it is published
 * @old: the configuration before the change, if that is to be confirmed
 * @sweep: connections may have gone past that need not any more
 * @services: services to destroy
 * @backends: backends to destroy, before their services
 * @conditions: flags that nobody names any more
 */
struct transaction {
	struct nf_vip_draft draft;
	unsigned int nr_services;
	struct nf_vip_map *map;
	struct nf_vip_marks *marks;
	struct nf_vip_old old;
	bool sweep;
	struct list_head services;
	struct list_head backends;
	struct list_head conditions;
};

static void begin(struct transaction *tx, struct nf_vip_net *vn)
{
	nf_vip_draft_init(&tx->draft, vn);
	tx->map = NULL;
	tx->marks = NULL;
	tx->old.text = NULL;
	tx->sweep = false;
	INIT_LIST_HEAD(&tx->services);
	INIT_LIST_HEAD(&tx->backends);
	INIT_LIST_HEAD(&tx->conditions);
}

static int count_services(struct transaction *tx)
{
	const struct nf_vip_draft_service *service;
	const struct nf_vip_service *live;

	tx->nr_services = 0;
	list_for_each_entry(live, &tx->draft.vn->services, node)
		tx->nr_services += nf_vip_draft_keeps(&tx->draft, live);
	list_for_each_entry(service, &tx->draft.services, node)
		tx->nr_services++;

	if (tx->nr_services > NF_VIP_SERVICES_MAX)
		return nf_vip_draft_refuse(&tx->draft, 0, -E2BIG,
					   "expected at most %d services", NF_VIP_SERVICES_MAX);
	return 0;
}

/* Objects, with their folders. */

static int make_backend(struct transaction *tx, struct nf_vip_draft_service *service,
			struct nf_vip_draft_backend *backend)
{
	struct nf_vip_backend *object;

	object = nf_vip_backend_create(service->object, backend->name);
	if (IS_ERR(object))
		return nf_vip_draft_refuse(&tx->draft, backend->line, PTR_ERR(object),
					   "backend \"%s/%s\": cannot be made", service->name,
					   backend->name);
	object->up = backend->spec.initial == NF_VIP_INITIAL_UP;
	object->unknown = backend->spec.initial == NF_VIP_INITIAL_UNKNOWN;
	backend->object = object;
	return 0;
}

static int make_service(struct transaction *tx, struct nf_vip_draft_service *service)
{
	struct nf_vip_service *object;

	object = nf_vip_service_create(tx->draft.vn, service->name);
	if (IS_ERR(object))
		return nf_vip_draft_refuse(&tx->draft, service->line, PTR_ERR(object),
					   "service \"%s\": cannot be made", service->name);
	nf_vip_hold_begin(object, service->spec.hold);
	service->object = object;
	return 0;
}

static int make_objects(struct transaction *tx)
{
	struct nf_vip_draft_backend *backend;
	struct nf_vip_draft_service *service;
	int err;

	list_for_each_entry(service, &tx->draft.services, node) {
		err = service->object ? 0 : make_service(tx, service);
		if (err)
			return err;
		list_for_each_entry(backend, &service->backends, node) {
			err = backend->object ? 0 : make_backend(tx, service, backend);
			if (err)
				return err;
		}
	}
	return 0;
}

/* Condition flags. */

static int get_condition(struct transaction *tx, struct nf_vip_draft_backend *backend)
{
	struct nf_vip_condition *condition;

	if (!backend->spec.condition[0])
		return 0;

	condition = nf_vip_condition_get(tx->draft.vn, backend->spec.condition);
	if (PTR_ERR_OR_ZERO(condition) == -EOPNOTSUPP)
		return nf_vip_draft_refuse(&tx->draft, backend->line, -EOPNOTSUPP,
					   "condition \"%s\": xt_condition has the flags, unload it first",
					   backend->spec.condition);
	if (IS_ERR(condition))
		return nf_vip_draft_no_memory(&tx->draft);
	backend->condition = condition;
	return 0;
}

static int get_conditions(struct transaction *tx)
{
	struct nf_vip_draft_backend *backend;
	struct nf_vip_draft_service *service;
	int err;

	list_for_each_entry(service, &tx->draft.services, node)
		list_for_each_entry(backend, &service->backends, node) {
			err = get_condition(tx, backend);
			if (err)
				return err;
		}
	return 0;
}

/* Selections. */

/* Where the text last says something of a service or of a backend of it. */
static unsigned int last_line(const struct nf_vip_draft_service *service)
{
	const struct nf_vip_draft_backend *backend;
	unsigned int line = service->line;

	list_for_each_entry(backend, &service->backends, node)
		line = max(line, backend->line);
	return line;
}

static int select_one(struct transaction *tx, struct nf_vip_draft_service *service)
{
	const struct nf_vip_draft_backend *backend;
	struct nf_vip_selection *selection;
	struct nf_vip_target *targets;
	unsigned int nr = 0;

	targets = kvcalloc(service->nr_backends + 1, sizeof(*targets), GFP_KERNEL_ACCOUNT);
	if (!targets)
		return nf_vip_draft_no_memory(&tx->draft);

	list_for_each_entry(backend, &service->backends, node)
		nf_vip_target_set(&targets[nr++], &service->spec, &backend->spec,
				  backend->object, backend->condition);

	selection = nf_vip_service_select(service->object, &service->spec, targets, nr);
	kvfree(targets);
	if (PTR_ERR_OR_ZERO(selection) == -E2BIG)
		return nf_vip_draft_refuse(&tx->draft, last_line(service), -E2BIG,
					   "service \"%s\": the weights need more than %d slots",
					   service->name, NF_VIP_SLOTS_MAX);
	if (IS_ERR(selection))
		return nf_vip_draft_no_memory(&tx->draft);
	service->selection = selection;
	return 0;
}

static int make_selections(struct transaction *tx)
{
	struct nf_vip_draft_service *service;
	int err;

	list_for_each_entry(service, &tx->draft.services, node) {
		err = select_one(tx, service);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static bool vip_differs(const struct nf_vip_service_spec *a, const struct nf_vip_service_spec *b)
{
	return a->family != b->family || a->proto != b->proto || a->fwmark != b->fwmark ||
	       a->nr_matches != b->nr_matches ||
	       memcmp(a->matches, b->matches, a->nr_matches * sizeof(*a->matches)) ||
	       strcmp(a->dev, b->dev);
}

static int make_map(struct transaction *tx)
{
	const struct nf_vip_draft_service *service;
	int err;

	err = nf_vip_draft_map(&tx->draft, &tx->map);
	if (err)
		return err;
	list_for_each_entry(service, &tx->draft.services, node)
		if (!service->live || vip_differs(&service->spec, &service->live->spec) ||
		    nf_vip_ends_accept(nf_vip_selection_of(service->live), service->selection))
			tx->sweep = true;
	return 0;
}

static int make_marks(struct transaction *tx)
{
	tx->marks = nf_vip_marks_alloc(nf_vip_mark_mask, tx->draft.vn->next_mark);
	if (!tx->marks)
		return nf_vip_draft_no_memory(&tx->draft);
	return nf_vip_draft_mark(&tx->draft, tx->marks);
}

static int hook_up(struct transaction *tx)
{
	const struct nf_vip_draft_service *service;
	unsigned int families = 0;
	int err;

	list_for_each_entry(service, &tx->draft.services, node)
		families |= nf_vip_hooks_family(service->spec.family);
	err = nf_vip_hooks_get(tx->draft.vn, families);
	if (err)
		nf_vip_draft_refuse(&tx->draft, 0, err, "the hooks cannot be registered");
	return err;
}

static int save_old(struct transaction *tx)
{
	if (tx->draft.verdict != NF_VIP_VERDICT_WAIT)
		return 0;
	if (nf_vip_confirm_save(tx->draft.vn, &tx->old))
		return nf_vip_draft_no_memory(&tx->draft);
	return 0;
}

static int prepare(struct transaction *tx)
{
	int err;

	err = count_services(tx);
	if (!err)
		err = save_old(tx);
	if (!err)
		err = make_objects(tx);
	if (err)
		return err;
	nf_vip_leave_plan(&tx->draft);
	err = get_conditions(tx);
	if (!err)
		err = make_marks(tx);
	if (!err)
		err = make_selections(tx);
	if (!err)
		err = make_map(tx);
	if (!err)
		err = hook_up(tx);
	return err;
}

/* What prepare() made, in reverse; the objects wait for finish(). */
static void abandon(struct transaction *tx)
{
	struct nf_vip_draft_backend *backend;
	struct nf_vip_draft_service *service;

	kvfree(tx->old.text);
	kvfree(tx->map);
	nf_vip_marks_free(tx->marks);
	list_for_each_entry(service, &tx->draft.services, node) {
		nf_vip_selection_free(service->selection);
		list_for_each_entry(backend, &service->backends, node) {
			nf_vip_condition_put(backend->condition, &tx->conditions);
			if (backend->object && !backend->live)
				list_add_tail(&backend->object->node, &tx->backends);
		}
		if (service->object && !service->live)
			list_add_tail(&service->object->node, &tx->services);
	}
}

static void put_condition(struct transaction *tx, struct nf_vip_backend *backend)
{
	list_del_init(&backend->flagged);
	nf_vip_condition_put(backend->condition, &tx->conditions);
	backend->condition = NULL;
}

static void take_backend(struct transaction *tx, struct nf_vip_backend *backend)
{
	nf_vip_ondown_forget(backend);
	nf_vip_drain_forget(backend);
	if (backend->leaving)
		nf_vip_leave_no_more(backend);
	else
		nf_vip_backend_unlink(backend);
	nf_vip_lease_drop(backend);
	put_condition(tx, backend);
	list_add_tail(&backend->node, &tx->backends);
}

static void take_backends(struct transaction *tx, struct nf_vip_service *service)
{
	struct nf_vip_backend *backend, *next;

	list_for_each_entry_safe(backend, next, &service->backends, node)
		take_backend(tx, backend);
	list_for_each_entry_safe(backend, next, &service->leaving, node)
		take_backend(tx, backend);
}

/* A backend that the configuration has no more. */
static void dismiss_backend(struct transaction *tx, struct nf_vip_backend *backend)
{
	struct nf_vip_backend_spec before = backend->spec;

	if (backend->plan == NF_VIP_PLAN_GO) {
		take_backend(tx, backend);
		return;
	}
	put_condition(tx, backend);
	nf_vip_leave(backend);
	nf_vip_event_spec(backend, &before);
}

/* Those that were leaving and may not any longer. */
static void evict_leaving(struct transaction *tx, struct nf_vip_service *service)
{
	struct nf_vip_backend *backend, *next;

	list_for_each_entry_safe(backend, next, &service->leaving, node)
		if (backend->plan == NF_VIP_PLAN_GO)
			take_backend(tx, backend);
}

static void take_service(struct transaction *tx, struct nf_vip_service *service)
{
	take_backends(tx, service);
	nf_vip_selection_retire(nf_vip_selection_of(service));
	nf_vip_service_account(service, false);
	nf_vip_eject_forget(service);
	nf_vip_service_unlink(service);
	list_add_tail(&service->node, &tx->services);
}

static void commit_backend(struct transaction *tx, struct nf_vip_draft_backend *backend)
{
	struct nf_vip_backend *object = backend->object;
	struct nf_vip_backend_spec before = object->spec;
	bool was_dead = nf_vip_condition_is_dead(object->condition);

	if (object->leaving)
		nf_vip_leave_no_more(object);
	if (nf_vip_backend_is_linked(object))
		list_move_tail(&object->node, &object->service->backends);
	else
		nf_vip_backend_link(object);

	object->spec = backend->spec;
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

/* Backends that the draft names have moved to the end: the rest goes. */
static void commit_backends(struct transaction *tx, struct nf_vip_draft_service *service)
{
	struct nf_vip_service *object = service->object;
	unsigned int nr_old = object->nr_backends;
	struct nf_vip_draft_backend *backend;

	list_for_each_entry(backend, &service->backends, node) {
		nr_old -= nf_vip_backend_is_linked(backend->object);
		commit_backend(tx, backend);
	}
	while (nr_old--)
		dismiss_backend(tx, list_first_entry(&object->backends, struct nf_vip_backend,
						     node));
}

static void commit_service(struct transaction *tx, struct nf_vip_draft_service *service)
{
	struct nf_vip_service *object = service->object;

	if (!service->live)
		nf_vip_service_link(object);
	else
		nf_vip_selection_retire(nf_vip_selection_of(object));
	if (tx->draft.fresh || service->moved)
		list_move_tail(&object->node, &tx->draft.vn->services);

	object->spec = service->spec;
	commit_backends(tx, service);
	nf_vip_service_note(object, service->selection);
}

static void commit_removals(struct transaction *tx)
{
	struct nf_vip_service *service, *next;

	list_for_each_entry_safe(service, next, &tx->draft.vn->services, node) {
		if (service->draft ? service->draft->gone : tx->draft.fresh)
			take_service(tx, service);
	}
}

/*
 * From the assignment on, packets see all of the change; tables that it
 * replaced are freed after a grace period.
 */
static void commit(struct transaction *tx)
{
	struct nf_vip_net *vn = tx->draft.vn;
	struct nf_vip_draft_service *service;
	struct nf_vip_service *live;
	struct nf_vip_marks *old_marks;
	struct nf_vip_map *old;

	old_marks = rcu_replace_pointer(vn->marks, tx->marks, lockdep_is_held(&vn->lock));
	old = rcu_replace_pointer(vn->map, tx->map, lockdep_is_held(&vn->lock));
	commit_removals(tx);
	list_for_each_entry(service, &tx->draft.services, node)
		commit_service(tx, service);
	list_for_each_entry(live, &vn->services, node) {
		live->entry = live->next_entry;
		live->nr_entries = nf_vip_entries(&live->spec);
		evict_leaving(tx, live);
	}

	vn->fastpath = tx->draft.fastpath;
	vn->next_mark = tx->marks ? tx->marks->next : 0;
	vn->generation++;
	if (old)
		kvfree_rcu(old, rcu);
	nf_vip_marks_free(old_marks);
	nf_vip_live_start(vn);
	if (tx->sweep)
		nf_vip_sweep_later(vn);
}

static void finish(struct transaction *tx)
{
	struct nf_vip_service *service, *next_service;
	struct nf_vip_backend *backend, *next_backend;

	list_for_each_entry_safe(backend, next_backend, &tx->backends, node)
		nf_vip_backend_destroy(backend);
	list_for_each_entry_safe(service, next_service, &tx->services, node)
		nf_vip_service_destroy(service);
	nf_vip_condition_reap(&tx->conditions);
}

/* A uevent needs a service: one from before, if there will be none. */
static void commit_revert(struct transaction *tx, enum nf_vip_event_by by)
{
	bool early = list_empty(&tx->draft.services);

	if (early)
		nf_vip_event_config(tx->draft.vn, NF_VIP_VERDICT_REVERT, by);
	commit(tx);
	if (!early)
		nf_vip_event_config(tx->draft.vn, NF_VIP_VERDICT_REVERT, by);
	nf_vip_confirm_end(tx->draft.vn);
}

static void conclude(struct transaction *tx, enum nf_vip_event_by by)
{
	struct nf_vip_net *vn = tx->draft.vn;

	switch (tx->draft.verdict) {
	case NF_VIP_VERDICT_NONE:
		commit(tx);
		break;
	case NF_VIP_VERDICT_WAIT:
		commit(tx);
		nf_vip_confirm_begin(vn, &tx->old, tx->draft.seconds);
		nf_vip_event_config(vn, NF_VIP_VERDICT_WAIT, by);
		break;
	case NF_VIP_VERDICT_ACCEPT:
		nf_vip_confirm_end(vn);
		nf_vip_event_config(vn, NF_VIP_VERDICT_ACCEPT, by);
		break;
	case NF_VIP_VERDICT_REVERT:
		commit_revert(tx, by);
		break;
	}
}

/* What is confirmed is there already: that takes nothing that could fail. */
static int carry_out(struct transaction *tx, const char *text, size_t len,
		     enum nf_vip_event_by by)
{
	int err;

	lockdep_assert_held(&tx->draft.vn->lock);
	err = nf_vip_draft_read(&tx->draft, text, len);
	if (!err && tx->draft.verdict != NF_VIP_VERDICT_ACCEPT)
		err = prepare(tx);
	if (!err)
		conclude(tx, by);
	else
		abandon(tx);
	return err;
}

int nf_vip_transaction(struct nf_vip_net *vn, const char *text, size_t len)
{
	struct transaction tx;
	int err;

	if (mutex_lock_interruptible(&vn->writer))
		return -EINTR;

	begin(&tx, vn);
	mutex_lock(&vn->lock);
	err = carry_out(&tx, text, len, NF_VIP_BY_ADMIN);
	strscpy(vn->error, tx.draft.error, sizeof(vn->error));
	nf_vip_draft_free(&tx.draft);
	mutex_unlock(&vn->lock);

	finish(&tx);
	mutex_unlock(&vn->writer);
	if (!err && tx.sweep)
		nf_vip_sweep_wait(vn);
	return err;
}

int nf_vip_transaction_revert(struct nf_vip_net *vn)
{
	static const char text[] = "revert";
	struct transaction tx;
	int err = -EAGAIN;

	mutex_lock(&vn->writer);
	begin(&tx, vn);
	mutex_lock(&vn->lock);
	if (nf_vip_confirm_is_due(vn))
		err = carry_out(&tx, text, strlen(text), NF_VIP_BY_DEADLINE);
	nf_vip_draft_free(&tx.draft);
	mutex_unlock(&vn->lock);

	finish(&tx);
	mutex_unlock(&vn->writer);
	return err;
}

void nf_vip_transaction_clear(struct nf_vip_net *vn)
{
	struct transaction tx;

	mutex_lock(&vn->writer);
	begin(&tx, vn);
	tx.draft.fresh = true;

	mutex_lock(&vn->lock);
	commit(&tx);
	mutex_unlock(&vn->lock);

	finish(&tx);
	mutex_unlock(&vn->writer);
}
