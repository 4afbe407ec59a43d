// SPDX-License-Identifier: GPL-2.0
/*
 * The VIP map by itself: with everything in one bucket, so that each test meets
 * the comparisons and the chain, and with many VIPs; ranges port by port.
 */
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "select/map.h"
#include "suite.h"

/* VIPs that differ from the first one in one thing only. */
static const struct nf_vip_service_spec alike[] = {
	{ .family = NFPROTO_IPV4, .proto = IPPROTO_TCP, .nr_matches = 1,
	  .matches = { { { .ip = cpu_to_be32(0x0a000001) }, 53, 53 } } },
	{ .family = NFPROTO_IPV4, .proto = IPPROTO_UDP, .nr_matches = 1,
	  .matches = { { { .ip = cpu_to_be32(0x0a000001) }, 53, 53 } } },
	{ .family = NFPROTO_IPV4, .proto = IPPROTO_TCP, .nr_matches = 1,
	  .matches = { { { .ip = cpu_to_be32(0x0a000001) }, 54, 54 } } },
	{ .family = NFPROTO_IPV4, .proto = IPPROTO_TCP, .nr_matches = 1,
	  .matches = { { { .ip = cpu_to_be32(0x0a000002) }, 53, 53 } } },
	{ .family = NFPROTO_IPV6, .proto = IPPROTO_TCP, .nr_matches = 1,
	  .matches = { { { .ip6 = { cpu_to_be32(0x0a000001) } }, 53, 53 } } },
	{ .family = NFPROTO_IPV6, .proto = IPPROTO_TCP, .nr_matches = 1,
	  .matches = { { { .ip6 = { cpu_to_be32(0x0a000001), 0, 0, cpu_to_be32(1) } }, 53, 53 } } },
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

static void set_ports(struct nf_vip_service_spec *spec, unsigned int i, u16 first, u16 last)
{
	spec->matches[i].addr = spec->matches[0].addr;
	spec->matches[i].first = first;
	spec->matches[i].last = last;
	spec->nr_matches = max_t(u16, spec->nr_matches, i + 1);
}

/* A service of the first VIP, in memory: the stack is small. */
static struct nf_vip_service_spec *new_spec(struct kunit *test, const char *dev)
{
	struct nf_vip_service_spec *spec = kunit_kzalloc(test, sizeof(*spec), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, spec);
	*spec = alike[0];
	strscpy(spec->dev, dev, sizeof(spec->dev));
	return spec;
}

static struct nf_conntrack_tuple tuple_of(const struct nf_vip_service_spec *spec)
{
	struct nf_conntrack_tuple tuple = {};

	tuple.src.l3num = spec->family;
	tuple.dst.protonum = spec->proto;
	tuple.dst.u.all = cpu_to_be16(spec->matches[0].first);
	tuple.dst.u3 = spec->matches[0].addr;
	return tuple;
}

static struct nf_vip_entry *add(struct nf_vip_map *map, const struct nf_vip_service_spec *spec)
{
	unsigned int taken;

	return nf_vip_map_add(map, spec, NULL, &taken);
}

static const struct nf_vip_entry *find(const struct nf_vip_map *map,
				       const struct nf_vip_service_spec *spec,
				       const struct net_device *in)
{
	const struct nf_conntrack_tuple tuple = tuple_of(spec);

	return nf_vip_map_find(map, &tuple, in, 0);
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
		const struct nf_vip_entry *entry = add(map, &alike[i]);

		KUNIT_ASSERT_NOT_NULL(test, entry);
		KUNIT_ASSERT_NOT_NULL(test, add(together, &alike[i]));
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
		KUNIT_EXPECT_NOT_NULL(test, add(map, &alike[i]));
		KUNIT_EXPECT_NULL(test, add(map, &alike[i]));
	}
	with_dev = alike[0];
	strscpy(with_dev.dev, "eth0", sizeof(with_dev.dev));
	KUNIT_EXPECT_NOT_NULL(test, add(map, &with_dev));
	KUNIT_EXPECT_NULL(test, add(map, &with_dev));
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
		KUNIT_ASSERT_NOT_NULL(test, add(map, &spec));
		KUNIT_ASSERT_NOT_NULL(test, add(map, &alike[i + 1]));
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
	KUNIT_ASSERT_NOT_NULL(test, add(map, &spec));
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
		set_ports(&spec, 0, 2 * i + 1, 2 * i + 1);
		wrong += add(map, &spec) != &map->entries[i];
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
	for (i = 0; i < nr; i++) {
		set_ports(&spec, 0, 2 * i + 1, 2 * i + 1);
		wrong += find(map, &spec, NULL) != &map->entries[i];
		set_ports(&spec, 0, 2 * i + 2, 2 * i + 2);
		wrong += !!find(map, &spec, NULL);
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
}

static u32 longest_chain(const struct nf_vip_map *map, const u32 *heads, bool dev)
{
	u32 bucket, longest = 0;

	for (bucket = 0; bucket <= map->mask; bucket++) {
		u32 link = heads[bucket], length = 0;

		while (link) {
			const struct nf_vip_entry *entry = &map->entries[link - 1];

			link = dev ? entry->next_dev : entry->next;
			length++;
		}
		longest = max(longest, length);
	}
	return longest;
}

/* As many services on one VIP as somebody likes, each on an interface of its own. */
static void one_vip_many_devs(struct kunit *test)
{
	const u32 nr = 3000;
	struct nf_vip_map *map = make_map(test, nr + 2);
	struct nf_vip_service_spec spec = alike[0];
	u32 i, wrong = 0;

	for (i = 0; i < nr; i++) {
		snprintf(spec.dev, sizeof(spec.dev), "d%u", i);
		wrong += add(map, &spec) != &map->entries[i];
	}
	KUNIT_EXPECT_NOT_NULL(test, add(map, &alike[0]));
	KUNIT_EXPECT_EQ(test, 0, wrong);
	KUNIT_EXPECT_LT(test, longest_chain(map, map->heads, false), 16);
	KUNIT_EXPECT_EQ(test, longest_chain(map, map->heads_dev, true), 1);
	expect_dev(test, map, "d2999", "d2999");
	expect_dev(test, map, "d3000", "");
	KUNIT_EXPECT_NULL(test, add(map, &spec));
}

/* Looks for a port of the first VIP. */
static const struct nf_vip_entry *find_port(const struct nf_vip_map *map, u32 port,
					    const struct net_device *in)
{
	struct nf_conntrack_tuple tuple = tuple_of(&alike[0]);

	tuple.dst.u.all = cpu_to_be16(port);
	return nf_vip_map_find(map, &tuple, in, 0);
}

static bool covers_port(const struct nf_vip_map *map, u32 port)
{
	struct nf_conntrack_tuple tuple = tuple_of(&alike[0]);

	tuple.dst.u.all = cpu_to_be16(port);
	return nf_vip_map_covers(map, &tuple);
}

static bool is_wrong(const struct nf_vip_map *map, u32 port, bool inside)
{
	return !!find_port(map, port, NULL) != inside || covers_port(map, port) != inside;
}

/* Ports of the range have an entry, its neighbours have none. Of large ranges not each port. */
static u32 wrong_ports(const struct nf_vip_map *map, u32 first, u32 last)
{
	u32 from = first > 100 ? first - 100 : 1, to = min(last + 100, (u32)U16_MAX);
	u32 port, wrong = is_wrong(map, last, true);

	wrong += first > 1 && is_wrong(map, first - 1, false);
	wrong += last < U16_MAX && is_wrong(map, last + 1, false);
	for (port = first; port <= last; port += 1 + (last - first) / 2048)
		wrong += is_wrong(map, port, true);
	for (port = from; port < first; port++)
		wrong += is_wrong(map, port, false);
	for (port = last + 1; port <= to; port++)
		wrong += is_wrong(map, port, false);
	return wrong;
}

static void expect_range(struct kunit *test, u32 first, u32 last)
{
	struct nf_vip_service_spec *spec = new_spec(test, "");
	struct nf_vip_map *map;

	set_ports(spec, 0, first, last);
	map = make_map(test, nf_vip_entries(spec));
	KUNIT_ASSERT_PTR_EQ(test, &map->entries[0], add(map, spec));
	KUNIT_EXPECT_EQ(test, map->capacity, map->nr);
	KUNIT_EXPECT_LE(test, map->nr, 30);
	KUNIT_EXPECT_EQ_MSG(test, 0, wrong_ports(map, first, last), "%u-%u", first, last);
}

static void ranges(struct kunit *test)
{
	u32 i, first, last;

	expect_range(test, 1, U16_MAX);
	expect_range(test, 1, U16_MAX - 1);
	expect_range(test, 2, U16_MAX);
	expect_range(test, U16_MAX - 1, U16_MAX);
	expect_range(test, 8000, 8100);
	for (i = 0; i < 8; i++) {
		first = 1 + get_random_u32() % U16_MAX;
		last = min_t(u32, first + 1 + get_random_u32() % 2000, U16_MAX);
		expect_range(test, first, last);
	}
}

/* A service's entries lie together, whatever its ports are. */
static void several_matches(struct kunit *test)
{
	struct nf_vip_service_spec *spec = new_spec(test, "");
	const struct nf_vip_entry *entry;
	struct nf_vip_map *map;
	u32 port, wrong = 0;

	set_ports(spec, 0, 25, 25);
	set_ports(spec, 1, 8000, 8100);
	set_ports(spec, 2, 587, 587);
	map = make_one_bucket(test, 1 + nf_vip_entries(spec));
	KUNIT_ASSERT_NOT_NULL(test, add(map, &alike[1]));
	KUNIT_ASSERT_PTR_EQ(test, &map->entries[1], add(map, spec));
	for (port = 1; port <= 8200; port++) {
		bool inside = port == 25 || port == 587 || (port >= 8000 && port <= 8100);

		entry = find_port(map, port, NULL);
		wrong += !!entry != inside;
		wrong += entry && (entry < &map->entries[1] || entry >= &map->entries[map->nr]);
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
}

/* One port before a range before all; in each class an interface before none. */
static void classes(struct kunit *test)
{
	static const struct { const char *dev; u16 first, last; } rows[] = {
		{ "", 1, U16_MAX }, { "eth1", 1, U16_MAX }, { "", 20, 30 }, { "eth1", 24, 200 },
		{ "", 25, 25 }, { "eth1", 26, 26 },
	};
	struct net_device *in = kunit_kzalloc(test, sizeof(*in), GFP_KERNEL);
	const struct nf_vip_entry *first[ARRAY_SIZE(rows)];
	struct nf_vip_map *map = make_one_bucket(test, 100);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, in);
	strscpy(in->name, "eth1", sizeof(in->name));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct nf_vip_service_spec *spec = new_spec(test, rows[i].dev);

		set_ports(spec, 0, rows[i].first, rows[i].last);
		first[i] = add(map, spec);
		KUNIT_ASSERT_NOT_NULL(test, first[i]);
	}
	KUNIT_EXPECT_PTR_EQ(test, first[0], find_port(map, 31, NULL));
	KUNIT_EXPECT_PTR_EQ(test, first[1], find_port(map, 201, in));
	KUNIT_EXPECT_PTR_EQ(test, first[4], find_port(map, 25, NULL));
	KUNIT_EXPECT_PTR_EQ(test, first[4], find_port(map, 25, in));
	KUNIT_EXPECT_PTR_EQ(test, first[5], find_port(map, 26, in));
	KUNIT_EXPECT_STREQ(test, "", find_port(map, 26, NULL)->dev);
	/* 20-23 is a smaller block than any of 24-200: the interface goes first all the same. */
	KUNIT_EXPECT_STREQ(test, "eth1", find_port(map, 24, in)->dev);
	KUNIT_EXPECT_STREQ(test, "eth1", find_port(map, 30, in)->dev);
	KUNIT_EXPECT_PTR_NE(test, first[1], find_port(map, 30, in));
	KUNIT_EXPECT_PTR_NE(test, first[1], find_port(map, 200, in));
	KUNIT_EXPECT_PTR_EQ(test, first[2], find_port(map, 20, in));
}

/* Against 80-90 with eth1: who overlaps, and who finds it. */
static const struct overlap {
	const char *name;
	const char *dev;
	u16 first, last;
	bool earlier, later;
} overlaps[] = {
	{ "its end", "eth1", 90, 91, false, true },
	{ "its begin", "eth1", 79, 80, true, false },
	{ "inside", "eth1", 81, 89, false, true },
	{ "around", "eth1", 2, 65535, true, false },
	{ "before", "eth1", 70, 79, false, false },
	{ "behind", "eth1", 91, 100, false, false },
	{ "another dev", "eth2", 80, 90, false, false },
	{ "no dev", "", 80, 90, false, false },
	{ "one port", "eth1", 85, 85, false, false },
	{ "all ports", "eth1", 1, 65535, false, false },
};

KUNIT_ARRAY_PARAM_DESC(overlap, overlaps, name);

static void ranges_overlap(struct kunit *test)
{
	const struct overlap *row = test->param_value;
	struct nf_vip_service_spec *a = new_spec(test, "eth1"), *b = new_spec(test, row->dev);
	struct nf_vip_map *map = make_one_bucket(test, 100);
	const struct nf_vip_entry *of_a, *of_b;

	set_ports(a, 0, 80, 90);
	set_ports(b, 0, row->first, row->last);
	of_a = add(map, a);
	of_b = add(map, b);
	KUNIT_ASSERT_NOT_NULL(test, of_a);
	if (!of_b) {
		/* A block that both have is seen at once. */
		KUNIT_EXPECT_TRUE(test, row->earlier || row->later);
		return;
	}
	KUNIT_EXPECT_EQ(test, row->earlier, !!nf_vip_map_overlap(map, a, a->matches, of_a));
	KUNIT_EXPECT_EQ(test, row->later, !!nf_vip_map_overlap(map, b, b->matches, of_b));
}

static const struct nf_vip_entry *find_mark(const struct nf_vip_map *map, u8 proto, u8 family,
					    u32 mark, const struct net_device *in)
{
	struct nf_conntrack_tuple tuple = tuple_of(&alike[0]);

	tuple.src.l3num = family;
	tuple.dst.protonum = proto;
	return nf_vip_map_find(map, &tuple, in, mark);
}

static void marks(struct kunit *test)
{
	struct nf_vip_service_spec *spec = new_spec(test, "");
	struct nf_vip_map *map = make_one_bucket(test, 4);
	const struct nf_vip_entry *vip, *mark4, *mark6;

	vip = add(map, spec);
	memset(spec->matches, 0, sizeof(spec->matches));
	spec->nr_matches = 0;
	spec->proto = NF_VIP_PROTO_FWMARK;
	spec->fwmark = 0x0a000001;
	KUNIT_EXPECT_EQ(test, 1, nf_vip_entries(spec));
	mark4 = add(map, spec);
	KUNIT_EXPECT_NULL(test, add(map, spec));
	spec->family = NFPROTO_IPV6;
	mark6 = add(map, spec);
	KUNIT_ASSERT_TRUE(test, vip && mark4 && mark6);

	KUNIT_EXPECT_PTR_EQ(test, mark4,
			    find_mark(map, IPPROTO_TCP, NFPROTO_IPV4, 0x0a000001, NULL));
	KUNIT_EXPECT_PTR_EQ(test, mark4,
			    find_mark(map, IPPROTO_SCTP, NFPROTO_IPV4, 0x0a000001, NULL));
	KUNIT_EXPECT_PTR_EQ(test, mark6,
			    find_mark(map, IPPROTO_UDP, NFPROTO_IPV6, 0x0a000001, NULL));
	KUNIT_EXPECT_PTR_EQ(test, vip, find_mark(map, IPPROTO_TCP, NFPROTO_IPV4, 0, NULL));
	KUNIT_EXPECT_PTR_EQ(test, vip,
			    find_mark(map, IPPROTO_TCP, NFPROTO_IPV4, 0x1a000001, NULL));
	KUNIT_EXPECT_NULL(test, find_mark(map, IPPROTO_ICMP, NFPROTO_IPV4, 0x0a000001, NULL));
}

static struct kunit_case map_cases[] = {
	KUNIT_CASE(empty_map),
	KUNIT_CASE(alike_is_not_the_same),
	KUNIT_CASE(no_vip_twice),
	KUNIT_CASE_PARAM(dev_before_none, dev_order_gen_params),
	KUNIT_CASE(covered_by_whatever_dev),
	KUNIT_CASE(many_vips),
	KUNIT_CASE(one_vip_many_devs),
	KUNIT_CASE(ranges),
	KUNIT_CASE(several_matches),
	KUNIT_CASE(classes),
	KUNIT_CASE_PARAM(ranges_overlap, overlap_gen_params),
	KUNIT_CASE(marks),
	{}
};

static struct kunit_suite map_suite = {
	.name = "nf_vip_map",
	.test_cases = map_cases,
};

kunit_test_suite(map_suite);
