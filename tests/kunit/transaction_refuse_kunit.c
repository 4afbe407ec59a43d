// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions that are refused: which errno, which sentence, and that nothing
 * of the state has changed.
 */
#include <linux/bitops.h>
#include <linux/slab.h>
#include "fixture.h"
#include "objects/mark.h"

/* There are: mail with m1 and m2, six with a and a backend's flag, a fast path. */
#define SETUP	MAIL							\
	"service six tcp [2001:db8::1]:25 dev eth1\n"			\
	"backend six/a 2001:db8::a condition flag\n"			\
	"fastpath eth1 eth2\n"

#define GOOD	"service good tcp 10.9.9.9:9; backend good/a 192.168.9.9 condition new\n"
#define LONG	"abcdefghijklmnopqrstuvwxyz123456"
#define VERBS	"expected service, backend, fastpath, set, delete, flush, confirm, revert or "	\
		"replace"
#define TAKEN(vip)	"another service has " vip " and the same dev"

static const struct refusal {
	const char *name;
	const char *text;
	int err;
	const char *sentence;
} refusals[] = {
	{ "a word that is unknown, after much that is good",
	  GOOD "delete service six; backend mail/m1 192.168.0.9\nservce x",
	  -EINVAL,
	  "line 3: unknown word \"servce\": " VERBS },
	{ "the same after replace", "replace\n" GOOD "servce x", -EINVAL,
	  "line 3: unknown word \"servce\": " VERBS },
	{ "replace that is not first", GOOD "replace", -EINVAL,
	  "line 2: \"replace\": only allowed as the first statement" },
	{ "a number out of range", GOOD "backend mail/m1 192.168.0.1 weight 1001", -ERANGE,
	  "line 2: weight \"1001\": expected 0 to 1000" },
	{ "a long name", GOOD "service " LONG " tcp 10.0.0.3:1", -ENAMETOOLONG,
	  "line 2: service \"" LONG "\": a name has at most 31 characters" },

	{ "a backend of no service", GOOD "backend nomail/m1 192.168.0.1", -ENOENT,
	  "line 2: service \"nomail\": expected one that exists" },
	{ "a backend before its service", "backend web/w 192.168.0.1; service web tcp 10.0.0.1:80",
	  -ENOENT, "line 1: service \"web\": expected one that exists" },
	{ "a backend of a service that replace took away", "replace\nbackend mail/m1 192.168.0.1",
	  -ENOENT, "line 2: service \"mail\": expected one that exists" },
	{ "a backend of a service that was deleted",
	  "delete service mail\nbackend mail/m1 192.168.0.1", -ENOENT,
	  "line 2: service \"mail\": expected one that exists" },
	{ "no service to delete", GOOD "\ndelete service nomail", -ENOENT,
	  "line 3: service \"nomail\": expected one that exists" },
	{ "a service deleted twice", "delete service mail\ndelete service mail", -ENOENT,
	  "line 2: service \"mail\": expected one that exists" },
	{ "no service to delete after replace", "replace\ndelete service mail", -ENOENT,
	  "line 2: service \"mail\": expected one that exists" },
	{ "no backend to delete", GOOD "delete backend mail/m3", -ENOENT,
	  "line 2: backend \"mail/m3\": expected one that exists" },
	{ "a backend deleted twice", "delete backend mail/m1\ndelete backend mail/m1", -ENOENT,
	  "line 2: backend \"mail/m1\": expected one that exists" },
	{ "a backend of no service to delete", "delete backend nomail/m1", -ENOENT,
	  "line 1: service \"nomail\": expected one that exists" },

	{ "a service stated twice", GOOD "service mail tcp 10.0.0.1:25\n"
	  "service mail tcp 10.0.0.1:25", -EEXIST,
	  "line 3: service \"mail\": stated on line 2 already" },
	{ "a backend stated twice", "backend mail/m1 192.168.0.1\n\nbackend mail/m1 192.168.0.1",
	  -EEXIST, "line 3: backend \"mail/m1\": stated on line 1 already" },

	{ "a fast path stated twice", "fastpath a\n" GOOD "fastpath b", -EEXIST,
	  "line 3: fastpath: stated on line 1 already" },
	{ "no fast path to delete", "delete fastpath\n" GOOD "delete fastpath", -ENOENT,
	  "line 3: fastpath: expected one that exists" },
	{ "no fast path after replace", "replace\ndelete fastpath", -ENOENT,
	  "line 2: fastpath: expected one that exists" },
	{ "a fast path, and a word that is unknown", "fastpath a\nservce x", -EINVAL,
	  "line 2: unknown word \"servce\": " VERBS },
	{ "no fast path, and a VIP that is taken", "delete fastpath\n" GOOD
	  "service web tcp 10.0.0.1:25", -EEXIST,
	  "line 3: service \"web\": " TAKEN("10.0.0.1:25") },

	{ "a VIP that is taken", GOOD "service web tcp 10.0.0.1:25", -EEXIST,
	  "line 2: service \"web\": " TAKEN("10.0.0.1:25") },
	{ "a VIP with a dev that is taken", "service web tcp [2001:db8::1]:25 dev eth1", -EEXIST,
	  "line 1: service \"web\": " TAKEN("[2001:db8::1]:25") },
	{ "a VIP twice in one text", "service a udp 10.0.0.5:5\nservice b udp 10.0.0.5:5", -EEXIST,
	  "line 2: service \"b\": " TAKEN("10.0.0.5:5") },
	{ "a VIP twice after replace", "replace\nservice a udp 10.0.0.5:5\n"
	  "service b udp 10.0.0.5:5", -EEXIST, "line 3: service \"b\": " TAKEN("10.0.0.5:5") },
	{ "a VIP that another service would have to move to", "service mail tcp 10.0.0.2:25\n"
	  "service six tcp 10.0.0.2:25; delete backend six/a", -EEXIST,
	  "line 2: service \"six\": " TAKEN("10.0.0.2:25") },
	{ "a VIP of a service that only a backend touches", "service web tcp 10.0.0.1:25\n"
	  "backend mail/m1 192.168.0.9", -EEXIST,
	  "line 1: service \"web\": " TAKEN("10.0.0.1:25") },
	{ "a VIP of a service that a backend touched before", "backend mail/m1 192.168.0.9\n"
	  "service web tcp 10.0.0.1:25", -EEXIST,
	  "line 2: service \"web\": " TAKEN("10.0.0.1:25") },

	{ "a range that begins in another", "service r tcp 10.0.7.1:80-90\n"
	  "service web tcp 10.0.7.1:1,90-95", -EEXIST,
	  "line 2: service \"web\": " TAKEN("ports of 10.0.7.1:90-95") },
	{ "a range that another begins in", "service r tcp 10.0.7.1:80-90\n"
	  "service web tcp 10.0.7.1:1,70-81", -EEXIST,
	  "line 2: service \"web\": " TAKEN("ports of 10.0.7.1:70-81") },
	{ "a range around another", "service r tcp 10.0.7.1:80-90\n"
	  "service web tcp 10.0.7.1:2-65535", -EEXIST,
	  "line 2: service \"web\": " TAKEN("ports of 10.0.7.1:2-65535") },
	{ "all ports twice", "service r tcp 10.0.7.1:*\nservice web tcp 10.0.7.1:1-65535",
	  -EEXIST, "line 2: service \"web\": " TAKEN("10.0.7.1:*") },
	{ "a mark twice", "service r fwmark 7\nservice web fwmark 0x7", -EEXIST,
	  "line 2: service \"web\": " TAKEN("fwmark 0x7") },

	{ "a backend of another family", GOOD "backend mail/m3 2001:db8::1", -EAFNOSUPPORT,
	  "line 2: backend \"mail/m3\": expected an IPv4 address, as the VIP is" },
	{ "the other way round", "backend six/b 192.168.0.1", -EAFNOSUPPORT,
	  "line 1: backend \"six/b\": expected an IPv6 address, as the VIP is" },
	{ "a service of another family than backends that stay",
	  GOOD "service mail tcp [2001:db8::2]:25", -EAFNOSUPPORT,
	  "line 2: backend \"mail/m1\": expected an IPv6 address, as the VIP is" },
	{ "a service of another family with only one backend restated",
	  "service mail tcp [2001:db8::2]:25\nbackend mail/m2 2001:db8::a", -EAFNOSUPPORT,
	  "line 1: backend \"mail/m1\": expected an IPv6 address, as the VIP is" },
};

KUNIT_ARRAY_PARAM_DESC(refusal, refusals, name);

static void nothing_changes(struct kunit *test)
{
	const struct refusal *row = test->param_value;

	nf_vip_test_set(test, SETUP);
	nf_vip_test_refused(test, row->text, row->err, row->sentence);
	KUNIT_EXPECT_STREQ(test, "mail(m1 m2) six(a)", nf_vip_test_order(test));
	KUNIT_EXPECT_STREQ(test, "flag=0/1", nf_vip_test_flags(test));
	KUNIT_EXPECT_STREQ(test, "eth1 eth2", nf_vip_test_fastpath(test));
	KUNIT_EXPECT_STREQ(test, "mail: m1=1 m2=1", nf_vip_test_look(test, "tcp 10.0.0.1:25"));
	KUNIT_EXPECT_STREQ(test, "none", nf_vip_test_look(test, "tcp 10.9.9.9:9"));

	/* Names and flags of the refused text are free for the next one. */
	nf_vip_test_set(test, GOOD);
	KUNIT_EXPECT_STREQ(test, "flag=0/1 new=0/1", nf_vip_test_flags(test));
}

/* A refused text leaves the empty state empty. */
static void nothing_appears(struct kunit *test)
{
	nf_vip_test_refused(test, SETUP GOOD "service b tcp 10.9.9.9:9", -EEXIST,
			    "line 7: service \"b\": " TAKEN("10.9.9.9:9"));
	KUNIT_EXPECT_STREQ(test, "", nf_vip_test_order(test));
	KUNIT_EXPECT_STREQ(test, "", nf_vip_test_flags(test));
	KUNIT_EXPECT_STREQ(test, "none", nf_vip_test_look(test, "tcp 10.0.0.1:25"));
}

KUNIT_DEFINE_ACTION_WRAPPER(free_text, kvfree, const void *);

/* A service x, and @nr backends of it: "b0 192.168.0.1 weight WEIGHT", and so on. */
static char *many_backends(struct kunit *test, unsigned int nr, unsigned int weight)
{
	const size_t size = 64 * (nr + 2);
	char *text = kvmalloc(size, GFP_KERNEL);
	size_t at;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_text, text));
	at = scnprintf(text, size, "service x tcp 10.0.0.3:3\n");
	for (i = 0; i < nr; i++)
		at += scnprintf(text + at, size - at, "backend x/b%u 192.168.0.1 weight %u\n", i,
				weight);
	return text;
}

static void backends_have_a_limit(struct kunit *test)
{
	nf_vip_test_refused(test, many_backends(test, NF_VIP_BACKENDS_MAX + 1, 1), -E2BIG,
			    "line 4098: service \"x\": expected at most 4096 backends");
}

/*
 * As few backends as can have too many slots: with weight 1000 all of them have
 * 1 slot each, but their greatest common divisor with 999 is 1.
 */
static void slots_have_a_limit(struct kunit *test)
{
	const unsigned int nr = NF_VIP_SLOTS_MAX / NF_VIP_WEIGHT_MAX + 1;
	struct nf_vip_backend *b0;

	if (hweight32(nf_vip_mark_mask) < 11)
		kunit_skip(test, "mark_mask has too few values");
	nf_vip_test_set(test, many_backends(test, nr, 1000));
	b0 = nf_vip_test_backend(test, "x/b0");
	KUNIT_EXPECT_EQ(test, -E2BIG,
			nf_vip_test_apply(test, "backend x/b0 192.168.0.1 weight 999"));
	KUNIT_EXPECT_STREQ(test, "line 1: service \"x\": the weights need more than 1048576 slots",
			   nf_vip_test_net()->error);
	KUNIT_EXPECT_EQ(test, 1000, b0->spec.weight);

	/* The same through a file of the backend. */
	mutex_lock(&nf_vip_test_net()->lock);
	KUNIT_EXPECT_EQ(test, -E2BIG, backend_set_weight(b0, 999));
	mutex_unlock(&nf_vip_test_net()->lock);
	KUNIT_EXPECT_EQ(test, 1000, b0->spec.weight);
	nf_vip_test_check(test);
}

/*
 * While the files of a backend are made one that cannot be has the others removed,
 * which waits for their readers, with the lock: who waited for that would never go.
 */
static void nobody_waits_for_what_is_being_made(struct kunit *test)
{
	struct kobject *kobj;
	const struct kobj_type *type;
	struct attribute *attr;
	char *page;

	nf_vip_test_set(test, MAIL);
	kobj = &nf_vip_test_backend(test, "mail/m1")->kobj;
	type = kobj->ktype;
	attr = type->default_groups[0]->attrs[0];
	page = (char *)get_zeroed_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);

	KUNIT_EXPECT_GT(test, type->sysfs_ops->show(kobj, attr, page), 0);
	kobj->state_in_sysfs = 0;
	KUNIT_EXPECT_EQ(test, -ENODEV, type->sysfs_ops->show(kobj, attr, page));
	KUNIT_EXPECT_EQ(test, -ENODEV, type->sysfs_ops->store(kobj, attr, "1", 1));
	kobj->state_in_sysfs = 1;
	free_page((unsigned long)page);
}

static struct kunit_case refuse_cases[] = {
	KUNIT_CASE(nobody_waits_for_what_is_being_made),
	KUNIT_CASE_PARAM(nothing_changes, refusal_gen_params),
	KUNIT_CASE(nothing_appears),
	KUNIT_CASE(backends_have_a_limit),
	KUNIT_CASE_SLOW(slots_have_a_limit),
	{}
};

static struct kunit_suite refuse_suite = {
	.name = "nf_vip_transaction_refuse",
	.init = nf_vip_test_init,
	.exit = nf_vip_test_exit,
	.test_cases = refuse_cases,
};

kunit_test_suite(refuse_suite);
