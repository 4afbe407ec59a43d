// SPDX-License-Identifier: GPL-2.0
/*
 * A write during which the kernel has no memory: one of its allocations fails, another one at each
 * try, until it got by without that one. Each time the answer has to be ENOMEM, and nothing may
 * have changed. The kernel needs failslab, see its Documentation/fault-injection/.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "peer.h"

/* More allocations than any write has. */
#define NTH_MAX	100000

/* All of a file, or "" of what cannot be read; the caller frees it. */
static char *contents(const char *path)
{
	size_t len = 0, size = 1 << 12;
	char *text = malloc(size);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	while (text && fd >= 0 && (n = read(fd, text + len, size - len - 1)) > 0) {
		len += n;
		if (len + 1 == size)
			text = realloc(text, size *= 2);
	}
	if (!text)
		die(path);
	text[len] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

/* The nth allocation of this thread from now on fails; 0 is none. */
static void arm(int fd, unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fd, text, len, 0) != len)
		die("fail-nth");
}

/* Has it? None does afterwards. */
static bool disarm(int fd)
{
	char text[16] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 1)
		die("fail-nth");
	arm(fd, 0);
	return !atoi(text);
}

/* What a refused change leaves as it was. */
struct before {
	const char *path;
	char *config;
	char *file;
};

static struct before look(const char *path)
{
	return (struct before){ path, contents("/proc/net/nf_vip/config"), contents(path) };
}

/* Does it differ from what there was? Then it says so. Frees both. */
static bool differs(struct before *before)
{
	struct before now = look(before->path);
	bool same = !strcmp(before->config, now.config) && !strcmp(before->file, now.file);

	if (!same)
		printf("a write that failed has changed something: %s ", before->path);
	free(before->config);
	free(before->file);
	free(now.config);
	free(now.file);
	return !same;
}

ssize_t write_failing(const char *path, int fd, const char *text, size_t len)
{
	int fail = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	unsigned int nth;
	ssize_t n = -1;
	bool failed;
	int err;

	if (fail < 0)
		die("fail-nth");
	/* The first ones all, then ever fewer. */
	for (nth = 1; nth < NTH_MAX; nth += 1 + nth / 8) {
		struct before before = look(path);

		arm(fail, nth);
		n = write(fd, text, len);
		err = errno;
		failed = disarm(fail);
		if (n < 0 && err == ENOMEM && differs(&before))
			err = EUCLEAN;
		/* What was refused for another reason, or has found another way, would be again. */
		if (!failed || n >= 0 || err != ENOMEM)
			break;
	}
	close(fail);
	errno = err;
	return n;
}
