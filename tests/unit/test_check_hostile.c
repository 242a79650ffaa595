/* SPDX-License-Identifier: MIT */
/*
 * Bodies made to harm who reads them: whatever stands in one, judging it
 * comes to an end and fails in words.
 */
#include "config.h"

#include "check_test.h"

#include "plan/jq.h"

#define EVERY_KIND                                          \
	"{\"type\":\"not_contains\",\"value\":\"needle\"}," \
	"{\"type\":\"size\",\"max\":\"16MiB\"},"            \
	"{\"type\":\"regex\",\"pattern\":\"(?s).*\"},"

static struct ld_reply
sized(const char *body, size_t len)
{
	struct ld_reply answer = reply(200, NULL);

	answer.body = body;
	answer.body_len = len;
	return answer;
}

static const char *
judged(struct fixture *f, const char *assertions, const char *body, size_t len)
{
	static char text[LD_MAX_FAILURE_TEXT + 1];
	struct ld_err err = LD_ERR_INIT;
	struct ld_reply answer = sized(body, len);
	struct ldi_checks *checks;

	must(compile(f, assertions, NULL, &checks, &err), &err);
	run(f, checks, &answer, text);
	return text;
}

static void
a_body_made_to_backtrack_ends_as_a_failure(void **state)
{
	static const struct {
		const char *pattern;
		char fill;
		const char *end;
	} table[] = {
		/* exponential, cubic, quadratic; with what is sought at the
		 * very end, or a search without it would be over at once */
		{ "(x+)+y", 'x', "\ny" },
		{ "x.*x.*z", 'x', "\nz" },
		{ "x*y", 'x', "\ny" },
		{ "<.*v", '<', "\nv" },
		{ "(x*)\\\\1y", 'x', "\ny" },
		{ "(?:x|x)*z", 'x', "\nz" },
	};
	size_t len = LD_MAX_BODY_KEPT;
	char *body = malloc(len), plan[256], want[256];

	assert_non_null(body);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		memset(body, table[i].fill, len);
		memcpy(body + len - 2, table[i].end, 2);
		snprintf(plan, sizeof(plan),
		    "[{\"type\":\"regex\",\"pattern\":\"%s\"}]",
		    table[i].pattern);
		snprintf(want, sizeof(want),
		    "body takes too many steps to match '%s'",
		    i == 4 ? "(x*)\\1y" : table[i].pattern);
		assert_string_equal(judged(*state, plan, body, len), want);
	}
	free(body);
}

static void
a_search_that_is_only_long_reaches_the_end(void **state)
{
	size_t len = LD_MAX_BODY_KEPT, at = 0;
	static const char line[] = "<li class=\"item\">some of it</li>\n";
	static const char last[] = "<input name=\"csrf\" value=\"tok\">";
	char *body = malloc(len);

	assert_non_null(body);
	for (; at + sizeof(line) - 1 < len; at += sizeof(line) - 1)
		memcpy(body + at, line, sizeof(line) - 1);
	memset(body + at, '\n', len - at);
	memcpy(body + len - (sizeof(last) - 1), last, sizeof(last) - 1);
	assert_string_equal(
	    judged(*state,
		"[{\"type\":\"regex\",\"pattern\":\"name=\\\"csrf\\\" "
		"value=\\\"([^\\\"]+)\\\"\",\"value\":\"tok\"}]",
		body, len),
	    "");
	/* More of the machine's stack than the compiled form has. */
	memset(body, 'x', len);
	assert_string_equal(
	    judged(*state,
		"[{\"type\":\"regex\",\"pattern\":\"^(?:x|y)*z?$\"}]", body,
		100000),
	    "");
	free(body);
}

static void
bytes_that_are_no_text_match_nothing_and_harm_nothing(void **state)
{
	static const char body[] = "\xff\xfe needle\xc3 \xed\xa0\x80 \0 end";

	assert_string_equal(judged(*state,
				"[{\"type\":\"contains\",\"value\":\"needle\"},"
				"{\"type\":\"regex\",\"pattern\":\"needle\"},"
				"{\"type\":\"regex\",\"pattern\":\"end$\"},"
				"{\"type\":\"size\",\"value\":20}]",
				body, sizeof(body) - 1),
	    "");
	assert_string_equal(judged(*state,
				"[{\"type\":\"regex\",\"pattern\":"
				"\"needle.\"}]",
				body, sizeof(body) - 1),
	    "body does not match 'needle.'");
	assert_string_equal(
	    judged(
		*state, "[{\"type\":\"jq\",\"filter\":\".\"}]", "\"\xff\"", 3),
	    "jq .: the body is not JSON");
	assert_string_equal(
	    judged(*state, "[{\"type\":\"json_path\",\"path\":\"\"}]",
		"\"\xff\"", 3),
	    "json_path  expected null, got null (the body is not JSON)");
}

static void
deep_nesting_is_no_json(void **state)
{
	size_t len = 2000000;
	char *body = malloc(len);

	assert_non_null(body);
	memset(body, '[', len);
	assert_string_equal(
	    judged(*state,
		"[" EVERY_KIND "{\"type\":\"jq\",\"filter\":\".[0]\"}]", body,
		len),
	    "jq .[0]: the body is not JSON");
	memset(body + len / 2, ']', len / 2);
	assert_string_equal(
	    judged(*state, "[{\"type\":\"json_path\",\"path\":\"0.0\"}]", body,
		len),
	    "json_path 0.0 expected null, got null (the body is not JSON)");
	if (ldi_jq_here())
		assert_string_equal(
		    judged(*state,
			"[{\"type\":\"jq\",\"filter\":\"flatten | length\"}]",
			body, len),
		    "jq flatten | length: the body is not JSON");
	/* The deepest that is. */
	len = 2 * LD_MAX_JSON_DEPTH;
	memset(body, '[', len / 2);
	memset(body + len / 2, ']', len / 2);
	if (ldi_jq_here())
		assert_string_equal(
		    judged(*state,
			"[{\"type\":\"jq\",\"filter\":\"[flatten] | length\","
			"\"value\":1},{\"type\":\"jq\",\"filter\":\"[.]\"}]",
			body, len),
		    "jq [.]: its output is nested too deeply");
	free(body);
}

/* What ended the process, or never ended, before it was wrapped; and what the
 * wrapping leaves as it was. */
static void
values_that_libjq_asserts_on_are_errors(void **state)
{
	static const struct {
		const char *filter, *body, *want;
	} table[] = {
		{ "todate", "1e18", "jq todate: " },
		{ ".t | todate", "{\"t\":-1e300}", "jq .t | todate: " },
		{ "strftime(.)", "5",
		    "jq strftime(.): strftime/1 requires a string format" },
		{ "strflocaltime(1)", "5",
		    "jq strflocaltime(1): strflocaltime/1 requires a string "
		    "format" },
		{ "todate", "0", "" },
		{ "strftime(\\\"%Y\\\") == \\\"1970\\\"", "0", "" },
		{ "index(.)", "\"\"", "jq index(.) expected a true value" },
		{ "rindex(.)", "\"\"", "jq rindex(.) expected a true value" },
		{ "index(\\\"c\\\") == 2", "\"abcabc\"", "" },
		{ "rindex(\\\"c\\\") == 5", "\"abcabc\"", "" },
		{ "indices(\\\"\\\") == [1]", "[1,\"\"]", "" },
		{ "indices([1,2]) == [0,3]", "[1,2,1,1,2]", "" },
		{ "indices([]) == null", "[1,2]", "" },
		{ "index(2) == 1", "[1,2,2]", "" },
		{ "indices(\\\"a\\\") == null", "null", "" },
		{ "[scan(\\\"x*\\\")] == [\\\"x\\\"]", "\"äxö\"", "" },
		{ "[match(\\\"x*\\\";\\\"g\\\").offset] == [1]", "\"äxö\"",
		    "" },
		{ "[match([\\\"x*\\\",\\\"g\\\"]).offset] == [1]", "\"äxö\"",
		    "" },
		{ "[capture(\\\"(?<a>x*)\\\";\\\"g\\\")] == "
		  "[{\\\"a\\\":\\\"x\\\"}]",
		    "\"äxö\"", "" },
		{ "[splits(\\\"x*\\\")] == [\\\"ä\\\",\\\"ö\\\"]", "\"äxö\"",
		    "" },
		{ "split(\\\"x*\\\";null) == [\\\"ä\\\",\\\"ö\\\"]", "\"äxö\"",
		    "" },
		{ "gsub(\\\"x*\\\";\\\"-\\\") == \\\"ä-ö\\\"", "\"äxö\"", "" },
		{ "gsub(\\\"\\\";\\\"-\\\") == \\\"abc\\\"", "\"abc\"", "" },
		{ "sub(\\\"^\\\";\\\"-\\\";\\\"g\\\") == \\\"abc\\\"",
		    "\"abc\"", "" },
		{ "sub(\\\"^\\\";\\\"-\\\") == \\\"-abc\\\"", "\"abc\"", "" },
		{ "gsub(\\\"(?<a>[ac])\\\";\\\"<\\\\(.a)>\\\") == "
		  "\\\"<a>b<c>\\\"",
		    "\"abc\"", "" },
		{ "[scan(\\\"(.)b\\\")] == [[\\\"a\\\"]]", "\"abc\"", "" },
		{ "[match(\\\"b\\\").offset, (test(\\\"B\\\";\\\"gi\\\"))] == "
		  "[1,true]",
		    "\"abc\"", "" },
		{ "[splits(\\\", *\\\")] == [\\\"a\\\",\\\"b\\\",\\\"\\\"]",
		    "\"a,  b,\"", "" },
		{ "gsub(\\\"A\\\";\\\"x\\\";\\\"i\\\") == \\\"xbc\\\"",
		    "\"abc\"", "" },
	};
	char plan[256];
	const char *text;

	if (!ldi_jq_here())
		skip();
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		snprintf(plan, sizeof(plan),
		    "[{\"type\":\"jq\",\"filter\":\"%s\"}]", table[i].filter);
		text =
		    judged(*state, plan, table[i].body, strlen(table[i].body));
		if (strncmp(text, table[i].want, strlen(table[i].want)) != 0 ||
		    (table[i].want[0] == '\0' && text[0] != '\0'))
			fail_msg("%s: '%s'", table[i].filter, text);
	}
}

/* libjq asserts when a program that stands within a path is started anew. */
static void
a_program_left_in_the_middle_can_be_started_again(void **state)
{
	struct fixture *f = *state;
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;
	struct ld_reply one = reply(200, "[1,[2,{\"a\":3}]]"),
			two = reply(200, "7"), three = reply(200, "null");
	char text[LD_MAX_FAILURE_TEXT + 1];

	if (!ldi_jq_here())
		skip();
	must(compile(f,
		 "[{\"type\":\"jq\",\"filter\":\"paths\"},"
		 "{\"type\":\"jq\",\"filter\":\"path(..)\",\"value\":[]},"
		 "{\"type\":\"jq\",\"filter\":\"[paths] | length\"},"
		 "{\"type\":\"jq\",\"filter\":\"leaf_paths, halt\"},"
		 "{\"type\":\"jq\",\"filter\":\"first(range(10;20))\"}]",
		 NULL, &checks, &err),
	    &err);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(run(f, checks, &one, text), LD_CLASS_NONE);
		assert_int_equal(
		    run(f, checks, &two, text), LD_CLASS_ASSERTION);
		assert_string_equal(
		    text, "jq paths expected a true value, got nothing");
		assert_int_equal(
		    run(f, checks, &three, text), LD_CLASS_ASSERTION);
	}
}

static void
an_error_of_jq_is_cut_however_long_the_input(void **state)
{
	size_t len = 300000;
	char *body = malloc(len);
	const char *text;

	if (!ldi_jq_here())
		skip();
	assert_non_null(body);
	memset(body, 'x', len);
	body[0] = body[len - 1] = '"';
	text = judged(
	    *state, "[{\"type\":\"jq\",\"filter\":\". - 1\"}]", body, len);
	assert_true(strlen(text) < 200);
	text = judged(
	    *state, "[{\"type\":\"jq\",\"filter\":\"error(.)\"}]", body, len);
	assert_int_equal(strlen(text), strlen("jq error(.): ") + 110);
	free(body);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_body_made_to_backtrack_ends_as_a_failure),
		T(a_search_that_is_only_long_reaches_the_end),
		T(bytes_that_are_no_text_match_nothing_and_harm_nothing),
		T(deep_nesting_is_no_json),
		T(values_that_libjq_asserts_on_are_errors),
		T(a_program_left_in_the_middle_can_be_started_again),
		T(an_error_of_jq_is_cut_however_long_the_input),
	};
#undef T

	return cmocka_run_group_tests_name("check hostile", tests, NULL, NULL);
}
