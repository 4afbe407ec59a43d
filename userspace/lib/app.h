/* SPDX-License-Identifier: GPL-2.0 */
/* What all of vipctl has in common: exit codes, messages, options, output. */
#ifndef VIPCTL_APP_H
#define VIPCTL_APP_H

#include <stdbool.h>
#include <stdio.h>

/**
 * enum vipctl_exit - exit codes
 * @VIPCTL_DONE: the command has done its work
 * @VIPCTL_REFUSED: the kernel, or the check before it, said no
 * @VIPCTL_USAGE: the command line makes no sense
 * @VIPCTL_UNKNOWN: of status --check, that nothing can be said
 */
enum vipctl_exit {
	VIPCTL_DONE = 0,
	VIPCTL_REFUSED = 1,
	VIPCTL_USAGE = 2,
	VIPCTL_UNKNOWN = 2,
};

/**
 * vipctl_complain() - print a message to standard error
 * @format: as for printf(3); gets the name of the program in front and a
 *	newline behind
 */
#define vipctl_complain(format, ...) \
	fprintf(stderr, "vipctl: " format "\n", ##__VA_ARGS__)

/**
 * vipctl_s() - the plural of a word
 * @n: how many there are
 *
 * Return: "s" or "".
 */
static inline const char *vipctl_s(unsigned long long n)
{
	return n == 1 ? "" : "s";
}

/**
 * vipctl_complain_kernel() - say why the kernel's files could not be used
 * @what: file, object or command that was asked for
 * @err: negative errno of a function of module_io.h
 *
 * Return: VIPCTL_REFUSED.
 */
int vipctl_complain_kernel(const char *what, int err);

/**
 * vipctl_given() - was this option given?
 * @option: letter of the option, as in main.c's table
 *
 * Options of vipctl itself count, too: `vipctl_given('j')` asks for JSON.
 */
bool vipctl_given(int option);

/**
 * vipctl_value() - the value that an option was given
 * @option: letter of the option
 *
 * Return: the value, "" for an option without one; NULL if the option was not
 * given.
 */
const char *vipctl_value(int option);

/**
 * vipctl_signals() - take SIGTERM and SIGINT as news, not as the end
 *
 * Return: a descriptor that can be read once one of them came; -1 with errno.
 */
int vipctl_signals(void);

struct text;

/**
 * vipctl_put() - print a text, or replace a file by it
 * @text: text
 * @path: file, or "-" for the standard output
 *
 * After an error, which is printed, the file is as it was.
 *
 * Return: VIPCTL_DONE or VIPCTL_REFUSED.
 */
int vipctl_put(const struct text *text, const char *path);

/**
 * vipctl_give() - remember that an option was given
 * @option: letter of the option
 * @value: value of the option, "" if it takes none
 */
void vipctl_give(int option, const char *value);

#endif /* VIPCTL_APP_H */
