// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "module/module_io.h"
#include "module/reload_state.h"
#include "module/status.h"

int reload_state_take(struct reload_state *state)
{
	int err;

	memset(state, 0, sizeof(*state));
	err = module_io_read_config(&state->config);
	if (!err)
		err = module_io_read_status(&state->status);
	if (err)
		reload_state_free(state);
	return err;
}

bool reload_state_has_services(const struct reload_state *state)
{
	return state->config.len && strstr(state->config.data, "\nservice ");
}

unsigned int reload_state_mark_mask(const struct reload_state *state)
{
	return status_module_number(&state->status, "mark_mask");
}

/*
 * Writes the configuration with all backends beginning alive: put_health() sets
 * their health next.
 */
static int write_alive(const struct text *config, char sentence[NF_VIP_ERROR_MAX])
{
	static const char down[] = " initial down";
	struct text alive = { 0 };
	const char *at = config->data, *next;
	int err = 0;

	while (!err && (next = strstr(at, down))) {
		err = text_append(&alive, at, (size_t)(next - at));
		at = next + strlen(down);
	}
	if (!err)
		err = text_append(&alive, at, strlen(at));
	if (!err)
		err = module_io_write_config(alive.data, alive.len, sentence);
	text_free(&alive);
	return err;
}

/* Reports "1", or "1 15" with a lease; a backend of unknown health begins with that. */
static int put_health(const struct status_line *line)
{
	unsigned long long lease = status_number(line, "lease");
	const char *up = status_get(line, "up");
	char service[NF_VIP_NAME_MAX + 1], value[32];
	const char *slash = strchr(line->name, '/');

	if (!slash)
		return -EINVAL;
	if (strcmp(up, "0") && strcmp(up, "1"))
		return 0;
	snprintf(service, sizeof(service), "%.*s", (int)(slash - line->name), line->name);
	if (lease)
		snprintf(value, sizeof(value), "%s %llu", up, lease);
	else
		snprintf(value, sizeof(value), "%s", up);
	return module_io_write_up(service, slash + 1, value);
}

/* A backend that leaves is in no configuration: its connections go on without the backend. */
static bool is_leaving(const struct status_line *line)
{
	return status_number(line, "leaving");
}

/* Raises the flag of NAME:1; names may have colons, too. */
static int put_flag(const char *condition)
{
	const char *colon = strrchr(condition, ':');
	char name[NF_VIP_CONDITION_MAX + 1];

	if (!colon || strcmp(colon, ":1"))
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)(colon - condition), condition);
	return module_io_raise_flag(name);
}

/*
 * A new service begins with a hold of its own: put the old hold in its place.
 * An object that was made between the reading of configuration and of status is
 * not in the configuration that was put back, so its health has nowhere to go.
 */
static int put_line(const struct status_line *line)
{
	int err = 0;

	if (!strcmp(line->kind, "service")) {
		if (*status_get(line, "hold-left"))
			err = module_io_write_hold(line->name, status_get(line, "hold-left"));
	} else if (!strcmp(line->kind, "backend") && !is_leaving(line)) {
		err = put_health(line);
		if (!err)
			err = put_flag(status_get(line, "condition"));
	}
	return err == -ENOENT ? 0 : err;
}

static int put_status(const struct text *status)
{
	char *text = strdup(status->data), *at = text;
	struct status_line line;
	int err = 0;

	if (!text)
		return -ENOMEM;
	while (!err && status_next(&at, &line))
		err = put_line(&line);
	free(text);
	return err;
}

int reload_state_put_back(const struct reload_state *state, char sentence[NF_VIP_ERROR_MAX])
{
	int err;

	err = write_alive(&state->config, sentence);
	if (!err)
		err = put_status(&state->status);
	if (!err)
		err = module_io_write_config(state->config.data, state->config.len, sentence);
	return err;
}

void reload_state_free(struct reload_state *state)
{
	text_free(&state->config);
	text_free(&state->status);
}
