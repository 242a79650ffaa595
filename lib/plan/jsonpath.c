/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/num.h>

#include "plan/jsonpath.h"

bool
ldi_path_compile(
    const char *text, struct ldi_arena *arena, struct ldi_path *path_out)
{
	struct ldi_path_part *parts;
	size_t n = 1, len;
	const char *at;

	for (at = text; *at != '\0'; at++)
		n += *at == '.';
	parts = ldi_arena_array(arena, n, sizeof(*parts));
	if (parts == NULL)
		return false;
	*path_out = (struct ldi_path){ .text = text, .parts = parts };
	for (at = text;; at += len + 1) {
		len = strcspn(at, ".");
		if (len != 0) {
			struct ldi_path_part *part = &parts[path_out->n++];

			part->key = at;
			part->len = len;
			part->is_index =
			    ld_num_i64(at, len, &part->index, NULL) == LD_OK;
		}
		if (at[len] == '\0')
			return true;
	}
}

static ld_json_ref
element(const struct ld_json *json, ld_json_ref array,
    const struct ldi_path_part *part)
{
	int64_t i = part->index, n = ld_json_count(json, array);

	if (!part->is_index)
		return LD_JSON_NONE;
	if (i < 0)
		i += n;
	return i >= 0 && i < n ? ld_json_at(json, array, (uint32_t)i)
			       : LD_JSON_NONE;
}

ld_json_ref
ldi_path_find(const struct ldi_path *path, const struct ld_json *json)
{
	ld_json_ref at = LD_JSON_ROOT;

	for (size_t i = 0; i < path->n && at != LD_JSON_NONE; i++) {
		const struct ldi_path_part *part = &path->parts[i];
		enum ld_json_kind kind = ld_json_kind(json, at);

		if (kind == LD_JSON_OBJECT)
			at = ld_json_getn(json, at, part->key, part->len);
		else if (kind == LD_JSON_ARRAY)
			at = element(json, at, part);
		else
			at = LD_JSON_NONE;
	}
	return at;
}
