/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The engine: what happens to packets of connections to a VIP.
 */
#ifndef NF_VIP_ENGINE_H
#define NF_VIP_ENGINE_H

struct nf_vip_packet;

/**
 * nf_vip_engine() - balance a new connection, translate a packet
 * @packet: packet of a connection, at PRE_ROUTING, LOCAL_OUT, LOCAL_IN or POST_ROUTING
 *
 * A new connection to a VIP gets its backend at PRE_ROUTING or LOCAL_OUT. Every
 * packet of a connection with a translated destination, or of a connection that
 * a conntrack helper expected because of such a one, is rewritten, and so are
 * ICMP errors about these connections, in both directions.
 *
 * Context: hook, RCU lock held.
 * Return: NF_ACCEPT, or NF_DROP (no backend, no tuple free, or the packet
 * could not be rewritten).
 */
unsigned int nf_vip_engine(struct nf_vip_packet *packet);

#endif /* NF_VIP_ENGINE_H */
