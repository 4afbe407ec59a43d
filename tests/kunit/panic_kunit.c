// SPDX-License-Identifier: GPL-2.0
/*
 * Too few backends alive: which may be chosen then, said in letters, a backend each.
 */
#include "select/panic.h"
#include "select/select.h"
#include "suite.h"

#define BACKENDS_MAX 8

/*
 * One row: tiers, as digits; what is known of each backend: + alive, - dead,
 * ? unknown, d not wanted; the wanted percentage and what to do; who may be
 * chosen afterwards, + or -; and what is said about it.
 */
struct row {
	const char *tiers;
	const char *health;
	u32 min_live;
	enum nf_vip_on_few on_few;
	const char *chosen;
	struct nf_vip_panic panic;
};

#define OPEN(tier)	{ .too_few = true, .open_tier = (tier) }
#define OTHER		{ .too_few = true }
#define UNKNOWN		{ .unknown = true }

static const struct row rows[] = {
	/* Nothing is wanted, or enough is there. */
	{ "111", "+--", 0, NF_VIP_FEW_DROP, "+--", {} },
	{ "111", "---", 0, NF_VIP_FEW_OPEN, "---", {} },
	{ "111", "++-", 66, NF_VIP_FEW_OPEN, "++-", {} },
	{ "1111", "++--", 50, NF_VIP_FEW_REJECT, "++--", {} },
	{ "11", "++", 100, NF_VIP_FEW_DROP, "++", {} },
	{ "", "", 100, NF_VIP_FEW_OPEN, "", {} },
	{ "11", "dd", 100, NF_VIP_FEW_OPEN, "--", {} },
	/* Whom the administrator does not want is not counted, and never chosen. */
	{ "111", "+d-", 50, NF_VIP_FEW_OPEN, "+--", {} },
	{ "111", "+d-", 51, NF_VIP_FEW_OPEN, "+-+", OPEN(1) },
	/* The first tier alone counts, and alone is opened. */
	{ "1122", "+-++", 51, NF_VIP_FEW_OPEN, "++++", OPEN(1) },
	{ "1122", "++--", 51, NF_VIP_FEW_OPEN, "++--", {} },
	{ "1122", "---+", 1, NF_VIP_FEW_OPEN, "++-+", OPEN(1) },
	{ "3322", "+--+", 100, NF_VIP_FEW_OPEN, "+-++", OPEN(2) },
	{ "1122", "dd-+", 100, NF_VIP_FEW_OPEN, "--++", OPEN(2) },
	/* The next tier that has enough. */
	{ "1122", "+-++", 51, NF_VIP_FEW_TIER, "--++", OTHER },
	{ "1122", "+-+-", 51, NF_VIP_FEW_TIER, "+++-", OPEN(1) },
	{ "112233", "+-+-++", 51, NF_VIP_FEW_TIER, "----++", OTHER },
	{ "332211", "+++-+-", 51, NF_VIP_FEW_TIER, "++----", OTHER },
	{ "11", "--", 1, NF_VIP_FEW_TIER, "++", OPEN(1) },
	/* Nobody. */
	{ "1122", "+-++", 51, NF_VIP_FEW_DROP, "----", OTHER },
	{ "1122", "+-++", 51, NF_VIP_FEW_REJECT, "----", OTHER },
	/* Nobody knows. */
	{ "112", "?-?", 0, NF_VIP_FEW_OPEN, "+-+", UNKNOWN },
	{ "112", "?+?", 0, NF_VIP_FEW_OPEN, "-+-", {} },
	{ "112", "?-+", 0, NF_VIP_FEW_OPEN, "--+", {} },
	{ "11", "??", 100, NF_VIP_FEW_DROP, "++", UNKNOWN },
};

static void make_targets(const struct row *row, struct nf_vip_target *targets, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		targets[i].tier = row->tiers[i] - '0';
		targets[i].wanted = row->health[i] != 'd';
		targets[i].unknown = row->health[i] == '?';
		targets[i].usable = row->health[i] == '+';
	}
}

static void chooses(struct kunit *test)
{
	const struct row *row = test->param_value;
	struct nf_vip_service_spec *svc = kunit_kzalloc(test, sizeof(*svc), GFP_KERNEL);
	unsigned int i, nr = strlen(row->tiers);
	struct nf_vip_target targets[BACKENDS_MAX] = {};
	char chosen[BACKENDS_MAX + 1] = "";
	struct nf_vip_panic panic;

	KUNIT_ASSERT_NOT_NULL(test, svc);
	KUNIT_ASSERT_LE(test, nr, BACKENDS_MAX);
	svc->min_live = row->min_live;
	svc->on_few = row->on_few;
	make_targets(row, targets, nr);
	panic = nf_vip_panic_apply(targets, nr, svc);
	for (i = 0; i < nr; i++)
		chosen[i] = targets[i].usable ? '+' : '-';
	KUNIT_EXPECT_STREQ(test, row->chosen, chosen);
	KUNIT_EXPECT_EQ(test, row->panic.unknown, panic.unknown);
	KUNIT_EXPECT_EQ(test, row->panic.too_few, panic.too_few);
	KUNIT_EXPECT_EQ(test, row->panic.open_tier, panic.open_tier);
}

static void describe(const struct row *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s %s, %u percent, on-few %d", row->tiers,
		 row->health, row->min_live, row->on_few);
}

KUNIT_ARRAY_PARAM(rows, rows, describe);

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(chooses, rows_gen_params),
	{}
};

static struct kunit_suite few_suite = {
	.name = "nf_vip_panic",
	.test_cases = cases,
};

kunit_test_suite(few_suite);
