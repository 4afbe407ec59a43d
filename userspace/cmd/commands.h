/* SPDX-License-Identifier: GPL-2.0 */
/* What there is to know of a command before it runs. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stdio.h>

/**
 * struct command - an entry of the table of commands
 * @name: word of the command
 * @run: function that does it
 * @options: letters of the options that the command may have, see main.c
 * @min: least number of arguments
 * @max: largest number of arguments
 * @synopsis: arguments of the command
 * @summary: one line for the list of commands
 * @help: the rest of its help
 */
struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *options;
	int min;
	int max;
	const char *synopsis;
	const char *summary;
	const char *help;
};

extern const struct command commands[];
extern const unsigned int nr_commands;

/**
 * find_command() - a command by its word
 * @name: the whole word
 *
 * Return: the command or NULL.
 */
const struct command *find_command(const char *name);

/**
 * print_usage() - what vipctl can do, a line a command
 * @to: where to
 */
void print_usage(FILE *to);

/**
 * print_synopsis() - how a command is called
 * @to: where to
 * @command: command
 */
void print_synopsis(FILE *to, const struct command *command);

/**
 * print_help() - all that there is to know of a command, on the standard output
 * @command: command
 */
void print_help(const struct command *command);

/**
 * unknown_command() - complain about a word that is no command
 * @name: the word
 *
 * Return: VIPCTL_USAGE.
 */
int unknown_command(const char *name);

#endif /* COMMANDS_H */
