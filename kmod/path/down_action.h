/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet of a connection whose backend went down decides what becomes of the
 * connection, as the word of objects/down_action.h says. While no backend is
 * down, a packet pays one comparison for that. Connections on the fast path
 * have no packets here; the walk of upkeep.h finds them.
 */
#ifndef NF_VIP_PATH_DOWN_ACTION_H
#define NF_VIP_PATH_DOWN_ACTION_H

#include "nf_vip_grammar.h"

struct nf_vip_packet;

/**
 * nf_vip_begin_anew() - make a packet the first one of a connection
 * @packet: packet of the client, as for nf_vip_down_packet(); its entry is confirmed, and
 *	is deleted
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

/**
 * nf_vip_down_packet() - look after a packet whose backend may be down
 * @packet: packet at PRE_ROUTING or LOCAL_OUT, after conntrack and before the
 *	engine, in a namespace with a backend that is down
 *
 * A connection that never got an answer begins anew: its entry is deleted, and
 * the packet gets a new entry that is not confirmed, so that the engine
 * balances it. Established connections stay, are reset, or begin anew, as the
 * service says.
 *
 * Context: hook, RCU lock held.
 * Return: NF_ACCEPT, or the verdict for a packet that goes no further.
 */
unsigned int nf_vip_down_packet(struct nf_vip_packet *packet);

#endif /* NF_VIP_PATH_DOWN_ACTION_H */
