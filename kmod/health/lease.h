/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Leases of health. What a checker says of a backend may hold for some seconds
 * only, so that the last answer of a checker that died does not stand for ever.
 * There is one timer in a namespace, and none while there is no lease.
 */
#ifndef NF_VIP_LEASE_H
#define NF_VIP_LEASE_H

#include <linux/types.h>

struct nf_vip_backend;
struct nf_vip_net;

/**
 * nf_vip_health_report() - what a checker says of a backend
 * @backend: backend, its namespace's lock held
 * @up: its health
 * @seconds: how long the report holds, 1 to NF_VIP_LEASE_MAX, or 0: until the
 *	next one
 *
 * Ends the lease that the backend has, if any. When the new lease runs out
 * without another report, the backend gets the health that its option lease-end
 * has then: in time or, where timers are coarse, less than a second later.
 *
 * Context: process.
 * Return: 0, -ENOMEM or -ENODEV (deleted meanwhile); then nothing changed.
 */
int nf_vip_health_report(struct nf_vip_backend *backend, bool up, u32 seconds);

/**
 * nf_vip_lease_drop() - end a lease without a change of health
 * @backend: backend, with or without a lease; its namespace's lock held
 */
void nf_vip_lease_drop(struct nf_vip_backend *backend);

/**
 * nf_vip_lease_left() - how long does a lease last?
 * @backend: backend, its namespace's lock held
 *
 * Return: seconds, rounded up, at least 1; 0 without a lease.
 */
unsigned int nf_vip_lease_left(const struct nf_vip_backend *backend);

/**
 * nf_vip_lease_init() - set up a namespace
 * @vn: namespace
 */
void nf_vip_lease_init(struct nf_vip_net *vn);

/**
 * nf_vip_lease_stop() - no lease runs out any more
 * @vn: namespace without services
 *
 * Context: process, no lock of @vn held.
 */
void nf_vip_lease_stop(struct nf_vip_net *vn);

#endif /* NF_VIP_LEASE_H */
