// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lib/app.h"
#include "module/module_io.h"
#include "status/snapshot.h"

int snapshot_take(struct snapshot *snapshot)
{
	int err;

	memset(snapshot, 0, sizeof(*snapshot));
	err = module_io_read_status(&snapshot->text);
	if (err)
		return err;
	snapshot->lines = status_lines(snapshot->text.data, &snapshot->nr);
	return snapshot->lines ? 0 : -ENOMEM;
}

bool snapshot_is(const struct snapshot *snapshot, size_t i, const char *kind)
{
	return i < snapshot->nr && !strcmp(snapshot->lines[i].kind, kind);
}

/* Names are unique, because the name of a backend has a slash and that of a service has none. */
const struct status_line *snapshot_find(const struct snapshot *snapshot, const char *name)
{
	size_t i;

	for (i = 0; i < snapshot->nr; i++)
		if (*name && !strcmp(snapshot->lines[i].name, name))
			return &snapshot->lines[i];
	return NULL;
}

bool snapshot_has(const struct snapshot *snapshot, char **names, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (snapshot_find(snapshot, names[i]))
			continue;
		vipctl_complain("%s: there is no such %s", names[i],
				strchr(names[i], '/') ? "backend" : "service");
		return false;
	}
	return true;
}

bool snapshot_wants(const struct status_line *line, char **names, int nr)
{
	size_t len = strcspn(line->name, "/");
	int i;

	for (i = 0; i < nr; i++) {
		if (strncmp(line->name, names[i], len))
			continue;
		if (!names[i][len] || !strcmp(line->name, names[i]) ||
		    (names[i][len] == '/' && !line->name[len]))
			return true;
	}
	return !nr;
}

void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->lines);
	text_free(&snapshot->text);
	memset(snapshot, 0, sizeof(*snapshot));
}
