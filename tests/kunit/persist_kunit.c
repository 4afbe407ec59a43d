// SPDX-License-Identifier: GPL-2.0
/*
 * Persistence: clients are found again, for their time, in a table of a bounded
 * size; two CPUs that come for one client agree.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include "select/persist.h"
#include "suite.h"

#define LONG	1000

KUNIT_DEFINE_ACTION_WRAPPER(put_clients, nf_vip_clients_put, struct nf_vip_clients *);

static struct nf_vip_clients *make_clients(struct kunit *test, u8 family, u32 mask, u32 max_clients)
{
	const struct nf_vip_service_spec svc = {
		.family = family, .policy.persist = LONG, .mask = mask, .max_clients = max_clients,
	};
	struct nf_vip_clients *clients = nf_vip_clients_for(NULL, &svc, "test");

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, clients);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, put_clients, clients));
	return clients;
}

static u32 find(struct nf_vip_clients *clients, u32 addr, struct nf_vip_client *client)
{
	const union nf_inet_addr where = { .ip = htonl(addr) };

	return nf_vip_client_find(clients, &where, client);
}

static u32 keep(struct nf_vip_clients *clients, u32 addr, u32 mark, u32 seconds)
{
	struct nf_vip_client client;

	find(clients, addr, &client);
	return nf_vip_client_keep(&client, mark, seconds);
}

static u32 found(struct nf_vip_clients *clients, u32 addr)
{
	struct nf_vip_client client;

	return find(clients, addr, &client);
}

static void client_is_found_again(struct kunit *test)
{
	struct nf_vip_clients *clients = make_clients(test, NFPROTO_IPV4, 0, 100);
	struct nf_vip_client_entry entry;
	u32 at = 0;

	KUNIT_EXPECT_EQ(test, 0, found(clients, 0x0a000009));
	KUNIT_EXPECT_EQ(test, 0xffff0001, keep(clients, 0x0a000009, 0xffff0001, LONG));
	KUNIT_EXPECT_EQ(test, 0xffff0001, found(clients, 0x0a000009));
	KUNIT_EXPECT_EQ(test, 0, found(clients, 0x0a00000a));

	/* Its backend may not be chosen any more. */
	KUNIT_EXPECT_EQ(test, 2, keep(clients, 0x0a000009, 2, LONG));
	KUNIT_EXPECT_EQ(test, 2, found(clients, 0x0a000009));
	KUNIT_EXPECT_EQ(test, 1, nf_vip_clients_count(clients));

	KUNIT_ASSERT_TRUE(test, nf_vip_clients_next(clients, &at, &entry));
	KUNIT_EXPECT_EQ(test, htonl(0x0a000009), entry.addr.ip);
	KUNIT_EXPECT_EQ(test, 2, entry.mark);
	KUNIT_EXPECT_LE(test, entry.expires, LONG);
	KUNIT_EXPECT_GE(test, entry.expires, LONG - 100);
	KUNIT_EXPECT_FALSE(test, nf_vip_clients_next(clients, &at, &entry));

	nf_vip_clients_forget(clients);
	KUNIT_EXPECT_EQ(test, 0, found(clients, 0x0a000009));
	KUNIT_EXPECT_EQ(test, 0, nf_vip_clients_count(clients));
}

/* Both looked before either wrote. */
static void first_one_decides(struct kunit *test)
{
	struct nf_vip_clients *clients = make_clients(test, NFPROTO_IPV4, 0, 100);
	struct nf_vip_client one, other;

	find(clients, 1, &one);
	find(clients, 1, &other);
	KUNIT_EXPECT_EQ(test, 5, nf_vip_client_keep(&other, 5, LONG));
	KUNIT_EXPECT_EQ(test, 5, nf_vip_client_keep(&one, 6, LONG));

	/* The same when there was an old choice. */
	find(clients, 1, &one);
	find(clients, 1, &other);
	KUNIT_EXPECT_EQ(test, 7, nf_vip_client_keep(&other, 7, LONG));
	KUNIT_EXPECT_EQ(test, 7, nf_vip_client_keep(&one, 8, LONG));

	/* The one that wrote may write again. */
	KUNIT_EXPECT_EQ(test, 9, nf_vip_client_keep(&other, 9, LONG));
	KUNIT_EXPECT_EQ(test, 9, found(clients, 1));
	KUNIT_EXPECT_EQ(test, 1, nf_vip_clients_count(clients));
}

static void table_is_bounded(struct kunit *test)
{
	struct nf_vip_clients *clients = make_clients(test, NFPROTO_IPV4, 0, 1);
	u32 i;

	/* The smallest has one set. */
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, i + 1, keep(clients, i, i + 1, LONG));
	for (; i < 20; i++)
		KUNIT_EXPECT_EQ(test, 0, keep(clients, i, i + 1, LONG));
	KUNIT_EXPECT_EQ(test, 8, nf_vip_clients_count(clients));
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, i + 1, found(clients, i));
}

/* As many as were asked for, but for few that meet in a set that is full. */
static void most_clients_have_room(struct kunit *test)
{
	const u32 nr = 20000;
	struct nf_vip_clients *clients = make_clients(test, NFPROTO_IPV4, 0, nr);
	u32 i, kept = 0, wrong = 0;

	for (i = 0; i < nr; i++)
		kept += !!keep(clients, i, i + 1, LONG);
	for (i = 0; i < nr; i++) {
		u32 mark = found(clients, i);

		wrong += mark && mark != i + 1;
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
	KUNIT_EXPECT_GT(test, kept, nr - nr / 50);
	KUNIT_EXPECT_EQ(test, kept, nf_vip_clients_count(clients));
}

/* Polls: an entry with no time lives until the second is over that has begun. */
static void time_ends(struct kunit *test)
{
	struct nf_vip_clients *clients = make_clients(test, NFPROTO_IPV4, 0, 1);
	struct nf_vip_client client;
	u32 i;

	for (i = 0; i < 8; i++)
		keep(clients, i, i + 1, i == 3 ? 0 : LONG);
	for (i = 0; i < 3000 && found(clients, 3); i++)
		msleep(20);
	KUNIT_EXPECT_EQ(test, 0, found(clients, 3));
	KUNIT_EXPECT_EQ(test, 7, nf_vip_clients_count(clients));

	/* Its place is another one's now; the renewed ones stay. */
	KUNIT_EXPECT_EQ(test, 100, keep(clients, 99, 100, 0));
	KUNIT_EXPECT_EQ(test, 0, keep(clients, 3, 4, LONG));
	find(clients, 99, &client);
	nf_vip_client_renew(&client, LONG);
	KUNIT_EXPECT_EQ(test, 8, nf_vip_clients_count(clients));
}

static const struct mask {
	const char *name;
	u8 family;
	u32 mask;
	/* Addresses by their first and their last word. */
	u32 one[2];
	u32 same[2];
	u32 other[2];
} masks[] = {
	{ "IPv4, 24", NFPROTO_IPV4, 24, { 0x0a000001 }, { 0x0a0000ff }, { 0x0a000101 } },
	{ "IPv4, 1", NFPROTO_IPV4, 1, { 0x0a000001 }, { 0x7fffffff }, { 0x80000000 } },
	{ "IPv4, 32", NFPROTO_IPV4, 32, { 1 }, { 1 }, { 0 } },
	{ "IPv6, 64", NFPROTO_IPV6, 64, { 0x20010db8, 1 }, { 0x20010db8, 2 }, { 0x20010db9, 1 } },
	{ "IPv6, 127", NFPROTO_IPV6, 127, { 1, 2 }, { 1, 3 }, { 1, 4 } },
	{ "IPv6, 20", NFPROTO_IPV6, 20, { 0x20010db8, 1 }, { 0x20010fff, 9 }, { 0x20011000, 1 } },
	{ "IPv6, all", NFPROTO_IPV6, 0, { 1, 2 }, { 1, 2 }, { 1, 3 } },
};

KUNIT_ARRAY_PARAM_DESC(mask, masks, name);

static union nf_inet_addr addr_of(const struct mask *row, const u32 words[2])
{
	union nf_inet_addr addr = { .ip = htonl(words[0]) };

	if (row->family == NFPROTO_IPV6)
		addr.ip6[3] = htonl(words[1]);
	return addr;
}

static void mask_makes_a_client(struct kunit *test)
{
	const struct mask *row = test->param_value;
	struct nf_vip_clients *clients = make_clients(test, row->family, row->mask, 100);
	union nf_inet_addr one = addr_of(row, row->one), same = addr_of(row, row->same);
	union nf_inet_addr other = addr_of(row, row->other);
	struct nf_vip_client client;

	nf_vip_client_find(clients, &one, &client);
	KUNIT_EXPECT_EQ(test, 5, nf_vip_client_keep(&client, 5, LONG));
	KUNIT_EXPECT_EQ(test, 5, nf_vip_client_find(clients, &same, &client));
	KUNIT_EXPECT_EQ(test, 0, nf_vip_client_find(clients, &other, &client));
}

static void table_is_kept_if_it_fits(struct kunit *test)
{
	struct nf_vip_service_spec svc = {
		.family = NFPROTO_IPV4, .policy.persist = 10, .max_clients = 100,
	};
	struct nf_vip_clients *clients = make_clients(test, NFPROTO_IPV4, 0, 100), *next;

	next = nf_vip_clients_for(clients, &svc, "test");
	KUNIT_EXPECT_PTR_EQ(test, clients, next);
	nf_vip_clients_put(next);
	svc.mask = 24;
	next = nf_vip_clients_for(clients, &svc, "test");
	KUNIT_EXPECT_PTR_NE(test, clients, next);
	nf_vip_clients_put(next);
	svc.mask = 0;
	svc.max_clients = 101;
	next = nf_vip_clients_for(clients, &svc, "test");
	KUNIT_EXPECT_PTR_NE(test, clients, next);
	nf_vip_clients_put(next);
	svc.policy.persist = 0;
	KUNIT_EXPECT_NULL(test, nf_vip_clients_for(clients, &svc, "test"));
	nf_vip_clients_put(NULL);
}

#define ROUNDS	5000

struct keeper {
	struct nf_vip_clients *clients;
	struct keeper *other;
	struct completion done;
	/* Clients that are through. */
	u32 at;
	u32 mark;
	u32 kept[ROUNDS];
};

static int keep_along(void *data)
{
	struct keeper *me = data;
	struct nf_vip_client client;
	u32 i;

	for (i = 0; i < suite_rounds(ROUNDS); i++) {
		/* Both begin with each client at once, as near as can be. */
		while (smp_load_acquire(&me->other->at) < i)
			cond_resched();
		me->kept[i] = find(me->clients, i, &client) ?:
			      nf_vip_client_keep(&client, me->mark, LONG);
		/* With the load above: what was kept is there before it is said. */
		smp_store_release(&me->at, i + 1);
	}
	complete(&me->done);
	return 0;
}

static void two_agree(struct kunit *test)
{
	struct keeper *two = kunit_kcalloc(test, 2, sizeof(*two), GFP_KERNEL);
	struct nf_vip_clients *clients = make_clients(test, NFPROTO_IPV4, 0, 4 * ROUNDS);
	u32 i, differ = 0;

	KUNIT_ASSERT_NOT_NULL(test, two);
	for (i = 0; i < 2; i++) {
		init_completion(&two[i].done);
		two[i].clients = clients;
		two[i].other = &two[!i];
		two[i].mark = i + 1;
	}
	for (i = 0; i < 2; i++)
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, kthread_run(keep_along, &two[i], "nf_vip_keep"));
	for (i = 0; i < 2; i++)
		wait_for_completion(&two[i].done);
	for (i = 0; i < suite_rounds(ROUNDS); i++)
		differ += two[0].kept[i] != two[1].kept[i];
	KUNIT_EXPECT_EQ(test, 0, differ);
	KUNIT_EXPECT_EQ(test, suite_rounds(ROUNDS), nf_vip_clients_count(clients));
}

static struct kunit_case persist_cases[] = {
	KUNIT_CASE(client_is_found_again),
	KUNIT_CASE(first_one_decides),
	KUNIT_CASE(table_is_bounded),
	KUNIT_CASE(most_clients_have_room),
	KUNIT_CASE(time_ends),
	KUNIT_CASE_PARAM(mask_makes_a_client, mask_gen_params),
	KUNIT_CASE(table_is_kept_if_it_fits),
	KUNIT_CASE(two_agree),
	{}
};

static struct kunit_suite persist_suite = {
	.name = "nf_vip_persist",
	.test_cases = persist_cases,
};

kunit_test_suite(persist_suite);
