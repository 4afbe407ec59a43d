// SPDX-License-Identifier: GPL-2.0
/*
 * usage: poke write FILE TEXT-FILE     write a whole text with one write(2)
 *        poke flip FILE COUNT          write 0 and 1 in turn, as fast as it goes
 *        poke rate FILE PER-SECOND     the same, so often, until SIGTERM
 *        poke keep FILE PER-SECOND     the same, but always 1
 *
 * Prints the number of writes and the nanoseconds that all of them took.
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

/* Writes it all, or ends the program; returns how long that took. */
static long long write_all(int fd, const char *path, const char *data, size_t len)
{
	long long start = now();

	/* Files of /proc/net/nf_vip have no position, those of sysfs must stay at 0. */
	if (write(fd, data, len) != (ssize_t)len)
		err(1, "%s", path);
	return now() - start;
}

static void write_text(const char *path, const char *text)
{
	int from = open_file(text, O_RDONLY), to = open_file(path, O_WRONLY);
	struct stat st;
	char *data;

	if (fstat(from, &st))
		err(1, "%s", text);
	data = malloc(st.st_size);
	if (!data || read(from, data, st.st_size) != st.st_size)
		err(1, "%s", text);
	printf("1 %lld\n", write_all(to, path, data, st.st_size));
	free(data);
}

static void flip(const char *path, long count)
{
	int fd = open_file(path, O_WRONLY);
	long long spent = 0;
	long i;

	for (i = 0; i < count; i++)
		spent += write_all(fd, path, i & 1 ? "1" : "0", 1);
	printf("%ld %lld\n", count, spent);
}

static void write_at(const char *path, long per_second, const char *even)
{
	int fd = open_file(path, O_WRONLY);
	long long spent = 0, next = now();
	struct timespec wait = { 0 };
	bool ended = false;
	long count = 0;
	sigset_t end;

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	/* Late writes are made up for; the last one leaves a 1. */
	while (!ended || count & 1) {
		ended |= sigtimedwait(&end, NULL, &wait) == SIGTERM;
		spent += write_all(fd, path, count & 1 ? "1" : even, 1);
		count++;
		next += 1000000000 / per_second;
		wait.tv_nsec = next > now() ? next - now() : 0;
	}
	printf("%ld %lld\n", count, spent);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		errx(2, "usage: poke write|flip|rate|keep FILE ARGUMENT");
	if (!strcmp(argv[1], "write"))
		write_text(argv[2], argv[3]);
	else if (!strcmp(argv[1], "flip"))
		flip(argv[2], strtol(argv[3], NULL, 10));
	else
		write_at(argv[2], strtol(argv[3], NULL, 10), strcmp(argv[1], "keep") ? "0" : "1");
	return 0;
}
