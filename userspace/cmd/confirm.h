/* SPDX-License-Identifier: GPL-2.0 */
/* A change that waits to be confirmed. */
#ifndef CONFIRM_H
#define CONFIRM_H

#include <stdbool.h>

/**
 * confirm_is_time() - may a change wait for so long?
 * @word: what the command line says
 */
bool confirm_is_time(const char *word);

/**
 * confirm_left() - how long does a change wait in this network namespace?
 *
 * Return: seconds, or 0 if no change waits.
 */
unsigned int confirm_left(void);

#endif /* CONFIRM_H */
