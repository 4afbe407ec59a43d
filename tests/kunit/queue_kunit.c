// SPDX-License-Identifier: GPL-2.0
/*
 * Whoever fills the queue of users' namespaces keeps the host's work from nothing.
 */
#include <linux/completion.h>
#include <linux/slab.h>
#include "objects/queue.h"
#include "suite.h"

/* More than a queue runs at a time. */
#define NR	(WQ_DFL_ACTIVE + 1)

static DECLARE_COMPLETION(over);

static void wait_for_it(struct work_struct *work)
{
	wait_for_completion(&over);
}

static void nothing(struct work_struct *work)
{
}

static void queue_users_fill_their_own(struct kunit *test)
{
	struct work_struct *works = kunit_kcalloc(test, NR + 1, sizeof(*works), GFP_KERNEL);
	struct work_struct *hosts = works + NR;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, works);
	reinit_completion(&over);
	for (i = 0; i < NR; i++) {
		INIT_WORK(&works[i], wait_for_it);
		queue_work(nf_vip_queue_of(true), &works[i]);
	}
	/* Comes to its end, or the test does not. */
	INIT_WORK(hosts, nothing);
	queue_work(nf_vip_queue_of(false), hosts);
	flush_work(hosts);
	KUNIT_EXPECT_TRUE(test, work_busy(&works[NR - 1]));

	complete_all(&over);
	for (i = 0; i < NR; i++)
		flush_work(&works[i]);
}

static struct kunit_case queue_cases[] = {
	KUNIT_CASE(queue_users_fill_their_own),
	{}
};

static struct kunit_suite queue_suite = {
	.name = "nf_vip_queue",
	.test_cases = queue_cases,
};

kunit_test_suite(queue_suite);
