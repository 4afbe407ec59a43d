// SPDX-License-Identifier: GPL-2.0
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "path/packet.h"
#include "path/transport.h"

int nf_vip_transport_at(const struct nf_vip_packet *packet, u8 *proto)
{
	const struct sk_buff *skb = packet->skb;

#if IS_ENABLED(CONFIG_IPV6)
	if (packet->state->pf == NFPROTO_IPV6) {
		__be16 frag_off;

		*proto = ipv6_hdr(skb)->nexthdr;
		return ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(struct ipv6hdr),
					proto, &frag_off);
	}
#endif
	*proto = ip_hdr(skb)->protocol;
	return skb_network_offset(skb) + ip_hdrlen(skb);
}

static bool is_syn(const struct sk_buff *skb, int at)
{
	const struct tcphdr *tcp;
	struct tcphdr room;

	tcp = skb_header_pointer(skb, at, sizeof(room), &room);
	return tcp && tcp->syn && !tcp->ack && !tcp->rst && !tcp->fin;
}

static bool is_init(const struct sk_buff *skb, int at)
{
	const struct sctp_chunkhdr *chunk;
	struct sctp_chunkhdr room;

	chunk = skb_header_pointer(skb, at + sizeof(struct sctphdr), sizeof(room), &room);
	return chunk && chunk->type == SCTP_CID_INIT;
}

bool nf_vip_packet_opens(const struct nf_vip_packet *packet)
{
	u8 proto;
	int at = nf_vip_transport_at(packet, &proto);

	if (at < 0)
		return false;
	switch (proto) {
	case IPPROTO_TCP:
		return is_syn(packet->skb, at);
	case IPPROTO_SCTP:
		return is_init(packet->skb, at);
	default:
		return false;
	}
}
