// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include "links.h"

/* Whom to tell. */
struct listener {
	void (*gone)(unsigned int ifindex, void *data);
	void *data;
};

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
