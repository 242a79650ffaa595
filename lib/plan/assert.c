/* SPDX-License-Identifier: MIT */
/*
 * The kinds of assertions: their fields, and how one is read.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "plan/check_kind.h"
#include "plan/field_schema.h"
#include "plan/node.h"

#define TYPE_FIELD                                                  \
	{                                                           \
		.name = "type", .kind = LD_FIELD_IGNORED,           \
		.seen_offset = LD_FIELD_NO_SEEN, .help = "its kind" \
	}
#define OPTIONAL(kind_, member, name_, alias_, help_)                     \
	{                                                                 \
		.name = name_, .alias = alias_, .kind = LD_FIELD_##kind_, \
		.offset = offsetof(struct ldi_assertion, member),         \
		.seen_offset = LD_FIELD_NO_SEEN, .help = help_            \
	}
#define SEEN(kind_, member, seen_, name_, help_)                      \
	{                                                             \
		.name = name_, .kind = LD_FIELD_##kind_,              \
		.offset = offsetof(struct ldi_assertion, member),     \
		.seen_offset = offsetof(struct ldi_assertion, seen_), \
		.help = help_                                         \
	}
#define WANTED(kind_, member, name_, help_)                       \
	{                                                         \
		.name = name_, .kind = LD_FIELD_##kind_,          \
		.flags = LD_FIELD_REQUIRED,                       \
		.offset = offsetof(struct ldi_assertion, member), \
		.seen_offset = LD_FIELD_NO_SEEN, .help = help_    \
	}

static const struct ld_field value_fields[] = {
	TYPE_FIELD,
	WANTED(
	    NODE, value, "value", "text that the body contains, or does not"),
	LD_FIELD_END,
};

static const struct ld_field status_fields[] = {
	TYPE_FIELD,
	WANTED(NODE, value, "value",
	    "200, \"2xx\", or an array of such: one of them"),
	LD_FIELD_END,
};

static const struct ld_field path_fields[] = {
	TYPE_FIELD,
	WANTED(STRING, path_text, "path", "where in the body: items.0.id"),
	OPTIONAL(NODE, value, "value", NULL,
	    "what is expected there; absent = null"),
	LD_FIELD_END,
};

static const struct ld_field header_fields[] = {
	TYPE_FIELD,
	WANTED(STRING, name, "name", "name of the header, in any case"),
	OPTIONAL(NODE, value, "value", NULL, "its value; absent = any"),
	OPTIONAL(NODE, contains, "contains", NULL, "text that it contains"),
	OPTIONAL(STRING, pattern, "regex", "pattern",
	    "regular expression that it matches"),
	LD_FIELD_END,
};

static const struct ld_field jq_fields[] = {
	TYPE_FIELD,
	{ .name = "filter",
	    .alias = "expr",
	    .kind = LD_FIELD_STRING,
	    .flags = LD_FIELD_REQUIRED,
	    .offset = offsetof(struct ldi_assertion, filter_text),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .help = "jq filter; its first output counts" },
	OPTIONAL(NODE, value, "value", NULL,
	    "what it equals; absent = neither false nor null"),
	LD_FIELD_END,
};

static const struct ld_field regex_fields[] = {
	TYPE_FIELD,
	WANTED(STRING, pattern, "pattern",
	    "regular expression that the body matches"),
	OPTIONAL(NODE, value, "value", NULL, "text of the group"),
	LD_FIELD_SHAPED(struct ldi_assertion, group, "group",
	    "{'type':['integer','string']}",
	    "number or name; default 1 if there is one, else 0"),
	LD_FIELD(BOOL, struct ldi_assertion, ignore_case, "ignore_case",
	    "false", "letters match in any case"),
	LD_FIELD_END,
};

static const struct ld_field size_fields[] = {
	TYPE_FIELD,
	OPTIONAL(NODE, value, "value", NULL, "bytes of the decoded body"),
	SEEN(SIZE, min_bytes, min_given, "min", "at least so many bytes"),
	SEEN(SIZE, max_bytes, max_given, "max", "at most so many bytes"),
	LD_FIELD_END,
};

static const char *const times[] = { "service", "response", NULL };
static const struct ld_field time_fields[] = {
	TYPE_FIELD,
	SEEN(NUMBER, min_ms, min_given, "min", "at least so many milliseconds"),
	SEEN(NUMBER, max_ms, max_given, "max", "at most so many milliseconds"),
	{ .name = "of",
	    .kind = LD_FIELD_CHOICE,
	    .offset = offsetof(struct ldi_assertion, of),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .def = "service",
	    .choices = times,
	    .help = "service: from the actual start; response: from the "
		    "intended one" },
	LD_FIELD_END,
};

bool
ldi_assert_expected(const struct ldi_assertion *assertion,
    struct ldi_check_space *space, const char **text_out, size_t *len_out)
{
	struct ld_err err = LD_ERR_INIT;

	if (ld_template_constant(assertion->expected, text_out, len_out))
		return true;
	ld_buf_reset(&space->value);
	if (ld_template_render(assertion->expected, space->scope, &space->value,
		&err) != LD_OK) {
		ld_buf_adds(&space->text, assertion->kind->name);
		ld_buf_adds(&space->text, ": ");
		ldi_space_clip(space, err.text, strlen(err.text));
		return false;
	}
	*text_out = space->value.len != 0 ? space->value.data : "";
	*len_out = space->value.len;
	return true;
}

enum ld_status
ldi_assert_compile_text(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	return ldi_bind_text(bind, assertion->value, &assertion->expected, err);
}

/* -- the table ------------------------------------------------------------ */

/* clang-format off */
static const struct ldi_assert_kind kinds[] = {
	{ "contains", value_fields, LD_NEED_BODY,
	  ldi_assert_compile_text, ldi_assert_run_contains },
	{ "header", header_fields, LD_NEED_HEADERS,
	  ldi_assert_compile_header, ldi_assert_run_header },
	{ "jq", jq_fields, LD_NEED_BODY,
	  ldi_assert_compile_jq, ldi_assert_run_jq },
	{ "json_path", path_fields, LD_NEED_BODY,
	  ldi_assert_compile_path, ldi_assert_run_path },
	{ "not_contains", value_fields, LD_NEED_BODY,
	  ldi_assert_compile_text, ldi_assert_run_not_contains },
	{ "regex", regex_fields, LD_NEED_BODY,
	  ldi_assert_compile_regex, ldi_assert_run_regex },
	{ "size", size_fields, LD_NEED_BODY,
	  ldi_assert_compile_size, ldi_assert_run_size },
	{ "status_code", status_fields, LD_NEED_STATUS,
	  ldi_assert_compile_status, ldi_assert_run_status },
	{ "time_ms", time_fields, 0,
	  ldi_assert_compile_time, ldi_assert_run_time },
};
/* clang-format on */
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

void
ldi_assert_schema(struct ld_json_out *out)
{
	struct ldi_schema_kind list[N_KINDS + 1] = { { NULL, NULL } };

	for (size_t i = 0; i < N_KINDS; i++)
		list[i] =
		    (struct ldi_schema_kind){ kinds[i].name, kinds[i].fields };
	ldi_field_schema_kind(out, "assertion", "type", list, false);
}

bool
ldi_assertion_is_status(const struct ldi_assertion *assertion)
{
	return assertion->kind->run == ldi_assert_run_status;
}

static enum ld_status
find_kind(struct ldi_bind *bind, struct ld_node node,
    const struct ldi_assert_kind **out, struct ld_err *err)
{
	struct ld_node type = ld_node_get(node, "type");
	enum ld_status st;
	char *name;

	if (ldi_node_kind(type) != LD_JSON_STRING)
		return ld_node_error(ldi_node_present(type) ? type : node, err,
		    LD_INVALID,
		    "an assertion has a 'type' such as "
		    "\"status_code\"");
	st = ldi_node_name(type, ldi_bind_arena(bind), &name, err);
	if (st != LD_OK)
		return st;
	for (size_t i = 0; i < N_KINDS; i++) {
		if (strcasecmp(name, kinds[i].name) == 0) {
			*out = &kinds[i];
			return LD_OK;
		}
	}
	return ldi_node_unknown(
	    type, "assertion", &kinds[0].name, N_KINDS, sizeof(kinds[0]), err);
}

enum ld_status
ldi_assertion_compile(struct ldi_bind *bind, struct ld_node node,
    struct ldi_assertion *out, struct ld_err *err)
{
	const struct ld_field *tables[] = { NULL, NULL };
	void *const bases[] = { out };
	enum ld_status st;

	*out = (struct ldi_assertion){ .node = node,
		.value = LDI_NODE_ABSENT,
		.contains = LDI_NODE_ABSENT,
		.group = LDI_NODE_ABSENT };
	if (ldi_node_kind(node) != LD_JSON_OBJECT)
		return ld_node_error(node, err, LD_INVALID,
		    "an assertion is an object, not %s",
		    ldi_node_article(node));
	st = find_kind(bind, node, &out->kind, err);
	if (st != LD_OK)
		return st;
	tables[0] = out->kind->fields;
	st = ldi_fields_read(
	    tables, bases, node, bind, NULL, ldi_bind_arena(bind), err);
	return st != LD_OK ? st : out->kind->compile(bind, out, err);
}
