/* SPDX-License-Identifier: GPL-2.0 */
/* A packet of a connection that exists begins another one. */
#ifndef NF_VIP_ANEW_H
#define NF_VIP_ANEW_H

struct nf_vip_packet;

/**
 * nf_vip_begin_anew() - make a packet the first one of a connection
 * @packet: packet of the client at PRE_ROUTING or LOCAL_OUT, after conntrack and
 *	before the engine; its entry is confirmed, and is deleted
 *
 * Afterwards the packet has another entry, which is not confirmed, or no entry
 * if conntrack finds that the packet cannot begin a connection. If the old
 * entry had a helper or a zone, which only rules before our hook can choose,
 * the packet is dropped instead, and its repetition begins anew.
 *
 * Context: hook, RCU lock held.
 * Return: NF_ACCEPT or NF_DROP.
 */
unsigned int nf_vip_begin_anew(struct nf_vip_packet *packet);

#endif /* NF_VIP_ANEW_H */
