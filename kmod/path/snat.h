/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The source address of a connection to a backend, for services with snat.
 */
#ifndef NF_VIP_SNAT_H
#define NF_VIP_SNAT_H

#include "nf_vip_grammar.h"

struct nf_vip_packet;

/**
 * nf_vip_snat_source() - the address that a backend shall see, if not the client's
 * @packet: first packet of the connection
 * @snat: what the service says; not NF_VIP_SNAT_OFF
 * @backend: address of the backend
 * @source: set to an address of the gateway if the return value is 1
 *
 * The source is the one that the gateway's own connections to the backend would
 * have: the route's, or by RFC 6724. NF_VIP_SNAT_AUTO wants it where an answer
 * would go past the gateway: the client is the backend, or is on one link with
 * the backend or the router to it.
 *
 * Looks up one route.
 *
 * Context: hook, RCU lock held.
 * Return: 1 or 0 (the client's address stays), or -EHOSTUNREACH if there is no
 * route or no address.
 */
int nf_vip_snat_source(const struct nf_vip_packet *packet, enum nf_vip_snat snat,
		       const union nf_inet_addr *backend, union nf_inet_addr *source);

#endif /* NF_VIP_SNAT_H */
