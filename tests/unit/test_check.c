/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "check_test.h"

#define BODY                                                  \
	"{\"id\":9007199254740993,\"ok\":true,\"none\":null," \
	"\"name\":\"a\\u0062c\",\"items\":[{\"n\":1.0},{\"n\":2}]}"

static const struct {
	const char *assertions;
	int status;
	const char *body;
	const char *want; /* "" = it holds */
} verdicts[] = {
	{ "[{\"type\":\"status_code\",\"value\":200}]", 200, "", "" },
	{ "[{\"type\":\"STATUS_CODE\",\"value\":\"200\"}]", 200, "", "" },
	{ "[{\"type\":\"status_code\",\"value\":\"${code}\"}]", 201, "", "" },
	{ "[{\"type\":\"status_code\",\"value\":200}]", 500, "",
	    "status_code expected 200, got 500" },
	{ "[{\"type\":\"contains\",\"value\":\"name\"}]", 200, BODY, "" },
	{ "[{\"type\":\"contains\",\"value\":9007}]", 200, BODY, "" },
	{ "[{\"type\":\"contains\",\"value\":\"\"}]", 200, NULL, "" },
	{ "[{\"type\":\"contains\",\"value\":\"zz\"}]", 200, BODY,
	    "body does not contain 'zz'" },
	{ "[{\"type\":\"contains\",\"value\":\"zz\"}]", 200, NULL,
	    "body does not contain 'zz'" },
	{ "[{\"type\":\"not_contains\",\"value\":\"zz\"}]", 200, BODY, "" },
	{ "[{\"type\":\"not_contains\",\"value\":\"name\"}]", 200, BODY,
	    "body unexpectedly contains 'name'" },
	{ "[{\"type\":\"header\",\"name\":\"Content-Type\","
	  "\"value\":\"text/html\"}]",
	    200, "", "" },
	{ "[{\"type\":\"header\",\"name\":\"Content-Type\","
	  "\"value\":\"Text/html\"}]",
	    200, "",
	    "header Content-Type expected 'Text/html', got "
	    "'text/html'" },
	{ "[{\"type\":\"header\",\"name\":\"X\",\"value\":1}]", 200, "",
	    "header X expected '1', got None" },
	{ "[{\"type\":\"header\",\"name\":\"Set-Cookie\","
	  "\"value\":\"sid=hunter2\"}]",
	    200, "", "" },
	{ "[{\"type\":\"header\",\"name\":\"Set-Cookie\","
	  "\"value\":\"sid=hunter3\"}]",
	    200, "",
	    "header Set-Cookie expected '(not shown)', got '(not shown)'" },
	{ "[{\"type\":\"header\",\"name\":\"X-CSRF-Token\","
	  "\"value\":\"\"}]",
	    200, "",
	    "header X-CSRF-Token expected '(not shown)', got "
	    "'(not shown)'" },
	{ "[{\"type\":\"json_path\",\"path\":\"id\","
	  "\"value\":9007199254740993}]",
	    200, BODY, "" },
	{ "[{\"type\":\"json_path\",\"path\":\"id\","
	  "\"value\":9007199254740992}]",
	    200, BODY,
	    "json_path id expected 9007199254740992, got "
	    "9007199254740993" },
	{ "[{\"type\":\"json_path\",\"path\":\"id\","
	  "\"value\":\"9007199254740993\"}]",
	    200, BODY,
	    "json_path id expected \"9007199254740993\", got "
	    "9007199254740993" },
	{ "[{\"type\":\"json_path\",\"path\":\"items.0.n\","
	  "\"value\":1}]",
	    200, BODY, "" },
	{ "[{\"type\":\"json_path\",\"path\":\"items..-1.n.\","
	  "\"value\":2}]",
	    200, BODY, "" },
	{ "[{\"type\":\"json_path\",\"path\":\"items\","
	  "\"value\":[{\"n\":1},{\"n\":2.0}]}]",
	    200, BODY, "" },
	{ "[{\"type\":\"json_path\",\"path\":\"name\","
	  "\"value\":\"abc\"}]",
	    200, BODY, "" },
	{ "[{\"type\":\"json_path\",\"path\":\"items.2.n\","
	  "\"value\":1}]",
	    200, BODY, "json_path items.2.n expected 1, got null" },
	{ "[{\"type\":\"json_path\",\"path\":\"items.-3\"}]", 200, BODY, "" },
	{ "[{\"type\":\"json_path\",\"path\":\"items.x\"}]", 200, BODY, "" },
	{ "[{\"type\":\"json_path\",\"path\":\"none\"}]", 200, BODY, "" },
	{ "[{\"type\":\"json_path\",\"path\":\"none.deep\","
	  "\"value\":null}]",
	    200, BODY, "" },
	{ "[{\"type\":\"json_path\",\"path\":\"ok\"}]", 200, BODY,
	    "json_path ok expected null, got true" },
	{ "[{\"type\":\"json_path\",\"path\":\"\",\"value\":7}]", 200,
	    "\xef\xbb\xbf 7", "" },
	{ "[{\"type\":\"json_path\",\"path\":\"error\"}]", 200, "<html>",
	    "json_path error expected null, got null (the body is "
	    "not JSON)" },
	{ "[{\"type\":\"json_path\",\"path\":\"error\"}]", 204, "", "" },
	{ "[{\"type\":\"json_path\",\"path\":\"a\",\"value\":1}]", 200,
	    "<html>",
	    "json_path a expected 1, got null (the body is not "
	    "JSON)" },
	{ "[{\"type\":\"contains\",\"value\":\"name\"},"
	  "{\"type\":\"status_code\",\"value\":1},"
	  "{\"type\":\"contains\",\"value\":\"zz\"}]",
	    200, BODY, "status_code expected 1, got 200" },
	{ NULL, 404, "", "status 404" },
	{ "[{\"type\":\"contains\",\"value\":\"zz\"}]", 500, "", "status 500" },
	{ "[{\"type\":\"status_code\",\"value\":404}]", 404, "", "" },
	{ "[]", 399, "", "" },
};

static void
each_kind_holds_or_fails_with_its_text(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	char text[LD_MAX_FAILURE_TEXT + 1];

	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		struct ld_reply answer =
		    reply(verdicts[i].status, verdicts[i].body);
		struct ldi_checks *checks;
		enum ld_class cls;

		must(compile(
			 *state, verdicts[i].assertions, NULL, &checks, &err),
		    &err);
		cls = run(*state, checks, &answer, text);
		assert_string_equal(text, verdicts[i].want);
		assert_int_equal(cls, text[0] == '\0' ? LD_CLASS_NONE
				      : strncmp(text, "status ", 7) == 0
					  ? LD_CLASS_STATUS
					  : LD_CLASS_ASSERTION);
	}
}

static const struct {
	const char *assertions, *extract;
	enum ld_status status;
	const char *want;
} mistakes[] = {
	{ "{}", NULL, LD_INVALID,
	    "t:1:1: 'assertions' is an array of objects, not an "
	    "object" },
	{ "[7]", NULL, LD_INVALID,
	    "t:1:2: an assertion is an object, not a number" },
	{ "[{}]", NULL, LD_INVALID,
	    "t:1:2: an assertion has a 'type' such as "
	    "\"status_code\"" },
	{ "[{\"type\":\"status\"}]", NULL, LD_INVALID,
	    "t:1:10: unknown assertion 'status'" },
	{ "[{\"type\":\"contain\"}]", NULL, LD_INVALID,
	    "t:1:10: unknown assertion 'contain'; did you mean "
	    "'contains'?" },
	{ "[{\"type\":\"jq\"}]", NULL, LD_INVALID,
	    "t:1:2: 'filter' is missing" },
	{ "[{\"type\":\"status_code\"}]", NULL, LD_INVALID,
	    "t:1:2: 'value' is missing" },
	{ "[{\"type\":\"status_code\",\"value\":\"ok\"}]", NULL, LD_INVALID,
	    "t:1:32: a status code is a whole number such as 200, a class "
	    "such as \"2xx\", or an array of them, not ok" },
	{ "[{\"type\":\"header\",\"value\":\"x\"}]", NULL, LD_INVALID,
	    "t:1:2: 'name' is missing" },
	{ "[{\"type\":\"contains\",\"valu\":\"x\"}]", NULL, LD_INVALID,
	    "t:1:21: unknown key 'valu'; did you mean 'value'?" },
	{ "[{\"type\":\"contains\",\"value\":\"${coed}\"}]", NULL, LD_INVALID,
	    "t:1:30: no variable 'coed'; did you mean 'code'? (set "
	    "it with --var coed=...)" },
	{ NULL, "{}", LD_INVALID,
	    "t:1:1: 'extract' is an array of objects, not an "
	    "object" },
	{ NULL, "[\n1]", LD_INVALID,
	    "t:2:1: an extractor is an object, not a number" },
	{ NULL, "[{\"path\":\"a\"}]", LD_INVALID, "t:1:2: 'var' is missing" },
	{ NULL, "[{\"var\":1,\"path\":\"a\"}]", LD_INVALID,
	    "t:1:9: 'var' is a string, not a number" },
	{ NULL, "[{\"var\":\"\",\"path\":\"a\"}]", LD_INVALID,
	    "t:1:9: '': no placeholder could name this variable" },
	{ NULL, "[{\"var\":\"a\"}]", LD_INVALID, "t:1:2: 'path' is missing" },
	{ NULL, "[{\"var\":\"a\",\"from\":\"headr\"}]", LD_INVALID,
	    "t:1:20: unknown extractor 'headr'; did you mean "
	    "'header'?" },
	{ NULL, "[{\"var\":\"a\",\"from\":\"regex\"}]", LD_INVALID,
	    "t:1:2: 'pattern' is missing" },
	{ NULL,
	    "[{\"var\":\"a\",\"from\":\"status_code\","
	    "\"path\":\"\"}]",
	    LD_INVALID, "t:1:34: unknown key 'path'" },
};

static void
what_is_wrong_is_found_before_the_run(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		assert_int_equal(compile(*state, mistakes[i].assertions,
				     mistakes[i].extract, &checks, &err),
		    mistakes[i].status);
		assert_string_equal(plan_error(&err), mistakes[i].want);
	}
}

static void
extractors_store_typed_values_and_null_overwrites_nothing(void **state)
{
	struct fixture *f = *state;
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;
	struct ld_reply answer = reply(200, BODY);
	char text[LD_MAX_FAILURE_TEXT + 1];

	must(compile(f, NULL,
		 "[{\"var\":\"id\",\"path\":\"id\"},"
		 "{\"var\":\"name\",\"from\":\"json_path\",\"path\":\"name\"},"
		 "{\"var\":\"type\",\"from\":\"header\","
		 "\"name\":\"content-type\"},"
		 "{\"var\":\"status\",\"from\":\"status_code\"},"
		 "{\"var\":\"items\",\"path\":\"items\"}]",
		 &checks, &err),
	    &err);
	assert_int_equal(ldi_checks_needs(checks),
	    LD_NEED_BODY | LD_NEED_HEADERS | LD_NEED_STATUS);
	assert_string_equal(ldi_checks_headers(checks)[0], "content-type");
	assert_null(ldi_checks_headers(checks)[1]);
	assert_false(ldi_checks_judges_status(checks));
	assert_string_equal(value_of(f, "\"${id}\""), "none");
	assert_int_equal(run(f, checks, &answer, text), LD_CLASS_NONE);
	assert_string_equal(value_of(f, "\"${id}\""), "9007199254740993");
	assert_string_equal(value_of(f, "\"${name}\""), "\"abc\"");
	assert_string_equal(value_of(f, "\"${type}\""), "\"text/html\"");
	assert_string_equal(value_of(f, "\"${status}\""), "200");
	assert_string_equal(
	    value_of(f, "\"${items}\""), "[{\"n\":1.0},{\"n\":2}]");
	answer = reply(200, "{\"id\":null,\"name\":\"new\"}");
	assert_int_equal(run(f, checks, &answer, text), LD_CLASS_NONE);
	assert_string_equal(value_of(f, "\"${id}\""), "9007199254740993");
	assert_string_equal(value_of(f, "\"${name}\""), "\"new\"");
	answer = reply(500, "{\"id\":1}");
	assert_int_equal(run(f, checks, &answer, text), LD_CLASS_STATUS);
	assert_string_equal(value_of(f, "\"${id}\""), "9007199254740993");
}

static void
assertions_come_before_extractors(void **state)
{
	struct fixture *f = *state;
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;
	struct ld_reply answer = reply(200, "{\"id\":1}");
	char text[LD_MAX_FAILURE_TEXT + 1];

	must(compile(f, "[{\"type\":\"contains\",\"value\":\"zz\"}]",
		 "[{\"var\":\"id\",\"path\":\"id\"}]", &checks, &err),
	    &err);
	assert_int_equal(run(f, checks, &answer, text), LD_CLASS_ASSERTION);
	assert_string_equal(value_of(f, "\"${id}\""), "none");
}

static void
expectations_may_be_values_of_the_user(void **state)
{
	struct fixture *f = *state;
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;
	struct ld_reply answer = reply(200, "{\"id\":17}");
	char text[LD_MAX_FAILURE_TEXT + 1];

	must(compile(f,
		 "[{\"type\":\"json_path\",\"path\":\"id\","
		 "\"value\":\"${id}\"}]",
		 "[{\"var\":\"id\",\"path\":\"id\"}]", &checks, &err),
	    &err);
	assert_int_equal(run(f, checks, &answer, text), LD_CLASS_ASSERTION);
	assert_string_equal(text, "json_path: ${id} has no value: no "
				  "extractor has stored one yet");
	must(ldi_scope_set(f->scope, 0, LD_JSON_NUMBER, "17.0", 4), &err);
	assert_int_equal(run(f, checks, &answer, text), LD_CLASS_NONE);
	must(ldi_scope_set(f->scope, 0, LD_JSON_STRING, "17", 2), &err);
	assert_int_equal(run(f, checks, &answer, text), LD_CLASS_ASSERTION);
	assert_string_equal(text, "json_path id expected \"17\", got 17");
}

static void
long_texts_are_cut_between_characters(void **state)
{
	struct fixture *f = *state;
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;
	struct ld_reply answer;
	char text[LD_MAX_FAILURE_TEXT + 1], plan[1024], body[1024];
	size_t at = 0;

	/* Two-byte characters, so that an odd cut would split one. */
	for (at = 0; at < 600; at += 2)
		memcpy(body + at, "\xc3\xa9", 2);
	body[at] = '\0';
	for (int odd = 0; odd < 2; odd++) {
		snprintf(plan, sizeof(plan),
		    "[{\"type\":\"header\",\"name\":\"%s%.300s\","
		    "\"value\":\"%.300s\"}]",
		    odd ? "x" : "", body, body);
		must(compile(f, plan, NULL, &checks, &err), &err);
		answer = reply(200, "");
		assert_int_equal(
		    run(f, checks, &answer, text), LD_CLASS_ASSERTION);
		for (const char *p = text; *p != '\0'; p++)
			if (*p == '\xc3')
				assert_true(p[1] == '\xa9');
		assert_non_null(strstr(text, "...', got None"));
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(each_kind_holds_or_fails_with_its_text),
		T(what_is_wrong_is_found_before_the_run),
		T(extractors_store_typed_values_and_null_overwrites_nothing),
		T(assertions_come_before_extractors),
		T(expectations_may_be_values_of_the_user),
		T(long_texts_are_cut_between_characters),
	};
#undef T

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
