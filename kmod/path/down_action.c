// SPDX-License-Identifier: GPL-2.0
/* The mark of an entry says which backend the connection has, as in conn.c. */
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include "objects/down_action.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "path/anew.h"
#include "path/ask.h"
#include "path/conn.h"
#include "path/down_action.h"
#include "path/packet.h"
#include "path/reject.h"
#include "path/transport.h"

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

/*
 * Shall a client that opens a connection again get another backend? One that is
 * down is not asked. An ejected one is: what makes failures may be a hostile
 * client.
 */
static bool begins_anew(const struct nf_vip_packet *packet, u32 word)
{
	if (!(word & NF_VIP_DOWN_AGAIN))
		return false;
	return word & NF_VIP_DOWN_FLAG || nf_vip_ask(packet);
}

unsigned int nf_vip_down_packet(struct nf_vip_packet *packet)
{
	const struct nf_vip_backend *backend;
	bool unanswered, again;
	u32 word;

	if (!is_packet_of(packet->ctinfo) || !is_balanced(packet->ct))
		return NF_ACCEPT;
	nf_vip_ask_answered(packet);
	unanswered = is_unanswered(packet->ct, packet->ctinfo);
	again = !unanswered && is_from_client(packet) && nf_vip_packet_opens(packet);
	if (!unanswered && !again && !READ_ONCE(packet->vn->nr_left))
		return NF_ACCEPT;
	backend = nf_vip_conn_backend(packet->vn, packet->ct);
	/*
	 * Pairs with set_action(): who sees the word sees the selection
	 * published before it, too.
	 */
	word = backend ? smp_load_acquire(&backend->down_action) : 0;
	if (again && begins_anew(packet, word))
		return nf_vip_begin_anew(packet);
	/* What an ejected backend did not answer, nf_vip_redispatch() counts. */
	if (!(word & NF_VIP_DOWN_FLAG))
		return NF_ACCEPT;
	if (unanswered)
		return nf_vip_begin_anew(packet);
	return act(packet, nf_vip_down_word_on_down(word, packet->ct));
}
