// SPDX-License-Identifier: GPL-2.0
/* What is done with the module's files; peer.c tells how each command is called. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "peer.h"

/* One write(2), as `cat` and `echo` do not promise; if wanted after many that failed. */
static int write_once(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0) {
		puts(error_word(errno));
		return 1;
	}
	if (getenv("NF_VIP_EACH_ALLOCATION"))
		n = write_failing(path, fd, text, len);
	else
		n = write(fd, text, len);
	if (n < 0)
		printf("%s\n", error_word(errno));
	else if ((size_t)n != len)
		printf("short: %zd\n", n);
	else
		puts("ok");
	close(fd);
	return n != (ssize_t)len;
}

int write_file(int argc, char **argv)
{
	size_t len = 0, size = 1 << 16;
	char *text = malloc(size);
	ssize_t n;

	if (argc != 2)
		return 2;
	while (text && (n = read(0, text + len, size - len)) > 0) {
		len += n;
		if (len == size)
			text = realloc(text, size *= 2);
	}
	if (!text)
		die("stdin");
	return write_once(argv[1], text, len);
}

int put(int argc, char **argv)
{
	static char text[1 << 16];
	size_t len = 0;
	const char *at;
	int i;

	if (argc < 2)
		return 2;
	for (i = 2; i < argc; i++) {
		if (i > 2)
			text[len++] = ' ';
		for (at = argv[i]; *at; at++) {
			if (len + 2 > sizeof(text))
				return 2;
			if (at[0] == '\\' && at[1] == 'n') {
				text[len++] = '\n';
				at++;
			} else {
				text[len++] = *at;
			}
		}
	}
	text[len++] = '\n';
	return write_once(argv[1], text, len);
}

int garbage(int argc, char **argv)
{
	size_t i, len = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	unsigned long x = 88172645463325252UL;
	char *text = malloc(len);
	int status;

	if (!len || !text)
		return 2;
	for (i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		text[i] = x;
	}
	status = write_once(argv[1], text, len);
	free(text);
	return status;
}

int read_file(int argc, char **argv)
{
	static char text[1 << 16];
	ssize_t n = -1;
	int fd;

	if (argc != 2)
		return 2;
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && (n = read(fd, text, sizeof(text))) > 0)
		;
	puts(n < 0 ? error_word(errno) : "ok");
	if (fd >= 0)
		close(fd);
	return n < 0;
}

int watch(int argc, char **argv)
{
	struct pollfd waiter = { .events = POLLPRI };
	char text[4096];
	ssize_t n;

	if (argc != 2)
		return 2;
	waiter.fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (waiter.fd < 0)
		die(argv[1]);
	while ((n = pread(waiter.fd, text, sizeof(text), 0)) > 0) {
		fwrite(text, 1, n, stdout);
		fflush(stdout);
		poll(&waiter, 1, -1);
	}
	puts(error_word(errno));
	return 0;
}
