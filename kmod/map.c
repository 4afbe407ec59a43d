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

static u32 bucket(const struct nf_vip_map *map, const union nf_inet_addr *addr,
		  u8 proto, __be16 port)
{
	u32 last = (u32)proto << 16 | (__force u16)port;
	u32 seed = map->seed;

	/* An IPv4 address has three zero words: do not mix them in. */
	if (addr->all[1] | addr->all[2] | addr->all[3])
		seed = jhash_3words(addr->all[1], addr->all[2], addr->all[3], seed);
	return jhash_2words(addr->all[0], last, seed) & map->mask;
}

static bool same_vip(const struct nf_vip_entry *entry, const union nf_inet_addr *addr,
		     u8 family, u8 proto, __be16 port)
{
	return entry->port == port && entry->proto == proto &&
	       entry->family == family && nf_inet_addr_cmp(&entry->vip, addr);
}

static const struct nf_vip_entry *first_of(const struct nf_vip_map *map, u32 link)
{
	return link ? &map->entries[link - 1] : NULL;
}

#define for_each_entry_of(map, entry, head)				\
	for ((entry) = first_of(map, head); (entry);			\
	     (entry) = first_of(map, (entry)->next))

static bool is_taken(const struct nf_vip_map *map, u32 head,
		     const struct nf_vip_service_spec *spec)
{
	const struct nf_vip_entry *entry;

	for_each_entry_of(map, entry, head)
		if (same_vip(entry, &spec->vip, spec->family, spec->proto, spec->port) &&
		    !strcmp(entry->dev, spec->dev))
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
	u32 *head = &map->heads[bucket(map, &spec->vip, spec->proto, spec->port)];
	struct nf_vip_entry *entry;

	if (WARN_ON_ONCE(map->nr == map->capacity) || is_taken(map, *head, spec))
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
	const union nf_inet_addr *vip = &tuple->dst.u3;
	u8 proto = tuple->dst.protonum;
	__be16 port = tuple->dst.u.all;
	const struct nf_vip_entry *entry;

	for_each_entry_of(map, entry, map->heads[bucket(map, vip, proto, port)])
		if (same_vip(entry, vip, tuple->src.l3num, proto, port) &&
		    dev_matches(entry, in))
			return entry;
	return NULL;
}

bool nf_vip_map_covers(const struct nf_vip_map *map, const struct nf_conntrack_tuple *tuple)
{
	const union nf_inet_addr *vip = &tuple->dst.u3;
	u8 proto = tuple->dst.protonum;
	__be16 port = tuple->dst.u.all;
	const struct nf_vip_entry *entry;

	for_each_entry_of(map, entry, map->heads[bucket(map, vip, proto, port)])
		if (same_vip(entry, vip, tuple->src.l3num, proto, port))
			return true;
	return false;
}
