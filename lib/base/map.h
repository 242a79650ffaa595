/* SPDX-License-Identifier: MIT */
/*
 * base/map.h - a string map in insertion order.
 *
 * Keys are copied and may hold any byte.  Hashing is seeded per map, so that
 * hostile keys cannot make it slow on purpose.
 */
#ifndef LDI_BASE_MAP_H
#define LDI_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ldi_map;

struct ldi_map *ldi_map_new(void);
/* The values are the caller's. */
void ldi_map_free(struct ldi_map *map);
size_t ldi_map_count(const struct ldi_map *map);
/* NULL when absent. */
void *ldi_map_get(const struct ldi_map *map, const char *key, size_t len);
/* Sets or replaces; *old_out (may be NULL) gets what was there.  false when
 * memory is short; then nothing changed. */
bool ldi_map_set(struct ldi_map *map, const char *key, size_t len, void *value,
    void **old_out);
/* In insertion order, 0 <= i < count; the key is NUL-terminated besides. */
const char *ldi_map_key(const struct ldi_map *map, size_t i, size_t *len_out);
void *ldi_map_value(const struct ldi_map *map, size_t i);
void ldi_map_clear(struct ldi_map *map);

#endif /* LDI_BASE_MAP_H */
