// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/socket.h>
#include "net/netlink.h"

/* The kernel's messages end at 32 KiB, whatever the buffer is. */
#define ANSWER_MAX	32768

struct nlmsghdr *netlink_request(char buf[NETLINK_REQUEST], int type, int flags, size_t size)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);

	request->nlmsg_type = (__u16)type;
	request->nlmsg_flags = (__u16)(NLM_F_REQUEST | flags);
	mnl_nlmsg_put_extra_header(request, size);
	return request;
}

int netlink_receive(struct mnl_socket *socket, mnl_cb_t take, void *data)
{
	char buf[ANSWER_MAX];
	ssize_t n;
	int more;

	do {
		n = mnl_socket_recvfrom(socket, buf, sizeof(buf));
		if (n < 0)
			return -errno;
		/* @take only says that it failed, which is always for lack of memory. */
		errno = ENOMEM;
		more = mnl_cb_run(buf, (size_t)n, 0, 0, take, data);
		if (more < 0)
			return -errno;
	} while (more > 0);
	return 0;
}

int netlink_ask(struct mnl_socket *socket, const struct nlmsghdr *request, mnl_cb_t take,
		void *data)
{
	if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return -errno;
	return netlink_receive(socket, take, data);
}

int netlink_ask_once(int protocol, const struct nlmsghdr *request, mnl_cb_t take, void *data)
{
	struct mnl_socket *socket = mnl_socket_open2(protocol, SOCK_CLOEXEC);
	int err;

	if (!socket)
		return -errno;
	err = netlink_ask(socket, request, take, data);
	mnl_socket_close(socket);
	return err;
}
