/* SPDX-License-Identifier: MIT */
/*
 * plan/jsonpath.h - dotted paths: "items.0.id", "items.-1".
 *
 * Split at dots; empty parts are skipped, so "" is the whole document.  On an
 * object a part is a key, on an array an index, from the end when negative.
 */
#ifndef LDI_PLAN_JSONPATH_H
#define LDI_PLAN_JSONPATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/json.h>

#include "base/arena.h"

struct ldi_path_part {
	const char *key;
	size_t len;
	bool is_index;
	int64_t index;
};

struct ldi_path {
	const char *text;
	const struct ldi_path_part *parts;
	size_t n;
};

/* `text` is borrowed for as long as the path is used.  false = no memory. */
bool ldi_path_compile(
    const char *text, struct ldi_arena *arena, struct ldi_path *path_out);

/* LD_JSON_NONE when nothing is there. */
ld_json_ref ldi_path_find(
    const struct ldi_path *path, const struct ld_json *json);

#endif /* LDI_PLAN_JSONPATH_H */
