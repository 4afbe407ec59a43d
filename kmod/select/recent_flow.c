// SPDX-License-Identifier: GPL-2.0
/*
 * One word for each flow, at the place that its hash says: a mark below, above it 32
 * more bits of the hash to which the time of the choice is added, in units. So one
 * compare and exchange writes a choice, and a reader has all of the choice in one
 * word: no order of memory matters.
 *
 * A flow whose place is taken overwrites the other flow's choice. That matters
 * only if a twin of the other flow was still to come.
 */
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "select/recent_flow.h"

/* Datagrams are under way for microseconds, so few flows need a place at a time. */
enum { RECENT_BITS = 12 };

/**
 * struct nf_vip_recent_flows - choices for the flows of one network namespace
 * @key: of the hash
 * @unit: of time, in jiffies
 * @words: choices; 0 is none, because no mark is 0
 */
struct nf_vip_recent_flows {
	siphash_key_t key;
	unsigned int unit;
	atomic64_t words[1 << RECENT_BITS];
};

struct nf_vip_recent_flows *nf_vip_recent_flows_alloc(unsigned int unit)
{
	struct nf_vip_recent_flows *flows = kvzalloc(sizeof(*flows), GFP_KERNEL_ACCOUNT);

	if (!flows)
		return NULL;
	get_random_bytes(&flows->key, sizeof(flows->key));
	flows->unit = unit;
	return flows;
}

static u32 now_in_units(const struct nf_vip_recent_flows *flows)
{
	return jiffies / flows->unit;
}

static u64 hash_of(const struct nf_vip_recent_flows *flows, const struct nf_conntrack_tuple *tuple)
{
	u32 ports = (__force u32)tuple->src.u.all << 16 | (__force u32)tuple->dst.u.all;
	const u32 *src = tuple->src.u3.all, *dst = tuple->dst.u3.all;

	if (tuple->src.l3num == NFPROTO_IPV4)
		return siphash_3u32(src[0], dst[0], ports, &flows->key);
	/* The whole address of the client, but only the end of the VIP's: there are few VIPs. */
	return siphash_3u64((u64)src[0] << 32 | src[1], (u64)src[2] << 32 | src[3],
			    (u64)dst[3] << 32 | ports, &flows->key);
}

/* The mark of a word of this flow and of this unit of time or the one before, else 0. */
static u32 mark_of(u64 word, u32 print, u32 time)
{
	u32 then = (u32)(word >> 32) - print;

	return time - then <= 1 ? (u32)word : 0;
}

u32 nf_vip_recent_flow_find(struct nf_vip_recent_flows *flows,
			    const struct nf_conntrack_tuple *tuple,
		     struct nf_vip_recent_flow *flow)
{
	u64 hash = hash_of(flows, tuple);

	flow->word = &flows->words[hash & ((1 << RECENT_BITS) - 1)];
	flow->print = hash >> 32;
	flow->now = now_in_units(flows);
	flow->seen = atomic64_read(flow->word);
	return mark_of(flow->seen, flow->print, flow->now);
}

struct nf_vip_recent_flows *nf_vip_recent_flows_copy_for(struct nf_vip_recent_flows *flows,
							 const struct nf_conntrack_tuple *tuple)
{
	struct nf_vip_recent_flows *copy = kvzalloc(sizeof(*copy), GFP_KERNEL_ACCOUNT);
	struct nf_vip_recent_flow from, to;

	if (!copy)
		return NULL;
	copy->key = flows->key;
	copy->unit = flows->unit;
	nf_vip_recent_flow_find(flows, tuple, &from);
	nf_vip_recent_flow_find(copy, tuple, &to);
	atomic64_set(to.word, from.seen);
	return copy;
}

u32 nf_vip_recent_flow_note(const struct nf_vip_recent_flow *flow, u32 mark)
{
	u64 word = (u64)(flow->print + flow->now) << 32 | mark;
	u64 was = atomic64_cmpxchg_relaxed(flow->word, flow->seen, word);

	if (likely(was == flow->seen))
		return mark;
	return mark_of(was, flow->print, flow->now) ?: mark;
}
