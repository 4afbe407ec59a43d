// SPDX-License-Identifier: GPL-2.0
/*
 * usage: peer [-n NETNS] serve NAME PORT...            TCP and UDP, IPv4 and IPv6; returns when they listen
 *        peer [-n NETNS] call [OPTIONS] ADDRESS PORT   connects or datagrams, who answered
 *        peer [-n NETNS] hold [OPTIONS] ADDRESS PORT   connections that stay and are asked again
 *        peer [-n NETNS] write FILE                    stdin with one write(2): "ok" or the errno
 *        peer set FILE=VALUE... [NETNS...]             below /proc/sys; here, or in each of these namespaces
 *
 * The options of call and hold are in peer_client.c.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "peer.h"

void die(const char *what)
{
	fprintf(stderr, "peer: %s: %s\n", what, strerror(errno));
	exit(2);
}

const char *error_word(int err)
{
	const char *name;

	if (err == EAGAIN || err == EINPROGRESS || err == ETIMEDOUT)
		return "timeout";
	name = strerrorname_np(err);
	return name ? name : "?";
}

bool read_line(int fd, char *line, size_t size)
{
	size_t n = 0;
	char c;

	for (;;) {
		ssize_t got = read(fd, &c, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			if (!got)
				errno = ENODATA;
			return false;
		}
		if (c == '\n')
			break;
		if (n + 1 < size)
			line[n++] = c;
	}
	if (n && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	return true;
}

bool write_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += n;
		len -= n;
	}
	return true;
}

bool send_filling(int fd, size_t len)
{
	char block[4096];

	memset(block, 'x', sizeof(block));
	while (len) {
		size_t n = len < sizeof(block) ? len : sizeof(block);

		if (!write_all(fd, block, n))
			return false;
		len -= n;
	}
	return true;
}

bool skip_bytes(int fd, size_t len)
{
	char block[4096];

	while (len) {
		ssize_t n = read(fd, block, len < sizeof(block) ? len : sizeof(block));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (!n)
				errno = ENODATA;
			return false;
		}
		len -= n;
	}
	return true;
}

void endpoint_text(const struct sockaddr_storage *addr, char address[ADDRESS_MAX], unsigned int *port)
{
	if (addr->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)addr;

		inet_ntop(AF_INET, &in->sin_addr, address, ADDRESS_MAX);
		*port = ntohs(in->sin_port);
	} else {
		const struct sockaddr_in6 *in6 = (const void *)addr;

		if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr))
			inet_ntop(AF_INET, &in6->sin6_addr.s6_addr[12], address, ADDRESS_MAX);
		else
			inet_ntop(AF_INET6, &in6->sin6_addr, address, ADDRESS_MAX);
		*port = ntohs(in6->sin6_port);
	}
}

static void enter(const char *netns)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
}

/* All of stdin in one write(2), as `cat` and `echo` do not promise. */
static int write_file(int argc, char **argv)
{
	size_t len = 0, size = 1 << 16;
	char *text = malloc(size);
	ssize_t n;
	int fd;

	if (argc != 2)
		return 2;
	while (text && (n = read(0, text + len, size - len)) > 0) {
		len += n;
		if (len == size)
			text = realloc(text, size *= 2);
	}
	if (!text)
		die("stdin");

	fd = open(argv[1], O_WRONLY);
	if (fd < 0) {
		printf("open %s\n", error_word(errno));
		return 1;
	}
	n = write(fd, text, len);
	if (n < 0)
		printf("%s\n", error_word(errno));
	else if ((size_t)n != len)
		printf("short %zd\n", n);
	else
		puts("ok");
	return n != (ssize_t)len;
}

static void set_one(const char *setting)
{
	char path[512];
	int name = strcspn(setting, "=");
	const char *value = setting + name + 1;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%.*s", name, setting);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		die(path);
	close(fd);
}

static int set(int argc, char **argv)
{
	int i, here, nr_settings = 1;

	while (nr_settings < argc && strchr(argv[nr_settings], '='))
		nr_settings++;
	for (here = nr_settings; here < argc || here == nr_settings; here++) {
		if (here < argc)
			enter(argv[here]);
		for (i = 1; i < nr_settings; i++)
			set_one(argv[i]);
	}
	return 0;
}

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "serve", serve },
	{ "call", call },
	{ "hold", hold },
	{ "write", write_file },
	{ "set", set },
};

int main(int argc, char **argv)
{
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	if (argc > 2 && !strcmp(argv[1], "-n")) {
		enter(argv[2]);
		argc -= 2;
		argv += 2;
	}
	for (i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fputs("usage: peer [-n NETNS] serve|call|hold|write|set ...\n", stderr);
	return 2;
}
