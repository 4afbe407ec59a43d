/* SPDX-License-Identifier: GPL-2.0 */
/* A table on the whole terminal, by ncurses. */
#ifndef SCREEN_H
#define SCREEN_H

#include "lib/table.h"

/**
 * screen_open() - take the terminal
 *
 * Return: false if there is no terminal that ncurses knows; nothing has
 * happened then.
 */
bool screen_open(void);

/**
 * screen_draw() - show a table
 * @head: line above it
 * @table: table, of which the first row stays where it is when the rest scrolls
 */
void screen_draw(const char *head, const struct table *table);

/**
 * screen_keys() - do what the pressed keys say
 *
 * Return: false if they say to end; else screen_draw() may show something else
 * than before.
 */
bool screen_keys(void);

/**
 * screen_close() - give the terminal back as it was
 */
void screen_close(void);

#endif /* SCREEN_H */
