/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Redispatch: a new connection that its backend does not take gets another one,
 * in services with the option `eject`. A backend does not take a connection if
 *
 * - the client repeats its first packet, TCP's SYN or SCTP's INIT: the repeated
 *   packet goes to another backend at once;
 * - the backend answers a SYN with a RST, or an ICMP error says that the backend,
 *   its port or its network cannot be reached: the client does not hear that, and
 *   its repeated packet goes to another backend.
 *
 * Each of these counts as a failure of the backend, see ejection.h.
 */
#ifndef NF_VIP_REDISPATCH_H
#define NF_VIP_REDISPATCH_H

#include <linux/types.h>

struct nf_vip_packet;

/* In jiffies: for at least so long a client that repeats itself gets another backend. */
#define NF_VIP_REDISPATCH_UNIT	(8 * HZ)

/**
 * nf_vip_redispatch() - look after a packet that may show a failure
 * @packet: packet at PRE_ROUTING or LOCAL_OUT, after conntrack and before the engine, in a
 *	namespace with a service that has `eject`
 *
 * A client that repeats itself within a second is not counted: it did not wait.
 * Where no other backend may be chosen, the failure is counted and the packet
 * goes its usual way.
 *
 * Context: hook, RCU lock held.
 * Return: NF_ACCEPT, or the verdict for a packet that goes no further.
 */
unsigned int nf_vip_redispatch(struct nf_vip_packet *packet);

/**
 * nf_vip_redispatch_avoid() - which backend has just failed this connection?
 * @packet: packet of a new connection to a service with `eject`
 *
 * The failure is remembered for 8 seconds at least, unless that of another
 * connection took its place in the table.
 *
 * Context: hook, RCU lock held.
 * Return: the backend's mark, or 0.
 */
u32 nf_vip_redispatch_avoid(const struct nf_vip_packet *packet);

/**
 * nf_vip_redispatch_began() - a client was sent to a backend just now
 * @packet: first packet of the connection, to a service with `eject`
 *
 * Context: hook, RCU lock held.
 */
void nf_vip_redispatch_began(const struct nf_vip_packet *packet);

#endif /* NF_VIP_REDISPATCH_H */
