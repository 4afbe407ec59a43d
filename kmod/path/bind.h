/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Binding a new connection to its backend: reply tuple, mark, status.
 */
#ifndef NF_VIP_BIND_H
#define NF_VIP_BIND_H

#include <linux/types.h>

struct nf_vip_packet;
struct nf_vip_selection;
struct nf_vip_target;

/**
 * enum nf_vip_bound - what became of a connection that was to be bound
 * @NF_VIP_BOUND: the connection goes to the backend
 * @NF_VIP_BOUND_TAKEN: no reply tuple is free
 * @NF_VIP_BOUND_FULL: the backend has as many connections as it may have
 * @NF_VIP_BOUND_NO_ROUTE: for a service with snat: the gateway has no route to
 *	the backend, or no address on that route
 * @NF_VIP_BOUND_NO_MEMORY: no room for what the connection's conntrack helper
 *	needs
 *
 * In every case but NF_VIP_BOUND the connection is unchanged.
 */
enum nf_vip_bound {
	NF_VIP_BOUND,
	NF_VIP_BOUND_TAKEN,
	NF_VIP_BOUND_FULL,
	NF_VIP_BOUND_NO_ROUTE,
	NF_VIP_BOUND_NO_MEMORY,
};

/**
 * nf_vip_bind() - send a connection to a backend
 * @packet: first packet of the connection, whose entry is not confirmed and has no
 *	translated destination
 * @sel: selection of the service
 * @target: backend, of @sel
 *
 * Alters the reply tuple, sets our bits of the mark, and marks the destination
 * as translated (IPS_DST_NAT, IPS_DST_NAT_DONE). ip_vs_nfct.c of the kernel
 * alters reply tuples in the same way. With snat the reply tuple has an address
 * of the gateway and, if snat is on for all clients, a random port, and the
 * source counts as translated (IPS_SRC_NAT). TCP windows of a service that
 * takes them liberally are not held against packets
 * (IP_CT_TCP_FLAG_BE_LIBERAL).
 *
 * Context: hook, RCU lock held.
 */
enum nf_vip_bound nf_vip_bind(const struct nf_vip_packet *packet,
			      const struct nf_vip_selection *sel,
			      const struct nf_vip_target *target);

/**
 * nf_vip_bind_other_port() - bind a connection with another source port
 * @packet: as above
 * @sel: as above
 * @target: as above
 *
 * For clients that reach one backend through two VIPs from one source port.
 * Tries a bounded number of random ports from 1024 on, as RFC 6056 section
 * 3.3.1 has it; the port that the backend sees is translated back for the
 * client.
 *
 * Context: hook, RCU lock held.
 */
enum nf_vip_bound nf_vip_bind_other_port(const struct nf_vip_packet *packet,
					 const struct nf_vip_selection *sel,
					 const struct nf_vip_target *target);

#endif /* NF_VIP_BIND_H */
