/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network interfaces, and news of interfaces that come, go and change, from
 * rtnetlink: for the ioctls a name that is not there is a reason to look for a
 * module of that name.
 */
#ifndef LINKS_H
#define LINKS_H

struct mnl_socket;

/**
 * struct link - what there is to know about an interface
 * @ifindex: index of the interface
 * @mtu: in bytes
 */
struct link {
	unsigned int ifindex;
	unsigned int mtu;
};

/**
 * links_find() - look for an interface
 * @name: name of the interface, at most IFNAMSIZ - 1 characters
 * @link: filled in on success
 *
 * Return: 0, -ENODEV if there is no such interface, or another negative errno.
 */
int links_find(const char *name, struct link *link);

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
 *	news were lost: any interface may have gone
 * @data: handed to @gone
 *
 * Return: 0 or a negative errno.
 */
int links_read(struct mnl_socket *links,
	       void (*gone)(unsigned int ifindex, void *data), void *data);

#endif /* LINKS_H */
