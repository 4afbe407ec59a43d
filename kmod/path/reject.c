// SPDX-License-Identifier: GPL-2.0
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_reject.h>
#include <net/netfilter/nf_conntrack.h>
#include "path/packet.h"
#include "path/reject.h"

static void reject4(const struct nf_vip_packet *packet, bool tcp)
{
	const struct nf_hook_state *state = packet->state;

	if (tcp)
		nf_send_reset(state->net, state->sk, packet->skb, state->hook);
	else
		nf_send_unreach(packet->skb, ICMP_PORT_UNREACH, state->hook);
}

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

void nf_vip_reject(const struct nf_vip_packet *packet)
{
	bool tcp = nf_ct_protonum(packet->ct) == IPPROTO_TCP;

	if (packet->state->pf == NFPROTO_IPV6)
		reject6(packet, tcp);
	else
		reject4(packet, tcp);
}
