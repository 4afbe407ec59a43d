/* SPDX-License-Identifier: GPL-2.0 */
/* The little of the Test Anything Protocol that the unit tests need. */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

static unsigned int tap_count, tap_failed;

/*
 * One line for each case: the name is printed with what could end a TAP line
 * or start a directive made harmless.
 */
static inline bool tap_ok(bool pass, const char *name)
{
	printf("%sok %u - ", pass ? "" : "not ", ++tap_count);
	for (; *name; name++) {
		if (*name == '\n')
			printf("\\n");
		else if (*name == '#')
			printf("\\#");
		else if ((unsigned char)*name < ' ' || (unsigned char)*name > '~')
			printf("\\x%02x", (unsigned char)*name);
		else
			putchar(*name);
	}
	putchar('\n');
	if (!pass)
		tap_failed++;
	return pass;
}

static inline __attribute__((format(printf, 1, 2)))
void tap_note(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static inline int tap_done(void)
{
	printf("1..%u\n", tap_count);
	return tap_failed || !tap_count;
}

/* A small generator of our own: the same seed has to give the same test. */
static inline uint32_t tap_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(*state >> 33);
}

#endif /* TAP_H */
