/* SPDX-License-Identifier: GPL-2.0 */
/* The status of all objects at one moment. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "module/status.h"

/**
 * struct snapshot - the lines of a status text
 * @text: the text, which @lines point into
 * @lines: a line of nf_vip, then each service with its backends behind it
 * @nr: number of lines
 */
struct snapshot {
	struct text text;
	struct status_line *lines;
	size_t nr;
};

/**
 * snapshot_take() - ask the kernel
 * @snapshot: filled in; free with snapshot_free()
 *
 * Return: 0 or a negative errno of module_io.h.
 */
int snapshot_take(struct snapshot *snapshot);

/**
 * snapshot_is() - is this a line of some kind?
 * @snapshot: lines
 * @i: index of the line, which may be behind the last one
 * @kind: `nf_vip`, `service` or `backend`
 */
bool snapshot_is(const struct snapshot *snapshot, size_t i, const char *kind);

/**
 * snapshot_find() - look for an object
 * @snapshot: lines
 * @name: SERVICE or SERVICE/BACKEND
 *
 * Return: line of the object, or NULL.
 */
const struct status_line *snapshot_find(const struct snapshot *snapshot, const char *name);

/**
 * snapshot_has() - do all these objects exist?
 * @snapshot: lines
 * @names: SERVICE or SERVICE/BACKEND
 * @nr: number of names
 *
 * Prints which one does not.
 */
bool snapshot_has(const struct snapshot *snapshot, char **names, int nr);

/**
 * snapshot_wants() - is this object asked for, or a part of it, or its service?
 * @line: line of a service or a backend
 * @names: SERVICE or SERVICE/BACKEND
 * @nr: number of names; 0 for all objects
 */
bool snapshot_wants(const struct status_line *line, char **names, int nr);

/**
 * snapshot_free() - free the memory
 * @snapshot: snapshot
 */
void snapshot_free(struct snapshot *snapshot);

#endif /* SNAPSHOT_H */
