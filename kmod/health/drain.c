// SPDX-License-Identifier: GPL-2.0
/*
 * Backends that get no new connections are on a list of their namespace.
 * Packets and timers only have that list looked through: what is to be done
 * follows from the state of a backend at that time, so that nothing is lost or
 * done twice, whoever comes first.
 */
#include <linux/sysfs.h>
#include "health/down_action_sync.h"
#include "health/drain.h"
#include "health/event.h"
#include "objects/kick.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/alarm.h"
#include "select/load.h"

/*
 * So long after the deadline a connection may take to send the packet that is
 * answered by a reset.
 */
#define GRACE		(5 * HZ)

static bool is_timed(const struct nf_vip_drain *drain)
{
	return drain->on && drain->seconds && !drain->overdue;
}

static u32 seconds_of(const struct nf_vip_backend *backend)
{
	const struct nf_vip_drain *drain = &backend->drain;
	u32 seconds = drain->asked.seconds;

	if (seconds == NF_VIP_DRAIN_BY_OPTION)
		seconds = backend->spec.drain;
	return backend->leaving && !seconds ? NF_VIP_LEAVE_SECONDS : seconds;
}

static void tell_waiters(struct nf_vip_backend *backend)
{
	sysfs_notify(&backend->kobj, NULL, "live");
}

static void begin(struct nf_vip_backend *backend)
{
	struct nf_vip_drain *drain = &backend->drain;

	/* A new backend has no counted connections, so the end of its drain is not told. */
	drain->told = !drain->known;
	drain->on = true;
	drain->overdue = false;
	drain->seconds = seconds_of(backend);
	drain->end = jiffies + drain->seconds * HZ;
	drain->empty = false;
	nf_vip_kick_idle(backend->service->vn);
}

static void end_drain(struct nf_vip_backend *backend)
{
	backend->drain.on = false;
	backend->drain.overdue = false;
	backend->drain.asked.seconds = NF_VIP_DRAIN_BY_OPTION;
	tell_waiters(backend);
}

static void watch(struct nf_vip_backend *backend, bool on)
{
	struct nf_vip_net *vn = backend->service->vn;
	struct nf_vip_drain *drain = &backend->drain;

	if (drain->watched == on)
		return;
	WRITE_ONCE(drain->watched, on);
	if (!on) {
		list_del_init(&drain->node);
		return;
	}
	drain->empty = false;
	list_add_tail(&drain->node, &vn->idle);
	/* Either a packet that counts to zero sees @watched, or its zero is seen here. */
	smp_mb();
	if (!nf_vip_load_get(backend->load))
		nf_vip_kick_idle(vn);
}

static void note(struct nf_vip_backend *backend)
{
	struct nf_vip_drain *drain = &backend->drain;
	bool on = backend->spec.state == NF_VIP_STATE_DRAIN;

	/* Of an option and a command the later one counts. */
	if (drain->on && drain->asked.option != backend->spec.drain)
		drain->asked.seconds = NF_VIP_DRAIN_BY_OPTION;
	drain->asked.option = backend->spec.drain;
	if (on && (!drain->on || drain->seconds != seconds_of(backend)))
		begin(backend);
	else if (!on && drain->on)
		end_drain(backend);
	watch(backend, !backend->usable);
	drain->known = true;
}

void nf_vip_drain_note(struct nf_vip_service *service)
{
	struct nf_vip_backend *backend;

	lockdep_assert_held(&service->vn->lock);
	list_for_each_entry(backend, &service->backends, node)
		note(backend);
	list_for_each_entry(backend, &service->leaving, node)
		note(backend);
}

static void visit_drains(struct nf_vip_net *vn, void (*act)(struct nf_vip_drain *drain))
{
	struct nf_vip_backend *backend;
	struct nf_vip_service *service;

	lockdep_assert_held(&vn->lock);
	list_for_each_entry(service, &vn->services, node) {
		list_for_each_entry(backend, &service->backends, node)
			act(&backend->drain);
		cond_resched();
	}
}

static void keep(struct nf_vip_drain *drain)
{
	drain->kept = drain->asked;
}

static void take_back(struct nf_vip_drain *drain)
{
	drain->asked = drain->kept;
}

void nf_vip_drain_keep(struct nf_vip_net *vn)
{
	visit_drains(vn, keep);
}

void nf_vip_drain_take_back(struct nf_vip_net *vn)
{
	visit_drains(vn, take_back);
}

void nf_vip_drain_forget(struct nf_vip_backend *backend)
{
	lockdep_assert_held(&backend->service->vn->lock);
	watch(backend, false);
	end_drain(backend);
}

unsigned int nf_vip_drain_left(const struct nf_vip_backend *backend)
{
	lockdep_assert_held(&backend->service->vn->lock);
	return is_timed(&backend->drain) ? nf_vip_alarm_left(backend->drain.end) : 0;
}

static void scan_for_end(struct nf_vip_backend *backend)
{
	struct nf_vip_drain *drain = &backend->drain;

	if (nf_vip_load_get(backend->load)) {
		drain->empty = false;
		return;
	}
	if (drain->empty)
		return;
	drain->empty = true;
	tell_waiters(backend);
	if (drain->on && !drain->told)
		nf_vip_event(backend, NF_VIP_EVENT_DRAINED, NF_VIP_BY_TRAFFIC);
	drain->told = true;
}

static void scan_for_deadline(struct nf_vip_backend *backend)
{
	struct nf_vip_drain *drain = &backend->drain;

	if (!is_timed(drain) || time_before(jiffies, drain->end))
		return;
	drain->overdue = true;
	nf_vip_down_action_note(backend->service);
	if (!drain->empty)
		nf_vip_event(backend, NF_VIP_EVENT_DRAINED, NF_VIP_BY_DEADLINE);
	drain->told = true;
}

/* When an overdue backend is removed, whatever connections it still has. */
static unsigned long leave_end(const struct nf_vip_backend *backend)
{
	return backend->drain.end + GRACE;
}

bool nf_vip_leaving_is_over(const struct nf_vip_backend *backend)
{
	if (!backend->leaving)
		return false;
	return !nf_vip_load_get(backend->load) ||
	       (backend->drain.overdue && time_after_eq(jiffies, leave_end(backend)));
}

/* Jiffies from now until the drain or the leaving of a backend is over. */
static unsigned long time_left(const struct nf_vip_backend *backend)
{
	if (is_timed(&backend->drain))
		return nf_vip_alarm_step(backend->drain.end);
	return backend->leaving ? nf_vip_alarm_step(leave_end(backend)) : MAX_JIFFY_OFFSET;
}

void nf_vip_drain_run(struct nf_vip_net *vn)
{
	unsigned long next = MAX_JIFFY_OFFSET;
	struct nf_vip_backend *backend;

	mutex_lock(&vn->lock);
	list_for_each_entry(backend, &vn->idle, drain.node) {
		scan_for_end(backend);
		scan_for_deadline(backend);
		if (nf_vip_leaving_is_over(backend))
			nf_vip_kick_reap(vn);
		else
			next = min(next, time_left(backend));
	}
	if (next != MAX_JIFFY_OFFSET)
		mod_delayed_work(vn->queue, &vn->deadline, next);
	mutex_unlock(&vn->lock);
}

static void emptied(struct work_struct *work)
{
	nf_vip_drain_run(container_of(work, struct nf_vip_net, emptied));
}

static void deadline(struct work_struct *work)
{
	nf_vip_drain_run(container_of(to_delayed_work(work), struct nf_vip_net, deadline));
}

void nf_vip_drain_init(struct nf_vip_net *vn)
{
	INIT_LIST_HEAD(&vn->idle);
	INIT_WORK(&vn->emptied, emptied);
	INIT_DELAYED_WORK(&vn->deadline, deadline);
}

void nf_vip_drain_stop(struct nf_vip_net *vn)
{
	cancel_work_sync(&vn->emptied);
	cancel_delayed_work_sync(&vn->deadline);
}
