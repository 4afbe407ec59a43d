/* SPDX-License-Identifier: GPL-2.0 */
/* The network namespaces of this machine. */
#ifndef NETNS_H
#define NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct netns - a network namespace
 * @fd: keeps the namespace, and is the way into it
 * @ino: the same for two paths to one namespace
 */
struct netns {
	int fd;
	ino_t ino;
};

/**
 * netns_is_first() - is this process in the network namespace that the machine
 *	booted with?
 */
bool netns_is_first(void);

/**
 * netns_list() - the namespace of this process, then all that have a name in
 *	/run/netns or a process
 * @list: filled in; free with netns_free()
 * @nr: how many
 *
 * Return: 0 or a negative errno.
 */
int netns_list(struct netns **list, size_t *nr);

/**
 * netns_is_of_user() - is a network namespace that of another user namespace?
 * @netns: network namespace
 *
 * Return: 1 for a namespace made by somebody who need not have any right here, 0
 * for others, or -errno.
 */
int netns_is_of_user(const struct netns *netns);

/**
 * netns_enter() - let this process be in a namespace
 * @netns: namespace
 *
 * /proc/net is that namespace's afterwards, /sys is not.
 *
 * Return: 0 or a negative errno.
 */
int netns_enter(const struct netns *netns);

/**
 * netns_enter_named() - let this process be in a namespace, /sys as well
 * @name: as ip-netns(8) has it, below /run/netns
 *
 * Return: 0 or a negative errno; -ENOENT if there is no namespace of that name.
 */
int netns_enter_named(const char *name);

/**
 * netns_own_mounts() - give this process mounts that nobody else sees
 *
 * Return: 0 or a negative errno.
 */
int netns_own_mounts(void);

/**
 * netns_mount_sys() - let /sys be that of the network namespace
 *
 * Needs netns_own_mounts().
 *
 * Return: 0 or a negative errno.
 */
int netns_mount_sys(void);

/**
 * netns_free() - let go of the namespaces
 * @list: what netns_list() gave
 * @nr: how many
 */
void netns_free(struct netns *list, size_t nr);

#endif /* NETNS_H */
