/* SPDX-License-Identifier: GPL-2.0 */
/* What a checker, a flag or an administrator changes of one object. */
#ifndef NF_VIP_CHANGE_H
#define NF_VIP_CHANGE_H

#include "nf_vip_option.h"
#include "objects/service.h"

struct nf_vip_condition;
struct nf_vip_usage;

/**
 * nf_vip_service_usage() - add what a service has to a sum
 * @service: service, the namespace's lock held
 * @usage: the sum
 */
void nf_vip_service_usage(const struct nf_vip_service *service, struct nf_vip_usage *usage);

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

/**
 * nf_vip_backend_set_drain() - drain a backend
 * @backend: backend, its namespace's lock held
 * @seconds: how long that may take, 0 to NF_VIP_DRAIN_MAX; 0 is for ever
 *
 * What @backend does already is not begun again, so its deadline stays; another
 * number than before is another deadline, from now on.
 *
 * Context: process.
 * Return: 0, -ENOMEM or -ENODEV (deleted meanwhile); then nothing changed.
 */
int nf_vip_backend_set_drain(struct nf_vip_backend *backend, u32 seconds);

#endif /* NF_VIP_CHANGE_H */
