// SPDX-License-Identifier: GPL-2.0
/*
 * Lack of memory: each allocation of a change fails in turn, and each time the
 * change is refused with -ENOMEM and leaves everything as it was. Wants failslab
 * set up as in ./run.
 */
#include <linux/fault-inject.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "config/transaction.h"
#include "fixture.h"
#include "health/change.h"
#include "health/condition.h"
#include "nf_vip_option.h"
#include "path/hooks.h"

/* More than any change here needs: it ends before that. */
#define NTH_MAX	5000

#ifdef CONFIG_FAULT_INJECTION

/* The nth allocation of this task will fail. */
static void arm(unsigned int nth)
{
	WRITE_ONCE(current->fail_nth, nth);
}

/* No allocation will; returns whether one did. */
static bool disarm(void)
{
	bool failed = !READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return failed;
}

#else

static void arm(unsigned int nth) {}

static bool disarm(void)
{
	return false;
}

#endif

static void need_failures(struct kunit *test)
{
	void *room;

	arm(1);
	room = kmalloc(8, GFP_KERNEL);
	disarm();
	kfree(room);
	if (room)
		kunit_skip(test, "no allocation fails: failslab is not there or not set up");
}

/* What a change is tried on, and what else has to be done before each try. */
struct attempt {
	const char *name;
	const char *before;
	const char *text;
	bool unhook;
	int (*change)(struct kunit *test);
};

static int apply(struct kunit *test, const struct attempt *attempt, unsigned int nth, bool *failed)
{
	struct nf_vip_net *vn = nf_vip_test_net();
	char error[NF_VIP_ERROR_MAX];
	int err;

	arm(nth);
	if (attempt->text) {
		err = nf_vip_transaction(vn, attempt->text, strlen(attempt->text), error);
	} else {
		mutex_lock(&vn->lock);
		err = attempt->change(test);
		mutex_unlock(&vn->lock);
	}
	*failed = disarm();
	return err;
}

/* Everything as before the first try; the hooks, too. */
static void prepare(struct kunit *test, const struct attempt *attempt)
{
	nf_vip_test_set(test, "flush");
	nf_vip_test_set(test, attempt->before);
	if (attempt->unhook)
		nf_vip_hooks_drop(nf_vip_test_net());
}

/* Returns whether there was an nth allocation; the change was made if not. */
static bool try_once(struct kunit *test, const struct attempt *attempt, unsigned int nth,
		     unsigned int *refused)
{
	const char *before = nf_vip_test_snapshot(test), *after;
	bool failed;
	int err;

	err = apply(test, attempt, nth, &failed);
	nf_vip_test_check(test);
	if (err) {
		after = nf_vip_test_snapshot(test);
		KUNIT_EXPECT_EQ_MSG(test, -ENOMEM, err, "allocation %u", nth);
		KUNIT_EXPECT_STREQ_MSG(test, before, after, "allocation %u", nth);
		if (attempt->text)
			KUNIT_EXPECT_NE(test, '\0', nf_vip_test_net()->error[0]);
		kunit_kfree(test, after);
		++*refused;
	} else if (failed) {
		/* An allocation that had another way, as kvmalloc() has. */
		prepare(test, attempt);
	}
	kunit_kfree(test, before);
	return failed;
}

/* In this order: first services, then what is done to them. */
static int flag_dies(struct kunit *test)
{
	return nf_vip_condition_set(list_first_entry(&nf_vip_test_net()->conditions,
						     struct nf_vip_condition, node), true);
}

static struct nf_vip_service *first_service(void)
{
	return list_first_entry(&nf_vip_test_net()->services, struct nf_vip_service, node);
}

static struct nf_vip_backend *first_backend(void)
{
	return list_first_entry(&first_service()->backends, struct nf_vip_backend, node);
}

static int goes_down(struct kunit *test)
{
	return nf_vip_backend_set_up(first_backend(), false);
}

static int drains(struct kunit *test)
{
	return backend_set_state(first_backend(), NF_VIP_STATE_DRAIN);
}

static int gets_weight(struct kunit *test)
{
	return backend_set_weight(first_backend(), 5);
}

static int goes_random(struct kunit *test)
{
	return service_set_scheduler(first_service(), NF_VIP_SCHED_RANDOM);
}

static int goes_by_hash(struct kunit *test)
{
	return service_set_scheduler(first_service(), NF_VIP_SCHED_HASH);
}

static int gets_persistence(struct kunit *test)
{
	return nf_vip_service_set(first_service(), nf_vip_option_find(NF_VIP_SERVICE, "persist"),
				  9);
}

static int gets_ejection(struct kunit *test)
{
	static const struct nf_vip_eject_spec eject = { 3, 10, 30 };

	return nf_vip_service_set_eject(first_service(), &eject);
}

/* Few objects, but of every kind: each has a dozen allocations to fail. */
#define OTHER									\
	"service web tcp 10.0.0.1:80; backend web/w 192.168.0.3 condition flag\n" \
	"service six udp [2001:db8::1]:53; backend six/s 2001:db8::a condition flag\n"

static const struct attempt attempts[] = {
	{ .name = "first services", .before = "", .text = OTHER, .unhook = true },
	{ .name = "other services", .before = OTHER, .text = "replace\n" MAIL },
	{ .name = "some of all", .before = MAIL OTHER,
	  .text = "delete service mail; service web tcp 10.0.0.2:80 dev eth0\n"
		  "delete backend web/w; backend web/x 192.168.0.1 condition new mark 1\n"
		  "service new tcp 10.0.0.1:25; backend six/s 2001:db8::b\n" },
	{ .name = "a flag of two services", .before = OTHER, .change = flag_dies },
	{ .name = "health", .before = MAIL, .change = goes_down },
	{ .name = "state", .before = MAIL, .change = drains },
	{ .name = "weight", .before = MAIL, .change = gets_weight },
	{ .name = "scheduler", .before = MAIL, .change = goes_random },
	{ .name = "scheduler hash", .before = MAIL, .change = goes_by_hash },
	{ .name = "ejection", .before = MAIL, .change = gets_ejection },
	{ .name = "persistence", .before = MAIL, .change = gets_persistence },
};

KUNIT_ARRAY_PARAM_DESC(attempt, attempts, name);

static void each_allocation_fails(struct kunit *test)
{
	const struct attempt *attempt = test->param_value;
	unsigned int nth = 1, refused = 0;

	need_failures(test);
	prepare(test, attempt);
	while (try_once(test, attempt, nth, &refused))
		KUNIT_ASSERT_LT(test, nth++, NTH_MAX);

	/* The last try went through; most of those before must not have. */
	KUNIT_EXPECT_GT(test, refused, 0);
	kunit_info(test, "%s: %u of %u failures refused", attempt->name, refused, nth - 1);
}

static struct kunit_case memory_cases[] = {
	KUNIT_CASE_PARAM(each_allocation_fails, attempt_gen_params),
	{}
};

static struct kunit_suite memory_suite = {
	.name = "nf_vip_memory",
	.init = nf_vip_test_init,
	.exit = nf_vip_test_exit,
	.test_cases = memory_cases,
};

kunit_test_suite(memory_suite);
