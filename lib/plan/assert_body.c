/* SPDX-License-Identifier: MIT */
/*
 * Assertions about a body as text: what it contains, matches, how long it is.
 */
#include "config.h"

#include <string.h>

#include <ld/num.h>

#include "plan/check_kind.h"
#include "plan/node.h"

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

	if (!ldi_assert_expected(assertion, space, &text, &len))
		return false;
	if (occurs(space, text, len) == want)
		return true;
	ld_buf_adds(&space->text, reason);
	ldi_space_clip(space, text, len);
	ld_buf_addc(&space->text, '\'');
	return false;
}

bool
ldi_assert_run_contains(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	return contains(assertion, space, true, "body does not contain '");
}

bool
ldi_assert_run_not_contains(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	return contains(
	    assertion, space, false, "body unexpectedly contains '");
}

/* -- regex ---------------------------------------------------------------- */

enum ld_status
ldi_assert_compile_regex(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	const struct ldi_regex_how how = { .pattern = assertion->pattern,
		.node = ld_node_get(assertion->node, "pattern"),
		.ignore_case = assertion->ignore_case,
		.group = assertion->group };
	enum ld_status st =
	    ldi_regex_compile(bind, &how, &assertion->regex, err);

	if (st != LD_OK)
		return st;
	if (ldi_node_present(assertion->value))
		return ldi_assert_compile_text(bind, assertion, err);
	if (ldi_node_present(assertion->group))
		return ld_node_error(assertion->group, err, LD_INVALID,
		    "'group' says whose text 'value' is: without 'value' it "
		    "has no effect");
	return LD_OK;
}

static bool
regex_failed(struct ldi_check_space *space, const struct ldi_regex *regex,
    enum ldi_regex_result result)
{
	const char *pattern = ldi_regex_pattern(regex);

	ld_buf_adds(&space->text, result == LDI_REGEX_LIMIT
				      ? "body takes too many steps to match '"
				      : "body does not match '");
	ldi_space_clip(space, pattern, strlen(pattern));
	ld_buf_addc(&space->text, '\'');
	return false;
}

bool
ldi_assert_run_regex(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	const struct ldi_regex *regex = assertion->regex;
	const struct ld_reply *reply = space->reply;
	const char *pattern = ldi_regex_pattern(regex);
	enum ldi_regex_result result;
	struct ld_str want, got;

	result = ldi_regex_match(regex, space->regex_room, reply->body,
	    reply->body_len, &got.data, &got.len);
	if (result != LDI_REGEX_MATCH)
		return regex_failed(space, regex, result);
	if (assertion->expected == NULL)
		return true;
	if (!ldi_assert_expected(assertion, space, &want.data, &want.len))
		return false;
	if (got.data != NULL && got.len == want.len &&
	    memcmp(got.data, want.data, want.len) == 0)
		return true;
	ld_buf_adds(&space->text, "regex ");
	ldi_space_clip(space, pattern, strlen(pattern));
	ld_buf_adds(&space->text, " expected '");
	ldi_space_clip(space, want.data, want.len);
	ld_buf_adds(
	    &space->text, got.data != NULL ? "', got '" : "', got None");
	if (got.data != NULL) {
		ldi_space_clip(space, got.data, got.len);
		ld_buf_addc(&space->text, '\'');
	}
	return false;
}

/* -- size ----------------------------------------------------------------- */

enum ld_status
ldi_assert_compile_size(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err)
{
	struct ld_node value = assertion->value;
	bool exact = ldi_node_present(value);
	bool range = assertion->min_given || assertion->max_given;
	const char *text;
	size_t len;
	enum ld_status st;

	if (exact == range)
		return ld_node_error(assertion->node, err, LD_INVALID,
		    "'size' wants either a 'value', or 'min', 'max' or both");
	if (!assertion->max_given)
		assertion->max_bytes = UINT64_MAX;
	if (assertion->min_bytes > assertion->max_bytes)
		return ld_node_error(assertion->node, err, LD_INVALID,
		    "'min' is more than 'max': no size is between them");
	if (!exact)
		return LD_OK;
	st = ldi_assert_compile_text(bind, assertion, err);
	if (st != LD_OK)
		return st;
	assertion->constant =
	    ld_template_constant(assertion->expected, &text, &len);
	if (!assertion->constant ||
	    ld_json_u64(value.json, value.ref, &assertion->size) ||
	    ld_num_size(text, len, &assertion->size, NULL) == LD_OK)
		return LD_OK;
	return ld_node_error(value, err, LD_INVALID,
	    "a size is a number of bytes such as 4096 or \"64KiB\", not %.60s",
	    text);
}

bool
ldi_assert_run_size(
    const struct ldi_assertion *assertion, struct ldi_check_space *space)
{
	uint64_t len = space->reply->body_len, want = assertion->size;
	bool exact = assertion->expected != NULL, small, holds;
	struct ld_str text = { NULL, 0 };

	if (exact &&
	    !ldi_assert_expected(assertion, space, &text.data, &text.len))
		return false;
	small = len < assertion->min_bytes;
	holds = exact ? (assertion->constant || ld_num_size(text.data, text.len,
						    &want, NULL) == LD_OK) &&
			    len == want
		      : !small && len <= assertion->max_bytes;
	if (holds)
		return true;
	ld_buf_adds(&space->text, "size expected ");
	if (exact) {
		ldi_space_clip(space, text.data, text.len);
	} else {
		ld_buf_adds(&space->text, small ? "at least " : "at most ");
		ld_buf_add_u64(&space->text,
		    small ? assertion->min_bytes : assertion->max_bytes);
	}
	ld_buf_adds(&space->text, ", got ");
	ld_buf_add_u64(&space->text, len);
	return false;
}
