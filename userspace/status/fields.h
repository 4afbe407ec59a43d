/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel prints, as JSON. A field needs no entry here to be printed:
 * what looks like a number is one, what is none of the exceptions is a string.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include "lib/json.h"
#include "status/snapshot.h"

/**
 * fields_add() - add a field to an object
 * @object: JSON object
 * @kind: what it is of: `service` or `backend` of status; `verdict`, `conntrack`,
 *	`met` (a service) or `candidate` (a backend) of explain; `statement`, or ""
 * @key: the kernel's name of the field; its member has `_` for `-`
 * @value: as the kernel prints it
 *
 * Return: 0 or -ENOMEM.
 */
int fields_add(json_t *object, const char *kind, const char *key, const char *value);

/**
 * fields_of_line() - a line of status as an object
 * @line: line
 *
 * Return: the object, or NULL if there was no memory for it.
 */
json_t *fields_of_line(const struct status_line *line);

/**
 * fields_of_snapshot() - services, each with its backends
 * @snapshot: status
 * @names: services that are asked for
 * @nr: number of names; with 0 all are
 *
 * Return: the document, or NULL if there was no memory for it.
 */
json_t *fields_of_snapshot(const struct snapshot *snapshot, char **names, int nr);

#endif /* FIELDS_H */
