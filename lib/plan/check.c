/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "plan/check_kind.h"
#include "plan/node.h"

struct ldi_checks {
	struct ldi_assertion *assertions;
	size_t n_assertions;
	struct ldi_extractor *extractors;
	size_t n_extractors;
	const char **headers; /* NULL behind the last */
	unsigned needs;
	bool judges_status;
};

/* -- compile -------------------------------------------------------------- */

static enum ld_status
check_list(struct ld_node list, const char *what, struct ld_err *err)
{
	if (ldi_node_kind(list) == LD_JSON_NULL ||
	    ldi_node_kind(list) == LD_JSON_ARRAY)
		return LD_OK;
	return ld_node_error(list, err, LD_INVALID,
	    "'%s' is an array of objects, not %s", what,
	    ldi_node_article(list));
}

enum ld_status
ldi_checks_declare(
    struct ldi_bind *bind, struct ld_node extract, struct ld_err *err)
{
	struct ld_node node, var;
	enum ld_status st = check_list(extract, "extract", err);
	uint32_t slot;
	char *name;

	for (node = ldi_node_first(extract);
	     st == LD_OK && ldi_node_present(node);
	     node = ldi_node_next(extract, node)) {
		var = ld_node_get(node, "var");
		if (ldi_node_kind(var) != LD_JSON_STRING)
			continue; /* the second round says why not */
		st = ldi_node_name(var, ldi_bind_arena(bind), &name, err);
		if (st != LD_OK)
			return st;
		if (strstr(name, "${") != NULL)
			return ld_node_error(var, err, LD_INVALID,
			    "the name of a variable holds no placeholder");
		st = ldi_bind_slot(bind, name, &slot, err);
		if (st == LD_INVALID)
			ld_node_place(var, err);
	}
	return st;
}

static size_t
length(struct ld_node list)
{
	return ldi_node_kind(list) == LD_JSON_ARRAY
		   ? ld_json_count(list.json, list.ref)
		   : 0;
}

static enum ld_status
compile_assertions(struct ldi_checks *checks, struct ldi_bind *bind,
    struct ld_node list, struct ld_err *err)
{
	struct ld_node node;
	struct ldi_assertion *to = checks->assertions;
	enum ld_status st = LD_OK;

	for (node = ldi_node_first(list); st == LD_OK && ldi_node_present(node);
	     node = ldi_node_next(list, node), to++) {
		st = ldi_assertion_compile(bind, node, to, err);
		if (st != LD_OK)
			return st;
		checks->needs |= to->kind->needs;
		checks->judges_status =
		    checks->judges_status || ldi_assertion_is_status(to);
	}
	return st;
}

static enum ld_status
compile_extractors(struct ldi_checks *checks, struct ldi_bind *bind,
    struct ld_node list, struct ld_err *err)
{
	struct ld_node node;
	struct ldi_extractor *to = checks->extractors;
	enum ld_status st = LD_OK;

	for (node = ldi_node_first(list); st == LD_OK && ldi_node_present(node);
	     node = ldi_node_next(list, node), to++) {
		st = ldi_extractor_compile(bind, node, to, err);
		if (st == LD_OK)
			checks->needs |= to->kind->needs;
	}
	return st;
}

static void
list_headers(struct ldi_checks *checks)
{
	size_t n = 0;

	for (size_t i = 0; i < checks->n_assertions; i++)
		if (checks->assertions[i].kind->needs & LD_NEED_HEADERS)
			checks->headers[n++] = checks->assertions[i].name;
	for (size_t i = 0; i < checks->n_extractors; i++)
		if (checks->extractors[i].kind->needs & LD_NEED_HEADERS)
			checks->headers[n++] = checks->extractors[i].name;
}

enum ld_status
ldi_checks_compile(struct ldi_bind *bind, struct ld_node assertions,
    struct ld_node extract, struct ldi_checks **out, struct ld_err *err)
{
	struct ldi_arena *arena = ldi_bind_arena(bind);
	struct ldi_checks *checks = ldi_arena_alloc(arena, sizeof(*checks));
	enum ld_status st = check_list(assertions, "assertions", err);

	if (st == LD_OK)
		st = check_list(extract, "extract", err);
	if (st != LD_OK)
		return st;
	if (checks == NULL)
		return ldi_nomem(err);
	checks->n_assertions = length(assertions);
	checks->n_extractors = length(extract);
	checks->assertions = ldi_arena_array(
	    arena, checks->n_assertions, sizeof(*checks->assertions));
	checks->extractors = ldi_arena_array(
	    arena, checks->n_extractors, sizeof(*checks->extractors));
	checks->headers = ldi_arena_array(arena,
	    checks->n_assertions + checks->n_extractors + 1,
	    sizeof(*checks->headers));
	if (checks->assertions == NULL || checks->extractors == NULL ||
	    checks->headers == NULL)
		return ldi_nomem(err);
	st = compile_assertions(checks, bind, assertions, err);
	if (st == LD_OK)
		st = compile_extractors(checks, bind, extract, err);
	if (st != LD_OK)
		return st;
	list_headers(checks);
	*out = checks;
	return LD_OK;
}

unsigned
ldi_checks_needs(const struct ldi_checks *checks)
{
	return checks->needs;
}

const char *const *
ldi_checks_headers(const struct ldi_checks *checks)
{
	return checks->headers;
}

bool
ldi_checks_judges_status(const struct ldi_checks *checks)
{
	return checks->judges_status;
}

/* -- run ------------------------------------------------------------------ */

static enum ld_class
failed(const struct ldi_check_space *space, enum ld_class cls,
    struct ld_str *text_out)
{
	*text_out = (struct ld_str){ space->text.data, space->text.len };
	return cls;
}

enum ld_class
ldi_checks_run(const struct ldi_checks *checks, const struct ld_reply *reply,
    const struct ldi_check_times *times, struct ld_scope *scope,
    struct ldi_check_space *space, struct ld_str *text_out)
{
	ldi_check_space_begin(space, reply, times, scope);
	*text_out = (struct ld_str){ "", 0 };
	if (reply->status_failed && !checks->judges_status) {
		ld_buf_adds(&space->text, "status ");
		ld_buf_add_i64(&space->text, reply->status);
		return failed(space, LD_CLASS_STATUS, text_out);
	}
	for (size_t i = 0; i < checks->n_assertions; i++) {
		const struct ldi_assertion *assertion = &checks->assertions[i];

		if (!assertion->kind->run(assertion, space))
			return failed(space, LD_CLASS_ASSERTION, text_out);
	}
	for (size_t i = 0; i < checks->n_extractors; i++)
		if (!ldi_extractor_run(&checks->extractors[i], space))
			return failed(space, LD_CLASS_ASSERTION, text_out);
	return LD_CLASS_NONE;
}
