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
#include <net/netfilter/nf_conntrack_zones.h>
#include "condition.h"
#include "live.h"
#include "net.h"
#include "ondown.h"
#include "service.h"

static bool is_down(const struct nf_vip_backend *backend)
{
	return backend->spec.state == NF_VIP_STATE_DOWN || !backend->up ||
	       (backend->condition && backend->condition->dead);
}

static void set_down(struct nf_vip_backend *backend, bool down)
{
	struct nf_vip_net *vn = backend->service->vn;

	lockdep_assert_held(&vn->lock);
	if (backend->down == down)
		return;
	/* Whoever reads it sees the selection that was published before. */
	smp_store_release(&backend->down, down);
	WRITE_ONCE(vn->nr_down, down ? vn->nr_down + 1 : vn->nr_down - 1);
}

void nf_vip_ondown_note(struct nf_vip_service *service)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, &service->backends, node)
		set_down(backend, is_down(backend));
}

void nf_vip_ondown_forget(struct nf_vip_backend *backend)
{
	set_down(backend, false);
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

static unsigned int begin_anew(struct sk_buff *skb, struct nf_conn *ct,
			       const struct nf_hook_state *state)
{
	bool plain = is_plain(ct);

	nf_vip_live_closed(state->net, ct);
	nf_ct_kill(ct);
	if (!plain)
		return NF_DROP;
	nf_reset_ct(skb);
	return nf_conntrack_in(skb, state);
}

/* A connection that belongs to another one, as data of FTP, is no service's own. */
static bool is_balanced(const struct nf_conn *ct)
{
	unsigned long status = READ_ONCE(ct->status);

	return (status & (IPS_CONFIRMED | IPS_DST_NAT | IPS_DYING)) ==
	       (IPS_CONFIRMED | IPS_DST_NAT) && !ct->master;
}

unsigned int nf_vip_ondown(const struct nf_vip_net *vn, struct sk_buff *skb,
			   const struct nf_hook_state *state)
{
	const struct nf_vip_backend *backend;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;

	ct = nf_ct_get(skb, &ctinfo);
	if (!ct || !is_balanced(ct) || !is_unanswered(ct, ctinfo))
		return NF_ACCEPT;
	backend = nf_vip_live_backend(vn, ct);
	/* Pairs with set_down(): the next choice is from the new selection. */
	if (!backend || !smp_load_acquire(&backend->down))
		return NF_ACCEPT;
	return begin_anew(skb, ct, state);
}
