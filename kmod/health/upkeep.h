/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mends the count of live connections of each backend where packets show no change
 * (conn.h): an entry that timed out, was deleted, was made by another program, or
 * is older than the module. A walk over the conntrack table finds such entries,
 * twice a second, or as seldom as is needed for all namespaces to stay below 1/64
 * of one CPU; and sooner, but below 1/8, when a backend went down whose connections
 * are not to stay.
 */
#ifndef NF_VIP_UPKEEP_H
#define NF_VIP_UPKEEP_H

struct nf_vip_net;

/**
 * nf_vip_upkeep_init() - set up a namespace
 * @vn: namespace
 */
void nf_vip_upkeep_init(struct nf_vip_net *vn);

/**
 * nf_vip_upkeep_start() - walk from now on, as long as there are services
 * @vn: namespace, its lock held
 */
void nf_vip_upkeep_start(struct nf_vip_net *vn);

/**
 * nf_vip_upkeep_stop() - no walk runs or starts any more
 * @vn: namespace without services
 *
 * Context: process, no lock of @vn held.
 */
void nf_vip_upkeep_stop(struct nf_vip_net *vn);

#endif /* NF_VIP_UPKEEP_H */
