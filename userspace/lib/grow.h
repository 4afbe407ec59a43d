/* SPDX-License-Identifier: GPL-2.0 */
/* Lists that get one more, each in a piece of memory. */
#ifndef GROW_H
#define GROW_H

#include <stdlib.h>
#include <string.h>

/**
 * grow() - make room for one more at the end of a list
 * @list: list, or NULL for an empty one
 * @nr: how many it has
 * @size: bytes of each
 *
 * Return: the list, which may have moved, with zeros at its end; or NULL, and it
 * is as it was.
 */
static inline void *grow(void *list, size_t nr, size_t size)
{
	char *grown = reallocarray(list, nr + 1, size);

	if (grown)
		memset(grown + nr * size, 0, size);
	return grown;
}

#endif /* GROW_H */
