// SPDX-License-Identifier: GPL-2.0
/* The command that shows what happens, again and again. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cmd/vipctl.h"
#include "lib/screen.h"
#include "nf_vip_pure.h"
#include "status/rates.h"

#define SECONDS_DEFAULT	2
#define SECONDS_MAX	3600

/**
 * struct watch - what is watched
 * @interval: seconds
 * @on_screen: the terminal is ours
 * @now: what is shown
 * @before: what was shown before
 * @taken: when @now was taken
 * @taken_before: when @before was taken
 * @err: why @now could not be taken, a negative errno, or 0
 */
struct watch {
	unsigned int interval;
	bool on_screen;
	struct snapshot now;
	struct snapshot before;
	double taken;
	double taken_before;
	int err;
};

static double clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void take(struct watch *watch)
{
	snapshot_free(&watch->before);
	watch->before = watch->now;
	watch->taken_before = watch->taken;
	watch->err = snapshot_take(&watch->now);
	watch->taken = clock_seconds();
}

/* While the module is being replaced, there is no module for a moment. */
static const char *error_text(int err)
{
	return err == -ENOENT ? "the module is not there" : strerror(-err);
}

static void make_head(const struct watch *watch, char *head, size_t size)
{
	char when[32] = "";
	struct tm tm;
	time_t now = time(NULL);

	if (localtime_r(&now, &tm))
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(head, size, "%s%s%s%s", when, watch->err ? "  " : "",
		 watch->err ? error_text(watch->err) : "",
		 watch->on_screen ? "  (q ends, arrows scroll)" : "");
}

static void show(const struct watch *watch)
{
	struct table table = { 0 };
	char head[160];

	make_head(watch, head, sizeof(head));
	rates_table(&table, &watch->now, &watch->before, watch->taken - watch->taken_before);
	if (watch->on_screen) {
		screen_draw(head, &table);
	} else {
		puts(head);
		if (table_print(&table))
			vipctl_complain("watch: out of memory");
		putchar('\n');
		fflush(stdout);
	}
	table_free(&table);
}

/* Milliseconds until the next look, rounded up: it is never too early. */
static int time_left(const struct watch *watch)
{
	double left = watch->taken + watch->interval - clock_seconds();

	return left > 0 ? (int)(left * 1000) + 1 : 0;
}

/*
 * EINTR is a change of the terminal's size, which is a key for ncurses. A
 * terminal that has gone away is the end.
 */
static bool wait_for_more(struct watch *watch, int signals)
{
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = watch->on_screen && isatty(STDIN_FILENO) ? STDIN_FILENO : -1,
		  .events = POLLIN },
	};
	int n = poll(fds, ARRAY_SIZE(fds), time_left(watch));

	if (n > 0 && (fds[0].revents || (fds[1].revents & (POLLHUP | POLLERR))))
		return false;
	if (watch->on_screen && !screen_keys())
		return false;
	if (!n)
		take(watch);
	if (!n || watch->on_screen)
		show(watch);
	return !ferror(stdout);
}

static int watch(struct watch *watch, int signals)
{
	take(watch);
	if (watch->err)
		return vipctl_complain_kernel("watch", watch->err);
	watch->on_screen = isatty(STDOUT_FILENO) && screen_open();
	show(watch);
	while (wait_for_more(watch, signals))
		;
	if (watch->on_screen)
		screen_close();
	return VIPCTL_DONE;
}

static bool read_seconds(const char *word, unsigned int *seconds)
{
	if (!*word || strlen(word) > 4 || word[strspn(word, "0123456789")])
		return false;
	*seconds = (unsigned int)atoi(word);
	return *seconds && *seconds <= SECONDS_MAX;
}

int cmd_watch(int argc, char **argv)
{
	struct watch what = { .interval = SECONDS_DEFAULT };
	int signals, ret;

	if (argc && !read_seconds(argv[0], &what.interval)) {
		vipctl_complain("watch: \"%s\": expected 1 to %d seconds", argv[0], SECONDS_MAX);
		return VIPCTL_USAGE;
	}
	signals = vipctl_signals();
	if (signals < 0)
		return vipctl_complain_kernel("watch", -errno);
	ret = watch(&what, signals);
	snapshot_free(&what.now);
	snapshot_free(&what.before);
	close(signals);
	return ret;
}
