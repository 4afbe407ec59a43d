// SPDX-License-Identifier: GPL-2.0
/*
 * Every packet of a connection leads to its backend by the mark, as in live.c.
 * An entry cannot be given another backend, because its reply tuple is what it
 * is found by; so it is deleted, and conntrack makes another one for the packet
 * at hand, as it did two hooks earlier.
 */
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_timeout.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "health/condition.h"
#include "health/live.h"
#include "health/liveness.h"
#include "net.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "path/ondown.h"
#include "path/reject.h"

/* Word of a backend: that it is down, and enum nf_vip_on_down of each protocol. */
enum {
	FATE_DOWN	= BIT(0),
	FATE_TCP	= 8,
	FATE_UDP	= 16,
	FATE_MASK	= 0xff,
};

/* What a reset leaves behind for what the other side still sends, and how long. */
#define GRAVE_TIMEOUT	(10 * HZ)

static bool is_down(const struct nf_vip_backend *backend)
{
	return backend->spec.state == NF_VIP_STATE_DOWN ||
	       (!backend->up && !backend->unknown) || nf_vip_condition_is_dead(backend->condition);
}

/* Nothing moves while there is nowhere to go. */
static u32 fate_of(const struct nf_vip_service *service, enum nf_vip_on_down on_down,
		   unsigned int shift)
{
	if (on_down == NF_VIP_DOWN_MOVE && !service->nr_usable)
		return 0;
	return (u32)on_down << shift;
}

static u32 fate(const struct nf_vip_backend *backend)
{
	const struct nf_vip_service *service = backend->service;
	const struct nf_vip_service_spec *spec = &service->spec;
	u32 word = FATE_DOWN;

	if (backend->drain.overdue)
		return FATE_DOWN | NF_VIP_DOWN_RESET << FATE_TCP | NF_VIP_DOWN_RESET << FATE_UDP;
	if (!is_down(backend) || nf_vip_is_open(backend))
		return 0;
	if (spec->proto == IPPROTO_TCP || spec->proto == NF_VIP_PROTO_FWMARK)
		word |= fate_of(service, spec->on_down_tcp, FATE_TCP);
	if (spec->proto == IPPROTO_UDP || spec->proto == NF_VIP_PROTO_FWMARK)
		word |= fate_of(service, spec->on_down_udp, FATE_UDP);
	return word;
}

static bool is_left(u32 word)
{
	return word > FATE_DOWN;
}

static enum nf_vip_on_down on_down_of(u32 word, const struct nf_conn *ct)
{
	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		return word >> FATE_TCP & FATE_MASK;
	case IPPROTO_UDP:
		return word >> FATE_UDP & FATE_MASK;
	default:
		return NF_VIP_DOWN_KEEP;
	}
}

static void set_fate(struct nf_vip_backend *backend, u32 word)
{
	struct nf_vip_net *vn = backend->service->vn;
	u32 old = backend->fate;

	lockdep_assert_held(&vn->lock);
	if (word == old)
		return;
	/* Whoever reads it sees the selection that was published before. */
	smp_store_release(&backend->fate, word);
	WRITE_ONCE(vn->nr_down, vn->nr_down + !!word - !!old);
	WRITE_ONCE(vn->nr_left, vn->nr_left + is_left(word) - is_left(old));
	if (is_left(word))
		nf_vip_live_soon(vn);
}

void nf_vip_ondown_note(struct nf_vip_service *service)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, &service->backends, node)
		set_fate(backend, fate(backend));
	list_for_each_entry(backend, &service->leaving, node)
		set_fate(backend, fate(backend));
}

void nf_vip_ondown_forget(struct nf_vip_backend *backend)
{
	set_fate(backend, 0);
}

bool nf_vip_ondown_look(const struct nf_vip_backend *backend, const struct nf_conn *ct,
			enum nf_vip_on_down *on_down)
{
	u32 word = READ_ONCE(backend->fate);

	*on_down = on_down_of(word, ct);
	return word;
}

bool nf_vip_ondown_takes_off(const struct nf_vip_backend *backend, const struct nf_conn *ct)
{
	u32 word = READ_ONCE(backend->fate);

	return unlikely(is_left(word)) && (READ_ONCE(ct->status) & IPS_OFFLOAD) && !ct->master &&
	       on_down_of(word, ct) != NF_VIP_DOWN_KEEP;
}

/* TCP that was picked up in the middle may have its answers on another path. */
static bool is_unanswered(const struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	if (ctinfo != IP_CT_NEW)
		return false;
	return nf_ct_protonum(ct) != IPPROTO_TCP ||
	       READ_ONCE(ct->proto.tcp.state) == TCP_CONNTRACK_SYN_SENT;
}

/* Would conntrack, asked here, make the entry that it made in its own place? */
static bool is_plain(const struct nf_conn *ct)
{
	return !nfct_help(ct) && nf_ct_zone_id(nf_ct_zone(ct), IP_CT_DIR_ORIGINAL) ==
				 NF_CT_DEFAULT_ZONE_ID;
}

static void inherit_labels(struct nf_conn *ct, const struct nf_conn *old)
{
	const struct nf_conn_labels *from = nf_ct_labels_find(old);
	struct nf_conn_labels *to;

	if (!from)
		return;
	to = nf_ct_labels_find(ct) ?: nf_ct_labels_ext_add(ct);
	if (to)
		memcpy(to->bits, from->bits, sizeof(to->bits));
}

static void inherit_timeout(struct nf_conn *ct, const struct nf_conn *old)
{
	const struct nf_conn_timeout *from = nf_ct_timeout_find(old);
	struct nf_ct_timeout *timeout = from ? rcu_dereference(from->timeout) : NULL;

	if (timeout && !nf_ct_timeout_find(ct))
		nf_ct_timeout_ext_add(ct, timeout, GFP_ATOMIC);
}

/* What the administrator's rules gave the first packet, and do not give this one. */
static void inherit(const struct sk_buff *skb, const struct nf_conn *old)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	/* It may have met the entry of a packet that another CPU has just sent. */
	if (!ct || nf_ct_is_confirmed(ct))
		return;
	ct->mark |= READ_ONCE(old->mark) & ~nf_vip_mark_mask;
	inherit_labels(ct, old);
	inherit_timeout(ct, old);
}

unsigned int nf_vip_begin_anew(struct sk_buff *skb, struct nf_conn *ct,
			       const struct nf_hook_state *state)
{
	bool plain = is_plain(ct);
	unsigned int verdict;

	nf_vip_live_closed(state->net, ct);
	nf_ct_kill(ct);
	if (!plain)
		return NF_DROP;
	nf_conntrack_get(&ct->ct_general);
	nf_reset_ct(skb);
	verdict = nf_conntrack_in(skb, state);
	if (verdict == NF_ACCEPT)
		inherit(skb, ct);
	nf_ct_put(ct);
	return verdict;
}

/*
 * The client first: its packets say what it expects. Those of the backend pass
 * until then, so that a client that only listens has something to acknowledge.
 * The entry stays for a while, or what comes late would be a new connection.
 */
static unsigned int reset_tcp(struct sk_buff *skb, struct nf_conn *ct, bool from_client,
			      const struct nf_hook_state *state)
{
	bool done = test_bit(NF_VIP_IPS_RESET_BIT, &ct->status);

	if (!done && (!from_client || nf_vip_live_closing(ct)))
		return NF_ACCEPT;
	nf_vip_reject(skb, state);
	if (!done)
		set_bit(NF_VIP_IPS_RESET_BIT, &ct->status);
	nf_vip_live_closed(state->net, ct);
	WRITE_ONCE(ct->timeout, nfct_time_stamp + GRAVE_TIMEOUT);
	return NF_DROP;
}

static unsigned int reset_udp(struct sk_buff *skb, struct nf_conn *ct,
			      const struct nf_hook_state *state)
{
	nf_vip_reject(skb, state);
	nf_vip_live_closed(state->net, ct);
	nf_ct_kill(ct);
	return NF_DROP;
}

static unsigned int leave(struct sk_buff *skb, struct nf_conn *ct, bool from_client,
			  enum nf_vip_on_down on_down, const struct nf_hook_state *state)
{
	bool tcp = nf_ct_protonum(ct) == IPPROTO_TCP;

	if (on_down == NF_VIP_DOWN_RESET && tcp)
		return reset_tcp(skb, ct, from_client, state);
	if (on_down == NF_VIP_DOWN_KEEP || !from_client || nf_vip_live_closing(ct))
		return NF_ACCEPT;
	return on_down == NF_VIP_DOWN_RESET ? reset_udp(skb, ct, state) :
					      nf_vip_begin_anew(skb, ct, state);
}

/* Its entry is not on its way out, either. */
static bool is_balanced(const struct nf_conn *ct)
{
	unsigned long status = READ_ONCE(ct->status);

	return nf_vip_live_is_balanced(ct, status) && !(status & IPS_DYING);
}

/* An error about a connection is none of its packets, nor is our own reset. */
static bool is_packet_of(enum ip_conntrack_info ctinfo)
{
	return ctinfo == IP_CT_NEW || ctinfo == IP_CT_ESTABLISHED ||
	       ctinfo == IP_CT_ESTABLISHED_REPLY;
}

unsigned int nf_vip_ondown(const struct nf_vip_net *vn, struct sk_buff *skb,
			   const struct nf_hook_state *state)
{
	const struct nf_vip_backend *backend;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;
	bool unanswered;
	u32 word;

	ct = nf_ct_get(skb, &ctinfo);
	if (!ct || !is_packet_of(ctinfo) || !is_balanced(ct))
		return NF_ACCEPT;
	unanswered = is_unanswered(ct, ctinfo);
	if (!unanswered && !READ_ONCE(vn->nr_left))
		return NF_ACCEPT;
	backend = nf_vip_live_backend(vn, ct);
	/* Pairs with set_fate(): the next choice is from the new selection. */
	word = backend ? smp_load_acquire(&backend->fate) : 0;
	if (!word)
		return NF_ACCEPT;
	if (unanswered)
		return nf_vip_begin_anew(skb, ct, state);
	return leave(skb, ct, CTINFO2DIR(ctinfo) == IP_CT_DIR_ORIGINAL, on_down_of(word, ct),
		     state);
}
