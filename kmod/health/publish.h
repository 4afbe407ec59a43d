/* SPDX-License-Identifier: GPL-2.0 */
/* The selection of a service that packets see, and what follows from it. */
#ifndef NF_VIP_PUBLISH_H
#define NF_VIP_PUBLISH_H

#include "objects/service.h"

struct nf_vip_clients;

/**
 * nf_vip_service_select() - build the selection of a service
 * @service: service, which gives the selection its cursor and its counters
 * @svc: what the service shall be
 * @targets: the backends of the service; used up
 * @nr: how many targets
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
 * nf_vip_ends_accept() - does a new selection end `on-empty accept`?
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
 * @selection: the selection that packets see
 *
 * Notes whether too few backends are alive; since when each is usable, and
 * whether one warms up; which are ejected, which drain, and which are down and
 * lose their connections; whether packets are counted.
 */
void nf_vip_service_note(struct nf_vip_service *service, const struct nf_vip_selection *selection);

/**
 * nf_vip_service_account() - shall packets and bytes of a service be counted?
 * @service: service, the namespace's lock held
 * @on: true to count from now on
 */
void nf_vip_service_account(struct nf_vip_service *service, bool on);

/**
 * nf_vip_service_warm_up() - publish a selection with the present weights
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
 * nf_vip_service_select_now() - the selection of a service as it stands
 * @service: service, the namespace's lock held
 *
 * Context: process.
 * Return: as nf_vip_service_select().
 */
struct nf_vip_selection *nf_vip_service_select_now(struct nf_vip_service *service);

/**
 * nf_vip_service_refresh() - publish a selection of a service as it stands
 * @service: service, the namespace's lock held
 *
 * For a change that is in the members of the service or of its backends
 * already.
 *
 * Context: process.
 * Return: 0, -ENOMEM, -ENODEV (deleted meanwhile) or -E2BIG (weights); then
 * packets see what they saw, and the caller puts the members back.
 */
int nf_vip_service_refresh(struct nf_vip_service *service);

#endif /* NF_VIP_PUBLISH_H */
