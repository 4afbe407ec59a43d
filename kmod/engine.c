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
#include "bind.h"
#include "engine.h"
#include "live.h"
#include "map.h"
#include "mark.h"
#include "net.h"
#include "reject.h"
#include "translate.h"

/* No backend: what the service says about it. */
static unsigned int on_empty(struct sk_buff *skb, const struct nf_hook_state *state,
			     const struct nf_vip_selection *sel)
{
	this_cpu_inc(sel->stats->empty);
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

static void count_chosen(const struct nf_vip_selection *sel, const struct nf_vip_target *target)
{
	this_cpu_inc(sel->stats->chosen);
	this_cpu_inc(target->stats->chosen);
	nf_vip_load_begin(target->load, 0);
}

/* A mark that came with the connection may have asked for its backend. */
static bool bind_marked(const struct sk_buff *skb, struct nf_conn *ct,
			const struct nf_vip_selection *sel)
{
	u32 mark = READ_ONCE(ct->mark) & nf_vip_mark_mask;
	const struct nf_vip_target *target;

	if (likely(!mark))
		return false;

	target = nf_vip_selection_marked(sel, mark);
	if (!target || nf_vip_bind(skb, ct, sel, target) != NF_VIP_BOUND)
		return false;
	this_cpu_inc(sel->stats->pinned);
	this_cpu_inc(target->stats->pinned);
	count_chosen(sel, target);
	return true;
}

/*
 * The scheduler's choice, or one of the slots behind it if the reply tuple of
 * that backend is taken. The search is bounded: who needs more turns than this
 * gets another source port instead.
 */
static enum nf_vip_bound bind_chosen(const struct sk_buff *skb, struct nf_conn *ct,
				     const struct nf_vip_selection *sel)
{
	u32 tries = min_t(u32, sel->nr_slots, 8);
	u32 slot = nf_vip_selection_pick(sel, &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple);
	const struct nf_vip_target *target;
	enum nf_vip_bound bound;
	u32 i;

	for (i = 0; i < tries; i++) {
		target = nf_vip_selection_target(sel, slot + i);
		bound = nf_vip_bind(skb, ct, sel, target);
		if (likely(bound == NF_VIP_BOUND))
			goto chosen;
	}

	target = nf_vip_selection_target(sel, slot);
	bound = nf_vip_bind_other_port(skb, ct, sel, target);
	if (bound != NF_VIP_BOUND)
		return bound;
chosen:
	count_chosen(sel, target);
	return NF_VIP_BOUND;
}

static unsigned int balance(struct sk_buff *skb, struct nf_conn *ct,
			    const struct nf_hook_state *state)
{
	const struct nf_vip_net *vn = nf_vip_pernet(state->net);
	const struct nf_vip_map *map = rcu_dereference(vn->map);
	const struct nf_vip_selection *sel;
	const struct nf_vip_entry *entry;

	if (!map)
		return NF_ACCEPT;
	entry = nf_vip_map_find(map, &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple, state->in);
	if (!entry)
		return NF_ACCEPT;

	sel = rcu_dereference(entry->selection);
	if (unlikely(!sel->nr_slots))
		return on_empty(skb, state, sel);
	if (bind_marked(skb, ct, sel) || bind_chosen(skb, ct, sel) == NF_VIP_BOUND)
		return NF_ACCEPT;

	this_cpu_inc(sel->stats->clash);
	return NF_DROP;
}

static bool is_dst_hook(const struct nf_hook_state *state)
{
	return state->hook == NF_INET_PRE_ROUTING || state->hook == NF_INET_LOCAL_OUT;
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
	if (unlikely(nf_vip_live_closing(ct)))
		nf_vip_live_closed(state->net, ct);
	return nf_vip_translate(skb, ct, ctinfo, state);
}
