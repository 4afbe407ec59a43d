/* SPDX-License-Identifier: GPL-2.0 */
/* Names in commands that people copy into a shell. */
#ifndef QUOTE_H
#define QUOTE_H

/* Room for a name of less than 128 characters in quotes. */
#define QUOTED_SIZE	(4 * 128 + 3)

/**
 * quoted() - a name for a command line
 * @name: name, such as interfaces have: nearly anything
 * @buf: room
 *
 * Return: @name, or @buf with the name in quotes if a shell needs them.
 */
const char *quoted(const char *name, char buf[QUOTED_SIZE]);

#endif /* QUOTE_H */
