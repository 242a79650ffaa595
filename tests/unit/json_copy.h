/* SPDX-License-Identifier: MIT */
/* Write a parsed document anew, by way of everything that reads a node. */
#ifndef TESTS_JSON_COPY_H
#define TESTS_JSON_COPY_H

#include <ld/json.h>
#include <ld/limits.h>

static void
json_copy_string(const struct ld_json *doc, ld_json_ref ref,
    struct ld_json_out *out, bool key)
{
	struct ld_buf text;

	ld_buf_init(&text, LD_MAX_DOCUMENT);
	ld_json_text(doc, ref, &text);
	if (key)
		ld_json_out_keyn(out, text.len > 0 ? text.data : "", text.len);
	else
		ld_json_out_stringn(
		    out, text.len > 0 ? text.data : "", text.len);
	ld_buf_clear(&text);
}

static void json_copy(
    const struct ld_json *doc, ld_json_ref ref, struct ld_json_out *out);

static void
json_copy_children(
    const struct ld_json *doc, ld_json_ref ref, struct ld_json_out *out)
{
	bool object = ld_json_kind(doc, ref) == LD_JSON_OBJECT;
	ld_json_ref at = ld_json_first(doc, ref);

	if (object)
		ld_json_out_object(out);
	else
		ld_json_out_array(out);
	for (; at != LD_JSON_NONE; at = ld_json_next(doc, ref, at)) {
		if (object)
			json_copy_string(doc, at, out, true);
		json_copy(doc, object ? ld_json_value(doc, at) : at, out);
	}
	ld_json_out_end(out);
}

static void
json_copy(const struct ld_json *doc, ld_json_ref ref, struct ld_json_out *out)
{
	enum ld_json_kind kind = ld_json_kind(doc, ref);
	const char *raw;
	size_t len;

	switch (kind) {
	case LD_JSON_NULL:
		ld_json_out_null(out);
		break;
	case LD_JSON_FALSE:
	case LD_JSON_TRUE:
		ld_json_out_bool(out, kind == LD_JSON_TRUE);
		break;
	case LD_JSON_NUMBER:
		raw = ld_json_raw(doc, ref, &len);
		ld_json_out_raw(out, raw, len);
		break;
	case LD_JSON_STRING:
		json_copy_string(doc, ref, out, false);
		break;
	case LD_JSON_ARRAY:
	case LD_JSON_OBJECT:
		json_copy_children(doc, ref, out);
		break;
	}
}

#endif /* TESTS_JSON_COPY_H */
