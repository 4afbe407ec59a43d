// SPDX-License-Identifier: GPL-2.0
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_reject.h>
#include <net/netfilter/nf_conntrack.h>
#include "path/reject.h"

static void reject4(struct sk_buff *skb, const struct nf_hook_state *state, bool tcp)
{
	if (tcp)
		nf_send_reset(state->net, state->sk, skb, state->hook);
	else
		nf_send_unreach(skb, ICMP_PORT_UNREACH, state->hook);
}

static void reject6(struct sk_buff *skb, const struct nf_hook_state *state, bool tcp)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (tcp)
		nf_send_reset6(state->net, state->sk, skb, state->hook);
	else
		nf_send_unreach6(state->net, skb, ICMPV6_PORT_UNREACH, state->hook);
#endif
}

void nf_vip_reject(struct sk_buff *skb, const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	bool tcp = nf_ct_protonum(ct) == IPPROTO_TCP;

	if (state->pf == NFPROTO_IPV6)
		reject6(skb, state, tcp);
	else
		reject4(skb, state, tcp);
}
