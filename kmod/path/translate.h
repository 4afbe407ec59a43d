/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rewriting packets to what their connection's entry says.
 */
#ifndef NF_VIP_TRANSLATE_H
#define NF_VIP_TRANSLATE_H

#include <net/netfilter/nf_conntrack.h>

struct nf_vip_packet;

/**
 * nf_vip_is_translated() - are packets of this connection to be rewritten?
 * @ct: entry
 *
 * Yes if the destination is translated, and also if a helper expected the
 * connection because of one whose destination is: FTP's data connection from a
 * backend has only its source translated, and nf_nat's hooks, which would
 * translate it, need not be there.
 */
static inline bool nf_vip_is_translated(const struct nf_conn *ct)
{
	unsigned long status = READ_ONCE(ct->status);

	if (!(status & (IPS_DST_NAT | IPS_EXPECTED)))
		return false;
	return status & IPS_DST_NAT || READ_ONCE(ct->master->status) & IPS_DST_NAT;
}

/**
 * nf_vip_translate() - rewrite a packet of a translated connection
 * @packet: packet; its hook says whether source or destination is due
 *
 * Writes addresses and ports, of the packet or of the one that an ICMP error is
 * about, and the checksums that cover them. A packet that needs no change stays
 * as it is.
 *
 * Context: hook, RCU lock held. Pointers into the packet may be stale after.
 * Return: NF_ACCEPT, or NF_DROP if the packet is malformed or memory is short.
 */
unsigned int nf_vip_translate(const struct nf_vip_packet *packet);

#endif /* NF_VIP_TRANSLATE_H */
