/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The map from a VIP to its service's selection: built whole on the control
 * path, read by the first packet of each connection.
 */
#ifndef NF_VIP_MAP_H
#define NF_VIP_MAP_H

#include <linux/rcupdate.h>
#include "nf_vip_grammar.h"
#include "select/select.h"

struct net_device;
struct nf_conntrack_tuple;

/**
 * struct nf_vip_entry - one VIP of the map, with a port, a block of ports or all
 * @next: index plus 1 of the next entry of the bucket, or 0
 * @next_dev: index plus 1 of the next entry in a bucket of @heads_dev, or 0;
 *	only the first entry of a key is there
 * @what: class, family, protocol, and port or number of the block, host byte
 *	order
 * @vip: network byte order, unused bytes zero; the mark in its first word, host
 *	byte order, if the class is that of marks
 * @dev: input interface, or ""
 * @selection: the table in force; replaced when a backend's state changes
 */
struct nf_vip_entry {
	u32 next;
	u32 next_dev;
	u32 what;
	union nf_inet_addr vip;
	char dev[NF_VIP_DEV_MAX + 1];
	struct nf_vip_selection __rcu *selection;
};

/**
 * struct nf_vip_map - hash of every VIP of a network namespace
 * @seed: of the hash
 * @mask: number of buckets less 1
 * @classes: a bit for each class that has entries
 * @dev_classes: a bit for each class that has entries with an interface
 * @nr: entries in use
 * @capacity: entries there is room for
 * @heads: per bucket, index plus 1 of its first entry, or 0
 * @heads_dev: per bucket, index plus 1 of its first entry with an interface,
 *	whichever that is, or 0
 * @rcu: frees the map after the packets that read it
 * @entries: the VIPs
 */
struct nf_vip_map {
	u32 seed;
	u32 mask;
	u32 classes;
	u32 dev_classes;
	u32 nr;
	u32 capacity;
	u32 *heads;
	u32 *heads_dev;
	struct rcu_head rcu;
	struct nf_vip_entry entries[];
};

/**
 * nf_vip_map_alloc() - an empty map
 * @capacity: how many entries will be added at most, see nf_vip_entries()
 *
 * Context: process, may sleep.
 * Return: the map, or NULL for lack of memory. Free it with kvfree() as long as
 * it was not published.
 */
struct nf_vip_map *nf_vip_map_alloc(u32 capacity);

/**
 * nf_vip_map_retire() - free a map after the packets that read it
 * @map: map that was published and is not any more, or NULL
 *
 * Context: process.
 */
void nf_vip_map_retire(struct nf_vip_map *map);

/**
 * nf_vip_map_add() - add the VIPs of a service to a map that is not published
 * @map: map with room
 * @spec: service
 * @selection: the service's table; stays the caller's until the map is
 *	published
 * @taken: after an error, index of the match that another service has
 *
 * Of the entries of one VIP and port, those with an interface are found before
 * the one without.
 *
 * Return: the first of nf_vip_entries(@spec) entries, which lie together, or
 * NULL if the map has one of them already, with this interface; then the map
 * must not be published. Ranges that overlap are found by nf_vip_map_overlap().
 */
struct nf_vip_entry *nf_vip_map_add(struct nf_vip_map *map,
				    const struct nf_vip_service_spec *spec,
				    struct nf_vip_selection *selection, unsigned int *taken);

/**
 * nf_vip_map_overlap() - does another service have the first port of a range?
 * @map: map that all services were added to
 * @spec: service
 * @range: one of the service's matches
 * @own: the service's first entry
 *
 * Two ranges overlap if and only if the first port of one lies in the other: so
 * this has to be asked for each range of each service.
 *
 * Return: an entry of another service's range, with this interface, or NULL;
 * NULL also if @range is no range.
 */
const struct nf_vip_entry *nf_vip_map_overlap(const struct nf_vip_map *map,
					      const struct nf_vip_service_spec *spec,
					      const struct nf_vip_match *range,
					      const struct nf_vip_entry *own);

/**
 * nf_vip_map_find() - service of a new connection
 * @map: map
 * @tuple: original tuple of the connection
 * @in: interface that the packet came in by, or NULL for local traffic
 * @mark: mark of the packet, host byte order
 *
 * Looks for the mark, then for the port alone, for ranges, and for all ports of
 * the VIP. A class without entries costs nothing; ranges cost one lookup for
 * each size of blocks, of which there are 16 at most.
 *
 * Context: any, under rcu_read_lock().
 * Return: an entry that lives as long as @map, or NULL.
 */
const struct nf_vip_entry *nf_vip_map_find(const struct nf_vip_map *map,
					   const struct nf_conntrack_tuple *tuple,
					   const struct net_device *in, u32 mark);

/**
 * nf_vip_map_covers() - is there a VIP for this tuple, by whatever interface?
 * @map: map
 * @tuple: original tuple of a connection
 *
 * Services of a mark are not looked for: no tuple has the mark of its packets.
 *
 * Context: any, under rcu_read_lock().
 */
bool nf_vip_map_covers(const struct nf_vip_map *map,
		       const struct nf_conntrack_tuple *tuple);

#endif /* NF_VIP_MAP_H */
