/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How backends run empty. One whose state is drain may have a deadline: the
 * connections that it has then are reset as their next packets come. Whoever
 * waits for the last connection polls the file `live`.
 *
 * Packets pay for that where the count of a backend reaches zero only.
 */
#ifndef NF_VIP_DRAIN_H
#define NF_VIP_DRAIN_H

#include <linux/types.h>

struct nf_vip_backend;
struct nf_vip_net;
struct nf_vip_service;

/**
 * nf_vip_drain_begin() - drain a backend
 * @backend: backend, its namespace's lock held
 * @seconds: how long that may take, 0 to NF_VIP_DRAIN_MAX; 0 is for ever
 *
 * What @backend does already is not begun again, so its deadline stays; another
 * number than before is another deadline, from now on.
 *
 * Context: process.
 * Return: 0, -ENOMEM or -ENODEV (deleted meanwhile); then nothing changed.
 */
int nf_vip_drain_begin(struct nf_vip_backend *backend, u32 seconds);

/**
 * nf_vip_drain_note() - begin and end drains as the backends are now
 * @service: service whose selection packets see, the namespace's lock held
 *
 * Comes before nf_vip_ondown_note(), which knows whose deadline has passed.
 *
 * Context: process.
 */
void nf_vip_drain_note(struct nf_vip_service *service);

/**
 * nf_vip_drain_forget() - a backend goes away
 * @backend: backend, its namespace's lock held
 *
 * Context: process. Wakes who polls its file `live`.
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
 * nf_vip_drain_emptied() - the last connection of a backend has ended
 * @backend: backend; only one that gets no new connections matters
 *
 * Context: any, RCU lock held.
 */
void nf_vip_drain_emptied(struct nf_vip_backend *backend);

/**
 * nf_vip_drain_look() - tell who ran empty, and whose deadline has passed
 * @vn: namespace
 *
 * Context: process, no lock of @vn held.
 */
void nf_vip_drain_look(struct nf_vip_net *vn);

/**
 * nf_vip_drain_init() - set up a namespace
 * @vn: namespace
 */
void nf_vip_drain_init(struct nf_vip_net *vn);

/**
 * nf_vip_drain_stop() - nothing is looked at any more
 * @vn: namespace without services and hooks, in which nothing walks any more
 *
 * Context: process, no lock of @vn held.
 */
void nf_vip_drain_stop(struct nf_vip_net *vn);

#endif /* NF_VIP_DRAIN_H */
