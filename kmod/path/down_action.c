// SPDX-License-Identifier: GPL-2.0
/*
 * The mark of an entry says which backend the connection has, as in conn.c. An
 * entry cannot be given another backend, because conntrack finds it by its
 * reply tuple; so the entry is deleted, and conntrack makes a new one for the
 * packet at hand, as conntrack's own hook does.
 */
#include <linux/ip.h>
#include <linux/sctp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_timeout.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/tcp.h>
#include "objects/down_action.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "path/conn.h"
#include "path/down_action.h"
#include "path/packet.h"
#include "path/reject.h"

/* Where the flags of TCP are in its header (RFC 9293, 3.1). */
#define TCP_FLAGS_AT	13

/* The entry of a reset connection stays so long, for packets that the other side still sends. */
#define GRAVE_TIMEOUT	(10 * HZ)

/*
 * TCP counts until its SYN is answered only: a connection that was picked up in
 * the middle may have its answers on another path.
 */
static bool is_unanswered(const struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	if (ctinfo != IP_CT_NEW)
		return false;
	return nf_ct_protonum(ct) != IPPROTO_TCP ||
	       READ_ONCE(ct->proto.tcp.state) == TCP_CONNTRACK_SYN_SENT;
}

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

/* Rules before our hook set up the old entry and never see the new one: hand over what they set. */
static void inherit(struct nf_conn *ct, const struct nf_conn *old)
{
	/*
	 * Conntrack may have found an entry instead of making one: that of a
	 * packet which another CPU has just sent.
	 */
	if (!ct || nf_ct_is_confirmed(ct))
		return;
	ct->mark |= READ_ONCE(old->mark) & ~nf_vip_mark_mask;
	inherit_labels(ct, old);
	inherit_timeout(ct, old);
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
	if (verdict == NF_ACCEPT)
		inherit(packet->ct, old);
	nf_ct_put(old);
	return verdict;
}

static bool is_from_client(const struct nf_vip_packet *packet)
{
	return nf_vip_packet_dir(packet) == IP_CT_DIR_ORIGINAL;
}

/*
 * The client is reset first, because its packets show the sequence number that
 * the client expects. Packets of the backend pass until then, so that a client
 * that only listens has something to acknowledge. The entry stays for a while:
 * without it a late packet would begin a new connection.
 */
static unsigned int reset_tcp(const struct nf_vip_packet *packet)
{
	struct nf_conn *ct = packet->ct;
	bool done = test_bit(NF_VIP_IPS_RESET_BIT, &ct->status);

	if (!done && (!is_from_client(packet) || nf_vip_conn_closing(ct)))
		return NF_ACCEPT;
	nf_vip_reject(packet);
	if (!done)
		set_bit(NF_VIP_IPS_RESET_BIT, &ct->status);
	nf_vip_conn_closed(packet->vn, ct);
	WRITE_ONCE(ct->timeout, nfct_time_stamp + GRAVE_TIMEOUT);
	return NF_DROP;
}

static unsigned int reset_udp(const struct nf_vip_packet *packet)
{
	nf_vip_reject(packet);
	nf_vip_conn_closed(packet->vn, packet->ct);
	nf_ct_kill(packet->ct);
	return NF_DROP;
}

static unsigned int act(struct nf_vip_packet *packet, enum nf_vip_on_down on_down)
{
	if (on_down == NF_VIP_DOWN_RESET && nf_ct_protonum(packet->ct) == IPPROTO_TCP)
		return reset_tcp(packet);
	if (on_down == NF_VIP_DOWN_KEEP || !is_from_client(packet) ||
	    nf_vip_conn_closing(packet->ct))
		return NF_ACCEPT;
	return on_down == NF_VIP_DOWN_RESET ? reset_udp(packet) : nf_vip_begin_anew(packet);
}

/* An entry that is on its way out does not count. */
static bool is_balanced(const struct nf_conn *ct)
{
	unsigned long status = READ_ONCE(ct->status);

	return nf_vip_conn_is_balanced(ct, status) && !(status & IPS_DYING);
}

/* Neither an ICMP error about a connection nor our own reset is a packet of that connection. */
static bool is_packet_of(enum ip_conntrack_info ctinfo)
{
	return ctinfo == IP_CT_NEW || ctinfo == IP_CT_ESTABLISHED ||
	       ctinfo == IP_CT_ESTABLISHED_REPLY;
}

/* Where the transport header begins; conntrack has put fragments together. */
static int transport_at(const struct nf_vip_packet *packet)
{
	const struct sk_buff *skb = packet->skb;
	__be16 frag_off;
	u8 nexthdr;

	if (packet->state->pf == NFPROTO_IPV4)
		return skb_network_offset(skb) + ip_hdrlen(skb);
	nexthdr = ipv6_hdr(skb)->nexthdr;
	return ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(struct ipv6hdr), &nexthdr,
				&frag_off);
}

/*
 * Does the client open a connection, from the ports of one that was answered?
 * That is a SYN of TCP or, of SCTP, an INIT, which is alone in its packet (RFC
 * 9260, 3.3.2). Conntrack lets them pass on the old entry.
 */
static bool opens_again(const struct nf_vip_packet *packet)
{
	u8 protocol = nf_ct_protonum(packet->ct), buf[sizeof(struct sctphdr) + 2];
	const u8 *header;
	int at;

	if (!is_from_client(packet) || (protocol != IPPROTO_TCP && protocol != IPPROTO_SCTP))
		return false;
	at = transport_at(packet);
	header = at < 0 ? NULL : skb_header_pointer(packet->skb, at, sizeof(buf), buf);
	if (!header)
		return false;
	if (protocol == IPPROTO_SCTP)
		return header[sizeof(struct sctphdr)] == SCTP_CID_INIT;
	return (header[TCP_FLAGS_AT] & (TCPHDR_FIN | TCPHDR_SYN | TCPHDR_RST | TCPHDR_ACK)) ==
	       TCPHDR_SYN;
}

unsigned int nf_vip_down_packet(struct nf_vip_packet *packet)
{
	const struct nf_vip_backend *backend;
	bool unanswered;
	u32 word;

	if (!is_packet_of(packet->ctinfo) || !is_balanced(packet->ct))
		return NF_ACCEPT;
	unanswered = is_unanswered(packet->ct, packet->ctinfo);
	if (!unanswered && !READ_ONCE(packet->vn->nr_left) && !opens_again(packet))
		return NF_ACCEPT;
	backend = nf_vip_conn_backend(packet->vn, packet->ct);
	/*
	 * Pairs with set_action(): who sees the word sees the selection
	 * published before it, too.
	 */
	word = backend ? smp_load_acquire(&backend->down_action) : 0;
	if (word && !unanswered && opens_again(packet))
		return nf_vip_begin_anew(packet);
	/* What an ejected backend did not answer, nf_vip_redispatch() counts. */
	if (!(word & NF_VIP_DOWN_FLAG))
		return NF_ACCEPT;
	if (unanswered)
		return nf_vip_begin_anew(packet);
	return act(packet, nf_vip_down_word_on_down(word, packet->ct));
}
