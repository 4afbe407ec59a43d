// SPDX-License-Identifier: GPL-2.0
/*
 * usage: peer inside [-p PROGRAM]... COMMAND...
 *	run it as a gateway of its own, see inside()
 * peer agent
 *	do the following, one a line of stdin, one answer a line; a process costs half a second on
 *	the slowest of the kernels
 * peer [-n NETNS] serve [-S] NAME PORT...
 *	TCP and UDP, or with -S SCTP; IPv4 and IPv6; answers with the process id when they listen
 * peer [-n NETNS] call [OPTIONS] ADDRESS PORT
 *	connects or datagrams, who answered; options are in peer_client.c
 * peer [-n NETNS] hold [OPTIONS] ADDRESS PORT
 *	connections that stay and are asked again (not by an agent)
 * peer [-n NETNS] write FILE
 *	stdin with one write(2): "ok" or the errno (not by an agent)
 * peer [-n NETNS] read FILE
 *	all of it, for nothing: "ok" or the errno
 * peer [-n NETNS] put FILE TEXT...
 *	the same with TEXT and a newline; "\n" in it is one, too
 * peer times N COMMAND...
 *	any of these so many times
 * peer garbage FILE BYTES
 *	the same with that many bytes of garbage, always the same
 * peer set FILE=VALUE... [NETNS...]
 *	below /proc/sys; here, or in each of these namespaces
 * peer watch FILE
 *	a file of sysfs, and again whenever poll(2) says that something happened, one line each; the
 *	errno when it is gone (not by an agent)
 * peer barrier
 *	wait until whatever a processor was doing in the kernel under RCU is done: "ok"
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "peer.h"

/* For open_way of lib.sh. */
enum { NR_FIFOS = 64 };

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

void endpoint_text(const struct sockaddr_storage *addr, char address[ADDRESS_MAX],
		   unsigned int *port)
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

static void up(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &ifr))
		die(name);
	close(fd);
}

/* A file system that shows the namespaces of the process that mounts it. */
static void mount_own(const char *type, const char *where)
{
	if (mount(type, where, type, 0, NULL))
		die(where);
}

/*
 * Where every user may run it: the sources are where root has cloned them, and that may be a home
 * that is closed to others, or made with a umask of 077. Nor has the path of a copy a blank in it.
 */
static void copy_program(const char *program)
{
	const char *slash = strrchr(program, '/');
	char path[128];
	ssize_t n;
	int from, to;

	snprintf(path, sizeof(path), "/run/netns/.tmp/bin/%s", slash ? slash + 1 : program);
	from = open(program, O_RDONLY | O_CLOEXEC);
	if (from < 0)
		die(program);
	to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (to < 0)
		die(path);
	while ((n = sendfile(to, from, NULL, 1 << 24)) > 0)
		;
	if (n < 0)
		die(path);
	close(from);
	close(to);
}

static void furnish(char **programs, int nr_programs)
{
	char path[64];
	int i;

	umask(022);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("/");
	mount_own("proc", "/proc");
	mount_own("sysfs", "/sys");
	mkdir("/run/netns", 0755);
	mount_own("tmpfs", "/run/netns");
	mkdir("/run/netns/.tmp", 0755);
	mkdir("/run/netns/.tmp/bin", 0755);
	for (i = 0; i < nr_programs; i++)
		copy_program(programs[2 * i + 1]);
	for (i = 0; i < NR_FIFOS; i++) {
		snprintf(path, sizeof(path), "/run/netns/.tmp/fifo%d", i);
		if (mkfifo(path, 0600))
			die(path);
	}
	up("lo");
}

/*
 * Runs a test in namespaces of its own: network, mounts (so that /sys, /proc/net and the names of
 * `ip netns` are its own, too) and processes (so that all of them end with it). Leaves some FIFOs
 * for it in /run/netns/.tmp, and in its bin a copy of each PROGRAM.
 */
static int inside(char **argv)
{
	char **programs = argv;
	int status;
	pid_t pid;

	while (argv[0] && !strcmp(argv[0], "-p") && argv[1])
		argv += 2;
	if (!argv[0])
		return 2;
	if (unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID))
		die("unshare");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		furnish(programs, (argv - programs) / 2);
		signal(SIGPIPE, SIG_DFL);
		execvp(argv[0], argv);
		die(argv[0]);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
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

/* membarrier(2): with more than one processor this command waits for a grace period of RCU. */
static int barrier(int argc, char **argv)
{
	(void)argc;
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		die(argv[0]);
	puts("ok");
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
	{ "read", read_file },
	{ "put", put },
	{ "garbage", garbage },
	{ "set", set },
	{ "watch", watch },
	{ "barrier", barrier },
};

static int run(int argc, char **argv)
{
	size_t i;

	if (argc > 2 && !strcmp(argv[0], "-n")) {
		enter(argv[1]);
		argc -= 2;
		argv += 2;
	}
	for (i = 0; argc && i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[0], commands[i].name))
			return commands[i].run(argc, argv);
	fputs("usage: peer [-n NETNS] serve|call|hold|write|read|put|set|...\n", stderr);
	return 2;
}

static int times(int argc, char **argv)
{
	int i, status = 0;

	for (i = argc > 1 ? atoi(argv[0]) : 0; i > 0; i--)
		status |= run(argc - 1, argv + 1);
	return status;
}

static int agent(void)
{
	static char line[1 << 17];
	static char *words[1 << 12];
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	while (fgets(line, sizeof(line), stdin)) {
		char *at = line, *word;
		int n = 0, status;

		line[strcspn(line, "\n")] = '\0';
		while ((word = strsep(&at, " ")) && n < (1 << 12) - 1)
			words[n++] = word;
		words[n] = NULL;
		status = run(n, words);
		if (status == 2)
			puts("peer: usage");
		else if (!strcmp(words[0], "set"))
			puts("ok");
		fflush(stdout);
		/* One without the right to go has not left. */
		if (setns(home, CLONE_NEWNET) && errno != EPERM)
			die("back home");
	}
	return 0;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc > 2 && !strcmp(argv[1], "inside"))
		return inside(argv + 2);
	if (argc > 1 && !strcmp(argv[1], "agent"))
		return agent();
	if (argc > 1 && !strcmp(argv[1], "times"))
		return times(argc - 2, argv + 2);
	return run(argc - 1, argv + 1);
}
