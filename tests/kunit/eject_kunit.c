// SPDX-License-Identifier: GPL-2.0
/*
 * Ejection: how failures are counted, how long it is, and who is left.
 */
#include "fixture.h"
#include "health/change.h"
#include "objects/ejection.h"
#include "objects/queue.h"

static void windows(struct kunit *test)
{
	u64 word = nf_vip_eject_count(0, 1000, 10);

	KUNIT_EXPECT_EQ(test, 1, (u32)word);
	word = nf_vip_eject_count(word, 1000, 10);
	word = nf_vip_eject_count(word, 1009, 10);
	KUNIT_EXPECT_EQ(test, 3, (u32)word);
	/* The window is over, counted from the first one. */
	word = nf_vip_eject_count(word, 1010, 10);
	KUNIT_EXPECT_EQ(test, 1, (u32)word);
	word = nf_vip_eject_count(word, 1019, 10);
	KUNIT_EXPECT_EQ(test, 2, (u32)word);
	word = nf_vip_eject_count(word, 1020, 10);
	KUNIT_EXPECT_EQ(test, 1, (u32)word);
}

static void first_of_all(struct kunit *test)
{
	/* A clock that begins at 0, or is about to: no failure is as old as that. */
	KUNIT_EXPECT_EQ(test, 1, (u32)nf_vip_eject_count(0, 0, 10));
	KUNIT_EXPECT_EQ(test, 1, (u32)nf_vip_eject_count(0, 5, 10));
	KUNIT_EXPECT_EQ(test, 5, nf_vip_eject_count(0, 5, 10) >> 32);
}

static void clock_wraps(struct kunit *test)
{
	u64 word = nf_vip_eject_count(0, U32_MAX - 3, 10);

	word = nf_vip_eject_count(word, 5, 10);
	KUNIT_EXPECT_EQ(test, 2, (u32)word);
	word = nf_vip_eject_count(word, 6, 10);
	KUNIT_EXPECT_EQ(test, 1, (u32)word);
}

static void count_ends(struct kunit *test)
{
	u64 word = (u64)1000 << 32 | (U32_MAX - 1);

	word = nf_vip_eject_count(word, 1000, 10);
	KUNIT_EXPECT_EQ(test, U32_MAX, (u32)word);
	KUNIT_EXPECT_EQ(test, word, nf_vip_eject_count(word, 1001, 10));
}

static void clients_differ(struct kunit *test)
{
	atomic64_t met[3] = {};

	KUNIT_EXPECT_EQ(test, 1, nf_vip_eject_meet(met, 3, 7, 1000));
	KUNIT_EXPECT_EQ(test, 1, nf_vip_eject_meet(met, 3, 7, 1000));
	KUNIT_EXPECT_EQ(test, 2, nf_vip_eject_meet(met, 3, 9, 1000));
	KUNIT_EXPECT_EQ(test, 2, nf_vip_eject_meet(met, 3, 7, 1000));
	KUNIT_EXPECT_EQ(test, 3, nf_vip_eject_meet(met, 3, 11, 1000));
	/* There is no room, and no need, for more. */
	KUNIT_EXPECT_EQ(test, 3, nf_vip_eject_meet(met, 3, 13, 1000));
	/* Those of another window are none. */
	KUNIT_EXPECT_EQ(test, 1, nf_vip_eject_meet(met, 3, 7, 1001));
	KUNIT_EXPECT_EQ(test, 2, nf_vip_eject_meet(met, 3, 9, 1001));
	/* Fewer are wanted meanwhile. */
	KUNIT_EXPECT_EQ(test, 1, nf_vip_eject_meet(met, 1, 7, 1001));
	KUNIT_EXPECT_EQ(test, 1, nf_vip_eject_meet(met, 1, 15, 1001));
}

/* A clock at 0, with places that nobody has had. */
static void first_clients(struct kunit *test)
{
	atomic64_t met[2] = {};

	KUNIT_EXPECT_EQ(test, 1, nf_vip_eject_meet(met, 2, 1, 0));
	KUNIT_EXPECT_EQ(test, 2, nf_vip_eject_meet(met, 2, 3, 0));
}

static void doubles(struct kunit *test)
{
	static const u32 seconds[] = { 30, 60, 120, 240, 480, 480, 480 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seconds); i++)
		KUNIT_EXPECT_EQ(test, seconds[i], nf_vip_eject_seconds(30, i + 1));
	KUNIT_EXPECT_EQ(test, 480, nf_vip_eject_seconds(30, U32_MAX));
	KUNIT_EXPECT_EQ(test, 1, nf_vip_eject_seconds(1, 1));
	KUNIT_EXPECT_EQ(test, 16, nf_vip_eject_seconds(1, 99));
	/* An hour at most. */
	KUNIT_EXPECT_EQ(test, 2000, nf_vip_eject_seconds(1000, 2));
	KUNIT_EXPECT_EQ(test, 3600, nf_vip_eject_seconds(1000, 3));
	KUNIT_EXPECT_EQ(test, 3600, nf_vip_eject_seconds(3600, 1));
	KUNIT_EXPECT_EQ(test, 3600, nf_vip_eject_seconds(3600, 9));
}

#define THREE									\
	"service mail tcp 10.0.0.1:25 eject 3 10 30\n"				\
	"backend mail/m1 192.168.0.1; backend mail/m2 192.168.0.2\n"		\
	"backend mail/m3 192.168.0.3\n"

/* As if packets had seen all of them fail at the same time. */
static void all_fail(struct nf_vip_service *service)
{
	struct nf_vip_net *vn = service->vn;
	struct nf_vip_backend *backend;

	mutex_lock(&vn->lock);
	list_for_each_entry(backend, &service->backends, node) {
		atomic64_set(&backend->ejection.failures, 3);
		backend->ejection.due = true;
	}
	queue_work(vn->queue, &vn->eject);
	mutex_unlock(&vn->lock);
	flush_work(&vn->eject);
}

static unsigned int nr_ejected(struct kunit *test, struct nf_vip_service *service)
{
	struct nf_vip_backend *backend;
	unsigned int nr = 0;

	mutex_lock(&service->vn->lock);
	list_for_each_entry(backend, &service->backends, node) {
		nr += nf_vip_ejection_left(backend) == 30;
		KUNIT_EXPECT_FALSE(test, backend->ejection.due);
		KUNIT_EXPECT_EQ(test, 0, atomic64_read(&backend->ejection.failures));
	}
	mutex_unlock(&service->vn->lock);
	return nr;
}

static void one_is_left(struct kunit *test)
{
	struct nf_vip_service *service;
	struct nf_vip_backend *last;

	nf_vip_test_set(test, THREE);
	service = nf_vip_test_service(test, "mail");
	last = nf_vip_test_backend(test, "mail/m3");
	all_fail(service);
	KUNIT_EXPECT_EQ(test, 2, nr_ejected(test, service));
	/* Not even as one that was ejected and is tried. */
	KUNIT_EXPECT_FALSE(test, nf_vip_is_on_trial(last));
	EXPECT_LOOK(test, "mail: m3=1", "tcp 10.0.0.1:25");
	nf_vip_test_check(test);
	all_fail(service);
	KUNIT_EXPECT_EQ(test, 2, nr_ejected(test, service));

	mutex_lock(&service->vn->lock);
	KUNIT_EXPECT_EQ(test, 0, nf_vip_backend_set_up(last, false));
	mutex_unlock(&service->vn->lock);
	flush_work(&service->vn->eject);
	KUNIT_EXPECT_EQ(test, 0, nr_ejected(test, service));
	EXPECT_LOOK(test, "mail: m1=1 m2=1", "tcp 10.0.0.1:25");

	nf_vip_test_set(test, "service mail tcp 10.0.0.1:25");
	mutex_lock(&service->vn->lock);
	KUNIT_EXPECT_EQ(test, 0, service->vn->nr_ejecting);
	mutex_unlock(&service->vn->lock);
}

static struct kunit_case eject_cases[] = {
	KUNIT_CASE(windows),
	KUNIT_CASE(first_of_all),
	KUNIT_CASE(clock_wraps),
	KUNIT_CASE(count_ends),
	KUNIT_CASE(clients_differ),
	KUNIT_CASE(first_clients),
	KUNIT_CASE(doubles),
	KUNIT_CASE(one_is_left),
	{}
};

static struct kunit_suite eject_suite = {
	.name = "nf_vip_eject",
	.init = nf_vip_test_init,
	.exit = nf_vip_test_exit,
	.test_cases = eject_cases,
};

kunit_test_suite(eject_suite);
