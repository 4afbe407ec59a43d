/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How backends run empty. A backend whose state is drain may have a deadline:
 * the connections that are left then are reset as their next packets come.
 * Whoever waits for the last connection polls the file `live`.
 *
 * Packets pay for this only where the count of a backend reaches zero.
 */
#ifndef NF_VIP_DRAIN_H
#define NF_VIP_DRAIN_H

#include <linux/types.h>

struct nf_vip_backend;
struct nf_vip_net;
struct nf_vip_service;

/* Seconds that a deleted backend without a deadline of its own may take to leave. */
#define NF_VIP_LEAVE_SECONDS	300

/**
 * nf_vip_drain_note() - begin and end drains as the backends are now
 * @service: service whose selection packets see, the namespace's lock held
 *
 * Comes before nf_vip_down_action_note(), which knows whose deadline has passed.
 *
 * Context: process.
 */
void nf_vip_drain_note(struct nf_vip_service *service);

/**
 * nf_vip_drain_keep() - remember what commands said of the drains that run
 * @vn: namespace, its lock held; a change is about to be made that waits to
 *	be confirmed
 *
 * Context: process.
 */
void nf_vip_drain_keep(struct nf_vip_net *vn);

/**
 * nf_vip_drain_take_back() - forget what commands said since nf_vip_drain_keep()
 * @vn: namespace, its lock held; the change is about to be undone
 *
 * Context: process.
 */
void nf_vip_drain_take_back(struct nf_vip_net *vn);

/**
 * nf_vip_drain_forget() - a backend goes away
 * @backend: backend, its namespace's lock held
 *
 * Context: process. Wakes whoever polls the backend's file `live`.
 */
void nf_vip_drain_forget(struct nf_vip_backend *backend);

/**
 * nf_vip_drain_left() - how long may a drain still take?
 * @backend: backend, its namespace's lock held
 *
 * Return: seconds, rounded up, at least 1 before the deadline; 0 after it and
 * without one.
 */
unsigned int nf_vip_drain_left(const struct nf_vip_backend *backend);

/**
 * nf_vip_drain_run() - find backends that ran empty or whose deadline has passed
 * @vn: namespace
 *
 * Tells of both; has the connections that are left after a deadline reset, and
 * backends removed whose time to leave is over; runs again when the next deadline is
 * due.
 *
 * Context: process, no lock of @vn held.
 */
void nf_vip_drain_run(struct nf_vip_net *vn);

/**
 * nf_vip_drain_init() - set up a namespace
 * @vn: namespace
 */
void nf_vip_drain_init(struct nf_vip_net *vn);

/**
 * nf_vip_drain_stop() - no backend is looked at any more
 * @vn: namespace without services and hooks, in which no walk (upkeep.h) runs
 *	any more
 *
 * Context: process, no lock of @vn held.
 */
void nf_vip_drain_stop(struct nf_vip_net *vn);

/**
 * nf_vip_leaving_is_over() - is a backend to be removed now?
 * @backend: backend, the namespace's lock held
 */
bool nf_vip_leaving_is_over(const struct nf_vip_backend *backend);

#endif /* NF_VIP_DRAIN_H */
