// SPDX-License-Identifier: GPL-2.0
/*
 * Selection: exact shares in every window, spread evenly, on all CPUs; the
 * limit of a table; the lookup of marks.
 */
#include <linux/cpumask.h>
#include <linux/completion.h>
#include <linux/hash.h>
#include <linux/kthread.h>
#include <linux/math.h>
#include "select/select.h"
#include "suite.h"

/* A service with nothing but a scheduler. */
#define by(sched)	(&(const struct nf_vip_service_spec){ .policy.scheduler = (sched) })

/* Backends of the tables below, but for the large ones. */
#define FEW	10

/* Backend i has the address i, so a pick tells whose it is, and mark i + 1. */
static struct nf_vip_target *make_targets(struct kunit *test, const u32 *weights, unsigned int nr)
{
	struct nf_vip_target *targets = kunit_kcalloc(test, nr, sizeof(*targets), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, targets);
	for (i = 0; i < nr; i++) {
		targets[i].addr.ip = htonl(i);
		targets[i].port = htons(25);
		targets[i].mark = i + 1;
		targets[i].weight = weights[i];
		targets[i].usable = true;
		targets[i].tier = 1;
		targets[i].warm = NF_VIP_WARM_FULL;
	}
	return targets;
}

KUNIT_DEFINE_ACTION_WRAPPER(free_table, nf_vip_selection_free, struct nf_vip_selection *);

static struct nf_vip_selection *make_table(struct kunit *test, struct nf_vip_target *targets,
					   unsigned int nr, enum nf_vip_scheduler scheduler)
{
	struct nf_vip_selection *sel = nf_vip_selection_make(targets, nr,
							     by(scheduler));

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sel);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_table, sel));
	sel->cursor = kunit_kzalloc(test, sizeof(*sel->cursor), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sel->cursor);
	return sel;
}

static struct nf_vip_selection *make_nth(struct kunit *test, const u32 *weights, unsigned int nr)
{
	return make_table(test, make_targets(test, weights, nr), nr, NF_VIP_SCHED_NTH);
}

static u32 owner(const struct nf_vip_target *target)
{
	return ntohl(target->addr.ip);
}

static u32 pick(const struct nf_vip_selection *sel)
{
	return owner(nf_vip_selection_target(sel, nf_vip_selection_pick(sel, NULL)));
}

static u16 *pick_many(struct kunit *test, const struct nf_vip_selection *sel, u32 nr)
{
	u16 *picks = kunit_kcalloc(test, nr, sizeof(*picks), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, picks);
	for (i = 0; i < nr; i++)
		picks[i] = pick(sel);
	return picks;
}

static u32 sum_of(const u32 *weights, unsigned int nr)
{
	u32 sum = 0;

	while (nr--)
		sum += weights[nr];
	return sum;
}

static const struct shares {
	const char *name;
	u32 weights[FEW];
	unsigned int nr;
	u32 slots;
} shares_rows[] = {
	{ "one backend", { 7 }, 1, 1 },
	{ "two alike", { 1, 1 }, 2, 2 },
	{ "four alike", { 250, 250, 250, 250 }, 4, 4 },
	{ "1 to 10", { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, 10, 55 },
	{ "10 to 1", { 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 }, 10, 55 },
	{ "weight 0 beside others", { 3, 0, 2 }, 3, 5 },
	{ "weight 0 at both ends", { 0, 4, 2, 0 }, 4, 3 },
	{ "a common divisor", { 100, 200, 300 }, 3, 6 },
	{ "primes", { 2, 3, 5, 7, 11 }, 5, 28 },
	{ "as far apart as can be", { 1000, 1 }, 2, 1001 },
	{ "large without a divisor", { 500, 499, 1 }, 3, 1000 },
};

KUNIT_ARRAY_PARAM_DESC(shares, shares_rows, name);

/* Slides a window over the picks; returns how often its shares are not @weights. */
static u32 bad_windows(const u16 *picks, u32 nr, u32 window, const u32 weights[FEW])
{
	u32 counts[FEW] = {};
	u32 i, bad = 0;

	for (i = 0; i < nr; i++) {
		counts[picks[i]]++;
		if (i >= window)
			counts[picks[i - window]]--;
		if (i + 1 >= window)
			bad += !!memcmp(counts, weights, sizeof(counts));
	}
	return bad;
}

/* The promise to users: a window is as long as the sum of the weights as given. */
static void every_window_is_exact(struct kunit *test)
{
	/* The second count passes 32 bits on the way. */
	static const s64 starts[] = { 0, U32_MAX - 1000LL, 1LL << 62 };
	const struct shares *row = test->param_value;
	u32 sum = sum_of(row->weights, row->nr);
	struct nf_vip_selection *sel = make_nth(test, row->weights, row->nr);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, row->slots, sel->nr_slots);
	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		u16 *picks;

		atomic64_set(&sel->cursor->next, starts[i]);
		picks = pick_many(test, sel, 3 * sum);
		KUNIT_EXPECT_EQ_MSG(test, 0, bad_windows(picks, 3 * sum, sum, row->weights),
				    "from %lld on", starts[i]);
		kunit_kfree(test, picks);
	}
}

/* Longest way from a pick of a backend to its next one, and longest run of it. */
static void measure(const u16 *picks, u32 nr, u32 backend, u32 *gap, u32 *run)
{
	u32 last = U32_MAX, now = 0, i;

	*gap = 0;
	*run = 0;
	for (i = 0; i < nr; i++) {
		if (picks[i] != backend) {
			now = 0;
			continue;
		}
		if (last != U32_MAX)
			*gap = max(*gap, i - last);
		last = i;
		*run = max(*run, ++now);
	}
}

/*
 * Each backend comes again after n / w picks, give or take one for each of the
 * others; and it only comes twice in a row if all others together are lighter,
 * or by rounding.
 */
static void picks_are_spread(struct kunit *test)
{
	const struct shares *row = test->param_value;
	u32 sum = sum_of(row->weights, row->nr), i, gap, run;
	struct nf_vip_selection *sel = make_nth(test, row->weights, row->nr);
	u16 *picks = pick_many(test, sel, 2 * sum);

	for (i = 0; i < row->nr; i++) {
		u32 weight = row->weights[i], others = sum - weight;

		if (!weight || !others)
			continue;
		measure(picks, 2 * sum, i, &gap, &run);
		KUNIT_EXPECT_LE_MSG(test, gap, DIV_ROUND_UP(sum, weight) + sel->nr_targets - 1,
				    "backend %u", i);
		KUNIT_EXPECT_LE_MSG(test, run, DIV_ROUND_UP(weight * (sel->nr_targets - 1),
							    others) + 1, "backend %u", i);
	}
}

/* Orders that are plain: alike in turn, a light one in the middle of a round. */
static const struct order {
	const char *name;
	u32 weights[FEW];
	u16 picks[6];
} orders[] = {
	{ "alike", { 9, 9, 9 }, { 0, 1, 2, 0, 1, 2 } },
	{ "2 to 1", { 2, 1 }, { 0, 1, 0, 0, 1, 0 } },
	{ "5 to 1", { 5, 1 }, { 0, 0, 0, 1, 0, 0 } },
	{ "1 to 5", { 1, 5 }, { 1, 1, 0, 1, 1, 1 } },
};

KUNIT_ARRAY_PARAM_DESC(order, orders, name);

static void order_is_the_plain_one(struct kunit *test)
{
	const struct order *row = test->param_value;
	u16 *picks = pick_many(test, make_nth(test, row->weights, FEW), ARRAY_SIZE(row->picks));

	KUNIT_EXPECT_MEMEQ(test, picks, row->picks, sizeof(row->picks));
}

static void most_backends(struct kunit *test)
{
	const u32 nr = NF_VIP_BACKENDS_MAX;
	u32 *weights = kunit_kcalloc(test, nr, sizeof(*weights), GFP_KERNEL);
	u32 *counts = kunit_kcalloc(test, nr, sizeof(*counts), GFP_KERNEL);
	struct nf_vip_selection *sel;
	u16 *picks;
	u32 sum, i;

	KUNIT_ASSERT_NOT_NULL(test, weights);
	KUNIT_ASSERT_NOT_NULL(test, counts);
	for (i = 0; i < nr; i++)
		weights[i] = i % 7 + 1;
	sum = sum_of(weights, nr);
	sel = make_nth(test, weights, nr);
	KUNIT_EXPECT_EQ(test, nr, sel->nr_targets);
	KUNIT_ASSERT_EQ(test, sum, sel->nr_slots);

	/* A round is exact, and the rounds are the same: so is every window. */
	picks = pick_many(test, sel, 2 * sum);
	for (i = 0; i < sum; i++)
		counts[picks[i]]++;
	KUNIT_EXPECT_MEMEQ(test, counts, weights, nr * sizeof(*counts));
	KUNIT_EXPECT_MEMEQ(test, picks, picks + sum, sum * sizeof(*picks));
}

static void nothing_to_choose(struct kunit *test)
{
	struct nf_vip_target *targets = make_targets(test, (const u32[]){ 5, 0, 7 }, 3);
	struct nf_vip_selection *sel = make_table(test, targets, 0, NF_VIP_SCHED_NTH);

	KUNIT_EXPECT_EQ(test, 0, sel->nr_slots);
	KUNIT_EXPECT_EQ(test, 0, sel->nr_targets);
	KUNIT_EXPECT_NULL(test, nf_vip_selection_marked(sel, 1));

	/* Not usable, of weight 0, not usable. */
	targets[0].usable = false;
	targets[2].usable = false;
	sel = make_table(test, targets, 3, NF_VIP_SCHED_RANDOM);
	KUNIT_EXPECT_EQ(test, 0, sel->nr_slots);
	KUNIT_EXPECT_EQ(test, 0, sel->nr_targets);
	KUNIT_EXPECT_NULL(test, nf_vip_selection_marked(sel, 1));

	nf_vip_selection_free(NULL);
	nf_vip_selection_retire(NULL);
}

/* The divisor is that of the usable ones: 2 and 4 are 1 and 2 without the 3. */
static void unusable_have_no_part(struct kunit *test)
{
	static const u32 expected[FEW] = { 2, 0, 4 };
	struct nf_vip_target *targets = make_targets(test, (const u32[]){ 2, 3, 4 }, 3);
	struct nf_vip_selection *sel;

	targets[1].usable = false;
	sel = make_table(test, targets, 3, NF_VIP_SCHED_NTH);
	KUNIT_EXPECT_EQ(test, 3, sel->nr_slots);
	KUNIT_EXPECT_EQ(test, 2, sel->nr_targets);
	KUNIT_EXPECT_EQ(test, 0, bad_windows(pick_many(test, sel, 18), 18, 6, expected));
}

static void targets_are_copied(struct kunit *test)
{
	struct nf_vip_target *targets = make_targets(test, (const u32[]){ 0, 3 }, 2);
	const struct nf_vip_target wanted = targets[1];
	struct nf_vip_selection *sel = make_table(test, targets, 2, NF_VIP_SCHED_RANDOM);
	const struct nf_vip_target *target;

	memset(targets, 0xff, 2 * sizeof(*targets));
	target = nf_vip_selection_target(sel, 0);
	KUNIT_EXPECT_EQ(test, NF_VIP_SCHED_RANDOM, sel->policy.scheduler);
	KUNIT_EXPECT_MEMEQ(test, &target->addr, &wanted.addr, sizeof(wanted.addr));
	KUNIT_EXPECT_EQ(test, wanted.port, target->port);
	KUNIT_EXPECT_EQ(test, wanted.mark, target->mark);
	KUNIT_EXPECT_EQ(test, wanted.weight, target->weight);
}

static void slots_go_round(struct kunit *test)
{
	struct nf_vip_selection *sel = make_nth(test, (const u32[]){ 1, 1, 1 }, 3);

	KUNIT_EXPECT_EQ(test, 2, owner(nf_vip_selection_target(sel, 2)));
	KUNIT_EXPECT_EQ(test, 0, owner(nf_vip_selection_target(sel, 3)));
	KUNIT_EXPECT_EQ(test, U32_MAX % 3, owner(nf_vip_selection_target(sel, U32_MAX)));
}

/* One thread that picks along with others. */
struct picker {
	const struct nf_vip_selection *sel;
	struct completion *start;
	struct completion done;
	u32 nr;
	u32 counts[FEW];
};

static int pick_along(void *data)
{
	struct picker *picker = data;
	u32 i;

	wait_for_completion(picker->start);
	for (i = 0; i < picker->nr; i++)
		picker->counts[pick(picker->sel)]++;
	complete(&picker->done);
	return 0;
}

/* Two threads a CPU, so that they also interrupt each other. */
static void start_pickers(struct kunit *test, struct picker *pickers, u32 nr)
{
	struct task_struct *task;
	u32 i, cpu = cpumask_first(cpu_online_mask);

	for (i = 0; i < nr; i++) {
		init_completion(&pickers[i].done);
		task = kthread_create_on_cpu(pick_along, &pickers[i], cpu, "nf_vip_pick/%u");
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
		wake_up_process(task);
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
	}
}

static void exact_on_all_cpus(struct kunit *test)
{
	static const u32 weights[FEW] = { 1, 2, 3, 4, 5 };
	const u32 nr = 2 * num_online_cpus(), rounds = 1000;
	struct nf_vip_selection *sel = make_nth(test, weights, 5);
	struct picker *pickers = kunit_kcalloc(test, nr, sizeof(*pickers), GFP_KERNEL);
	struct completion start;
	u32 i, k, total[FEW] = {};

	KUNIT_ASSERT_NOT_NULL(test, pickers);
	init_completion(&start);
	for (i = 0; i < nr; i++) {
		pickers[i].sel = sel;
		pickers[i].start = &start;
		pickers[i].nr = sel->nr_slots * rounds;
	}
	start_pickers(test, pickers, nr);
	complete_all(&start);
	for (i = 0; i < nr; i++) {
		wait_for_completion(&pickers[i].done);
		for (k = 0; k < FEW; k++)
			total[k] += pickers[i].counts[k];
	}

	for (k = 0; k < FEW; k++)
		KUNIT_EXPECT_EQ_MSG(test, weights[k] * nr * rounds, total[k], "backend %u", k);
	KUNIT_EXPECT_EQ(test, (s64)sel->nr_slots * nr * rounds, atomic64_read(&sel->cursor->next));
}

/*
 * Naive model: the expected value. 20 % off is 8 and more standard deviations
 * for the rarest backend here, so chance alone never fails this test.
 */
static void random_goes_by_weight(struct kunit *test)
{
	static const u32 weights[FEW] = { 1, 2, 0, 7 };
	struct nf_vip_target *targets = make_targets(test, weights, 4);
	struct nf_vip_selection *sel = make_table(test, targets, 4, NF_VIP_SCHED_RANDOM);
	const u32 nr = 20000;
	u32 i, counts[FEW] = {};

	for (i = 0; i < nr; i++)
		counts[pick(sel)]++;
	for (i = 0; i < 4; i++) {
		u32 expected = nr * weights[i] / 10;

		KUNIT_EXPECT_GE_MSG(test, counts[i], expected - expected / 5, "backend %u", i);
		KUNIT_EXPECT_LE_MSG(test, counts[i], expected + expected / 5, "backend %u", i);
	}
	/* The cursor belongs to nth. */
	KUNIT_EXPECT_EQ(test, 0, atomic64_read(&sel->cursor->next));
}

/* 1048 backends of weight 1000, one of 575 and a last one: 2^20 slots, or more. */
#define FULL	1050

static struct nf_vip_target *full_targets(struct kunit *test, u32 last)
{
	u32 *weights = kunit_kcalloc(test, FULL, sizeof(*weights), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, weights);
	for (i = 0; i < FULL - 2; i++)
		weights[i] = 1000;
	weights[i++] = 575;
	weights[i] = last;
	return make_targets(test, weights, FULL);
}

static void slots_have_a_limit(struct kunit *test)
{
	struct nf_vip_target *targets;
	struct nf_vip_selection *sel;
	u32 i;

	sel = make_table(test, full_targets(test, 1), FULL, NF_VIP_SCHED_NTH);
	KUNIT_EXPECT_EQ(test, NF_VIP_SLOTS_MAX, sel->nr_slots);

	targets = full_targets(test, 2);
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-E2BIG),
			    nf_vip_selection_make(targets, FULL, by(NF_VIP_SCHED_NTH)));

	/* Backends that are not usable now must find room when they are. */
	targets = full_targets(test, 2);
	for (i = 1; i < FULL; i++)
		targets[i].usable = false;
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-E2BIG),
			    nf_vip_selection_make(targets, FULL, by(NF_VIP_SCHED_RANDOM)));

	/* Weights that have a divisor need few slots. */
	targets = full_targets(test, 5);
	sel = make_table(test, targets, FULL, NF_VIP_SCHED_NTH);
	KUNIT_EXPECT_EQ(test, (1048 * 1000 + 575 + 5) / 5, sel->nr_slots);
}

/* Backends found by mark, and marks of no backend that may be chosen. */
static void marks_are_found(struct kunit *test)
{
	static const u32 weights[FEW] = { 1, 0, 3, 1, 1 };
	struct nf_vip_target *targets = make_targets(test, weights, 5);
	struct nf_vip_selection *sel;
	u32 mark;

	targets[3].usable = false;
	targets[4].mark = U32_MAX;
	sel = make_table(test, targets, 5, NF_VIP_SCHED_NTH);
	for (mark = 1; mark < 300; mark++) {
		const struct nf_vip_target *target = nf_vip_selection_marked(sel, mark);

		/* Backend 1 has weight 0, backend 3 is not usable. */
		if (mark == 1 || mark == 3)
			KUNIT_EXPECT_TRUE_MSG(test, target && target->mark == mark,
					      "mark %u", mark);
		else
			KUNIT_EXPECT_NULL_MSG(test, target, "mark %u", mark);
	}
	KUNIT_ASSERT_NOT_NULL(test, nf_vip_selection_marked(sel, U32_MAX));
	KUNIT_EXPECT_EQ(test, 4, owner(nf_vip_selection_marked(sel, U32_MAX)));
}

static void every_mark_of_most_backends(struct kunit *test)
{
	const u32 nr = NF_VIP_BACKENDS_MAX;
	u32 *weights = kunit_kcalloc(test, nr, sizeof(*weights), GFP_KERNEL);
	struct nf_vip_selection *sel;
	u32 i, wrong = 0;

	KUNIT_ASSERT_NOT_NULL(test, weights);
	for (i = 0; i < nr; i++)
		weights[i] = 1;
	sel = make_nth(test, weights, nr);
	for (i = 0; i < nr; i++) {
		const struct nf_vip_target *target = nf_vip_selection_marked(sel, i + 1);

		wrong += !target || owner(target) != i;
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
	for (i = nr + 1; i < 2 * nr; i++)
		wrong += !!nf_vip_selection_marked(sel, i);
	KUNIT_EXPECT_EQ(test, 0, wrong);
}

/* The next number after @mark that falls into the last bucket of a table. */
static u32 next_in_last_bucket(u32 mark, u8 bits)
{
	do {
		mark++;
	} while (hash_32(mark, bits) != BIT(bits) - 1);
	return mark;
}

/* All marks in one bucket, the last: the chain goes on at the table's start. */
static void chain_of_marks_goes_round(struct kunit *test)
{
	const u32 nr = 64;
	u32 *weights = kunit_kcalloc(test, nr, sizeof(*weights), GFP_KERNEL);
	/* As many bits as the table will have, see the assertion. */
	const u8 bits = 8;
	struct nf_vip_target *targets;
	struct nf_vip_selection *sel;
	u32 i, mark;

	KUNIT_ASSERT_NOT_NULL(test, weights);
	for (i = 0; i < nr; i++)
		weights[i] = 1;
	targets = make_targets(test, weights, nr);
	for (i = 0, mark = 0; i < nr; i++) {
		mark = next_in_last_bucket(mark, bits);
		targets[i].mark = mark;
	}
	sel = make_table(test, targets, nr, NF_VIP_SCHED_NTH);
	KUNIT_ASSERT_EQ(test, bits, sel->mark_bits);

	for (i = 0; i < nr; i++) {
		const struct nf_vip_target *target;

		target = nf_vip_selection_marked(sel, targets[i].mark);
		KUNIT_ASSERT_NOT_NULL(test, target);
		KUNIT_EXPECT_EQ(test, i, owner(target));
	}
	/* Walks the whole chain, and ends. */
	KUNIT_EXPECT_NULL(test, nf_vip_selection_marked(sel, next_in_last_bucket(mark, bits)));
}

static struct kunit_case select_cases[] = {
	KUNIT_CASE_PARAM(every_window_is_exact, shares_gen_params),
	KUNIT_CASE_PARAM(picks_are_spread, shares_gen_params),
	KUNIT_CASE_PARAM(order_is_the_plain_one, order_gen_params),
	KUNIT_CASE(most_backends),
	KUNIT_CASE(nothing_to_choose),
	KUNIT_CASE(unusable_have_no_part),
	KUNIT_CASE(targets_are_copied),
	KUNIT_CASE(slots_go_round),
	KUNIT_CASE(exact_on_all_cpus),
	KUNIT_CASE(random_goes_by_weight),
	KUNIT_CASE(slots_have_a_limit),
	KUNIT_CASE(marks_are_found),
	KUNIT_CASE(every_mark_of_most_backends),
	KUNIT_CASE(chain_of_marks_goes_round),
	{}
};

static struct kunit_suite select_suite = {
	.name = "nf_vip_select",
	.test_cases = select_cases,
};

kunit_test_suite(select_suite);
