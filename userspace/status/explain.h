/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel answers to a question about a connection, for people and for programs. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <jansson.h>
#include <stddef.h>
#include "module/status.h"

/**
 * struct explain_answer - the lines of an answer
 * @question: what was asked
 * @lines: the lines; the first is the verdict, whose name is its word
 * @nr: how many lines, at least 1
 */
struct explain_answer {
	const char *question;
	struct status_line *lines;
	size_t nr;
};

/**
 * explain_line() - the first line of a kind
 * @answer: answer
 * @kind: `conntrack`, `service` or `limited`
 *
 * Return: the line or NULL.
 */
const struct status_line *explain_line(const struct explain_answer *answer, const char *kind);

/**
 * explain_print() - print sentences, and a line for each backend
 * @answer: answer
 *
 * Return: 0 or -ENOMEM.
 */
int explain_print(const struct explain_answer *answer);

/**
 * explain_json() - make a document of an answer, for programs
 * @answer: answer
 *
 * Return: a document that the caller owns, or NULL for lack of memory.
 */
json_t *explain_json(const struct explain_answer *answer);

#endif /* EXPLAIN_H */
