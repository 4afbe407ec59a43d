/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The map from a VIP to its service's selection: built whole on the control
 * path, read by the first packet of each connection.
 */
#ifndef NF_VIP_MAP_H
#define NF_VIP_MAP_H

#include <linux/rcupdate.h>
#include "nf_vip_grammar.h"
#include "select.h"

struct net_device;
struct nf_conntrack_tuple;

/**
 * struct nf_vip_entry - one VIP of the map
 * @next: index plus 1 of the next entry of the bucket, or 0
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @port: network byte order
 * @vip: network byte order, unused bytes zero
 * @dev: input interface, or ""
 * @selection: the table in force; replaced when a backend's state changes
 */
struct nf_vip_entry {
	u32 next;
	u8 proto;
	u8 family;
	__be16 port;
	union nf_inet_addr vip;
	char dev[NF_VIP_DEV_MAX + 1];
	struct nf_vip_selection __rcu *selection;
};

/**
 * struct nf_vip_map - hash of every VIP of a network namespace
 * @seed: of the hash
 * @mask: number of buckets less 1
 * @nr: entries in use
 * @capacity: entries there is room for
 * @heads: per bucket, index plus 1 of its first entry, or 0
 * @rcu: frees the map after the packets that read it
 * @entries: the VIPs
 */
struct nf_vip_map {
	u32 seed;
	u32 mask;
	u32 nr;
	u32 capacity;
	u32 *heads;
	struct rcu_head rcu;
	struct nf_vip_entry entries[];
};

/**
 * nf_vip_map_alloc() - an empty map
 * @capacity: how many entries will be added at most
 *
 * Context: process, may sleep.
 * Return: the map, or NULL for lack of memory. Free it with kvfree() as long as
 * it was not published.
 */
struct nf_vip_map *nf_vip_map_alloc(u32 capacity);

/**
 * nf_vip_map_add() - add a VIP to a map that is not published
 * @map: map with room
 * @spec: service
 * @selection: its table; stays the caller's until the map is published
 *
 * Of the entries of one VIP and port, those with an interface are found before
 * the one without.
 *
 * Return: the entry, or NULL if the map has this VIP, port and interface.
 */
struct nf_vip_entry *nf_vip_map_add(struct nf_vip_map *map,
				    const struct nf_vip_service_spec *spec,
				    struct nf_vip_selection *selection);

/**
 * nf_vip_map_find() - service of a new connection
 * @map: map
 * @tuple: original tuple of the connection
 * @in: interface that the packet came in by, or NULL for local traffic
 *
 * Context: any, under rcu_read_lock().
 * Return: an entry that lives as long as @map, or NULL.
 */
const struct nf_vip_entry *nf_vip_map_find(const struct nf_vip_map *map,
					   const struct nf_conntrack_tuple *tuple,
					   const struct net_device *in);

/**
 * nf_vip_map_covers() - is there a VIP for this tuple, by whatever interface?
 * @map: map
 * @tuple: original tuple of a connection
 *
 * Context: any, under rcu_read_lock().
 */
bool nf_vip_map_covers(const struct nf_vip_map *map,
		       const struct nf_conntrack_tuple *tuple);

#endif /* NF_VIP_MAP_H */
