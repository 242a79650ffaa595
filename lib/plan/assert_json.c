/* SPDX-License-Identifier: MIT */
/*
 * Assertions about a body as JSON.
 */
#include "config.h"

#include <string.h>

#include "plan/check_kind.h"
#include "plan/node.h"

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
compile_value(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	const char *text;
	size_t len;
	enum ld_status st;

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

enum ld_status
ldi_assert_compile_path(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	if (!ldi_path_compile(
		assertion->path_text, ldi_bind_arena(bind), &assertion->path))
		return ldi_nomem(err);
	return compile_value(bind, assertion, err);
}

static bool
is_null(const struct ld_json *json, ld_json_ref ref)
{
	return json == NULL || json->n == 0 ||
	       ld_json_kind(json, ref) == LD_JSON_NULL;
}

/* "json_path items.0.id" */
static void
add_what(const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	const char *what = assertion->path_text != NULL
			       ? assertion->path_text
			       : assertion->filter_text;

	ld_buf_adds(&space->text, assertion->kind->name);
	ld_buf_addc(&space->text, ' ');
	ldi_space_clip(space, what, strlen(what));
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
	if (!ldi_assert_expected(assertion, space, &text, &len))
		return NULL;
	if (ld_json_parse(&space->expected, text, len, 0, NULL) == LD_OK)
		return &space->expected;
	add_what(assertion, space);
	ld_buf_adds(&space->text, ": what is expected is not JSON: ");
	ldi_space_clip(space, text, len);
	return NULL;
}

bool
ldi_assert_run_path(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
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
	add_what(assertion, space);
	ld_buf_adds(&space->text, " expected ");
	ldi_space_clip_json(space, want, LD_JSON_ROOT);
	ld_buf_adds(&space->text, ", got ");
	ldi_space_clip_json(space, body, ref);
	if (other)
		ld_buf_adds(&space->text, " (the body is not JSON)");
	return false;
}

/* -- jq ------------------------------------------------------------------- */

enum ld_status
ldi_assert_compile_jq(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	struct ld_node node = ld_node_get(assertion->node, "filter");
	enum ld_status st;

	if (!ldi_node_present(node))
		node = ld_node_get(assertion->node, "expr");
	st = ldi_filter_compile(
	    bind, node, assertion->filter_text, &assertion->filter, err);
	return st != LD_OK ? st : compile_value(bind, assertion, err);
}

static bool
is_true(const struct ld_json *json, ld_json_ref ref)
{
	return !is_null(json, ref) && ld_json_kind(json, ref) != LD_JSON_FALSE;
}

static bool
equal(const struct ld_json *want, const struct ld_json *json, ld_json_ref ref)
{
	if (is_null(json, ref))
		return is_null(want, LD_JSON_ROOT);
	return ld_json_equal(want, LD_JSON_ROOT, json, ref);
}

bool
ldi_assert_run_jq(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	bool exact = ldi_node_present(assertion->value);
	const struct ld_json *want =
	    exact ? expected_json(assertion, space) : NULL;
	const struct ld_json *json;
	ld_json_ref ref;
	enum ldi_found found;

	if (exact && want == NULL)
		return false;
	found = ldi_space_filter(space, &assertion->filter, &json, &ref);
	if (found == LDI_FOUND &&
	    (exact ? equal(want, json, ref) : is_true(json, ref)))
		return true;
	add_what(assertion, space);
	if (found == LDI_FOUND_ERROR) {
		ld_buf_adds(&space->text, ": ");
		ldi_space_clip(
		    space, space->output_text.data, space->output_text.len);
		return false;
	}
	ld_buf_adds(&space->text, " expected ");
	if (exact)
		ldi_space_clip_json(space, want, LD_JSON_ROOT);
	else
		ld_buf_adds(&space->text, "a true value");
	ld_buf_adds(&space->text, ", got ");
	if (found == LDI_FOUND)
		ldi_space_clip_json(space, json, ref);
	else
		ld_buf_adds(&space->text, "nothing");
	return false;
}
