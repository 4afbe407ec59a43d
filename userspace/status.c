// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include "status.h"

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

static int add(struct text *out, const char *a, const char *b, size_t b_len,
	       const char *c)
{
	int err = 0;

	if (out->len)
		err = text_append(out, ", ", 2);
	if (!err)
		err = text_append(out, a, strlen(a));
	if (!err)
		err = text_append(out, b, b_len);
	return err ? err : text_append(out, c, strlen(c));
}

/* NAME:1; names may have colons, too. */
static int add_condition(struct text *out, const char *condition)
{
	const char *flag = strrchr(condition, ':');

	if (!flag || strcmp(flag, ":1"))
		return 0;
	return add(out, "flag ", condition, (size_t)(flag - condition),
		   " is 1");
}

int status_reasons(const struct status_line *line, struct text *out)
{
	const char *state = status_get(line, "state");
	int err = 0;

	if (!strcmp(status_get(line, "usable"), "1"))
		return 0;
	if (!strcmp(status_get(line, "leaving"), "1"))
		state = "deleted, drain";
	if (strcmp(state, "up"))
		err = add(out, "", state, strlen(state), "");
	if (!err && !strcmp(status_get(line, "up"), "0"))
		err = add(out, "unhealthy", "", 0, "");
	if (!err && !strcmp(status_get(line, "up"), "unknown"))
		err = add(out, "unknown health", "", 0, "");
	if (!err)
		err = add_condition(out, status_get(line, "condition"));
	if (!err && !strcmp(status_get(line, "weight"), "0"))
		err = add(out, "weight 0", "", 0, "");
	if (!err && status_number(line, "ejected"))
		err = add(out, "ejected", "", 0, "");
	return err;
}
