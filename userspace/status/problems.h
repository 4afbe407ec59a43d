/* SPDX-License-Identifier: GPL-2.0 */
/* What is wrong, in sentences, as far as the status says so. */
#ifndef PROBLEMS_H
#define PROBLEMS_H

#include <jansson.h>
#include "status/snapshot.h"

/**
 * problems_of_service() - what is wrong with a service
 * @snapshot: status
 * @i: index of the service's line, in front of those of its backends
 *
 * That includes which backends get no new connections because of something that
 * was seen or asked for, but not backends of a tier that is not in use.
 *
 * Return: an array of strings, the worst first; NULL if there was no memory.
 */
json_t *problems_of_service(const struct snapshot *snapshot, size_t i);

/**
 * problems_tier() - the tier that a service's new connections go to
 * @snapshot: status
 * @i: index of the line of the service, or of one of its backends
 *
 * Return: the lowest tier that has a usable backend; 0 if there is none, or if
 * the tier is not all that decides, because too few backends are alive.
 */
unsigned long long problems_tier(const struct snapshot *snapshot, size_t i);

/**
 * problems_of_backend() - why a backend gets no new connections, or fewer
 * @line: line of the backend
 * @tier: what problems_tier() says of the backend's service
 *
 * Return: an array of strings, empty if the backend gets its share; NULL if
 * there was no memory.
 */
json_t *problems_of_backend(const struct status_line *line, unsigned long long tier);

/* How bad it is, the worst last: what a monitoring program is told. */
enum problems_grade {
	PROBLEMS_NONE,
	PROBLEMS_SOME,
	PROBLEMS_REFUSED,
};

/**
 * problems_grade() - how bad is it?
 * @snapshot: status
 * @i: index of the line of a service or a backend
 *
 * Return: PROBLEMS_REFUSED if new connections get no backend, be it that all are
 * full; of a backend if it gets none, but for one whose tier waits; also if there was
 * no memory to find out.
 */
enum problems_grade problems_grade(const struct snapshot *snapshot, size_t i);

/**
 * problems_join() - put problems on one line
 * @list: array of strings, which stays the caller's
 * @max: at most so many problems, and how many more there are
 * @out: text to add to
 *
 * Return: 0 or -ENOMEM, also if @list is NULL.
 */
int problems_join(const json_t *list, size_t max, struct text *out);

#endif /* PROBLEMS_H */
