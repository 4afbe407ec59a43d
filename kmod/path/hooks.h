/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hooks of a network namespace, per address family.
 *
 * A hook runs under the RCU lock, which netfilter takes; nothing else is certain.
 * Most packets come in a softirq, but packets that the gateway itself sends, or
 * that a program has let go (NFQUEUE), come in process context; with PREEMPT_RT a
 * hook can be preempted in a softirq, too. Per-CPU data says where it is declared
 * what protects it.
 */
#ifndef NF_VIP_HOOKS_H
#define NF_VIP_HOOKS_H

#include <linux/netfilter.h>
#include <linux/types.h>

struct nf_vip_net;

/**
 * nf_vip_hooks_init() - fill in the hooks of a namespace
 * @vn: new namespace, @vn->net set; none of its hooks is registered yet
 *
 * Context: any.
 */
void nf_vip_hooks_init(struct nf_vip_net *vn);

/**
 * nf_vip_hooks_get() - make sure that a family's packets come to the engine
 * @vn: namespace, @vn->lock held
 * @families: BIT(0) for IPv4, BIT(1) for IPv6
 *
 * Turns connection tracking on for @families. Hooks and tracking stay on until
 * the namespace goes, because connections outlive the service that balanced
 * them.
 *
 * Context: process, may sleep.
 * Return: 0 or an errno of nf_register_net_hooks() or nf_ct_netns_get(); on an
 * error, the families that were off are off again.
 */
int nf_vip_hooks_get(struct nf_vip_net *vn, unsigned int families);

/**
 * nf_vip_hooks_drop() - unregister the hooks of a namespace
 * @vn: namespace that is going away
 *
 * Context: process. A grace period must pass before @vn may be freed.
 */
void nf_vip_hooks_drop(struct nf_vip_net *vn);

/**
 * nf_vip_hooks_family() - bit of an address family
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 */
static inline unsigned int nf_vip_hooks_family(u8 family)
{
	return family == NFPROTO_IPV6 ? BIT(1) : BIT(0);
}

#endif /* NF_VIP_HOOKS_H */
