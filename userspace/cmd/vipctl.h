/* SPDX-License-Identifier: GPL-2.0 */
/* What commands do for each other, and the commands themselves, which commands.c lists. */
#ifndef VIPCTL_H
#define VIPCTL_H

#include <stdbool.h>
#include "lib/app.h"

/**
 * vipctl_state() - make one statement of arguments and hand it to the kernel
 * @command: name of the command, for messages
 * @verb: first word of the statement
 * @argc: number of the statement's other words
 * @argv: the other words
 *
 * Prints what went wrong.
 *
 * Return: VIPCTL_DONE or VIPCTL_REFUSED.
 */
int vipctl_state(const char *command, const char *verb, int argc, char **argv);

/**
 * vipctl_apply() - have the kernel make the whole configuration as a file says
 * @path: file name, or `-` for standard input
 * @waits: NULL; or set to whether the file says confirm, which is left out then
 *
 * Prints what went wrong. The fast path is another matter, see fastpath.h.
 *
 * Return: VIPCTL_DONE or VIPCTL_REFUSED.
 */
int vipctl_apply(const char *path, bool *waits);

/**
 * vipctl_diff() - print what a file would change of what runs
 * @path: file, or "-" for the standard input
 * @nr: how many objects, on success
 *
 * Return: VIPCTL_DONE, or VIPCTL_REFUSED with a message.
 */
int vipctl_diff(const char *path, unsigned int *nr);

/*
 * The commands. Each gets its own arguments only, as many as the table in
 * commands.c allows; each prints its own messages and returns an enum
 * vipctl_exit.
 */
int cmd_apply(int argc, char **argv);
int cmd_confirm(int argc, char **argv);
int cmd_revert(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_save(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_watch(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_add(int argc, char **argv);
int cmd_set(int argc, char **argv);
int cmd_del(int argc, char **argv);
int cmd_up(int argc, char **argv);
int cmd_down(int argc, char **argv);
int cmd_drain(int argc, char **argv);
int cmd_clients(int argc, char **argv);
int cmd_forget(int argc, char **argv);
int cmd_flush(int argc, char **argv);
int cmd_fastpath(int argc, char **argv);
int cmd_follow(int argc, char **argv);
int cmd_monitor(int argc, char **argv);
int cmd_metrics(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_boot(int argc, char **argv);
int cmd_reload_module(int argc, char **argv);
int cmd_help(int argc, char **argv);

#endif /* VIPCTL_H */
