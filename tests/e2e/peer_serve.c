// SPDX-License-Identifier: GPL-2.0
/*
 * peer serve: every connection is greeted with the line of peer.h, and so is every datagram. On a
 * connection each line from the client is answered with that line again, except for
 *   get N    N bytes and a newline
 *   put N    followed by N bytes; answered with "N"
 *
 * One thread a connection: plain code, and the connections are few.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "peer.h"

static const char *server_name;

static int greeting(char *line, const struct sockaddr_storage *local,
		    const struct sockaddr_storage *peer)
{
	char la[ADDRESS_MAX], pa[ADDRESS_MAX];
	unsigned int lp, pp;

	endpoint_text(local, la, &lp);
	endpoint_text(peer, pa, &pp);
	return snprintf(line, LINE_MAX_BYTES, "%s %s %u %s %u\n", server_name, la, lp, pa, pp);
}

static bool answer(int fd, const char *question, const char *line)
{
	char reply[32];
	size_t n;

	if (sscanf(question, "get %zu", &n) == 1)
		return send_filling(fd, n) && write_all(fd, "\n", 1);
	if (sscanf(question, "put %zu", &n) == 1) {
		snprintf(reply, sizeof(reply), "%zu\n", n);
		return skip_bytes(fd, n) && write_all(fd, reply, strlen(reply));
	}
	return write_all(fd, line, strlen(line));
}

static void *connection(void *arg)
{
	int fd = (int)(intptr_t)arg;
	char line[LINE_MAX_BYTES], question[LINE_MAX_BYTES];
	struct sockaddr_storage local = {}, peer = {};
	socklen_t len = sizeof(local), plen = sizeof(peer);

	if (!getsockname(fd, (void *)&local, &len) && !getpeername(fd, (void *)&peer, &plen)) {
		greeting(line, &local, &peer);
		if (!write_all(fd, line, strlen(line)))
			shutdown(fd, SHUT_RDWR);
		while (read_line(fd, question, sizeof(question)) && answer(fd, question, line))
			;
	}
	close(fd);
	return NULL;
}

static void start(void *(*fn)(void *arg), int fd)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 1 << 18);
	if (pthread_create(&thread, &attr, fn, (void *)(intptr_t)fd))
		close(fd);
	pthread_attr_destroy(&attr);
}

static void *acceptor(void *arg)
{
	int fd = (int)(intptr_t)arg;

	for (;;) {
		int conn = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

		if (conn >= 0)
			start(connection, conn);
		else if (errno != EINTR && errno != ECONNABORTED)
			return NULL;
	}
}

/* The answer leaves from the address that the question came to: one server may have many. */
static void answer_datagram(int fd, unsigned int port)
{
	union {
		char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
		struct cmsghdr align;
	} control;
	char data[65536], line[LINE_MAX_BYTES];
	struct sockaddr_storage peer = {};
	struct sockaddr_in6 local = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg = {
		.msg_name = &peer, .msg_namelen = sizeof(peer), .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;

	if (recvmsg(fd, &msg, 0) < 0)
		return;
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo *info = (void *)CMSG_DATA(c);

			local.sin6_addr = info->ipi6_addr;
			info->ipi6_ifindex = 0;
		}
	iov.iov_base = line;
	iov.iov_len = greeting(line, (void *)&local, &peer);
	sendmsg(fd, &msg, MSG_NOSIGNAL);
}

static void *datagrams(void *arg)
{
	int fd = (int)(intptr_t)arg;
	struct sockaddr_storage local;
	socklen_t len = sizeof(local);
	char address[ADDRESS_MAX];
	unsigned int port;

	getsockname(fd, (void *)&local, &len);
	endpoint_text(&local, address, &port);
	for (;;)
		answer_datagram(fd, port);
	return NULL;
}

static int bound_socket(int type, unsigned int port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd = socket(AF_INET6, type | SOCK_CLOEXEC, 0), one = 1, zero = 0;

	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero));
	if (type == SOCK_DGRAM)
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof(one));
	if (bind(fd, (void *)&any, sizeof(any)))
		die("bind");
	if (type == SOCK_STREAM && listen(fd, 1024))
		die("listen");
	return fd;
}

static void serve_forever(int fds[][2], int n)
{
	int i, null = open("/dev/null", O_RDWR);

	for (i = 0; i < 3; i++)
		dup2(null, i);
	for (i = 0; i < n; i++) {
		start(acceptor, fds[i][0]);
		start(datagrams, fds[i][1]);
	}
	for (;;)
		pause();
}

/* Prints the server's process id when everything listens; nobody has to poll. */
int serve(int argc, char **argv)
{
	int fds[64][2], i, n = argc - 2;
	pid_t pid;

	if (n < 1 || n > 64)
		return 2;
	server_name = argv[1];
	for (i = 0; i < n; i++) {
		fds[i][0] = bound_socket(SOCK_STREAM, atoi(argv[i + 2]));
		fds[i][1] = bound_socket(SOCK_DGRAM, atoi(argv[i + 2]));
	}
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		serve_forever(fds, n);
	printf("%d\n", pid);
	for (i = 0; i < n; i++) {
		close(fds[i][0]);
		close(fds[i][1]);
	}
	return 0;
}
