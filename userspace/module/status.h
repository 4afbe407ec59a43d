/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel says about its objects, taken apart. */
#ifndef STATUS_H
#define STATUS_H

#include <stdbool.h>
#include "lib/text.h"

/* More fields than the kernel has; any further field is not looked at. */
#define STATUS_FIELDS	64

/**
 * struct status_line - one object
 * @kind: `nf_vip`, `service` or `backend`
 * @name: its name; "" for nf_vip
 * @nr: number of fields
 * @key: names of the fields
 * @value: their values
 */
struct status_line {
	const char *kind;
	const char *name;
	unsigned int nr;
	const char *key[STATUS_FIELDS];
	const char *value[STATUS_FIELDS];
};

/**
 * status_next() - take the next line off a status text
 * @at: position in the text, which is cut into strings on the way
 * @line: filled in; points into the text
 *
 * Return: false at the end of the text.
 */
bool status_next(char **at, struct status_line *line);

/**
 * status_lines() - take all lines off a text
 * @text: text, which is cut into strings on the way
 * @nr: how many
 *
 * Return: the lines, to be freed, which point into @text; NULL without memory.
 */
struct status_line *status_lines(char *text, size_t *nr);

/**
 * status_find_backend() - look for the line of a backend
 * @text: status text, which is cut into strings on the way
 * @name: SERVICE/BACKEND
 * @line: filled in; points into the text
 *
 * Return: false if there is no such line.
 */
bool status_find_backend(char *text, const char *name, struct status_line *line);

/**
 * status_get() - value of a field
 * @line: line
 * @key: name of the field
 *
 * Return: value of the field, "" if the line has no such field.
 */
const char *status_get(const struct status_line *line, const char *key);

/**
 * status_number() - value of a field that is a decimal number
 * @line: line
 * @key: name of the field
 *
 * Return: value of the field, 0 if the line has no such field.
 */
unsigned long long status_number(const struct status_line *line,
				 const char *key);

/**
 * status_is() - has a field this value?
 * @line: line
 * @key: name of the field
 * @value: value
 */
bool status_is(const struct status_line *line, const char *key, const char *value);

/**
 * status_short_name() - name of a service, or of a backend without its service
 * @line: line
 */
const char *status_short_name(const struct status_line *line);

/**
 * status_words() - a value that the kernel joined by `+` to one word
 * @value: value
 *
 * Return: the value with blanks, to be freed; or NULL.
 */
char *status_words(const char *value);

/**
 * status_module_number() - a number that the status says of the module
 * @status: status text, which stays whole
 * @key: name of the field
 *
 * Return: the number, decimal or hex there; 0 if there is no such field.
 */
unsigned long status_module_number(const struct text *status, const char *key);

/**
 * status_reasons() - why a backend gets no new connections
 * @line: line of a backend
 * @out: text to add to: `drain, unhealthy, flag mail1up is 1, weight 0`;
 *	stays empty for a backend that may be chosen
 *
 * Return: 0 or -ENOMEM.
 */
int status_reasons(const struct status_line *line, struct text *out);

#endif /* STATUS_H */
