/* SPDX-License-Identifier: GPL-2.0 */
/* JSON on standard output, made by jansson. */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

/**
 * json_text() - a string that need not be UTF-8, as a file name is
 * @text: string
 *
 * If it is not UTF-8, each byte that is not ASCII becomes a question mark: JSON
 * has no other bytes.
 *
 * Return: a new string, or NULL without memory.
 */
json_t *json_text(const char *text);

/**
 * json_print() - print a document
 * @command: name of the command, for the message
 * @root: document, which is freed; NULL if there was no memory for it
 *
 * Indented, with its members in the order in which they were made, and a
 * newline behind.
 *
 * Return: an enum vipctl_exit; VIPCTL_REFUSED with a message.
 */
int json_print(const char *command, json_t *root);

/**
 * json_print_line() - print a document on a line of its own, at once
 * @command: name of the command, for the message
 * @root: as for json_print()
 *
 * For commands that run on, so that a reader gets each document as it comes.
 *
 * Return: as json_print().
 */
int json_print_line(const char *command, json_t *root);

#endif /* JSON_H */
