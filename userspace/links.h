/* SPDX-License-Identifier: GPL-2.0 */
/* News of network interfaces that come, go and change, from rtnetlink. */
#ifndef LINKS_H
#define LINKS_H

struct mnl_socket;

/**
 * links_open() - ask for news
 *
 * Return: a socket to be closed with mnl_socket_close(), or NULL with errno.
 */
struct mnl_socket *links_open(void);

/**
 * links_read() - take all news there are, without waiting for more
 * @links: socket
 * @gone: called for each interface that has gone, with its index; with 0 if
 *	news were lost: any may have gone
 * @data: handed to @gone
 *
 * Return: 0 or a negative errno.
 */
int links_read(struct mnl_socket *links,
	       void (*gone)(unsigned int ifindex, void *data), void *data);

#endif /* LINKS_H */
