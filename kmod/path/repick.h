/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Repick: a UDP flow that nobody answers is balanced anew after a time, even if
 * its client never stops sending from one port. Until the first answer its entry
 * has a timeout that no packet renews.
 */
#ifndef NF_VIP_REPICK_H
#define NF_VIP_REPICK_H

#include <linux/compiler.h>
#include <linux/jiffies.h>
#include <net/netfilter/nf_conntrack.h>
#include "path/packet.h"

/**
 * nf_vip_repick_begin() - give a new flow its time
 * @ct: entry that is not confirmed: its timeout counts from the confirmation on
 * @seconds: how long the flow waits for an answer; 0: as long as any other flow
 *
 * Return: what to add to the entry's status.
 */
static inline unsigned long nf_vip_repick_begin(struct nf_conn *ct, u32 seconds)
{
	if (likely(!seconds))
		return 0;
	ct->timeout = seconds * HZ;
	return IPS_FIXED_TIMEOUT;
}

/**
 * nf_vip_repick_waits() - is this the first answer of a flow with a limited time?
 * @packet: packet of a connection with a translated destination
 */
static inline bool nf_vip_repick_waits(const struct nf_vip_packet *packet)
{
	return packet->ctinfo == IP_CT_ESTABLISHED_REPLY &&
	       READ_ONCE(packet->ct->status) & IPS_FIXED_TIMEOUT;
}

/**
 * nf_vip_repick_end() - a flow was answered: its timeout is an ordinary one now
 * @packet: packet for which nf_vip_repick_waits() holds
 *
 * Context: hook, RCU lock held.
 */
void nf_vip_repick_end(const struct nf_vip_packet *packet);

#endif /* NF_VIP_REPICK_H */
