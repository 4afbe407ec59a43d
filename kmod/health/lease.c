// SPDX-License-Identifier: GPL-2.0
/*
 * Leases are on a list of their namespace, in no order: a renewal, which is
 * what happens most of the time, writes down another end and leaves the timer
 * alone. When the timer expires all leases are looked at.
 */
#include "health/change.h"
#include "health/event.h"
#include "health/lease.h"
#include "health/publish.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/alarm.h"

/* Without memory a lease runs out a little later. */
#define RETRY		HZ

static bool is_leased(const struct nf_vip_backend *backend)
{
	return !list_empty(&backend->leased);
}

static bool is_due(const struct nf_vip_backend *backend, unsigned long now)
{
	return is_leased(backend) && time_after_eq(now, backend->lease_end);
}

static void arm(struct nf_vip_net *vn, unsigned long end)
{
	nf_vip_alarm_set(vn->queue, &vn->lapse, &vn->lapse_at, end);
}

static void lease_until(struct nf_vip_backend *backend, unsigned long end)
{
	struct nf_vip_net *vn = backend->service->vn;

	backend->lease_end = end;
	list_move_tail(&backend->leased, &vn->leases);
	arm(vn, end);
}

int nf_vip_health_report(struct nf_vip_backend *backend, bool up, u32 seconds)
{
	bool changes = backend->up != up || backend->unknown;
	int err;

	if (!nf_vip_backend_is_linked(backend))
		return -ENODEV;
	err = nf_vip_backend_set_up(backend, up);
	if (err)
		return err;
	if (seconds)
		lease_until(backend, jiffies + seconds * HZ);
	else
		nf_vip_lease_drop(backend);
	if (changes)
		nf_vip_event(backend, NF_VIP_EVENT_UP, NF_VIP_BY_CHECKER);
	return 0;
}

void nf_vip_lease_drop(struct nf_vip_backend *backend)
{
	lockdep_assert_held(&backend->service->vn->lock);
	list_del_init(&backend->leased);
}

unsigned int nf_vip_lease_left(const struct nf_vip_backend *backend)
{
	lockdep_assert_held(&backend->service->vn->lock);
	return is_leased(backend) ? nf_vip_alarm_left(backend->lease_end) : 0;
}

/* Swaps health with @lapse: puts in the health that lease-end says, or the old health again. */
static void swap_health(struct nf_vip_service *service, unsigned long now)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, &service->backends, node)
		if (is_due(backend, now))
			swap(backend->up, backend->lapse);
}

/* Puts into @lapse what lease-end says; returns whether the health of any backend changes. */
static bool scan_ahead(struct nf_vip_service *service, unsigned long now)
{
	struct nf_vip_backend *backend;
	bool changes = false;

	list_for_each_entry(backend, &service->backends, node) {
		backend->lapse = backend->spec.lease_end == NF_VIP_LEASE_END_UP;
		if (is_due(backend, now) && backend->up != backend->lapse)
			changes = true;
	}
	return changes;
}

/* A service gets one selection, however many of its leases run out at once. */
static void lapse_service(struct nf_vip_service *service, unsigned long now)
{
	struct nf_vip_backend *backend;
	bool changes = scan_ahead(service, now);
	int err = 0;

	if (changes) {
		swap_health(service, now);
		err = nf_vip_service_refresh(service);
		if (err)
			swap_health(service, now);
	}
	list_for_each_entry(backend, &service->backends, node) {
		if (!is_due(backend, now))
			continue;
		if (err) {
			lease_until(backend, now + RETRY);
			continue;
		}
		nf_vip_lease_drop(backend);
		/* After swap_health(), @lapse is the old health. */
		if (changes && backend->lapse != backend->up)
			nf_vip_event(backend, NF_VIP_EVENT_UP, NF_VIP_BY_LEASE);
	}
}

static void lapse(struct work_struct *work)
{
	struct nf_vip_net *vn = container_of(to_delayed_work(work), struct nf_vip_net, lapse);
	struct nf_vip_backend *backend, *next;
	unsigned long now;
	LIST_HEAD(due);

	mutex_lock(&vn->lock);
	now = jiffies;
	list_for_each_entry_safe(backend, next, &vn->leases, leased)
		if (is_due(backend, now))
			list_move_tail(&backend->leased, &due);
	/* lapse_service() takes every lease of the service off @due. */
	while ((backend = list_first_entry_or_null(&due, struct nf_vip_backend, leased)))
		lapse_service(backend->service, now);
	list_for_each_entry(backend, &vn->leases, leased)
		arm(vn, backend->lease_end);
	mutex_unlock(&vn->lock);
}

void nf_vip_lease_init(struct nf_vip_net *vn)
{
	INIT_LIST_HEAD(&vn->leases);
	INIT_DELAYED_WORK(&vn->lapse, lapse);
}

void nf_vip_lease_stop(struct nf_vip_net *vn)
{
	cancel_delayed_work_sync(&vn->lapse);
}
