/* SPDX-License-Identifier: MIT */
/* Extractors: what they store, what they leave alone, when they fail. */
#include "config.h"

#include "check_test.h"

#include "plan/jq.h"

#define BODY                                                             \
	"{\"id\":9007199254740993,\"name\":\"A\\u006en\",\"none\":null," \
	"\"list\":[1,{\"a\":[true]}],\"page\":\"<b id=x7>\"}"

static const struct {
	const char *extract, *body;
	const char *value; /* of ${v}, as JSON; "none" */
	const char *text;  /* "" = the exchange passes */
} cases[] = {
	{ "\"from\":\"jq\",\"filter\":\".id\"", BODY, "9007199254740993", "" },
	{ "\"from\":\"JQ\",\"expr\":\".name\"", BODY, "\"Ann\"", "" },
	{ "\"from\":\"jq\",\"filter\":\".list[1]\"", BODY, "{\"a\":[true]}",
	    "" },
	{ "\"from\":\"jq\",\"filter\":\".none\"", BODY, "none", "" },
	{ "\"from\":\"jq\",\"filter\":\".id.x\"", BODY, "none", "" },
	{ "\"from\":\"jq\",\"filter\":\".id\"", "<html>", "none", "" },
	{ "\"from\":\"jq\",\"filter\":\".none\",\"default\":7", BODY, "7", "" },
	{ "\"from\":\"jq\",\"filter\":\".id.x\",\"default\":\"a\\\"b\"", BODY,
	    "\"a\\\"b\"", "" },
	{ "\"from\":\"jq\",\"filter\":\".x\",\"default\":\"${code}\"", BODY,
	    "\"201\"", "" },
	{ "\"from\":\"jq\",\"filter\":\".x\",\"default\":[\"${randint(3,3)}\"]",
	    BODY, "[3]", "" },
	{ "\"from\":\"jq\",\"filter\":\".x\",\"required\":true", BODY, "none",
	    "extract v: jq .x found nothing" },
	{ "\"from\":\"regex\",\"pattern\":\"<b id=(\\\\w+)>\"", BODY, "\"x7\"",
	    "" },
	{ "\"from\":\"regex\",\"pattern\":\"<b id=(\\\\w+)>\",\"group\":0",
	    BODY, "\"<b id=x7>\"", "" },
	{ "\"from\":\"regex\",\"pattern\":\"<(?<tag>B) ID=(\\\\w+)>\","
	  "\"group\":\"tag\",\"ignore_case\":true",
	    BODY, "\"b\"", "" },
	{ "\"from\":\"regex\",\"pattern\":\"x\\\\d\"", BODY, "\"x7\"", "" },
	{ "\"from\":\"regex\",\"pattern\":\"(z)?page\"", BODY, "none", "" },
	{ "\"from\":\"regex\",\"pattern\":\"(z)?page\",\"default\":null", BODY,
	    "none", "" },
	{ "\"from\":\"regex\",\"pattern\":\"zz\",\"default\":false", BODY,
	    "false", "" },
	{ "\"from\":\"regex\",\"pattern\":\"zz\",\"required\":true", BODY,
	    "none", "extract v: regex zz found nothing" },
	{ "\"from\":\"regex\",\"pattern\":\"^$\"", NULL, "\"\"", "" },
	{ "\"path\":\"list.1.a.0\",\"required\":true", BODY, "true", "" },
	{ "\"path\":\"list.7\",\"required\":true", BODY, "none",
	    "extract v: json_path list.7 found nothing" },
	{ "\"path\":\"list.7\",\"default\":{\"a\":null}", BODY, "{\"a\":null}",
	    "" },
	{ "\"from\":\"header\",\"name\":\"X-None\",\"required\":true", BODY,
	    "none", "extract v: header X-None found nothing" },
	{ "\"from\":\"header\",\"name\":\"X-None\",\"default\":\"d\"", BODY,
	    "\"d\"", "" },
};

static void
each_kind_stores_what_it_finds_or_its_default_or_fails(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	char text[LD_MAX_FAILURE_TEXT + 1], plan[512];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ld_reply answer = reply(200, cases[i].body);
		struct ldi_checks *checks;

		snprintf(plan, sizeof(plan), "[{\"var\":\"v\",%s}]",
		    cases[i].extract);
		must(compile(*state, NULL, plan, &checks, &err), &err);
		run(*state, checks, &answer, text);
		if (strcmp(text, cases[i].text) != 0)
			fail_msg("%s: '%s'", cases[i].extract, text);
		if (strcmp(value_of(*state, "\"${v}\""), cases[i].value) != 0)
			fail_msg("%s: stored %s", cases[i].extract,
			    value_of(*state, "\"${v}\""));
	}
}

static void
programs_of_jq_give_typed_values(void **state)
{
	struct fixture *f = *state;
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;
	struct ld_reply answer = reply(200, BODY);
	char text[LD_MAX_FAILURE_TEXT + 1];

	if (!ldi_jq_here())
		skip();
	must(compile(f, NULL,
		 "[{\"var\":\"n\",\"from\":\"jq\",\"filter\":\".list|length\"},"
		 "{\"var\":\"s\",\"from\":\"jq\",\"filter\":\".name+\\\"!\\\"\""
		 "},{\"var\":\"o\",\"from\":\"jq\",\"filter\":\"{a:.list[0]}\"}"
		 ",{\"var\":\"e\",\"from\":\"jq\",\"filter\":\"empty\"},"
		 "{\"var\":\"x\",\"from\":\"jq\",\"filter\":\".id+0\"}]",
		 &checks, &err),
	    &err);
	assert_int_equal(run(f, checks, &answer, text), LD_CLASS_NONE);
	assert_string_equal(value_of(f, "\"${n}\""), "2");
	assert_string_equal(value_of(f, "\"${s}\""), "\"Ann!\"");
	assert_string_equal(value_of(f, "\"${o}\""), "{\"a\":1}");
	assert_string_equal(value_of(f, "\"${e}\""), "none");
	/* Programs count in doubles, as documented. */
	assert_string_equal(value_of(f, "\"${x}\""), "9007199254740992");
}

static void
what_is_not_found_leaves_the_value_and_a_limit_takes_it(void **state)
{
	struct fixture *f = *state;
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;
	struct ld_reply answer = reply(200, "id=17 ");
	char text[LD_MAX_FAILURE_TEXT + 1];
	size_t len = 1 << 20;
	char *body = malloc(len);

	assert_non_null(body);
	must(compile(f, NULL,
		 "[{\"var\":\"v\",\"from\":\"regex\",\"pattern\":"
		 "\"id=(\\\\d+) |(?:x+)+y\",\"group\":1}]",
		 &checks, &err),
	    &err);
	assert_int_equal(run(f, checks, &answer, text), LD_CLASS_NONE);
	assert_string_equal(value_of(f, "\"${v}\""), "\"17\"");
	answer = reply(200, "nothing");
	assert_int_equal(run(f, checks, &answer, text), LD_CLASS_NONE);
	assert_string_equal(value_of(f, "\"${v}\""), "\"17\"");
	memset(body, 'x', len);
	answer.body = body;
	answer.body_len = len;
	assert_int_equal(run(f, checks, &answer, text), LD_CLASS_NONE);
	assert_string_equal(value_of(f, "\"${v}\""), "none");
	free(body);
}

static void
a_value_that_is_too_long_is_no_value(void **state)
{
	struct fixture *f = *state;
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;
	char text[LD_MAX_FAILURE_TEXT + 1];
	size_t len = LD_MAX_VALUE_BYTES + 1;
	char *body = malloc(len);
	struct ld_reply answer = reply(200, NULL);

	assert_non_null(body);
	memset(body, 'x', len);
	answer.body = body;
	answer.body_len = len;
	for (int required = 0; required < 2; required++) {
		must(compile(f, NULL,
			 required ? "[{\"var\":\"v\",\"from\":\"regex\","
				    "\"pattern\":\"x+\",\"required\":true}]"
				  : "[{\"var\":\"v\",\"from\":\"regex\","
				    "\"pattern\":\"x+\"}]",
			 &checks, &err),
		    &err);
		assert_int_equal(run(f, checks, &answer, text),
		    required ? LD_CLASS_ASSERTION : LD_CLASS_NONE);
		assert_string_equal(value_of(f, "\"${v}\""), "none");
	}
	assert_string_equal(
	    text, "extract v: regex x+ found a value that is too long");
	free(body);
}

static void
what_makes_no_sense_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *extract, *want;
	} table[] = {
		{ "[{\"var\":\"v\",\"path\":\"a\",\"default\":1,"
		  "\"required\":true}]",
		    "t:1:34: with a 'default' there is always a value: "
		    "'required' has no effect" },
		{ "[{\"var\":\"v\",\"path\":\"${uuid()}\"}]",
		    "t:1:20: 'path' must be known before the run, and "
		    "${uuid()} is not" },
		{ "[{\"var\":\"v\",\"from\":\"jq\"}]",
		    "t:1:2: 'filter' is missing" },
		{ "[{\"var\":\"v\",\"from\":\"regex\",\"pattern\":\"a(b\"}]",
		    "t:1:38: 'a(b' is not a regular expression: missing "
		    "closing parenthesis (at byte 4)" },
		{ "[{\"var\":\"v\",\"from\":\"regex\",\"pattern\":\"(a)(b)\","
		  "\"group\":3}]",
		    "t:1:55: the pattern has 2 groups" },
		{ "[{\"var\":\"v\",\"from\":\"regex\",\"pattern\":"
		  "\"(?J)(?<n>a)|(?<n>b)\",\"group\":\"n\"}]",
		    "t:1:68: several groups of the pattern are named 'n'" },
		{ "[{\"var\":\"${x}\",\"path\":\"a\"}]",
		    "t:1:9: the name of a variable holds no placeholder" },
		{ "[{\"var\":\"v\",\"from\":\"size\",\"path\":\"a\"}]",
		    "t:1:20: unknown extractor 'size'" },
	};
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(
		    compile(*state, NULL, table[i].extract, &checks, &err),
		    LD_INVALID);
		assert_string_equal(plan_error(&err), table[i].want);
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(each_kind_stores_what_it_finds_or_its_default_or_fails),
		T(programs_of_jq_give_typed_values),
		T(what_is_not_found_leaves_the_value_and_a_limit_takes_it),
		T(a_value_that_is_too_long_is_no_value),
		T(what_makes_no_sense_is_refused_with_its_place),
	};
#undef T

	return cmocka_run_group_tests_name("extract", tests, NULL, NULL);
}
