// SPDX-License-Identifier: GPL-2.0
/*
 * Twins: one choice for one flow, whoever makes it, for half a second or one.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "select/recent_flow.h"
#include "suite.h"

KUNIT_DEFINE_ACTION_WRAPPER(free_twins, kvfree, const void *);

static struct nf_vip_recent_flows *make_twins(struct kunit *test)
{
	struct nf_vip_recent_flows *twins = nf_vip_recent_flows_alloc(HZ / 2);

	KUNIT_ASSERT_NOT_NULL(test, twins);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_twins, twins));
	return twins;
}

static struct nf_conntrack_tuple flow(u8 family, u32 nr)
{
	struct nf_conntrack_tuple tuple = { .src.l3num = family };

	tuple.src.u3.all[0] = htonl(0x0a000000 + nr / 1000);
	tuple.src.u.all = htons(1000 + nr % 1000);
	tuple.dst.u.all = htons(53);
	return tuple;
}

static u32 find(struct nf_vip_recent_flows *twins, u8 family, u32 nr,
		struct nf_vip_recent_flow *twin)
{
	struct nf_conntrack_tuple tuple = flow(family, nr);

	return nf_vip_recent_flow_find(twins, &tuple, twin);
}

static void first_choice_stands(struct kunit *test)
{
	struct nf_vip_recent_flows *twins = make_twins(test);
	struct nf_vip_recent_flow one, other;

	KUNIT_EXPECT_EQ(test, 0, find(twins, NFPROTO_IPV4, 1, &one));
	KUNIT_EXPECT_EQ(test, 0, find(twins, NFPROTO_IPV4, 1, &other));
	/* Both looked before either told. */
	KUNIT_EXPECT_EQ(test, 0xffff0001, nf_vip_recent_flow_note(&other, 0xffff0001));
	KUNIT_EXPECT_EQ(test, 0xffff0001, nf_vip_recent_flow_note(&one, 2));
	KUNIT_EXPECT_EQ(test, 0xffff0001, find(twins, NFPROTO_IPV4, 1, &one));

	/* That backend may not be chosen any more: another choice takes its place. */
	KUNIT_EXPECT_EQ(test, 3, nf_vip_recent_flow_note(&one, 3));
	KUNIT_EXPECT_EQ(test, 3, find(twins, NFPROTO_IPV4, 1, &one));
}

/* A word is as old as its upper half says, in half seconds. */
static void grow_old(const struct nf_vip_recent_flow *twin, u32 halves)
{
	atomic64_sub((u64)halves << 32, twin->word);
}

static void choice_is_forgotten(struct kunit *test)
{
	struct nf_vip_recent_flows *twins = make_twins(test);
	struct nf_vip_recent_flow one, other;

	find(twins, NFPROTO_IPV4, 1, &one);
	nf_vip_recent_flow_note(&one, 7);
	grow_old(&one, 2);
	KUNIT_EXPECT_EQ(test, 0, find(twins, NFPROTO_IPV4, 1, &one));

	/* Who comes too late for another's old choice has its own. */
	find(twins, NFPROTO_IPV4, 1, &other);
	nf_vip_recent_flow_note(&other, 8);
	grow_old(&other, 3);
	KUNIT_EXPECT_EQ(test, 9, nf_vip_recent_flow_note(&one, 9));
}

/* As many flows at a time as there is room for: none takes another for its twin. */
static void flows_are_told_apart(struct kunit *test)
{
	struct nf_vip_recent_flows *twins = make_twins(test);
	u32 i, mark, found = 0, wrong = 0;
	struct nf_vip_recent_flow twin;

	for (i = 0; i < 4000; i++) {
		wrong += !!find(twins, i & 1 ? NFPROTO_IPV4 : NFPROTO_IPV6, i, &twin);
		nf_vip_recent_flow_note(&twin, i + 1);
	}
	for (i = 0; i < 4000; i++) {
		mark = find(twins, i & 1 ? NFPROTO_IPV4 : NFPROTO_IPV6, i, &twin);
		found += mark == i + 1;
		wrong += mark && mark != i + 1;
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
	/* Of random places of 4096 a share of 1 - 1/e is taken: 2554 or so. */
	KUNIT_EXPECT_GT(test, found, 2000);
}

#define ROUNDS	5000

struct chooser {
	struct nf_vip_recent_flows *twins;
	struct chooser *other;
	struct completion done;
	/* Flows that are through. */
	u32 at;
	u32 mark;
	u32 chosen[ROUNDS];
};

static void choose_one(struct chooser *me, u32 nr)
{
	struct nf_vip_recent_flow twin;
	u32 mark = find(me->twins, NFPROTO_IPV4, nr, &twin);

	me->chosen[nr] = mark ?: nf_vip_recent_flow_note(&twin, me->mark);
}

static int choose(void *data)
{
	struct chooser *me = data;
	u32 i;

	for (i = 0; i < suite_rounds(ROUNDS); i++) {
		/* Both begin each flow at once, as near as can be. */
		while (smp_load_acquire(&me->other->at) < i)
			cond_resched();
		choose_one(me, i);
		/* With the load above: what was chosen is there before it is said. */
		smp_store_release(&me->at, i + 1);
	}
	complete(&me->done);
	return 0;
}

static void two_agree(struct kunit *test)
{
	struct chooser *two = kunit_kcalloc(test, 2, sizeof(*two), GFP_KERNEL);
	struct nf_vip_recent_flows *twins = make_twins(test);
	u32 i, differ = 0, first = 0;

	KUNIT_ASSERT_NOT_NULL(test, two);
	for (i = 0; i < 2; i++) {
		init_completion(&two[i].done);
		two[i].twins = twins;
		two[i].other = &two[!i];
		two[i].mark = i + 1;
	}
	for (i = 0; i < 2; i++)
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, kthread_run(choose, &two[i], "nf_vip_twin"));
	for (i = 0; i < 2; i++)
		wait_for_completion(&two[i].done);
	for (i = 0; i < suite_rounds(ROUNDS); i++) {
		differ += two[0].chosen[i] != two[1].chosen[i];
		first += two[0].chosen[i] == 1;
	}
	KUNIT_EXPECT_EQ(test, 0, differ);
	kunit_info(test, "the first one chose %u of %u", first, suite_rounds(ROUNDS));
}

static struct kunit_case twin_cases[] = {
	KUNIT_CASE(first_choice_stands),
	KUNIT_CASE(choice_is_forgotten),
	KUNIT_CASE(flows_are_told_apart),
	KUNIT_CASE(two_agree),
	{}
};

static struct kunit_suite twin_suite = {
	.name = "nf_vip_twin",
	.test_cases = twin_cases,
};

kunit_test_suite(twin_suite);
