// SPDX-License-Identifier: GPL-2.0
/*
 * The packet path. It uses conntrack's entries, but not nf_nat's set-up of a
 * binding: the reply tuple is altered here, as ip_vs_nfct.c does for IPVS.
 * nf_nat then finds the destination as done, and does with the source what the
 * administrator's rules say.
 *
 * An entry belongs to one CPU until it is confirmed, so a new connection needs
 * no lock; a confirmed one is only read.
 */
#include <net/netfilter/nf_conntrack.h>
#include "objects/hold.h"
#include "objects/state.h"
#include "path/choose.h"
#include "path/conn.h"
#include "path/engine.h"
#include "path/redispatch.h"
#include "path/reject.h"
#include "path/repick.h"
#include "path/translate.h"
#include "select/map.h"

/* No backend can have it: what the service says about that. */
static unsigned int on_empty(struct sk_buff *skb, const struct nf_hook_state *state,
			     const struct nf_vip_selection *sel)
{
	switch (sel->on_empty) {
	case NF_VIP_EMPTY_ACCEPT:
		return NF_ACCEPT;
	case NF_VIP_EMPTY_REJECT:
		nf_vip_reject(skb, state);
		break;
	case NF_VIP_EMPTY_DROP:
		break;
	}
	return NF_DROP;
}

static unsigned int refuse(struct sk_buff *skb, const struct nf_hook_state *state,
			   const struct nf_vip_selection *sel, enum nf_vip_bound why)
{
	switch (why) {
	case NF_VIP_BOUND_FULL:
		this_cpu_inc(sel->stats->full);
		return on_empty(skb, state, sel);
	case NF_VIP_BOUND_NO_ROUTE:
		this_cpu_inc(sel->stats->no_route);
		break;
	case NF_VIP_BOUND_NO_MEMORY:
		this_cpu_inc(sel->stats->no_memory);
		break;
	case NF_VIP_BOUND_TAKEN:
	case NF_VIP_BOUND:
		this_cpu_inc(sel->stats->clash);
		break;
	}
	return NF_DROP;
}

static unsigned int balance(struct sk_buff *skb, struct nf_conn *ct,
			    const struct nf_hook_state *state)
{
	const struct nf_vip_net *vn = nf_vip_pernet(state->net);
	const struct nf_vip_map *map = rcu_dereference(vn->map);
	const struct nf_vip_selection *sel;
	const struct nf_vip_entry *entry;
	enum nf_vip_bound bound;

	if (!map)
		return NF_ACCEPT;
	entry = nf_vip_map_find(map, &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple, state->in,
				skb->mark);
	if (!entry)
		return NF_ACCEPT;

	sel = rcu_dereference(entry->selection);
	if (unlikely(nf_vip_hold_concerns(ct)) && nf_vip_hold_runs(sel->hold)) {
		this_cpu_inc(sel->stats->held);
		return NF_DROP;
	}
	if (unlikely(!sel->nr_slots)) {
		this_cpu_inc(sel->stats->empty);
		return on_empty(skb, state, sel);
	}
	bound = nf_vip_choose(skb, ct, sel, vn->twins,
			      unlikely(sel->eject) ? nf_vip_redispatch_avoid(vn, ct) : 0);
	if (unlikely(bound != NF_VIP_BOUND))
		return refuse(skb, state, sel, bound);
	if (unlikely(sel->eject))
		nf_vip_redispatch_began(vn, ct);
	return NF_ACCEPT;
}

static bool is_dst_hook(const struct nf_hook_state *state)
{
	return state->hook == NF_INET_PRE_ROUTING || state->hook == NF_INET_LOCAL_OUT;
}

/* Once for a packet, where conntrack has just seen it. */
static void watch(struct nf_conn *ct, enum ip_conntrack_info ctinfo, struct net *net)
{
	if (unlikely(nf_vip_conn_closing(ct)))
		nf_vip_conn_closed(net, ct);
	else if (unlikely(test_bit(NF_VIP_IPS_ENDED_BIT, &ct->status)))
		nf_vip_conn_again(net, ct);
	if (unlikely(nf_vip_repick_waits(ct, ctinfo)))
		nf_vip_repick_end(net, ct);
}

unsigned int nf_vip_engine(struct sk_buff *skb, const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;
	unsigned int verdict;

	ct = nf_ct_get(skb, &ctinfo);
	if (!ct)
		return NF_ACCEPT;

	if (ctinfo == IP_CT_NEW && is_dst_hook(state) &&
	    !(READ_ONCE(ct->status) & (IPS_CONFIRMED | IPS_DST_NAT_DONE))) {
		verdict = balance(skb, ct, state);
		if (verdict != NF_ACCEPT)
			return verdict;
	}

	if (!nf_vip_is_translated(ct))
		return NF_ACCEPT;
	if (is_dst_hook(state))
		watch(ct, ctinfo, state->net);
	else if (unlikely(!nf_ct_is_confirmed(ct)) && !nf_vip_conn_begin(state->net, ct))
		return NF_DROP;
	return nf_vip_translate(skb, ct, ctinfo, state);
}
