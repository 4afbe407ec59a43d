/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel prints, as JSON. A field needs no entry in a table to be
 * printed: what looks like a number is a number, anything else that is not an
 * exception is a string.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include "lib/json.h"
#include "status/snapshot.h"

/**
 * fields_add() - add a field to an object
 * @object: JSON object
 * @kind: what the field is of: `service` or `backend` of status; `verdict`,
 *	`conntrack`, `met` (a service) or `candidate` (a backend) of explain;
 *	`statement`, or ""
 * @key: the kernel's name of the field; the member has `_` for `-`
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
 * @names: services to include
 * @nr: number of names; 0 for all services
 *
 * Return: the document, or NULL if there was no memory for it.
 */
json_t *fields_of_snapshot(const struct snapshot *snapshot, char **names, int nr);

#endif /* FIELDS_H */
