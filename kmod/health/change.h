/* SPDX-License-Identifier: GPL-2.0 */
/* Changes that a checker, a flag or an administrator makes to one object. */
#ifndef NF_VIP_CHANGE_H
#define NF_VIP_CHANGE_H

#include "nf_vip_option.h"
#include "objects/service.h"

struct nf_vip_condition;
struct nf_vip_usage;

/**
 * nf_vip_service_usage() - add the usage of a service to a sum
 * @service: service, the namespace's lock held
 * @usage: the sum
 */
void nf_vip_service_usage(const struct nf_vip_service *service, struct nf_vip_usage *usage);

/*
 * The changes that files make. A change that returns 0 takes effect for the
 * next new connection; one that returns an error has changed nothing.
 */

/**
 * nf_vip_backend_set_up() - a checker says how a backend is
 * @backend: backend, its namespace's lock held
 * @up: true if the backend is alive
 *
 * Context: process.
 * Return: 0, -ENOMEM or -ENODEV (deleted meanwhile).
 */
int nf_vip_backend_set_up(struct nf_vip_backend *backend, bool up);

/**
 * nf_vip_backend_set() - give an option of a backend a value
 * @backend: backend, its namespace's lock held
 * @option: option that is a number or a word
 * @value: value that nf_vip_option_parse() gave
 *
 * Context: process.
 * Return: as nf_vip_backend_set_up(), or -E2BIG for a weight with which the table of
 * its service would need more than NF_VIP_SLOTS_MAX slots.
 */
int nf_vip_backend_set(struct nf_vip_backend *backend, const struct nf_vip_option *option,
		       u32 value);

/**
 * nf_vip_service_set() - give an option of a service a value
 * @service: service, its namespace's lock held
 * @option: option that is a number or a word
 * @value: value that nf_vip_option_parse() gave
 *
 * Context: process.
 * Return: as nf_vip_backend_set(); -E2BIG is for a scheduler.
 */
int nf_vip_service_set(struct nf_vip_service *service, const struct nf_vip_option *option,
		       u32 value);

/**
 * nf_vip_service_set_eject() - say when backends of a service are ejected
 * @service: service, its namespace's lock held
 * @eject: numbers within their ranges, or zeros for never
 *
 * Context: process.
 * Return: as nf_vip_backend_set_up().
 */
int nf_vip_service_set_eject(struct nf_vip_service *service,
			     const struct nf_vip_eject_spec *eject);

/**
 * nf_vip_condition_set() - set a flag, for all backends that go by it
 * @condition: flag, its namespace's lock held
 * @dead: true if the backends may not be chosen
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int nf_vip_condition_set(struct nf_vip_condition *condition, bool dead);

/**
 * nf_vip_backend_set_drain() - drain a backend
 * @backend: backend, its namespace's lock held
 * @seconds: how long this drain may take, 0 to NF_VIP_DRAIN_MAX; 0 is for
 *	ever. The option of the backend stays as it is.
 *
 * A drain with the same @seconds is not begun again, so its deadline stays;
 * another number than before sets a new deadline, from now on.
 *
 * Context: process.
 * Return: 0, -ENOMEM or -ENODEV (deleted meanwhile); then nothing changed.
 */
int nf_vip_backend_set_drain(struct nf_vip_backend *backend, u32 seconds);

#endif /* NF_VIP_CHANGE_H */
