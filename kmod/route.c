// SPDX-License-Identifier: GPL-2.0
/*
 * A route is looked up once for each backend and CPU, not once for each packet.
 *
 * The stack does the same for packets that it receives together: those to one
 * destination share the route of the first, if there are no policy rules and no
 * multipath route (ip_list_rcv_finish() and ip_route_use_hint() in net/ipv4).
 * What may differ then is whether the source is acceptable. That was checked
 * when the connection was new, so a later packet is looked up in full only if
 * the interface is strict; a first one is unless it takes every source.
 *
 * A cached route is asked whether it still holds each time it is used: any
 * change of routes, rules or addresses in the namespace ends it.
 */
#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>
#include "compat.h"
#include "route.h"

/* For 1000 backends, or clients that are busy at a time, with few that meet. */
enum { ROUTE_BITS = 11 };

/* @dst counts as one of its references, or is NULL. */
struct route {
	__be32 daddr;
	int iif;
	u8 tos;
	struct dst_entry *dst;
};

/* Two that fall on one place take turns: rather that than a search. */
struct nf_vip_routes {
	struct route *places[IP_CT_DIR_MAX];
};

/* Too much for the allocator of per-CPU memory. */
static bool fill(struct nf_vip_routes *routes, int node)
{
	unsigned int dir;

	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		routes->places[dir] = kvzalloc_node(sizeof(*routes->places[dir]) << ROUTE_BITS,
						    GFP_KERNEL_ACCOUNT, node);
		if (!routes->places[dir])
			return false;
	}
	return true;
}

static void empty(struct nf_vip_routes *routes)
{
	unsigned int dir, i;

	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		if (!routes->places[dir])
			continue;
		for (i = 0; i < 1 << ROUTE_BITS; i++)
			dst_release(routes->places[dir][i].dst);
		kvfree(routes->places[dir]);
	}
}

struct nf_vip_routes __percpu *nf_vip_routes_alloc(void)
{
	struct nf_vip_routes __percpu *routes;
	unsigned int cpu;

	routes = alloc_percpu_gfp(struct nf_vip_routes, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!routes)
		return NULL;
	for_each_possible_cpu(cpu)
		if (!fill(per_cpu_ptr(routes, cpu), cpu_to_node(cpu))) {
			nf_vip_routes_free(routes);
			return NULL;
		}
	return routes;
}

void nf_vip_routes_free(struct nf_vip_routes __percpu *routes)
{
	unsigned int cpu;

	if (!routes)
		return;
	for_each_possible_cpu(cpu)
		empty(per_cpu_ptr(routes, cpu));
	free_percpu(routes);
}

static bool martian_source(__be32 saddr)
{
	return ipv4_is_multicast(saddr) || ipv4_is_lbcast(saddr) || ipv4_is_zeronet(saddr) ||
	       ipv4_is_loopback(saddr);
}

/* Would the stack have to look at the source? 1 is strict, 2 is loose: RFC 3704, ip-sysctl.rst. */
static bool validates_source(struct in_device *in_dev, bool first)
{
	int mode = IN_DEV_RPFILTER(in_dev);

	return mode == 1 || (mode && first);
}

/* Does the route depend on nothing that struct route does not know? */
static bool may_share(const struct sk_buff *skb, bool first)
{
	struct in_device *in_dev = __in_dev_get_rcu(skb->dev);
	const struct iphdr *ip = ip_hdr(skb);

	return in_dev && ip->ihl == 5 && !fib4_has_custom_rules(dev_net(skb->dev)) &&
	       !validates_source(in_dev, first) && !martian_source(ip->saddr) &&
	       !nf_vip_is_bridged(skb);
}

/* Once for a backend or client after each change of the routes: no part of what a packet costs. */
static noinline bool learn(struct route *place, struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	struct rtable *rt;

	if (!nf_vip_route_input4(skb))
		return false;

	rt = skb_rtable(skb);
	if (rt->dst.error)
		return false;
	if (rt->rt_type != RTN_UNICAST ||
	    IPCB(skb)->flags & (IPSKB_MULTIPATH | IPSKB_DOREDIRECT))
		return true;
	if (place->dst != &rt->dst) {
		/* Behind one gateway many destinations have one route. */
		if (!dst_hold_safe(&rt->dst))
			return true;
		dst_release(place->dst);
		place->dst = &rt->dst;
	}
	place->daddr = ip->daddr;
	place->iif = skb->dev->ifindex;
	place->tos = ip->tos;
	return true;
}

/*
 * The stack is about to look for this route in the same way, and takes what it
 * finds here; but it does not tell us when there is none. Bridges and virtual
 * routers look elsewhere.
 */
static bool route_once(struct sk_buff *skb)
{
	if (nf_vip_is_bridged(skb) || netif_is_l3_slave(skb->dev))
		return true;
	return nf_vip_route_input4(skb) && !skb_dst(skb)->error;
}

bool nf_vip_route4(struct nf_vip_routes __percpu *routes, struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	struct route *place;

	bool first = ctinfo == IP_CT_NEW;

	if (!ct || !(READ_ONCE(ct->status) & IPS_DST_NAT) || skb_dst(skb))
		return true;
	if (!may_share(skb, first))
		return !first || route_once(skb);

	place = this_cpu_ptr(routes)->places[CTINFO2DIR(ctinfo)];
	place += hash_32((__force u32)ip->daddr, ROUTE_BITS);
	if (likely(place->daddr == ip->daddr && place->iif == skb->dev->ifindex &&
		   place->tos == ip->tos && place->dst && dst_check(place->dst, 0)))
		skb_dst_set_noref(skb, place->dst);
	else
		return learn(place, skb) || !first;
	return true;
}

#if IS_ENABLED(CONFIG_IPV6)
bool nf_vip_route6(struct sk_buff *skb)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	struct flowi6 fl6 = {
		.flowi6_iif	= skb->dev->ifindex,
		.flowi6_mark	= skb->mark,
		.flowi6_proto	= ip->nexthdr,
		.daddr		= ip->daddr,
		.saddr		= ip->saddr,
		.flowlabel	= ip6_flowinfo(ip),
	};
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	struct dst_entry *dst;

	if (!ct || ctinfo != IP_CT_NEW || skb_dst(skb) || nf_ct_is_confirmed(ct) ||
	    !(READ_ONCE(ct->status) & IPS_DST_NAT) || nf_vip_is_bridged(skb) ||
	    netif_is_l3_slave(skb->dev))
		return true;

	dst = ip6_route_input_lookup(dev_net(skb->dev), skb->dev, &fl6, skb,
				     RT6_LOOKUP_F_HAS_SADDR | RT6_LOOKUP_F_DST_NOREF);
	if (dst->error)
		return false;
	skb_dst_set_noref(skb, dst);
	return true;
}
#endif
