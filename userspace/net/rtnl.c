// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "lib/grow.h"
#include "net/netlink.h"
#include "net/rtnl.h"

/* A network that changes this often has other troubles. */
#define TRIES	10

static unsigned int address_bits(__u8 family)
{
	return family == AF_INET ? 32 : 128;
}

static void take_bytes(const struct nlattr *attr, void *to, size_t size)
{
	size_t len = mnl_attr_get_payload_len(attr);

	memcpy(to, mnl_attr_get_payload(attr), len < size ? len : size);
}

static struct rtnl_address *add_address(struct rtnl_address **list, size_t *nr)
{
	struct rtnl_address *grown = grow(*list, *nr, sizeof(**list));

	if (!grown)
		return NULL;
	*list = grown;
	return &grown[(*nr)++];
}

static int take_link(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	struct rtnl *rtnl = data;
	struct rtnl_link *link;

	link = grow(rtnl->links, rtnl->nr_links, sizeof(*link));
	if (!link)
		return MNL_CB_ERROR;
	rtnl->links = link;
	link += rtnl->nr_links++;
	link->ifindex = (unsigned int)ifi->ifi_index;
	link->flags = ifi->ifi_flags;
	mnl_attr_for_each(attr, nlh, sizeof(*ifi))
		if (mnl_attr_get_type(attr) == IFLA_IFNAME)
			take_bytes(attr, link->name, sizeof(link->name) - 1);
	return MNL_CB_OK;
}

/* On a link between two hosts IFA_ADDRESS is the other host's address. */
static int take_address(const struct nlmsghdr *nlh, void *data)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	struct rtnl_address *address;
	const struct nlattr *attr;
	struct rtnl *rtnl = data;
	bool local = false;

	address = add_address(&rtnl->addresses, &rtnl->nr_addresses);
	if (!address)
		return MNL_CB_ERROR;
	address->ifindex = ifa->ifa_index;
	address->family = ifa->ifa_family;
	address->bits = ifa->ifa_prefixlen;
	mnl_attr_for_each(attr, nlh, sizeof(*ifa)) {
		__u16 type = mnl_attr_get_type(attr);

		if (type == IFA_LOCAL || (type == IFA_ADDRESS && !local))
			take_bytes(attr, &address->addr, sizeof(address->addr));
		local |= type == IFA_LOCAL;
	}
	return MNL_CB_OK;
}

static int take_neighbour(const struct nlmsghdr *nlh, void *data)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	struct rtnl_address *address;
	const struct nlattr *attr;
	struct rtnl *rtnl = data;

	if (ndm->ndm_family != AF_INET && ndm->ndm_family != AF_INET6)
		return MNL_CB_OK;
	address = add_address(&rtnl->neighbours, &rtnl->nr_neighbours);
	if (!address)
		return MNL_CB_ERROR;
	address->ifindex = (unsigned int)ndm->ndm_ifindex;
	address->family = ndm->ndm_family;
	address->state = ndm->ndm_state;
	address->proxy = ndm->ndm_flags & NTF_PROXY;
	mnl_attr_for_each(attr, nlh, sizeof(*ndm))
		if (mnl_attr_get_type(attr) == NDA_DST)
			take_bytes(attr, &address->addr, sizeof(address->addr));
	return MNL_CB_OK;
}

static int read_list(struct rtnl *rtnl, int type, size_t size, mnl_cb_t take)
{
	char buf[NETLINK_REQUEST];

	return netlink_ask(rtnl->socket, netlink_request(buf, type, NLM_F_DUMP, size), take, rtnl);
}

/* The kernel lists proxy entries apart, and only if asked for them. */
static int read_proxies(struct rtnl *rtnl)
{
	char buf[NETLINK_REQUEST];
	struct nlmsghdr *request;
	struct ndmsg *ndm;

	request = netlink_request(buf, RTM_GETNEIGH, NLM_F_DUMP, sizeof(*ndm));
	ndm = mnl_nlmsg_get_payload(request);
	ndm->ndm_flags = NTF_PROXY;
	return netlink_ask(rtnl->socket, request, take_neighbour, rtnl);
}

static int read_all(struct rtnl *rtnl)
{
	int err;

	memset(rtnl, 0, sizeof(*rtnl));
	rtnl->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!rtnl->socket)
		return -errno;
	err = read_list(rtnl, RTM_GETLINK, sizeof(struct ifinfomsg), take_link);
	if (!err)
		err = read_list(rtnl, RTM_GETADDR, sizeof(struct ifaddrmsg), take_address);
	if (!err)
		err = read_list(rtnl, RTM_GETNEIGH, sizeof(struct ndmsg), take_neighbour);
	if (!err)
		err = read_proxies(rtnl);
	return err;
}

/* -EINTR: the network changed while it was read. */
int rtnl_read(struct rtnl *rtnl)
{
	int tries = TRIES, err = read_all(rtnl);

	while (err == -EINTR && --tries) {
		rtnl_free(rtnl);
		err = read_all(rtnl);
	}
	return err;
}

static int take_route(const struct nlmsghdr *nlh, void *data)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	struct rtnl_route *route = data;
	const struct nlattr *attr;

	route->type = rtm->rtm_type;
	mnl_attr_for_each(attr, nlh, sizeof(*rtm)) {
		switch (mnl_attr_get_type(attr)) {
		case RTA_OIF:
			route->ifindex = mnl_attr_get_u32(attr);
			break;
		case RTA_GATEWAY:
			take_bytes(attr, &route->router, sizeof(route->router));
			route->has_router = true;
			break;
		case RTA_VIA:
			route->has_router = true;
			break;
		}
	}
	return MNL_CB_STOP;
}

int rtnl_route(const struct rtnl *rtnl, __u8 family,
	       const union nf_inet_addr *to, struct rtnl_route *route)
{
	char buf[NETLINK_REQUEST];
	struct nlmsghdr *request;
	struct rtmsg *rtm;

	memset(route, 0, sizeof(*route));
	request = netlink_request(buf, RTM_GETROUTE, 0, sizeof(*rtm));
	rtm = mnl_nlmsg_get_payload(request);
	rtm->rtm_family = family;
	rtm->rtm_dst_len = (unsigned char)address_bits(family);
	mnl_attr_put(request, RTA_DST, address_bits(family) / 8, to);
	return netlink_ask(rtnl->socket, request, take_route, route);
}

const char *rtnl_link_name(const struct rtnl *rtnl, unsigned int ifindex)
{
	size_t i;

	for (i = 0; i < rtnl->nr_links; i++)
		if (rtnl->links[i].ifindex == ifindex)
			return rtnl->links[i].name;
	return "?";
}

const struct rtnl_link *rtnl_link(const struct rtnl *rtnl, const char *name)
{
	size_t i;

	for (i = 0; i < rtnl->nr_links; i++)
		if (!strcmp(rtnl->links[i].name, name))
			return &rtnl->links[i];
	return NULL;
}

const struct rtnl_address *rtnl_own(const struct rtnl *rtnl, __u8 family,
				    const union nf_inet_addr *addr)
{
	size_t i;

	for (i = 0; i < rtnl->nr_addresses; i++)
		if (rtnl->addresses[i].family == family &&
		    !memcmp(&rtnl->addresses[i].addr, addr, sizeof(*addr)))
			return &rtnl->addresses[i];
	return NULL;
}

static bool same_prefix(const union nf_inet_addr *a,
			const union nf_inet_addr *b, unsigned int bits)
{
	const __u8 *x = (const __u8 *)a, *y = (const __u8 *)b;
	unsigned int bytes = bits / 8, rest = bits % 8;

	if (memcmp(x, y, bytes))
		return false;
	return !rest || !((x[bytes] ^ y[bytes]) >> (8 - rest));
}

const struct rtnl_address *rtnl_subnet(const struct rtnl *rtnl, __u8 family,
				       const union nf_inet_addr *addr,
				       unsigned int ifindex)
{
	const struct rtnl_address *best = NULL;
	size_t i;

	for (i = 0; i < rtnl->nr_addresses; i++) {
		const struct rtnl_address *at = &rtnl->addresses[i];

		if (at->family == family && at->bits < address_bits(family) &&
		    (!ifindex || at->ifindex == ifindex) &&
		    same_prefix(&at->addr, addr, at->bits) &&
		    (!best || at->bits > best->bits))
			best = at;
	}
	return best;
}

void rtnl_free(struct rtnl *rtnl)
{
	free(rtnl->links);
	free(rtnl->addresses);
	free(rtnl->neighbours);
	if (rtnl->socket)
		mnl_socket_close(rtnl->socket);
}
