// SPDX-License-Identifier: GPL-2.0
/*
 * All backends of a service are looked at together: the last one that may be
 * chosen stays, and the service gets one selection however many backends
 * change. The next phase of each backend is put down first; then all phases
 * take effect or, without memory, none.
 */
#include <linux/random.h>
#include "health/eject_run.h"
#include "health/event.h"
#include "health/publish.h"
#include "health/usable.h"
#include "objects/ejection.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/alarm.h"

/* Without memory for a selection the change is tried again so much later. */
#define RETRY		HZ

static bool is_over(const struct nf_vip_eject_phase *phase, unsigned long now)
{
	return phase->state != NF_VIP_EJECT_IN && time_after_eq(now, phase->until);
}

static void arm(struct nf_vip_net *vn, unsigned long end)
{
	nf_vip_alarm_set(vn->queue, &vn->eject_later, &vn->eject_at, end);
}

static void begin_trial(struct nf_vip_backend *backend, unsigned long now)
{
	struct nf_vip_ejection *ejection = &backend->ejection;

	ejection->next.state = NF_VIP_EJECT_TRIAL;
	ejection->next.until = now + backend->service->spec.eject.window * HZ;
}

static void begin_ejection(struct nf_vip_backend *backend, unsigned long now)
{
	const struct nf_vip_eject_spec *spec = &backend->service->spec.eject;
	struct nf_vip_eject_phase *next = &backend->ejection.next;

	next->state = NF_VIP_EJECT_OUT;
	next->times++;
	next->until = now + nf_vip_eject_seconds(spec->time, next->times) * HZ;
}

/* Ends phases whose time is over; returns how many backends may be chosen then. */
static unsigned int scan_times(struct nf_vip_service *service, unsigned long now)
{
	struct nf_vip_backend *backend;
	unsigned int nr = 0;

	list_for_each_entry(backend, &service->backends, node) {
		struct nf_vip_ejection *ejection = &backend->ejection;

		ejection->next = ejection->phase;
		if (is_over(&ejection->phase, now) && nf_vip_is_ejected(backend))
			begin_trial(backend, now);
		else if (is_over(&ejection->phase, now) && !READ_ONCE(ejection->due))
			ejection->next = (struct nf_vip_eject_phase){ NF_VIP_EJECT_IN };
		nr += nf_vip_is_fit(backend) && ejection->next.state != NF_VIP_EJECT_OUT;
	}
	return nr;
}

/* Ejects backends that failed, but not the last of the @nr that may be chosen. */
static void scan_failures(struct nf_vip_service *service, unsigned int nr, unsigned long now)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, &service->backends, node) {
		if (nr > 1 && READ_ONCE(backend->ejection.due) && nf_vip_is_fit(backend) &&
		    backend->ejection.next.state != NF_VIP_EJECT_OUT) {
			begin_ejection(backend, now);
			nr--;
		}
		/* No backend can be chosen: those that are fit but ejected can be tried. */
		if (!nr && nf_vip_is_fit(backend))
			begin_trial(backend, now);
	}
}

/* Puts into @next the next phase of each backend; returns whether packets have to know. */
static bool scan_ahead(struct nf_vip_service *service, unsigned long now)
{
	struct nf_vip_backend *backend;
	bool changes = false;

	scan_failures(service, scan_times(service, now), now);
	list_for_each_entry(backend, &service->backends, node)
		changes |= backend->ejection.next.state != backend->ejection.phase.state;
	return changes;
}

static void swap_phases(struct nf_vip_service *service)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, &service->backends, node)
		swap(backend->ejection.phase, backend->ejection.next);
}

/* Failures that were acted upon are forgotten. Where phases were swapped, @next is the old one. */
static void settle(struct nf_vip_backend *backend)
{
	struct nf_vip_ejection *ejection = &backend->ejection;
	bool was_out = ejection->next.state == NF_VIP_EJECT_OUT;

	if (READ_ONCE(ejection->due) || ejection->phase.state != ejection->next.state)
		nf_vip_eject_clear(ejection);
	if (nf_vip_is_ejected(backend) != was_out)
		nf_vip_event(backend, NF_VIP_EVENT_EJECTED, NF_VIP_BY_EJECTION);
}

static void arm_service(struct nf_vip_service *service)
{
	const struct nf_vip_backend *backend;

	list_for_each_entry(backend, &service->backends, node)
		if (backend->ejection.phase.state != NF_VIP_EJECT_IN)
			arm(service->vn, backend->ejection.phase.until);
}

static void run_service(struct nf_vip_service *service, unsigned long now)
{
	struct nf_vip_backend *backend;

	if (scan_ahead(service, now)) {
		swap_phases(service);
		if (nf_vip_service_refresh(service)) {
			swap_phases(service);
			arm(service->vn, now + RETRY);
			return;
		}
	}
	list_for_each_entry(backend, &service->backends, node)
		settle(backend);
	arm_service(service);
}

static void run(struct nf_vip_net *vn)
{
	struct nf_vip_service *service;

	mutex_lock(&vn->lock);
	list_for_each_entry(service, &vn->services, node)
		if (service->ejecting)
			run_service(service, jiffies);
	mutex_unlock(&vn->lock);
}

static void run_now(struct work_struct *work)
{
	run(container_of(work, struct nf_vip_net, eject));
}

static void run_later(struct work_struct *work)
{
	run(container_of(to_delayed_work(work), struct nf_vip_net, eject_later));
}

int nf_vip_eject_end(struct nf_vip_backend *backend)
{
	struct nf_vip_ejection *ejection = &backend->ejection;
	struct nf_vip_eject_phase before = ejection->phase;
	int err;

	if (!nf_vip_backend_is_linked(backend))
		return -ENODEV;
	ejection->phase = (struct nf_vip_eject_phase){ NF_VIP_EJECT_IN };
	err = before.state == NF_VIP_EJECT_IN ? 0 : nf_vip_service_refresh(backend->service);
	if (err) {
		ejection->phase = before;
		return err;
	}
	nf_vip_eject_clear(ejection);
	if (before.state == NF_VIP_EJECT_OUT)
		nf_vip_event(backend, NF_VIP_EVENT_EJECTED, NF_VIP_BY_ADMIN);
	return 0;
}

void nf_vip_eject_init(struct nf_vip_net *vn)
{
	get_random_bytes(&vn->eject_key, sizeof(vn->eject_key));
	INIT_WORK(&vn->eject, run_now);
	INIT_DELAYED_WORK(&vn->eject_later, run_later);
}

void nf_vip_eject_stop(struct nf_vip_net *vn)
{
	cancel_work_sync(&vn->eject);
	cancel_delayed_work_sync(&vn->eject_later);
}
