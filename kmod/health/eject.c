// SPDX-License-Identifier: GPL-2.0
/*
 * All backends of a service are looked at together: the last one that may be
 * chosen stays, and however many change it gets one selection. Where each of
 * them shall stand is put down first, then all of that takes effect, or, without
 * memory, nothing of it.
 */
#include <linux/random.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "health/eject.h"
#include "health/event.h"
#include "health/liveness.h"
#include "net.h"
#include "objects/service.h"
#include "select/alarm.h"

/* Without memory it happens a little later. */
#define RETRY		HZ

/* Others count at the same time; who never gets to it is one of very many. */
#define COUNT_TRIES	8

static u64 count_failure(struct nf_vip_ejection *ejection)
{
	u64 was = atomic64_read(&ejection->failures), word;
	unsigned int i;

	for (i = 0; i < COUNT_TRIES; i++) {
		word = nf_vip_eject_count(was, jiffies, READ_ONCE(ejection->window));
		if (atomic64_try_cmpxchg_relaxed(&ejection->failures, &was, word))
			break;
	}
	return word;
}

/* What tells a client from others; not 0. */
static u32 print_of(const struct nf_vip_net *vn, const struct nf_conntrack_tuple *client)
{
	const u32 *addr = client->src.u3.all;

	if (client->src.l3num == NFPROTO_IPV4)
		return siphash_1u32(addr[0], &vn->eject_key) | 1;
	return siphash_2u32(addr[0], addr[1], &vn->eject_key) | 1;
}

/* Enough failures, and of enough clients? */
static bool is_enough(struct nf_vip_ejection *ejection, u64 failures, u32 print)
{
	u32 clients = READ_ONCE(ejection->clients);

	/* In this order: the first ones are noted, too. */
	return nf_vip_eject_meet(ejection->met, clients, print, failures >> 32) >= clients &&
	       (u32)failures >= READ_ONCE(ejection->limit);
}

void nf_vip_eject_failed(struct nf_vip_backend *backend, const struct nf_conntrack_tuple *client)
{
	struct nf_vip_ejection *ejection = &backend->ejection;
	struct nf_vip_net *vn = backend->service->vn;

	this_cpu_inc(backend->stats->failed);
	if (!is_enough(ejection, count_failure(ejection), print_of(vn, client)) ||
	    !READ_ONCE(ejection->others) || READ_ONCE(ejection->due))
		return;
	WRITE_ONCE(ejection->due, true);
	queue_work(vn->queue, &vn->eject);
}

bool nf_vip_is_ejected(const struct nf_vip_backend *backend)
{
	return backend->ejection.phase.state == NF_VIP_EJECT_OUT;
}

bool nf_vip_eject_on_trial(const struct nf_vip_backend *backend)
{
	return backend->ejection.phase.state == NF_VIP_EJECT_TRIAL;
}

static bool is_over(const struct nf_vip_eject_phase *phase, unsigned long now)
{
	return phase->state != NF_VIP_EJECT_IN && time_after_eq(now, phase->until);
}

unsigned int nf_vip_eject_left(const struct nf_vip_backend *backend)
{
	lockdep_assert_held(&backend->service->vn->lock);
	return nf_vip_is_ejected(backend) ? nf_vip_alarm_left(backend->ejection.phase.until) : 0;
}

static void arm(struct nf_vip_net *vn, unsigned long end)
{
	nf_vip_alarm_set(vn->queue, &vn->eject_later, &vn->eject_at, end);
}

/* May it be chosen, but for an ejection? */
static bool is_fit(const struct nf_vip_backend *backend)
{
	return nf_vip_usable(&backend->spec, backend->up, backend->condition, false);
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

/* What time brings; returns how many may be chosen then. */
static unsigned int look_at_time(struct nf_vip_service *service, unsigned long now)
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
		nr += is_fit(backend) && ejection->next.state != NF_VIP_EJECT_OUT;
	}
	return nr;
}

/* What failures bring, to all but the last of @nr. */
static void look_at_failures(struct nf_vip_service *service, unsigned int nr, unsigned long now)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, &service->backends, node) {
		if (nr > 1 && READ_ONCE(backend->ejection.due) && is_fit(backend) &&
		    backend->ejection.next.state != NF_VIP_EJECT_OUT) {
			begin_ejection(backend, now);
			nr--;
		}
		/* Those that are left cannot be chosen, but these can be tried. */
		if (!nr && is_fit(backend))
			begin_trial(backend, now);
	}
}

/* Puts into @next where each backend shall stand; returns whether packets have to know. */
static bool look_ahead(struct nf_vip_service *service, unsigned long now)
{
	struct nf_vip_backend *backend;
	bool changes = false;

	look_at_failures(service, look_at_time(service, now), now);
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

/* Failures that were acted upon are forgotten; and what was swapped out is in @next. */
static void settle(struct nf_vip_backend *backend)
{
	struct nf_vip_ejection *ejection = &backend->ejection;
	bool was_out = ejection->next.state == NF_VIP_EJECT_OUT;

	if (READ_ONCE(ejection->due) || ejection->phase.state != ejection->next.state) {
		WRITE_ONCE(ejection->due, false);
		atomic64_set(&ejection->failures, 0);
	}
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

	if (look_ahead(service, now)) {
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
	WRITE_ONCE(ejection->due, false);
	atomic64_set(&ejection->failures, 0);
	if (before.state == NF_VIP_EJECT_OUT)
		nf_vip_event(backend, NF_VIP_EVENT_EJECTED, NF_VIP_BY_ADMIN);
	return 0;
}

static void set_ejecting(struct nf_vip_service *service, bool on)
{
	struct nf_vip_net *vn = service->vn;

	lockdep_assert_held(&vn->lock);
	WRITE_ONCE(vn->nr_ejecting, vn->nr_ejecting + on - service->ejecting);
	service->ejecting = on;
}

void nf_vip_eject_forget(struct nf_vip_service *service)
{
	set_ejecting(service, false);
}

void nf_vip_eject_drop(struct nf_vip_backend *backend)
{
	struct nf_vip_ejection *ejection = &backend->ejection;

	lockdep_assert_held(&backend->service->vn->lock);
	WRITE_ONCE(ejection->limit, 0);
	WRITE_ONCE(ejection->due, false);
	atomic64_set(&ejection->failures, 0);
	ejection->phase = (struct nf_vip_eject_phase){ NF_VIP_EJECT_IN };
}

/* The service has no `eject` any more; its selection knows of no ejection already. */
static void forget(struct nf_vip_backend *backend)
{
	bool was = nf_vip_is_ejected(backend);

	nf_vip_eject_drop(backend);
	if (was)
		nf_vip_event(backend, NF_VIP_EVENT_EJECTED, NF_VIP_BY_ADMIN);
}

/* Failures of one that is ejected are of connections that it had before. */
static u32 limit_of(const struct nf_vip_backend *backend)
{
	switch (backend->ejection.phase.state) {
	case NF_VIP_EJECT_OUT:
		return U32_MAX;
	case NF_VIP_EJECT_TRIAL:
		return 1;
	case NF_VIP_EJECT_IN:
		break;
	}
	return backend->service->spec.eject.fails;
}

static void tell_packets(struct nf_vip_backend *backend)
{
	const struct nf_vip_service *service = backend->service;
	struct nf_vip_ejection *ejection = &backend->ejection;

	WRITE_ONCE(ejection->window, service->spec.eject.window * HZ);
	WRITE_ONCE(ejection->clients, service->spec.eject_clients);
	WRITE_ONCE(ejection->others, service->nr_usable > backend->usable);
	/* Packets look at it first: with it they have the rest. */
	smp_store_release(&ejection->limit, service->spec.eject.fails ? limit_of(backend) : 0);
}

void nf_vip_eject_note(struct nf_vip_service *service)
{
	bool on = service->spec.eject.fails, was = service->ejecting, wanted = false;
	struct nf_vip_backend *backend;

	if (!on && !was)
		return;
	set_ejecting(service, on);
	list_for_each_entry(backend, &service->backends, node) {
		if (!on)
			forget(backend);
		tell_packets(backend);
		wanted |= nf_vip_is_ejected(backend) && is_fit(backend);
	}
	/* Nobody else is left: those that are ejected are tried. */
	if (wanted && !service->nr_usable)
		queue_work(service->vn->queue, &service->vn->eject);
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
