/* SPDX-License-Identifier: GPL-2.0 */
/* The little of the Test Anything Protocol that the unit tests need. */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/types.h>

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

/* What was seen, for the reader of a failure. */
#define tap_note(format, ...)	printf("# " format "\n", ##__VA_ARGS__)

static inline int tap_done(void)
{
	printf("1..%u\n", tap_count);
	return tap_failed || !tap_count;
}

/* A small generator of our own: the same seed has to give the same test. */
static inline __u32 tap_random(__u64 *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (__u32)(*state >> 33);
}

#endif /* TAP_H */
