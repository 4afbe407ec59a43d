// SPDX-License-Identifier: GPL-2.0
/*
 * What moves a new connection beside weights: tiers, warming up, the number of
 * connections that a backend has.
 */
#include <linux/kthread.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include "select/load.h"
#include "select/select.h"
#include "suite.h"

#define MANY	40

/* Backend i has the address i. All are warm, of tier 1, without a limit, and have no connection. */
static struct nf_vip_target *make_targets(struct kunit *test, unsigned int nr)
{
	struct nf_vip_target *targets = kunit_kcalloc(test, nr, sizeof(*targets), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, targets);
	for (i = 0; i < nr; i++) {
		targets[i].addr.ip = htonl(i);
		targets[i].mark = i + 1;
		targets[i].weight = 1;
		targets[i].warm = NF_VIP_WARM_FULL;
		targets[i].tier = 1;
		targets[i].usable = true;
		targets[i].load = kunit_kzalloc(test, sizeof(*targets[i].load), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, targets[i].load);
	}
	return targets;
}

KUNIT_DEFINE_ACTION_WRAPPER(free_table, nf_vip_selection_free, struct nf_vip_selection *);

static struct nf_vip_selection *make_table(struct kunit *test, struct nf_vip_target *targets,
					   unsigned int nr, enum nf_vip_scheduler scheduler)
{
	const struct nf_vip_service_spec svc = { .policy.scheduler = scheduler };
	struct nf_vip_selection *sel = nf_vip_selection_make(targets, nr, &svc);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sel);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_table, sel));
	sel->cursor = kunit_kzalloc(test, sizeof(*sel->cursor), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sel->cursor);
	return sel;
}

static u32 id(const struct nf_vip_target *target)
{
	return ntohl(target->addr.ip);
}

static const struct nf_vip_target *pick(const struct nf_vip_selection *sel)
{
	return nf_vip_selection_target(sel, nf_vip_selection_pick(sel, NULL));
}

/* How many slots of a round backend @i has. */
static u32 share(const struct nf_vip_selection *sel, u32 i)
{
	u32 slot, nr = 0;

	for (slot = 0; slot < sel->nr_slots; slot++)
		nr += id(nf_vip_selection_target(sel, slot)) == i;
	return nr;
}

static void best_tier_only(struct kunit *test)
{
	struct nf_vip_target *targets = make_targets(test, 4);
	struct nf_vip_selection *sel;

	targets[0].tier = 3;
	targets[1].tier = 2;
	targets[2].tier = 2;
	targets[3].tier = 1;
	targets[3].usable = false;
	targets[2].weight = 3;
	sel = make_table(test, targets, 4, NF_VIP_SCHED_NTH);

	KUNIT_EXPECT_EQ(test, 3, sel->nr_targets);
	KUNIT_EXPECT_EQ(test, 2, sel->nr_best);
	KUNIT_EXPECT_EQ(test, 4, sel->nr_slots);
	KUNIT_EXPECT_EQ(test, 1, share(sel, 1));
	KUNIT_EXPECT_EQ(test, 3, share(sel, 2));
	/* The others come behind, and no mark asks for them. */
	KUNIT_EXPECT_EQ(test, 0, id(&sel->targets[2]));
	KUNIT_EXPECT_NULL(test, nf_vip_selection_marked(sel, 1));
	KUNIT_EXPECT_NOT_NULL(test, nf_vip_selection_marked(sel, 2));
}

static void warms_up_in_sixteenths(struct kunit *test)
{
	u8 warm;

	for (warm = 1; warm <= NF_VIP_WARM_FULL; warm++) {
		struct nf_vip_target *targets = make_targets(test, 3);
		struct nf_vip_selection *sel;

		targets[1].weight = 2;
		targets[1].warm = warm;
		sel = make_table(test, targets, 3, NF_VIP_SCHED_NTH);
		/* 2 * warm / 16 of 1, whatever a slot stands for. */
		KUNIT_EXPECT_EQ(test, share(sel, 1) * NF_VIP_WARM_FULL, share(sel, 0) * 2 * warm);
		KUNIT_EXPECT_EQ(test, share(sel, 0), share(sel, 2));
	}
}

static void all_warming_alike(struct kunit *test)
{
	struct nf_vip_target *targets = make_targets(test, 2);
	struct nf_vip_selection *sel;

	targets[0].warm = 1;
	targets[1].warm = 1;
	targets[1].weight = 2;
	sel = make_table(test, targets, 2, NF_VIP_SCHED_NTH);
	KUNIT_EXPECT_EQ(test, 3, sel->nr_slots);
}

/* A table that is full by itself has no room for steps: nobody gets nothing. */
static void warming_in_a_full_table(struct kunit *test)
{
	const unsigned int nr = 1048;
	struct nf_vip_target *targets = make_targets(test, nr);
	struct nf_vip_selection *sel;
	unsigned int i;

	for (i = 0; i < nr; i++)
		targets[i].weight = i ? NF_VIP_WEIGHT_MAX : 1;
	targets[0].warm = 1;
	sel = make_table(test, targets, nr, NF_VIP_SCHED_NTH);
	KUNIT_EXPECT_LE(test, sel->nr_slots, NF_VIP_SLOTS_MAX);
	KUNIT_EXPECT_EQ(test, 1, share(sel, 0));
}

static void least_follows_connections(struct kunit *test)
{
	struct nf_vip_target *targets = make_targets(test, 3);
	struct nf_vip_selection *sel;
	int i;

	targets[2].weight = 4;
	sel = make_table(test, targets, 3, NF_VIP_SCHED_LEAST);
	for (i = 0; i < 60; i++)
		KUNIT_EXPECT_TRUE(test, nf_vip_load_begin(pick(sel)->load, 0));
	KUNIT_EXPECT_EQ(test, 10, nf_vip_load_get(sel->targets[0].load));
	KUNIT_EXPECT_EQ(test, 10, nf_vip_load_get(sel->targets[1].load));
	KUNIT_EXPECT_EQ(test, 40, nf_vip_load_get(sel->targets[2].load));

	for (i = 0; i < 5; i++)
		nf_vip_load_end(sel->targets[1].load);
	for (i = 0; i < 5; i++) {
		const struct nf_vip_target *target = pick(sel);

		KUNIT_EXPECT_EQ(test, 1, id(target));
		nf_vip_load_begin(target->load, 0);
	}
}

static void least_takes_turns(struct kunit *test)
{
	struct nf_vip_selection *sel = make_table(test, make_targets(test, 3), 3,
						  NF_VIP_SCHED_LEAST);
	u32 seen[3] = {};
	int i;

	for (i = 0; i < 30; i++)
		seen[id(pick(sel))]++;
	KUNIT_EXPECT_EQ(test, 10, seen[0]);
	KUNIT_EXPECT_EQ(test, 10, seen[1]);
	KUNIT_EXPECT_EQ(test, 10, seen[2]);
}

static void least_passes_over_full_ones(struct kunit *test)
{
	struct nf_vip_target *targets = make_targets(test, 2);
	struct nf_vip_selection *sel;
	int i;

	targets[0].max_conns = 1;
	nf_vip_load_begin(targets[0].load, 1);
	for (i = 0; i < 100; i++)
		nf_vip_load_begin(targets[1].load, 0);
	sel = make_table(test, targets, 2, NF_VIP_SCHED_LEAST);
	KUNIT_EXPECT_TRUE(test, sel->capped);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, 1, id(pick(sel)));
}

/* More backends than are looked at: none stays empty, none gets far ahead. */
static void least_of_many(struct kunit *test)
{
	struct nf_vip_selection *sel = make_table(test, make_targets(test, MANY), MANY,
						  NF_VIP_SCHED_LEAST);
	int i;

	for (i = 0; i < 100 * MANY; i++)
		nf_vip_load_begin(pick(sel)->load, 0);
	for (i = 0; i < MANY; i++) {
		KUNIT_EXPECT_GE(test, nf_vip_load_get(sel->targets[i].load), 98);
		KUNIT_EXPECT_LE(test, nf_vip_load_get(sel->targets[i].load), 102);
	}
}

struct adder {
	struct nf_vip_load *load;
	struct completion *start;
	atomic_t *got;
	struct completion done;
};

static int add_until_full(void *data)
{
	struct adder *adder = data;
	int i;

	wait_for_completion(adder->start);
	for (i = 0; i < 1000; i++)
		if (nf_vip_load_begin(adder->load, 500))
			atomic_inc(adder->got);
	complete(&adder->done);
	return 0;
}

static void limit_is_exact_on_all_cpus(struct kunit *test)
{
	struct nf_vip_load *load = kunit_kzalloc(test, sizeof(*load), GFP_KERNEL);
	struct adder *adders = kunit_kcalloc(test, 4, sizeof(*adders), GFP_KERNEL);
	DECLARE_COMPLETION_ONSTACK(start);
	atomic_t got = ATOMIC_INIT(0);
	int i, started = 0;

	KUNIT_ASSERT_NOT_NULL(test, load);
	KUNIT_ASSERT_NOT_NULL(test, adders);
	for (i = 0; i < 4; i++) {
		adders[i] = (struct adder){ .load = load, .start = &start, .got = &got };
		init_completion(&adders[i].done);
		if (IS_ERR(kthread_run(add_until_full, &adders[i], "nf_vip_add%d", i)))
			break;
		started++;
	}
	complete_all(&start);
	while (started--)
		wait_for_completion(&adders[started].done);
	KUNIT_EXPECT_EQ(test, 4, i);
	KUNIT_EXPECT_EQ(test, 500, atomic_read(&got));
	KUNIT_EXPECT_EQ(test, 500, nf_vip_load_get(load));
}

/* Places are reserved for the rest of a tick; then it does not matter who needed them. */
static void reserved_for_a_tick(struct kunit *test)
{
	struct nf_vip_load load = {};
	u32 tick = jiffies;

	KUNIT_EXPECT_EQ(test, 3, nf_vip_load_pending((u64)tick << 32 | 3, tick));
	KUNIT_EXPECT_EQ(test, 0, nf_vip_load_pending((u64)tick << 32 | 3, tick + 1));

	/* A tick may end in between: the limit holds at any rate. */
	atomic_set(&load.live, 2);
	KUNIT_EXPECT_FALSE(test, nf_vip_load_reserve(&load, 2));
	KUNIT_EXPECT_TRUE(test, nf_vip_load_reserve(&load, 3));
	KUNIT_EXPECT_TRUE(test, nf_vip_load_reserve(&load, 0));
	KUNIT_EXPECT_EQ(test, 2, nf_vip_load_get(&load));
	msleep(2 * MSEC_PER_SEC / HZ);
	KUNIT_EXPECT_EQ(test, 2, nf_vip_load_expected(&load));
	KUNIT_EXPECT_TRUE(test, nf_vip_load_reserve(&load, 3));
	nf_vip_load_give_back(&load);
	nf_vip_load_give_back(&load);
	KUNIT_EXPECT_EQ(test, 2, nf_vip_load_expected(&load));
}

static void below_zero_is_zero(struct kunit *test)
{
	struct nf_vip_load load = {};

	nf_vip_load_end(&load);
	KUNIT_EXPECT_EQ(test, 0, nf_vip_load_get(&load));
	KUNIT_EXPECT_TRUE(test, nf_vip_load_begin(&load, 1));
	KUNIT_EXPECT_EQ(test, 0, nf_vip_load_get(&load));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(best_tier_only),
	KUNIT_CASE(warms_up_in_sixteenths),
	KUNIT_CASE(all_warming_alike),
	KUNIT_CASE(warming_in_a_full_table),
	KUNIT_CASE(least_follows_connections),
	KUNIT_CASE(least_takes_turns),
	KUNIT_CASE(least_passes_over_full_ones),
	KUNIT_CASE(least_of_many),
	KUNIT_CASE(limit_is_exact_on_all_cpus),
	KUNIT_CASE(reserved_for_a_tick),
	KUNIT_CASE(below_zero_is_zero),
	{}
};

static struct kunit_suite load_suite = {
	.name = "nf_vip_load",
	.test_cases = cases,
};

kunit_test_suite(load_suite);
