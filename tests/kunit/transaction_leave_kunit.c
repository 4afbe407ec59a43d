// SPDX-License-Identifier: GPL-2.0
/*
 * Backends that are deleted while they have connections: when they leave, when
 * they go at once, and when they come back. Connections are only counted here,
 * so nobody walks to correct that.
 */
#include <linux/bitops.h>
#include <linux/seq_buf.h>
#include <linux/workqueue.h>
#include "fixture.h"
#include "health/drain.h"
#include "health/upkeep.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "select/load.h"

/* Connections of a backend that is configured. */
static struct nf_vip_backend *hold(struct kunit *test, const char *name)
{
	struct nf_vip_backend *backend = nf_vip_test_backend(test, name);

	atomic_set(&backend->load->live, 1);
	return backend;
}

/* The backend of that name of mail that is leaving, or NULL. */
static struct nf_vip_backend *leaving(struct kunit *test, const char *name)
{
	struct nf_vip_service *service = nf_vip_test_service(test, "mail");
	struct nf_vip_net *vn = nf_vip_test_net();
	struct nf_vip_backend *backend;

	mutex_lock(&vn->lock);
	backend = nf_vip_backend_find_leaving(service, name);
	mutex_unlock(&vn->lock);
	return backend;
}

/* Whom a packet with this mark belongs to. */
static struct nf_vip_backend *owner(u32 mark)
{
	struct nf_vip_net *vn = nf_vip_test_net();
	struct nf_vip_backend *backend;

	rcu_read_lock();
	backend = nf_vip_marks_find(rcu_dereference(vn->marks), mark);
	rcu_read_unlock();
	return backend;
}

/* mail with m1, which has connections and leaves, and m2, which has none. */
static struct nf_vip_backend *begin(struct kunit *test)
{
	struct nf_vip_backend *backend;

	nf_vip_test_set(test, MAIL);
	backend = hold(test, "mail/m1");
	nf_vip_test_set(test, "delete backend mail/m1");
	KUNIT_ASSERT_PTR_EQ(test, backend, leaving(test, "m1"));
	return backend;
}

static void leaves_with_connections(struct kunit *test)
{
	struct nf_vip_backend *backend = begin(test);

	KUNIT_EXPECT_STREQ(test, "mail(m2)", nf_vip_test_order(test));
	EXPECT_LOOK(test, "mail: m2=1", "tcp 10.0.0.1:25");
	KUNIT_EXPECT_EQ(test, NF_VIP_STATE_DRAIN, backend->spec.state);
	KUNIT_EXPECT_EQ(test, NF_VIP_LEAVE_SECONDS, backend->drain.seconds);
	KUNIT_EXPECT_PTR_EQ(test, backend, owner(backend->spec.mark));
	KUNIT_EXPECT_EQ(test, -ENODEV, backend_set_state(backend, NF_VIP_STATE_UP));

	nf_vip_test_set(test, "delete backend mail/m2");
	KUNIT_EXPECT_NULL(test, leaving(test, "m2"));
	KUNIT_EXPECT_STREQ(test, "mail()", nf_vip_test_order(test));
}

static void comes_back(struct kunit *test)
{
	struct nf_vip_backend *backend = begin(test);
	u32 mark = backend->spec.mark;

	nf_vip_test_set(test, "service mail tcp 10.0.0.1:26; backend mail/m3 192.168.0.3");
	KUNIT_EXPECT_PTR_EQ(test, backend, leaving(test, "m1"));
	nf_vip_test_set(test, "backend mail/m1 192.168.0.1 weight 3");
	KUNIT_EXPECT_NULL(test, leaving(test, "m1"));
	KUNIT_EXPECT_PTR_EQ(test, backend, nf_vip_test_backend(test, "mail/m1"));
	KUNIT_EXPECT_EQ(test, mark, backend->spec.mark);
	KUNIT_EXPECT_EQ(test, 1, nf_vip_load_get(backend->load));
	KUNIT_EXPECT_STREQ(test, "mail(m2 m3 m1)", nf_vip_test_order(test));
	EXPECT_LOOK(test, "mail: m2=1 m3=1 m1=3", "tcp 10.0.0.1:26");

	/* Once more, both at a time, by a text that says something else. */
	hold(test, "mail/m2");
	nf_vip_test_set(test, "replace; service mail tcp 10.0.0.1:25; backend mail/m4 192.168.0.4");
	KUNIT_EXPECT_PTR_EQ(test, backend, leaving(test, "m1"));
	KUNIT_EXPECT_NOT_NULL(test, leaving(test, "m2"));
	KUNIT_EXPECT_NULL(test, leaving(test, "m3"));
	nf_vip_test_set(test, "replace\n" MAIL);
	KUNIT_EXPECT_STREQ(test, "mail(m1 m2)", nf_vip_test_order(test));
	KUNIT_EXPECT_EQ(test, 0, nf_vip_test_service(test, "mail")->nr_leaving);

	/* Within one text nothing leaves. */
	nf_vip_test_set(test, "delete backend mail/m1 force; backend mail/m1 192.168.0.1");
	KUNIT_EXPECT_PTR_EQ(test, backend, nf_vip_test_backend(test, "mail/m1"));
}

static void goes_at_once(struct kunit *test)
{
	static const char * const texts[] = {
		"delete backend mail/m1 force",
		"backend mail/m1 192.168.0.9; delete backend mail/m1 force",
		"delete backend mail/m1 force; delete backend mail/m2",
		"replace; service mail tcp 10.0.0.1:25\n"
		"backend mail/m1 192.168.0.1; delete backend mail/m1 force",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		u32 mark;

		nf_vip_test_set(test, MAIL);
		mark = hold(test, "mail/m1")->spec.mark;
		nf_vip_test_set(test, texts[i]);
		KUNIT_EXPECT_NULL_MSG(test, leaving(test, "m1"), "%s", texts[i]);
		KUNIT_EXPECT_NULL_MSG(test, owner(mark), "%s", texts[i]);
		begin(test);
		nf_vip_test_set(test, texts[i]);
		KUNIT_EXPECT_NULL_MSG(test, leaving(test, "m1"), "leaving, %s", texts[i]);
		nf_vip_test_set(test, "flush");
	}
}

static void goes_with_its_service(struct kunit *test)
{
	static const char * const texts[] = {
		"flush", "delete service mail", "replace",
		"replace; service web tcp 10.0.0.1:80; backend web/w 192.168.0.1",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		u32 mark = begin(test)->spec.mark;

		hold(test, "mail/m2");
		nf_vip_test_net()->next_mark = 5;
		nf_vip_test_set(test, texts[i]);
		KUNIT_EXPECT_NULL_MSG(test, owner(mark), "%s", texts[i]);
		nf_vip_test_set(test, MAIL);
		KUNIT_EXPECT_NULL_MSG(test, leaving(test, "m1"), "%s", texts[i]);
		nf_vip_test_set(test, "flush");
	}
}

static void mark_is_kept_unless_asked_for(struct kunit *test)
{
	struct nf_vip_backend *backend = begin(test);
	u32 mark = backend->spec.mark;
	char text[80];

	nf_vip_test_net()->next_mark = 0;
	nf_vip_test_set(test, "backend mail/m3 192.168.0.3; service web tcp 10.0.0.1:80\n"
			      "backend web/w 192.168.0.4");
	KUNIT_EXPECT_PTR_EQ(test, backend, owner(mark));

	/* By a backend of another service, which does not touch its own. */
	snprintf(text, sizeof(text), "backend web/v 192.168.0.5 mark %#x", mark);
	nf_vip_test_set(test, text);
	KUNIT_EXPECT_NULL(test, leaving(test, "m1"));
	KUNIT_EXPECT_PTR_EQ(test, nf_vip_test_backend(test, "web/v"), owner(mark));
}

/* Nobody is refused for the sake of those who leave. */
static void leaves_marks_to_others(struct kunit *test)
{
	unsigned int round, i, last = BIT(hweight32(nf_vip_mark_mask)) - 1;
	char text[1024];
	struct seq_buf out;

	if (last > 15)
		kunit_skip(test, "too many marks");
	for (round = 0; round < 2; round++) {
		seq_buf_init(&out, text, sizeof(text));
		seq_buf_puts(&out, "replace; service mail tcp 10.0.0.1:25\n");
		for (i = 1; i <= last; i++)
			seq_buf_printf(&out, "backend mail/r%u-%u 192.168.0.%u\n", round, i, i);
		nf_vip_test_set(test, seq_buf_str(&out));
		hold(test, round ? "mail/r1-1" : "mail/r0-1");
		hold(test, round ? "mail/r1-2" : "mail/r0-2");
	}
	KUNIT_EXPECT_NULL(test, leaving(test, "r0-1"));
	KUNIT_EXPECT_NULL(test, leaving(test, "r0-2"));
}

static void refused_changes_nothing(struct kunit *test)
{
	struct nf_vip_backend *backend = begin(test);

	nf_vip_test_refused(test, "delete backend mail/m1 force\nbackend mail/m2 fd00::1",
			    -EAFNOSUPPORT,
			    "line 2: backend \"mail/m2\": expected an IPv4 address, as the VIP is");
	nf_vip_test_refused(test, "backend mail/m1 192.168.0.1\nbackend mail/m2 fd00::1",
			    -EAFNOSUPPORT,
			    "line 2: backend \"mail/m2\": expected an IPv4 address, as the VIP is");
	nf_vip_test_refused(test, "delete backend mail/m1", -ENOENT,
			    "line 1: backend \"mail/m1\": expected one that exists");
	nf_vip_test_refused(test, "delete backend mail/m9 force", -ENOENT,
			    "line 1: backend \"mail/m9\": expected one that exists");
	KUNIT_EXPECT_PTR_EQ(test, backend, leaving(test, "m1"));
}

static void look(void)
{
	struct nf_vip_net *vn = nf_vip_test_net();

	nf_vip_drain_run(vn);
	flush_work(&vn->reap);
}

static void ends(struct kunit *test)
{
	struct nf_vip_backend *backend = begin(test);
	u32 mark = backend->spec.mark;

	look();
	KUNIT_EXPECT_PTR_EQ(test, backend, leaving(test, "m1"));
	atomic_set(&backend->load->live, 0);
	look();
	KUNIT_EXPECT_NULL(test, leaving(test, "m1"));
	KUNIT_EXPECT_NULL(test, owner(mark));

	/* The deadline, and a while later. */
	backend = begin(test);
	backend->drain.end = jiffies;
	look();
	KUNIT_EXPECT_TRUE(test, backend->drain.overdue);
	KUNIT_EXPECT_PTR_EQ(test, backend, leaving(test, "m1"));
	backend->drain.end = jiffies - 60 * HZ;
	look();
	KUNIT_EXPECT_NULL(test, leaving(test, "m1"));
	nf_vip_test_set(test, MAIL);
	KUNIT_EXPECT_STREQ(test, "mail(m2 m1)", nf_vip_test_order(test));
}

static int init(struct kunit *test)
{
	struct nf_vip_net *vn = nf_vip_test_net();
	int err = nf_vip_test_init(test);

	if (err)
		return err;
	/* No walk: it would see that there are none of the connections that hold() counts. */
	nf_vip_upkeep_stop(vn);
	vn->walk.on = true;
	vn->walk.soonest = jiffies + 3600 * HZ;
	return 0;
}

static void leave_suite_exit(struct kunit *test)
{
	struct nf_vip_net *vn = nf_vip_test_net();

	vn->walk.on = false;
	nf_vip_upkeep_stop(vn);
	vn->walk.soonest = jiffies;
	nf_vip_test_exit(test);
}

static struct kunit_case transaction_leave_cases[] = {
	KUNIT_CASE(leaves_with_connections),
	KUNIT_CASE(comes_back),
	KUNIT_CASE(goes_at_once),
	KUNIT_CASE(goes_with_its_service),
	KUNIT_CASE(mark_is_kept_unless_asked_for),
	KUNIT_CASE(leaves_marks_to_others),
	KUNIT_CASE(refused_changes_nothing),
	KUNIT_CASE(ends),
	{}
};

static struct kunit_suite transaction_leave_suite = {
	.name = "nf_vip_transaction_leave",
	.init = init,
	.exit = leave_suite_exit,
	.test_cases = transaction_leave_cases,
};

kunit_test_suite(transaction_leave_suite);
