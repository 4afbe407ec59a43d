// SPDX-License-Identifier: GPL-2.0
/*
 * Events. A uevent is sent for the kobject of the service, never of a backend:
 * the kernel sends a uevent to one network namespace only if the object's
 * folder lies in a folder that is sorted by namespaces, and the folder of a
 * backend does not.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kobject.h>
#include "health/condition.h"
#include "health/event.h"
#include "health/usable.h"
#include "objects/ejection.h"
#include "objects/quota.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/load.h"

static const char * const what_words[] = {
	[NF_VIP_EVENT_STATE]		= "state",
	[NF_VIP_EVENT_UP]		= "up",
	[NF_VIP_EVENT_CONDITION]	= "condition",
	[NF_VIP_EVENT_WEIGHT]		= "weight",
	[NF_VIP_EVENT_EJECTED]		= "ejected",
	[NF_VIP_EVENT_DRAINED]		= "drained",
};

static const char * const by_words[] = {
	[NF_VIP_BY_ADMIN]	= "admin",
	[NF_VIP_BY_CHECKER]	= "checker",
	[NF_VIP_BY_FLAG]	= "flag",
	[NF_VIP_BY_LEASE]	= "lease",
	[NF_VIP_BY_EJECTION]	= "ejection",
	[NF_VIP_BY_TRAFFIC]	= "traffic",
	[NF_VIP_BY_DEADLINE]	= "deadline",
};

#define VALUE_SIZE	12
#define PAIR_SIZE	(sizeof("NF_VIP_SERVICE=") + NF_VIP_NAME_MAX)

static void print_value(char value[VALUE_SIZE], const struct nf_vip_backend *backend,
			enum nf_vip_event_what what)
{
	switch (what) {
	case NF_VIP_EVENT_STATE:
		strscpy(value, nf_vip_state_name(backend->spec.state), VALUE_SIZE);
		break;
	case NF_VIP_EVENT_UP:
		strscpy(value, nf_vip_health(backend), VALUE_SIZE);
		break;
	case NF_VIP_EVENT_CONDITION:
		snprintf(value, VALUE_SIZE, "%d", nf_vip_condition_is_dead(backend->condition));
		break;
	case NF_VIP_EVENT_WEIGHT:
		snprintf(value, VALUE_SIZE, "%u", backend->spec.weight);
		break;
	case NF_VIP_EVENT_EJECTED:
		snprintf(value, VALUE_SIZE, "%u", nf_vip_ejection_left(backend));
		break;
	case NF_VIP_EVENT_DRAINED:
		snprintf(value, VALUE_SIZE, "%u", nf_vip_load_get(backend->load));
		break;
	}
}

/**
 * struct event - what is told, in words
 * @service: the name of the service, or "-" for what concerns all services
 * @backend: the name of the backend, or "" for what concerns the whole service
 * @what: what changed
 * @value: the new value
 * @by: who changed it
 * @usable: whether the backend, or how many of the service, may be chosen
 */
struct event {
	const char *service;
	const char *backend;
	const char *what;
	const char *value;
	const char *by;
	unsigned int usable;
};

static void send(struct nf_vip_service *service, const struct event *event)
{
	char pair[6][PAIR_SIZE];
	char *env[7] = { pair[0], pair[1], pair[2], pair[3], pair[4], pair[5], NULL };

	snprintf(pair[0], PAIR_SIZE, "NF_VIP_SERVICE=%s", event->service);
	snprintf(pair[1], PAIR_SIZE, "NF_VIP_BACKEND=%s", event->backend);
	snprintf(pair[2], PAIR_SIZE, "NF_VIP_WHAT=%s", event->what);
	snprintf(pair[3], PAIR_SIZE, "NF_VIP_VALUE=%s", event->value);
	snprintf(pair[4], PAIR_SIZE, "NF_VIP_BY=%s", event->by);
	snprintf(pair[5], PAIR_SIZE, "NF_VIP_USABLE=%u", event->usable);
	kobject_uevent_env(&service->kobj, KOBJ_CHANGE, env);
}

/* @service: whose folder the uevent names, or NULL for none. */
static void tell(struct nf_vip_net *vn, struct nf_vip_service *service,
		 const struct event *event)
{
	lockdep_assert_held(&vn->lock);
	if (service)
		send(service, event);
	if (nf_vip_may_log(vn))
		pr_info("service=%s backend=%s what=%s value=%s by=%s usable=%u netns=%u\n",
			event->service, event->backend, event->what, event->value,
			event->by, event->usable, vn->net->ns.inum);
}

void nf_vip_event(struct nf_vip_backend *backend, enum nf_vip_event_what what,
		  enum nf_vip_event_by by)
{
	char value[VALUE_SIZE];

	print_value(value, backend, what);
	tell(backend->service->vn, backend->service, &(const struct event) {
		.service = nf_vip_service_name(backend->service),
		.backend = nf_vip_backend_name(backend),
		.what	 = what_words[what],
		.value	 = value,
		.by	 = by_words[by],
		.usable	 = nf_vip_backend_usable(backend),
	});
}

void nf_vip_event_panic(struct nf_vip_service *service)
{
	tell(service->vn, service, &(const struct event) {
		.service = nf_vip_service_name(service),
		.backend = "",
		.what	 = "few",
		.value	 = service->panic.too_few ? "1" : "0",
		.by	 = "min-live",
		.usable	 = service->nr_usable,
	});
}

void nf_vip_event_spec(struct nf_vip_backend *backend, const struct nf_vip_backend_spec *before)
{
	if (backend->spec.state != before->state)
		nf_vip_event(backend, NF_VIP_EVENT_STATE, NF_VIP_BY_ADMIN);
	if (backend->spec.weight != before->weight)
		nf_vip_event(backend, NF_VIP_EVENT_WEIGHT, NF_VIP_BY_ADMIN);
}

void nf_vip_event_config(struct nf_vip_net *vn, enum nf_vip_confirm_action action,
			 enum nf_vip_event_by by)
{
	static const char * const values[] = {
		[NF_VIP_CONFIRM_WAIT]	= "waits",
		[NF_VIP_CONFIRM_ACCEPT]	= "confirmed",
		[NF_VIP_CONFIRM_REVERT]	= "reverted",
	};

	tell(vn, list_first_entry_or_null(&vn->services, struct nf_vip_service, node),
	     &(const struct event) {
		.service = "-",
		.backend = "",
		.what	 = "config",
		.value	 = values[action],
		.by	 = by_words[by],
		.usable	 = vn->nr_services,
	});
}
