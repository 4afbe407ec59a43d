// SPDX-License-Identifier: GPL-2.0
/*
 * The VIP map by itself: with everything in one bucket, so that each test meets
 * the comparisons and the chain, and with many VIPs.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "map.h"
#include "suite.h"

/* VIPs that differ from the first one in one thing only. */
static const struct nf_vip_service_spec alike[] = {
	{ .family = NFPROTO_IPV4, .proto = IPPROTO_TCP, .port = cpu_to_be16(53),
	  .vip = { .ip = cpu_to_be32(0x0a000001) } },
	{ .family = NFPROTO_IPV4, .proto = IPPROTO_UDP, .port = cpu_to_be16(53),
	  .vip = { .ip = cpu_to_be32(0x0a000001) } },
	{ .family = NFPROTO_IPV4, .proto = IPPROTO_TCP, .port = cpu_to_be16(54),
	  .vip = { .ip = cpu_to_be32(0x0a000001) } },
	{ .family = NFPROTO_IPV4, .proto = IPPROTO_TCP, .port = cpu_to_be16(53),
	  .vip = { .ip = cpu_to_be32(0x0a000002) } },
	{ .family = NFPROTO_IPV6, .proto = IPPROTO_TCP, .port = cpu_to_be16(53),
	  .vip = { .ip6 = { cpu_to_be32(0x0a000001) } } },
	{ .family = NFPROTO_IPV6, .proto = IPPROTO_TCP, .port = cpu_to_be16(53),
	  .vip = { .ip6 = { cpu_to_be32(0x0a000001), 0, 0, cpu_to_be32(1) } } },
};

KUNIT_DEFINE_ACTION_WRAPPER(free_map, kvfree, const void *);

static struct nf_vip_map *make_map(struct kunit *test, u32 capacity)
{
	struct nf_vip_map *map = nf_vip_map_alloc(capacity);

	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_map, map));
	return map;
}

static struct nf_vip_map *make_one_bucket(struct kunit *test, u32 capacity)
{
	struct nf_vip_map *map = make_map(test, capacity);

	map->mask = 0;
	return map;
}

static struct nf_conntrack_tuple tuple_of(const struct nf_vip_service_spec *spec)
{
	struct nf_conntrack_tuple tuple = {};

	tuple.src.l3num = spec->family;
	tuple.dst.protonum = spec->proto;
	tuple.dst.u.all = spec->port;
	tuple.dst.u3 = spec->vip;
	return tuple;
}

static const struct nf_vip_entry *find(const struct nf_vip_map *map,
				       const struct nf_vip_service_spec *spec,
				       const struct net_device *in)
{
	const struct nf_conntrack_tuple tuple = tuple_of(spec);

	return nf_vip_map_find(map, &tuple, in);
}

static bool covers(const struct nf_vip_map *map, const struct nf_vip_service_spec *spec)
{
	const struct nf_conntrack_tuple tuple = tuple_of(spec);

	return nf_vip_map_covers(map, &tuple);
}

static void empty_map(struct kunit *test)
{
	const struct nf_vip_map *map = make_map(test, 0);

	KUNIT_EXPECT_NULL(test, find(map, &alike[0], NULL));
	KUNIT_EXPECT_FALSE(test, covers(map, &alike[0]));
}

/* Each alone: it is found, what is alike is not. Then with those before it. */
static void alike_is_not_the_same(struct kunit *test)
{
	struct nf_vip_map *together = make_one_bucket(test, ARRAY_SIZE(alike));
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(alike); i++) {
		struct nf_vip_map *map = make_one_bucket(test, 1);
		const struct nf_vip_entry *entry = nf_vip_map_add(map, &alike[i], NULL);

		KUNIT_ASSERT_NOT_NULL(test, entry);
		KUNIT_ASSERT_NOT_NULL(test, nf_vip_map_add(together, &alike[i], NULL));
		for (k = 0; k < ARRAY_SIZE(alike); k++) {
			KUNIT_EXPECT_PTR_EQ(test, k == i ? entry : NULL,
					    find(map, &alike[k], NULL));
			KUNIT_EXPECT_EQ(test, k == i, covers(map, &alike[k]));
			KUNIT_EXPECT_PTR_EQ(test, k <= i ? &together->entries[k] : NULL,
					    find(together, &alike[k], NULL));
			KUNIT_EXPECT_EQ(test, k <= i, covers(together, &alike[k]));
		}
	}
}

static void no_vip_twice(struct kunit *test)
{
	struct nf_vip_map *map = make_one_bucket(test, ARRAY_SIZE(alike) + 2);
	struct nf_vip_service_spec with_dev;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(alike); i++) {
		KUNIT_EXPECT_NOT_NULL(test, nf_vip_map_add(map, &alike[i], NULL));
		KUNIT_EXPECT_NULL(test, nf_vip_map_add(map, &alike[i], NULL));
	}
	with_dev = alike[0];
	strscpy(with_dev.dev, "eth0", sizeof(with_dev.dev));
	KUNIT_EXPECT_NOT_NULL(test, nf_vip_map_add(map, &with_dev, NULL));
	KUNIT_EXPECT_NULL(test, nf_vip_map_add(map, &with_dev, NULL));
	KUNIT_EXPECT_EQ(test, ARRAY_SIZE(alike) + 1, map->nr);
}

/* The orders in which two interfaces and none can be added. */
static const struct dev_order {
	const char *name;
	const char *devs[3];
} dev_orders[] = {
	{ "none first", { "", "eth1", "eth2" } },
	{ "none between", { "eth2", "", "eth1" } },
	{ "none last", { "eth1", "eth2", "" } },
};

KUNIT_ARRAY_PARAM_DESC(dev_order, dev_orders, name);

static void expect_dev(struct kunit *test, const struct nf_vip_map *map, const char *name,
		       const char *wanted)
{
	struct net_device *in = kunit_kzalloc(test, sizeof(*in), GFP_KERNEL);
	const struct nf_vip_entry *entry;

	KUNIT_ASSERT_NOT_NULL(test, in);
	strscpy(in->name, name, sizeof(in->name));
	entry = find(map, &alike[0], in);
	KUNIT_ASSERT_NOT_NULL(test, entry);
	KUNIT_EXPECT_STREQ_MSG(test, wanted, entry->dev, "from %s", name);
}

/* An interface of its own comes before none, among other VIPs of the bucket. */
static void dev_before_none(struct kunit *test)
{
	const struct dev_order *row = test->param_value;
	struct nf_vip_map *map = make_one_bucket(test, 6);
	const struct nf_vip_entry *entry;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct nf_vip_service_spec spec = alike[0];

		strscpy(spec.dev, row->devs[i], sizeof(spec.dev));
		KUNIT_ASSERT_NOT_NULL(test, nf_vip_map_add(map, &spec, NULL));
		KUNIT_ASSERT_NOT_NULL(test, nf_vip_map_add(map, &alike[i + 1], NULL));
	}
	expect_dev(test, map, "eth1", "eth1");
	expect_dev(test, map, "eth2", "eth2");
	expect_dev(test, map, "eth3", "");
	expect_dev(test, map, "eth", "");
	expect_dev(test, map, "eth11", "");

	/* Local traffic comes in by none. */
	entry = find(map, &alike[0], NULL);
	KUNIT_ASSERT_NOT_NULL(test, entry);
	KUNIT_EXPECT_STREQ(test, "", entry->dev);
}

static void covered_by_whatever_dev(struct kunit *test)
{
	struct nf_vip_map *map = make_one_bucket(test, 1);
	struct nf_vip_service_spec spec = alike[0];

	/* As long as an interface name can be. */
	strscpy(spec.dev, "abcdefghijklmno", sizeof(spec.dev));
	KUNIT_ASSERT_NOT_NULL(test, nf_vip_map_add(map, &spec, NULL));
	KUNIT_EXPECT_TRUE(test, covers(map, &alike[0]));
	KUNIT_EXPECT_NULL(test, find(map, &alike[0], NULL));
	expect_dev(test, map, "abcdefghijklmno", "abcdefghijklmno");
}

/* Of 2000 ports every other one, in as many buckets as there are for them. */
static void many_vips(struct kunit *test)
{
	const u32 nr = 1000;
	struct nf_vip_map *map = make_map(test, nr);
	struct nf_vip_service_spec spec = alike[0];
	u32 i, wrong = 0;

	for (i = 0; i < nr; i++) {
		spec.port = cpu_to_be16(2 * i + 1);
		wrong += nf_vip_map_add(map, &spec, NULL) != &map->entries[i];
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
	for (i = 0; i < nr; i++) {
		spec.port = cpu_to_be16(2 * i + 1);
		wrong += find(map, &spec, NULL) != &map->entries[i];
		spec.port = cpu_to_be16(2 * i + 2);
		wrong += !!find(map, &spec, NULL);
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
}

static struct kunit_case map_cases[] = {
	KUNIT_CASE(empty_map),
	KUNIT_CASE(alike_is_not_the_same),
	KUNIT_CASE(no_vip_twice),
	KUNIT_CASE_PARAM(dev_before_none, dev_order_gen_params),
	KUNIT_CASE(covered_by_whatever_dev),
	KUNIT_CASE(many_vips),
	{}
};

static struct kunit_suite map_suite = {
	.name = "nf_vip_map",
	.test_cases = map_cases,
};

kunit_test_suite(map_suite);
