/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /proc/net/nf_vip of a network namespace.
 */
#ifndef NF_VIP_PROCFS_H
#define NF_VIP_PROCFS_H

struct nf_vip_net;

/**
 * nf_vip_procfs_start() - make the files of a namespace
 * @vn: namespace
 *
 * Context: process; pernet init.
 * Return: 0 or -ENOMEM; then nothing is left.
 */
int nf_vip_procfs_start(struct nf_vip_net *vn);

/**
 * nf_vip_procfs_stop() - remove the files
 * @vn: namespace
 *
 * Context: process, no lock of @vn held: waits for readers and writers.
 */
void nf_vip_procfs_stop(struct nf_vip_net *vn);

#endif /* NF_VIP_PROCFS_H */
