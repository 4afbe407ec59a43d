// SPDX-License-Identifier: GPL-2.0
/*
 * A route is looked up once for each client, backend and CPU, not once for each
 * packet.
 *
 * The stack does the same for packets that it receives together: those to one
 * destination share the route of the first, if there are no policy rules and no
 * multipath route (ip_list_rcv_finish() and ip_route_use_hint() in net/ipv4).
 * Here the source is part of what has to be equal, so that what the stack says
 * of a source, acceptable or not, holds for the packets that share the route.
 *
 * A cached route is asked whether it still holds each time it is used: any
 * change of routes, rules or addresses in the namespace ends it.
 *
 * Packets come in softirqs, and in process context as well, for one after a
 * verdict of NFQUEUE. So the places of a CPU are used with bottom halves
 * disabled and under a lock of that CPU, which is there for kernels with
 * PREEMPT_RT, where bottom halves may preempt each other.
 */
#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/local_lock.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>
#include <net/xfrm.h>
#include "path/packet.h"
#include "path/route.h"
#include "select/compat.h"

/* Room for about 1000 busy pairs of a client and a backend, with few collisions. */
enum { ROUTE_BITS = 11 };

/* @dst holds a reference, or is NULL. */
struct route {
	__be32 saddr;
	__be32 daddr;
	int iif;
	u8 dsfield;
	/* How the source was validated: changing that setting invalidates no route. */
	u8 rp_filter;
	struct dst_entry *dst;
};

/**
 * struct nf_vip_routes - the routes of one CPU
 * @lock: protects what is in @places from others on this CPU; held with bottom
 *	halves disabled
 * @places: one table for packets of clients, one for packets of backends. Two
 *	routes with one place evict each other, which is cheaper than a search
 */
struct nf_vip_routes {
	local_lock_t lock;
	struct route *places[IP_CT_DIR_MAX];
};

/* Allocated apart, because the tables are too large for the per-CPU allocator. */
static bool make_places(struct nf_vip_routes *routes, int node)
{
	unsigned int dir;

	local_lock_init(&routes->lock);
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		routes->places[dir] = kvzalloc_node(sizeof(*routes->places[dir]) << ROUTE_BITS,
						    GFP_KERNEL_ACCOUNT, node);
		if (!routes->places[dir])
			return false;
	}
	return true;
}

static void release_routes(struct nf_vip_routes *routes)
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
		if (!make_places(per_cpu_ptr(routes, cpu), cpu_to_node(cpu))) {
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
		release_routes(per_cpu_ptr(routes, cpu));
	free_percpu(routes);
}

/*
 * Does the route depend on the members of struct route only? A packet that came
 * out of IPsec may have any source.
 */
static bool may_share(const struct sk_buff *skb)
{
	return __in_dev_get_rcu(skb->dev) && ip_hdr(skb)->ihl == 5 &&
	       !fib4_has_custom_rules(dev_net(skb->dev)) && !secpath_exists(skb) &&
	       !nf_vip_is_bridged(skb);
}

/* All that the route of a packet depends on. */
static struct route key_of(const struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);

	return (struct route) {
		.saddr	   = ip->saddr,
		.daddr	   = ip->daddr,
		.iif	   = skb->dev->ifindex,
		/* Without ECN, which has no part in routing and changes from packet to packet. */
		.dsfield   = ip->tos & INET_DSCP_MASK,
		.rp_filter = IN_DEV_RPFILTER(__in_dev_get_rcu(skb->dev)),
	};
}

static bool is_for(const struct route *place, const struct route *key)
{
	return place->saddr == key->saddr && place->daddr == key->daddr &&
	       place->iif == key->iif && place->dsfield == key->dsfield &&
	       place->rp_filter == key->rp_filter;
}

/*
 * Runs once for a client and a backend after each change of the routes, so the
 * cost does not matter. Returns whether the packet has a route.
 */
static noinline bool learn(struct route *place, const struct route *key, struct sk_buff *skb)
{
	struct dst_entry *dst, *old = place->dst;

	if (!nf_vip_route_input4(skb))
		return false;

	dst = skb_dst(skb);
	if (dst->error)
		return false;
	if (skb_rtable(skb)->rt_type != RTN_UNICAST ||
	    IPCB(skb)->flags & (IPSKB_MULTIPATH | IPSKB_DOREDIRECT | IPSKB_NOPOLICY))
		return true;
	/* Behind one gateway many destinations share one route: @old may be the same. */
	if (dst != old) {
		if (!dst_hold_safe(dst))
			return true;
		dst_release(old);
	}
	*place = *key;
	place->dst = dst;
	return true;
}

/* Gives the packet the route cached at its place, or looks one up; false if there is none. */
static bool share(struct nf_vip_routes *routes, struct sk_buff *skb, enum ip_conntrack_dir dir)
{
	const struct route key = key_of(skb);
	struct route *place = routes->places[dir];

	place += hash_64((u64)(__force u32)key.saddr << 32 | (__force u32)key.daddr, ROUTE_BITS);
	if (unlikely(!is_for(place, &key) || !place->dst || !dst_check(place->dst, 0)))
		return learn(place, &key, skb);
	skb_dst_set_noref(skb, place->dst);
	return true;
}

/*
 * Looks the route up as the stack is about to do, because the stack would not
 * tell us when there is none; the stack then takes the route that was found
 * here. Bridges and virtual routers look elsewhere. With policy rules the stack
 * has to look again, because the packet may get a mark until then.
 */
static bool route_once(struct sk_buff *skb)
{
	u16 flags = IPCB(skb)->flags;
	bool found;

	if (nf_vip_is_bridged(skb) || netif_is_l3_slave(skb->dev))
		return true;
	found = nf_vip_route_input4(skb) && !skb_dst(skb)->error;
	if (fib4_has_custom_rules(dev_net(skb->dev))) {
		skb_dst_drop(skb);
		IPCB(skb)->flags = flags;
	}
	return found;
}

static bool route4(const struct nf_vip_packet *packet)
{
	struct nf_vip_routes __percpu *routes = packet->vn->routes;
	bool first = packet->ctinfo == IP_CT_NEW, found;

	if (!may_share(packet->skb))
		return !first || route_once(packet->skb);

	local_bh_disable();
	local_lock_nested_bh(&routes->lock);
	found = share(this_cpu_ptr(routes), packet->skb, nf_vip_packet_dir(packet));
	local_unlock_nested_bh(&routes->lock);
	local_bh_enable();
	return found || !first;
}

#if IS_ENABLED(CONFIG_IPV6)
/*
 * Does what ip6_route_input() does, except that an error route is left to the
 * stack, and with policy rules every route is.
 */
static bool route6(struct sk_buff *skb)
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
	struct net *net = dev_net(skb->dev);
	struct flow_keys keys;
	struct dst_entry *dst;

	if (nf_vip_is_bridged(skb) || netif_is_l3_slave(skb->dev))
		return true;

	fib6_rules_early_flow_dissect(net, skb, &fl6, &keys);
	dst = ip6_route_input_lookup(net, skb->dev, &fl6, skb,
				     RT6_LOOKUP_F_HAS_SADDR | RT6_LOOKUP_F_DST_NOREF);
	if (dst->error)
		return false;
	/* As for IPv4: with policy rules, a mark that the packet gets until then counts. */
	if (!fib6_has_custom_rules(net))
		skb_dst_set_noref(skb, dst);
	return true;
}
#endif

bool nf_vip_route(const struct nf_vip_packet *packet)
{
	if (!(READ_ONCE(packet->ct->status) & IPS_DST_NAT) || skb_dst(packet->skb))
		return true;
	if (packet->state->pf == NFPROTO_IPV4)
		return route4(packet);
#if IS_ENABLED(CONFIG_IPV6)
	if (packet->ctinfo == IP_CT_NEW && !nf_ct_is_confirmed(packet->ct))
		return route6(packet->skb);
#endif
	return true;
}
