// SPDX-License-Identifier: GPL-2.0
#include <linux/inetdevice.h>
#include <net/addrconf.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>
#include "path/packet.h"
#include "path/snat.h"

static const union nf_inet_addr *client_of(const struct nf_vip_packet *packet)
{
	return &nf_vip_original(packet->ct)->src.u3;
}

/* Does an address of the interface say that these two reach each other directly? */
static bool on_one_link4(const struct net_device *dev, __be32 a, __be32 b)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
		if (inet_ifa_match(a, ifa) && inet_ifa_match(b, ifa))
			return true;
	return false;
}

/* Would the answer go past the gateway? Not if one of its own addresses is at either end. */
static bool goes_past4(struct net *net, const struct rtable *rt, __be32 client, __be32 backend)
{
	if (rt->rt_type == RTN_LOCAL)
		return false;
	if (client == backend || ipv4_is_loopback(client))
		return true;
	return on_one_link4(rt->dst.dev, client, rt_nexthop(rt, backend)) &&
	       inet_addr_type_dev_table(net, rt->dst.dev, client) != RTN_LOCAL;
}

static int source4(const struct nf_vip_packet *packet, enum nf_vip_snat snat, __be32 backend,
		   __be32 *source)
{
	struct flowi4 flow = {
		.daddr		= backend,
		.flowi4_mark	= packet->skb->mark,
		.flowi4_l3mdev	= nf_vip_packet_vrf(packet),
	};
	struct net *net = packet->vn->net;
	struct rtable *rt;
	bool wanted;

	rt = __ip_route_output_key(net, &flow);
	if (IS_ERR(rt))
		return -EHOSTUNREACH;

	wanted = snat == NF_VIP_SNAT_ON || goes_past4(net, rt, client_of(packet)->ip, backend);
	ip_rt_put(rt);
	if (wanted)
		*source = flow.saddr;
	return wanted;
}

#if IS_ENABLED(CONFIG_IPV6)
static bool on_one_link6(const struct net_device *dev, const struct in6_addr *a,
			 const struct in6_addr *b)
{
	struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;

	if (!idev)
		return false;
	list_for_each_entry_rcu(ifa, &idev->addr_list, if_list)
		if (ipv6_prefix_equal(a, &ifa->addr, ifa->prefix_len) &&
		    ipv6_prefix_equal(b, &ifa->addr, ifa->prefix_len))
			return true;
	return false;
}

static bool goes_past6(struct net *net, struct rt6_info *rt, const struct in6_addr *client,
		       const struct in6_addr *backend)
{
	if (rt->rt6i_flags & RTF_LOCAL)
		return false;
	if (ipv6_addr_equal(client, backend) || ipv6_addr_loopback(client))
		return true;
	return on_one_link6(rt->dst.dev, client, rt6_nexthop(rt, backend)) &&
	       !ipv6_chk_addr(net, client, NULL, 0);
}

/* As ip6_route_get_saddr(), whose arguments differ between kernels. */
static int address6(struct net *net, const struct rt6_info *rt, const struct in6_addr *backend,
		    struct in6_addr *source)
{
	const struct fib6_info *from = rcu_dereference(rt->from);

	if (!from || !from->fib6_prefsrc.plen)
		return ipv6_dev_get_saddr(net, rt->dst.dev, backend, 0, source);
	*source = from->fib6_prefsrc.addr;
	return 0;
}

static int source6(const struct nf_vip_packet *packet, enum nf_vip_snat snat,
		   const struct in6_addr *backend, struct in6_addr *source)
{
	struct flowi6 flow = {
		.daddr		= *backend,
		.flowi6_mark	= packet->skb->mark,
		.flowi6_l3mdev	= nf_vip_packet_vrf(packet),
	};
	struct net *net = packet->vn->net;
	struct dst_entry *dst;
	struct rt6_info *rt;
	int ret;

	dst = ip6_route_output(net, NULL, &flow);
	rt = container_of(dst, struct rt6_info, dst);
	if (dst->error)
		ret = -EHOSTUNREACH;
	else
		ret = snat == NF_VIP_SNAT_ON ||
		      goes_past6(net, rt, &client_of(packet)->in6, backend);
	if (ret > 0 && address6(net, rt, backend, source))
		ret = -EHOSTUNREACH;
	dst_release(dst);
	return ret;
}
#endif

int nf_vip_snat_source(const struct nf_vip_packet *packet, enum nf_vip_snat snat,
		       const union nf_inet_addr *backend, union nf_inet_addr *source)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (nf_ct_l3num(packet->ct) == NFPROTO_IPV6)
		return source6(packet, snat, &backend->in6, &source->in6);
#endif
	return source4(packet, snat, backend->ip, &source->ip);
}
