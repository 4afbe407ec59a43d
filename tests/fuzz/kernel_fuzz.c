// SPDX-License-Identifier: GPL-2.0
/*
 * usage: kernel_fuzz SECONDS SEED
 *
 * In a guest, with the module loaded: for so many seconds the host and three users, each in
 * a network namespace of a user namespace of his own, write statements, values and questions at
 * random, read all files in pieces, hold them open, and send packets to VIPs, while namespaces
 * come and go. Each process has its own random numbers, made of SEED. What is wrong is for the
 * kernel to say. Here is only looked at whether what is read of config can be written again and
 * is the same, and how long it takes the host to write a backend's health meanwhile, and how often
 * each kind of thing was done.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <net/if.h>
#include <time.h>
#include <unistd.h>
#include "say.h"

#define PROC	"/proc/net/nf_vip/"
#define SYS	"/sys/kernel/nf_vip/"
#define FLAGS	"/proc/net/nf_condition/"

enum { TEXT_MAX = 1 << 16, HELD = 32, USERS = 3 };
enum { ROLES = 8, HEALTH = ROLES - 1, PROCESSES = (USERS + 1) * ROLES };

/* Shared by all processes: what was done, and what the host's writes took. */
static struct totals {
	unsigned long done[ROLES];
	unsigned long good[ROLES];
	unsigned long host_usecs_max;
	unsigned long other_usecs_max;
} *totals;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static ssize_t put(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	n = write(fd, text, len);
	close(fd);
	return n;
}

static bool write_statements(struct dice *dice)
{
	static char text[TEXT_MAX];
	size_t len = say_text(dice, text, sizeof(text));

	return put(PROC "config", text, len) == (ssize_t)len;
}

/* A file at random of those that a pattern finds. */
static bool write_some(struct dice *dice, const char *pattern)
{
	const char *path;
	char value[64];
	glob_t paths;
	size_t len;
	bool good;

	if (glob(pattern, GLOB_NOSORT, NULL, &paths))
		return false;
	path = paths.gl_pathv[dice_roll(dice, paths.gl_pathc)];
	len = say_value(dice, strrchr(path, '/') + 1, value, sizeof(value));
	good = put(path, value, len) > 0;
	globfree(&paths);
	return good;
}

static bool write_sysfs(struct dice *dice)
{
	return write_some(dice, dice_roll(dice, 3) ? SYS "*/b*/*" : SYS "*/service/*");
}

static bool write_flag(struct dice *dice)
{
	return write_some(dice, FLAGS "*");
}

static bool ask(struct dice *dice)
{
	static char answer[TEXT_MAX];
	char question[256];
	size_t len = say_question(dice, question, sizeof(question));
	int fd = open(PROC "explain", O_RDWR | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, question, len) > 0 && read(fd, answer, sizeof(answer)) > 0;

	if (fd >= 0)
		close(fd);
	return good;
}

/* Files stay open, and are read on at another time, in pieces of any size. */
static bool read_files(struct dice *dice)
{
	static const char * const names[] = {
		PROC "config", PROC "status", PROC "clients", PROC "upkeep", PROC "error",
		SYS "s1/b1/live", SYS "s2/service/chosen", FLAGS "one",
	};
	enum { NAMES = sizeof(names) / sizeof(*names) };
	static char text[TEXT_MAX];
	static int held[HELD];
	int *fd = &held[dice_roll(dice, HELD)];

	if (*fd > 0 && !dice_roll(dice, 6)) {
		close(*fd);
		*fd = 0;
	}
	if (*fd <= 0)
		*fd = open(names[dice_roll(dice, NAMES)], O_RDONLY | O_CLOEXEC);
	if (*fd > 0 && !dice_roll(dice, 5))
		lseek(*fd, dice_roll(dice, 3000), SEEK_SET);
	return *fd > 0 && read(*fd, text, 1 + dice_roll(dice, sizeof(text))) >= 0;
}

static bool send_packets(struct dice *dice)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	bool udp = dice_roll(dice, 2), good;
	unsigned int port;
	char address[16];
	int fd;

	fd = socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	say_vip(dice, address, &port);
	inet_pton(AF_INET, address, &to.sin_addr);
	to.sin_port = htons(port);
	good = udp ? sendto(fd, "x", 1, 0, (void *)&to, sizeof(to)) > 0 :
		     !connect(fd, (void *)&to, sizeof(to)) || errno == EINPROGRESS;
	close(fd);
	return good;
}

static void set_up_network(void)
{
	if (system("ip link set lo up; ip link add wan type dummy; ip link set wan up;"
		   "ip address add 10.0.1.1/32 dev lo; ip address add 10.0.0.9/16 dev wan;"
		   "sysctl -q net.ipv4.ip_forward=1 2>/dev/null"))
		return;
}

/* A namespace of its own, some changes in it, and it is gone again. */
static bool churn(struct dice *dice)
{
	pid_t pid = fork();
	int i, status;

	if (pid < 0)
		return false;
	if (!pid) {
		if (unshare(CLONE_NEWNET))
			_exit(1);
		for (i = 0; i < 20; i++) {
			write_statements(dice);
			send_packets(dice);
		}
		_exit(0);
	}
	/* The child has a copy: without this the next one would say the same. */
	dice_roll(dice, 2);
	return waitpid(pid, &status, 0) == pid && !status;
}

static unsigned long now_usecs(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000UL + ts.tv_nsec / 1000;
}

/* What it takes at most goes to @max, unless it fails. */
static bool put_timed(const char *path, const char *text, unsigned long *max)
{
	unsigned long began = now_usecs(), took;
	bool good = put(path, text, strlen(text)) == (ssize_t)strlen(text);

	took = now_usecs() - began;
	if (good && took > *max)
		*max = took;
	return good;
}

/*
 * What a health checker of the host does, in a gateway where nobody does
 * anything else; and, because any write waits for a processor here, the same
 * with a file that is not ours.
 */
static bool check_health(struct dice *dice)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	bool good = put_timed(SYS "host/b/up", dice_roll(dice, 2) ? "1" : "0",
			      &totals->host_usecs_max);

	put_timed("/proc/self/comm", "health", &totals->other_usecs_max);
	nanosleep(&pause, NULL);
	return good;
}

/* A network namespace of this process's own, and the files of sysfs that are its. */
static void leave_network(void)
{
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("sysfs", "/sys", "sysfs", 0, NULL))
		die("a network of its own");
}

static void set_up_health(void)
{
	static const char text[] = "service host udp 10.8.0.1:53; backend host/b 10.0.1.9";

	leave_network();
	if (put(PROC "config", text, sizeof(text) - 1) != sizeof(text) - 1)
		die("health: " PROC "config");
}

static const struct {
	const char *name;
	bool (*act)(struct dice *dice);
} roles[ROLES] = {
	{ "statements", write_statements },
	{ "sysfs", write_sysfs },
	{ "flags", write_flag },
	{ "questions", ask },
	{ "reads", read_files },
	{ "packets", send_packets },
	{ "namespaces", churn },
	[HEALTH] = { "health", check_health },
};

static void run_role(unsigned int role, unsigned long seed)
{
	struct dice dice = { .state = seed * 0x9e3779b97f4a7c15ULL | 1 };

	if (role == HEALTH)
		set_up_health();
	for (;;) {
		bool good = roles[role].act(&dice);

		__atomic_add_fetch(&totals->done[role], 1, __ATOMIC_RELAXED);
		if (good)
			__atomic_add_fetch(&totals->good[role], 1, __ATOMIC_RELAXED);
	}
}

static void write_map(const char *path, unsigned int id)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "0 %u 1", id);

	if (put(path, text, len) != len)
		die(path);
}

/* From a user without any right to the root of his namespaces. */
static void become_user(unsigned int uid)
{
	/* Or the files of his own process would still be root's. */
	if (setgid(uid) || setuid(uid) || prctl(PR_SET_DUMPABLE, 1) || unshare(CLONE_NEWUSER))
		die("unshare");
	put("/proc/self/setgroups", "deny", 4);
	write_map("/proc/self/uid_map", uid);
	write_map("/proc/self/gid_map", uid);
	leave_network();
	set_up_network();
}

/* Health is the host's; all else is everybody's. */
static void start(unsigned int who, unsigned long seed)
{
	unsigned int role;

	if (who)
		become_user(40000 + who);
	for (role = 0; role < ROLES; role++) {
		if (who && role == HEALTH)
			continue;
		if (!fork())
			run_role(role, seed + who * ROLES + role);
	}
	for (;;)
		pause();
}

/* Is what is read of config the same after it was written? */
static bool is_same_again(void)
{
	static char before[1 << 20], after[1 << 20];
	ssize_t len, n = 0;
	int fd = open(PROC "config", O_RDONLY);

	len = fd < 0 ? -1 : read(fd, before, sizeof(before));
	if (len <= 0 || put(PROC "config", "confirm", 7) == 0 ||
	    put(PROC "config", before, len) != len)
		return false;
	lseek(fd, 0, SEEK_SET);
	n = read(fd, after, sizeof(after));
	close(fd);
	return n == len && !memcmp(before, after, len);
}

static void report(unsigned long seed)
{
	unsigned int i;

	printf("# seed %lu:", seed);
	for (i = 0; i < ROLES; i++)
		printf(" %s %lu (%lu good)", roles[i].name, totals->done[i], totals->good[i]);
	printf("\n# host: %lu writes of a backend's health, the longest took %lu us\n",
	       totals->good[HEALTH], totals->host_usecs_max);
	printf("# and beside them, of a file that is not ours, %lu us\n",
	       totals->other_usecs_max);
}

int main(int argc, char **argv)
{
	unsigned int seconds = argc == 3 ? atoi(argv[1]) : 0, i;
	unsigned long seed = argc == 3 ? strtoul(argv[2], NULL, 0) : 0;
	pid_t pids[USERS + 1];

	if (!seconds)
		return 2;
	totals = mmap(NULL, sizeof(*totals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (totals == MAP_FAILED)
		die("mmap");
	set_up_network();
	for (i = 0; i <= USERS; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			setpgid(0, 0);
			start(i, seed * PROCESSES);
		}
		setpgid(pids[i], pids[i]);
	}
	sleep(seconds);
	/* In the middle of whatever they do. */
	for (i = 0; i <= USERS; i++)
		kill(-pids[i], SIGKILL);
	for (i = 0; i <= USERS; i++)
		waitpid(pids[i], NULL, 0);
	report(seed);
	if (!totals->good[HEALTH]) {
		printf("# the host did not get to write a backend's health\n");
		return 1;
	}
	if (!is_same_again()) {
		printf("# config, written again, is refused or is another one\n");
		return 1;
	}
	return 0;
}
