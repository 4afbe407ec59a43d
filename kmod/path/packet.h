/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet in one of our hooks, with all that the module goes by, looked up
 * once, where the packet comes in.
 */
#ifndef NF_VIP_PACKET_H
#define NF_VIP_PACKET_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/l3mdev.h>
#include <net/netfilter/nf_conntrack.h>
#include "objects/mark.h"
#include "objects/state.h"

/* What decided which backend a new connection gets. */
enum nf_vip_chosen_by {
	NF_VIP_CHOSEN_BY_SCHEDULER,
	NF_VIP_CHOSEN_BY_MARK,
	NF_VIP_CHOSEN_BY_CLIENT,
	NF_VIP_CHOSEN_BY_RECENT_FLOW,
	NF_VIP_CHOSEN_BY_FAILURE,
};

/**
 * struct nf_vip_packet - a packet in a hook
 * @skb: the packet
 * @state: which hook; NULL for a packet that is only made up, whose interface is in
 *	@skb, see files/simulate.c
 * @vn: the network namespace
 * @ct: the packet's conntrack entry; nf_vip_begin_anew() replaces it by a new
 *	one, or none
 * @ctinfo: what the packet is to @ct
 * @by: what decided, once nf_vip_choose() has found a backend
 *
 * Lives on the stack of a hook, for as long as the hook runs; of a made-up packet, as
 * long as its simulation.
 */
struct nf_vip_packet {
	struct sk_buff *skb;
	const struct nf_hook_state *state;
	struct nf_vip_net *vn;
	struct nf_conn *ct;
	enum ip_conntrack_info ctinfo;
	enum nf_vip_chosen_by by;
};

/**
 * nf_vip_packet_read() - see which connection a packet is of
 * @packet: packet whose other members are set, or whose entry has changed
 *
 * Context: hook, RCU lock held.
 * Return: false if conntrack does not know the packet, as after `notrack`.
 */
static inline bool nf_vip_packet_read(struct nf_vip_packet *packet)
{
	packet->ct = nf_ct_get(packet->skb, &packet->ctinfo);
	return packet->ct;
}

/**
 * nf_vip_packet_dir() - which way does a packet go?
 * @packet: packet of a connection
 *
 * Context: any.
 */
static inline enum ip_conntrack_dir nf_vip_packet_dir(const struct nf_vip_packet *packet)
{
	return CTINFO2DIR(packet->ctinfo);
}

/**
 * nf_vip_packet_vrf() - which virtual router (VRF) has a packet?
 * @packet: packet
 *
 * Routes of the module's own are looked up where those of the packet are.
 *
 * Context: RCU lock held.
 * Return: index of the VRF's interface, for flowi_l3mdev; 0 if there is none.
 */
static inline int nf_vip_packet_vrf(const struct nf_vip_packet *packet)
{
	const struct nf_hook_state *state = packet->state;

	if (!state)
		return l3mdev_master_ifindex_rcu(packet->skb->dev);
	return l3mdev_master_ifindex_rcu(state->in ?: state->out);
}

/**
 * nf_vip_original() - the tuple of a connection as its client sees it
 * @ct: entry
 *
 * Context: any.
 */
static inline const struct nf_conntrack_tuple *nf_vip_original(const struct nf_conn *ct)
{
	return &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
}

/**
 * nf_vip_mark_of() - the mark of a connection's backend
 * @ct: entry
 *
 * Context: any; rules of others may change it meanwhile.
 * Return: our bits of the mark, or 0.
 */
static inline u32 nf_vip_mark_of(const struct nf_conn *ct)
{
	return READ_ONCE(ct->mark) & nf_vip_mark_mask;
}

#endif /* NF_VIP_PACKET_H */
