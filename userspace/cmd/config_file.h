/* SPDX-License-Identifier: GPL-2.0 */
/* Files that are a whole configuration. */
#ifndef CONFIG_FILE_H
#define CONFIG_FILE_H

#include <stdbool.h>
#include "lib/text.h"

struct model;
struct nf_vip_parser;

/* What apply puts in front; the limit of a file leaves room for it. */
#define FILE_REPLACE	"replace;"

/* The sentence for a file without a statement, which is no configuration. */
extern const char file_nothing[];

/**
 * file_shown() - how messages name a file
 * @path: file, or "-" for the standard input
 */
const char *file_shown(const char *path);

/**
 * file_read() - the text of a file
 * @text: empty text, filled in
 * @path: file, or "-" for the standard input
 *
 * Prints what went wrong.
 *
 * Return: 0 or a negative errno.
 */
int file_read(struct text *text, const char *path);

/**
 * file_parse() - are the statements of a text well-formed?
 * @text: text
 * @parser: holds the sentence that says why not
 * @replaces: set to whether one of the statements is "replace"
 *
 * The kernel would say the same, but a text that is not well-formed never gets
 * there.
 *
 * Return: 0 or a negative errno.
 */
int file_parse(const struct text *text, struct nf_vip_parser *parser, bool *replaces);

/**
 * file_says_nothing() - has a text no statement, or nothing but a deadline?
 * @text: text
 *
 * A file that is empty, or has comments only, has more likely been lost than
 * written on purpose.
 */
bool file_says_nothing(const struct text *text);

/**
 * file_load() - read a file and check it as a whole configuration
 * @model: empty configuration, filled in; its error says what is wrong with the statements
 * @path: file, or "-" for the standard input
 *
 * Prints what is wrong with the file itself.
 *
 * Return: 0 or a negative errno.
 */
int file_load(struct model *model, const char *path);

/**
 * vipctl_read_model() - file_load() that also prints what is wrong with the statements
 * @model: empty configuration, filled in
 * @path: file, or "-" for the standard input
 *
 * Return: 0 or a negative errno.
 */
int vipctl_read_model(struct model *model, const char *path);

#endif /* CONFIG_FILE_H */
