// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets come in. Our destination hooks run before those of nf_nat, our
 * source hooks after them: so nf_nat sees the tuples that we made, and we
 * rewrite what nf_nat left alone. Around the engine each hook does what
 * nf_nat_proto.c does around nf_nat: a changed address needs another route, or
 * another socket.
 */
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/inet_sock.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/route.h>
#include "objects/state.h"
#include "path/ask.h"
#include "path/conn.h"
#include "path/down_action.h"
#include "path/engine.h"
#include "path/hooks.h"
#include "path/packet.h"
#include "path/redispatch.h"
#include "path/route.h"
#include "path/translate.h"
#include "path/xfrm.h"
#include "select/recent_flow.h"

/* A choice is remembered for at most two of these: less than `repick 1` or a repeated SYN takes. */
#define RECENT_UNIT	(HZ / 2)

/* For IPv4 the rest of the address is undefined: is_same() does not look at it. */
static union nf_inet_addr source_of(const struct nf_vip_packet *packet)
{
	if (packet->state->pf == NFPROTO_IPV4)
		return (union nf_inet_addr){ .ip = ip_hdr(packet->skb)->saddr };
	return (union nf_inet_addr){ .in6 = ipv6_hdr(packet->skb)->saddr };
}

static union nf_inet_addr destination_of(const struct nf_vip_packet *packet)
{
	if (packet->state->pf == NFPROTO_IPV4)
		return (union nf_inet_addr){ .ip = ip_hdr(packet->skb)->daddr };
	return (union nf_inet_addr){ .in6 = ipv6_hdr(packet->skb)->daddr };
}

static bool is_same(const struct nf_vip_packet *packet, const union nf_inet_addr *a,
		    const union nf_inet_addr *b)
{
	return packet->state->pf == NFPROTO_IPV4 ? a->ip == b->ip : nf_inet_addr_cmp(a, b);
}

/* Each namespace registers hooks of its own, so that no packet has to look its namespace up. */
static bool see(struct nf_vip_packet *packet, void *priv, struct sk_buff *skb,
		const struct nf_hook_state *state)
{
	packet->skb = skb;
	packet->state = state;
	packet->vn = priv;
	return nf_vip_packet_read(packet);
}

/* A packet of a VRF passes a hook twice, once with the VRF as its device. */
static bool is_of_vrf(const struct nf_hook_state *state)
{
	const struct net_device *dev = state->in ?: state->out;

	return dev && netif_is_l3_master(dev);
}

/* For hooks that choose a backend: a connection whose backend went down may have to begin anew. */
static unsigned int engine(struct nf_vip_packet *packet)
{
	const struct nf_vip_net *vn = packet->vn;
	unsigned int verdict = NF_ACCEPT;

	if (unlikely(READ_ONCE(vn->nr_down)))
		verdict = nf_vip_down_packet(packet);
	if (unlikely(READ_ONCE(vn->nr_ejecting)) && verdict == NF_ACCEPT && packet->ct)
		verdict = nf_vip_redispatch(packet);
	if (verdict != NF_ACCEPT || unlikely(!packet->ct))
		return verdict;
	verdict = nf_vip_engine(packet);
	if (unlikely(READ_ONCE(vn->nr_accounting)) && verdict == NF_ACCEPT &&
	    !is_of_vrf(packet->state))
		nf_vip_conn_account(packet);
	return verdict;
}

static unsigned int pre_routing(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	union nf_inet_addr before, after;
	struct nf_vip_packet packet;
	unsigned int verdict;

	if (!see(&packet, priv, skb, state))
		return NF_ACCEPT;
	before = destination_of(&packet);
	verdict = engine(&packet);
	if (verdict != NF_ACCEPT || unlikely(!packet.ct))
		return verdict;
	after = destination_of(&packet);
	if (!is_same(&packet, &before, &after))
		skb_dst_drop(skb);
	if (unlikely(!nf_vip_route(&packet)))
		nf_vip_conn_no_route(&packet);
	return NF_ACCEPT;
}

static unsigned int post_routing(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct nf_vip_packet packet;
	unsigned int verdict;
	int err;

	if (!see(&packet, priv, skb, state))
		return NF_ACCEPT;
	verdict = nf_vip_engine(&packet);
	if (verdict != NF_ACCEPT || !nf_vip_xfrm_in_use(state->net))
		return verdict;

	err = nf_vip_xfrm_source(&packet);
	return err < 0 ? NF_DROP_ERR(err) : NF_ACCEPT;
}

/* Was a local packet given another destination than its route was made for? */
static bool needs_route(const struct nf_vip_packet *packet)
{
	enum ip_conntrack_dir dir = nf_vip_packet_dir(packet);
	const struct nf_conn *ct = packet->ct;

	return nf_vip_is_translated(ct) && !nf_inet_addr_cmp(&ct->tuplehash[dir].tuple.dst.u3,
							     &ct->tuplehash[!dir].tuple.src.u3);
}

static int route_anew(const struct nf_vip_packet *packet)
{
	const struct nf_hook_state *state = packet->state;

#if IS_ENABLED(CONFIG_IPV6)
	if (state->pf == NFPROTO_IPV6)
		return nf_ip6_route_me_harder(state->net, state->sk, packet->skb);
#endif
	return ip_route_me_harder(state->net, state->sk, packet->skb, RTN_UNSPEC);
}

static unsigned int local_out(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct nf_vip_packet packet;
	unsigned int verdict;
	int err = 0;

	if (!see(&packet, priv, skb, state))
		return NF_ACCEPT;
	verdict = engine(&packet);
	if (verdict != NF_ACCEPT || unlikely(!packet.ct))
		return verdict;
	if (needs_route(&packet)) {
		err = route_anew(&packet);
		if (err < 0)
			nf_vip_conn_no_route(&packet);
	} else if (nf_vip_xfrm_in_use(state->net)) {
		/* The destination address stayed, but a new port may have another policy. */
		err = nf_vip_xfrm_port(&packet);
	}
	return err < 0 ? NF_DROP_ERR(err) : NF_ACCEPT;
}

/*
 * Early demux looked for a socket before the source was translated back: a
 * socket that was found then is the wrong one.
 */
static void drop_early_socket(const struct nf_vip_packet *packet, struct sock *sk,
			      bool source_changed)
{
	enum ip_conntrack_dir dir = nf_vip_packet_dir(packet);
	const struct nf_conn *ct = packet->ct;

	if (!sk || inet_sk_transparent(sk))
		return;
	if (source_changed || ct->tuplehash[dir].tuple.src.u.all !=
			      ct->tuplehash[!dir].tuple.dst.u.all)
		skb_orphan(packet->skb);
}

static unsigned int local_in(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	union nf_inet_addr before, after;
	struct sock *sk = skb->sk;
	struct nf_vip_packet packet;
	unsigned int verdict;

	if (!see(&packet, priv, skb, state))
		return NF_ACCEPT;
	before = source_of(&packet);
	verdict = nf_vip_engine(&packet);
	if (verdict != NF_ACCEPT)
		return verdict;
	after = source_of(&packet);
	drop_early_socket(&packet, sk, !is_same(&packet, &before, &after));
	return NF_ACCEPT;
}

static_assert(NF_IP6_PRI_NAT_DST == (int)NF_IP_PRI_NAT_DST &&
	      NF_IP6_PRI_NAT_SRC == (int)NF_IP_PRI_NAT_SRC, "one row is for both families");

/* The hooks of one family; nf_vip_hooks_init() adds the family and the namespace. */
static const struct nf_hook_ops hooks[NF_VIP_HOOKS] = {
	{
		.hook		= pre_routing,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= NF_IP_PRI_NAT_DST - 1,
	}, {
		.hook		= local_out,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP_PRI_NAT_DST - 1,
	}, {
		.hook		= local_in,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= NF_IP_PRI_NAT_SRC + 1,
	}, {
		.hook		= post_routing,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= NF_IP_PRI_NAT_SRC + 1,
	},
};

static const u8 families[NF_VIP_FAMILIES] = {
	NFPROTO_IPV4,
#if IS_ENABLED(CONFIG_IPV6)
	NFPROTO_IPV6,
#endif
};

void nf_vip_hooks_init(struct nf_vip_net *vn)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		for (j = 0; j < ARRAY_SIZE(hooks); j++) {
			vn->hooks[i][j] = hooks[j];
			vn->hooks[i][j].pf = families[i];
			vn->hooks[i][j].priv = vn;
		}
	}
}

static int hook_up(struct nf_vip_net *vn, unsigned int i)
{
	int err;

	err = nf_ct_netns_get(vn->net, families[i]);
	if (err)
		return err;

	err = nf_register_net_hooks(vn->net, vn->hooks[i], NF_VIP_HOOKS);
	if (err)
		nf_ct_netns_put(vn->net, families[i]);
	return err;
}

static void unhook(struct nf_vip_net *vn, unsigned int i)
{
	nf_unregister_net_hooks(vn->net, vn->hooks[i], NF_VIP_HOOKS);
	nf_ct_netns_put(vn->net, families[i]);
}

static void unhook_all(struct nf_vip_net *vn, unsigned int which)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		unsigned int bit = nf_vip_hooks_family(families[i]);

		if (!(which & vn->hooked & bit))
			continue;
		unhook(vn, i);
		vn->hooked &= ~bit;
	}
}

int nf_vip_hooks_get(struct nf_vip_net *vn, unsigned int wanted)
{
	unsigned int before = vn->hooked, i;
	int err;

	lockdep_assert_held(&vn->lock);
	if (!vn->routes)
		vn->routes = nf_vip_routes_alloc();
	if (!vn->recent)
		vn->recent = nf_vip_recent_flows_alloc(RECENT_UNIT);
	if (!vn->failed)
		vn->failed = nf_vip_recent_flows_alloc(NF_VIP_REDISPATCH_UNIT);
	if (!vn->asked)
		vn->asked = nf_vip_recent_flows_alloc(NF_VIP_ASK_UNIT);
	if (!vn->routes || !vn->recent || !vn->failed || !vn->asked)
		return -ENOMEM;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		unsigned int bit = nf_vip_hooks_family(families[i]);

		if (!(wanted & bit) || (vn->hooked & bit))
			continue;
		err = hook_up(vn, i);
		if (err) {
			unhook_all(vn, ~before);
			return err;
		}
		vn->hooked |= bit;
	}
	return wanted & ~vn->hooked ? -EAFNOSUPPORT : 0;
}

void nf_vip_hooks_drop(struct nf_vip_net *vn)
{
	unhook_all(vn, ~0U);
}
