/* SPDX-License-Identifier: MIT */
/*
 * Chunks of doubling size, the newest first.  A request that does not fit
 * into the newest opens a new one; one that is large beside the chunk size
 * gets a chunk of its own, behind the newest, so that the rest of that is
 * not lost.
 */
#include "config.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define FIRST_CHUNK ((size_t)4096)
#define LARGEST_CHUNK ((size_t)1 << 20)

struct chunk {
	struct chunk *next;
	size_t used, size;
	alignas(max_align_t) char data[];
};

struct ldi_arena {
	struct chunk *newest;
	size_t next_size;
	size_t used;
};

struct ldi_arena *
ldi_arena_new(void)
{
	struct ldi_arena *arena = calloc(1, sizeof(*arena));

	if (arena != NULL)
		arena->next_size = FIRST_CHUNK;
	return arena;
}

void
ldi_arena_free(struct ldi_arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->newest != NULL) {
		struct chunk *chunk = arena->newest;

		arena->newest = chunk->next;
		free(chunk);
	}
	free(arena);
}

static struct chunk *
add_chunk(struct ldi_arena *arena, size_t size)
{
	struct chunk *chunk;
	struct chunk **place = &arena->newest;

	if (size > arena->next_size / 4 && arena->newest != NULL) {
		place = &arena->newest->next;
	} else if (size <= arena->next_size) {
		size = arena->next_size;
		if (arena->next_size < LARGEST_CHUNK)
			arena->next_size *= 2;
	}
	chunk = calloc(1, sizeof(*chunk) + size);
	if (chunk == NULL)
		return NULL;
	chunk->size = size;
	chunk->next = *place;
	*place = chunk;
	return chunk;
}

void *
ldi_arena_alloc(struct ldi_arena *arena, size_t size)
{
	struct chunk *chunk = arena->newest;
	size_t align = alignof(max_align_t);
	void *at;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = size == 0 ? align : (size + align - 1) / align * align;
	if (chunk == NULL || size > chunk->size - chunk->used) {
		chunk = add_chunk(arena, size);
		if (chunk == NULL)
			return NULL;
	}
	at = chunk->data + chunk->used;
	chunk->used += size;
	arena->used += size;
	return at;
}

void *
ldi_arena_array(struct ldi_arena *arena, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		return NULL;
	return ldi_arena_alloc(arena, n * size);
}

char *
ldi_arena_strndup(struct ldi_arena *arena, const char *text, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		return NULL;
	copy = ldi_arena_alloc(arena, len + 1);
	if (copy != NULL && len > 0)
		memcpy(copy, text, len); /* zeroed memory ends it */
	return copy;
}

char *
ldi_arena_strdup(struct ldi_arena *arena, const char *text)
{
	return ldi_arena_strndup(arena, text, strlen(text));
}

size_t
ldi_arena_used(const struct ldi_arena *arena)
{
	return arena->used;
}
