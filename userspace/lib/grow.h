/* SPDX-License-Identifier: GPL-2.0 */
/* Lists in one piece of memory that grow by one. */
#ifndef GROW_H
#define GROW_H

#include <stdlib.h>
#include <string.h>

/**
 * grow() - make room for one more at the end of a list
 * @list: list, or NULL for an empty one
 * @nr: how many items the list has
 * @size: bytes of an item
 *
 * Return: the list, which may have moved, with a zeroed item at its end; or
 * NULL, with @list as it was.
 */
static inline void *grow(void *list, size_t nr, size_t size)
{
	char *grown = reallocarray(list, nr + 1, size);

	if (grown)
		memset(grown + nr * size, 0, size);
	return grown;
}

#endif /* GROW_H */
