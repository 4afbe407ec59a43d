// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "lib/grow.h"
#include "lib/netns.h"

#define NAMES	"/run/netns"

/* The kernel has this setting once, and shows it in the first namespace only. */
#define FIRST_HAS	"/proc/sys/net/core/netdev_budget"

int netns_is_of_user(const struct netns *netns)
{
	int fd = ioctl(netns->fd, NS_GET_USERNS), err = 0;
	struct stat own, other;

	/* The namespace belongs to a user namespace that this process is neither in nor above. */
	if (fd < 0)
		return errno == EPERM ? 1 : -errno;
	if (stat("/proc/self/ns/user", &own) || fstat(fd, &other))
		err = -errno;
	close(fd);
	return err ? err : own.st_ino != other.st_ino;
}

bool netns_is_first(void)
{
	return !access(FIRST_HAS, F_OK);
}

static bool is_listed(const struct netns *list, size_t nr, ino_t ino)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (list[i].ino == ino)
			return true;
	return false;
}

/* A name in /run/netns whose mount is gone is an empty file. */
static bool is_namespace(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == NSFS_MAGIC;
}

/*
 * A process, or a name, may be gone by now, and its path is no way in any more;
 * and names may be of anything, a FIFO, a socket or a link to itself. Any other
 * error would hide a namespace.
 */
static bool is_no_way_in(int err)
{
	return err == ENOENT || err == ESRCH || err == EACCES || err == ELOOP || err == ENXIO ||
	       err == ENOTDIR;
}

static int add(struct netns **list, size_t *nr, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct netns *more;
	struct stat st;

	if (fd < 0)
		return is_no_way_in(errno) ? 0 : -errno;
	if (fstat(fd, &st) || !is_namespace(fd) || is_listed(*list, *nr, st.st_ino)) {
		close(fd);
		return 0;
	}
	more = grow(*list, *nr, sizeof(*more));
	if (!more) {
		close(fd);
		return -ENOMEM;
	}
	more[*nr] = (struct netns){ .fd = fd, .ino = st.st_ino };
	*list = more;
	++*nr;
	return 0;
}

/* There is a descriptor for each namespace, and anybody may make namespaces. */
static void allow_many_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int netns_list(struct netns **list, size_t *nr)
{
	glob_t paths;
	size_t i;
	int err;

	allow_many_files();
	*list = NULL;
	*nr = 0;
	err = add(list, nr, "/proc/self/ns/net");
	if (err)
		return err;
	if (!*nr)
		return -ENOENT;
	if (glob(NAMES "/*", 0, NULL, &paths) == GLOB_NOSPACE ||
	    glob("/proc/[0-9]*/ns/net", GLOB_APPEND, NULL, &paths) == GLOB_NOSPACE)
		err = -ENOMEM;
	for (i = 0; i < paths.gl_pathc && !err; i++)
		err = add(list, nr, paths.gl_pathv[i]);
	globfree(&paths);
	return err;
}

int netns_enter(const struct netns *netns)
{
	return setns(netns->fd, CLONE_NEWNET) ? -errno : 0;
}

/* A name is a file in one folder, so it has no slash. */
static int open_named(const char *name)
{
	char path[sizeof(NAMES) + NAME_MAX + 1];
	int fd;

	if (!*name || *name == '.' || strchr(name, '/') || strlen(name) > NAME_MAX)
		return -ENOENT;
	snprintf(path, sizeof(path), NAMES "/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int netns_enter_named(const char *name)
{
	struct netns netns = { .fd = open_named(name) };
	int err;

	if (netns.fd < 0)
		return netns.fd;
	err = netns_enter(&netns);
	close(netns.fd);
	if (!err)
		err = netns_own_mounts();
	return err ? err : netns_mount_sys();
}

int netns_own_mounts(void)
{
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return -errno;
	return 0;
}

/* EBUSY says that this sysfs is mounted there already. */
int netns_mount_sys(void)
{
	if (mount("sysfs", "/sys", "sysfs", 0, NULL) && errno != EBUSY)
		return -errno;
	return 0;
}

void netns_free(struct netns *list, size_t nr)
{
	while (nr)
		close(list[--nr].fd);
	free(list);
}
