/* SPDX-License-Identifier: GPL-2.0 */
/* Statements, values and questions at random, most of them good ones. */
#ifndef SAY_H
#define SAY_H

#include <stddef.h>

/* Where the random numbers of one process are; the same seed says the same. */
struct dice {
	unsigned long long state;
};

/**
 * dice_roll() - a random number
 * @dice: dice
 * @sides: how many numbers there are, at least 1
 *
 * Return: 0 to @sides - 1.
 */
unsigned int dice_roll(struct dice *dice, unsigned int sides);

/**
 * say_text() - a text of statements
 * @dice: dice
 * @text: filled in, with a NUL
 * @size: bytes of it, at least 256
 *
 * Return: its length.
 */
size_t say_text(struct dice *dice, char *text, size_t size);

/**
 * say_value() - what may be written into a file of sysfs
 * @dice: dice
 * @name: of the file
 * @text: filled in, with a NUL
 * @size: bytes of it
 *
 * Return: its length.
 */
size_t say_value(struct dice *dice, const char *name, char *text, size_t size);

/**
 * say_question() - a question to explain
 * @dice: dice
 * @text: filled in, with a NUL
 * @size: bytes of it
 *
 * Return: its length.
 */
size_t say_question(struct dice *dice, char *text, size_t size);

/* A VIP that statements use, IPv4, with its port, for packets. */
void say_vip(struct dice *dice, char address[16], unsigned int *port);

#endif /* SAY_H */
