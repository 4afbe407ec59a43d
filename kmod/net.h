/* SPDX-License-Identifier: GPL-2.0 */
/* Network namespaces come and go, and the module with all of them. */
#ifndef NF_VIP_NET_H
#define NF_VIP_NET_H

/**
 * nf_vip_net_start() - give every network namespace its state and its files
 *
 * Context: process; module init.
 * Return: 0 or an errno of register_pernet_subsys().
 */
int nf_vip_net_start(void);

/**
 * nf_vip_net_stop() - take hooks, services and files from every namespace
 *
 * Context: process; module exit. On return no hook of ours runs any more.
 */
void nf_vip_net_stop(void);

#endif /* NF_VIP_NET_H */
