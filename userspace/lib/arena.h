/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that is freed all at once. */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

/**
 * struct arena - memory that was given so far
 * @blocks: all of it; NULL for an empty arena
 */
struct arena {
	struct arena_block *blocks;
};

/**
 * arena_alloc() - zeroed memory that lives as long as the arena
 * @arena: arena
 * @size: bytes
 *
 * Ends the program if there is no memory.
 */
void *arena_alloc(struct arena *arena, size_t size);

/**
 * arena_copy() - a copy that lives as long as the arena
 * @arena: arena
 * @data: what to copy
 * @size: bytes
 */
void *arena_copy(struct arena *arena, const void *data, size_t size);

/**
 * arena_string() - a string that lives as long as the arena
 * @arena: arena
 * @format: as for printf(3)
 */
const char *arena_string(struct arena *arena, const char *format, ...);

/**
 * arena_free() - free an arena, which is empty afterwards
 * @arena: arena
 */
void arena_free(struct arena *arena);

#endif /* ARENA_H */
