// SPDX-License-Identifier: GPL-2.0
/*
 * Mark values: spreading over a mask, and the set of those in use.
 */
#include <linux/bitops.h>
#include "objects/mark.h"
#include "objects/service.h"
#include "suite.h"

static const struct spread {
	const char *name;
	u32 index;
	u32 mask;
	u32 mark;
} spread_rows[] = {
	{ "the default mask", 0x1234, 0xffff, 0x1234 },
	{ "all bits", 0xdeadbeef, 0xffffffff, 0xdeadbeef },
	{ "second byte", 0x5, 0xff00, 0x500 },
	{ "last value of the second byte", 0xff, 0xff00, 0xff00 },
	{ "one bit", 1, 0x10, 0x10 },
	{ "both ends, low bit", 1, 0x80000001, 0x1 },
	{ "both ends, high bit", 2, 0x80000001, 0x80000000 },
	{ "both ends, all", 3, 0x80000001, 0x80000001 },
	{ "every other nibble", 0xabc, 0x0f0f0f00, 0x0a0b0c00 },
	{ "every other bit", 0xff, 0xaaaa, 0xaaaa },
	{ "0 is 0", 0, 0x0ff0, 0 },
};

KUNIT_ARRAY_PARAM_DESC(spread, spread_rows, name);

static void spread_over_mask(struct kunit *test)
{
	const struct spread *row = test->param_value;

	KUNIT_EXPECT_EQ(test, row->mark, nf_vip_mark_deposit(row->index, row->mask));
	KUNIT_EXPECT_EQ(test, row->index, nf_vip_mark_extract(row->mark, row->mask));
}

/* Naive model: the n-th number that has no bit outside the mask. */
static void values_of_a_mask_in_order(struct kunit *test)
{
	const u32 mask = 0x1a54;
	u32 index = 0, mark;

	for (mark = 0; mark <= mask; mark++) {
		if (mark & ~mask)
			continue;
		KUNIT_EXPECT_EQ(test, mark, nf_vip_mark_deposit(index, mask));
		KUNIT_EXPECT_EQ(test, index, nf_vip_mark_extract(mark, mask));
		index++;
	}
	KUNIT_EXPECT_EQ(test, 1 << hweight32(mask), index);
}

static void bits_that_do_not_fit_are_lost(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0x300, nf_vip_mark_deposit(0x7, 0x300));
	KUNIT_EXPECT_EQ(test, 0x1, nf_vip_mark_extract(0xfffff1ff, 0x300));
}

KUNIT_DEFINE_ACTION_WRAPPER(free_set, nf_vip_marks_free, struct nf_vip_marks *);

/* Whose a mark is does not matter here, but for one test. */
static struct nf_vip_backend somebody;

static int claim(struct nf_vip_marks *marks, u32 mark)
{
	return nf_vip_marks_claim(marks, mark, &somebody);
}

static struct nf_vip_marks *make_set(struct kunit *test, u32 mask, u32 next)
{
	struct nf_vip_marks *marks = nf_vip_marks_alloc(mask, next);

	KUNIT_ASSERT_NOT_NULL(test, marks);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_set, marks));
	return marks;
}

/* The next mark, or 0 if none can be had. */
static u32 assigned(struct nf_vip_marks *marks)
{
	u32 mark = 0;

	return nf_vip_marks_assign(marks, &mark, &somebody) ? 0 : mark;
}

static void finds(struct kunit *test)
{
	struct nf_vip_marks *marks = make_set(test, 0xff00, 0);
	static struct nf_vip_backend other;
	u32 mark;

	KUNIT_EXPECT_EQ(test, 0, claim(marks, 0x0700));
	KUNIT_EXPECT_EQ(test, 0, nf_vip_marks_assign(marks, &mark, &other));
	rcu_read_lock();
	KUNIT_EXPECT_PTR_EQ(test, &somebody, nf_vip_marks_find(marks, 0x0700));
	KUNIT_EXPECT_PTR_EQ(test, &other, nf_vip_marks_find(marks, mark));
	KUNIT_EXPECT_NULL(test, nf_vip_marks_find(marks, 0xff00));
	rcu_read_unlock();
}

static void claims(struct kunit *test)
{
	struct nf_vip_marks *marks = make_set(test, 0x0f0f, 0);

	KUNIT_EXPECT_EQ(test, 0, claim(marks, 0x0101));
	KUNIT_EXPECT_EQ(test, 0, claim(marks, 0x0f0f));
	KUNIT_EXPECT_EQ(test, -EEXIST, claim(marks, 0x0101));

	/* 0 is what an unmarked connection has; the others leave the mask. */
	KUNIT_EXPECT_EQ(test, -ERANGE, claim(marks, 0));
	KUNIT_EXPECT_EQ(test, -ERANGE, claim(marks, 0x10));
	KUNIT_EXPECT_EQ(test, -ERANGE, claim(marks, 0x0111));
	KUNIT_EXPECT_EQ(test, -ERANGE, claim(marks, 0x10000));
}

static void assigns_the_lowest_first(struct kunit *test)
{
	struct nf_vip_marks *marks = make_set(test, 0x8001, 0);

	KUNIT_EXPECT_EQ(test, 0x1, assigned(marks));
	KUNIT_EXPECT_EQ(test, 0x8000, assigned(marks));
	KUNIT_EXPECT_EQ(test, 0x8001, assigned(marks));
}

static void assigns_around_claims(struct kunit *test)
{
	struct nf_vip_marks *marks = make_set(test, 0x7, 0);

	KUNIT_EXPECT_EQ(test, 0, claim(marks, 1));
	KUNIT_EXPECT_EQ(test, 0, claim(marks, 3));
	KUNIT_EXPECT_EQ(test, 2, assigned(marks));
	KUNIT_EXPECT_EQ(test, 4, assigned(marks));
	KUNIT_EXPECT_EQ(test, -EEXIST, claim(marks, 4));
}

/* The mark that is left alone is the one that the caller passed. */
static void assigns_until_none_is_left(struct kunit *test)
{
	static const u32 masks[] = { 0x1, 0x80000000, 0x3, 0x50, 0x1a54 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(masks); i++) {
		struct nf_vip_marks *marks = make_set(test, masks[i], 0);
		u32 index, mark = 0, last = (1 << hweight32(masks[i])) - 1;

		for (index = 1; index <= last; index++)
			KUNIT_EXPECT_EQ(test, nf_vip_mark_deposit(index, masks[i]),
					assigned(marks));
		KUNIT_EXPECT_EQ(test, -ENOSPC, nf_vip_marks_assign(marks, &mark, &somebody));
		KUNIT_EXPECT_EQ(test, -ENOSPC, nf_vip_marks_assign(marks, &mark, &somebody));
		KUNIT_EXPECT_EQ(test, 0, mark);
	}
}

/* Transactions hand @next on: a value that fell free is the last to come again. */
static void goes_on_where_the_last_set_ended(struct kunit *test)
{
	struct nf_vip_marks *marks = make_set(test, 0x7, 0);
	u32 next;

	KUNIT_EXPECT_EQ(test, 1, assigned(marks));
	KUNIT_EXPECT_EQ(test, 2, assigned(marks));

	/* 2 is free again, but comes after 7. */
	marks = make_set(test, 0x7, marks->next);
	KUNIT_EXPECT_EQ(test, 0, claim(marks, 1));
	for (next = 3; next <= 7; next++)
		KUNIT_EXPECT_EQ(test, next, assigned(marks));
	KUNIT_EXPECT_EQ(test, 2, assigned(marks));

	/* And so on from the place that it came round to. */
	marks = make_set(test, 0x7, marks->next);
	KUNIT_EXPECT_EQ(test, 3, assigned(marks));
}

/* The position may be one past the last value, and with 32 bits it is 0 then. */
static void position_past_the_end(struct kunit *test)
{
	struct nf_vip_marks *marks = make_set(test, 0x3, 4);

	KUNIT_EXPECT_EQ(test, 1, assigned(marks));
	KUNIT_EXPECT_EQ(test, 2, assigned(marks));

	marks = make_set(test, U32_MAX, U32_MAX);
	KUNIT_EXPECT_EQ(test, U32_MAX, assigned(marks));
	KUNIT_EXPECT_EQ(test, 0, marks->next);
	KUNIT_EXPECT_EQ(test, 1, assigned(marks));
	KUNIT_EXPECT_EQ(test, -EEXIST, claim(marks, U32_MAX));
}

static struct kunit_case mark_cases[] = {
	KUNIT_CASE_PARAM(spread_over_mask, spread_gen_params),
	KUNIT_CASE(values_of_a_mask_in_order),
	KUNIT_CASE(bits_that_do_not_fit_are_lost),
	KUNIT_CASE(finds),
	KUNIT_CASE(claims),
	KUNIT_CASE(assigns_the_lowest_first),
	KUNIT_CASE(assigns_around_claims),
	KUNIT_CASE(assigns_until_none_is_left),
	KUNIT_CASE(goes_on_where_the_last_set_ended),
	KUNIT_CASE(position_past_the_end),
	{}
};

static struct kunit_suite mark_suite = {
	.name = "nf_vip_mark",
	.test_cases = mark_cases,
};

kunit_test_suite(mark_suite);
