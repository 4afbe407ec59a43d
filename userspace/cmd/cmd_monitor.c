// SPDX-License-Identifier: GPL-2.0
/* The command that tells of changes as they happen. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "cmd/vipctl.h"
#include "module/module_io.h"
#include "nf_vip_pure.h"
#include "status/fields.h"

/* A uevent, taken apart; "" for what the uevent does not have. */
struct event {
	const char *subsystem;
	const char *service;
	const char *backend;
	const char *what;
	const char *value;
	const char *by;
	const char *usable;
};

/* The value if @pair is @key and "=", else @otherwise. */
static const char *pick(const char *pair, const char *key,
			const char *otherwise)
{
	size_t len = strlen(key);

	return !strncmp(pair, key, len) && pair[len] == '=' ? pair + len + 1 :
							      otherwise;
}

/* @text ends with a NUL: "change@/PATH", then pairs, each with a NUL behind. */
static struct event read_event(const char *text, size_t len)
{
	struct event event = { "", "", "", "", "", "", "" };
	const char *at;

	for (at = text; at < text + len; at += strlen(at) + 1) {
		event.subsystem = pick(at, "SUBSYSTEM", event.subsystem);
		event.service = pick(at, "NF_VIP_SERVICE", event.service);
		event.backend = pick(at, "NF_VIP_BACKEND", event.backend);
		event.what = pick(at, "NF_VIP_WHAT", event.what);
		event.value = pick(at, "NF_VIP_VALUE", event.value);
		event.by = pick(at, "NF_VIP_BY", event.by);
		event.usable = pick(at, "NF_VIP_USABLE", event.usable);
	}
	return event;
}

/* The value, as the status field that changed has it. */
static json_t *make_value(const struct event *event)
{
	json_t *fields = json_object();
	json_t *value = NULL;

	if (!fields_add(fields, "event", event->what, event->value))
		value = json_incref(json_object_get(fields, event->what));
	json_decref(fields);
	return value;
}

/* The time is in the local zone for people, and in UTC in JSON. */
static int print_json(const struct event *event, const struct timespec *now)
{
	char when[32] = "", time[48];
	json_t *object;
	struct tm tm;

	if (gmtime_r(&now->tv_sec, &tm))
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(time, sizeof(time), "%s.%03ldZ", when, now->tv_nsec / 1000000);
	object = json_pack("{ss ss ss* ss ss}", "time", time, "service", event->service,
			   "backend", *event->backend ? event->backend : NULL,
			   "what", event->what, "by", event->by);
	if (fields_add(object, *event->backend ? "backend" : "service", "usable", event->usable) ||
	    json_object_set_new(object, "value", make_value(event))) {
		json_decref(object);
		object = NULL;
	}
	return json_print_line("monitor", object);
}

static void print_text(const struct event *event, const struct timespec *now)
{
	char when[32] = "";
	struct tm tm;

	if (localtime_r(&now->tv_sec, &tm))
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	printf("%s.%03ld %s%s%s %s=%s by=%s usable=%s\n", when,
	       now->tv_nsec / 1000000, event->service,
	       *event->backend ? "/" : "", event->backend, event->what,
	       event->value, event->by, event->usable);
	fflush(stdout);
}

static void print_event(const struct event *event)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (vipctl_given('j'))
		print_json(event, &now);
	else
		print_text(event, &now);
}

/* Takes one message. Programs may send messages, too: only the kernel's count. */
static int take(int fd)
{
	struct sockaddr_nl from = { 0 };
	socklen_t size = sizeof(from);
	struct event event;
	char buf[8192];
	ssize_t n;

	n = recvfrom(fd, buf, sizeof(buf) - 1, 0, (struct sockaddr *)&from,
		     &size);
	if (n < 0 && errno == ENOBUFS) {
		vipctl_complain("monitor: too slow, some events are lost");
		return 0;
	}
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	buf[n] = '\0';
	if (from.nl_pid)
		return 0;
	event = read_event(buf, (size_t)n);
	if (!strcmp(event.subsystem, "nf_vip") && *event.what)
		print_event(&event);
	return 0;
}

static int watch(int events, int signals)
{
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = events, .events = POLLIN },
	};
	int err = 0;

	while (!err && !ferror(stdout)) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno != EINTR)
			err = -errno;
		if (fds[0].revents)
			return VIPCTL_DONE;
		if (!err && fds[1].revents)
			err = take(events);
	}
	return err ? vipctl_complain_kernel("monitor", err) : VIPCTL_REFUSED;
}

int cmd_monitor(int argc, char **argv)
{
	int signals = vipctl_signals();
	struct mnl_socket *events;
	int ret;

	(void)argc;
	(void)argv;
	/* Who begins before the module does hears of all that it does. */
	if (!module_io_is_loaded())
		vipctl_complain("monitor: nf_vip is not loaded, waiting for it");
	events = mnl_socket_open2(NETLINK_KOBJECT_UEVENT, SOCK_CLOEXEC);
	if (signals < 0 || !events ||
	    mnl_socket_bind(events, 1, MNL_SOCKET_AUTOPID))
		ret = vipctl_complain_kernel("monitor", -errno);
	else
		ret = watch(mnl_socket_get_fd(events), signals);
	if (events)
		mnl_socket_close(events);
	if (signals >= 0)
		close(signals);
	return ret;
}
