// SPDX-License-Identifier: GPL-2.0
/*
 * State, health, flags and weights: what takes a backend into the selection of
 * its service and out of it. Every change builds the next selection aside and
 * publishes it with one pointer; a backend that may not be chosen is not in it.
 */
#include <linux/slab.h>
#include "health/condition.h"
#include "health/drain.h"
#include "health/eject.h"
#include "health/event.h"
#include "health/liveness.h"
#include "health/sweep.h"
#include "net.h"
#include "objects/quota.h"
#include "path/ondown.h"
#include "select/few.h"
#include "select/map.h"
#include "select/persist.h"

static bool is_wanted(const struct nf_vip_backend_spec *spec)
{
	return spec->state == NF_VIP_STATE_UP && spec->weight;
}

bool nf_vip_usable(const struct nf_vip_backend_spec *spec, bool up,
		   const struct nf_vip_condition *condition, bool ejected)
{
	return is_wanted(spec) && up && !ejected && !nf_vip_condition_is_dead(condition);
}

bool nf_vip_is_open(const struct nf_vip_backend *backend)
{
	const struct nf_vip_few *few = &backend->service->few;

	return is_wanted(&backend->spec) && (backend->spec.tier == few->open_tier ||
					     (few->unknown && backend->unknown));
}

bool nf_vip_backend_usable(const struct nf_vip_backend *backend)
{
	bool ejected = backend->service->spec.eject.fails && nf_vip_is_ejected(backend);

	return nf_vip_usable(&backend->spec, backend->up, backend->condition, ejected) ||
	       nf_vip_is_open(backend);
}

/* In sixteenths; a backend that was not usable until now has just begun. */
static u8 warmth(const struct nf_vip_backend_spec *spec, const struct nf_vip_backend *backend)
{
	unsigned long span = spec->warmup * HZ, passed = 0;

	if (backend->usable)
		passed = jiffies - backend->since;
	if (passed >= span)
		return NF_VIP_WARM_FULL;
	return max_t(u32, passed * NF_VIP_WARM_FULL / span, 1);
}

/* The same, or what is left of it on trial. */
static u8 warmth_in(const struct nf_vip_service_spec *svc, const struct nf_vip_backend_spec *spec,
		    const struct nf_vip_backend *backend)
{
	return svc->eject.fails && nf_vip_eject_on_trial(backend) ? 1 : warmth(spec, backend);
}

void nf_vip_service_account(struct nf_vip_service *service, bool on)
{
	struct nf_vip_net *vn = service->vn;

	lockdep_assert_held(&vn->lock);
	WRITE_ONCE(vn->nr_accounting, vn->nr_accounting + on - service->accounting);
	WRITE_ONCE(service->accounting, on);
}

static void note_few(struct nf_vip_service *service, const struct nf_vip_selection *selection)
{
	bool was_few = service->few.too_few;

	service->nr_usable = selection->nr_targets;
	service->few = selection->few;
	if (service->few.too_few != was_few)
		nf_vip_event_few(service);
}

void nf_vip_service_note(struct nf_vip_service *service, const struct nf_vip_selection *selection)
{
	struct nf_vip_backend *backend;

	lockdep_assert_held(&service->vn->lock);
	note_few(service, selection);
	service->warming = false;
	list_for_each_entry(backend, &service->backends, node) {
		bool usable = nf_vip_backend_usable(backend);

		if (usable && !backend->usable)
			backend->since = jiffies;
		backend->usable = usable;
		backend->warm = warmth_in(&service->spec, &backend->spec, backend);
		if (usable && warmth(&backend->spec, backend) < NF_VIP_WARM_FULL)
			service->warming = true;
	}
	nf_vip_eject_note(service);
	nf_vip_service_account(service, service->spec.accounting == NF_VIP_ACCOUNTING_ON);
	nf_vip_drain_note(service);
	nf_vip_ondown_note(service);
}

void nf_vip_target_set(struct nf_vip_target *target, const struct nf_vip_service_spec *svc,
		       const struct nf_vip_backend_spec *be,
		       const struct nf_vip_backend *backend,
		       const struct nf_vip_condition *condition)
{
	target->addr = be->addr;
	target->port = be->port ?: nf_vip_port(svc);
	target->mark = be->mark;
	target->weight = be->weight;
	target->tier = be->tier;
	target->max_conns = be->max_conns;
	target->wanted = is_wanted(be);
	target->unknown = backend->unknown;
	target->usable = nf_vip_usable(be, backend->up, condition,
				       svc->eject.fails && nf_vip_is_ejected(backend));
	target->warm = warmth_in(svc, be, backend);
	target->load = backend->load;
	target->stats = backend->stats;
}

/* What a new connection meets that no backend may have. */
static enum nf_vip_on_empty on_empty(const struct nf_vip_service_spec *svc, bool few)
{
	if (few && svc->on_few == NF_VIP_FEW_DROP)
		return NF_VIP_EMPTY_DROP;
	if (few && svc->on_few == NF_VIP_FEW_REJECT)
		return NF_VIP_EMPTY_REJECT;
	return svc->on_empty;
}

struct nf_vip_selection *nf_vip_service_select(struct nf_vip_service *service,
					       const struct nf_vip_service_spec *svc,
					       struct nf_vip_target *targets,
					       unsigned int nr)
{
	struct nf_vip_selection *selection;
	struct nf_vip_few few = nf_vip_few(targets, nr, svc);
	struct nf_vip_clients *clients;

	selection = nf_vip_selection_make(targets, nr, svc);
	if (IS_ERR(selection))
		return selection;
	clients = nf_vip_clients_for(nf_vip_service_clients(service), svc,
				     nf_vip_service_name(service));
	if (IS_ERR(clients)) {
		nf_vip_selection_free(selection);
		return ERR_CAST(clients);
	}

	selection->clients = clients;
	selection->persist = svc->persist;
	selection->repick = svc->repick;
	selection->on_empty = on_empty(svc, few.too_few);
	selection->few = few;
	selection->snat = svc->snat;
	selection->window = svc->window;
	selection->hold = &service->hold;
	selection->eject = svc->eject.fails;
	selection->cursor = service->cursor;
	selection->stats = service->stats;
	return selection;
}

struct nf_vip_selection *nf_vip_selection_of(const struct nf_vip_service *service)
{
	return rcu_dereference_protected(service->entry->selection,
					 lockdep_is_held(&service->vn->lock));
}

struct nf_vip_clients *nf_vip_service_clients(const struct nf_vip_service *service)
{
	return service->entry ? nf_vip_selection_of(service)->clients : NULL;
}

bool nf_vip_ends_accept(const struct nf_vip_selection *old, const struct nf_vip_selection *new)
{
	return !old->nr_slots && old->on_empty == NF_VIP_EMPTY_ACCEPT &&
	       (new->nr_slots || new->on_empty != NF_VIP_EMPTY_ACCEPT);
}

void nf_vip_publish(struct nf_vip_service *service, struct nf_vip_selection *selection)
{
	struct nf_vip_selection *old = nf_vip_selection_of(service);
	unsigned int i;

	for (i = 0; i < service->nr_entries; i++)
		rcu_assign_pointer(service->entry[i].selection, selection);
	if (nf_vip_ends_accept(old, selection))
		nf_vip_sweep_later(service->vn);
	nf_vip_selection_retire(old);
	nf_vip_service_note(service, selection);
}

/* Selection of a service as it stands. */
static struct nf_vip_selection *select_now(struct nf_vip_service *service)
{
	const struct nf_vip_backend *backend;
	struct nf_vip_selection *selection;
	struct nf_vip_target *targets;
	unsigned int nr = 0;

	lockdep_assert_held(&service->vn->lock);
	targets = kvcalloc(service->nr_backends + 1, sizeof(*targets), GFP_KERNEL_ACCOUNT);
	if (!targets)
		return ERR_PTR(-ENOMEM);

	list_for_each_entry(backend, &service->backends, node)
		nf_vip_target_set(&targets[nr++], &service->spec, &backend->spec, backend,
				  backend->condition);

	selection = nf_vip_service_select(service, &service->spec, targets, nr);
	kvfree(targets);
	return selection;
}

void nf_vip_service_usage(const struct nf_vip_service *service, struct nf_vip_usage *usage)
{
	const struct nf_vip_backend *backend;
	struct nf_vip_part part = {};

	list_for_each_entry(backend, &service->backends, node)
		nf_vip_part_add(&part, &backend->spec);
	nf_vip_usage_add(usage, &service->spec, &part);
}

static void sum_up(const struct nf_vip_net *vn, struct nf_vip_usage *usage)
{
	const struct nf_vip_service *service;

	memset(usage, 0, sizeof(*usage));
	if (!nf_vip_is_of_user(vn))
		return;
	list_for_each_entry(service, &vn->services, node)
		nf_vip_service_usage(service, usage);
}

/* A setter is about to put a value in; what the namespace has until then goes to @before. */
static void begin_set(const struct nf_vip_net *vn, struct nf_vip_usage *before)
{
	nf_vip_wait_for_frees(vn);
	sum_up(vn, before);
}

/* Is what an option now says more than the namespace may have? @before is what it had. */
static int check_usage(const struct nf_vip_net *vn, const struct nf_vip_usage *before)
{
	struct nf_vip_usage usage;
	u32 limit;

	sum_up(vn, &usage);
	return nf_vip_usage_over(vn, before, &usage, &limit) ? -E2BIG : 0;
}

/*
 * A writer that waited for the lock while a transaction deleted the object
 * comes too late: its file is about to go, and the entry of the map has gone.
 */
int nf_vip_service_refresh(struct nf_vip_service *service)
{
	struct nf_vip_selection *selection;

	if (!nf_vip_service_is_linked(service))
		return -ENODEV;
	selection = select_now(service);
	if (IS_ERR(selection))
		return PTR_ERR(selection);

	nf_vip_publish(service, selection);
	service->vn->generation++;
	return 0;
}

void nf_vip_service_warm_up(struct nf_vip_service *service)
{
	struct nf_vip_selection *selection = select_now(service);

	/* Without memory the weights stay where they are until the next time. */
	if (!IS_ERR(selection))
		nf_vip_publish(service, selection);
}

static int refresh_for(struct nf_vip_backend *backend)
{
	return nf_vip_backend_is_linked(backend) ? nf_vip_service_refresh(backend->service) :
						   -ENODEV;
}

/* Each setter puts the value in, and the old one back if it cannot take effect. */

int nf_vip_backend_set_up(struct nf_vip_backend *backend, bool up)
{
	bool unknown = false;
	int err;

	if (backend->up == up && !backend->unknown)
		return 0;
	swap(backend->up, up);
	swap(backend->unknown, unknown);
	err = refresh_for(backend);
	if (err) {
		swap(backend->up, up);
		swap(backend->unknown, unknown);
	}
	return err;
}

int nf_vip_backend_set(struct nf_vip_backend *backend, const struct nf_vip_option *option,
		       u32 value)
{
	struct nf_vip_backend_spec before = backend->spec;
	struct nf_vip_net *vn = backend->service->vn;
	u32 old = nf_vip_option_get(option, &before);
	struct nf_vip_usage usage;
	int err;

	if (old == value)
		return 0;
	begin_set(vn, &usage);
	nf_vip_option_put(option, &backend->spec, value);
	err = check_usage(vn, &usage) ?: refresh_for(backend);
	if (err)
		nf_vip_option_put(option, &backend->spec, old);
	else
		nf_vip_event_spec(backend, &before);
	return err;
}

int nf_vip_service_set(struct nf_vip_service *service, const struct nf_vip_option *option,
		       u32 value)
{
	u32 old = nf_vip_option_get(option, &service->spec);
	struct nf_vip_usage usage;
	int err;

	if (old == value)
		return 0;
	begin_set(service->vn, &usage);
	nf_vip_option_put(option, &service->spec, value);
	err = check_usage(service->vn, &usage) ?: nf_vip_service_refresh(service);
	if (err)
		nf_vip_option_put(option, &service->spec, old);
	return err;
}

int nf_vip_service_set_eject(struct nf_vip_service *service,
			     const struct nf_vip_eject_spec *eject)
{
	struct nf_vip_eject_spec old = service->spec.eject;
	struct nf_vip_usage usage;
	int err;

	if (!memcmp(&old, eject, sizeof(old)))
		return 0;
	begin_set(service->vn, &usage);
	service->spec.eject = *eject;
	err = check_usage(service->vn, &usage) ?: nf_vip_service_refresh(service);
	if (err)
		service->spec.eject = old;
	return err;
}

/* The next selection of each service that a flag concerns, one a service. */
static int build_pending(struct nf_vip_condition *condition)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, &condition->backends, flagged) {
		struct nf_vip_service *service = backend->service;
		struct nf_vip_selection *selection;

		if (service->pending)
			continue;
		selection = select_now(service);
		if (IS_ERR(selection))
			return PTR_ERR(selection);
		service->pending = selection;
	}
	return 0;
}

int nf_vip_condition_set(struct nf_vip_condition *condition, bool dead)
{
	struct nf_vip_backend *backend;
	int err;

	lockdep_assert_held(&condition->vn->lock);
	if (condition->dead == dead)
		return 0;

	WRITE_ONCE(condition->dead, dead);
	err = build_pending(condition);
	if (err)
		WRITE_ONCE(condition->dead, !dead);
	else
		condition->vn->generation++;

	list_for_each_entry(backend, &condition->backends, flagged) {
		struct nf_vip_service *service = backend->service;

		if (!err && service->pending)
			nf_vip_publish(service, service->pending);
		else
			nf_vip_selection_free(service->pending);
		service->pending = NULL;
	}
	if (err)
		return err;
	list_for_each_entry(backend, &condition->backends, flagged)
		nf_vip_event(backend, NF_VIP_EVENT_CONDITION, NF_VIP_BY_FLAG);
	return 0;
}
