/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Liveness: the one predicate that says when a backend may be chosen, and what
 * happens when an answer changes.
 */
#ifndef NF_VIP_LIVENESS_H
#define NF_VIP_LIVENESS_H

#include "objects/service.h"

struct nf_vip_clients;
struct nf_vip_condition;
struct nf_vip_usage;

/**
 * nf_vip_usable() - may a backend be chosen for a new connection?
 * @spec: what the administrator wants of it
 * @up: what its checker saw
 * @condition: its flag, or NULL
 * @ejected: it failed too many connections
 *
 * Context: the namespace's lock held, where @condition is given.
 */
bool nf_vip_usable(const struct nf_vip_backend_spec *spec, bool up,
		   const struct nf_vip_condition *condition, bool ejected);

/**
 * nf_vip_is_open() - is a backend chosen whatever its health?
 * @backend: backend, the namespace's lock held
 *
 * Return: true if so few are alive that its service does not believe it, or if
 * nobody knows and no other is known to be alive.
 */
bool nf_vip_is_open(const struct nf_vip_backend *backend);

/**
 * nf_vip_backend_usable() - may packets choose a backend?
 * @backend: backend as it was published, the namespace's lock held
 */
bool nf_vip_backend_usable(const struct nf_vip_backend *backend);

/* What its checker said, or "unknown". */
static inline const char *nf_vip_health(const struct nf_vip_backend *backend)
{
	if (backend->unknown)
		return "unknown";
	return backend->up ? "1" : "0";
}

/**
 * nf_vip_target_set() - what a selection shall know of a backend
 * @target: filled in
 * @svc: what its service shall be
 * @be: what the backend shall be, with its mark
 * @backend: the backend, for its health and its counters
 * @condition: its flag, or NULL
 *
 * Context: the namespace's lock held.
 */
void nf_vip_target_set(struct nf_vip_target *target, const struct nf_vip_service_spec *svc,
		       const struct nf_vip_backend_spec *be,
		       const struct nf_vip_backend *backend,
		       const struct nf_vip_condition *condition);

/**
 * nf_vip_service_select() - build the selection of a service
 * @service: service, for its cursor and its counters
 * @svc: what the service shall be
 * @targets: its backends; used up
 * @nr: how many
 *
 * Context: process, may sleep.
 * Return: as nf_vip_selection_make(), ready to be published.
 */
struct nf_vip_selection *nf_vip_service_select(struct nf_vip_service *service,
					       const struct nf_vip_service_spec *svc,
					       struct nf_vip_target *targets,
					       unsigned int nr);

/**
 * nf_vip_selection_of() - the selection of a service that packets see
 * @service: service in the published map, the namespace's lock held
 *
 * Return: a table that lives until another one is published.
 */
struct nf_vip_selection *nf_vip_selection_of(const struct nf_vip_service *service);

/**
 * nf_vip_service_clients() - the clients that a service remembers
 * @service: service, the namespace's lock held
 *
 * Return: a table that lives until another selection is published, or NULL.
 */
struct nf_vip_clients *nf_vip_service_clients(const struct nf_vip_service *service);

/**
 * nf_vip_ends_accept() - did connections go past that need not any more?
 * @old: selection of a service until now
 * @new: selection that replaces it
 *
 * Connections that `on-empty accept` let through have conntrack entries without
 * our translation; see sweep.h.
 */
bool nf_vip_ends_accept(const struct nf_vip_selection *old,
			const struct nf_vip_selection *new);

/**
 * nf_vip_service_note() - keep in mind what was published
 * @service: service, the namespace's lock held
 * @selection: what packets see of it
 *
 * Since when each backend is usable, whether one warms up, and whether packets
 * are counted; and whether too few backends are alive.
 */
void nf_vip_service_note(struct nf_vip_service *service, const struct nf_vip_selection *selection);

/**
 * nf_vip_service_account() - shall packets and bytes of a service be counted?
 * @service: service, the namespace's lock held
 * @on: from now on
 */
void nf_vip_service_account(struct nf_vip_service *service, bool on);

/**
 * nf_vip_service_warm_up() - publish a selection by the weights of now
 * @service: service in which a backend warms up, the namespace's lock held
 */
void nf_vip_service_warm_up(struct nf_vip_service *service);

/**
 * nf_vip_publish() - swap the selection of a service that packets see
 * @service: service in the published map, the namespace's lock held
 * @selection: new table; the map owns it afterwards, the old one is freed after
 *	a grace period
 */
void nf_vip_publish(struct nf_vip_service *service, struct nf_vip_selection *selection);

/**
 * nf_vip_service_usage() - add what a service has to a sum
 * @service: service, the namespace's lock held
 * @usage: the sum
 */
void nf_vip_service_usage(const struct nf_vip_service *service, struct nf_vip_usage *usage);

/**
 * nf_vip_service_refresh() - publish a selection of a service as it stands
 * @service: service, the namespace's lock held
 *
 * For a change of its own or of its backends that is in their members already.
 *
 * Context: process.
 * Return: 0, -ENOMEM, -ENODEV (deleted meanwhile) or -E2BIG (weights); then
 * packets see what they saw, and the caller puts the members back.
 */
int nf_vip_service_refresh(struct nf_vip_service *service);

/*
 * The changes that files make. Each wants the namespace's lock, takes effect
 * for the next new connection when it returns 0, and changes nothing when it
 * returns -ENOMEM, -ENODEV (deleted meanwhile; not of conditions) or, of
 * weights, -E2BIG. Options are numbers or words, and @value was parsed.
 */
int nf_vip_backend_set_up(struct nf_vip_backend *backend, bool up);
int nf_vip_backend_set(struct nf_vip_backend *backend, const struct nf_vip_option *option,
		       u32 value);
int nf_vip_service_set(struct nf_vip_service *service, const struct nf_vip_option *option,
		       u32 value);
int nf_vip_service_set_eject(struct nf_vip_service *service,
			     const struct nf_vip_eject_spec *eject);
int nf_vip_condition_set(struct nf_vip_condition *condition, bool dead);

#endif /* NF_VIP_LIVENESS_H */
