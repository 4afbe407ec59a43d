// SPDX-License-Identifier: GPL-2.0
/*
 * What takes a backend into the selection of its service and out of it.
 */
#include "fixture.h"
#include "health/change.h"
#include "health/condition.h"
#include "health/usable.h"
#include "select/map.h"
#include "select/select.h"

/* Calls a function of change.h under the lock that it wants, and checks. */
#define locked(test, call)							\
({										\
	int __err;								\
										\
	mutex_lock(&nf_vip_test_net()->lock);					\
	__err = (call);								\
	mutex_unlock(&nf_vip_test_net()->lock);					\
	nf_vip_test_check(test);						\
	__err;									\
})

enum flag { NO_FLAG, ALIVE, DEAD };

static const struct predicate {
	const char *name;
	enum nf_vip_state state;
	bool up;
	u32 weight;
	enum flag flag;
	bool usable;
} predicates[] = {
	{ "all well",			NF_VIP_STATE_UP,    true,  1,    NO_FLAG, true },
	{ "all well, flag alive",	NF_VIP_STATE_UP,    true,  1,    ALIVE,   true },
	{ "highest weight",		NF_VIP_STATE_UP,    true,  1000, ALIVE,   true },
	{ "drain",			NF_VIP_STATE_DRAIN, true,  1,    NO_FLAG, false },
	{ "drain, flag alive",		NF_VIP_STATE_DRAIN, true,  1,    ALIVE,   false },
	{ "down",			NF_VIP_STATE_DOWN,  true,  1,    NO_FLAG, false },
	{ "down, flag alive",		NF_VIP_STATE_DOWN,  true,  1,    ALIVE,   false },
	{ "not up",			NF_VIP_STATE_UP,    false, 1,    NO_FLAG, false },
	{ "not up, flag alive",		NF_VIP_STATE_UP,    false, 1,    ALIVE,   false },
	{ "weight 0",			NF_VIP_STATE_UP,    true,  0,    NO_FLAG, false },
	{ "weight 0, flag alive",	NF_VIP_STATE_UP,    true,  0,    ALIVE,   false },
	{ "flag dead",			NF_VIP_STATE_UP,    true,  1,    DEAD,    false },
	{ "everything against it",	NF_VIP_STATE_DOWN,  false, 0,    DEAD,    false },
};

KUNIT_ARRAY_PARAM_DESC(predicate, predicates, name);

static void usable(struct kunit *test)
{
	const struct predicate *row = test->param_value;
	const struct nf_vip_backend_spec spec = { .state = row->state, .weight = row->weight };
	const struct nf_vip_condition flag = { .dead = row->flag == DEAD };

	KUNIT_EXPECT_EQ(test, row->usable,
			nf_vip_usable(&spec, row->up, row->flag == NO_FLAG ? NULL : &flag,
				      false));
}

static void health(struct kunit *test)
{
	struct nf_vip_backend *m1, *m2;

	nf_vip_test_set(test, MAIL);
	m1 = nf_vip_test_backend(test, "mail/m1");
	m2 = nf_vip_test_backend(test, "mail/m2");
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_backend_set_up(m1, false)));
	EXPECT_LOOK(test, "mail: m2=1", "tcp 10.0.0.1:25");
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_backend_set_up(m2, false)));
	EXPECT_LOOK(test, "mail: reject", "tcp 10.0.0.1:25");
	KUNIT_EXPECT_EQ(test, 0, nf_vip_test_service(test, "mail")->nr_usable);
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_backend_set_up(m1, true)));
	EXPECT_LOOK(test, "mail: m1=1", "tcp 10.0.0.1:25");
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_backend_set_up(m2, true)));
	EXPECT_LOOK(test, "mail: m1=1 m2=1", "tcp 10.0.0.1:25");
}

static void state(struct kunit *test)
{
	static const struct {
		enum nf_vip_state state;
		const char *found;
	} steps[] = {
		{ NF_VIP_STATE_DRAIN, "mail: m2=1" },
		{ NF_VIP_STATE_DOWN, "mail: m2=1" },
		{ NF_VIP_STATE_UP, "mail: m1=1 m2=1" },
		{ NF_VIP_STATE_DOWN, "mail: m2=1" },
		{ NF_VIP_STATE_DRAIN, "mail: m2=1" },
	};
	struct nf_vip_backend *m1;
	unsigned int i;

	nf_vip_test_set(test, MAIL);
	m1 = nf_vip_test_backend(test, "mail/m1");
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		KUNIT_EXPECT_EQ(test, 0,
				locked(test, backend_set_state(m1, steps[i].state)));
		EXPECT_LOOK(test, steps[i].found, "tcp 10.0.0.1:25");
	}
}

static void weight(struct kunit *test)
{
	static const struct {
		u32 weight;
		const char *found;
	} steps[] = {
		{ 3, "mail: m1=3 m2=1" },
		{ 1000, "mail: m1=1000 m2=1" },
		{ 0, "mail: m2=1" },
		{ 1, "mail: m1=1 m2=1" },
	};
	struct nf_vip_backend *m1;
	unsigned int i;

	nf_vip_test_set(test, MAIL);
	m1 = nf_vip_test_backend(test, "mail/m1");
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		KUNIT_EXPECT_EQ(test, 0,
				locked(test, backend_set_weight(m1, steps[i].weight)));
		EXPECT_LOOK(test, steps[i].found, "tcp 10.0.0.1:25");
	}
}

static void options_of_the_service(struct kunit *test)
{
	struct nf_vip_service *mail;

	nf_vip_test_set(test, "service mail tcp 10.0.0.1:25");
	mail = nf_vip_test_service(test, "mail");
	KUNIT_EXPECT_EQ(test, 0,
			locked(test, service_set_on_empty(mail, NF_VIP_EMPTY_DROP)));
	EXPECT_LOOK(test, "mail: drop", "tcp 10.0.0.1:25");
	KUNIT_EXPECT_EQ(test, 0,
			locked(test, service_set_on_empty(mail, NF_VIP_EMPTY_ACCEPT)));
	EXPECT_LOOK(test, "mail: accept", "tcp 10.0.0.1:25");

	/* nf_vip_test_check() compares the published table with the service. */
	KUNIT_EXPECT_EQ(test, 0,
			locked(test, service_set_scheduler(mail, NF_VIP_SCHED_RANDOM)));
	KUNIT_EXPECT_EQ(test, NF_VIP_SCHED_RANDOM, mail->spec.policy.scheduler);
	nf_vip_test_set(test, "backend mail/m1 192.168.0.1");
	KUNIT_EXPECT_EQ(test, 0,
			locked(test, service_set_scheduler(mail, NF_VIP_SCHED_NTH)));
	EXPECT_LOOK(test, "mail: m1=1", "tcp 10.0.0.1:25");
}

#define FLAGGED									\
	"service a tcp 10.0.0.1:1; backend a/x 192.168.0.1 condition host1\n"	\
	"backend a/y 192.168.0.2; backend a/z 192.168.0.1:9 condition host1\n"	\
	"service b tcp 10.0.0.1:2; backend b/x 192.168.0.1 condition host1\n"	\
	"service c tcp 10.0.0.1:3; backend c/x 192.168.0.1 condition host2\n"

/* One flag concerns every backend that names it, of whatever service. */
static void one_flag_for_many(struct kunit *test)
{
	struct nf_vip_condition *host1;

	nf_vip_test_set(test, FLAGGED);
	host1 = nf_vip_test_backend(test, "a/x")->condition;
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_condition_set(host1, true)));
	KUNIT_EXPECT_STREQ(test, "host1=1/3 host2=0/1", nf_vip_test_flags(test));
	EXPECT_LOOK(test, "a: y=1", "tcp 10.0.0.1:1");
	EXPECT_LOOK(test, "b: reject", "tcp 10.0.0.1:2");
	EXPECT_LOOK(test, "c: x=1", "tcp 10.0.0.1:3");

	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_condition_set(host1, false)));
	EXPECT_LOOK(test, "a: x=1 y=1 z=1", "tcp 10.0.0.1:1");
	EXPECT_LOOK(test, "b: x=1", "tcp 10.0.0.1:2");
}

/* State, health and flag are independent: one does not mend the other. */
static void none_mends_another(struct kunit *test)
{
	struct nf_vip_backend *x;

	nf_vip_test_set(test, FLAGGED);
	x = nf_vip_test_backend(test, "c/x");
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_condition_set(x->condition, true)));
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_backend_set_up(x, false)));
	KUNIT_EXPECT_EQ(test, 0, locked(test, backend_set_state(x, NF_VIP_STATE_DRAIN)));

	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_condition_set(x->condition, false)));
	EXPECT_LOOK(test, "c: reject", "tcp 10.0.0.1:3");
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_backend_set_up(x, true)));
	EXPECT_LOOK(test, "c: reject", "tcp 10.0.0.1:3");
	KUNIT_EXPECT_EQ(test, 0, locked(test, backend_set_state(x, NF_VIP_STATE_UP)));
	EXPECT_LOOK(test, "c: x=1", "tcp 10.0.0.1:3");
}

/* Each change is one generation, and what changes nothing is none. */
static void generation_counts_changes(struct kunit *test)
{
	struct nf_vip_service *a;
	struct nf_vip_backend *x;
	const char *before;
	u64 generation;

	nf_vip_test_set(test, FLAGGED);
	a = nf_vip_test_service(test, "a");
	x = nf_vip_test_backend(test, "a/x");
	before = nf_vip_test_snapshot(test);
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_backend_set_up(x, true)));
	KUNIT_EXPECT_EQ(test, 0, locked(test, backend_set_state(x, NF_VIP_STATE_UP)));
	KUNIT_EXPECT_EQ(test, 0, locked(test, backend_set_weight(x, 1)));
	KUNIT_EXPECT_EQ(test, 0, locked(test, service_set_scheduler(a, NF_VIP_SCHED_NTH)));
	KUNIT_EXPECT_EQ(test, 0, locked(test, service_set_on_empty(a, NF_VIP_EMPTY_REJECT)));
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_condition_set(x->condition, false)));
	KUNIT_EXPECT_STREQ(test, before, nf_vip_test_snapshot(test));

	generation = a->vn->generation;
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_backend_set_up(x, false)));
	KUNIT_EXPECT_EQ(test, ++generation, a->vn->generation);
	KUNIT_EXPECT_EQ(test, 0, locked(test, backend_set_weight(x, 2)));
	KUNIT_EXPECT_EQ(test, ++generation, a->vn->generation);
	KUNIT_EXPECT_EQ(test, 0, locked(test, service_set_on_empty(a, NF_VIP_EMPTY_DROP)));
	KUNIT_EXPECT_EQ(test, ++generation, a->vn->generation);
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_condition_set(x->condition, true)));
	KUNIT_EXPECT_EQ(test, ++generation, a->vn->generation);
}

static u32 pick(struct nf_vip_service *service)
{
	const struct nf_vip_selection *sel;
	u32 mark;

	rcu_read_lock();
	sel = rcu_dereference(service->entry->selection);
	mark = nf_vip_selection_target(sel, nf_vip_selection_pick(sel, NULL))->mark;
	rcu_read_unlock();
	return mark;
}

/* The turn goes on over a change: after 1 2 3 1 2 comes 3, and not 1 again. */
static void turn_goes_on(struct kunit *test)
{
	struct nf_vip_service *mail;
	struct nf_vip_backend *m3;
	unsigned int i;

	nf_vip_test_set(test, MAIL "backend mail/m3 192.168.0.3");
	mail = nf_vip_test_service(test, "mail");
	m3 = nf_vip_test_backend(test, "mail/m3");
	for (i = 0; i < 5; i++)
		pick(mail);
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_backend_set_up(m3, false)));
	KUNIT_EXPECT_EQ(test, 0, locked(test, nf_vip_backend_set_up(m3, true)));
	KUNIT_EXPECT_EQ(test, m3->spec.mark, pick(mail));
	KUNIT_EXPECT_EQ(test, 6, atomic64_read(&mail->cursor->next));
}

/* Writers that held a file open while its object was deleted. */
static void too_late(struct kunit *test)
{
	struct nf_vip_service *mail;
	struct nf_vip_backend *m1;

	nf_vip_test_set(test, MAIL);
	mail = nf_vip_test_service(test, "mail");
	m1 = nf_vip_test_backend(test, "mail/m1");
	kobject_get(&mail->kobj);
	kobject_get(&m1->kobj);

	nf_vip_test_set(test, "delete backend mail/m1");
	KUNIT_EXPECT_EQ(test, -ENODEV, locked(test, nf_vip_backend_set_up(m1, false)));
	KUNIT_EXPECT_TRUE(test, m1->up);
	EXPECT_LOOK(test, "mail: m2=1", "tcp 10.0.0.1:25");

	nf_vip_test_set(test, "flush");
	KUNIT_EXPECT_EQ(test, -ENODEV,
			locked(test, service_set_scheduler(mail, NF_VIP_SCHED_RANDOM)));
	kobject_put(&m1->kobj);
	kobject_put(&mail->kobj);
}

static struct kunit_case liveness_cases[] = {
	KUNIT_CASE_PARAM(usable, predicate_gen_params),
	KUNIT_CASE(health),
	KUNIT_CASE(state),
	KUNIT_CASE(weight),
	KUNIT_CASE(options_of_the_service),
	KUNIT_CASE(one_flag_for_many),
	KUNIT_CASE(none_mends_another),
	KUNIT_CASE(generation_counts_changes),
	KUNIT_CASE(turn_goes_on),
	KUNIT_CASE(too_late),
	{}
};

static struct kunit_suite liveness_suite = {
	.name = "nf_vip_liveness",
	.init = nf_vip_test_init,
	.exit = nf_vip_test_exit,
	.test_cases = liveness_cases,
};

kunit_test_suite(liveness_suite);
