// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions that take effect: what packets find afterwards, in which order
 * objects stand, and what an object keeps.
 */
#include "fixture.h"
#include "health/change.h"
#include "health/condition.h"
#include "objects/service.h"

static void statements_take_effect(struct kunit *test)
{
	EXPECT_LOOK(test, "none", "tcp 10.0.0.1:25");
	nf_vip_test_set(test, MAIL);
	EXPECT_LOOK(test, "mail: m1=1 m2=1", "tcp 10.0.0.1:25");

	nf_vip_test_set(test, "backend mail/m2 192.168.0.2 weight 3");
	EXPECT_LOOK(test, "mail: m1=1 m2=3", "tcp 10.0.0.1:25");

	nf_vip_test_set(test, "delete backend mail/m1\n");
	EXPECT_LOOK(test, "mail: m2=1", "tcp 10.0.0.1:25");

	nf_vip_test_set(test, "delete backend mail/m2");
	EXPECT_LOOK(test, "mail: reject", "tcp 10.0.0.1:25");

	nf_vip_test_set(test, "delete service mail");
	EXPECT_LOOK(test, "none", "tcp 10.0.0.1:25");
}

static void empty_text_is_none(struct kunit *test)
{
	nf_vip_test_set(test, MAIL);
	nf_vip_test_set(test, "\n;;# nothing\n");
	EXPECT_LOOK(test, "mail: m1=1 m2=1", "tcp 10.0.0.1:25");
}

static void vips_are_kept_apart(struct kunit *test)
{
	nf_vip_test_set(test,
			"service t4 tcp 10.0.0.1:53; backend t4/a 192.168.0.1\n"
			"service u4 udp 10.0.0.1:53; backend u4/a 192.168.0.1\n"
			"service port tcp 10.0.0.1:54; backend port/a 192.168.0.1\n"
			"service addr tcp 10.0.0.2:53; backend addr/a 192.168.0.1\n"
			/* The same first 32 bits as 10.0.0.1. */
			"service t6 tcp [a00:1::]:53; backend t6/a 2001:db8::a\n"
			"service u6 udp [a00:1::]:53; backend u6/a [2001:db8::a]:5353\n");
	EXPECT_LOOK(test, "t4: a=1", "tcp 10.0.0.1:53");
	EXPECT_LOOK(test, "u4: a=1", "udp 10.0.0.1:53");
	EXPECT_LOOK(test, "port: a=1", "tcp 10.0.0.1:54");
	EXPECT_LOOK(test, "addr: a=1", "tcp 10.0.0.2:53");
	EXPECT_LOOK(test, "t6: a=1", "tcp [a00:1::]:53");
	EXPECT_LOOK(test, "u6: a=1", "udp [a00:1::]:53");
	EXPECT_LOOK(test, "none", "udp 10.0.0.1:54");
	EXPECT_LOOK(test, "none", "tcp [a00:1::1]:53");
}

/* A service for an interface comes first, in whatever order they are stated. */
static void dev_comes_first(struct kunit *test)
{
	static const char * const texts[] = {
		"service any tcp 10.0.0.1:25; service one tcp 10.0.0.1:25 dev eth1\n"
		"service two tcp 10.0.0.1:25 dev eth2\n",
		"service one tcp 10.0.0.1:25 dev eth1; service two tcp 10.0.0.1:25 dev eth2\n"
		"service any tcp 10.0.0.1:25\n",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		nf_vip_test_set(test, texts[i]);
		EXPECT_LOOK(test, "any: reject", "tcp 10.0.0.1:25");
		EXPECT_LOOK(test, "one: reject", "tcp 10.0.0.1:25 eth1");
		EXPECT_LOOK(test, "two: reject", "tcp 10.0.0.1:25 eth2");
		EXPECT_LOOK(test, "any: reject", "tcp 10.0.0.1:25 eth22");
		EXPECT_LOOK(test, "any: reject", "tcp 10.0.0.1:25 eth");

		nf_vip_test_set(test, "delete service any");
		EXPECT_LOOK(test, "none", "tcp 10.0.0.1:25");
		EXPECT_LOOK(test, "none", "tcp 10.0.0.1:25 eth3");
		nf_vip_test_set(test, "flush");
	}
}

static void replace_is_the_whole(struct kunit *test)
{
	nf_vip_test_set(test, MAIL);
	nf_vip_test_set(test, "replace\nservice web tcp 10.0.0.1:80; backend web/w 192.168.0.3");
	KUNIT_EXPECT_STREQ(test, "web(w)", nf_vip_test_order(test));
	EXPECT_LOOK(test, "none", "tcp 10.0.0.1:25");
	EXPECT_LOOK(test, "web: w=1", "tcp 10.0.0.1:80");

	nf_vip_test_set(test, "replace");
	KUNIT_EXPECT_STREQ(test, "", nf_vip_test_order(test));
}

static void fastpath_is_kept(struct kunit *test)
{
	nf_vip_test_set(test, "fastpath wan lan");
	KUNIT_EXPECT_STREQ(test, "wan lan", nf_vip_test_fastpath(test));
	nf_vip_test_set(test, MAIL);
	KUNIT_EXPECT_STREQ(test, "wan lan", nf_vip_test_fastpath(test));
	nf_vip_test_set(test, "fastpath lan");
	KUNIT_EXPECT_STREQ(test, "lan", nf_vip_test_fastpath(test));
	nf_vip_test_set(test, "delete fastpath; fastpath a; delete fastpath; fastpath b");
	KUNIT_EXPECT_STREQ(test, "b", nf_vip_test_fastpath(test));
	nf_vip_test_set(test, "delete fastpath");
	KUNIT_EXPECT_STREQ(test, "", nf_vip_test_fastpath(test));

	nf_vip_test_set(test, "fastpath a; flush; fastpath b");
	KUNIT_EXPECT_STREQ(test, "b", nf_vip_test_fastpath(test));
	nf_vip_test_set(test, "replace\n" MAIL);
	KUNIT_EXPECT_STREQ(test, "", nf_vip_test_fastpath(test));
}

static void flush_on_the_way(struct kunit *test)
{
	nf_vip_test_set(test, MAIL);
	nf_vip_test_set(test,
			"backend mail/m3 192.168.0.3; flush\n"
			"service mail udp 10.0.0.1:25; backend mail/m2 192.168.0.2");
	KUNIT_EXPECT_STREQ(test, "mail(m2)", nf_vip_test_order(test));
	EXPECT_LOOK(test, "none", "tcp 10.0.0.1:25");
	EXPECT_LOOK(test, "mail: m2=1", "udp 10.0.0.1:25");
}

static void objects_stand_as_stated(struct kunit *test)
{
	nf_vip_test_set(test, MAIL "service web tcp 10.0.0.1:80; service dns udp 10.0.0.1:53");
	KUNIT_EXPECT_STREQ(test, "mail(m1 m2) web() dns()", nf_vip_test_order(test));

	/* What is there stays where it is, what is new goes to the end. */
	nf_vip_test_set(test,
			"service a tcp 10.0.0.1:1; service web tcp 10.0.0.1:81\n"
			"backend mail/a 192.168.0.3; backend mail/m1 192.168.0.4");
	KUNIT_EXPECT_STREQ(test, "mail(m1 m2 a) web() dns() a()", nf_vip_test_order(test));

	/* A backend that was deleted on the way is new. */
	nf_vip_test_set(test, "delete backend mail/m1; backend mail/m1 192.168.0.4");
	KUNIT_EXPECT_STREQ(test, "mail(m2 a m1) web() dns() a()", nf_vip_test_order(test));

	/* So is a service. */
	nf_vip_test_set(test, "delete service web; service web tcp 10.0.0.1:81");
	KUNIT_EXPECT_STREQ(test, "mail(m2 a m1) dns() a() web()", nf_vip_test_order(test));

	nf_vip_test_set(test,
			"replace; service dns udp 10.0.0.1:53; service mail tcp 10.0.0.1:25\n"
			"backend mail/m1 192.168.0.1; backend mail/a 192.168.0.3");
	KUNIT_EXPECT_STREQ(test, "dns() mail(m1 a)", nf_vip_test_order(test));
}

/* Gives an object something to lose. */
static void use(struct kunit *test, const char *service, const char *backend)
{
	struct nf_vip_net *vn = nf_vip_test_net();
	struct nf_vip_service *s = nf_vip_test_service(test, service);
	struct nf_vip_backend *b = nf_vip_test_backend(test, backend);

	this_cpu_add(b->stats->nr[NF_VIP_BE_CHOSEN], 7);
	this_cpu_add(b->stats->nr[NF_VIP_BE_PINNED], 2);
	this_cpu_add(s->stats->nr[NF_VIP_SVC_CHOSEN], 7);
	this_cpu_add(s->stats->nr[NF_VIP_SVC_PINNED], 2);
	this_cpu_add(s->stats->nr[NF_VIP_SVC_EMPTY], 3);
	this_cpu_add(s->stats->nr[NF_VIP_SVC_CLASH], 1);
	atomic64_set(&s->cursor->next, 5);

	mutex_lock(&vn->lock);
	KUNIT_EXPECT_EQ(test, 0, nf_vip_backend_set_up(b, false));
	mutex_unlock(&vn->lock);
}

static struct nf_vip_svc_stats counts_of(struct nf_vip_service *service)
{
	struct nf_vip_svc_stats counts;

	mutex_lock(&service->vn->lock);
	counts = nf_vip_service_counts(service);
	mutex_unlock(&service->vn->lock);
	return counts;
}

/* Every way to state what is there already, with other options or with none. */
static void objects_are_kept(struct kunit *test)
{
	static const char * const texts[] = {
		MAIL,
		"replace\n" MAIL,
		"flush\n" MAIL,
		"service mail tcp 10.0.0.9:26 scheduler random on-empty drop dev eth0",
		"backend mail/m2 192.168.0.2; backend mail/m1 192.168.0.9:99 weight 9 mark 0x50",
		"delete service mail\n" MAIL,
		"delete backend mail/m1; backend mail/m1 192.168.0.1",
		"service web tcp 10.0.0.1:80",
	};
	struct nf_vip_service *service;
	struct nf_vip_backend *backend;
	unsigned int i;

	nf_vip_test_set(test, MAIL);
	use(test, "mail", "mail/m1");
	service = nf_vip_test_service(test, "mail");
	backend = nf_vip_test_backend(test, "mail/m1");

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		nf_vip_test_set(test, texts[i]);
		KUNIT_ASSERT_PTR_EQ(test, service, nf_vip_test_service(test, "mail"));
		KUNIT_ASSERT_PTR_EQ(test, backend, nf_vip_test_backend(test, "mail/m1"));
		KUNIT_EXPECT_FALSE(test, backend->up);
		KUNIT_EXPECT_EQ(test, 7, nf_vip_backend_counts(backend).nr[NF_VIP_BE_CHOSEN]);
		KUNIT_EXPECT_EQ(test, 2, nf_vip_backend_counts(backend).nr[NF_VIP_BE_PINNED]);
		KUNIT_EXPECT_EQ(test, 7, counts_of(service).nr[NF_VIP_SVC_CHOSEN]);
		KUNIT_EXPECT_EQ(test, 3, counts_of(service).nr[NF_VIP_SVC_EMPTY]);
		KUNIT_EXPECT_EQ(test, 1, counts_of(service).nr[NF_VIP_SVC_CLASH]);
		KUNIT_EXPECT_EQ(test, 5, atomic64_read(&service->cursor->next));
	}
	EXPECT_LOOK(test, "mail: m2=1", "tcp 10.0.0.1:25");
}

/* A service counts what it gave to backends that are gone; a new one is new. */
static void sums_outlive_backends(struct kunit *test)
{
	const struct nf_vip_backend *backend;
	struct nf_vip_service *service;

	nf_vip_test_set(test, MAIL);
	use(test, "mail", "mail/m1");
	service = nf_vip_test_service(test, "mail");

	nf_vip_test_set(test, "delete backend mail/m1");
	KUNIT_EXPECT_EQ(test, 7, counts_of(service).nr[NF_VIP_SVC_CHOSEN]);
	KUNIT_EXPECT_EQ(test, 2, counts_of(service).nr[NF_VIP_SVC_PINNED]);

	nf_vip_test_set(test, "backend mail/m1 192.168.0.1");
	backend = nf_vip_test_backend(test, "mail/m1");
	KUNIT_EXPECT_EQ(test, 0, nf_vip_backend_counts(backend).nr[NF_VIP_BE_CHOSEN]);
	KUNIT_EXPECT_TRUE(test, backend->up);
	KUNIT_EXPECT_EQ(test, 7, counts_of(service).nr[NF_VIP_SVC_CHOSEN]);
	EXPECT_LOOK(test, "mail: m2=1 m1=1", "tcp 10.0.0.1:25");
}

static void options_return_to_defaults(struct kunit *test)
{
	struct nf_vip_service *service;
	struct nf_vip_backend *backend;

	nf_vip_test_set(test,
			"service mail tcp 10.0.0.1:25 dev eth0 scheduler random on-empty drop\n"
			"backend mail/m1 192.168.0.1:26 weight 5 condition c state drain\n");
	EXPECT_LOOK(test, "mail: drop", "tcp 10.0.0.1:25 eth0");
	EXPECT_LOOK(test, "none", "tcp 10.0.0.1:25");

	nf_vip_test_set(test, "service mail tcp 10.0.0.1:25; backend mail/m1 192.168.0.1");
	service = nf_vip_test_service(test, "mail");
	backend = nf_vip_test_backend(test, "mail/m1");
	KUNIT_EXPECT_STREQ(test, "", service->spec.dev);
	KUNIT_EXPECT_EQ(test, NF_VIP_SCHED_NTH, service->spec.policy.scheduler);
	KUNIT_EXPECT_EQ(test, NF_VIP_EMPTY_REJECT, service->spec.on_empty);
	KUNIT_EXPECT_EQ(test, 25, ntohs(nf_vip_backend_port(backend)));
	KUNIT_EXPECT_EQ(test, 1, backend->spec.weight);
	KUNIT_EXPECT_EQ(test, NF_VIP_STATE_UP, backend->spec.state);
	KUNIT_EXPECT_STREQ(test, "", backend->spec.condition);
	KUNIT_EXPECT_STREQ(test, "", nf_vip_test_flags(test));
	EXPECT_LOOK(test, "mail: m1=1", "tcp 10.0.0.1:25");
}

/* A service without options of its own leaves its backends alone, and so back. */
static void statements_touch_their_object_only(struct kunit *test)
{
	nf_vip_test_set(test,
			"service mail tcp 10.0.0.1:25 on-empty accept\n"
			"backend mail/m1 192.168.0.1 weight 4; backend mail/m2 192.168.0.2 state down");
	nf_vip_test_set(test, "service mail tcp 10.0.0.1:25 on-empty drop");
	EXPECT_LOOK(test, "mail: m1=1", "tcp 10.0.0.1:25");
	KUNIT_EXPECT_EQ(test, 4, nf_vip_test_backend(test, "mail/m1")->spec.weight);

	nf_vip_test_set(test, "backend mail/m1 192.168.0.1 weight 0");
	EXPECT_LOOK(test, "mail: drop", "tcp 10.0.0.1:25");
}

static void delete_then_restate(struct kunit *test)
{
	nf_vip_test_set(test, MAIL);
	nf_vip_test_set(test,
			"delete service mail\n"
			"service mail udp 10.0.0.1:25; backend mail/m3 192.168.0.3");
	KUNIT_EXPECT_STREQ(test, "mail(m3)", nf_vip_test_order(test));
	EXPECT_LOOK(test, "none", "tcp 10.0.0.1:25");
	EXPECT_LOOK(test, "mail: m3=1", "udp 10.0.0.1:25");

	/* And the other way round, and once more. */
	nf_vip_test_set(test, "service web tcp 10.0.0.1:80; delete service web");
	KUNIT_EXPECT_STREQ(test, "mail(m3)", nf_vip_test_order(test));
	nf_vip_test_set(test,
			"service web tcp 10.0.0.1:80; delete service web\n"
			"service web tcp 10.0.0.1:81; backend web/w 192.168.0.4\n"
			"delete backend web/w");
	KUNIT_EXPECT_STREQ(test, "mail(m3) web()", nf_vip_test_order(test));
	EXPECT_LOOK(test, "none", "tcp 10.0.0.1:80");
	EXPECT_LOOK(test, "web: reject", "tcp 10.0.0.1:81");
}

static void vips_move(struct kunit *test)
{
	nf_vip_test_set(test, MAIL "service web tcp 10.0.0.1:80");
	nf_vip_test_set(test, "service mail tcp 10.0.0.2:25");
	EXPECT_LOOK(test, "none", "tcp 10.0.0.1:25");
	EXPECT_LOOK(test, "mail: m1=1 m2=1", "tcp 10.0.0.2:25");

	/* Two services exchange theirs: only the result has to be without a clash. */
	nf_vip_test_set(test, "service mail tcp 10.0.0.1:80; service web tcp 10.0.0.2:25");
	EXPECT_LOOK(test, "mail: m1=1 m2=1", "tcp 10.0.0.1:80");
	EXPECT_LOOK(test, "web: reject", "tcp 10.0.0.2:25");

	/* One takes what another gives up. */
	nf_vip_test_set(test, "service new tcp 10.0.0.1:80; delete service mail");
	EXPECT_LOOK(test, "new: reject", "tcp 10.0.0.1:80");
}

static void family_may_change_as_a_whole(struct kunit *test)
{
	nf_vip_test_set(test, MAIL);
	nf_vip_test_set(test,
			"service mail tcp [2001:db8::1]:25\n"
			"backend mail/m1 2001:db8::a; delete backend mail/m2");
	EXPECT_LOOK(test, "none", "tcp 10.0.0.1:25");
	EXPECT_LOOK(test, "mail: m1=1", "tcp [2001:db8::1]:25");
}

/* A port that is not given is the service's, also when that one changes. */
static void ports_follow_the_service(struct kunit *test)
{
	const struct nf_vip_backend *m1, *m3;

	nf_vip_test_set(test, MAIL "backend mail/m3 192.168.0.3:27");
	m1 = nf_vip_test_backend(test, "mail/m1");
	m3 = nf_vip_test_backend(test, "mail/m3");
	KUNIT_EXPECT_EQ(test, 25, ntohs(nf_vip_backend_port(m1)));

	nf_vip_test_set(test, "service mail tcp 10.0.0.1:26");
	KUNIT_EXPECT_EQ(test, 26, ntohs(nf_vip_backend_port(m1)));
	KUNIT_EXPECT_EQ(test, 27, ntohs(nf_vip_backend_port(m3)));
}

static void flags_are_shared_and_dropped(struct kunit *test)
{
	nf_vip_test_set(test,
			"service a tcp 10.0.0.1:1; backend a/x 192.168.0.1 condition host1\n"
			"backend a/y 192.168.0.2 condition host2\n"
			"service b tcp 10.0.0.1:2; backend b/x 192.168.0.1 condition host1");
	KUNIT_EXPECT_STREQ(test, "host1=0/2 host2=0/1", nf_vip_test_flags(test));

	nf_vip_test_set(test, "backend a/x 192.168.0.1");
	KUNIT_EXPECT_STREQ(test, "host1=0/1 host2=0/1", nf_vip_test_flags(test));

	/* From one flag to the other. */
	nf_vip_test_set(test, "backend b/x 192.168.0.1 condition host2");
	KUNIT_EXPECT_STREQ(test, "host2=0/2", nf_vip_test_flags(test));

	nf_vip_test_set(test, "delete service b");
	KUNIT_EXPECT_STREQ(test, "host2=0/1", nf_vip_test_flags(test));
	nf_vip_test_set(test, "delete backend a/y");
	KUNIT_EXPECT_STREQ(test, "", nf_vip_test_flags(test));
}

static void set_flag(struct kunit *test, const char *backend, bool dead)
{
	struct nf_vip_condition *flag = nf_vip_test_backend(test, backend)->condition;

	KUNIT_ASSERT_NOT_NULL(test, flag);
	mutex_lock(&flag->vn->lock);
	KUNIT_EXPECT_EQ(test, 0, nf_vip_condition_set(flag, dead));
	mutex_unlock(&flag->vn->lock);
}

/* As long as somebody names it, a flag keeps its value; then it is forgotten. */
static void flags_keep_their_value(struct kunit *test)
{
	nf_vip_test_set(test, MAIL "backend mail/m3 192.168.0.3 condition c");
	set_flag(test, "mail/m3", true);
	EXPECT_LOOK(test, "mail: m1=1 m2=1", "tcp 10.0.0.1:25");

	nf_vip_test_set(test, "backend mail/m3 192.168.0.3 condition c weight 2");
	KUNIT_EXPECT_STREQ(test, "c=1/1", nf_vip_test_flags(test));
	EXPECT_LOOK(test, "mail: m1=1 m2=1", "tcp 10.0.0.1:25");

	/* It passes to another backend within one text. */
	nf_vip_test_set(test, "delete backend mail/m3; backend mail/m2 192.168.0.2 condition c");
	KUNIT_EXPECT_STREQ(test, "c=1/1", nf_vip_test_flags(test));
	EXPECT_LOOK(test, "mail: m1=1", "tcp 10.0.0.1:25");

	nf_vip_test_set(test, "replace\n" MAIL "backend mail/m3 192.168.0.3 condition c");
	KUNIT_EXPECT_STREQ(test, "c=1/1", nf_vip_test_flags(test));

	nf_vip_test_set(test, "backend mail/m3 192.168.0.3");
	nf_vip_test_set(test, "backend mail/m3 192.168.0.3 condition c");
	KUNIT_EXPECT_STREQ(test, "c=0/1", nf_vip_test_flags(test));
	EXPECT_LOOK(test, "mail: m1=1 m2=1 m3=1", "tcp 10.0.0.1:25");
}

static void generation_counts_transactions(struct kunit *test)
{
	u64 before = nf_vip_test_net()->generation;

	nf_vip_test_set(test, MAIL);
	KUNIT_EXPECT_EQ(test, before + 1, nf_vip_test_net()->generation);
	nf_vip_test_set(test, MAIL);
	KUNIT_EXPECT_EQ(test, before + 2, nf_vip_test_net()->generation);
	KUNIT_EXPECT_EQ(test, -EINVAL, nf_vip_test_apply(test, "mail"));
	KUNIT_EXPECT_EQ(test, before + 2, nf_vip_test_net()->generation);
}

static struct kunit_case transaction_cases[] = {
	KUNIT_CASE(statements_take_effect),
	KUNIT_CASE(empty_text_is_none),
	KUNIT_CASE(vips_are_kept_apart),
	KUNIT_CASE(dev_comes_first),
	KUNIT_CASE(replace_is_the_whole),
	KUNIT_CASE(fastpath_is_kept),
	KUNIT_CASE(flush_on_the_way),
	KUNIT_CASE(objects_stand_as_stated),
	KUNIT_CASE(objects_are_kept),
	KUNIT_CASE(sums_outlive_backends),
	KUNIT_CASE(options_return_to_defaults),
	KUNIT_CASE(statements_touch_their_object_only),
	KUNIT_CASE(delete_then_restate),
	KUNIT_CASE(vips_move),
	KUNIT_CASE(family_may_change_as_a_whole),
	KUNIT_CASE(ports_follow_the_service),
	KUNIT_CASE(flags_are_shared_and_dropped),
	KUNIT_CASE(flags_keep_their_value),
	KUNIT_CASE(generation_counts_transactions),
	{}
};

static struct kunit_suite transaction_suite = {
	.name = "nf_vip_transaction",
	.init = nf_vip_test_init,
	.exit = nf_vip_test_exit,
	.test_cases = transaction_cases,
};

kunit_test_suite(transaction_suite);
