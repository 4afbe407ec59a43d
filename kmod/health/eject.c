// SPDX-License-Identifier: GPL-2.0
/* What packets see of ejections, and how ejections are forgotten. */
#include "health/eject.h"
#include "health/event.h"
#include "health/usable.h"
#include "objects/ejection.h"
#include "objects/kick.h"
#include "objects/service.h"
#include "objects/state.h"

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
	nf_vip_eject_clear(ejection);
	ejection->phase = (struct nf_vip_eject_phase){ NF_VIP_EJECT_IN };
}

/* For a service without `eject` by now, whose published selection knows of no ejection. */
static void forget(struct nf_vip_backend *backend)
{
	bool was = nf_vip_is_ejected(backend);

	nf_vip_eject_drop(backend);
	if (was)
		nf_vip_event(backend, NF_VIP_EVENT_EJECTED, NF_VIP_BY_ADMIN);
}

/* Failures of an ejected backend are of connections from before the ejection: do not count them. */
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
	/* Pairs with nf_vip_redispatch(): packets read the limit first, and then see the rest. */
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
		wanted |= nf_vip_is_ejected(backend) && nf_vip_is_fit(backend);
	}
	/* No backend is usable: let the ejected ones be tried at once. */
	if (wanted && !service->nr_usable)
		nf_vip_kick_eject(service->vn);
}
