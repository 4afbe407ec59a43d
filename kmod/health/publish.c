// SPDX-License-Identifier: GPL-2.0
/*
 * Every change builds the next selection aside and publishes it with one pointer;
 * a backend that may not be chosen is not in it.
 */
#include <linux/slab.h>
#include "health/down_action_sync.h"
#include "health/drain.h"
#include "health/eject.h"
#include "health/event.h"
#include "health/publish.h"
#include "health/sweep.h"
#include "health/usable.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/panic.h"
#include "select/map.h"
#include "select/persist.h"
#include "select/select.h"

void nf_vip_service_account(struct nf_vip_service *service, bool on)
{
	struct nf_vip_net *vn = service->vn;

	lockdep_assert_held(&vn->lock);
	WRITE_ONCE(vn->nr_accounting, vn->nr_accounting + on - service->accounting);
	WRITE_ONCE(service->accounting, on);
}

static void note_panic(struct nf_vip_service *service, const struct nf_vip_selection *selection)
{
	bool was_few = service->panic.too_few;

	service->nr_usable = selection->nr_targets;
	service->panic = selection->panic;
	if (service->panic.too_few != was_few)
		nf_vip_event_panic(service);
}

static void note_slots(struct nf_vip_service *service, const struct nf_vip_selection *selection)
{
	const struct nf_vip_target *target;
	struct nf_vip_backend *backend;

	service->nr_slots = selection->nr_slots;
	list_for_each_entry(backend, &service->backends, node) {
		target = nf_vip_selection_marked(selection, backend->spec.mark);
		backend->slots = target ? target->slots : 0;
	}
}

/* Notes since when each backend may be chosen, and how warm it is. */
static void note_usable(struct nf_vip_service *service)
{
	struct nf_vip_backend *backend;

	service->warming = false;
	list_for_each_entry(backend, &service->backends, node) {
		bool usable = nf_vip_backend_usable(backend);

		if (usable && !backend->usable)
			backend->since = jiffies;
		backend->usable = usable;
		backend->warm = nf_vip_warmth_in(&service->spec, &backend->spec, backend);
		if (usable && nf_vip_warmth(&backend->spec, backend) < NF_VIP_WARM_FULL)
			service->warming = true;
	}
}

static void note_accounting(struct nf_vip_service *service)
{
	nf_vip_service_account(service, service->spec.accounting == NF_VIP_ACCOUNTING_ON);
}

/* Called in this order for a published selection: each goes by what the ones before have noted. */
static void (* const listeners[])(struct nf_vip_service *service) = {
	note_usable,
	nf_vip_eject_note,
	note_accounting,
	nf_vip_drain_note,
	nf_vip_down_action_note,
};

void nf_vip_service_note(struct nf_vip_service *service, const struct nf_vip_selection *selection)
{
	unsigned int i;

	lockdep_assert_held(&service->vn->lock);
	note_panic(service, selection);
	note_slots(service, selection);
	for (i = 0; i < ARRAY_SIZE(listeners); i++)
		listeners[i](service);
}

/* What becomes of a new connection when no backend can take it. */
static enum nf_vip_on_empty on_empty_for(const struct nf_vip_service_spec *svc, bool few)
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
	struct nf_vip_panic panic = nf_vip_panic_apply(targets, nr, svc);
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
	selection->on_empty = on_empty_for(svc, panic.too_few);
	selection->panic = panic;
	selection->midstream = &service->midstream;
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

struct nf_vip_selection *nf_vip_service_select_now(struct nf_vip_service *service)
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

/*
 * A writer that waited for the lock while a transaction deleted the object
 * comes too late: the object's file is about to go, and the entry in the map
 * has gone.
 */
int nf_vip_service_refresh(struct nf_vip_service *service)
{
	struct nf_vip_selection *selection;

	if (!nf_vip_service_is_linked(service))
		return -ENODEV;
	selection = nf_vip_service_select_now(service);
	if (IS_ERR(selection))
		return PTR_ERR(selection);

	nf_vip_publish(service, selection);
	service->vn->generation++;
	return 0;
}

void nf_vip_service_warm_up(struct nf_vip_service *service)
{
	struct nf_vip_selection *selection = nf_vip_service_select_now(service);

	/* Without memory the weights stay where they are until the next time. */
	if (!IS_ERR(selection))
		nf_vip_publish(service, selection);
}
