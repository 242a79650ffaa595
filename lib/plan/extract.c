/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "plan/check_kind.h"
#include "plan/field_schema.h"
#include "plan/node.h"

#define WANTED(member, name_, help_)                              \
	{                                                         \
		.name = name_, .kind = LD_FIELD_STRING,           \
		.flags = LD_FIELD_REQUIRED,                       \
		.offset = offsetof(struct ldi_extractor, member), \
		.seen_offset = LD_FIELD_NO_SEEN, .help = help_    \
	}
#define COMMON_FIELDS                                      \
	WANTED(var, "var", "name of the variable"),        \
	{                                                  \
		.name = "from", .kind = LD_FIELD_IGNORED,  \
		.seen_offset = LD_FIELD_NO_SEEN,           \
		.help = "json_path, header or status_code" \
	}

static const struct ld_field path_fields[] = {
	COMMON_FIELDS,
	WANTED(path_text, "path", "where in the body: items.0.id"),
	LD_FIELD_END,
};

static const struct ld_field header_fields[] = {
	COMMON_FIELDS,
	WANTED(name, "name", "name of the header, in any case"),
	LD_FIELD_END,
};

static const struct ld_field status_fields[] = {
	COMMON_FIELDS,
	LD_FIELD_END,
};

/* A value that does not fit leaves the variable without one: a task that uses
 * it then fails and says so, rather than send the value before. */
static void
run_path(const struct ldi_extractor *extractor, struct ldi_check_space *space)
{
	const struct ld_json *body = ldi_space_body(space);
	ld_json_ref ref;
	enum ld_json_kind kind;
	const char *text;
	size_t len;

	if (body == NULL)
		return;
	ref = ldi_path_find(&extractor->path, body);
	kind = ld_json_kind(body, ref);
	if (ref == LD_JSON_NONE || kind == LD_JSON_NULL)
		return; /* null does not overwrite */
	if (kind != LD_JSON_STRING) {
		text = ld_json_raw(body, ref, &len);
	} else if (!ld_json_plain(body, ref, &text, &len)) {
		ld_buf_reset(&space->value);
		ld_json_text(body, ref, &space->value);
		text = space->value.len != 0 ? space->value.data : "";
		len = space->value.len;
	}
	ldi_scope_set(space->scope, extractor->slot, kind, text, len);
}

static void
run_header(const struct ldi_extractor *extractor, struct ldi_check_space *space)
{
	const char *text;
	size_t len;

	text = ldi_space_header(space, extractor->name, &len);
	if (text != NULL)
		ldi_scope_set(
		    space->scope, extractor->slot, LD_JSON_STRING, text, len);
}

static void
run_status(const struct ldi_extractor *extractor, struct ldi_check_space *space)
{
	if (space->reply->status < 0)
		return;
	ld_buf_reset(&space->value);
	ld_buf_add_i64(&space->value, space->reply->status);
	ldi_scope_set(space->scope, extractor->slot, LD_JSON_NUMBER,
	    space->value.data, space->value.len);
}

/* The first is the default of `from`. */
static const struct ldi_extract_kind kinds[] = {
	{ "json_path", path_fields, LD_NEED_BODY, run_path },
	{ "header", header_fields, LD_NEED_HEADERS, run_header },
	{ "status_code", status_fields, LD_NEED_STATUS, run_status },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const char *const later[] = { "jq", "regex", "size", "time_ms" };

void
ldi_extract_schema(struct ld_json_out *out)
{
	struct ldi_schema_kind list[N_KINDS + 1] = { { NULL, NULL } };

	for (size_t i = 0; i < N_KINDS; i++)
		list[i] =
		    (struct ldi_schema_kind){ kinds[i].name, kinds[i].fields };
	ldi_field_schema_kind(out, "extractor", "from", list, true);
}

static enum ld_status
find_kind(struct ldi_bind *bind, struct ld_node node,
    const struct ldi_extract_kind **out, struct ld_err *err)
{
	struct ld_node from = ld_node_get(node, "from");
	enum ld_status st;
	char *name;

	*out = &kinds[0];
	if (ldi_node_kind(from) == LD_JSON_NULL)
		return LD_OK;
	if (ldi_node_kind(from) != LD_JSON_STRING)
		return ld_node_error(from, err, LD_INVALID,
		    "'from' is a string, not %s", ldi_node_article(from));
	st = ldi_node_name(from, ldi_bind_arena(bind), &name, err);
	if (st != LD_OK)
		return st;
	for (size_t i = 0; i < N_KINDS; i++) {
		*out = &kinds[i];
		if (strcasecmp(name, kinds[i].name) == 0)
			return LD_OK;
	}
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		if (strcasecmp(name, later[i]) == 0)
			return ld_node_error(from, err, LD_UNSUPPORTED,
			    "extractor '%s' is not in this build", later[i]);
	return ldi_node_unknown(
	    from, "extractor", &kinds[0].name, N_KINDS, sizeof(kinds[0]), err);
}

enum ld_status
ldi_extractor_compile(struct ldi_bind *bind, struct ld_node node,
    struct ldi_extractor *out, struct ld_err *err)
{
	const struct ld_field *tables[] = { NULL, NULL };
	void *const bases[] = { out };
	struct ldi_arena *arena = ldi_bind_arena(bind);
	enum ld_status st;

	*out = (struct ldi_extractor){ 0 };
	if (ldi_node_kind(node) != LD_JSON_OBJECT)
		return ld_node_error(node, err, LD_INVALID,
		    "an extractor is an object, not %s",
		    ldi_node_article(node));
	st = find_kind(bind, node, &out->kind, err);
	if (st != LD_OK)
		return st;
	tables[0] = out->kind->fields;
	st = ldi_fields_read(tables, bases, node, bind, NULL, arena, err);
	if (st != LD_OK)
		return st;
	if (out->path_text != NULL &&
	    !ldi_path_compile(out->path_text, arena, &out->path))
		return ldi_nomem(err);
	st = ldi_bind_slot(bind, out->var, &out->slot, err);
	return st == LD_INVALID ? ld_node_place(node, err) : st;
}
