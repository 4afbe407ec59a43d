/* SPDX-License-Identifier: GPL-2.0 */
/*
 * To whom the administrator gave files of the module, as a health checker's `up`: a
 * module that is loaded anew makes all files root's.
 */
#ifndef OWNERS_H
#define OWNERS_H

#include <stddef.h>

struct owned;

/**
 * struct owners - files that are not as the module makes them
 * @list: files, with owner, group and mode
 * @nr: how many
 */
struct owners {
	struct owned *list;
	size_t nr;
};

/**
 * owners_take() - remember whose files of this network namespace are
 * @owners: all zero; free with owners_free()
 *
 * Looks at the mount of sysfs that this process sees. Nearly all files that the module
 * makes have mode 0644 or 0444: a file that somebody gave one of these two, and no other
 * owner, is not remembered.
 *
 * Return: 0 or -ENOMEM; a file that goes meanwhile is not remembered.
 */
int owners_take(struct owners *owners);

/**
 * owners_put_back() - give the same files to the same owners
 * @owners: what owners_take() has found
 *
 * A file that is not there is left out.
 *
 * Return: 0, or the negative errno of the first file that could not be given.
 */
int owners_put_back(const struct owners *owners);

/**
 * owners_free() - free the memory
 * @owners: owners
 */
void owners_free(struct owners *owners);

#endif /* OWNERS_H */
