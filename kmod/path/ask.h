/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is an ejected backend there at all? The client's own SYN asks the backend: one
 * that lives answers a SYN in the middle of a connection by a challenge ACK, in a
 * way that ends nothing (RFC 5961, 4). One that is there but slow, or says so only
 * every half second, as Linux does, must not be taken for dead: two questions have
 * to stay without an answer, half a second or more apart. Whatever is forgotten of
 * that is asked again.
 */
#ifndef NF_VIP_ASK_H
#define NF_VIP_ASK_H

#include <linux/types.h>

struct nf_vip_packet;

/* In jiffies: for at least so long it is known that a question had no answer. */
#define NF_VIP_ASK_UNIT	(8 * HZ)

/**
 * nf_vip_ask() - a client opens a connection again that an ejected backend has
 * @packet: the SYN, at PRE_ROUTING or LOCAL_OUT, after conntrack
 *
 * A connection on the fast path is left alone: answers would not be seen.
 *
 * Context: hook, RCU lock held.
 * Return: true if two questions before had no answer; false if the packet is, or may
 * be, such a question, and shall go to the backend.
 */
bool nf_vip_ask(const struct nf_vip_packet *packet);

/**
 * nf_vip_ask_answered() - a backend has said something
 * @packet: packet of a connection, of its backend or its client
 *
 * Context: hook, RCU lock held.
 */
void nf_vip_ask_answered(const struct nf_vip_packet *packet);

#endif /* NF_VIP_ASK_H */
