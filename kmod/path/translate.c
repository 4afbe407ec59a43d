// SPDX-License-Identifier: GPL-2.0
/*
 * nf_nat's packet rewriting, which knows every protocol, and a short cut for
 * what nearly every packet is: TCP or UDP in IPv4. The short cut leaves alone
 * what need not change, inverts no tuple and calls a third of the functions;
 * its result is that of nf_nat_proto.c.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_nat.h>
#include "path/packet.h"
#include "path/translate.h"

/* One end of a packet, as it is or as it shall be. */
struct end {
	__be32 addr;
	__be16 port;
};

/* The checksum that covers the ends of a packet, or NULL if it has none. */
static __sum16 *checksum_of(struct sk_buff *skb, unsigned int at)
{
	struct udphdr *udp = (struct udphdr *)(skb->data + at);

	if (ip_hdr(skb)->protocol == IPPROTO_TCP)
		return &((struct tcphdr *)udp)->check;
	if (udp->check || skb->ip_summed == CHECKSUM_PARTIAL)
		return &udp->check;
	return NULL;
}

static void fix_checksum(struct sk_buff *skb, unsigned int at, struct end old, struct end new)
{
	__sum16 *check = checksum_of(skb, at);

	if (!check)
		return;
	inet_proto_csum_replace4(check, skb, old.addr, new.addr, true);
	if (old.port != new.port)
		inet_proto_csum_replace2(check, skb, old.port, new.port, false);
	/* RFC 768: a sum of zero is sent as all ones, zero means none. */
	if (!*check && ip_hdr(skb)->protocol == IPPROTO_UDP)
		*check = CSUM_MANGLED_0;
}

/* Gives an IPv4 packet whose ports begin at offset @at its new source or destination. */
static bool rewrite4(struct sk_buff *skb, unsigned int at, unsigned int header, bool source,
		     struct end new)
{
	struct iphdr *ip;
	struct end old;
	__be32 *addr;
	__be16 *port;

	if (skb_ensure_writable(skb, at + header))
		return false;

	ip = ip_hdr(skb);
	addr = source ? &ip->saddr : &ip->daddr;
	port = (__be16 *)(skb->data + at) + !source;
	old = (struct end){ *addr, *port };
	if (old.addr == new.addr && old.port == new.port)
		return true;

	fix_checksum(skb, at, old, new);
	csum_replace4(&ip->check, old.addr, new.addr);
	*addr = new.addr;
	*port = new.port;
	return true;
}

/* Length of the transport header if rewrite4() knows the protocol, else 0. */
static unsigned int known_header(const struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);

	if (ip_is_fragment(ip))
		return 0;
	switch (ip->protocol) {
	case IPPROTO_TCP:
		return sizeof(struct tcphdr);
	case IPPROTO_UDP:
		return sizeof(struct udphdr);
	default:
		return 0;
	}
}

/*
 * The packet becomes the inverse of the other direction's tuple. In the reply
 * direction source and destination change places, and so do IPS_SRC_NAT and
 * IPS_DST_NAT.
 */
static unsigned int translate4(const struct nf_vip_packet *packet)
{
	enum ip_conntrack_dir dir = nf_vip_packet_dir(packet);
	unsigned int hook = packet->state->hook;
	struct nf_conn *ct = packet->ct;
	const struct nf_conntrack_tuple *other = &ct->tuplehash[!dir].tuple;
	bool source = hook == NF_INET_POST_ROUTING || hook == NF_INET_LOCAL_IN;
	bool was_source = source ^ (dir == IP_CT_DIR_REPLY);
	unsigned int header;
	struct end new;

	if (!(READ_ONCE(ct->status) & (was_source ? IPS_SRC_NAT : IPS_DST_NAT)))
		return NF_ACCEPT;
	header = known_header(packet->skb);
	if (unlikely(!header))
		return nf_nat_packet(ct, packet->ctinfo, hook, packet->skb);

	if (source)
		new = (struct end){ other->dst.u3.ip, other->dst.u.all };
	else
		new = (struct end){ other->src.u3.ip, other->src.u.all };
	return rewrite4(packet->skb, ip_hdrlen(packet->skb), header, source, new) ? NF_ACCEPT :
										    NF_DROP;
}

#if IS_ENABLED(CONFIG_IPV6)
/* Where the header of an ICMPv6 packet begins, or -1 for another protocol. */
static int icmp6_at(const struct sk_buff *skb)
{
	u8 nexthdr = ipv6_hdr(skb)->nexthdr;
	__be16 frag_off;
	int at;

	at = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &nexthdr, &frag_off);
	return nexthdr == IPPROTO_ICMPV6 ? at : -1;
}
#endif

static unsigned int translate6(const struct nf_vip_packet *packet, bool related)
{
	unsigned int hook = packet->state->hook;
	struct sk_buff *skb = packet->skb;
#if IS_ENABLED(CONFIG_IPV6)
	int at = related ? icmp6_at(skb) : -1;

	if (at >= 0)
		return nf_nat_icmpv6_reply_translation(skb, packet->ct, packet->ctinfo, hook, at) ?
			NF_ACCEPT : NF_DROP;
#endif
	return nf_nat_packet(packet->ct, packet->ctinfo, hook, skb);
}

unsigned int nf_vip_translate(const struct nf_vip_packet *packet)
{
	/* Either an ICMP error, or the first packet of a connection that a helper expected. */
	bool related = packet->ctinfo == IP_CT_RELATED || packet->ctinfo == IP_CT_RELATED_REPLY;

	if (packet->state->pf != NFPROTO_IPV4)
		return translate6(packet, related);
	if (related && ip_hdr(packet->skb)->protocol == IPPROTO_ICMP)
		return nf_nat_icmp_reply_translation(packet->skb, packet->ct, packet->ctinfo,
						     packet->state->hook) ? NF_ACCEPT : NF_DROP;
	return translate4(packet);
}
