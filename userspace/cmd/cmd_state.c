// SPDX-License-Identifier: GPL-2.0
/* Commands that say what the administrator wants of backends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd/vipctl.h"
#include "module/module_io.h"
#include "module/status.h"
#include "nf_vip_option.h"

/* What the command line asks for. */
struct wish {
	enum nf_vip_state state;
	bool timed;
	__u32 seconds;
};

/* One backend of the command line. */
struct target {
	const char *path;
	char service[NF_VIP_NAME_MAX + 1];
	char backend[NF_VIP_NAME_MAX + 1];
};

static bool take_name(char name[NF_VIP_NAME_MAX + 1], const char *from,
		      size_t len)
{
	if (len > NF_VIP_NAME_MAX)
		return false;
	memcpy(name, from, len);
	name[len] = '\0';
	return !nf_vip_name_valid(name);
}

/*
 * Names become parts of a path: only what the grammar allows may get there,
 * and no file of the service either.
 */
static bool read_target(struct target *target, const char *path)
{
	const char *slash = strchr(path, '/');

	target->path = path;
	return slash &&
	       take_name(target->service, path, (size_t)(slash - path)) &&
	       take_name(target->backend, slash + 1, strlen(slash + 1)) &&
	       !nf_vip_backend_name_reserved(target->backend);
}

/* The state is set, but something else may keep the backend out: say what. */
static void warn(const char *path, const struct status_line *line)
{
	struct text reasons = { 0 };

	if (!status_reasons(line, &reasons) && reasons.len)
		vipctl_complain("%s: up, but gets no connections: %s", path,
				reasons.data);
	text_free(&reasons);
}

/*
 * Processes that entered a network namespace without remounting /sys see the
 * backends of another one there; /proc/net is always their own. @err is what
 * /sys said: 0, or -ENOENT.
 */
static int verify(const char *path, enum nf_vip_state state, int err)
{
	const char *word = nf_vip_state_name(state);
	struct text status = { 0 };
	int ret = VIPCTL_REFUSED;
	struct status_line line;
	bool listed;

	listed = !module_io_read_status(&status) &&
		 status_find_backend(status.data, path, &line);
	if (err && !listed) {
		vipctl_complain("%s: there is no such backend", path);
	} else if (!listed || !status_is(&line, "state", word)) {
		vipctl_complain("%s: is not %s: is /sys mounted for another network namespace?",
				path, word);
	} else {
		ret = VIPCTL_DONE;
		if (state == NF_VIP_STATE_UP)
			warn(path, &line);
	}
	text_free(&status);
	return ret;
}

static int set_one(const struct target *target, const struct wish *wish)
{
	int err;

	if (wish->timed)
		err = module_io_write_drain(target->service, target->backend,
					    wish->seconds);
	else
		err = module_io_write_state(target->service, target->backend,
					    wish->state);
	if (err && (err != -ENOENT || !module_io_is_loaded()))
		return vipctl_complain_kernel(target->path, err);
	return verify(target->path, wish->state, err);
}

/* All names are read before the first backend is touched. */
static int set_all(const struct wish *wish, int argc, char **argv)
{
	struct target target;
	int i, ret = VIPCTL_DONE;

	for (i = 0; i < argc; i++)
		if (!read_target(&target, argv[i])) {
			vipctl_complain("\"%s\": expected SERVICE/BACKEND",
					argv[i]);
			return VIPCTL_USAGE;
		}
	for (i = 0; i < argc; i++) {
		read_target(&target, argv[i]);
		if (set_one(&target, wish))
			ret = VIPCTL_REFUSED;
	}
	return ret;
}

int cmd_up(int argc, char **argv)
{
	struct wish wish = { .state = NF_VIP_STATE_UP };

	return set_all(&wish, argc, argv);
}

int cmd_down(int argc, char **argv)
{
	struct wish wish = { .state = NF_VIP_STATE_DOWN };

	return set_all(&wish, argc, argv);
}

/* A backend has a slash in it: a last word without one is the deadline. */
static int read_deadline(struct wish *wish, int argc, char **argv)
{
	const char *word = argv[argc - 1];

	if (argc < 2 || strchr(word, '/'))
		return 0;
	if (nf_vip_option_parse(nf_vip_option_find(NF_VIP_BACKEND, "drain"),
				word, &wish->seconds)) {
		vipctl_complain("\"%s\": expected SERVICE/BACKEND, or 0 to %d seconds",
				word, NF_VIP_DRAIN_MAX);
		return -EINVAL;
	}
	wish->timed = true;
	return 0;
}

/* Is the wait for a backend over? If so, sets @ret to how it ended. */
static bool has_drained(const char *path, int *ret)
{
	struct text status = { 0 };
	struct status_line line;
	bool over = true;

	*ret = VIPCTL_REFUSED;
	if (module_io_read_status(&status) ||
	    !status_find_backend(status.data, path, &line)) {
		vipctl_complain("%s: deleted meanwhile", path);
	} else if (!status_is(&line, "state", "drain")) {
		vipctl_complain("%s: %s meanwhile", path, status_get(&line, "state"));
	} else if (status_number(&line, "live")) {
		over = false;
	} else {
		printf("%s: has no connections\n", path);
		*ret = VIPCTL_DONE;
	}
	text_free(&status);
	return over;
}

static int wait_one(const struct target *target)
{
	int ret, fd = module_io_open_live(target->service, target->backend);

	if (fd < 0) {
		has_drained(target->path, &ret);
		return ret;
	}
	module_io_wait_live(fd, true);
	while (!has_drained(target->path, &ret)) {
		module_io_wait_live(fd, false);
		module_io_wait_live(fd, true);
	}
	close(fd);
	return ret;
}

static int wait_all(int argc, char **argv)
{
	struct target target;
	int i, ret = VIPCTL_DONE;

	for (i = 0; i < argc; i++) {
		read_target(&target, argv[i]);
		if (wait_one(&target))
			ret = VIPCTL_REFUSED;
	}
	return ret;
}

int cmd_drain(int argc, char **argv)
{
	struct wish wish = { .state = NF_VIP_STATE_DRAIN };
	int ret;

	if (read_deadline(&wish, argc, argv))
		return VIPCTL_USAGE;
	argc -= wish.timed;
	ret = set_all(&wish, argc, argv);
	return ret || !vipctl_given('w') ? ret : wait_all(argc, argv);
}
