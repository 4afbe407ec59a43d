// SPDX-License-Identifier: GPL-2.0
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_l4proto.h>
#include "path/packet.h"
#include "path/repick.h"

/*
 * Conntrack has seen this packet already and left the fixed timeout alone. The
 * timeout is renewed here because the entry might expire before the next
 * packet. Entries with IPS_NAT_CLASH have a fixed timeout of conntrack's own.
 */
void nf_vip_repick_end(const struct nf_vip_packet *packet)
{
	unsigned int timeout = nf_udp_pernet(packet->vn->net)->timeouts[UDP_CT_UNREPLIED];
	struct nf_conn *ct = packet->ct;

	if (nf_ct_protonum(ct) != IPPROTO_UDP || READ_ONCE(ct->status) & IPS_NAT_CLASH)
		return;
	WRITE_ONCE(ct->timeout, nfct_time_stamp + timeout);
	clear_bit(IPS_FIXED_TIMEOUT_BIT, &ct->status);
}
