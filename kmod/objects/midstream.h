/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hold: for a time, a gateway that has just taken over drops TCP packets of
 * connections that it does not know. Their entries may be on their way from the
 * other gateway; a backend that is chosen anew would answer with a reset.
 */
#ifndef NF_VIP_MIDSTREAM_H
#define NF_VIP_MIDSTREAM_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack.h>

struct nf_vip_service;

/**
 * struct nf_vip_midstream - a service's hold; successive selections point to it
 * @end: when the hold is over, in jiffies of 64 bits, so that a hold which is
 *	over never begins again by itself. Packets read it. Where 64 bits are
 *	two accesses, a packet that meets the write may go either way, as if it
 *	came earlier or later
 */
struct nf_vip_midstream {
	u64 end;
};

/* In place of seconds: hold until somebody ends it. */
#define NF_VIP_MIDSTREAM_ON	U32_MAX

/**
 * nf_vip_midstream_begin() - hold from now on, or no longer
 * @service: service, its namespace's lock held
 * @seconds: for so long, 1 to NF_VIP_HOLD_MAX or NF_VIP_MIDSTREAM_ON; or 0 to end the
 *	hold
 */
void nf_vip_midstream_begin(struct nf_vip_service *service, u32 seconds);

/* Room for "on" or a number of seconds, with its NUL. */
#define NF_VIP_MIDSTREAM_SIZE	12

/**
 * nf_vip_midstream_left() - how long does a hold last?
 * @service: service, its namespace's lock held
 * @buf: filled in: seconds, rounded up, or "on", or 0 without a hold
 *
 * Return: @buf.
 */
const char *nf_vip_midstream_left(const struct nf_vip_service *service,
				  char buf[NF_VIP_MIDSTREAM_SIZE]);

/**
 * nf_vip_midstream_runs() - is a service on hold?
 * @midstream: of the service
 *
 * Context: any; in hooks under the RCU lock that netfilter holds.
 */
bool nf_vip_midstream_runs(const struct nf_vip_midstream *midstream);

/**
 * nf_vip_midstream_concerns() - does a packet come from the middle of a connection?
 * @ct: the packet's entry, new and not confirmed, so that no other CPU has it
 *
 * Conntrack has seen the packet and moved a TCP entry on from "none": to a state
 * of the handshake for a SYN, to "established" for a connection that conntrack
 * picked up later.
 *
 * Return: true for TCP that began without a SYN here.
 */
static inline bool nf_vip_midstream_concerns(const struct nf_conn *ct)
{
	return nf_ct_protonum(ct) == IPPROTO_TCP &&
	       ct->proto.tcp.state == TCP_CONNTRACK_ESTABLISHED;
}

#endif /* NF_VIP_MIDSTREAM_H */
