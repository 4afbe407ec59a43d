// SPDX-License-Identifier: GPL-2.0
/*
 * The VIP map. Chained by index rather than by pointer: a copy of the table is one
 * allocation, and a lookup touches one bucket word and one entry. The interface is
 * part of the key, so that however many services share a VIP no chain is long: a
 * user with a namespace of his own could have thousands on one VIP.
 */
#include <linux/bitops.h>
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "plan/vip_class.h"
#include "select/map.h"
#include "select/table.h"

struct nf_vip_map *nf_vip_map_alloc(u32 capacity)
{
	u32 buckets = roundup_pow_of_two(2 * capacity + 1);
	struct nf_vip_map *map;
	size_t heads_at;

	heads_at = struct_size(map, entries, capacity);
	map = kvzalloc(heads_at + 2 * buckets * sizeof(*map->heads), NF_VIP_GFP_TABLE);
	if (!map)
		return NULL;

	map->seed = get_random_u32();
	map->mask = buckets - 1;
	map->capacity = capacity;
	map->heads = (void *)map + heads_at;
	map->heads_dev = map->heads + buckets;
	return map;
}

static void free_map(struct rcu_head *rcu)
{
	kvfree(container_of(rcu, struct nf_vip_map, rcu));
}

void nf_vip_map_retire(struct nf_vip_map *map)
{
	if (map)
		call_rcu(&map->rcu, free_map);
}

#define BLOCKS	GENMASK(NF_VIP_CLASS_ALL - 1, NF_VIP_CLASS_BLOCK)

/* @dev: "" is no interface; @dev_hash is 0 then. */
struct vip_key {
	const union nf_inet_addr *vip;
	u32 what;
	const char *dev;
	u32 dev_hash;
};

/* The key of an address and port in one of the classes with ports. */
static struct vip_key key_at(unsigned int class, const union nf_inet_addr *vip, u8 family,
			     u8 proto, u16 port)
{
	return (struct vip_key){ vip, nf_vip_what(class, family, proto, port), "", 0 };
}

static struct vip_key key_of_tuple(unsigned int class, const struct nf_conntrack_tuple *tuple)
{
	return key_at(class, &tuple->dst.u3, tuple->src.l3num, tuple->dst.protonum,
		      ntohs(tuple->dst.u.all));
}

static struct vip_key key_of_match(unsigned int class, const struct nf_vip_service_spec *spec,
				   const struct nf_vip_match *match, u16 port)
{
	return key_at(class, &match->addr, spec->family, spec->proto, port);
}

/* @room takes the mark, which stands in place of an address. */
static struct vip_key key_of_fwmark(u8 family, u32 mark, union nf_inet_addr *room)
{
	*room = (union nf_inet_addr){ .all = { mark } };
	return (struct vip_key){ room, nf_vip_what(NF_VIP_CLASS_FWMARK, family, 0, 0), "", 0 };
}

/* @key with an interface added. */
static struct vip_key key_on(const struct nf_vip_map *map, const struct vip_key *key,
			     const char *dev)
{
	size_t len = 0;

	while (len < NF_VIP_DEV_MAX && dev[len])
		len++;
	return (struct vip_key){ key->vip, key->what, dev, len ? jhash(dev, len, map->seed) : 0 };
}

static u32 bucket_of(const struct nf_vip_map *map, const struct vip_key *key)
{
	const union nf_inet_addr *vip = key->vip;
	u32 seed = map->seed ^ key->dev_hash;

	/* An IPv4 address has three zero words: do not mix them in. */
	if (vip->all[1] | vip->all[2] | vip->all[3])
		seed = jhash_3words(vip->all[1], vip->all[2], vip->all[3], seed);
	return jhash_2words(vip->all[0], key->what, seed) & map->mask;
}

static bool is_at(const struct nf_vip_entry *entry, const struct vip_key *key)
{
	return entry->what == key->what && nf_inet_addr_cmp(&entry->vip, key->vip);
}

/* The entry of exactly this key, interface included, or NULL. */
static const struct nf_vip_entry *match_entry(const struct nf_vip_map *map,
					      const struct vip_key *key)
{
	u32 link = map->heads[bucket_of(map, key)];

	while (link) {
		const struct nf_vip_entry *entry = &map->entries[link - 1];

		if (is_at(entry, key) && !strncmp(entry->dev, key->dev, sizeof(entry->dev)))
			return entry;
		link = entry->next;
	}
	return NULL;
}

/* Does any service with an interface have this key? @key has no interface. */
static bool is_on_some_dev(const struct nf_vip_map *map, const struct vip_key *key)
{
	u32 link = map->heads_dev[bucket_of(map, key)];

	while (link && !is_at(&map->entries[link - 1], key))
		link = map->entries[link - 1].next_dev;
	return link;
}

static void link_entry(struct nf_vip_map *map, u32 *head, u32 *next,
		       const struct nf_vip_entry *entry)
{
	*next = *head;
	*head = entry - map->entries + 1;
}

/* One entry for each key will do, because is_on_some_dev() asks for any interface. */
static void note_dev(struct nf_vip_map *map, struct nf_vip_entry *entry,
		     const struct vip_key *bare)
{
	map->dev_classes |= BIT(bare->what >> 27);
	if (!is_on_some_dev(map, bare))
		link_entry(map, &map->heads_dev[bucket_of(map, bare)], &entry->next_dev, entry);
}

static bool add_entry(struct nf_vip_map *map, const struct vip_key *bare, const char *dev,
		      struct nf_vip_selection *selection)
{
	struct vip_key key = key_on(map, bare, dev);
	struct nf_vip_entry *entry;

	if (WARN_ON_ONCE(map->nr == map->capacity) || match_entry(map, &key))
		return false;

	entry = &map->entries[map->nr++];
	entry->what = key.what;
	entry->vip = *key.vip;
	strscpy(entry->dev, dev, sizeof(entry->dev));
	RCU_INIT_POINTER(entry->selection, selection);
	map->classes |= BIT(key.what >> 27);
	link_entry(map, &map->heads[bucket_of(map, &key)], &entry->next, entry);
	if (dev[0])
		note_dev(map, entry, bare);
	return true;
}

static bool add_match(struct nf_vip_map *map, const struct nf_vip_service_spec *spec,
		      const struct nf_vip_match *match, struct nf_vip_selection *selection)
{
	u32 port, next;

	for (port = match->first; port <= match->last; port = next) {
		unsigned int class = nf_vip_class_at(match, port, &next);
		struct vip_key key = key_of_match(class, spec, match, port);

		if (!add_entry(map, &key, spec->dev, selection))
			return false;
	}
	return true;
}

static bool add_fwmark(struct nf_vip_map *map, const struct nf_vip_service_spec *spec,
		       struct nf_vip_selection *selection)
{
	union nf_inet_addr room;
	struct vip_key key = key_of_fwmark(spec->family, spec->fwmark, &room);

	return add_entry(map, &key, spec->dev, selection);
}

struct nf_vip_entry *nf_vip_map_add(struct nf_vip_map *map,
				    const struct nf_vip_service_spec *spec,
				    struct nf_vip_selection *selection, unsigned int *taken)
{
	struct nf_vip_entry *first = &map->entries[map->nr];
	unsigned int i;

	if (spec->fwmark && !add_fwmark(map, spec, selection)) {
		*taken = 0;
		return NULL;
	}
	for (i = 0; i < spec->nr_matches; i++)
		if (!add_match(map, spec, &spec->matches[i], selection)) {
			*taken = i;
			return NULL;
		}
	return first;
}

const struct nf_vip_entry *nf_vip_map_overlap(const struct nf_vip_map *map,
					      const struct nf_vip_service_spec *spec,
					      const struct nf_vip_match *range,
					      const struct nf_vip_entry *own)
{
	const struct nf_vip_entry *entry, *own_end = own + nf_vip_entries(spec);
	unsigned long blocks = map->classes & BLOCKS;
	unsigned int class;

	if (!nf_vip_match_is_range(range))
		return NULL;
	for_each_set_bit(class, &blocks, NF_VIP_CLASS_ALL) {
		struct vip_key bare = key_of_match(class, spec, range, range->first);
		struct vip_key key = key_on(map, &bare, spec->dev);

		entry = match_entry(map, &key);
		if (entry && (entry < own || entry >= own_end))
			return entry;
	}
	return NULL;
}

static const struct nf_vip_entry *match_dev(const struct nf_vip_map *map,
					    const struct vip_key *bare,
					    const struct net_device *dev)
{
	struct vip_key key = key_on(map, bare, dev->name);

	return match_entry(map, &key);
}

/*
 * The entry for the interface itself, or for the VRF that the interface belongs
 * to. A packet of a VRF comes by again with the VRF as its interface, but
 * nf_nat has decided by then.
 */
static const struct nf_vip_entry *find_dev(const struct nf_vip_map *map,
					   const struct vip_key *bare,
					   const struct net_device *in)
{
	const struct nf_vip_entry *entry = match_dev(map, bare, in);
	struct net_device *vrf;

	if (entry || !netif_is_l3_slave(in))
		return entry;
	vrf = netdev_master_upper_dev_get_rcu((struct net_device *)in);
	return vrf ? match_dev(map, bare, vrf) : NULL;
}

/* An entry for the interface goes before one for all interfaces. */
static const struct nf_vip_entry *find_key(const struct nf_vip_map *map,
					   const struct vip_key *bare, const struct net_device *in)
{
	const struct nf_vip_entry *entry = NULL;

	if (in && unlikely(map->dev_classes & BIT(bare->what >> 27)))
		entry = find_dev(map, bare, in);
	return entry ?: match_entry(map, bare);
}

/* An entry for the interface goes before one for all interfaces, whatever the size of its block. */
static const struct nf_vip_entry *find_block(const struct nf_vip_map *map,
					     const struct nf_conntrack_tuple *tuple,
					     const struct net_device *in)
{
	unsigned long blocks = map->classes & BLOCKS;
	const struct nf_vip_entry *any = NULL;
	unsigned int class;

	for_each_set_bit(class, &blocks, NF_VIP_CLASS_ALL) {
		struct vip_key key = key_of_tuple(class, tuple);
		const struct nf_vip_entry *entry = find_key(map, &key, in);

		if (entry && entry->dev[0])
			return entry;
		any = entry ?: any;
	}
	return any;
}

/* Looks for blocks of ports, then for all ports of the VIP. */
static const struct nf_vip_entry *find_wide(const struct nf_vip_map *map,
					    const struct nf_conntrack_tuple *tuple,
					    const struct net_device *in)
{
	const struct nf_vip_entry *entry = find_block(map, tuple, in);
	struct vip_key key;

	if (entry || !(map->classes & BIT(NF_VIP_CLASS_ALL)))
		return entry;
	key = key_of_tuple(NF_VIP_CLASS_ALL, tuple);
	return find_key(map, &key, in);
}

static bool has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_SCTP;
}

static const struct nf_vip_entry *find_fwmark(const struct nf_vip_map *map,
					      const struct nf_conntrack_tuple *tuple,
					      const struct net_device *in, u32 mark)
{
	union nf_inet_addr room;
	struct vip_key key;

	if (!mark || !has_ports(tuple->dst.protonum))
		return NULL;
	key = key_of_fwmark(tuple->src.l3num, mark, &room);
	return find_key(map, &key, in);
}

const struct nf_vip_entry *nf_vip_map_find(const struct nf_vip_map *map,
					   const struct nf_conntrack_tuple *tuple,
					   const struct net_device *in, u32 mark)
{
	struct vip_key key = key_of_tuple(NF_VIP_CLASS_PORT, tuple);
	const struct nf_vip_entry *entry = NULL;

	if (unlikely(map->classes & BIT(NF_VIP_CLASS_FWMARK)))
		entry = find_fwmark(map, tuple, in, mark);
	if (!entry)
		entry = find_key(map, &key, in);
	if (entry || likely(!(map->classes & (BLOCKS | BIT(NF_VIP_CLASS_ALL)))))
		return entry;
	return find_wide(map, tuple, in);
}

bool nf_vip_map_covers(const struct nf_vip_map *map, const struct nf_conntrack_tuple *tuple)
{
	unsigned long classes = map->classes;
	unsigned int class;

	for_each_set_bit(class, &classes, NF_VIP_CLASS_FWMARK) {
		struct vip_key key = key_of_tuple(class, tuple);

		if (match_entry(map, &key) || is_on_some_dev(map, &key))
			return true;
	}
	return false;
}
