// SPDX-License-Identifier: GPL-2.0
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include "doctor/doctor.h"
#include "module/module_io.h"

/* Identifiers do not change, because scripts go by them. vipctl(8) has them, too. */
static const struct {
	const char *name;
	bool is_error;
	const char *why;
} kinds[] = {
	[DOCTOR_MODULE_MISSING] = {
		"module-missing", true,
		"nothing is balanced while the module is not loaded",
	},
	[DOCTOR_MODULE_NOT_INSTALLED] = {
		"module-not-installed", true,
		"the module has to be made for each kernel before it can be loaded",
	},
	[DOCTOR_MODULE_REFUSED] = {
		"module-refused", true,
		"this kernel loads only modules that are signed with a key that it knows",
	},
	[DOCTOR_KERNEL_WITHOUT_MODULE] = {
		"kernel-without-module", false,
		"if this kernel is booted next, nothing is balanced",
	},
	[DOCTOR_IP_FORWARD] = {
		"ip-forward", true,
		"the gateway drops what it should forward to backends and back",
	},
	[DOCTOR_IFACE_FORWARD] = {
		"interface-forward", true,
		"the gateway forwards nothing that comes in by this interface",
	},
	[DOCTOR_NO_ROUTE] = {
		"no-route", true,
		"connections that are given to this backend are refused: it needs a route, or has to be taken out",
	},
	[DOCTOR_UNREACHABLE] = {
		"unreachable", true,
		"connections that are given to this backend get no answer: mend it, or take it out",
	},
	[DOCTOR_SERVICE_DEAD] = {
		"service-dead", true,
		"no new connection to the service gets a backend",
	},
	[DOCTOR_BACKEND_LOCAL] = {
		"backend-local", true,
		"connections that are given to this backend are refused by the gateway itself",
	},
	[DOCTOR_BACKEND_IS_VIP] = {
		"backend-is-vip", true,
		"connections that are given to this backend come to nobody: they are not balanced again",
	},
	[DOCTOR_VIP_UNANSWERED] = {
		"vip-unanswered", false,
		"hosts in that subnet get no answer when they ask who has the VIP, unless another gateway is active",
	},
	[DOCTOR_REPLY_BYPASS] = {
		"reply-bypass", false,
		"the backend answers such clients directly, from an address that they did not ask",
	},
	[DOCTOR_RP_FILTER] = {
		"rp-filter", false,
		"a strict filter drops packets that come in by another interface than replies to them would leave by",
	},
	[DOCTOR_CONNTRACK_FULL] = {
		"conntrack-full", false,
		"when the table is full, new connections are dropped",
	},
	[DOCTOR_CONNTRACK_HASH] = {
		"conntrack-hash", false,
		"each packet has to search a long chain when the table fills",
	},
	[DOCTOR_RELOAD_LEFT] = {
		"reload-left", true,
		"a reload-module that was ended has left it, and it drops what nobody has balanced",
	},
	[DOCTOR_XT_CONDITION] = {
		"xt-condition", false,
		"the flags in " MODULE_IO_FLAGS " are its own, and no backend can have one",
	},
	[DOCTOR_IPVS] = {
		"ipvs", false,
		"the module comes first, and which connections IPVS gets depends on when they began",
	},
	[DOCTOR_NO_REPLIES] = {
		"no-replies", false,
		"it does not work, or sends its replies another way: then snat makes them come back",
	},
	[DOCTOR_FORWARD_DROP] = {
		"forward-drop", false,
		"the chain may drop what is on its way to backends",
	},
	[DOCTOR_MARK_RULE] = {
		"mark-rule", false,
		"bits of mark_mask say which backend a connection has: it is not found again without them",
	},
	[DOCTOR_NAT_RULE] = {
		"nat-rule", false,
		"the module comes before NAT rules: this one gets no new connection that the service has",
	},
	[DOCTOR_NOTRACK] = {
		"notrack-rule", false,
		"packets that connection tracking does not see are not balanced",
	},
	[DOCTOR_FASTPATH_MISSING] = {
		"fastpath-missing", false,
		"established connections do not take the fast path",
	},
	[DOCTOR_FASTPATH_NOT_TAKEN] = {
		"fastpath-not-taken", false,
		"connections go the long way; newer kernels take those alone of which both interfaces are named",
	},
};

static_assert(ARRAY_SIZE(kinds) == DOCTOR_KINDS, "each kind has its words");

const char *doctor_kind_name(enum doctor_kind kind)
{
	return kinds[kind].name;
}

static bool is_known(struct doctor *d, enum doctor_kind kind,
		     const json_t *place)
{
	json_t *key = doctor_words("%s %s", kinds[kind].name,
				   json_string_value(place));
	bool known = json_object_get(d->known, json_string_value(key));

	if (json_object_set_new(d->known, json_string_value(key), json_true()))
		d->failed = true;
	json_decref(key);
	return known;
}

void doctor_found(struct doctor *d, enum doctor_kind kind, json_t *place,
		  json_t *seen, json_t *mend)
{
	json_t *finding;

	if (!place || !seen || !mend)
		d->failed = true;
	if (d->failed || is_known(d, kind, place)) {
		json_decref(place);
		json_decref(seen);
		json_decref(mend);
		return;
	}
	finding = json_pack("{s:s, s:s, s:o, s:o, s:s, s:o}",
			    "id", kinds[kind].name,
			    "severity", kinds[kind].is_error ? "error" : "warning",
			    "place", place, "seen", seen,
			    "why", kinds[kind].why, "mend", mend);
	if (json_array_append_new(d->findings, finding))
		d->failed = true;
}

void doctor_unseen_because(struct doctor *d, const char *what, const char *why)
{
	if (json_array_append_new(d->unseen, doctor_words("%s: %s", what, why)))
		d->failed = true;
}

void doctor_unseen(struct doctor *d, const char *what, int err)
{
	doctor_unseen_because(d, what, strerror(-err));
}

bool doctor_asked(const struct doctor *d, const char *service)
{
	int i;

	for (i = 0; i < d->nr_asked; i++)
		if (!strcmp(d->asked[i], service))
			return true;
	return !d->nr_asked;
}

struct nf_vip_plan_service *doctor_next(const struct doctor *d,
					const struct nf_vip_plan_service *service)
{
	const struct list_head *services = &d->model.plan.services;
	struct list_head *at = service ? service->node.next : services->next;

	for (; at != services; at = at->next) {
		struct nf_vip_plan_service *next;

		next = list_entry(at, struct nf_vip_plan_service, node);
		if (doctor_asked(d, next->name))
			return next;
	}
	return NULL;
}

int doctor_sysctl(const char *path, long *value)
{
	struct text text = { 0 };
	char full[256];
	int err;

	snprintf(full, sizeof(full), "/proc/sys/%s", path);
	err = text_read_file(&text, full, 4096);
	if (!err)
		*value = strtol(text.data, NULL, 0);
	text_free(&text);
	return err;
}

long doctor_setting(const char *path)
{
	long value;

	return doctor_sysctl(path, &value) ? -1 : value;
}

int doctor_route(const struct doctor *d, const struct nf_vip_plan_backend *backend,
		 struct rtnl_route *route)
{
	int err;

	err = rtnl_route(&d->net, backend->spec.family, &backend->spec.addr,
			 route);
	if (err)
		return err;
	if (route->type == RTN_LOCAL)
		return -EADDRINUSE;
	return route->type == RTN_UNICAST ? 0 : -EHOSTUNREACH;
}

const char *doctor_way_out(const struct doctor *d, __u8 family)
{
	/*
	 * Addresses of RFC 5737 and RFC 3849 belong to nobody, so packets to
	 * them go the way of strangers.
	 */
	const char *stranger = family == NFPROTO_IPV4 ? "192.0.2.1" : "2001:db8:dead::1";
	union nf_inet_addr to = { 0 };
	struct rtnl_route route;

	if (inet_pton(family, stranger, &to) != 1 || rtnl_route(&d->net, family, &to, &route) ||
	    !route.ifindex)
		return "";
	return rtnl_link_name(&d->net, route.ifindex);
}
