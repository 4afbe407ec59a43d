/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Routes of packets that were given another destination.
 */
#ifndef NF_VIP_ROUTE_H
#define NF_VIP_ROUTE_H

#include <linux/types.h>

struct nf_vip_packet;
struct nf_vip_routes;

/**
 * nf_vip_routes_alloc() - room for the routes to backends
 *
 * Context: process, may sleep.
 * Return: per-CPU memory, which the caller owns, or NULL.
 */
struct nf_vip_routes __percpu *nf_vip_routes_alloc(void);

/**
 * nf_vip_routes_free() - give the routes back
 * @routes: what nf_vip_routes_alloc() gave, or NULL; no packet reads the routes
 *	any more
 *
 * Context: process.
 */
void nf_vip_routes_free(struct nf_vip_routes __percpu *routes);

/**
 * nf_vip_route() - give a translated packet its route
 * @packet: packet at PRE_ROUTING, its new destination in the header
 *
 * On return a packet of a connection with a translated destination has the
 * route that the stack would have found, or none: then the stack looks for a
 * route, or refuses the packet, as without us. For IPv6 this holds for the
 * first packet of a connection only. Other packets are left as they are.
 *
 * Context: PRE_ROUTING hook: RCU lock held; softirq or process, preemptible too.
 * Return: false if a new connection ends here, because there is no route.
 */
bool nf_vip_route(const struct nf_vip_packet *packet);

#endif /* NF_VIP_ROUTE_H */
