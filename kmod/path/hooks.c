// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets come in. Destination before nf_nat's, source after it: then
 * nf_nat sees the tuples that we made, and we rewrite whatever it did not.
 * What each hook does around the engine is what nf_nat_proto.c does around
 * nf_nat: a changed address needs another route, or another socket.
 */
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/inet_sock.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/route.h>
#include "objects/state.h"
#include "path/conn.h"
#include "path/down_action.h"
#include "path/engine.h"
#include "path/hooks.h"
#include "path/redispatch.h"
#include "path/route.h"
#include "path/translate.h"
#include "path/xfrm.h"
#include "select/twin.h"

/* `repick 1` shall find no choice that is as old as two of these, nor a SYN that is repeated. */
#define TWIN_UNIT	(HZ / 2)

/* Was a local packet given another destination than its route was made for? */
static bool needs_route(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	enum ip_conntrack_dir dir;

	if (!ct || !nf_vip_is_translated(ct))
		return false;

	dir = CTINFO2DIR(ctinfo);
	return !nf_inet_addr_cmp(&ct->tuplehash[dir].tuple.dst.u3,
				 &ct->tuplehash[!dir].tuple.src.u3);
}

/* A packet of a VRF passes a hook twice, and one time as the VRF's own. */
static bool is_of_vrf(const struct nf_hook_state *state)
{
	const struct net_device *dev = state->in ?: state->out;

	return dev && netif_is_l3_master(dev);
}

static void account(const struct nf_vip_net *vn, const struct sk_buff *skb,
		    const struct nf_hook_state *state)
{
	if (unlikely(READ_ONCE(vn->nr_accounting)) && !is_of_vrf(state))
		nf_vip_conn_account(vn, skb);
}

/* Where a backend is chosen: a connection to one that went down may need another one first. */
static unsigned int engine(const struct nf_vip_net *vn, struct sk_buff *skb,
			   const struct nf_hook_state *state)
{
	unsigned int verdict = NF_ACCEPT;

	if (unlikely(READ_ONCE(vn->nr_down)))
		verdict = nf_vip_down_packet(vn, skb, state);
	if (unlikely(READ_ONCE(vn->nr_ejecting)) && verdict == NF_ACCEPT)
		verdict = nf_vip_redispatch(vn, skb, state);
	return likely(verdict == NF_ACCEPT) ? nf_vip_engine(skb, state) : verdict;
}

static unsigned int pre_routing4(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	const struct nf_vip_net *vn = nf_vip_pernet(state->net);
	__be32 daddr = ip_hdr(skb)->daddr;
	unsigned int verdict = engine(vn, skb, state);

	if (verdict == NF_ACCEPT) {
		if (daddr != ip_hdr(skb)->daddr)
			skb_dst_drop(skb);
		account(vn, skb, state);
		if (unlikely(!nf_vip_route4(vn->routes, skb)))
			nf_vip_conn_no_route(vn, skb);
	}
	return verdict;
}

static unsigned int post_routing(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	unsigned int verdict = nf_vip_engine(skb, state);
	int err;

	if (verdict != NF_ACCEPT || !nf_vip_xfrm_in_use(state->net))
		return verdict;

	err = nf_vip_xfrm_source(state->net, skb, state->pf);
	return err < 0 ? NF_DROP_ERR(err) : NF_ACCEPT;
}

/* A local packet whose address stayed: with its port, its policy may be another. */
static unsigned int check_port(struct sk_buff *skb, const struct nf_hook_state *state)
{
	int err;

	if (!nf_vip_xfrm_in_use(state->net))
		return NF_ACCEPT;

	err = nf_vip_xfrm_port(state->net, skb, state->pf);
	return err < 0 ? NF_DROP_ERR(err) : NF_ACCEPT;
}

static unsigned int local_out4(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	const struct nf_vip_net *vn = nf_vip_pernet(state->net);
	unsigned int verdict = engine(vn, skb, state);
	int err;

	if (verdict != NF_ACCEPT)
		return verdict;
	account(vn, skb, state);
	if (!needs_route(skb))
		return check_port(skb, state);

	err = ip_route_me_harder(state->net, state->sk, skb, RTN_UNSPEC);
	if (err < 0)
		nf_vip_conn_no_route(vn, skb);
	return err < 0 ? NF_DROP_ERR(err) : NF_ACCEPT;
}

/*
 * Early demux looked for a socket before the source was translated back; if
 * it found one, it is the wrong one.
 */
static void drop_early_socket(struct sk_buff *skb, struct sock *sk, bool src_changed)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	enum ip_conntrack_dir dir;

	if (!sk || !ct || inet_sk_transparent(sk))
		return;

	dir = CTINFO2DIR(ctinfo);
	if (src_changed || ct->tuplehash[dir].tuple.src.u.all !=
			   ct->tuplehash[!dir].tuple.dst.u.all)
		skb_orphan(skb);
}

static unsigned int local_in4(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	__be32 saddr = ip_hdr(skb)->saddr;
	struct sock *sk = skb->sk;
	unsigned int verdict = nf_vip_engine(skb, state);

	if (verdict == NF_ACCEPT)
		drop_early_socket(skb, sk, saddr != ip_hdr(skb)->saddr);
	return verdict;
}

static const struct nf_hook_ops hooks4[] = {
	{
		.hook		= pre_routing4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= NF_IP_PRI_NAT_DST - 1,
	}, {
		.hook		= local_out4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP_PRI_NAT_DST - 1,
	}, {
		.hook		= local_in4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= NF_IP_PRI_NAT_SRC + 1,
	}, {
		.hook		= post_routing,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= NF_IP_PRI_NAT_SRC + 1,
	},
};

#if IS_ENABLED(CONFIG_IPV6)
static unsigned int pre_routing6(void *priv, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	const struct nf_vip_net *vn = nf_vip_pernet(state->net);
	struct in6_addr daddr = ipv6_hdr(skb)->daddr;
	unsigned int verdict = engine(vn, skb, state);

	if (verdict == NF_ACCEPT) {
		account(vn, skb, state);
		if (!ipv6_addr_equal(&daddr, &ipv6_hdr(skb)->daddr))
			skb_dst_drop(skb);
		if (unlikely(!nf_vip_route6(skb)))
			nf_vip_conn_no_route(vn, skb);
	}
	return verdict;
}

static unsigned int local_out6(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	const struct nf_vip_net *vn = nf_vip_pernet(state->net);
	unsigned int verdict = engine(vn, skb, state);
	int err;

	if (verdict != NF_ACCEPT)
		return verdict;
	account(vn, skb, state);
	if (!needs_route(skb))
		return check_port(skb, state);

	err = nf_ip6_route_me_harder(state->net, state->sk, skb);
	if (err < 0)
		nf_vip_conn_no_route(vn, skb);
	return err < 0 ? NF_DROP_ERR(err) : NF_ACCEPT;
}

static unsigned int local_in6(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	struct in6_addr saddr = ipv6_hdr(skb)->saddr;
	struct sock *sk = skb->sk;
	unsigned int verdict = nf_vip_engine(skb, state);

	if (verdict == NF_ACCEPT)
		drop_early_socket(skb, sk, !ipv6_addr_equal(&saddr, &ipv6_hdr(skb)->saddr));
	return verdict;
}

static const struct nf_hook_ops hooks6[] = {
	{
		.hook		= pre_routing6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= NF_IP6_PRI_NAT_DST - 1,
	}, {
		.hook		= local_out6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP6_PRI_NAT_DST - 1,
	}, {
		.hook		= local_in6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= NF_IP6_PRI_NAT_SRC + 1,
	}, {
		.hook		= post_routing,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= NF_IP6_PRI_NAT_SRC + 1,
	},
};
#endif

static const struct family {
	u8 nfproto;
	const struct nf_hook_ops *hooks;
	unsigned int nr_hooks;
} families[] = {
	{ NFPROTO_IPV4, hooks4, ARRAY_SIZE(hooks4) },
#if IS_ENABLED(CONFIG_IPV6)
	{ NFPROTO_IPV6, hooks6, ARRAY_SIZE(hooks6) },
#endif
};

static int hook_up(struct net *net, const struct family *family)
{
	int err;

	err = nf_ct_netns_get(net, family->nfproto);
	if (err)
		return err;

	err = nf_register_net_hooks(net, family->hooks, family->nr_hooks);
	if (err)
		nf_ct_netns_put(net, family->nfproto);
	return err;
}

static void unhook(struct net *net, const struct family *family)
{
	nf_unregister_net_hooks(net, family->hooks, family->nr_hooks);
	nf_ct_netns_put(net, family->nfproto);
}

static void drop(struct nf_vip_net *vn, unsigned int which)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		unsigned int bit = nf_vip_hooks_family(families[i].nfproto);

		if (!(which & vn->hooked & bit))
			continue;
		unhook(vn->net, &families[i]);
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
	if (!vn->twins)
		vn->twins = nf_vip_twins_alloc(TWIN_UNIT);
	if (!vn->failed)
		vn->failed = nf_vip_twins_alloc(NF_VIP_REDISPATCH_UNIT);
	if (!vn->routes || !vn->twins || !vn->failed)
		return -ENOMEM;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		unsigned int bit = nf_vip_hooks_family(families[i].nfproto);

		if (!(wanted & bit) || (vn->hooked & bit))
			continue;
		err = hook_up(vn->net, &families[i]);
		if (err) {
			drop(vn, ~before);
			return err;
		}
		vn->hooked |= bit;
	}
	return wanted & ~vn->hooked ? -EAFNOSUPPORT : 0;
}

void nf_vip_hooks_drop(struct nf_vip_net *vn)
{
	drop(vn, ~0U);
}
