/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPsec: the policy of a packet is that of the addresses and ports it leaves with.
 */
#ifndef NF_VIP_XFRM_H
#define NF_VIP_XFRM_H

#include <net/net_namespace.h>
#include <uapi/linux/xfrm.h>

struct nf_vip_packet;

/**
 * nf_vip_xfrm_in_use() - may an outgoing packet have a policy of IPsec?
 * @net: network namespace
 *
 * Context: any.
 */
static inline bool nf_vip_xfrm_in_use(const struct net *net)
{
#ifdef CONFIG_XFRM
	return READ_ONCE(net->xfrm.policy_count[XFRM_POLICY_OUT]) ||
	       READ_ONCE(net->xfrm.policy_default[XFRM_POLICY_OUT]) != XFRM_USERPOLICY_ACCEPT;
#else
	return false;
#endif
}

/**
 * nf_vip_xfrm_source() - look up the policy after the source was translated
 * @packet: packet at POST_ROUTING, translated
 *
 * The packet gets the route that the policy of its new source wants. A packet
 * that IPsec has dealt with, or whose source was not translated, is left alone.
 *
 * Context: hook, RCU lock held; called if nf_vip_xfrm_in_use().
 * Return: 0 or an errno, with which the packet has to be dropped.
 */
int nf_vip_xfrm_source(const struct nf_vip_packet *packet);

/**
 * nf_vip_xfrm_port() - look up the policy after the destination port was translated
 * @packet: packet at LOCAL_OUT, translated
 *
 * As nf_vip_xfrm_source(). A new destination address needs a route in any case,
 * and the policy comes with the route.
 */
int nf_vip_xfrm_port(const struct nf_vip_packet *packet);

#endif /* NF_VIP_XFRM_H */
