// SPDX-License-Identifier: GPL-2.0
/*
 * The VIP map. Chained by index rather than by pointer: a copy of the table is
 * one allocation, and a lookup touches one bucket word and one entry.
 */
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "map.h"

struct nf_vip_map *nf_vip_map_alloc(u32 capacity)
{
	u32 buckets = roundup_pow_of_two(2 * capacity + 1);
	struct nf_vip_map *map;
	size_t heads_at;

	heads_at = struct_size(map, entries, capacity);
	map = kvzalloc(heads_at + buckets * sizeof(*map->heads), GFP_KERNEL_ACCOUNT);
	if (!map)
		return NULL;

	map->seed = get_random_u32();
	map->mask = buckets - 1;
	map->capacity = capacity;
	map->heads = (void *)map + heads_at;
	return map;
}

/* What a VIP is looked up by. */
struct vip_key {
	const union nf_inet_addr *vip;
	__be16 port;
	u8 proto;
	u8 family;
};

static struct vip_key key_of_spec(const struct nf_vip_service_spec *spec)
{
	return (struct vip_key){ &spec->vip, spec->port, spec->proto, spec->family };
}

static struct vip_key key_of_tuple(const struct nf_conntrack_tuple *tuple)
{
	return (struct vip_key){ &tuple->dst.u3, tuple->dst.u.all, tuple->dst.protonum,
			     tuple->src.l3num };
}

static u32 *head_of(const struct nf_vip_map *map, const struct vip_key *key)
{
	u32 last = (u32)key->proto << 16 | (__force u16)key->port;
	const union nf_inet_addr *vip = key->vip;
	u32 seed = map->seed;

	/* An IPv4 address has three zero words: do not mix them in. */
	if (vip->all[1] | vip->all[2] | vip->all[3])
		seed = jhash_3words(vip->all[1], vip->all[2], vip->all[3], seed);
	return &map->heads[jhash_2words(vip->all[0], last, seed) & map->mask];
}

/* The first entry of this VIP from a link of its bucket on. */
static const struct nf_vip_entry *match(const struct nf_vip_map *map, u32 link,
					const struct vip_key *key)
{
	while (link) {
		const struct nf_vip_entry *entry = &map->entries[link - 1];

		if (entry->port == key->port && entry->proto == key->proto &&
		    entry->family == key->family && nf_inet_addr_cmp(&entry->vip, key->vip))
			return entry;
		link = entry->next;
	}
	return NULL;
}

static bool is_taken(const struct nf_vip_map *map, u32 head, const struct vip_key *key,
		     const char *dev)
{
	const struct nf_vip_entry *entry;

	for (entry = match(map, head, key); entry; entry = match(map, entry->next, key))
		if (!strcmp(entry->dev, dev))
			return true;
	return false;
}

/* Entries with an interface go to the front, the others to the end. */
static void link_entry(struct nf_vip_map *map, u32 *head, struct nf_vip_entry *entry)
{
	u32 *link = head;

	if (!entry->dev[0])
		while (*link)
			link = &map->entries[*link - 1].next;
	entry->next = *link;
	*link = entry - map->entries + 1;
}

struct nf_vip_entry *nf_vip_map_add(struct nf_vip_map *map,
				    const struct nf_vip_service_spec *spec,
				    struct nf_vip_selection *selection)
{
	struct vip_key key = key_of_spec(spec);
	u32 *head = head_of(map, &key);
	struct nf_vip_entry *entry;

	if (WARN_ON_ONCE(map->nr == map->capacity) || is_taken(map, *head, &key, spec->dev))
		return NULL;

	entry = &map->entries[map->nr++];
	entry->proto = spec->proto;
	entry->family = spec->family;
	entry->port = spec->port;
	entry->vip = spec->vip;
	strscpy(entry->dev, spec->dev, sizeof(entry->dev));
	RCU_INIT_POINTER(entry->selection, selection);
	link_entry(map, head, entry);
	return entry;
}

static bool dev_matches(const struct nf_vip_entry *entry, const struct net_device *in)
{
	if (!entry->dev[0])
		return true;
	return in && !strncmp(entry->dev, in->name, sizeof(entry->dev));
}

const struct nf_vip_entry *nf_vip_map_find(const struct nf_vip_map *map,
					   const struct nf_conntrack_tuple *tuple,
					   const struct net_device *in)
{
	struct vip_key key = key_of_tuple(tuple);
	const struct nf_vip_entry *entry;

	for (entry = match(map, *head_of(map, &key), &key); entry;
	     entry = match(map, entry->next, &key))
		if (dev_matches(entry, in))
			return entry;
	return NULL;
}

bool nf_vip_map_covers(const struct nf_vip_map *map, const struct nf_conntrack_tuple *tuple)
{
	struct vip_key key = key_of_tuple(tuple);

	return match(map, *head_of(map, &key), &key);
}
