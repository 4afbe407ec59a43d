/* SPDX-License-Identifier: GPL-2.0 */
/* Running programs that print what no library tells. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "lib/text.h"

/**
 * program_read() - run a program and take what it prints
 * @argv: the program, found by PATH, and its arguments; then NULL
 * @out: text to add to
 *
 * The program's standard error is thrown away.
 *
 * Return: 0, -ENOENT if there is no such program, -EIO if it failed, or what
 * text_read_fd() says.
 */
int program_read(char *const argv[], struct text *out);

#endif /* PROGRAM_H */
