// SPDX-License-Identifier: GPL-2.0
/*
 * Backends that leave are on a list of their own in the service, so that
 * whoever looks for configured backends does not meet them. Packets find a
 * leaving backend by its mark.
 */
#include "health/down_action_sync.h"
#include "health/drain.h"
#include "health/eject.h"
#include "health/lease.h"
#include "health/removal.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "objects/state.h"

void nf_vip_removal_begin(struct nf_vip_backend *backend)
{
	struct nf_vip_service *service = backend->service;

	nf_vip_backend_unlink(backend);
	nf_vip_lease_drop(backend);
	nf_vip_eject_drop(backend);
	backend->leaving = true;
	backend->usable = false;
	backend->spec.state = NF_VIP_STATE_DRAIN;
	backend->spec.condition[0] = '\0';
	list_add_tail(&backend->node, &service->leaving);
	service->nr_leaving++;
}

void nf_vip_removal_unlist(struct nf_vip_backend *backend)
{
	lockdep_assert_held(&backend->service->vn->lock);
	list_del_init(&backend->node);
	backend->leaving = false;
	backend->service->nr_leaving--;
}

/* The mark is free from now on; the backend is not freed before packets that found it are done. */
static void take(struct nf_vip_net *vn, struct nf_vip_backend *backend, struct list_head *gone)
{
	nf_vip_marks_release(rcu_dereference_protected(vn->marks, lockdep_is_held(&vn->lock)),
			     backend->spec.mark);
	nf_vip_down_action_forget(backend);
	nf_vip_drain_forget(backend);
	nf_vip_removal_unlist(backend);
	list_add_tail(&backend->node, gone);
	vn->generation++;
}

static void reap(struct work_struct *work)
{
	struct nf_vip_net *vn = container_of(work, struct nf_vip_net, reap);
	struct nf_vip_backend *backend, *next;
	LIST_HEAD(gone);

	mutex_lock(&vn->writer);
	mutex_lock(&vn->lock);
	list_for_each_entry_safe(backend, next, &vn->idle, drain.node)
		if (nf_vip_leaving_is_over(backend))
			take(vn, backend, &gone);
	mutex_unlock(&vn->lock);

	list_for_each_entry_safe(backend, next, &gone, node)
		nf_vip_backend_destroy(backend);
	mutex_unlock(&vn->writer);
}

void nf_vip_removal_init(struct nf_vip_net *vn)
{
	INIT_WORK(&vn->reap, reap);
}

void nf_vip_removal_stop(struct nf_vip_net *vn)
{
	cancel_work_sync(&vn->reap);
}
