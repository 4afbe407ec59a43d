// SPDX-License-Identifier: GPL-2.0
/*
 * The entry of a connection that failed is gone, or goes, before the client
 * repeats itself. What remains of the failure is one word in a table of
 * recent_flow.c, which says which backend not to choose. Another such table
 * knows for a moment which connections have just begun.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/netfilter/nf_conntrack.h>
#include "objects/ejection.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "path/anew.h"
#include "path/conn.h"
#include "path/packet.h"
#include "path/redispatch.h"
#include "path/transport.h"
#include "select/recent_flow.h"

enum failure {
	NO_FAILURE,
	SILENCE,	/* the client repeats its first packet */
	REFUSAL,	/* the packet is the refusal, on its way to the client */
};

/*
 * Has the client asked, and nobody answered? For conntrack an association is
 * "closed" while there is only its INIT.
 */
static bool is_asking(const struct nf_conn *ct)
{
	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		return READ_ONCE(ct->proto.tcp.state) == TCP_CONNTRACK_SYN_SENT;
	case IPPROTO_SCTP:
		return READ_ONCE(ct->proto.sctp.state) == SCTP_CONNTRACK_CLOSED;
	default:
		return false;
	}
}

/* Conntrack deletes an entry whose first answer is a RST; no other closes without being assured. */
static bool was_reset(const struct nf_conn *ct, unsigned long status)
{
	return nf_ct_protonum(ct) == IPPROTO_TCP && (status & IPS_DYING) &&
	       !(status & IPS_ASSURED) &&
	       READ_ONCE(ct->proto.tcp.state) == TCP_CONNTRACK_CLOSE;
}

/* Is an ICMP error "unreachable"? A packet that is too long is another matter. */
static bool is_unreachable(const struct nf_vip_packet *packet)
{
	const struct icmphdr *icmp;
	struct icmphdr room;
	u8 proto;
	int at;

	at = nf_vip_transport_at(packet, &proto);
	if (at < 0 || (proto != IPPROTO_ICMP && proto != IPPROTO_ICMPV6))
		return false;
	/* ICMPv6 has type and code in the same places. */
	icmp = skb_header_pointer(packet->skb, at, sizeof(room), &room);
	if (!icmp)
		return false;
	if (packet->state->pf == NFPROTO_IPV6)
		return icmp->type == ICMPV6_DEST_UNREACH;
	return icmp->type == ICMP_DEST_UNREACH && icmp->code != ICMP_FRAG_NEEDED;
}

/* Is this an ICMP error "unreachable" about a connection that nobody answered? */
static bool cannot_reach(const struct nf_vip_packet *packet, unsigned long status)
{
	const struct nf_conn *ct = packet->ct;

	if (status & (IPS_DYING | IPS_SEEN_REPLY))
		return false;
	if (nf_ct_protonum(ct) != IPPROTO_UDP && !is_asking(ct))
		return false;
	return is_unreachable(packet);
}

static enum failure failure_of(const struct nf_vip_packet *packet)
{
	const struct nf_conn *ct = packet->ct;
	unsigned long status = READ_ONCE(ct->status);

	if (!nf_vip_conn_is_balanced(ct, status))
		return NO_FAILURE;
	if (packet->ctinfo == IP_CT_NEW && !(status & IPS_DYING) && is_asking(ct) &&
	    nf_vip_packet_opens(packet))
		return SILENCE;
	if (packet->ctinfo == IP_CT_ESTABLISHED_REPLY && was_reset(ct, status))
		return REFUSAL;
	if (packet->ctinfo == IP_CT_RELATED_REPLY && cannot_reach(packet, status))
		return REFUSAL;
	return NO_FAILURE;
}

static void tell(struct nf_vip_recent_flows *flows, const struct nf_conn *ct)
{
	struct nf_vip_recent_flow flow;

	nf_vip_recent_flow_find(flows, nf_vip_original(ct), &flow);
	nf_vip_recent_flow_note(&flow, nf_vip_mark_of(ct));
}

/* RFC 6298 has a client wait for a second before it repeats itself. */
static bool is_early(const struct nf_vip_packet *packet)
{
	struct nf_vip_recent_flow flow;

	return nf_vip_recent_flow_find(packet->vn->recent, nf_vip_original(packet->ct), &flow) ==
	       nf_vip_mark_of(packet->ct);
}

u32 nf_vip_redispatch_avoid(const struct nf_vip_packet *packet)
{
	struct nf_vip_recent_flow flow;

	return nf_vip_recent_flow_find(packet->vn->failed, nf_vip_original(packet->ct), &flow);
}

void nf_vip_redispatch_began(const struct nf_vip_packet *packet)
{
	/* Whether UDP is early is never asked. */
	if (nf_ct_protonum(packet->ct) != IPPROTO_UDP)
		tell(packet->vn->recent, packet->ct);
}

unsigned int nf_vip_redispatch(struct nf_vip_packet *packet)
{
	enum failure failure = failure_of(packet);
	struct nf_vip_backend *backend;
	struct nf_conn *ct = packet->ct;

	if (failure == NO_FAILURE)
		return NF_ACCEPT;
	backend = nf_vip_conn_backend(packet->vn, ct);
	/* Pairs with tell_packets(): who sees the limit sees the rest of the ejection's numbers. */
	if (!backend || !smp_load_acquire(&backend->ejection.limit))
		return NF_ACCEPT;
	if (failure == SILENCE && is_early(packet))
		return NF_ACCEPT;

	nf_vip_ejection_failed(backend, nf_vip_original(ct));
	if (!READ_ONCE(backend->ejection.others))
		return NF_ACCEPT;
	tell(packet->vn->failed, ct);
	if (failure == SILENCE)
		return nf_vip_begin_anew(packet);
	nf_vip_conn_closed(packet->vn, ct);
	nf_ct_kill(ct);
	return NF_DROP;
}
