// SPDX-License-Identifier: GPL-2.0
/* Commands that say what the administrator wants of backends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gate.h"
#include "status.h"
#include "vipctl.h"

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

/* Finds the backend's line in a status text, which is cut into strings. */
static bool find_line(struct text *status, const char *path,
		      struct status_line *line)
{
	char *at = status->data;

	while (status_next(&at, line))
		if (!strcmp(line->kind, "backend") &&
		    !strcmp(line->name, path))
			return true;
	return false;
}

/* The state is set, but something else may keep the backend out. */
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

	listed = !gate_read_status(&status) && find_line(&status, path, &line);
	if (err && !listed) {
		vipctl_complain("%s: there is no such backend", path);
	} else if (!listed || strcmp(status_get(&line, "state"), word)) {
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

static int set_one(const struct target *target, enum nf_vip_state state)
{
	int err;

	err = gate_write_state(target->service, target->backend, state);
	if (err && (err != -ENOENT || !gate_is_open()))
		return vipctl_complain_kernel(target->path, err);
	return verify(target->path, state, err);
}

/* All names are read before the first backend is touched. */
static int set_all(enum nf_vip_state state, int argc, char **argv)
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
		if (set_one(&target, state))
			ret = VIPCTL_REFUSED;
	}
	return ret;
}

int cmd_up(int argc, char **argv)
{
	return set_all(NF_VIP_STATE_UP, argc, argv);
}

int cmd_down(int argc, char **argv)
{
	return set_all(NF_VIP_STATE_DOWN, argc, argv);
}

int cmd_drain(int argc, char **argv)
{
	return set_all(NF_VIP_STATE_DRAIN, argc, argv);
}
