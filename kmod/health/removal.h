/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Backends that were deleted while they had connections. They are part of the
 * configuration no more, but drain: their marks and their folders stay until
 * the last connection has ended, or until some seconds after the deadline, when
 * the rest is reset.
 */
#ifndef NF_VIP_REMOVAL_H
#define NF_VIP_REMOVAL_H

#include <linux/types.h>

struct nf_vip_backend;
struct nf_vip_net;

/**
 * nf_vip_removal_begin() - a backend leaves
 * @backend: linked backend whose condition was put, the namespace's lock held
 *
 * nf_vip_drain_note() of its service has to follow.
 *
 * Context: process.
 */
void nf_vip_removal_begin(struct nf_vip_backend *backend);

/**
 * nf_vip_removal_unlist() - take a backend off the list of those that leave
 * @backend: backend that is leaving, the namespace's lock held
 *
 * For a backend that is taken back, or whose time to leave is over. Afterwards the
 * backend is like one that nf_vip_backend_create() has just made, but for its
 * counters and its connections.
 *
 * Context: process.
 */
void nf_vip_removal_unlist(struct nf_vip_backend *backend);

/**
 * nf_vip_removal_init() - set up a namespace
 * @vn: namespace
 */
void nf_vip_removal_init(struct nf_vip_net *vn);

/**
 * nf_vip_removal_stop() - no backend is removed any more
 * @vn: namespace without services, in which no backend drains any more
 *
 * Context: process, no lock of @vn held.
 */
void nf_vip_removal_stop(struct nf_vip_net *vn);

#endif /* NF_VIP_REMOVAL_H */
