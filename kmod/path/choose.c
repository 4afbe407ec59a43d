// SPDX-License-Identifier: GPL-2.0
#include <net/netfilter/nf_conntrack.h>
#include "objects/mark.h"
#include "objects/quota.h"
#include "path/bind.h"
#include "path/choose.h"
#include "path/conn.h"
#include "path/packet.h"
#include "select/load.h"
#include "select/persist.h"
#include "select/scheduler.h"
#include "select/select.h"
#include "select/recent_flow.h"

/* Slots that are tried, from the picked one on. */
#define SLOT_TRIES	8

/* The place is reserved first: another CPU may just have filled the backend. */
static enum nf_vip_bound give(const struct nf_vip_packet *packet,
			      const struct nf_vip_selection *sel,
			      const struct nf_vip_target *target, bool other_port)
{
	enum nf_vip_bound bound;

	if (!nf_vip_load_reserve(target->load, target->max_conns))
		return NF_VIP_BOUND_FULL;

	bound = other_port ? nf_vip_bind_other_port(packet, sel, target) :
			     nf_vip_bind(packet, sel, target);
	if (unlikely(bound != NF_VIP_BOUND)) {
		nf_vip_load_give_back(target->load);
		return bound;
	}
	this_cpu_inc(sel->stats->nr[NF_VIP_SVC_CHOSEN]);
	this_cpu_inc(target->stats->nr[NF_VIP_BE_CHOSEN]);
	return NF_VIP_BOUND;
}

/* The mark that a rule gave the connection may ask for a backend. */
static bool choose_marked(struct nf_vip_packet *packet, const struct nf_vip_selection *sel)
{
	const struct nf_vip_target *target;
	u32 mark = nf_vip_mark_of(packet->ct);

	if (likely(!mark))
		return false;

	target = nf_vip_selection_marked(sel, mark);
	if (!target || give(packet, sel, target, false) != NF_VIP_BOUND)
		return false;
	this_cpu_inc(sel->stats->nr[NF_VIP_SVC_PINNED]);
	this_cpu_inc(target->stats->nr[NF_VIP_BE_PINNED]);
	packet->by = NF_VIP_CHOSEN_BY_MARK;
	return true;
}

/* Tries every backend except @avoid: the best tier from @first on, then the other tiers. */
static noinline enum nf_vip_bound choose_any(const struct nf_vip_packet *packet,
					     const struct nf_vip_selection *sel, u32 first,
					     u32 avoid)
{
	enum nf_vip_bound bound, why = NF_VIP_BOUND_FULL;
	u32 i;

	for (i = 0; i < sel->nr_targets; i++) {
		u32 at = i < sel->nr_best ? (first + i) % sel->nr_best : i;

		if (sel->targets[at].mark == avoid)
			continue;
		bound = give(packet, sel, &sel->targets[at], false);
		if (bound == NF_VIP_BOUND)
			return bound;
		if (bound != NF_VIP_BOUND_FULL)
			why = bound;
	}
	return why;
}

/* The last resorts, when every slot that was tried is full or taken. */
static noinline enum nf_vip_bound choose_last(const struct nf_vip_packet *packet,
					      const struct nf_vip_selection *sel, u32 slot,
					      enum nf_vip_bound why)
{
	const struct nf_vip_target *target = nf_vip_selection_target(sel, slot);
	enum nf_vip_bound bound = why;

	if (sel->capped)
		bound = choose_any(packet, sel, target - sel->targets, 0);
	if (bound == NF_VIP_BOUND_TAKEN)
		bound = give(packet, sel, target, true);
	return bound;
}

static enum nf_vip_bound choose_slot(const struct nf_vip_packet *packet,
				     const struct nf_vip_selection *sel, u32 slot)
{
	u32 i, tries = min_t(u32, sel->nr_slots, SLOT_TRIES);
	enum nf_vip_bound bound;

	for (i = 0; i < tries; i++) {
		bound = give(packet, sel, nf_vip_selection_target(sel, slot + i), false);
		if (likely(bound == NF_VIP_BOUND))
			return bound;
	}
	return choose_last(packet, sel, slot, bound);
}

/*
 * An earlier datagram of the flow was counted, and conntrack will merge the two
 * entries: do not count this one.
 */
static bool choose_recent(struct nf_vip_packet *packet, const struct nf_vip_selection *sel,
			  u32 mark)
{
	const struct nf_vip_target *target = nf_vip_selection_marked(sel, mark);

	if (!target || nf_vip_bind(packet, sel, target) != NF_VIP_BOUND)
		return false;
	nf_vip_conn_skip(packet->ct);
	packet->by = NF_VIP_CHOSEN_BY_RECENT_FLOW;
	return true;
}

/* Datagrams of one flow may be here on several CPUs at once: all of them get one backend. */
static enum nf_vip_bound choose_udp(struct nf_vip_packet *packet,
				    const struct nf_vip_selection *sel,
				    struct nf_vip_recent_flows *flows)
{
	struct nf_vip_recent_flow flow;
	u32 mark, told, slot;

	mark = nf_vip_recent_flow_find(flows, nf_vip_original(packet->ct), &flow);
	if (unlikely(mark) && choose_recent(packet, sel, mark))
		return NF_VIP_BOUND;

	slot = nf_vip_selection_pick(sel, nf_vip_original(packet->ct));
	mark = nf_vip_selection_target(sel, slot)->mark;
	told = nf_vip_recent_flow_note(&flow, mark);
	if (unlikely(told != mark) && choose_recent(packet, sel, told))
		return NF_VIP_BOUND;
	return choose_slot(packet, sel, slot);
}

/* The backend that the client has, if it may be chosen and has room. */
static bool choose_kept(struct nf_vip_packet *packet, const struct nf_vip_selection *sel, u32 mark)
{
	const struct nf_vip_target *target = nf_vip_selection_marked(sel, mark);

	if (!target || give(packet, sel, target, false) != NF_VIP_BOUND)
		return false;
	packet->by = NF_VIP_CHOSEN_BY_CLIENT;
	return true;
}

/*
 * For a client that is to be remembered: the client's place in the table is
 * taken before a backend is, so that connections on other CPUs go the same way.
 * If the picked backend cannot take the client after all, the place is
 * corrected afterwards.
 */
static enum nf_vip_bound remember(struct nf_vip_packet *packet, const struct nf_vip_selection *sel,
				  struct nf_vip_client *client)
{
	u32 slot = nf_vip_selection_pick(sel, nf_vip_original(packet->ct)), mark, kept;
	enum nf_vip_bound bound;

	mark = nf_vip_selection_target(sel, slot)->mark;
	kept = nf_vip_client_keep(client, mark, sel->policy.persist);
	if (unlikely(!kept)) {
		this_cpu_inc(sel->stats->nr[NF_VIP_SVC_CLIENTS_FULL]);
		if (!nf_vip_clients_said_full(sel->clients) && nf_vip_may_log(packet->vn))
			nf_vip_clients_say_full(sel->clients);
	} else if (unlikely(kept != mark) && choose_kept(packet, sel, kept)) {
		return NF_VIP_BOUND;
	}

	bound = choose_slot(packet, sel, slot);
	if (bound == NF_VIP_BOUND && kept && nf_vip_mark_of(packet->ct) != mark)
		nf_vip_client_keep(client, nf_vip_mark_of(packet->ct), sel->policy.persist);
	return bound;
}

/* The backend that the client had, or the scheduler's choice from now on. */
static noinline enum nf_vip_bound choose_client(struct nf_vip_packet *packet,
						const struct nf_vip_selection *sel)
{
	struct nf_vip_client client;
	u32 mark;

	mark = nf_vip_client_find(sel->clients, &nf_vip_original(packet->ct)->src.u3, &client);
	if (mark && choose_kept(packet, sel, mark)) {
		nf_vip_client_renew(&client, sel->policy.persist);
		return NF_VIP_BOUND;
	}
	return remember(packet, sel, &client);
}

/* The first target from @slot on whose mark is not @avoid; only a few slots are tried. */
static u32 other_than(const struct nf_vip_selection *sel, u32 slot, u32 avoid)
{
	const struct nf_vip_target *target;
	u32 i;

	for (i = 0; i < SLOT_TRIES; i++) {
		target = nf_vip_selection_target(sel, slot + i);
		if (target->mark != avoid)
			break;
	}
	return target - sel->targets;
}

/*
 * Another backend than the one that failed the connection, as the scheduler
 * would have it. The client, and other datagrams of the flow, keep that backend
 * then.
 */
static noinline bool choose_other(struct nf_vip_packet *packet, const struct nf_vip_selection *sel,
				  struct nf_vip_recent_flows *flows, u32 avoid)
{
	u32 slot = nf_vip_selection_pick(sel, nf_vip_original(packet->ct)), mark;
	bool udp = nf_ct_protonum(packet->ct) == IPPROTO_UDP;
	struct nf_vip_client client;
	struct nf_vip_recent_flow flow;

	mark = udp ? nf_vip_recent_flow_find(flows, nf_vip_original(packet->ct), &flow) : 0;
	if (mark && mark != avoid && choose_recent(packet, sel, mark)) {
		packet->by = NF_VIP_CHOSEN_BY_FAILURE;
		return true;
	}
	if (choose_any(packet, sel, other_than(sel, slot, avoid), avoid) != NF_VIP_BOUND)
		return false;
	if (udp)
		nf_vip_recent_flow_note(&flow, nf_vip_mark_of(packet->ct));
	if (sel->clients) {
		nf_vip_client_find(sel->clients, &nf_vip_original(packet->ct)->src.u3, &client);
		nf_vip_client_keep(&client, nf_vip_mark_of(packet->ct), sel->policy.persist);
	}
	this_cpu_inc(sel->stats->nr[NF_VIP_SVC_REDISPATCHED]);
	packet->by = NF_VIP_CHOSEN_BY_FAILURE;
	return true;
}

enum nf_vip_bound nf_vip_choose(struct nf_vip_packet *packet, const struct nf_vip_selection *sel,
				struct nf_vip_recent_flows *flows, u32 avoid)
{
	packet->by = NF_VIP_CHOSEN_BY_SCHEDULER;
	if (unlikely(avoid) && choose_other(packet, sel, flows, avoid))
		return NF_VIP_BOUND;
	if (choose_marked(packet, sel))
		return NF_VIP_BOUND;
	if (sel->clients)
		return choose_client(packet, sel);
	if (nf_ct_protonum(packet->ct) == IPPROTO_UDP && !sel->ops->by_flow)
		return choose_udp(packet, sel, flows);
	return choose_slot(packet, sel, nf_vip_selection_pick(sel, nf_vip_original(packet->ct)));
}
