/* SPDX-License-Identifier: MIT */
/*
 * base/arena.h - allocate often, free once.
 *
 * Memory is zeroed and aligned for any type, and lives until the arena is
 * freed.
 */
#ifndef LDI_BASE_ARENA_H
#define LDI_BASE_ARENA_H

#include <stddef.h>

struct ldi_arena;

struct ldi_arena *ldi_arena_new(void);
void ldi_arena_free(struct ldi_arena *arena); /* NULL is allowed */
/* NULL when memory is short; size 0 gives a valid pointer. */
void *ldi_arena_alloc(struct ldi_arena *arena, size_t size);
/* n x size, checked for overflow. */
void *ldi_arena_array(struct ldi_arena *arena, size_t n, size_t size);
/* A NUL-terminated copy. */
char *ldi_arena_strndup(struct ldi_arena *arena, const char *text, size_t len);
char *ldi_arena_strdup(struct ldi_arena *arena, const char *text);
size_t ldi_arena_used(const struct ldi_arena *arena);

#endif /* LDI_BASE_ARENA_H */
