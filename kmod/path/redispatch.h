/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Redispatch: a new connection that its backend does not take gets another one,
 * in services with the option `eject`. A backend does not take it if
 *
 * - the client repeats its first packet, TCP's SYN or SCTP's INIT: that one goes
 *   to another backend at once;
 * - it answers a SYN with a RST, or there is an ICMP error that says that it, its
 *   port or its network cannot be reached: the client does not hear that, and
 *   what it repeats goes to another backend.
 *
 * Each of them is counted as a failure of the backend, see ejection.h.
 */
#ifndef NF_VIP_REDISPATCH_H
#define NF_VIP_REDISPATCH_H

#include <linux/types.h>

struct nf_vip_packet;

/* In jiffies: what a client repeats within a time like this one goes elsewhere. */
#define NF_VIP_REDISPATCH_UNIT	(8 * HZ)

/**
 * nf_vip_redispatch() - look after a packet that may show a failure
 * @packet: packet at PRE_ROUTING or LOCAL_OUT, after conntrack and before the engine, in a
 *	namespace with a service that has `eject`
 *
 * A client that repeats itself within a second is not counted: it did not wait.
 * Where no other backend may be chosen everything goes its usual way, but for
 * the count.
 *
 * Context: hook, RCU lock held.
 * Return: NF_ACCEPT, or the verdict for a packet that goes no further.
 */
unsigned int nf_vip_redispatch(struct nf_vip_packet *packet);

/**
 * nf_vip_redispatch_avoid() - which backend has just failed this connection?
 * @packet: packet of a new connection to a service with `eject`
 *
 * For 8 seconds at least after the failure, unless another connection's took
 * its place.
 *
 * Context: hook, RCU lock held.
 * Return: its mark, or 0.
 */
u32 nf_vip_redispatch_avoid(const struct nf_vip_packet *packet);

/**
 * nf_vip_redispatch_began() - a connection was given a backend just now
 * @packet: its first packet, to a service with `eject`
 *
 * Context: hook, RCU lock held.
 */
void nf_vip_redispatch_began(const struct nf_vip_packet *packet);

#endif /* NF_VIP_REDISPATCH_H */
