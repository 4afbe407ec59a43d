// SPDX-License-Identifier: GPL-2.0
/*
 * The stack looked the IPsec policy up before the packet was translated, so the
 * policy is looked up again here. nf_nat does the same for its connections
 * (nf_xfrm_me_harder() and its callers in nf_nat_proto.c), but nf_nat's hooks
 * need not be there.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/xfrm.h>
#include "path/packet.h"
#include "path/translate.h"
#include "path/xfrm.h"
#include "select/compat.h"

#ifdef CONFIG_XFRM
static bool is_transformed(const struct sk_buff *skb, u8 pf)
{
	return pf == NFPROTO_IPV4 ? IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED :
				    IP6CB(skb)->flags & IP6SKB_XFRM_TRANSFORMED;
}

/* The plain route below the route that an earlier policy made. */
static struct dst_entry *hold_plain_route(const struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);

	if (dst->xfrm)
		dst = ((struct xfrm_dst *)dst)->route;
	return dst_hold_safe(dst) ? dst : NULL;
}

static int make_headroom(struct sk_buff *skb)
{
	unsigned int wanted = skb_dst(skb)->dev->hard_header_len;

	if (skb_headroom(skb) >= wanted)
		return 0;
	return pskb_expand_head(skb, wanted - skb_headroom(skb), 0, GFP_ATOMIC);
}

static int lookup(const struct nf_vip_packet *packet)
{
	u8 family = packet->state->pf == NFPROTO_IPV4 ? AF_INET : AF_INET6;
	struct net *net = packet->state->net;
	struct sk_buff *skb = packet->skb;
	struct sock *sk = skb->sk;
	struct dst_entry *dst;
	struct flowi flow;
	int err;

	err = nf_vip_xfrm_decode(net, skb, &flow, family);
	if (err < 0)
		return err;

	dst = hold_plain_route(skb);
	if (!dst)
		return -EHOSTUNREACH;
	if (sk && !net_eq(net, sock_net(sk)))
		sk = NULL;
	/* xfrm_lookup() takes over the reference to @dst. */
	dst = xfrm_lookup(net, dst, &flow, sk, 0);
	if (IS_ERR(dst))
		return PTR_ERR(dst);

	skb_dst_drop(skb);
	skb_dst_set(skb, dst);
	return make_headroom(skb);
}

/*
 * The packet's tuple before and, as the tuple of the other direction, after its
 * translation. A packet of no connection of ours was translated by nf_nat, if
 * at all, which looked the policy up, too.
 */
static bool get_tuples(const struct nf_vip_packet *packet, const struct nf_conntrack_tuple **was,
		       const struct nf_conntrack_tuple **is)
{
	enum ip_conntrack_dir dir = nf_vip_packet_dir(packet);

	if (!nf_vip_is_translated(packet->ct) || is_transformed(packet->skb, packet->state->pf))
		return false;
	*was = &packet->ct->tuplehash[dir].tuple;
	*is = &packet->ct->tuplehash[!dir].tuple;
	return true;
}

int nf_vip_xfrm_source(const struct nf_vip_packet *packet)
{
	const struct nf_conntrack_tuple *was, *is;

	if (!get_tuples(packet, &was, &is))
		return 0;
	if (nf_inet_addr_cmp(&was->src.u3, &is->dst.u3) && was->src.u.all == is->dst.u.all)
		return 0;
	return lookup(packet);
}

int nf_vip_xfrm_port(const struct nf_vip_packet *packet)
{
	const struct nf_conntrack_tuple *was, *is;

	if (!get_tuples(packet, &was, &is) || was->dst.u.all == is->src.u.all)
		return 0;
	return lookup(packet);
}
#else
int nf_vip_xfrm_source(const struct nf_vip_packet *packet)
{
	return 0;
}

int nf_vip_xfrm_port(const struct nf_vip_packet *packet)
{
	return 0;
}
#endif
