// SPDX-License-Identifier: GPL-2.0
/* Commands that switch the fast path and keep it on its interfaces. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "cmd/vipctl.h"
#include "net/fastpath.h"
#include "net/flowtable.h"
#include "net/links.h"

/* The table is removed even if the module, and with it the wish, has gone before. */
static int switch_off(void)
{
	char sentence[NF_VIP_ERROR_MAX] = "";
	struct fastpath fastpath;
	int err;

	err = fastpath_look(&fastpath);
	if (err && err != -ENOENT)
		return vipctl_complain_kernel("fastpath", err);
	if (fastpath.wish.nr &&
	    vipctl_state("fastpath", "delete fastpath", 0, NULL))
		return VIPCTL_REFUSED;
	err = flowtable_remove(sentence);
	if (!err)
		return VIPCTL_DONE;
	if (err != -EIO)
		return vipctl_complain_kernel("fastpath", err);
	vipctl_complain("fastpath: nftables says: %s", sentence);
	return VIPCTL_REFUSED;
}

static int show(void)
{
	/*
	 * fastpath_sync() may make the table anew, whose counters begin at
	 * zero: read them first.
	 */
	unsigned long long left = flowtable_left();
	struct fastpath fastpath;
	int ret = fastpath_sync("fastpath", &fastpath);

	if (ret)
		return ret;
	if (vipctl_given('j'))
		return fastpath_print_json("fastpath", &fastpath);
	fastpath_print(&fastpath);
	if (left)
		vipctl_complain("fastpath: none of %llu packets is on it: see vipctl doctor", left);
	return VIPCTL_DONE;
}

int cmd_fastpath(int argc, char **argv)
{
	int ret;

	if (!argc)
		return show();
	if (vipctl_given('j')) {
		vipctl_complain("fastpath: has no JSON when it changes something");
		return VIPCTL_USAGE;
	}
	if (argc == 1 && !strcmp(argv[0], "off"))
		return switch_off();
	if (!strcmp(argv[0], "off")) {
		vipctl_complain("fastpath: \"%s\": expected nothing behind off", argv[1]);
		return VIPCTL_USAGE;
	}
	ret = vipctl_state("fastpath", "fastpath", argc, argv);
	return ret ?: fastpath_apply("fastpath");
}

/*
 * nftables has forgotten the interface, whatever has the interface's name and
 * index now: give it an index that no interface has, so that the table is made
 * anew.
 */
static void gone(unsigned int ifindex, void *data)
{
	struct fastpath *is = data;
	unsigned int i;

	for (i = 0; i < is->wish.nr; i++)
		if (!ifindex || is->link[i].ifindex == ifindex)
			is->link[i].ifindex = UINT_MAX;
	for (i = 0; i < is->below.nr; i++)
		if (!ifindex || is->below.ifindex[i] == ifindex)
			is->below.ifindex[i] = UINT_MAX;
}

/* An error here needs no end: the next news may set it right. */
static void catch_up(struct fastpath *is)
{
	struct fastpath should;

	if (!fastpath_look(&should) && fastpath_is(is, &should))
		return;
	if (fastpath_sync("follow", is))
		return;
	fastpath_print(is);
	fflush(stdout);
}

static int follow(struct mnl_socket *links, int signals)
{
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = mnl_socket_get_fd(links), .events = POLLIN },
	};
	struct fastpath is;
	int err = 0;

	if (fastpath_sync("follow", &is))
		return VIPCTL_REFUSED;
	fastpath_print(&is);
	fflush(stdout);
	while (!err) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno != EINTR)
			err = -errno;
		if (fds[0].revents)
			return VIPCTL_DONE;
		if (!err && fds[1].revents)
			err = links_read(links, gone, &is);
		if (!err)
			catch_up(&is);
	}
	return vipctl_complain_kernel("follow", err);
}

int cmd_follow(int argc, char **argv)
{
	int signals = vipctl_signals();
	struct mnl_socket *links = links_open();
	int ret;

	(void)argc;
	(void)argv;
	if (signals < 0 || !links)
		ret = vipctl_complain_kernel("follow", -errno);
	else
		ret = follow(links, signals);
	if (links)
		mnl_socket_close(links);
	if (signals >= 0)
		close(signals);
	return ret;
}
