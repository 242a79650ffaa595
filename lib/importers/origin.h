/* SPDX-License-Identifier: MIT */
/*
 * importers/origin.h - where most requests of a recording went.
 *
 * An origin is scheme://host:port, as it was written.
 */
#ifndef LDI_IMPORTERS_ORIGIN_H
#define LDI_IMPORTERS_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

struct ldi_map;

/* How much of an absolute URL (NUL-terminated) is its origin; 0 = it has
 * none, or one with a user's name in it, which is no place for a variable. */
size_t ldi_origin_length(const char *url);

/* Counts are kept in a map of their own; false = out of memory. */
bool ldi_origin_count(struct ldi_map *origins, const char *origin, size_t len);
/* The first of those counted most often, as long as the map has it; NULL =
 * none was. */
const char *ldi_origin_most(const struct ldi_map *origins, size_t *len_out);

#endif /* LDI_IMPORTERS_ORIGIN_H */
