/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet of a connection of a backend that went down decides what becomes of it,
 * as the word of objects/down_action.h says. While no backend
 * is down, packets pay one comparison for that. Connections on the fast path
 * have no packets here; the walk of upkeep.h finds them.
 */
#ifndef NF_VIP_PATH_DOWN_ACTION_H
#define NF_VIP_PATH_DOWN_ACTION_H

#include "nf_vip_grammar.h"

struct nf_vip_packet;

/**
 * nf_vip_begin_anew() - make a packet the first one of a connection
 * @packet: packet of the client, as nf_vip_down_packet(); its entry is confirmed and goes
 *
 * The packet has another entry afterwards, that is not confirmed; or none, if
 * conntrack finds that it cannot begin a connection. If a helper or
 * a zone was chosen for the old one, which only rules before us can do, the
 * packet is dropped instead, and its repetition begins anew.
 *
 * Context: hook, RCU lock held.
 * Return: NF_ACCEPT or NF_DROP.
 */
unsigned int nf_vip_begin_anew(struct nf_vip_packet *packet);

/**
 * nf_vip_down_packet() - look after a packet whose backend may be down
 * @packet: packet at PRE_ROUTING or LOCAL_OUT, after conntrack and before the
 *	engine, in a namespace with a backend that is down
 *
 * A connection that never got an answer begins anew: its entry goes, and the
 * packet has a new one that is not confirmed, so that the engine balances it.
 * Established connections stay, are reset, or begin anew, as the service says.
 *
 * Context: hook, RCU lock held.
 * Return: NF_ACCEPT, or the verdict for a packet that goes no further.
 */
unsigned int nf_vip_down_packet(struct nf_vip_packet *packet);

#endif /* NF_VIP_PATH_DOWN_ACTION_H */
