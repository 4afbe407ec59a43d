// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include "net/links.h"

/* Whom to tell. */
struct listener {
	void (*gone)(unsigned int ifindex, void *data);
	void *data;
};

static int take_mtu(const struct nlattr *attr, void *data)
{
	struct link *link = data;

	if (mnl_attr_get_type(attr) == IFLA_MTU &&
	    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
		link->mtu = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int take_link(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	struct link *link = data;

	link->ifindex = (unsigned int)ifi->ifi_index;
	return mnl_attr_parse(nlh, sizeof(*ifi), take_mtu, link);
}

/* One request, one answer: the interface, or an error. */
static int ask(struct mnl_socket *socket, const char *name, struct link *link)
{
	char buf[32768];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;
	ssize_t n;

	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_family = AF_UNSPEC;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	if (mnl_socket_sendto(socket, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	n = mnl_socket_recvfrom(socket, buf, sizeof(buf));
	if (n < 0 || mnl_cb_run(buf, (size_t)n, 0, 0, take_link, link) < 0)
		return -errno;
	return 0;
}

int links_find(const char *name, struct link *link)
{
	struct mnl_socket *socket;
	int err;

	socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!socket)
		return -errno;
	err = ask(socket, name, link);
	mnl_socket_close(socket);
	return err;
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

/* A bridge says "gone" of a port that only left it: of another family. */
static int message(const struct nlmsghdr *nlh, void *data)
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
	char buf[32768];
	ssize_t n;

	for (;;) {
		n = mnl_socket_recvfrom(links, buf, sizeof(buf));
		if (n < 0 && errno == ENOBUFS)
			listener.gone(0, data);
		else if (n < 0 && errno == EAGAIN)
			return 0;
		else if (n < 0 && errno != EINTR)
			return -errno;
		else if (n >= 0)
			mnl_cb_run(buf, (size_t)n, 0, 0, message, &listener);
	}
}
