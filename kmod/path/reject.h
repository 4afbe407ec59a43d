/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Refusing a connection: a RST for TCP, port unreachable for the rest.
 */
#ifndef NF_VIP_REJECT_H
#define NF_VIP_REJECT_H

struct nf_hook_state;
struct sk_buff;

/**
 * nf_vip_reject() - tell the client that nobody is there
 * @skb: packet, at PRE_ROUTING or LOCAL_OUT; stays the caller's, who drops it
 * @state: the hook
 *
 * The kernel sends nothing in answer to a RST, to a fragment, to a bad
 * checksum, or beyond the ICMP rate limits (nf_reject_ipv4.c).
 *
 * Context: hook, RCU lock held.
 */
void nf_vip_reject(struct sk_buff *skb, const struct nf_hook_state *state);

#endif /* NF_VIP_REJECT_H */
