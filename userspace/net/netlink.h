/* SPDX-License-Identifier: GPL-2.0 */
/* Questions to the kernel over netlink, and its answers. libmnl takes messages apart. */
#ifndef NETLINK_H
#define NETLINK_H

#include <libmnl/libmnl.h>
#include <stddef.h>

/* Room for a question of this program. */
#define NETLINK_REQUEST	256

/**
 * netlink_request() - begin a question
 * @buf: filled in
 * @type: RTM_GETLINK and others
 * @flags: NLM_F_DUMP, or 0 for a question that has one answer
 * @size: size of the family's header, which is all zero; mnl_nlmsg_get_payload() gives
 *	it
 *
 * Return: the question, which attributes can be added to.
 */
struct nlmsghdr *netlink_request(char buf[NETLINK_REQUEST], int type, int flags, size_t size);

/**
 * netlink_receive() - take messages until an answer ends, or @take stops
 * @socket: socket
 * @take: called with each message. It returns MNL_CB_OK; MNL_CB_STOP after the answer to a
 *	question without NLM_F_DUMP; MNL_CB_ERROR if there was no memory
 * @data: handed to @take
 *
 * Return: 0, -ENOMEM, -EINTR for a dump during which something changed, or what the kernel
 * or recvmsg(2) says.
 */
int netlink_receive(struct mnl_socket *socket, mnl_cb_t take, void *data);

/**
 * netlink_ask() - ask, and take the answer
 * @socket: socket
 * @request: question
 * @take: as for netlink_receive()
 * @data: handed to @take
 *
 * Return: as netlink_receive(), or what sendto(2) says.
 */
int netlink_ask(struct mnl_socket *socket, const struct nlmsghdr *request, mnl_cb_t take,
		void *data);

/**
 * netlink_ask_once() - netlink_ask() with a socket of its own
 * @protocol: NETLINK_ROUTE or NETLINK_NETFILTER
 * @request: question
 * @take: as for netlink_receive()
 * @data: handed to @take
 *
 * Return: as netlink_ask(), or what socket(2) says.
 */
int netlink_ask_once(int protocol, const struct nlmsghdr *request, mnl_cb_t take, void *data);

#endif /* NETLINK_H */
