/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one predicate that says when a backend may be chosen, and how much of the
 * new connections it gets then.
 */
#ifndef NF_VIP_USABLE_H
#define NF_VIP_USABLE_H

#include "objects/service.h"

struct nf_vip_condition;

/**
 * nf_vip_usable() - may a backend be chosen for a new connection?
 * @spec: what the administrator wants of the backend
 * @up: true if the checker found the backend alive
 * @condition: the backend's flag, or NULL
 * @ejected: true if the backend failed too many connections
 *
 * Context: the namespace's lock held, where @condition is given.
 */
bool nf_vip_usable(const struct nf_vip_backend_spec *spec, bool up,
		   const struct nf_vip_condition *condition, bool ejected);

/**
 * nf_vip_is_open() - is a backend chosen whatever its health?
 * @backend: backend, the namespace's lock held
 *
 * Return: true if so few backends are alive that the service ignores their
 * health, or if the health of this one is unknown and no other is known to be
 * alive.
 */
bool nf_vip_is_open(const struct nf_vip_backend *backend);

/**
 * nf_vip_is_fit() - may a backend be chosen, but for an ejection?
 * @backend: backend, the namespace's lock held
 */
bool nf_vip_is_fit(const struct nf_vip_backend *backend);

/**
 * nf_vip_backend_usable() - may packets choose a backend?
 * @backend: backend as it was published, the namespace's lock held
 */
bool nf_vip_backend_usable(const struct nf_vip_backend *backend);

/* What the checker of a backend said, or "unknown". */
static inline const char *nf_vip_health(const struct nf_vip_backend *backend)
{
	if (backend->unknown)
		return "unknown";
	return backend->up ? "1" : "0";
}

/**
 * nf_vip_warmth() - how much of its weight does a backend get?
 * @spec: what the administrator wants of the backend
 * @backend: the backend, which knows since when it is usable
 *
 * Context: the namespace's lock held.
 * Return: sixteenths, at least 1; a backend that was not usable until now begins to
 * warm up.
 */
u8 nf_vip_warmth(const struct nf_vip_backend_spec *spec, const struct nf_vip_backend *backend);

/**
 * nf_vip_warmth_in() - nf_vip_warmth(), or less for a backend on trial
 * @svc: what the service shall be
 * @spec: what the administrator wants of the backend
 * @backend: the backend
 *
 * Context: the namespace's lock held.
 */
u8 nf_vip_warmth_in(const struct nf_vip_service_spec *svc, const struct nf_vip_backend_spec *spec,
		    const struct nf_vip_backend *backend);

/**
 * nf_vip_target_set() - what a selection shall know of a backend
 * @target: filled in
 * @svc: what the service shall be
 * @be: what the backend shall be, with its mark
 * @backend: the backend, for its health and its counters
 * @condition: the backend's flag, or NULL
 *
 * Context: the namespace's lock held.
 */
void nf_vip_target_set(struct nf_vip_target *target, const struct nf_vip_service_spec *svc,
		       const struct nf_vip_backend_spec *be,
		       const struct nf_vip_backend *backend,
		       const struct nf_vip_condition *condition);

#endif /* NF_VIP_USABLE_H */
