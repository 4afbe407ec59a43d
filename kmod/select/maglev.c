// SPDX-License-Identifier: GPL-2.0
/*
 * Each backend has its own order of all slots, a permutation that comes from
 * its address and port. The backends take turns; at its turn a backend takes
 * the first free slot of its order. When one backend is missing, most turns end
 * as before.
 *
 * Turns are in rounds. A backend of the largest weight has one in every round,
 * others when their weights, added up round after round, reach that weight: the
 * k-th turn of weight w is in round k * largest / w. A ring of rounds keeps
 * which backends are next, so a round does not look at backends without a turn.
 */
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "select/maglev.h"
#include "select/scheduler.h"
#include "select/select.h"

#define FREE	0xffff
#define NONE	0xffff

static_assert(NF_VIP_BACKENDS_MAX < FREE);

/* Prime table sizes, each for up to @nr backends. */
static const struct {
	unsigned int nr;
	u32 slots;
} sizes[] = {
	{ 8, 4099 },
	{ 64, 16411 },
	{ 512, 65537 },
	{ NF_VIP_BACKENDS_MAX, 524309 },
};

static_assert(524309 >= 128 * NF_VIP_BACKENDS_MAX && 524309 <= NF_VIP_SLOTS_MAX);

/**
 * struct turn - a backend that takes slots
 * @target: index of the backend in the targets
 * @next: the next turn of the same round, or NONE
 * @taken: turns of the backend so far
 * @weight: weight of the backend
 * @at: slot that the backend's order has come to
 * @step: distance between the slots of that order
 */
struct turn {
	u16 target;
	u16 next;
	u32 taken;
	u32 weight;
	u32 at;
	u32 step;
};

u32 nf_vip_maglev_size(unsigned int nr)
{
	unsigned int i = 0;

	while (nr > sizes[i].nr && i < ARRAY_SIZE(sizes) - 1)
		i++;
	return sizes[i].slots;
}

/* Half of an address, the same number in every order of bytes. */
static u64 half(const union nf_inet_addr *addr, unsigned int at)
{
	const __be32 *words = addr->ip6;

	return (u64)be32_to_cpup(&words[at]) << 32 | be32_to_cpup(&words[at + 1]);
}

static int cmp_targets(const void *a, const void *b, const void *priv)
{
	const struct nf_vip_target *targets = priv;
	const struct nf_vip_target *one = &targets[((const struct turn *)a)->target];
	const struct nf_vip_target *other = &targets[((const struct turn *)b)->target];
	int cmp = memcmp(&one->addr, &other->addr, sizeof(one->addr));

	if (!cmp)
		cmp = (int)ntohs(one->port) - ntohs(other->port);
	/*
	 * Two backends of one server: put them in order by weight, so that
	 * their shares are in order, too.
	 */
	if (!cmp)
		cmp = (int)one->weight - (int)other->weight;
	return cmp;
}

static bool same_server(const struct nf_vip_target *a, const struct nf_vip_target *b)
{
	return a->port == b->port && !memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

/* Offset and skip of the paper; @nth tells backends of one address and port apart. */
static void start_order(struct turn *turn, const struct nf_vip_target *target, u32 nth,
			u32 nr_slots, u32 seed)
{
	const siphash_key_t key = { { seed, 'b' } };
	u64 hash = siphash_3u64(half(&target->addr, 0), half(&target->addr, 2),
				(u64)ntohs(target->port) << 32 | nth, &key);

	turn->weight = target->weight;
	turn->at = reciprocal_scale(hash, nr_slots);
	turn->step = reciprocal_scale(hash >> 32, nr_slots - 1) + 1;
}

/* The backends by address and port, each at the beginning of its order. */
static void start_turns(struct turn *turns, const struct nf_vip_target *targets, unsigned int nr,
			u32 nr_slots, u32 seed)
{
	unsigned int i;
	u32 nth = 0;

	for (i = 0; i < nr; i++)
		turns[i].target = i;
	sort_r(turns, nr, sizeof(*turns), cmp_targets, NULL, targets);
	for (i = 0; i < nr; i++) {
		const struct nf_vip_target *target = &targets[turns[i].target];

		nth = i && same_server(target, &targets[turns[i - 1].target]) ? nth + 1 : 0;
		start_order(&turns[i], target, nth, nr_slots, seed);
	}
}

static void take_slot(u16 *slots, u32 nr_slots, struct turn *turn)
{
	u32 at = turn->at;

	while (slots[at] != FREE) {
		at += turn->step;
		if (at >= nr_slots)
			at -= nr_slots;
	}
	slots[at] = turn->target;
	turn->at = at;
}

/* Puts a backend into the round of its next turn, at most @scale rounds ahead. */
static void queue_turn(u16 *ring, struct turn *turns, u16 who, u32 scale)
{
	struct turn *turn = &turns[who];
	u16 *head;
	u32 round;

	turn->taken++;
	round = div_u64((u64)turn->taken * scale + turn->weight - 1, turn->weight);
	head = &ring[round % (scale + 1)];
	turn->next = *head;
	*head = who;
}

static void play(u16 *slots, u32 nr_slots, struct turn *turns, unsigned int nr, u16 *ring,
		 u32 scale)
{
	u32 round, left = nr_slots;
	u16 who, next;

	memset16(slots, FREE, nr_slots);
	memset16(ring, NONE, scale + 1);
	/* From the last on, because each list begins with the turn that was queued last. */
	while (nr--)
		queue_turn(ring, turns, nr, scale);

	for (round = 1; left; round++) {
		who = ring[round % (scale + 1)];
		ring[round % (scale + 1)] = NONE;
		for (; who != NONE && left; who = next, left--) {
			next = turns[who].next;
			take_slot(slots, nr_slots, &turns[who]);
			queue_turn(ring, turns, who, scale);
		}
		cond_resched();
	}
}

static u32 largest_weight(const struct nf_vip_target *targets, unsigned int nr)
{
	u32 largest = 0;

	while (nr--)
		largest = max(largest, targets[nr].weight);
	return largest;
}

int nf_vip_maglev_fill(u16 *slots, u32 nr_slots, const struct nf_vip_target *targets,
		       unsigned int nr, u32 seed)
{
	struct turn *turns = kvcalloc(nr, sizeof(*turns), GFP_KERNEL_ACCOUNT);
	u32 scale = largest_weight(targets, nr);
	u16 *ring = kvcalloc(scale + 1, sizeof(*ring), GFP_KERNEL_ACCOUNT);
	int err = -ENOMEM;

	if (turns && ring) {
		start_turns(turns, targets, nr, nr_slots, seed);
		play(slots, nr_slots, turns, nr, ring, scale);
		err = 0;
	}
	kvfree(ring);
	kvfree(turns);
	return err;
}

u32 nf_vip_maglev_slot(const struct nf_conntrack_tuple *tuple, enum nf_vip_hash_key key,
		       u32 seed, u32 nr_slots)
{
	const siphash_key_t secret = { { seed, 'c' } };
	u64 port = key == NF_VIP_HASH_ADDR_PORT ? ntohs(tuple->src.u.all) : 0;
	const union nf_inet_addr *addr = &tuple->src.u3;
	u64 hash;

	if (tuple->src.l3num == NFPROTO_IPV4)
		hash = siphash_1u64(port << 32 | ntohl(addr->ip), &secret);
	else
		hash = siphash_3u64(half(addr, 0), half(addr, 2), port, &secret);
	return reciprocal_scale(hash, nr_slots);
}

/* No table while no backend may be chosen; else a size for all backends, usable or not. */
static u32 hash_slots(const struct nf_vip_shares *shares)
{
	return shares->nr ? nf_vip_maglev_size(shares->all) : 0;
}

static int hash_fill(struct nf_vip_selection *sel)
{
	return nf_vip_maglev_fill(sel->slots, sel->nr_slots, sel->targets, sel->nr_best,
				  sel->policy.hash_seed);
}

static u32 hash_pick(const struct nf_vip_selection *sel, const struct nf_conntrack_tuple *tuple)
{
	return nf_vip_maglev_slot(tuple, sel->policy.hash_key, sel->policy.hash_seed,
				  sel->nr_slots);
}

const struct nf_vip_scheduler_ops nf_vip_hash_ops = {
	.by_flow	= true,
	.slots		= hash_slots,
	.fill		= hash_fill,
	.pick		= hash_pick,
};
