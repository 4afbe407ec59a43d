/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What becomes of the connections of a backend that went down, as one word in the
 * backend: health puts it there (down_action_sync.c), packets (path/down_action.c)
 * and the walk over conntrack read it.
 */
#ifndef NF_VIP_OBJECTS_DOWN_ACTION_H
#define NF_VIP_OBJECTS_DOWN_ACTION_H

#include <linux/bits.h>
#include <net/netfilter/nf_conntrack.h>
#include "objects/service.h"

/* Word of a backend: that it is down, and enum nf_vip_on_down of each protocol. */
enum {
	NF_VIP_ACTION_DOWN	= BIT(0),
	NF_VIP_ACTION_TCP	= 8,
	NF_VIP_ACTION_UDP	= 16,
	NF_VIP_ACTION_MASK	= 0xff,
};

/* Do established connections not stay? */
static inline bool nf_vip_down_leaves(u32 word)
{
	return word > NF_VIP_ACTION_DOWN;
}

static inline enum nf_vip_on_down nf_vip_down_of(u32 word, const struct nf_conn *ct)
{
	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		return word >> NF_VIP_ACTION_TCP & NF_VIP_ACTION_MASK;
	case IPPROTO_UDP:
		return word >> NF_VIP_ACTION_UDP & NF_VIP_ACTION_MASK;
	default:
		return NF_VIP_DOWN_KEEP;
	}
}

/**
 * nf_vip_down_action_of() - what is to become of a connection?
 * @backend: whose connection it is
 * @ct: entry
 * @on_down: filled in, if its backend is down
 *
 * Return: false if its backend is not down.
 */
static inline bool nf_vip_down_action_of(const struct nf_vip_backend *backend,
					 const struct nf_conn *ct,
					 enum nf_vip_on_down *on_down)
{
	u32 word = READ_ONCE(backend->down_action);

	*on_down = nf_vip_down_of(word, ct);
	return word;
}

/**
 * nf_vip_down_takes_off() - does the fast path hide a connection that is not to stay?
 * @backend: whose connection it is
 * @ct: entry
 *
 * No packet of it comes by, and none can be had to answer: the entry has to go.
 * What comes next is a new connection, which a live backend gets; of TCP it is
 * in the middle, so a backend that does not know it answers by a reset.
 *
 * Context: any, under rcu_read_lock().
 */
static inline bool nf_vip_down_takes_off(const struct nf_vip_backend *backend,
					 const struct nf_conn *ct)
{
	u32 word = READ_ONCE(backend->down_action);

	return unlikely(nf_vip_down_leaves(word)) && (READ_ONCE(ct->status) & IPS_OFFLOAD) &&
	       !ct->master && nf_vip_down_of(word, ct) != NF_VIP_DOWN_KEEP;
}

#endif /* NF_VIP_OBJECTS_DOWN_ACTION_H */
