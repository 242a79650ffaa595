/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>
#include <strings.h>

#include <ld/num.h>

#include "plan/check_kind.h"
#include "plan/field_schema.h"
#include "plan/node.h"

#define TYPE_FIELD                                                  \
	{                                                           \
		.name = "type", .kind = LD_FIELD_IGNORED,           \
		.seen_offset = LD_FIELD_NO_SEEN, .help = "its kind" \
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
	WANTED(NODE, value, "value", "what is expected"),
	LD_FIELD_END,
};

static const struct ld_field path_fields[] = {
	TYPE_FIELD,
	WANTED(STRING, path_text, "path", "where in the body: items.0.id"),
	LD_FIELD(NODE, struct ldi_assertion, value, "value", NULL,
	    "what is expected there; absent = null"),
	LD_FIELD_END,
};

static const struct ld_field header_fields[] = {
	TYPE_FIELD,
	WANTED(STRING, name, "name", "name of the header, in any case"),
	WANTED(NODE, value, "value", "what is expected"),
	LD_FIELD_END,
};

/* The expected text of this reply.  false: it has no value now, and
 * space->text says so. */
static bool
expected(const struct ldi_assertion *assertion, struct ldi_check_space *space,
    const char **text_out, size_t *len_out)
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

static enum ld_status
compile_text(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	return ldi_bind_text(bind, assertion->value, &assertion->expected, err);
}

/* -- status_code ---------------------------------------------------------- */

static bool
integer(const char *text, size_t len, int64_t *out)
{
	while (len != 0 && *text == ' ') {
		text++;
		len--;
	}
	while (len != 0 && text[len - 1] == ' ')
		len--;
	return ld_num_i64(text, len, out, NULL) == LD_OK;
}

static enum ld_status
compile_status(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	struct ld_node value = assertion->value;
	const char *text;
	size_t len;
	enum ld_status st = compile_text(bind, assertion, err);

	if (st != LD_OK)
		return st;
	assertion->constant =
	    ld_template_constant(assertion->expected, &text, &len);
	if (!assertion->constant ||
	    ld_json_i64(value.json, value.ref, &assertion->status) ||
	    (ldi_node_kind(value) == LD_JSON_STRING &&
		integer(text, len, &assertion->status)))
		return LD_OK;
	return ld_node_error(value, err, LD_INVALID,
	    "a status code is a whole number such as 200, not %.60s", text);
}

static bool
run_status(const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	int64_t want = assertion->status;
	const char *text;
	size_t len;

	if (assertion->constant && want == space->reply->status)
		return true;
	if (!expected(assertion, space, &text, &len))
		return false;
	if (!assertion->constant && integer(text, len, &want) &&
	    want == space->reply->status)
		return true;
	ld_buf_adds(&space->text, "status_code expected ");
	ldi_space_clip(space, text, len);
	ld_buf_adds(&space->text, ", got ");
	if (space->reply->status < 0)
		ld_buf_adds(&space->text, "none");
	else
		ld_buf_add_i64(&space->text, space->reply->status);
	return false;
}

/* -- contains, not_contains ----------------------------------------------- */

static bool
occurs(const struct ldi_check_space *space, const char *text, size_t len)
{
	if (len == 0)
		return true;
	return space->reply->body != NULL &&
	       memmem(space->reply->body, space->reply->body_len, text, len) !=
		   NULL;
}

static bool
contains(const struct ldi_assertion *assertion, struct ldi_check_space *space,
    bool want, const char *reason)
{
	const char *text;
	size_t len;

	if (!expected(assertion, space, &text, &len))
		return false;
	if (occurs(space, text, len) == want)
		return true;
	ld_buf_adds(&space->text, reason);
	ldi_space_clip(space, text, len);
	ld_buf_addc(&space->text, '\'');
	return false;
}

static bool
run_contains(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	return contains(assertion, space, true, "body does not contain '");
}

static bool
run_not_contains(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	return contains(
	    assertion, space, false, "body unexpectedly contains '");
}

/* -- json_path ------------------------------------------------------------ */

/* Parse a constant once; its nodes move to the arena. */
static enum ld_status
parse_constant(struct ldi_bind *bind, struct ldi_assertion *assertion,
    const char *text, size_t len, struct ld_err *err)
{
	struct ld_json json;
	struct ld_json_node *nodes;
	enum ld_status st;

	ld_json_init(&json);
	st = ld_json_parse(&json, text, len, 0, err);
	if (st == LD_OK) {
		nodes = ldi_arena_array(
		    ldi_bind_arena(bind), json.n, sizeof(*nodes));
		if (nodes == NULL) {
			st = ldi_nomem(err);
		} else {
			memcpy(nodes, json.nodes, json.n * sizeof(*nodes));
			assertion->json = json;
			assertion->json.nodes = nodes;
		}
	}
	ld_json_clear(&json);
	return st;
}

static enum ld_status
compile_path(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	struct ldi_arena *arena = ldi_bind_arena(bind);
	const char *text;
	size_t len;
	enum ld_status st;

	if (!ldi_path_compile(assertion->path_text, arena, &assertion->path))
		return ldi_nomem(err);
	if (!ldi_node_present(assertion->value)) {
		assertion->constant = true; /* a zeroed document: null */
		return LD_OK;
	}
	st = ldi_bind_json(bind, assertion->value, &assertion->expected, err);
	if (st != LD_OK)
		return st;
	assertion->constant =
	    ld_template_constant(assertion->expected, &text, &len);
	return assertion->constant
		   ? parse_constant(bind, assertion, text, len, err)
		   : LD_OK;
}

static bool
is_null(const struct ld_json *json, ld_json_ref ref)
{
	return json == NULL || json->n == 0 ||
	       ld_json_kind(json, ref) == LD_JSON_NULL;
}

static void
add_json(
    struct ldi_check_space *space, const struct ld_json *json, ld_json_ref ref)
{
	const char *raw = "null";
	size_t len = 4;

	if (!is_null(json, ref))
		raw = ld_json_raw(json, ref, &len);
	ldi_space_clip(space, raw, len);
}

/* What is expected, as JSON; NULL: it has no value, or is none. */
static const struct ld_json *
expected_json(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	const char *text;
	size_t len;

	if (assertion->constant)
		return &assertion->json;
	if (!expected(assertion, space, &text, &len))
		return NULL;
	if (ld_json_parse(&space->expected, text, len, 0, NULL) == LD_OK)
		return &space->expected;
	ld_buf_adds(&space->text, "json_path ");
	ldi_space_clip(
	    space, assertion->path_text, strlen(assertion->path_text));
	ld_buf_adds(&space->text, ": what is expected is not JSON: ");
	ldi_space_clip(space, text, len);
	return NULL;
}

static bool
run_path(const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	const struct ld_json *want = expected_json(assertion, space);
	const struct ld_json *body = ldi_space_body(space);
	/* A page of HTML has no fields that could be absent. */
	bool empty = space->reply->body_len == 0,
	     other = body == NULL && !empty;
	ld_json_ref ref = LD_JSON_NONE;

	if (want == NULL)
		return false;
	if (body != NULL)
		ref = ldi_path_find(&assertion->path, body);
	if (!other && is_null(want, LD_JSON_ROOT) && is_null(body, ref))
		return true;
	if (body != NULL && ref != LD_JSON_NONE && want->n != 0 &&
	    ld_json_equal(want, LD_JSON_ROOT, body, ref))
		return true;
	ld_buf_adds(&space->text, "json_path ");
	ldi_space_clip(
	    space, assertion->path_text, strlen(assertion->path_text));
	ld_buf_adds(&space->text, " expected ");
	add_json(space, want, LD_JSON_ROOT);
	ld_buf_adds(&space->text, ", got ");
	add_json(space, body, ref);
	if (other)
		ld_buf_adds(&space->text, " (the body is not JSON)");
	return false;
}

/* -- header --------------------------------------------------------------- */

/* Values by which one is let in: a record is no place for them. */
static bool
is_secret(const char *name)
{
	static const char *const whole[] = { "authorization",
		"proxy-authorization", "authentication-info", "cookie",
		"set-cookie", "x-api-key" };
	static const char *const ends[] = { "-token", "-secret" };
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (strcasecmp(name, whole[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (len >= strlen(ends[i]) &&
		    strcasecmp(name + len - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

static void
add_header_value(const struct ldi_assertion *assertion,
    struct ldi_check_space *space, const char *text, size_t len)
{
	ld_buf_addc(&space->text, '\'');
	if (is_secret(assertion->name))
		ld_buf_adds(&space->text, "(not shown)");
	else
		ldi_space_clip(space, text, len);
	ld_buf_addc(&space->text, '\'');
}

static bool
run_header(const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	const char *text, *got;
	size_t len, got_len;

	if (!expected(assertion, space, &text, &len))
		return false;
	got = ldi_space_header(space, assertion->name, &got_len);
	if (got != NULL && got_len == len && memcmp(got, text, len) == 0)
		return true;
	ld_buf_adds(&space->text, "header ");
	ldi_space_clip(space, assertion->name, strlen(assertion->name));
	ld_buf_adds(&space->text, " expected ");
	add_header_value(assertion, space, text, len);
	ld_buf_adds(&space->text, ", got ");
	if (got == NULL)
		ld_buf_adds(&space->text, "None");
	else
		add_header_value(assertion, space, got, got_len);
	return false;
}

/* -- the table ------------------------------------------------------------ */

static const struct ldi_assert_kind kinds[] = {
	{ "contains", value_fields, LD_NEED_BODY, compile_text, run_contains },
	{ "header", header_fields, LD_NEED_HEADERS, compile_text, run_header },
	{ "json_path", path_fields, LD_NEED_BODY, compile_path, run_path },
	{ "not_contains", value_fields, LD_NEED_BODY, compile_text,
	    run_not_contains },
	{ "status_code", value_fields, LD_NEED_STATUS, compile_status,
	    run_status },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const char *const later[] = { "jq", "regex", "size", "time_ms" };

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
	return assertion->kind->run == run_status;
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
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		if (strcasecmp(name, later[i]) == 0)
			return ld_node_error(type, err, LD_UNSUPPORTED,
			    "assertion '%s' is not in this build", later[i]);
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

	*out = (struct ldi_assertion){ .node = node, .value = LDI_NODE_ABSENT };
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
