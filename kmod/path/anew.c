// SPDX-License-Identifier: GPL-2.0
/*
 * A connection keeps the backend of its entry, and nothing can change an entry's
 * reply tuple; so the entry is deleted, and conntrack makes a new one for the
 * packet at hand, as conntrack's own hook does.
 */
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_synproxy.h>
#include <net/netfilter/nf_conntrack_timeout.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "objects/mark.h"
#include "path/anew.h"
#include "path/conn.h"
#include "path/packet.h"

/* Would conntrack make the same entry from our hook as from its own? */
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

/*
 * Rules before our hook set up the old entry and never see the new one: hand over
 * what they set. Without the extension of a SYN proxy the client, whom the proxy
 * has answered, would never understand the backend.
 */
static bool inherit(struct nf_conn *ct, const struct nf_conn *old)
{
	/*
	 * Conntrack may have found an entry instead of making one: that of a
	 * packet which another CPU has just sent.
	 */
	if (!ct || nf_ct_is_confirmed(ct))
		return true;
	ct->mark |= READ_ONCE(old->mark) & ~nf_vip_mark_mask;
	inherit_labels(ct, old);
	inherit_timeout(ct, old);
	return nf_ct_add_synproxy(ct, old);
}

unsigned int nf_vip_begin_anew(struct nf_vip_packet *packet)
{
	struct nf_conn *old = packet->ct;
	bool plain = is_plain(old);
	unsigned int verdict;

	nf_vip_conn_closed(packet->vn, old);
	nf_ct_kill(old);
	if (!plain)
		return NF_DROP;
	nf_conntrack_get(&old->ct_general);
	nf_reset_ct(packet->skb);
	verdict = nf_conntrack_in(packet->skb, packet->state);
	nf_vip_packet_read(packet);
	if (verdict == NF_ACCEPT && !inherit(packet->ct, old))
		verdict = NF_DROP;
	nf_ct_put(old);
	return verdict;
}
