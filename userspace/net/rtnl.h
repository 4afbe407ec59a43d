/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The network of this namespace as rtnetlink tells it: read once, but for
 * routes, which the kernel is asked for one by one.
 */
#ifndef RTNL_H
#define RTNL_H

#include <net/if.h>
#include <stdbool.h>
#include "nf_vip_pure.h"

/**
 * struct rtnl_link - an interface
 * @ifindex: index of the interface
 * @flags: IFF_UP and others
 * @name: name of the interface
 */
struct rtnl_link {
	unsigned int ifindex;
	unsigned int flags;
	char name[IFNAMSIZ];
};

/**
 * struct rtnl_address - an address of this machine, or what is known of another
 * @ifindex: index of the address's interface
 * @family: AF_INET or AF_INET6
 * @bits: length of the prefix
 * @state: state of a neighbour: NUD_REACHABLE and others
 * @proxy: of a neighbour: this machine answers in the neighbour's name
 * @addr: the address, network byte order, unused bytes zero
 */
struct rtnl_address {
	unsigned int ifindex;
	__u8 family;
	__u8 bits;
	__u16 state;
	bool proxy;
	union nf_inet_addr addr;
};

/**
 * struct rtnl_route - where packets to an address go
 * @type: RTN_UNICAST, RTN_LOCAL and others
 * @ifindex: index of the output interface, or 0
 * @has_router: packets go to @router, not to the address itself
 * @router: of the same family; zeros if the router is of another one
 */
struct rtnl_route {
	unsigned char type;
	unsigned int ifindex;
	bool has_router;
	union nf_inet_addr router;
};

/**
 * struct rtnl - what was read
 * @links: interfaces
 * @nr_links: how many
 * @addresses: addresses of this machine
 * @nr_addresses: how many
 * @neighbours: what this machine knows of others
 * @nr_neighbours: how many
 * @socket: to ask for routes
 */
struct rtnl {
	struct rtnl_link *links;
	size_t nr_links;
	struct rtnl_address *addresses;
	size_t nr_addresses;
	struct rtnl_address *neighbours;
	size_t nr_neighbours;
	struct mnl_socket *socket;
};

/**
 * rtnl_read() - read interfaces, addresses and neighbours
 * @rtnl: filled in; to be freed with rtnl_free() in any case
 *
 * Return: 0 or a negative errno.
 */
int rtnl_read(struct rtnl *rtnl);

/**
 * rtnl_route() - ask which way packets to an address go
 * @rtnl: network
 * @family: AF_INET or AF_INET6
 * @to: address
 * @route: filled in on success
 *
 * Return: 0, or a negative errno: -ENETUNREACH and -EHOSTUNREACH are the usual
 * ones if there is no way.
 */
int rtnl_route(const struct rtnl *rtnl, __u8 family,
	       const union nf_inet_addr *to, struct rtnl_route *route);

/**
 * rtnl_link_name() - name of an interface
 * @rtnl: network
 * @ifindex: its index
 *
 * Return: the name, or "?".
 */
const char *rtnl_link_name(const struct rtnl *rtnl, unsigned int ifindex);

/**
 * rtnl_link() - an interface by its name
 * @rtnl: network
 * @name: the name
 *
 * Return: the interface or NULL.
 */
const struct rtnl_link *rtnl_link(const struct rtnl *rtnl, const char *name);

/**
 * rtnl_own() - find an address of this machine
 * @rtnl: network
 * @family: AF_INET or AF_INET6
 * @addr: address
 *
 * Return: what is known of the address, or NULL.
 */
const struct rtnl_address *rtnl_own(const struct rtnl *rtnl, __u8 family,
				    const union nf_inet_addr *addr);

/**
 * rtnl_subnet() - an address of this machine in the same subnet as another
 * @rtnl: network
 * @family: AF_INET or AF_INET6
 * @addr: the other address
 * @ifindex: only of this interface; 0 is any
 *
 * Return: the address with the longest prefix, other than a single host's, or
 * NULL.
 */
const struct rtnl_address *rtnl_subnet(const struct rtnl *rtnl, __u8 family,
				       const union nf_inet_addr *addr,
				       unsigned int ifindex);

/**
 * rtnl_free() - free what was read
 * @rtnl: network
 */
void rtnl_free(struct rtnl *rtnl);

#endif /* RTNL_H */
