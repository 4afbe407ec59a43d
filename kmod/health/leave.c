// SPDX-License-Identifier: GPL-2.0
/*
 * A backend that leaves is on a list of its service of its own, so that whoever
 * looks for what is configured does not meet it. Packets find it by its mark.
 */
#include <linux/jiffies.h>
#include "config/draft.h"
#include "health/drain.h"
#include "health/eject.h"
#include "health/lease.h"
#include "health/leave.h"
#include "net.h"
#include "objects/mark.h"
#include "objects/quota.h"
#include "objects/service.h"
#include "path/ondown.h"

/* So long those who are reset after the deadline may take to send a packet. */
#define GRACE		(5 * HZ)

struct nf_vip_backend *nf_vip_leave_find(struct nf_vip_service *service, const char *name)
{
	struct nf_vip_backend *backend;

	lockdep_assert_held(&service->vn->lock);
	list_for_each_entry(backend, &service->leaving, node)
		if (!strcmp(nf_vip_backend_name(backend), name))
			return backend;
	return NULL;
}

/* To begin with nobody stays; then those that the text has. */
static void plan_stays(const struct nf_vip_draft *draft)
{
	const struct nf_vip_draft_service *service;
	const struct nf_vip_draft_backend *drafted;
	struct nf_vip_service *live;
	struct nf_vip_backend *backend;

	list_for_each_entry(live, &draft->vn->services, node) {
		bool keeps = nf_vip_draft_keeps(draft, live);

		list_for_each_entry(backend, &live->backends, node)
			backend->plan = keeps ? NF_VIP_PLAN_STAY : NF_VIP_PLAN_GO;
		list_for_each_entry(backend, &live->leaving, node)
			backend->plan = NF_VIP_PLAN_GO;
	}
	list_for_each_entry(service, &draft->services, node)
		list_for_each_entry(drafted, &service->backends, node)
			drafted->object->plan = NF_VIP_PLAN_STAY;
}

/* What becomes of the others of a service; @left more may leave. */
static void plan_service(const struct nf_vip_draft *draft, struct nf_vip_service *service,
			 u32 *left)
{
	bool gone = service->draft ? service->draft->gone : draft->fresh;
	struct nf_vip_backend *backend;
	unsigned int room;

	if (gone)
		return;
	room = NF_VIP_BACKENDS_MAX - min_t(unsigned int, service->nr_leaving, NF_VIP_BACKENDS_MAX);
	list_for_each_entry(backend, &service->leaving, node)
		if (backend->plan == NF_VIP_PLAN_GO)
			backend->plan = NF_VIP_PLAN_LEAVE;
	list_for_each_entry(backend, &service->backends, node) {
		if (backend->plan == NF_VIP_PLAN_STAY || !room || !*left ||
		    !nf_vip_load_get(backend->load))
			continue;
		backend->plan = NF_VIP_PLAN_LEAVE;
		room--;
		--*left;
	}
}

/* How many more may be leaving. */
static u32 count_left(struct nf_vip_net *vn)
{
	u32 left = nf_vip_leaving_max(vn);
	const struct nf_vip_service *service;

	list_for_each_entry(service, &vn->services, node)
		left -= min(left, service->nr_leaving);
	return left;
}

void nf_vip_leave_plan(const struct nf_vip_draft *draft)
{
	u32 left = count_left(draft->vn);
	const struct nf_vip_draft_service *service;
	const struct nf_vip_draft_backend *backend;
	struct nf_vip_service *live;

	plan_stays(draft);
	list_for_each_entry(live, &draft->vn->services, node)
		plan_service(draft, live, &left);
	list_for_each_entry(service, &draft->services, node)
		list_for_each_entry(backend, &service->forced, node)
			backend->live->plan = NF_VIP_PLAN_GO;
}

void nf_vip_leave(struct nf_vip_backend *backend)
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

void nf_vip_leave_no_more(struct nf_vip_backend *backend)
{
	lockdep_assert_held(&backend->service->vn->lock);
	list_del_init(&backend->node);
	backend->leaving = false;
	backend->service->nr_leaving--;
}

unsigned long nf_vip_leave_end(const struct nf_vip_backend *backend)
{
	return backend->drain.end + GRACE;
}

bool nf_vip_leave_is_over(const struct nf_vip_backend *backend)
{
	if (!backend->leaving)
		return false;
	return !nf_vip_load_get(backend->load) ||
	       (backend->drain.overdue && time_after_eq(jiffies, nf_vip_leave_end(backend)));
}

/* Its mark is free from now on; packets that have found it are waited for before it is freed. */
static void take(struct nf_vip_net *vn, struct nf_vip_backend *backend, struct list_head *gone)
{
	nf_vip_marks_release(rcu_dereference_protected(vn->marks, lockdep_is_held(&vn->lock)),
			     backend->spec.mark);
	nf_vip_ondown_forget(backend);
	nf_vip_drain_forget(backend);
	nf_vip_leave_no_more(backend);
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
		if (nf_vip_leave_is_over(backend))
			take(vn, backend, &gone);
	mutex_unlock(&vn->lock);

	list_for_each_entry_safe(backend, next, &gone, node)
		nf_vip_backend_destroy(backend);
	mutex_unlock(&vn->writer);
}

void nf_vip_leave_reap(struct nf_vip_net *vn)
{
	queue_work(vn->queue, &vn->reap);
}

void nf_vip_leave_init(struct nf_vip_net *vn)
{
	INIT_WORK(&vn->reap, reap);
}

void nf_vip_leave_stop(struct nf_vip_net *vn)
{
	cancel_work_sync(&vn->reap);
}
