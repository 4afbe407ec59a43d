/* SPDX-License-Identifier: GPL-2.0 */
/*
 * `vipctl doctor`: what its checks share. Each check looks at one thing and
 * reports what it finds; cmd_doctor.c has the table of checks.
 */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <jansson.h>
#include "config/model.h"
#include "lib/text.h"
#include "net/rtnl.h"

/* What can be found; doctor.c has the words for each. */
enum doctor_kind {
	DOCTOR_MODULE_MISSING,
	DOCTOR_MODULE_NOT_INSTALLED,
	DOCTOR_MODULE_REFUSED,
	DOCTOR_KERNEL_WITHOUT_MODULE,
	DOCTOR_IP_FORWARD,
	DOCTOR_IFACE_FORWARD,
	DOCTOR_NO_ROUTE,
	DOCTOR_UNREACHABLE,
	DOCTOR_SERVICE_DEAD,
	DOCTOR_BACKEND_LOCAL,
	DOCTOR_BACKEND_IS_VIP,
	DOCTOR_VIP_UNANSWERED,
	DOCTOR_REPLY_BYPASS,
	DOCTOR_RP_FILTER,
	DOCTOR_CONNTRACK_FULL,
	DOCTOR_CONNTRACK_HASH,
	DOCTOR_RELOAD_LEFT,
	DOCTOR_XT_CONDITION,
	DOCTOR_IPVS,
	DOCTOR_NO_REPLIES,
	DOCTOR_FORWARD_DROP,
	DOCTOR_MARK_RULE,
	DOCTOR_NAT_RULE,
	DOCTOR_NOTRACK,
	DOCTOR_FASTPATH_MISSING,
	DOCTOR_FASTPATH_NOT_TAKEN,
	DOCTOR_KINDS,
};

/**
 * struct doctor - what is known of the patient, and what was found
 * @findings: array of objects
 * @unseen: array of strings: what could not be looked at, and why
 * @known: object with a member for each finding: each is reported once
 * @config: the configuration, as the kernel prints it
 * @status: the status, as the kernel prints it
 * @model: the configuration, read
 * @asked: names of services; all services if there are none
 * @nr_asked: how many names
 * @mark_mask: bits of connection marks that are the module's
 * @net: interfaces, addresses, neighbours, routes
 * @has_net: @net could be read
 * @failed: memory ran out
 */
struct doctor {
	json_t *findings;
	json_t *unseen;
	json_t *known;
	struct text config;
	struct text status;
	struct model model;
	char **asked;
	int nr_asked;
	__u32 mark_mask;
	struct rtnl net;
	bool has_net;
	bool failed;
};

/**
 * doctor_asked() - was this service asked for?
 * @d: patient
 * @service: name of the service
 */
bool doctor_asked(const struct doctor *d, const char *service);

/**
 * doctor_next() - get the next service that was asked for
 * @d: patient
 * @service: the service before, or NULL for the first
 *
 * Return: the service, or NULL after the last one.
 */
struct nf_vip_plan_service *doctor_next(const struct doctor *d,
					const struct nf_vip_plan_service *service);

/**
 * doctor_found() - report a finding
 * @d: patient
 * @kind: what was found
 * @place: where it was found; the same kind at the same place is reported once
 * @seen: what was seen, a sentence without a full stop
 * @mend: the command that mends what was found
 *
 * @place, @seen and @mend are strings from doctor_words(), which this function
 * frees; without memory for one of them @d has failed.
 */
void doctor_found(struct doctor *d, enum doctor_kind kind, json_t *place,
		  json_t *seen, json_t *mend);

/* Makes a string for doctor_found(), as printf(3) does. */
#define doctor_words(...)	json_sprintf(__VA_ARGS__)

/**
 * doctor_unseen() - report that something could not be looked at
 * @d: patient
 * @what: what
 * @err: negative errno
 */
void doctor_unseen(struct doctor *d, const char *what, int err);

/**
 * doctor_unseen_because() - doctor_unseen() with a reason in words
 * @d: patient
 * @what: what
 * @why: a sentence
 */
void doctor_unseen_because(struct doctor *d, const char *what, const char *why);

/**
 * doctor_kind_name() - the identifier of what can be found
 * @kind: kind
 */
const char *doctor_kind_name(enum doctor_kind kind);

/**
 * doctor_sysctl() - read a setting that is a number
 * @path: name of the setting, with slashes
 * @value: the number, on success
 *
 * Return: 0 or a negative errno; -ENOENT is usual: this kernel has no such
 * setting.
 */
int doctor_sysctl(const char *path, long *value);

/**
 * doctor_setting() - read a setting that is a number
 * @path: name of the setting, with slashes
 *
 * Return: the number, -1 if it cannot be read.
 */
long doctor_setting(const char *path);

/**
 * doctor_way_out() - by which interface strangers are reached
 * @d: patient
 * @family: AF_INET or AF_INET6
 *
 * Return: name of the interface, "" if there is none.
 */
const char *doctor_way_out(const struct doctor *d, __u8 family);

/**
 * doctor_route() - ask for the route to a backend
 * @d: patient
 * @backend: backend
 * @route: filled in on success
 *
 * Return: 0 if packets to the backend leave this machine, -EADDRINUSE if they
 * do not, or as rtnl_route(); -EHOSTUNREACH, too, if a route forbids it.
 */
int doctor_route(const struct doctor *d, const struct nf_vip_plan_backend *backend,
		 struct rtnl_route *route);

/**
 * doctor_has_module() - does modprobe know nf_vip.ko of this kernel?
 * @release: the kernel, as uname(2) says it, so shorter than the field there
 */
bool doctor_has_module(const char *release);

/* The checks. */
void doctor_module(struct doctor *d);
void doctor_kernels(struct doctor *d);
void doctor_forward(struct doctor *d);
void doctor_backends(struct doctor *d);
void doctor_health(struct doctor *d);
void doctor_local(struct doctor *d);
void doctor_vips(struct doctor *d);
void doctor_replies(struct doctor *d);
void doctor_rp_filter(struct doctor *d);
void doctor_conntrack(struct doctor *d);
void doctor_reload(struct doctor *d);
void doctor_xt_condition(struct doctor *d);
void doctor_ipvs(struct doctor *d);
void doctor_silent(struct doctor *d);
void doctor_rules(struct doctor *d);
void doctor_fastpath(struct doctor *d, bool has_flowtable);

#endif /* DOCTOR_H */
