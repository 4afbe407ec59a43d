/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sweeping: a connection that was let through before its VIP existed, or while
 * its service had no backend, has a conntrack entry without our translation,
 * and a client's retries keep that entry alive. Such entries are dropped.
 */
#ifndef NF_VIP_SWEEP_H
#define NF_VIP_SWEEP_H

struct nf_vip_net;

/**
 * nf_vip_sweep_init() - set up a namespace
 * @vn: namespace
 */
void nf_vip_sweep_init(struct nf_vip_net *vn);

/**
 * nf_vip_sweep_later() - sweep a namespace soon
 * @vn: namespace
 *
 * Context: any. Requests that come while a sweep waits to run are merged.
 */
void nf_vip_sweep_later(struct nf_vip_net *vn);

/**
 * nf_vip_sweep_wait() - wait until the sweeps asked for so far are done
 * @vn: namespace
 *
 * Context: process, no lock of @vn held: a sweep walks the conntrack table.
 */
void nf_vip_sweep_wait(struct nf_vip_net *vn);

/**
 * nf_vip_sweep_cancel() - no sweep runs or starts any more
 * @vn: namespace that is going away
 */
void nf_vip_sweep_cancel(struct nf_vip_net *vn);

#endif /* NF_VIP_SWEEP_H */
