// SPDX-License-Identifier: GPL-2.0
#include <linux/random.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include "bind.h"
#include "mark.h"
#include "select.h"

enum {
	FIRST_PORT	= 1024,
	PORT_TRIES	= 32,
};

static struct nf_conntrack_tuple reply_from(const struct nf_conn *ct,
					    const struct nf_vip_target *target)
{
	struct nf_conntrack_tuple reply = ct->tuplehash[IP_CT_DIR_REPLY].tuple;

	reply.src.u3 = target->addr;
	reply.src.u.all = target->port;
	return reply;
}

static void set_mark(struct nf_conn *ct, u32 mark)
{
	u32 old = READ_ONCE(ct->mark);
	u32 new = (old & ~nf_vip_mark_mask) | mark;

	/* No event: the one that announces the connection carries the mark. */
	if (new != old)
		WRITE_ONCE(ct->mark, new);
}

static void commit(struct nf_conn *ct, const struct nf_conntrack_tuple *reply, u32 mark,
		   unsigned long status)
{
	nf_conntrack_alter_reply(ct, reply);
	set_mark(ct, mark);
	/* Not atomic: nobody else sees an entry that is not confirmed. */
	ct->status |= status;
}

bool nf_vip_bind(struct nf_conn *ct, const struct nf_vip_target *target)
{
	struct nf_conntrack_tuple reply = reply_from(ct, target);

	if (nf_conntrack_tuple_taken(&reply, ct))
		return false;
	commit(ct, &reply, target->mark, IPS_DST_NAT | IPS_DST_NAT_DONE);
	return true;
}

bool nf_vip_bind_other_port(struct nf_conn *ct, const struct nf_vip_target *target)
{
	struct nf_conntrack_tuple reply = reply_from(ct, target);
	int i;

	for (i = 0; i < PORT_TRIES; i++) {
		u32 port = FIRST_PORT + get_random_u32() % (65536 - FIRST_PORT);

		reply.dst.u.all = htons(port);
		if (nf_conntrack_tuple_taken(&reply, ct))
			continue;
		/*
		 * IPS_SRC_NAT_DONE stays clear: masquerade rules still apply,
		 * and without one nf_nat keeps the port that stands here.
		 */
		commit(ct, &reply, target->mark,
		       IPS_DST_NAT | IPS_DST_NAT_DONE | IPS_SRC_NAT);
		return true;
	}
	return false;
}
