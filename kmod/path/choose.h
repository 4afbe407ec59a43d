/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Choosing the backend of a new connection: what decides, in which order, and
 * what is tried when the first choice cannot take the connection.
 */
#ifndef NF_VIP_CHOOSE_H
#define NF_VIP_CHOOSE_H

#include "path/bind.h"

struct nf_vip_packet;
struct nf_vip_recent_flows;

/**
 * nf_vip_choose() - give a new connection its backend
 * @packet: first packet of the connection, whose entry is not confirmed and has no
 *	translated destination; the member @by is set
 * @sel: selection of the service, with at least one slot
 * @flows: choices for new UDP flows, of the namespace
 * @avoid: mark of the backend that failed this connection a moment ago, or 0
 *
 * While any other backend can take the connection, the backend to avoid does not get it,
 * whatever asks for that backend. Else a mark that came with the connection decides, if
 * its backend may be chosen; else, with persistence, the backend that the client had;
 * else the scheduler, once for all datagrams of a new UDP flow. When the scheduler's
 * choice is full, or its reply tuple is taken, other backends are tried: some slots, in
 * a service with limits every backend, and last another source port. The number of tries
 * is bounded.
 *
 * The connection is counted for the backend that it gets.
 *
 * Context: hook, RCU lock held.
 * Return: NF_VIP_BOUND, or why the connection has no backend.
 */
enum nf_vip_bound nf_vip_choose(struct nf_vip_packet *packet, const struct nf_vip_selection *sel,
				struct nf_vip_recent_flows *flows, u32 avoid);

#endif /* NF_VIP_CHOOSE_H */
