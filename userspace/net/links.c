// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include "net/links.h"
#include "net/netlink.h"

/* The callback that is told of interfaces that have gone. */
struct listener {
	void (*gone)(unsigned int ifindex, void *data);
	void *data;
};

static int take_link(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	struct link *link = data;

	link->ifindex = (unsigned int)ifi->ifi_index;
	mnl_attr_for_each(attr, nlh, sizeof(*ifi))
		if (mnl_attr_get_type(attr) == IFLA_MTU)
			link->mtu = mnl_attr_get_u32(attr);
	return MNL_CB_STOP;
}

int links_find(const char *name, struct link *link)
{
	char buf[NETLINK_REQUEST];
	struct nlmsghdr *request;

	request = netlink_request(buf, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(request, IFLA_IFNAME, name);
	return netlink_ask_once(NETLINK_ROUTE, request, take_link, link);
}

struct mnl_socket *links_open(void)
{
	struct mnl_socket *links;

	links = mnl_socket_open2(NETLINK_ROUTE, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (!links)
		return NULL;
	if (!mnl_socket_bind(links, RTMGRP_LINK, MNL_SOCKET_AUTOPID))
		return links;
	mnl_socket_close(links);
	return NULL;
}

/* A bridge also says "gone" of a port that only left it: such news have another family. */
static int take_news(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct listener *listener = data;

	if (nlh->nlmsg_type == RTM_DELLINK && ifi->ifi_family == AF_UNSPEC)
		listener->gone((unsigned int)ifi->ifi_index, listener->data);
	return MNL_CB_OK;
}

int links_read(struct mnl_socket *links,
	       void (*gone)(unsigned int ifindex, void *data), void *data)
{
	struct listener listener = { gone, data };
	int err;

	do {
		err = netlink_receive(links, take_news, &listener);
		if (err == -ENOBUFS)
			gone(0, data);
	} while (err == -ENOBUFS || err == -EINTR);
	return err == -EAGAIN ? 0 : err;
}
