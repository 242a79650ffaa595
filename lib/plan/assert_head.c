/* SPDX-License-Identifier: MIT */
/*
 * Assertions about what is in front of a body: status, headers, time.
 */
#include "config.h"

#include <string.h>

#include <ld/num.h>

#include "base/secret.h"
#include "plan/check_kind.h"
#include "plan/node.h"

/* -- status_code ---------------------------------------------------------- */

/* "200", or a class such as "2xx"; blanks around it are nothing. */
static bool
read_status(const char *text, size_t len, struct ldi_status_range *out)
{
	while (len != 0 && *text == ' ') {
		text++;
		len--;
	}
	while (len != 0 && text[len - 1] == ' ')
		len--;
	if (len == 3 && text[0] >= '1' && text[0] <= '5' &&
	    strncasecmp(text + 1, "xx", 2) == 0) {
		out->from = (text[0] - '0') * 100;
		out->to = out->from + 99;
		return true;
	}
	if (ld_num_i64(text, len, &out->from, NULL) != LD_OK)
		return false;
	out->to = out->from;
	return true;
}

/* One value that is known: a number, or a string of the above. */
static bool
status_of(
    const struct ld_json *json, ld_json_ref ref, struct ldi_status_range *out)
{
	const char *text;
	size_t len;

	if (ld_json_i64(json, ref, &out->from)) {
		out->to = out->from;
		return true;
	}
	return ld_json_kind(json, ref) == LD_JSON_STRING &&
	       ld_json_plain(json, ref, &text, &len) &&
	       read_status(text, len, out);
}

static enum ld_status
no_status(struct ld_node value, const char *text, struct ld_err *err)
{
	return ld_node_error(value, err, LD_INVALID,
	    "a status code is a whole number such as 200, a class such as "
	    "\"2xx\", or an array of them, not %.60s",
	    text);
}

/* The constant text of `value` as JSON: placeholders are values by now. */
static enum ld_status
read_statuses(struct ldi_bind *bind, struct ldi_assertion *assertion,
    const struct ld_json *json, struct ld_err *err)
{
	bool many = ld_json_kind(json, LD_JSON_ROOT) == LD_JSON_ARRAY;
	size_t n = many ? ld_json_count(json, LD_JSON_ROOT) : 1;
	struct ldi_status_range *range =
	    ldi_arena_array(ldi_bind_arena(bind), n, sizeof(*range));
	ld_json_ref ref =
	    many ? ld_json_first(json, LD_JSON_ROOT) : LD_JSON_ROOT;
	const char *raw;
	size_t len;

	if (range == NULL)
		return ldi_nomem(err);
	if (n == 0)
		return ld_node_error(assertion->value, err, LD_INVALID,
		    "no status code is in an empty array");
	assertion->statuses = range;
	assertion->n_statuses = n;
	for (size_t i = 0; i < n; i++) {
		if (!status_of(json, ref, &range[i])) {
			raw = ld_json_raw(json, ref, &len);
			return ld_err_set(err, LD_INVALID, "%.*s",
			    len > 60 ? 60 : (int)len, raw);
		}
		if (many)
			ref = ld_json_next(json, LD_JSON_ROOT, ref);
	}
	return LD_OK;
}

enum ld_status
ldi_assert_compile_status(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	struct ld_err what = LD_ERR_INIT;
	struct ldi_status_range *range;
	struct ld_json json;
	const char *text;
	size_t len;
	enum ld_status st = ldi_assert_compile_text(bind, assertion, err);

	if (st != LD_OK)
		return st;
	assertion->constant =
	    ld_template_constant(assertion->expected, &text, &len);
	if (!assertion->constant)
		return LD_OK;
	range = ldi_arena_alloc(ldi_bind_arena(bind), sizeof(*range));
	if (range == NULL)
		return ldi_nomem(err);
	if (read_status(text, len, range)) {
		assertion->statuses = range;
		assertion->n_statuses = 1;
		return LD_OK;
	}
	ld_json_init(&json);
	st = ld_json_parse(&json, text, len, 0, NULL);
	if (st == LD_OK)
		st = read_statuses(bind, assertion, &json, &what);
	ld_json_clear(&json);
	if (st == LD_NOMEM)
		return ldi_nomem(err);
	if (st != LD_OK && what.line != 0) {
		*err = what;
		return st;
	}
	return st == LD_OK ? st
			   : no_status(assertion->value,
				 what.text[0] != '\0' ? what.text : text, err);
}

/* A value that came with a placeholder. */
static bool
is_one_of(struct ldi_check_space *space, const char *text, size_t len)
{
	const struct ld_json *json = &space->expected;
	struct ldi_status_range range;
	int32_t status = space->reply->status;
	ld_json_ref ref;

	if (read_status(text, len, &range))
		return status >= range.from && status <= range.to;
	if (ld_json_parse(&space->expected, text, len, 0, NULL) != LD_OK ||
	    ld_json_kind(json, LD_JSON_ROOT) != LD_JSON_ARRAY)
		return false;
	for (ref = ld_json_first(json, LD_JSON_ROOT); ref != LD_JSON_NONE;
	     ref = ld_json_next(json, LD_JSON_ROOT, ref))
		if (status_of(json, ref, &range) && status >= range.from &&
		    status <= range.to)
			return true;
	return false;
}

bool
ldi_assert_run_status(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	int32_t status = space->reply->status;
	const char *text;
	size_t len;

	for (size_t i = 0; i < assertion->n_statuses; i++)
		if (status >= assertion->statuses[i].from &&
		    status <= assertion->statuses[i].to)
			return true;
	if (!ldi_assert_expected(assertion, space, &text, &len))
		return false;
	if (!assertion->constant && is_one_of(space, text, len))
		return true;
	ld_buf_adds(&space->text, "status_code expected ");
	ldi_space_clip(space, text, len);
	ld_buf_adds(&space->text, ", got ");
	if (status < 0)
		ld_buf_adds(&space->text, "none");
	else
		ld_buf_add_i64(&space->text, status);
	return false;
}

/* -- header --------------------------------------------------------------- */

static void
add_header_value(const struct ldi_assertion *assertion,
    struct ldi_check_space *space, const char *text, size_t len)
{
	ld_buf_addc(&space->text, '\'');
	if (!space->shows &&
	    ldi_secret_name(assertion->name, strlen(assertion->name)))
		ld_buf_adds(&space->text, "(not shown)");
	else
		ldi_space_clip(space, text, len);
	ld_buf_addc(&space->text, '\'');
}

/* At most one of value, contains, regex. */
enum ld_status
ldi_assert_compile_header(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	bool equals = ldi_node_present(assertion->value);
	bool contains = ldi_node_present(assertion->contains);
	struct ldi_regex_how how = { .pattern = assertion->pattern,
		.node = assertion->node,
		.group = LDI_NODE_ABSENT };

	if (equals + contains + (assertion->pattern != NULL) > 1)
		return ld_node_error(assertion->node, err, LD_INVALID,
		    "'value', 'contains' and 'regex' exclude each other");
	if (assertion->pattern != NULL) {
		how.node = ld_node_get(assertion->node, "regex");
		if (!ldi_node_present(how.node))
			how.node = ld_node_get(assertion->node, "pattern");
		return ldi_regex_compile(bind, &how, &assertion->regex, err);
	}
	if (!equals && !contains)
		return LD_OK; /* it is there, that is all */
	return ldi_bind_text(bind,
	    equals ? assertion->value : assertion->contains,
	    &assertion->expected, err);
}

/* " expected 'V', got 'A'" and its like. */
static bool
header_failed(const struct ldi_assertion *assertion,
    struct ldi_check_space *space, const char *how, struct ld_str want,
    struct ld_str got)
{
	ld_buf_adds(&space->text, "header ");
	ldi_space_clip(space, assertion->name, strlen(assertion->name));
	ld_buf_adds(&space->text, how);
	add_header_value(assertion, space, want.data, want.len);
	ld_buf_adds(&space->text, ", got ");
	if (got.data == NULL)
		ld_buf_adds(&space->text, "None");
	else
		add_header_value(assertion, space, got.data, got.len);
	return false;
}

static bool
header_matches(const struct ldi_assertion *assertion,
    struct ldi_check_space *space, struct ld_str got)
{
	const char *pattern = ldi_regex_pattern(assertion->regex);
	struct ld_str want = { pattern, strlen(pattern) }, group;
	enum ldi_regex_result result = LDI_REGEX_NONE;

	if (got.data != NULL)
		result = ldi_regex_match(assertion->regex, space->regex_room,
		    got.data, got.len, &group.data, &group.len);
	return result == LDI_REGEX_MATCH ||
	       header_failed(assertion, space,
		   result == LDI_REGEX_LIMIT ? " takes too many steps to match "
					     : " expected to match ",
		   want, got);
}

bool
ldi_assert_run_header(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	struct ld_str want, got;

	got.data = ldi_space_header(space, assertion->name, &got.len);
	if (assertion->regex != NULL)
		return header_matches(assertion, space, got);
	if (assertion->expected == NULL) {
		if (got.data != NULL)
			return true;
		ld_buf_adds(&space->text, "header ");
		ldi_space_clip(space, assertion->name, strlen(assertion->name));
		ld_buf_adds(&space->text, " is absent");
		return false;
	}
	if (!ldi_assert_expected(assertion, space, &want.data, &want.len))
		return false;
	if (ldi_node_present(assertion->contains)) {
		if (got.data != NULL &&
		    memmem(got.data, got.len, want.data, want.len) != NULL)
			return true;
		return header_failed(
		    assertion, space, " expected to contain ", want, got);
	}
	if (got.data != NULL && got.len == want.len &&
	    memcmp(got.data, want.data, want.len) == 0)
		return true;
	return header_failed(assertion, space, " expected ", want, got);
}

/* -- time_ms -------------------------------------------------------------- */

/* A year: what is longer is no time of an exchange. */
#define MAX_MS 3.2e10

static enum ld_status
to_ns(const struct ldi_assertion *assertion, const char *name, double ms,
    uint64_t *ns_out, struct ld_err *err)
{
	if (!(ms >= 0 && ms <= MAX_MS))
		return ld_node_error(ld_node_get(assertion->node, name), err,
		    LD_INVALID, "'%s' is a number of milliseconds from 0",
		    name);
	*ns_out = (uint64_t)(ms * 1e6 + 0.5);
	return LD_OK;
}

enum ld_status
ldi_assert_compile_time(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	(void)bind;
	if (!assertion->min_given && !assertion->max_given)
		return ld_node_error(assertion->node, err, LD_INVALID,
		    "'time_ms' wants a 'max', a 'min' or both");
	assertion->max_ns = UINT64_MAX;
	if (assertion->min_given)
		st = to_ns(assertion, "min", assertion->min_ms,
		    &assertion->min_ns, err);
	if (st == LD_OK && assertion->max_given)
		st = to_ns(assertion, "max", assertion->max_ms,
		    &assertion->max_ns, err);
	if (st == LD_OK && assertion->min_ns > assertion->max_ns)
		st = ld_node_error(assertion->node, err, LD_INVALID,
		    "'min' is more than 'max': no time is between them");
	return st;
}

/* Exact, without zeros behind: 250, 312.5, 0.000001. */
static void
add_ms(struct ldi_check_space *space, uint64_t ns)
{
	char digits[8];
	uint64_t rest = ns % 1000000;
	int len = 6;

	ld_buf_add_u64(&space->text, ns / 1000000);
	if (rest == 0)
		return;
	for (int i = 5; i >= 0; i--, rest /= 10)
		digits[i] = (char)('0' + rest % 10);
	while (digits[len - 1] == '0')
		len--;
	ld_buf_addc(&space->text, '.');
	ld_buf_add(&space->text, digits, (size_t)len);
}

bool
ldi_assert_run_time(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	uint64_t ns = assertion->of == 0 ? space->times.service_ns
					 : space->times.response_ns;
	bool slow = ns > assertion->max_ns;

	if (!slow && ns >= assertion->min_ns)
		return true;
	ld_buf_adds(&space->text, "time_ms expected at ");
	ld_buf_adds(&space->text, slow ? "most " : "least ");
	add_ms(space, slow ? assertion->max_ns : assertion->min_ns);
	ld_buf_adds(&space->text, ", got ");
	add_ms(space, ns);
	if (assertion->of != 0)
		ld_buf_adds(&space->text, " (response)");
	return false;
}
