/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Refusing a connection: a RST for TCP, port unreachable for the rest.
 */
#ifndef NF_VIP_REJECT_H
#define NF_VIP_REJECT_H

struct nf_vip_packet;

/**
 * nf_vip_reject() - tell the client that nobody is there
 * @packet: packet, at PRE_ROUTING or LOCAL_OUT; stays the caller's, who drops it
 *
 * The kernel sends nothing in answer to a RST, to a fragment, to a bad
 * checksum, or beyond the ICMP rate limits (nf_reject_ipv4.c).
 *
 * Context: hook, RCU lock held.
 */
void nf_vip_reject(const struct nf_vip_packet *packet);

#endif /* NF_VIP_REJECT_H */
