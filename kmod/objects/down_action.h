/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A backend is down when its state is "down", its checker says 0, or its
 * condition flag is 1. A backend that drains, or weighs nothing, is not down,
 * unless the deadline of its drain has passed: then its connections are reset
 * whatever the service says.
 *
 * A client that opens a connection again, from the port of one that the backend
 * had, gets another backend whatever the service says, if there is one. That also
 * holds for a backend that is ejected and silent: its other connections stay.
 *
 * What becomes of the connections of a backend that went down is one word in the
 * backend: health writes the word (down_action_sync.c), packets
 * (path/down_action.c) and the walk over conntrack read it.
 */
#ifndef NF_VIP_OBJECTS_DOWN_ACTION_H
#define NF_VIP_OBJECTS_DOWN_ACTION_H

#include <linux/bits.h>
#include <net/netfilter/nf_conntrack.h>
#include "objects/service.h"

/*
 * The word of a backend: whether the backend is down, whether a client that opens a
 * connection again may get another one, and enum nf_vip_on_down of each protocol.
 */
enum {
	NF_VIP_DOWN_FLAG	= BIT(0),
	NF_VIP_DOWN_AGAIN	= BIT(1),
	NF_VIP_DOWN_TCP_SHIFT	= 8,
	NF_VIP_DOWN_UDP_SHIFT	= 16,
	NF_VIP_DOWN_MASK	= 0xff,
};

/**
 * nf_vip_down_word_loses() - does a backend lose connections?
 * @word: @down_action of the backend
 *
 * Context: any.
 */
static inline bool nf_vip_down_word_loses(u32 word)
{
	return word >> NF_VIP_DOWN_TCP_SHIFT;
}

/**
 * nf_vip_down_word_on_down() - what becomes of a connection
 * @word: @down_action of the connection's backend
 * @ct: entry; only its protocol is looked at
 *
 * Context: any.
 */
static inline enum nf_vip_on_down nf_vip_down_word_on_down(u32 word, const struct nf_conn *ct)
{
	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		return word >> NF_VIP_DOWN_TCP_SHIFT & NF_VIP_DOWN_MASK;
	case IPPROTO_UDP:
		return word >> NF_VIP_DOWN_UDP_SHIFT & NF_VIP_DOWN_MASK;
	default:
		return NF_VIP_DOWN_KEEP;
	}
}

/**
 * nf_vip_backend_on_down() - what is to become of a connection?
 * @backend: backend of the connection
 * @ct: entry
 * @on_down: filled in; means nothing unless @backend is down
 *
 * Return: false if @backend is not down.
 */
static inline bool nf_vip_backend_on_down(const struct nf_vip_backend *backend,
					  const struct nf_conn *ct,
					  enum nf_vip_on_down *on_down)
{
	u32 word = READ_ONCE(backend->down_action);

	*on_down = nf_vip_down_word_on_down(word, ct);
	return word & NF_VIP_DOWN_FLAG;
}

/**
 * nf_vip_down_takes_off() - does the fast path hide a connection that is not to stay?
 * @backend: backend of the connection
 * @ct: entry
 *
 * No packet of such a connection comes by that could be answered, so the entry
 * has to go. The next packet is a new connection, which a live backend gets; a
 * TCP packet is from the middle of a connection, so a backend that does not
 * know it answers with a reset.
 *
 * Context: any, under rcu_read_lock().
 */
static inline bool nf_vip_down_takes_off(const struct nf_vip_backend *backend,
					 const struct nf_conn *ct)
{
	u32 word = READ_ONCE(backend->down_action);

	return unlikely(nf_vip_down_word_loses(word)) && (READ_ONCE(ct->status) & IPS_OFFLOAD) &&
	       !ct->master && nf_vip_down_word_on_down(word, ct) != NF_VIP_DOWN_KEEP;
}

#endif /* NF_VIP_OBJECTS_DOWN_ACTION_H */
