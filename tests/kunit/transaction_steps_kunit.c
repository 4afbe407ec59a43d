// SPDX-License-Identifier: GPL-2.0
/*
 * How long a change keeps the lock: each statement and each object takes so many
 * steps and no more, whatever the text is like, and nobody's change is quadratic.
 * map_kunit.c has what one step takes.
 */
#include <linux/bitops.h>
#include <linux/seq_buf.h>
#include "config/transaction.h"
#include "fixture.h"
#include "objects/mark.h"

/*
 * A service: its statement, its family, object, selection and entry; four passes
 * for marks; and as one that is there, marks and overlaps, which its draft has, too.
 */
#define STEPS_EACH	12

#define TEXT_MAX	SZ_1M

static void make(struct seq_buf *text, unsigned int nr, unsigned int backends, const char *service,
		 const char *backend)
{
	unsigned int i, j;

	for (i = 0; i < nr; i++) {
		seq_buf_printf(text, service, i, i + 1);
		for (j = 0; j < backends; j++)
			seq_buf_printf(text, backend, i, j);
	}
}

/* What a text took, which states so many objects. */
static unsigned int took(struct kunit *test, struct seq_buf *text, unsigned int objects)
{
	KUNIT_ASSERT_FALSE(test, seq_buf_has_overflowed(text));
	nf_vip_test_set(test, seq_buf_str(text));
	KUNIT_EXPECT_LE(test, nf_vip_test_net()->steps, STEPS_EACH * objects);
	return nf_vip_test_net()->steps;
}

/* For so many backends. */
static struct seq_buf begin(struct kunit *test, unsigned int nr)
{
	char *room = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	struct seq_buf text;

	if (hweight32(nf_vip_mark_mask) < 16 && nr >> hweight32(nf_vip_mark_mask))
		kunit_skip(test, "mark_mask has too few values");

	KUNIT_ASSERT_NOT_NULL(test, room);
	seq_buf_init(&text, room, TEXT_MAX);
	return text;
}

/* Objects that are new, that are stated again, that stay beside one that is new, that go. */
static void expect_linear(struct kunit *test, unsigned int backends, const char *service,
			  const char *backend)
{
	static const unsigned int sizes[] = { 50, 100 };
	struct seq_buf text = begin(test, sizes[1] * backends);
	unsigned int i, nr, steps[ARRAY_SIZE(sizes)][4];

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		nr = sizes[i] * (1 + backends);
		seq_buf_clear(&text);
		make(&text, sizes[i], backends, service, backend);
		steps[i][0] = took(test, &text, nr);
		steps[i][1] = took(test, &text, nr);

		seq_buf_clear(&text);
		seq_buf_puts(&text, "service other udp 10.0.0.1:1");
		steps[i][2] = took(test, &text, nr + 1);

		seq_buf_clear(&text);
		seq_buf_puts(&text, "flush");
		steps[i][3] = took(test, &text, nr + 1);
	}
	for (i = 0; i < ARRAY_SIZE(steps[0]); i++)
		KUNIT_EXPECT_LE(test, steps[1][i], 2 * steps[0][i] + STEPS_EACH);
}

static void services(struct kunit *test)
{
	expect_linear(test, 0, "service s%u tcp 10.0.0.1:%u\n", "");
}

/* The same keys of the map, all of them. */
static void services_of_one_vip(struct kunit *test)
{
	expect_linear(test, 0, "service s%u tcp 10.0.0.1:1-65534 dev d%u\n", "");
}

static void backends(struct kunit *test)
{
	expect_linear(test, 20, "service s%u tcp 10.0.0.1:%u\n", "backend s%u/b%u 192.168.0.1\n");
}

static void backends_with_flags(struct kunit *test)
{
	expect_linear(test, 4, "service s%u tcp 10.0.0.1:%u persist 60 eject 3 60 60\n",
		      "backend s%u/b%u 192.168.0.1 condition c\n");
}

/* Each asks for the mark that another one was given before. */
static void marks_that_move(struct kunit *test)
{
	struct seq_buf text = begin(test, 200);
	unsigned int i;

	make(&text, 1, 200, "service s%u tcp 10.0.0.1:%u\n", "backend s%u/b%u 192.168.0.1\n");
	took(test, &text, 201);
	seq_buf_clear(&text);
	for (i = 0; i < 100; i++)
		seq_buf_printf(&text, "backend s0/b%u 192.168.0.1 mark %#x\n"
			       "backend s0/b%u 192.168.0.1\n", i,
			       nf_vip_test_backend(test, "s0/b100")->spec.mark + i, i + 100);
	took(test, &text, 201);
}

static struct kunit_case transaction_steps_cases[] = {
	KUNIT_CASE(services),
	KUNIT_CASE(services_of_one_vip),
	KUNIT_CASE(backends),
	KUNIT_CASE(backends_with_flags),
	KUNIT_CASE(marks_that_move),
	{}
};

static struct kunit_suite transaction_steps_suite = {
	.name = "nf_vip_transaction_steps",
	.init = nf_vip_test_init,
	.exit = nf_vip_test_exit,
	.test_cases = transaction_steps_cases,
};

kunit_test_suite(transaction_steps_suite);
