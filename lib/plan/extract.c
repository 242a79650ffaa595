/* SPDX-License-Identifier: MIT */
/*
 * The kinds of extractors: what they find, and what becomes of it.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include <ld/limits.h>

#include "base/secret.h"
#include "plan/check_kind.h"
#include "plan/field_schema.h"
#include "plan/node.h"

#define WANTED(member, name_, alias_, help_)                             \
	{                                                                \
		.name = name_, .alias = alias_, .kind = LD_FIELD_STRING, \
		.flags = LD_FIELD_REQUIRED,                              \
		.offset = offsetof(struct ldi_extractor, member),        \
		.seen_offset = LD_FIELD_NO_SEEN, .help = help_           \
	}
#define COMMON_FIELDS                                                        \
	WANTED(var, "var", NULL, "name of the variable"),                    \
	    {                                                                \
		    .name = "from",                                          \
		    .kind = LD_FIELD_IGNORED,                                \
		    .seen_offset = LD_FIELD_NO_SEEN,                         \
		    .help = "json_path, header, jq, regex or status_code",   \
	    },                                                               \
	    LD_FIELD(JSON, struct ldi_extractor, otherwise, "default", NULL, \
		"the value when nothing is found"),                          \
	    LD_FIELD(BOOL, struct ldi_extractor, required, "required",       \
		"false", "the exchange fails when nothing is found")

static const struct ld_field path_fields[] = {
	COMMON_FIELDS,
	WANTED(path_text, "path", NULL, "where in the body: items.0.id"),
	LD_FIELD_END,
};

static const struct ld_field header_fields[] = {
	COMMON_FIELDS,
	WANTED(name, "name", NULL, "name of the header, in any case"),
	LD_FIELD_END,
};

static const struct ld_field jq_fields[] = {
	COMMON_FIELDS,
	WANTED(filter_text, "filter", "expr",
	    "jq filter; its first output is the value"),
	LD_FIELD_END,
};

static const struct ld_field regex_fields[] = {
	COMMON_FIELDS,
	WANTED(pattern, "pattern", NULL, "regular expression"),
	LD_FIELD_SHAPED(struct ldi_extractor, group, "group",
	    "{'type':['integer','string']}",
	    "number or name; default 1 if there is one, else 0"),
	LD_FIELD(BOOL, struct ldi_extractor, ignore_case, "ignore_case",
	    "false", "letters match in any case"),
	LD_FIELD_END,
};

static const struct ld_field status_fields[] = {
	COMMON_FIELDS,
	LD_FIELD_END,
};

/* -- what they find ------------------------------------------------------- */

/* A string is decoded into `decoded` if it must be. */
static enum ldi_extracted
take_json(const struct ld_json *json, ld_json_ref ref, struct ld_buf *decoded,
    struct ldi_value *out)
{
	out->kind = ld_json_kind(json, ref);
	if (ref == LD_JSON_NONE || out->kind == LD_JSON_NULL)
		return LDI_EXTRACTED_NOTHING; /* null does not overwrite */
	if (out->kind != LD_JSON_STRING) {
		out->text = ld_json_raw(json, ref, &out->len);
	} else if (!ld_json_plain(json, ref, &out->text, &out->len)) {
		ld_buf_reset(decoded);
		ld_json_text(json, ref, decoded);
		out->text = decoded->len != 0 ? decoded->data : "";
		out->len = decoded->len;
	}
	return LDI_EXTRACTED;
}

static enum ldi_extracted
run_path(const struct ldi_extractor *extractor, struct ldi_check_space *space,
    struct ldi_value *out)
{
	const struct ld_json *body = ldi_space_body(space);

	if (body == NULL)
		return LDI_EXTRACTED_NOTHING;
	return take_json(
	    body, ldi_path_find(&extractor->path, body), &space->value, out);
}

static enum ldi_extracted
run_jq(const struct ldi_extractor *extractor, struct ldi_check_space *space,
    struct ldi_value *out)
{
	const struct ld_json *json;
	ld_json_ref ref;

	if (ldi_space_filter(space, &extractor->filter, &json, &ref) !=
	    LDI_FOUND)
		return LDI_EXTRACTED_NOTHING;
	return take_json(json, ref, &space->value, out);
}

static enum ldi_extracted
run_regex(const struct ldi_extractor *extractor, struct ldi_check_space *space,
    struct ldi_value *out)
{
	const struct ld_reply *reply = space->reply;

	out->kind = LD_JSON_STRING;
	switch (ldi_regex_match(extractor->regex, space->regex_room,
	    reply->body, reply->body_len, &out->text, &out->len)) {
	case LDI_REGEX_LIMIT:
		return LDI_EXTRACTED_LIMIT;
	case LDI_REGEX_NONE:
		return LDI_EXTRACTED_NOTHING;
	case LDI_REGEX_MATCH:
		break;
	}
	return out->text != NULL ? LDI_EXTRACTED : LDI_EXTRACTED_NOTHING;
}

static enum ldi_extracted
run_header(const struct ldi_extractor *extractor, struct ldi_check_space *space,
    struct ldi_value *out)
{
	out->kind = LD_JSON_STRING;
	out->text = ldi_space_header(space, extractor->name, &out->len);
	return out->text != NULL ? LDI_EXTRACTED : LDI_EXTRACTED_NOTHING;
}

static enum ldi_extracted
run_status(const struct ldi_extractor *extractor, struct ldi_check_space *space,
    struct ldi_value *out)
{
	(void)extractor;
	if (space->reply->status < 0)
		return LDI_EXTRACTED_NOTHING;
	ld_buf_reset(&space->value);
	ld_buf_add_i64(&space->value, space->reply->status);
	*out = (struct ldi_value){ LD_JSON_NUMBER, space->value.data,
		space->value.len };
	return LDI_EXTRACTED;
}

/* The first is the default of `from`. */
static const struct ldi_extract_kind kinds[] = {
	{ "json_path", path_fields, LD_NEED_BODY, run_path },
	{ "header", header_fields, LD_NEED_HEADERS, run_header },
	{ "jq", jq_fields, LD_NEED_BODY, run_jq },
	{ "regex", regex_fields, LD_NEED_BODY, run_regex },
	{ "status_code", status_fields, LD_NEED_STATUS, run_status },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* -- run ------------------------------------------------------------------ */

/* `default`, whose placeholders may be values of this pass. */
static enum ldi_extracted
take_default(const struct ldi_extractor *extractor,
    struct ldi_check_space *space, struct ldi_value *out)
{
	const char *text;
	size_t len;

	if (!ld_template_constant(extractor->otherwise, &text, &len)) {
		ld_buf_reset(&space->rendered);
		if (ld_template_render(extractor->otherwise, space->scope,
			&space->rendered, NULL) != LD_OK)
			return LDI_EXTRACTED_LIMIT;
		text = space->rendered.data;
		len = space->rendered.len;
	}
	if (ld_json_parse(&space->expected, text, len, 0, NULL) != LD_OK)
		return LDI_EXTRACTED_LIMIT;
	return take_json(&space->expected, LD_JSON_ROOT, &space->value, out);
}

/* "extract id: json_path a.b found nothing" */
static bool
not_found(const struct ldi_extractor *extractor, struct ldi_check_space *space,
    const char *why)
{
	const char *const what[] = { extractor->path_text, extractor->name,
		extractor->filter_text, extractor->pattern };

	ld_buf_adds(&space->text, "extract ");
	ldi_space_clip(space, extractor->var, strlen(extractor->var));
	ld_buf_adds(&space->text, ": ");
	ld_buf_adds(&space->text, extractor->kind->name);
	for (size_t i = 0; i < sizeof(what) / sizeof(what[0]); i++) {
		if (what[i] == NULL)
			continue;
		ld_buf_addc(&space->text, ' ');
		ldi_space_clip(space, what[i], strlen(what[i]));
	}
	ld_buf_adds(&space->text, why);
	return false;
}

/* A value that does not fit leaves the variable without one: a task that uses
 * it then fails and says so, rather than send the value before. */
bool
ldi_extractor_run(
    const struct ldi_extractor *extractor, struct ldi_check_space *space)
{
	struct ldi_value value = { .text = NULL };
	enum ldi_extracted found =
	    extractor->kind->run(extractor, space, &value);

	if (found == LDI_EXTRACTED_NOTHING && extractor->otherwise != NULL)
		found = take_default(extractor, space, &value);
	switch (found) {
	case LDI_EXTRACTED_NOTHING:
		return !extractor->required ||
		       not_found(extractor, space, " found nothing");
	case LDI_EXTRACTED_LIMIT:
		ldi_scope_drop(space->scope, extractor->slot);
		return !extractor->required ||
		       not_found(extractor, space, " takes too many steps");
	case LDI_EXTRACTED:
		break;
	}
	if (ldi_scope_set(space->scope, extractor->slot, value.kind, value.text,
		value.len) == LD_OK)
		return true;
	return !extractor->required ||
	       not_found(extractor, space, " found a value that is too long");
}

/* -- compile -------------------------------------------------------------- */

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
	return ldi_node_unknown(
	    from, "extractor", &kinds[0].name, N_KINDS, sizeof(kinds[0]), err);
}

static enum ld_status
compile_what(struct ldi_bind *bind, struct ld_node node,
    struct ldi_extractor *out, struct ld_err *err)
{
	struct ldi_regex_how how = { .pattern = out->pattern,
		.node = ld_node_get(node, "pattern"),
		.ignore_case = out->ignore_case,
		.group = out->group };
	struct ld_node filter = ld_node_get(node, "filter");

	if (!ldi_node_present(filter))
		filter = ld_node_get(node, "expr");
	if (out->path_text != NULL &&
	    !ldi_path_compile(out->path_text, ldi_bind_arena(bind), &out->path))
		return ldi_nomem(err);
	if (out->filter_text != NULL)
		return ldi_filter_compile(
		    bind, filter, out->filter_text, &out->filter, err);
	if (out->pattern != NULL)
		return ldi_regex_compile(bind, &how, &out->regex, err);
	return LD_OK;
}

static bool
names_secret(const char *name)
{
	return name != NULL && ldi_secret_name(name, strlen(name));
}

/* What finds or keeps it says so: a header, "data.token". */
static bool
is_secret(const struct ldi_extractor *extractor)
{
	return names_secret(extractor->var) || names_secret(extractor->name) ||
	       names_secret(extractor->path_text);
}

enum ld_status
ldi_extractor_compile(struct ldi_bind *bind, struct ld_node node,
    struct ldi_extractor *out, struct ld_err *err)
{
	const struct ld_field *tables[] = { NULL, NULL };
	void *const bases[] = { out };
	enum ld_status st;

	*out = (struct ldi_extractor){ .group = LDI_NODE_ABSENT };
	if (ldi_node_kind(node) != LD_JSON_OBJECT)
		return ld_node_error(node, err, LD_INVALID,
		    "an extractor is an object, not %s",
		    ldi_node_article(node));
	st = find_kind(bind, node, &out->kind, err);
	if (st != LD_OK)
		return st;
	tables[0] = out->kind->fields;
	st = ldi_fields_read(
	    tables, bases, node, bind, NULL, ldi_bind_arena(bind), err);
	if (st == LD_OK && out->required && out->otherwise != NULL)
		st = ld_node_error(ld_node_get(node, "default"), err,
		    LD_INVALID,
		    "with a 'default' there is always a value: 'required' has "
		    "no effect");
	if (st == LD_OK)
		st = compile_what(bind, node, out, err);
	if (st != LD_OK)
		return st;
	st = ldi_bind_slot(bind, out->var, &out->slot, err);
	if (st == LD_OK && is_secret(out))
		st = ldi_bind_taint_slot(bind, out->slot, err);
	return st == LD_INVALID ? ld_node_place(node, err) : st;
}
