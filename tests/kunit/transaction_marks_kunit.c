// SPDX-License-Identifier: GPL-2.0
/*
 * Marks of backends, as texts give them and the module assigns them. All marks
 * here are written as indices, because mark_mask may be any: $1 is the mask's
 * lowest value.
 */
#include <linux/bitops.h>
#include <linux/seq_buf.h>
#include "fixture.h"
#include "objects/mark.h"

#define TEXT_MAX	1024

static u32 value(u32 index)
{
	return nf_vip_mark_deposit(index, nf_vip_mark_mask);
}

/* The text with $N replaced by the N-th value of mark_mask. */
static const char *text_of(struct kunit *test, const char *text)
{
	char *room = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	struct seq_buf out;

	KUNIT_ASSERT_NOT_NULL(test, room);
	seq_buf_init(&out, room, TEXT_MAX);
	for (; *text; text++) {
		unsigned int index, digits;

		if (sscanf(text, "$%u%n", &index, &digits) != 1) {
			seq_buf_putc(&out, *text);
			continue;
		}
		seq_buf_printf(&out, "%#x", value(index));
		text += digits - 1;
	}
	KUNIT_ASSERT_FALSE(test, seq_buf_has_overflowed(&out));
	return seq_buf_str(&out);
}

static void set(struct kunit *test, const char *text)
{
	nf_vip_test_set(test, text_of(test, text));
}

static void refused(struct kunit *test, const char *text, int err, const char *sentence)
{
	nf_vip_test_refused(test, text_of(test, text), err, text_of(test, sentence));
}

/* Index of the mark that a backend has. */
static u32 mark_of(struct kunit *test, const char *backend)
{
	return nf_vip_mark_extract(nf_vip_test_backend(test, backend)->spec.mark,
				   nf_vip_mark_mask);
}

static void assigned_in_order(struct kunit *test)
{
	set(test, MAIL "service web tcp 10.0.0.1:80; backend web/w 192.168.0.3");
	KUNIT_EXPECT_EQ(test, 1, mark_of(test, "mail/m1"));
	KUNIT_EXPECT_EQ(test, 2, mark_of(test, "mail/m2"));
	KUNIT_EXPECT_EQ(test, 3, mark_of(test, "web/w"));
}

/* What is restated without a mark keeps the one it has, given or assigned. */
static void kept_over_restatement(struct kunit *test)
{
	static const char * const texts[] = {
		MAIL,
		"backend mail/m2 192.168.0.9 weight 4; backend mail/m1 192.168.0.1",
		"replace\n" MAIL,
		"replace; service new tcp 10.0.0.2:1; backend new/n 192.168.0.3\n" MAIL,
		"service mail udp 10.0.0.7:25",
		"delete service mail\n" MAIL,
		"delete backend mail/m1; backend mail/m1 192.168.0.1",
	};
	unsigned int i;

	set(test, MAIL);
	set(test, "backend mail/m2 192.168.0.2 mark $9");
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		set(test, texts[i]);
		KUNIT_EXPECT_EQ_MSG(test, 1, mark_of(test, "mail/m1"), "%s", texts[i]);
		KUNIT_EXPECT_EQ_MSG(test, 9, mark_of(test, "mail/m2"), "%s", texts[i]);
	}
}

static void given(struct kunit *test)
{
	set(test,
	    "service mail tcp 10.0.0.1:25\n"
	    "backend mail/m1 192.168.0.1; backend mail/m2 192.168.0.2 mark $1\n"
	    "backend mail/m3 192.168.0.3 mark $15; backend mail/m4 192.168.0.4\n");
	KUNIT_EXPECT_EQ(test, 2, mark_of(test, "mail/m1"));
	KUNIT_EXPECT_EQ(test, 1, mark_of(test, "mail/m2"));
	KUNIT_EXPECT_EQ(test, 15, mark_of(test, "mail/m3"));
	KUNIT_EXPECT_EQ(test, 3, mark_of(test, "mail/m4"));

	/* The same once more, and two that change places. */
	set(test, "backend mail/m3 192.168.0.3 mark $15");
	KUNIT_EXPECT_EQ(test, 15, mark_of(test, "mail/m3"));
	set(test, "backend mail/m2 192.168.0.2 mark $2; backend mail/m1 192.168.0.1 mark $1");
	KUNIT_EXPECT_EQ(test, 1, mark_of(test, "mail/m1"));
	KUNIT_EXPECT_EQ(test, 2, mark_of(test, "mail/m2"));
}

/*
 * A mark that was assigned gives way to a given one, if the text states its
 * backend and so says that any mark will do; wherever in the text that is.
 */
static void assigned_gives_way_if_stated(struct kunit *test)
{
	static const char * const texts[] = {
		"backend mail/m1 192.168.0.1; backend mail/m3 192.168.0.3 mark $1",
		"backend mail/m3 192.168.0.3 mark $1; backend mail/m1 192.168.0.1",
		"replace; service mail tcp 10.0.0.1:25; backend mail/m1 192.168.0.1\n"
		"backend mail/m2 192.168.0.2; backend mail/m3 192.168.0.3 mark $1",
		"service web tcp 10.0.0.1:80; backend web/w 192.168.0.3 mark $1\n"
		"backend mail/m3 192.168.0.3; backend mail/m1 192.168.0.1",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		nf_vip_test_net()->next_mark = 0;
		set(test, MAIL);
		set(test, texts[i]);
		KUNIT_EXPECT_LT_MSG(test, 2, mark_of(test, "mail/m1"), "%s", texts[i]);
		KUNIT_EXPECT_EQ_MSG(test, 2, mark_of(test, "mail/m2"), "%s", texts[i]);
		KUNIT_EXPECT_EQ_MSG(test, 1, mark_of(test, i < 3 ? "mail/m3" : "web/w"), "%s",
				    texts[i]);
		set(test, "flush");
	}
}

/* Marks of backends that the text does not state are not touched. */
static void assigned_stays_if_not_stated(struct kunit *test)
{
	set(test, MAIL "service web tcp 10.0.0.1:80; backend web/w 192.168.0.3\n");
	refused(test, "\nbackend mail/m3 192.168.0.3 mark $1", -EEXIST,
		"line 2: mark \"$1\": another backend has it");
	refused(test, "service mail tcp 10.0.0.1:26; backend mail/m3 192.168.0.3 mark $1", -EEXIST,
		"line 1: mark \"$1\": another backend has it");
	refused(test, "backend web/v 192.168.0.3 mark $1", -EEXIST,
		"line 1: mark \"$1\": another backend has it");
	refused(test, "service new tcp 10.0.0.1:1\nbackend new/n 192.168.0.3 mark $3", -EEXIST,
		"line 2: mark \"$3\": another backend has it");
	refused(test,
		"service new tcp 10.0.0.1:1\nbackend new/n 192.168.0.3 mark $3\n"
		"backend web/v 192.168.0.4", -EEXIST,
		"line 2: mark \"$3\": another backend has it");
}

static void given_twice(struct kunit *test)
{
	refused(test,
		MAIL "backend mail/m3 192.168.0.3 mark $4\nbackend mail/m4 192.168.0.4 mark $4",
		-EEXIST, "line 4: mark \"$4\": another backend has it");

	/* Nor does a given one give way to another given one. */
	set(test, MAIL);
	refused(test,
		"backend mail/m1 192.168.0.1 mark $1; backend mail/m2 192.168.0.2 mark $1",
		-EEXIST, "line 1: mark \"$1\": another backend has it");
}

/* A backend that goes leaves its mark to who asks for it in the same text. */
static void free_at_once_for_who_asks(struct kunit *test)
{
	set(test, MAIL);
	set(test, "delete backend mail/m1; backend mail/m3 192.168.0.3 mark $1");
	KUNIT_EXPECT_EQ(test, 1, mark_of(test, "mail/m3"));

	set(test, "delete service mail; service b tcp 10.0.0.2:1; backend b/b 192.168.0.1 mark $2");
	KUNIT_EXPECT_EQ(test, 2, mark_of(test, "b/b"));

	set(test, "replace; service c tcp 10.0.0.2:1; backend c/c 192.168.0.1 mark $2");
	KUNIT_EXPECT_EQ(test, 2, mark_of(test, "c/c"));
}

/* Connections may still carry it: others get it only when all have had a turn. */
static void free_late_for_others(struct kunit *test)
{
	set(test, MAIL);
	set(test, "delete backend mail/m1; backend mail/m3 192.168.0.3");
	KUNIT_EXPECT_EQ(test, 3, mark_of(test, "mail/m3"));
	set(test, "delete backend mail/m3");
	set(test, "backend mail/m3 192.168.0.3");
	KUNIT_EXPECT_EQ(test, 4, mark_of(test, "mail/m3"));
}

static void outside_the_mask(struct kunit *test)
{
	char text[80], sentence[NF_VIP_ERROR_MAX];
	u32 outside, i;

	if (!~nf_vip_mark_mask)
		kunit_skip(test, "mark_mask is all bits");
	outside = BIT(ffz(nf_vip_mark_mask));
	set(test, MAIL);

	/* Alone, and beside a bit that is within. */
	for (i = 0; i < 2; i++) {
		u32 mark = outside | (i ? value(1) : 0);

		snprintf(text, sizeof(text), "backend mail/m1 192.168.0.1 mark %u", mark);
		snprintf(sentence, sizeof(sentence),
			 "line 1: mark \"%#x\": expected a value within mark_mask %#x", mark,
			 nf_vip_mark_mask);
		nf_vip_test_refused(test, text, -ERANGE, sentence);
	}
}

/* With "mark_mask=" of few bits only: a service x whose backends have all marks. */
static u32 use_up(struct kunit *test)
{
	u32 last = nf_vip_mark_extract(nf_vip_mark_mask, nf_vip_mark_mask), i;
	char text[80];

	if (last > 63)
		kunit_skip(test, "mark_mask has too many values");
	nf_vip_test_set(test, "service x tcp 10.0.0.3:3");
	for (i = 1; i <= last; i++) {
		snprintf(text, sizeof(text), "backend x/b%u 192.168.0.1", i);
		nf_vip_test_set(test, text);
	}
	return last;
}

static void none_is_left(struct kunit *test)
{
	u32 last = use_up(test), i;
	char text[80], sentence[NF_VIP_ERROR_MAX];

	for (i = 1; i <= last; i++) {
		snprintf(text, sizeof(text), "x/b%u", i);
		KUNIT_EXPECT_EQ(test, i, mark_of(test, text));
	}
	snprintf(sentence, sizeof(sentence),
		 "line 2: backend \"x/more\": no mark is left in mark_mask %#x", nf_vip_mark_mask);
	nf_vip_test_refused(test, "\nbackend x/more 192.168.0.1", -ENOSPC, sentence);
}

static void one_is_left(struct kunit *test)
{
	u32 last = use_up(test);

	/* The only one that is free, wherever the search stands. */
	set(test, "delete backend x/b4; backend x/more 192.168.0.1");
	KUNIT_EXPECT_EQ(test, 4, mark_of(test, "x/more"));
	set(test, "delete backend x/more");
	set(test, "backend x/more 192.168.0.1");
	KUNIT_EXPECT_EQ(test, 4, mark_of(test, "x/more"));

	/* A backend that has to give way finds nothing. */
	KUNIT_EXPECT_EQ(test, -ENOSPC,
			nf_vip_test_apply(test, text_of(test,
							"backend x/b1 192.168.0.1\n"
							"backend x/b4 192.168.0.1 mark $1")));
	KUNIT_EXPECT_EQ(test, last, nf_vip_test_service(test, "x")->nr_backends);
}

static struct kunit_case marks_cases[] = {
	KUNIT_CASE(assigned_in_order),
	KUNIT_CASE(kept_over_restatement),
	KUNIT_CASE(given),
	KUNIT_CASE(assigned_gives_way_if_stated),
	KUNIT_CASE(assigned_stays_if_not_stated),
	KUNIT_CASE(given_twice),
	KUNIT_CASE(free_at_once_for_who_asks),
	KUNIT_CASE(free_late_for_others),
	KUNIT_CASE(outside_the_mask),
	KUNIT_CASE(none_is_left),
	KUNIT_CASE(one_is_left),
	{}
};

static struct kunit_suite marks_suite = {
	.name = "nf_vip_transaction_marks",
	.init = nf_vip_test_init,
	.exit = nf_vip_test_exit,
	.test_cases = marks_cases,
};

kunit_test_suite(marks_suite);
