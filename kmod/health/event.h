/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What changed of a backend, for programs and people who want to be told: a
 * uevent in its network namespace, and a line in the kernel log.
 */
#ifndef NF_VIP_EVENT_H
#define NF_VIP_EVENT_H

#include "plan/plan.h"

struct nf_vip_backend;
struct nf_vip_backend_spec;
struct nf_vip_net;
struct nf_vip_service;

enum nf_vip_event_what {
	NF_VIP_EVENT_STATE,
	NF_VIP_EVENT_UP,
	NF_VIP_EVENT_CONDITION,
	NF_VIP_EVENT_WEIGHT,
	NF_VIP_EVENT_EJECTED,
	NF_VIP_EVENT_DRAINED,
};

enum nf_vip_event_by {
	NF_VIP_BY_ADMIN,
	NF_VIP_BY_CHECKER,
	NF_VIP_BY_FLAG,
	NF_VIP_BY_LEASE,
	NF_VIP_BY_EJECTION,
	NF_VIP_BY_TRAFFIC,
	NF_VIP_BY_DEADLINE,
};

/**
 * nf_vip_event() - tell of a change that packets see already
 * @backend: backend as it is now, the namespace's lock held
 * @what: what of it changed
 * @by: who changed it
 *
 * Without memory no uevent is sent, but the change stands. The log has fewer
 * lines than there are events if there are very many.
 *
 * Context: process, may sleep for memory.
 */
void nf_vip_event(struct nf_vip_backend *backend, enum nf_vip_event_what what,
		  enum nf_vip_event_by by);

/**
 * nf_vip_event_spec() - tell what an administrator changed
 * @backend: backend as it is now, the namespace's lock held
 * @before: the specification until now
 *
 * Context: as nf_vip_event().
 */
void nf_vip_event_spec(struct nf_vip_backend *backend, const struct nf_vip_backend_spec *before);

/**
 * nf_vip_event_panic() - tell that too few backends are alive, or enough again
 * @service: service as it is now, the namespace's lock held
 *
 * Context: as nf_vip_event().
 */
void nf_vip_event_panic(struct nf_vip_service *service);

/**
 * nf_vip_event_config() - tell of a change that waits to be confirmed
 * @vn: namespace, its lock held
 * @action: whether the change waits, was accepted, or was undone
 * @by: who asked for that
 *
 * The kernel sends a uevent only for some object, here the first service:
 * without any service there is just the line in the log.
 *
 * Context: as nf_vip_event().
 */
void nf_vip_event_config(struct nf_vip_net *vn, enum nf_vip_confirm_action action,
			 enum nf_vip_event_by by);

#endif /* NF_VIP_EVENT_H */
