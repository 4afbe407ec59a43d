// SPDX-License-Identifier: GPL-2.0
#include "health/change.h"
#include "health/condition.h"
#include "health/event.h"
#include "health/publish.h"
#include "nf_vip_option.h"
#include "objects/quota.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/select.h"

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

/* Called before a setter puts its value in; @before gets the usage of the namespace until then. */
static void begin_set(const struct nf_vip_net *vn, struct nf_vip_usage *before)
{
	nf_vip_wait_for_frees(vn);
	sum_up(vn, before);
}

/* Does the new value take the namespace beyond its quota? @before is its usage until then. */
static int check_usage(const struct nf_vip_net *vn, const struct nf_vip_usage *before)
{
	struct nf_vip_usage usage;
	u32 limit;

	sum_up(vn, &usage);
	return nf_vip_usage_over(vn, before, &usage, &limit) ? -E2BIG : 0;
}

static int refresh_for(struct nf_vip_backend *backend)
{
	return nf_vip_backend_is_linked(backend) ? nf_vip_service_refresh(backend->service) :
						   -ENODEV;
}

/* Each setter puts the value in, and puts the old value back if the new one cannot take effect. */

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

/* Builds the next selection of each service that a flag concerns, one per service. */
static int build_pending(struct nf_vip_condition *condition)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, &condition->backends, flagged) {
		struct nf_vip_service *service = backend->service;
		struct nf_vip_selection *selection;

		if (service->pending)
			continue;
		selection = nf_vip_service_select_now(service);
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

int nf_vip_backend_set_drain(struct nf_vip_backend *backend, u32 seconds)
{
	struct nf_vip_backend_spec before = backend->spec;
	u32 asked = backend->drain.asked.seconds;
	int err;

	if (!nf_vip_backend_is_linked(backend))
		return -ENODEV;
	if (backend->drain.on && backend->drain.seconds == seconds)
		return 0;
	backend->spec.state = NF_VIP_STATE_DRAIN;
	backend->drain.asked.seconds = seconds;
	err = nf_vip_service_refresh(backend->service);
	if (err) {
		backend->spec = before;
		backend->drain.asked.seconds = asked;
	} else {
		nf_vip_event_spec(backend, &before);
	}
	return err;
}
