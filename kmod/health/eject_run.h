/* SPDX-License-Identifier: GPL-2.0 */
/* Ejections begin and end. */
#ifndef NF_VIP_EJECT_RUN_H
#define NF_VIP_EJECT_RUN_H

struct nf_vip_backend;
struct nf_vip_net;

/**
 * nf_vip_eject_end() - forget what a backend failed
 * @backend: backend, ejected, on trial or not; its namespace's lock held
 *
 * Context: process.
 * Return: 0, -ENOMEM, -E2BIG or -ENODEV (deleted meanwhile); then nothing changed.
 */
int nf_vip_eject_end(struct nf_vip_backend *backend);

/**
 * nf_vip_eject_init() - set up a namespace
 * @vn: namespace
 */
void nf_vip_eject_init(struct nf_vip_net *vn);

/**
 * nf_vip_eject_stop() - no work runs or starts any more
 * @vn: namespace without services and hooks
 *
 * Context: process, no lock of @vn held.
 */
void nf_vip_eject_stop(struct nf_vip_net *vn);

#endif /* NF_VIP_EJECT_RUN_H */
