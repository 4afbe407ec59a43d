// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include "module/status.h"

static void read_fields(char *words, struct status_line *line)
{
	char *save, *word;

	for (word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		char *equals = strchr(word, '=');

		if (!equals) {
			line->name = word;
		} else if (line->nr < STATUS_FIELDS) {
			*equals = '\0';
			line->key[line->nr] = word;
			line->value[line->nr++] = equals + 1;
		}
	}
}

bool status_next(char **at, struct status_line *line)
{
	char *text, *space;

	do {
		text = strsep(at, "\n");
	} while (text && !*text);
	if (!text)
		return false;
	memset(line, 0, sizeof(*line));
	line->kind = text;
	line->name = "";
	space = strchr(text, ' ');
	if (space) {
		*space = '\0';
		read_fields(space + 1, line);
	}
	return true;
}

static size_t count_lines(const char *text)
{
	size_t nr = 0;

	while ((text = strchr(text, '\n'))) {
		text++;
		nr++;
	}
	return nr;
}

struct status_line *status_lines(char *text, size_t *nr)
{
	size_t room = count_lines(text) + 1;
	struct status_line *lines = calloc(room, sizeof(*lines));

	*nr = 0;
	if (lines)
		while (*nr < room && status_next(&text, &lines[*nr]))
			++*nr;
	return lines;
}

bool status_find_backend(char *text, const char *name, struct status_line *line)
{
	while (status_next(&text, line))
		if (!strcmp(line->kind, "backend") && !strcmp(line->name, name))
			return true;
	return false;
}

const char *status_get(const struct status_line *line, const char *key)
{
	unsigned int i;

	for (i = 0; i < line->nr; i++)
		if (!strcmp(line->key[i], key))
			return line->value[i];
	return "";
}

unsigned long long status_number(const struct status_line *line,
				 const char *key)
{
	return strtoull(status_get(line, key), NULL, 10);
}

bool status_is(const struct status_line *line, const char *key, const char *value)
{
	return !strcmp(status_get(line, key), value);
}

const char *status_short_name(const struct status_line *line)
{
	const char *slash = strchr(line->name, '/');

	return slash ? slash + 1 : line->name;
}

char *status_words(const char *value)
{
	char *words = strdup(value), *at = words;

	while (at && (at = strchr(at, '+')))
		*at = ' ';
	return words;
}

/* The line of the module is the first one. */
unsigned long status_module_number(const struct text *status, const char *key)
{
	const char *at = status->len ? status->data : "";
	const char *end = at + strcspn(at, "\n");
	size_t len = strlen(key);

	while ((at = memchr(at, ' ', (size_t)(end - at)))) {
		at++;
		if (!strncmp(at, key, len) && at[len] == '=')
			return strtoul(at + len + 1, NULL, 0);
	}
	return 0;
}

static int add(struct text *out, const char *reason)
{
	return text_printf(out, "%s%s", out->len ? ", " : "", reason);
}

/* Adds the flag of NAME:1; names may have colons, too. */
static int add_condition(struct text *out, const char *condition)
{
	const char *flag = strrchr(condition, ':');

	if (!flag || strcmp(flag, ":1"))
		return 0;
	return text_printf(out, "%sflag %.*s is 1", out->len ? ", " : "",
			   (int)(flag - condition), condition);
}

int status_reasons(const struct status_line *line, struct text *out)
{
	const char *state = status_get(line, "state");
	int err = 0;

	if (status_is(line, "usable", "1"))
		return 0;
	if (status_is(line, "leaving", "1"))
		state = "deleted, drain";
	if (strcmp(state, "up"))
		err = add(out, state);
	if (!err && status_is(line, "up", "0"))
		err = add(out, "unhealthy");
	if (!err && status_is(line, "up", "unknown"))
		err = add(out, "unknown health");
	if (!err)
		err = add_condition(out, status_get(line, "condition"));
	if (!err && status_is(line, "weight", "0"))
		err = add(out, "weight 0");
	if (!err && status_number(line, "ejected"))
		err = add(out, "ejected");
	return err;
}
