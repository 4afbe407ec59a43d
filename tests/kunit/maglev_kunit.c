// SPDX-License-Identifier: GPL-2.0
/*
 * Maglev tables: shares by weight, who moves when a backend goes, agreement of
 * gateways, clients of both families.
 */
#include <linux/ktime.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "select/maglev.h"
#include "select/select.h"
#include "suite.h"

#define FLOWS	100000

/* Backend i: 192.168.x.y:25, its mark says which it is. */
static struct nf_vip_target *make_targets(struct kunit *test, unsigned int nr)
{
	struct nf_vip_target *targets = kunit_kcalloc(test, nr, sizeof(*targets), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, targets);
	for (i = 0; i < nr; i++) {
		targets[i].addr.ip = htonl(0xc0a80001 + i);
		targets[i].port = htons(25);
		targets[i].mark = i;
		targets[i].weight = 1;
		targets[i].usable = true;
		targets[i].tier = 1;
		targets[i].warm = NF_VIP_WARM_FULL;
	}
	return targets;
}

KUNIT_DEFINE_ACTION_WRAPPER(free_slots, kvfree, const void *);

/* A table that says the mark of each slot's backend, not its index. */
static u16 *fill(struct kunit *test, const struct nf_vip_target *targets, unsigned int nr,
		 u32 nr_slots, u32 seed)
{
	u16 *slots = kvcalloc(nr_slots, sizeof(*slots), GFP_KERNEL);
	u32 slot;

	KUNIT_ASSERT_NOT_NULL(test, slots);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_slots, slots));
	KUNIT_ASSERT_EQ(test, 0, nf_vip_maglev_fill(slots, nr_slots, targets, nr, seed));
	for (slot = 0; slot < nr_slots; slot++) {
		KUNIT_ASSERT_LT(test, slots[slot], nr);
		slots[slot] = targets[slots[slot]].mark;
	}
	return slots;
}

static void drop(struct kunit *test, u16 *slots)
{
	kunit_release_action(test, free_slots, slots);
}

static const struct share {
	const char *name;
	unsigned int nr;
	/* Weights of the backends in turn. */
	u32 weights[4];
} shares[] = {
	{ "one", 1, { 3, 3, 3, 3 } },
	{ "2 alike", 2, { 1, 1, 1, 1 } },
	{ "3 alike", 3, { 250, 250, 250, 250 } },
	{ "10 alike", 10, { 1, 1, 1, 1 } },
	{ "100 alike", 100, { 7, 7, 7, 7 } },
	{ "1000 alike", 1000, { 1000, 1000, 1000, 1000 } },
	{ "2 and 1", 2, { 2, 1 } },
	{ "1 to 4", 10, { 1, 2, 3, 4 } },
	{ "997 and less", 100, { 997, 300, 500, 200 } },
	{ "1000 of 1 to 4", 1000, { 4, 1, 2, 3 } },
};

KUNIT_ARRAY_PARAM_DESC(share, shares, name);

static void share_is_that_of_the_weight(struct kunit *test)
{
	const struct share *row = test->param_value;
	struct nf_vip_target *targets = make_targets(test, row->nr);
	u32 nr_slots = nf_vip_maglev_size(row->nr), i, sum = 0;
	u32 *counts = kunit_kcalloc(test, row->nr, sizeof(*counts), GFP_KERNEL);
	u16 *slots;

	KUNIT_ASSERT_NOT_NULL(test, counts);
	for (i = 0; i < row->nr; i++) {
		targets[i].weight = row->weights[i % 4];
		sum += targets[i].weight;
	}
	slots = fill(test, targets, row->nr, nr_slots, 1);
	for (i = 0; i < nr_slots; i++)
		counts[slots[i]]++;
	/* Within 2 % of the weight's share: 50 * |count - share| <= share. */
	for (i = 0; i < row->nr; i++) {
		s64 share = (s64)nr_slots * targets[i].weight;

		KUNIT_EXPECT_LE_MSG(test, 50 * abs((s64)counts[i] * sum - share), share,
				    "backend %u of weight %u has %u of %u slots", i,
				    targets[i].weight, counts[i], nr_slots);
	}
}

/* The slots of many clients in a table of this size. */
static u32 *make_flows(struct kunit *test, u32 nr_slots)
{
	u32 *flows = kvcalloc(FLOWS, sizeof(*flows), GFP_KERNEL);
	struct nf_conntrack_tuple tuple = { .src.l3num = NFPROTO_IPV4 };
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, flows);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_slots, flows));
	for (i = 0; i < FLOWS; i++) {
		tuple.src.u3.ip = htonl(0x0a000000 + i);
		flows[i] = nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR, 1, nr_slots);
		KUNIT_ASSERT_LT(test, flows[i], nr_slots);
	}
	return flows;
}

/* Flows of others that move when one goes; in @own those that have to. */
static u32 moved(const u16 *before, const u16 *after, const u32 *flows, u32 gone, u32 *own)
{
	u32 i, others = 0;

	*own = 0;
	for (i = 0; i < FLOWS; i++) {
		if (before[flows[i]] == gone)
			++*own;
		else if (before[flows[i]] != after[flows[i]])
			others++;
	}
	return others;
}

/* Takes backend @gone out of @nr: its flows move, and at most 2 % of the others. */
static void lose_one(struct kunit *test, struct nf_vip_target *targets, u32 nr, u32 gone,
		     const u32 *flows)
{
	u32 nr_slots = nf_vip_maglev_size(nr), others, own;
	u16 *before = fill(test, targets, nr, nr_slots, 1), *after;

	swap(targets[gone], targets[nr - 1]);
	after = fill(test, targets, nr - 1, nr_slots, 1);
	swap(targets[gone], targets[nr - 1]);
	others = moved(before, after, flows, targets[gone].mark, &own);
	KUNIT_EXPECT_GT(test, own, 0);
	KUNIT_EXPECT_LE_MSG(test, 50 * others, FLOWS - own, "%u of %u: %u of %u others moved",
			    gone, nr, others, FLOWS - own);
	drop(test, before);
	drop(test, after);
}

static void only_clients_of_the_gone_move(struct kunit *test)
{
	struct nf_vip_target *targets = make_targets(test, 50);
	u32 nr, nr_slots = 0, *flows = NULL;

	for (nr = 2; nr <= 50; nr++) {
		if (nr_slots != nf_vip_maglev_size(nr)) {
			nr_slots = nf_vip_maglev_size(nr);
			flows = make_flows(test, nr_slots);
		}
		lose_one(test, targets, nr, nr / 3, flows);
	}
}

static void weighted_ones_move_little(struct kunit *test)
{
	struct nf_vip_target *targets = make_targets(test, 20);
	u32 *flows = make_flows(test, nf_vip_maglev_size(20)), i;

	for (i = 0; i < 20; i++)
		targets[i].weight = i % 4 + 1;
	targets[10].weight = 30;
	/* One of each weight; the last is the heaviest. */
	for (i = 7; i <= 10; i++)
		lose_one(test, targets, 20, i, flows);
}

static void shuffle(struct nf_vip_target *targets, unsigned int nr)
{
	u32 state = 12345;

	while (nr > 1) {
		state = state * 1664525 + 1013904223;
		swap(targets[nr - 1], targets[(state >> 8) % nr]);
		nr--;
	}
}

static void order_does_not_matter(struct kunit *test)
{
	struct nf_vip_target *targets = make_targets(test, 40);
	u32 nr_slots = nf_vip_maglev_size(40), i;
	u16 *before, *after;

	for (i = 0; i < 40; i++)
		targets[i].weight = i % 3 + 1;
	/* Two of one address with other ports, and two of one address and port. */
	targets[1].addr = targets[0].addr;
	targets[1].port = htons(26);
	targets[3].addr = targets[2].addr;
	before = fill(test, targets, 40, nr_slots, 7);
	shuffle(targets, 40);
	KUNIT_EXPECT_NE(test, 0, targets[0].mark);
	after = fill(test, targets, 40, nr_slots, 7);
	KUNIT_EXPECT_MEMEQ(test, before, after, nr_slots * sizeof(*before));
}

static void one_server_twice_has_two_shares(struct kunit *test)
{
	struct nf_vip_target *targets = make_targets(test, 2);
	u32 nr_slots = nf_vip_maglev_size(2), i, first = 0;
	u16 *slots;

	targets[1].addr = targets[0].addr;
	slots = fill(test, targets, 2, nr_slots, 1);
	for (i = 0; i < nr_slots; i++)
		first += !slots[i];
	KUNIT_EXPECT_GE(test, first, nr_slots / 2);
	KUNIT_EXPECT_LE(test, first, nr_slots / 2 + 1);
}

static u32 differences(const u16 *a, const u16 *b, u32 nr)
{
	u32 sum = 0;

	while (nr--)
		sum += a[nr] != b[nr];
	return sum;
}

/* Chance alone gives one of ten backends to a tenth of the slots again. */
static void seeds_differ(struct kunit *test)
{
	struct nf_vip_target *targets = make_targets(test, 10);
	u32 nr_slots = nf_vip_maglev_size(10), i, same = 0;
	struct nf_conntrack_tuple tuple = { .src.l3num = NFPROTO_IPV4 };
	u16 *zero = fill(test, targets, 10, nr_slots, 0);
	u16 *one = fill(test, targets, 10, nr_slots, 1);

	KUNIT_EXPECT_GT(test, differences(zero, one, nr_slots), nr_slots * 8 / 10);
	for (i = 0; i < 1000; i++) {
		tuple.src.u3.ip = htonl(i);
		same += nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR, 0, nr_slots) ==
			nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR, 1, nr_slots);
	}
	KUNIT_EXPECT_LT(test, same, 10);
}

/*
 * Written down once, so that no later version, and no other processor, has
 * another table: gateways are not replaced at one moment.
 */
static void table_is_for_ever(struct kunit *test)
{
	static const u16 wanted[] = { 4, 3, 2, 4, 3, 3, 0, 2, 4, 3, 3, 3, 1, 4, 0, 3 };
	struct nf_vip_target *targets = make_targets(test, 5);
	struct nf_conntrack_tuple tuple = { .src.l3num = NFPROTO_IPV4 };
	u16 *slots = fill(test, targets, 5, nf_vip_maglev_size(5), 42);

	KUNIT_EXPECT_MEMEQ(test, wanted, slots, sizeof(wanted));
	tuple.src.u3.ip = htonl(0x0a000009);
	tuple.src.u.all = htons(4000);
	KUNIT_EXPECT_EQ(test, 3135,
			nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR, 42, 4099));
	KUNIT_EXPECT_EQ(test, 1117,
			nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR_PORT, 42, 4099));
	tuple.src.l3num = NFPROTO_IPV6;
	tuple.src.u3.in6 = (struct in6_addr){ { { 0x20, 0x01, 0x0d, 0xb8, [15] = 9 } } };
	KUNIT_EXPECT_EQ(test, 1747,
			nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR, 42, 4099));
	KUNIT_EXPECT_EQ(test, 3276,
			nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR_PORT, 42, 4099));
}

/* Every word of an address counts, and the port if it shall. */
static void key_is_all_of_the_client(struct kunit *test)
{
	struct nf_conntrack_tuple tuple = { .src.l3num = NFPROTO_IPV6 };
	u32 i, was, moved = 0;

	was = nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR_PORT, 1, 65537);
	for (i = 0; i < 4; i++) {
		tuple.src.u3.all[i] = htonl(1);
		moved += nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR_PORT, 1, 65537) != was;
		tuple.src.u3.all[i] = 0;
	}
	KUNIT_EXPECT_EQ(test, 4, moved);

	tuple.src.u.all = htons(1);
	KUNIT_EXPECT_NE(test, was, nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR_PORT, 1, 65537));
	was = nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR, 1, 65537);
	tuple.src.u.all = htons(2);
	KUNIT_EXPECT_EQ(test, was, nf_vip_maglev_slot(&tuple, NF_VIP_HASH_ADDR, 1, 65537));
}

static bool is_prime(u32 number)
{
	u32 i;

	for (i = 2; i * i <= number; i++)
		if (number % i == 0)
			return false;
	return true;
}

static void sizes_are_primes(struct kunit *test)
{
	u32 nr, size = 0;

	for (nr = 0; nr <= NF_VIP_BACKENDS_MAX; nr++) {
		if (size != nf_vip_maglev_size(nr)) {
			KUNIT_EXPECT_GT(test, nf_vip_maglev_size(nr), size);
			size = nf_vip_maglev_size(nr);
			KUNIT_EXPECT_TRUE_MSG(test, is_prime(size), "%u", size);
		}
		KUNIT_EXPECT_GE(test, size, 128 * nr);
	}
	KUNIT_EXPECT_LE(test, size, NF_VIP_SLOTS_MAX);
}

/* A backend that goes must not make a table of another size: all would move. */
static void size_is_that_of_all_backends(struct kunit *test)
{
	static const struct nf_vip_service_spec svc = { .policy.scheduler = NF_VIP_SCHED_HASH };
	struct nf_vip_target *targets = make_targets(test, 65);
	struct nf_vip_selection *sel;
	u32 i;

	for (i = 8; i < 65; i++)
		targets[i].usable = false;
	targets[0].weight = 0;
	sel = nf_vip_selection_make(targets, 65, &svc);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sel);
	KUNIT_EXPECT_EQ(test, nf_vip_maglev_size(65), sel->nr_slots);
	KUNIT_EXPECT_EQ(test, 7, sel->nr_targets);
	nf_vip_selection_free(sel);

	sel = nf_vip_selection_make(targets, 0, &svc);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sel);
	KUNIT_EXPECT_EQ(test, 0, sel->nr_slots);
	nf_vip_selection_free(sel);
}

/* The largest there are come to their end; how long they take is for readers. */
static void most_backends(struct kunit *test)
{
	const u32 nr = NF_VIP_BACKENDS_MAX, nr_slots = nf_vip_maglev_size(nr);
	struct nf_vip_target *targets = make_targets(test, nr);
	ktime_t start = ktime_get();

	drop(test, fill(test, targets, nr, nr_slots, 1));
	kunit_info(test, "%u backends alike: %lld us", nr, ktime_us_delta(ktime_get(), start));
	targets[0].weight = NF_VIP_WEIGHT_MAX;
	start = ktime_get();
	drop(test, fill(test, targets, nr, nr_slots, 1));
	kunit_info(test, "one of weight 1000: %lld us", ktime_us_delta(ktime_get(), start));
}

static struct kunit_case maglev_cases[] = {
	KUNIT_CASE_PARAM(share_is_that_of_the_weight, share_gen_params),
	KUNIT_CASE(only_clients_of_the_gone_move),
	KUNIT_CASE(weighted_ones_move_little),
	KUNIT_CASE(order_does_not_matter),
	KUNIT_CASE(one_server_twice_has_two_shares),
	KUNIT_CASE(seeds_differ),
	KUNIT_CASE(table_is_for_ever),
	KUNIT_CASE(key_is_all_of_the_client),
	KUNIT_CASE(sizes_are_primes),
	KUNIT_CASE(size_is_that_of_all_backends),
	KUNIT_CASE(most_backends),
	{}
};

static struct kunit_suite maglev_suite = {
	.name = "nf_vip_maglev",
	.test_cases = maglev_cases,
};

kunit_test_suite(maglev_suite);
