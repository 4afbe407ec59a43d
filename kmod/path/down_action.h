/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet of a connection whose backend went down, or is ejected, decides what
 * becomes of the connection, as the word of objects/down_action.h says. While
 * there is no such backend, a packet pays one comparison for that. Connections on the fast path
 * have no packets here; the walk of upkeep.h finds them.
 */
#ifndef NF_VIP_PATH_DOWN_ACTION_H
#define NF_VIP_PATH_DOWN_ACTION_H

#include "nf_vip_grammar.h"

struct nf_vip_packet;

/**
 * nf_vip_down_packet() - look after a packet whose backend may be down
 * @packet: packet at PRE_ROUTING or LOCAL_OUT, after conntrack and before the
 *	engine, in a namespace with a backend that is down
 *	or ejected
 *
 * A connection that never got an answer begins anew, see nf_vip_begin_anew(), so
 * that the engine balances the packet. Established connections stay, are reset, or
 * begin anew, as the service says.
 *
 * A client that opens a connection again, from the ports of an established one,
 * gets another backend, if there is one: at once if the old one is down; if it is
 * ejected, when the backend has left two of the client's SYNs without an answer, see
 * ask.h.
 *
 * Context: hook, RCU lock held.
 * Return: NF_ACCEPT, or the verdict for a packet that goes no further.
 */
unsigned int nf_vip_down_packet(struct nf_vip_packet *packet);

#endif /* NF_VIP_PATH_DOWN_ACTION_H */
