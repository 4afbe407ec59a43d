// SPDX-License-Identifier: GPL-2.0
#include <linux/random.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_l4proto.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include "objects/mark.h"
#include "path/bind.h"
#include "path/packet.h"
#include "path/repick.h"
#include "path/snat.h"
#include "select/select.h"

enum { PORT_TRIES = 32 };

static struct nf_conntrack_tuple reply_from(const struct nf_conn *ct,
					    const struct nf_vip_target *target)
{
	struct nf_conntrack_tuple reply = ct->tuplehash[IP_CT_DIR_REPLY].tuple;

	reply.src.u3 = target->addr;
	if (target->port)
		reply.src.u.all = target->port;
	return reply;
}

static void set_mark(struct nf_conn *ct, u32 mark)
{
	u32 old = READ_ONCE(ct->mark);
	u32 new = (old & ~nf_vip_mark_mask) | mark;

	/* No event for the mark: the event that announces the new connection carries it. */
	if (new != old)
		WRITE_ONCE(ct->mark, new);
}

/*
 * A helper that changes the length of the payload (FTP's) needs the sequence
 * adjustment extension, which nf_nat_setup_info() would add.
 */
static bool make_room_for_helper(struct nf_conn *ct)
{
	return !nfct_help(ct) || nfct_seqadj(ct) || nfct_seqadj_ext_add(ct);
}

static enum nf_vip_bound commit(struct nf_conn *ct, const struct nf_vip_selection *sel,
				const struct nf_conntrack_tuple *reply, u32 mark,
				unsigned long status)
{
	if (!make_room_for_helper(ct))
		return NF_VIP_BOUND_NO_MEMORY;

	nf_conntrack_alter_reply(ct, reply);
	set_mark(ct, mark);
	if (sel->policy.window == NF_VIP_WINDOW_LIBERAL && nf_ct_protonum(ct) == IPPROTO_TCP)
		nf_ct_set_tcp_be_liberal(ct);
	/* Not atomic: nobody else sees an entry that is not confirmed. */
	ct->status |= status | nf_vip_repick_begin(ct, sel->policy.repick) | IPS_DST_NAT |
		      IPS_DST_NAT_DONE;
	return NF_VIP_BOUND;
}

/*
 * A random port in place of the client's. Servers of NFS, lpd or rsh believe a
 * client only if its port is below 1024; the ranges are those of
 * nf_nat_l4proto_unique_tuple() (net/netfilter/nf_nat_core.c).
 */
static u32 port_like(u32 client)
{
	if (client < 512)
		return 1 + get_random_u32() % (512 - 1);
	if (client < 1024)
		return 600 + get_random_u32() % (1024 - 600);
	return 1024 + get_random_u32() % (65536 - 1024);
}

/* Tries a few random ports for the reply tuple until one is free. */
static bool find_port_like(const struct nf_conn *ct, struct nf_conntrack_tuple *reply,
			   u32 client)
{
	int i;

	for (i = 0; i < PORT_TRIES; i++) {
		reply->dst.u.all = htons(port_like(client));
		if (!nf_conntrack_tuple_taken(reply, ct))
			return true;
	}
	return false;
}

/* The low ports are few. Most servers take any other: better than no connection. */
static bool find_port(const struct nf_conn *ct, struct nf_conntrack_tuple *reply)
{
	u32 client = ntohs(reply->dst.u.all);

	return find_port_like(ct, reply, client) ||
	       (client < 1024 && find_port_like(ct, reply, 1024));
}

/*
 * Binds with another source than the client's. IPS_SRC_NAT_DONE stays clear, so
 * that masquerade rules still apply; without such a rule nf_nat keeps the
 * source set here. (With the bit set, freeing the entry would make nf_nat take
 * the entry off a list that it is not on.)
 */
static enum nf_vip_bound bind_source(struct nf_conn *ct, const struct nf_vip_selection *sel,
				     struct nf_conntrack_tuple *reply, u32 mark, bool keep_port)
{
	bool free = keep_port && !nf_conntrack_tuple_taken(reply, ct);

	if (!free && !find_port(ct, reply))
		return NF_VIP_BOUND_TAKEN;
	return commit(ct, sel, reply, mark, IPS_SRC_NAT);
}

static enum nf_vip_bound bind(struct nf_conn *ct, const struct nf_vip_selection *sel,
			      const struct nf_conntrack_tuple *reply, u32 mark)
{
	if (nf_conntrack_tuple_taken(reply, ct))
		return NF_VIP_BOUND_TAKEN;
	return commit(ct, sel, reply, mark, 0);
}

static noinline enum nf_vip_bound bind_snat(const struct nf_vip_packet *packet,
					    const struct nf_vip_selection *sel,
					    const struct nf_vip_target *target, bool other_port)
{
	struct nf_conn *ct = packet->ct;
	struct nf_conntrack_tuple reply = reply_from(ct, target);
	int moved;

	moved = nf_vip_snat_source(packet, sel->policy.snat, &target->addr, &reply.dst.u3);
	if (moved < 0)
		return NF_VIP_BOUND_NO_ROUTE;
	if (!moved && !other_port)
		return bind(ct, sel, &reply, target->mark);
	return bind_source(ct, sel, &reply, target->mark,
			   sel->policy.snat == NF_VIP_SNAT_AUTO && !other_port);
}

enum nf_vip_bound nf_vip_bind(const struct nf_vip_packet *packet,
			      const struct nf_vip_selection *sel,
			      const struct nf_vip_target *target)
{
	struct nf_conntrack_tuple reply;

	if (unlikely(sel->policy.snat != NF_VIP_SNAT_OFF))
		return bind_snat(packet, sel, target, false);
	reply = reply_from(packet->ct, target);
	return bind(packet->ct, sel, &reply, target->mark);
}

enum nf_vip_bound nf_vip_bind_other_port(const struct nf_vip_packet *packet,
					 const struct nf_vip_selection *sel,
					 const struct nf_vip_target *target)
{
	struct nf_conntrack_tuple reply;

	if (sel->policy.snat != NF_VIP_SNAT_OFF)
		return bind_snat(packet, sel, target, true);
	reply = reply_from(packet->ct, target);
	return bind_source(packet->ct, sel, &reply, target->mark, false);
}
