/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the header after those of IP says. Conntrack has put fragments together
 * and looked at the header; still, a packet may be of any shape here.
 */
#ifndef NF_VIP_TRANSPORT_H
#define NF_VIP_TRANSPORT_H

#include <linux/types.h>

struct nf_vip_packet;

/**
 * nf_vip_transport_at() - where a packet's transport header begins
 * @packet: packet in a hook
 * @proto: becomes the header's protocol, of which conntrack may have another opinion:
 *	an ICMP error belongs to a connection of another protocol
 *
 * Context: hook.
 * Return: offset in the packet, or negative if there is no such header.
 */
int nf_vip_transport_at(const struct nf_vip_packet *packet, u8 *proto);

/**
 * nf_vip_packet_opens() - does a packet open a connection, of TCP or SCTP?
 * @packet: packet in a hook, of a connection, which may exist already
 *
 * A SYN without ACK does (RFC 9293, 3.10.7.2), and an INIT, which is alone in
 * its packet (RFC 9260, 3.3.2).
 *
 * Context: hook.
 */
bool nf_vip_packet_opens(const struct nf_vip_packet *packet);

#endif /* NF_VIP_TRANSPORT_H */
