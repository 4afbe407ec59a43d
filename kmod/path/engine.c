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
#include "objects/midstream.h"
#include "objects/state.h"
#include "path/choose.h"
#include "path/conn.h"
#include "path/engine.h"
#include "path/packet.h"
#include "path/redispatch.h"
#include "path/reject.h"
#include "path/repick.h"
#include "path/translate.h"
#include "select/map.h"

/* The verdict of `on-empty`, for a connection that no backend can take. */
static unsigned int meet_empty(const struct nf_vip_packet *packet,
			       const struct nf_vip_selection *sel)
{
	switch (sel->on_empty) {
	case NF_VIP_EMPTY_ACCEPT:
		return NF_ACCEPT;
	case NF_VIP_EMPTY_REJECT:
		nf_vip_reject(packet);
		break;
	case NF_VIP_EMPTY_DROP:
		break;
	}
	return NF_DROP;
}

static unsigned int refuse(const struct nf_vip_packet *packet, const struct nf_vip_selection *sel,
			   enum nf_vip_bound why)
{
	switch (why) {
	case NF_VIP_BOUND_FULL:
		this_cpu_inc(sel->stats->nr[NF_VIP_SVC_FULL]);
		return meet_empty(packet, sel);
	case NF_VIP_BOUND_NO_ROUTE:
		this_cpu_inc(sel->stats->nr[NF_VIP_SVC_NO_ROUTE]);
		break;
	case NF_VIP_BOUND_NO_MEMORY:
		this_cpu_inc(sel->stats->nr[NF_VIP_SVC_NO_MEMORY]);
		break;
	case NF_VIP_BOUND_TAKEN:
	case NF_VIP_BOUND:
		this_cpu_inc(sel->stats->nr[NF_VIP_SVC_CLASH]);
		break;
	}
	return NF_DROP;
}

static unsigned int balance(struct nf_vip_packet *packet)
{
	const struct nf_vip_net *vn = packet->vn;
	const struct nf_vip_map *map = rcu_dereference(vn->map);
	const struct nf_vip_selection *sel;
	const struct nf_vip_entry *entry;
	enum nf_vip_bound bound;

	if (!map)
		return NF_ACCEPT;
	entry = nf_vip_map_find(map, nf_vip_original(packet->ct), packet->state->in,
				packet->skb->mark);
	if (!entry)
		return NF_ACCEPT;

	sel = rcu_dereference(entry->selection);
	if (unlikely(nf_vip_midstream_concerns(packet->ct)) &&
	    nf_vip_midstream_runs(sel->midstream)) {
		this_cpu_inc(sel->stats->nr[NF_VIP_SVC_HELD]);
		return NF_DROP;
	}
	if (unlikely(!sel->nr_slots)) {
		this_cpu_inc(sel->stats->nr[NF_VIP_SVC_EMPTY]);
		return meet_empty(packet, sel);
	}
	bound = nf_vip_choose(packet, sel, vn->recent,
			      unlikely(sel->eject) ? nf_vip_redispatch_avoid(packet) : 0);
	if (unlikely(bound != NF_VIP_BOUND))
		return refuse(packet, sel, bound);
	if (unlikely(sel->eject))
		nf_vip_redispatch_began(packet);
	return NF_ACCEPT;
}

static bool is_dst_hook(const struct nf_vip_packet *packet)
{
	return packet->state->hook == NF_INET_PRE_ROUTING ||
	       packet->state->hook == NF_INET_LOCAL_OUT;
}

/* Called at PRE_ROUTING and LOCAL_OUT only: once for each packet, right after conntrack saw it. */
static void watch(const struct nf_vip_packet *packet)
{
	struct nf_conn *ct = packet->ct;

	if (unlikely(nf_vip_conn_closing(ct)))
		nf_vip_conn_closed(packet->vn, ct);
	else if (unlikely(test_bit(NF_VIP_IPS_ENDED_BIT, &ct->status)))
		nf_vip_conn_again(packet->vn, ct);
	if (unlikely(nf_vip_repick_waits(packet)))
		nf_vip_repick_end(packet);
}

unsigned int nf_vip_engine(struct nf_vip_packet *packet)
{
	struct nf_conn *ct = packet->ct;
	unsigned int verdict;

	if (packet->ctinfo == IP_CT_NEW && is_dst_hook(packet) &&
	    !(READ_ONCE(ct->status) & (IPS_CONFIRMED | IPS_DST_NAT_DONE))) {
		verdict = balance(packet);
		if (verdict != NF_ACCEPT)
			return verdict;
	}

	if (!nf_vip_is_translated(ct))
		return NF_ACCEPT;
	if (is_dst_hook(packet))
		watch(packet);
	else if (unlikely(!nf_ct_is_confirmed(ct)) && !nf_vip_conn_begin(packet->vn, ct))
		return NF_DROP;
	return nf_vip_translate(packet);
}
