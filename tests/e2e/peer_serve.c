// SPDX-License-Identifier: GPL-2.0
/*
 * peer serve [-S]: every connection is greeted with the line of peer.h, and so is every datagram.
 * On a connection each line from the client is answered with that line again, except for
 *   get N    N bytes and a newline
 *   put N    followed by N bytes; answered with "N"
 *
 * With -S it is SCTP instead of TCP and UDP, with a socket for each family: one for both would tell
 * clients its addresses of both, and they would talk to those.
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

/* For SCTP one family alone. */
static int bound_socket(int family, int type, int protocol, unsigned int port)
{
	struct sockaddr_in6 any = { .sin6_family = family, .sin6_port = htons(port) };
	int fd = socket(family, type | SOCK_CLOEXEC, protocol), one = 1;
	int v6only = protocol == IPPROTO_SCTP;

	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof(v6only));
	if (type == SOCK_DGRAM)
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof(one));
	if (bind(fd, (void *)&any, family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(any)))
		die("bind");
	if (type == SOCK_STREAM && listen(fd, 1024))
		die("listen");
	return fd;
}

static void serve_forever(int fds[][2], int n, bool sctp)
{
	int i, null = open("/dev/null", O_RDWR);

	for (i = 0; i < 3; i++)
		dup2(null, i);
	for (i = 0; i < n; i++) {
		start(acceptor, fds[i][0]);
		start(sctp ? acceptor : datagrams, fds[i][1]);
	}
	for (;;)
		pause();
}

/* Prints the server's process id when everything listens; nobody has to poll. */
int serve(int argc, char **argv)
{
	bool sctp = argc > 1 && !strcmp(argv[1], "-S");
	int fds[64][2], i, n;
	pid_t pid;

	argc -= sctp;
	argv += sctp;
	n = argc - 2;
	if (n < 1 || n > 64)
		return 2;
	server_name = argv[1];
	for (i = 0; i < n; i++) {
		unsigned int port = atoi(argv[i + 2]);

		fds[i][0] = bound_socket(AF_INET6, SOCK_STREAM, sctp ? IPPROTO_SCTP : 0, port);
		fds[i][1] = sctp ? bound_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, port) :
				   bound_socket(AF_INET6, SOCK_DGRAM, 0, port);
	}
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		serve_forever(fds, n, sctp);
	printf("%d\n", pid);
	for (i = 0; i < n; i++) {
		close(fds[i][0]);
		close(fds[i][1]);
	}
	return 0;
}
