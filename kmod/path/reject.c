// SPDX-License-Identifier: GPL-2.0
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter.h>
#include <net/dst_metadata.h>
#include <net/ip6_route.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_reject.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>
#include "path/packet.h"
#include "path/reject.h"

static void route4(const struct nf_vip_packet *packet, int vrf)
{
	struct flowi4 flow = { .daddr = ip_hdr(packet->skb)->saddr, .flowi4_l3mdev = vrf };
	struct rtable *rt = ip_route_output_key(packet->state->net, &flow);

	if (IS_ERR(rt))
		return;
	skb_dst_drop(packet->skb);
	skb_dst_set(packet->skb, &rt->dst);
}

static void reject4(const struct nf_vip_packet *packet, bool tcp)
{
	const struct nf_hook_state *state = packet->state;

	if (tcp)
		nf_send_reset(state->net, state->sk, packet->skb, state->hook);
	else
		nf_send_unreach(packet->skb, ICMP_PORT_UNREACH, state->hook);
}

#if IS_ENABLED(CONFIG_IPV6)
static void route6(const struct nf_vip_packet *packet, int vrf)
{
	struct flowi6 flow = { .daddr = ipv6_hdr(packet->skb)->saddr, .flowi6_l3mdev = vrf };
	struct dst_entry *dst = ip6_route_output(packet->state->net, NULL, &flow);

	if (dst->error) {
		dst_release(dst);
		return;
	}
	skb_dst_drop(packet->skb);
	skb_dst_set(packet->skb, dst);
}
#endif

static void reject6(const struct nf_vip_packet *packet, bool tcp)
{
#if IS_ENABLED(CONFIG_IPV6)
	const struct nf_hook_state *state = packet->state;

	if (tcp)
		nf_send_reset6(state->net, state->sk, packet->skb, state->hook);
	else
		nf_send_unreach6(state->net, packet->skb, ICMPV6_PORT_UNREACH, state->hook);
#endif
}

/*
 * For its answer the kernel wants a route of the packet, of which it goes by the
 * interface. Before routing there is none (what a tunnel notes in its place is not
 * one), and the kernel would look for one beside the VRF that the packet came in by.
 */
static void route_in_vrf(const struct nf_vip_packet *packet)
{
	int vrf = skb_valid_dst(packet->skb) ? 0 : nf_vip_packet_vrf(packet);

	if (!vrf)
		return;
#if IS_ENABLED(CONFIG_IPV6)
	if (packet->state->pf == NFPROTO_IPV6)
		return route6(packet, vrf);
#endif
	route4(packet, vrf);
}

void nf_vip_reject(const struct nf_vip_packet *packet)
{
	bool tcp = nf_ct_protonum(packet->ct) == IPPROTO_TCP;

	route_in_vrf(packet);
	if (packet->state->pf == NFPROTO_IPV6)
		reject6(packet, tcp);
	else
		reject4(packet, tcp);
}
