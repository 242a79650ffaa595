/* SPDX-License-Identifier: MIT */
/*
 * Each kind of assertion: what holds, what fails with which words, and what
 * is refused before the run.  (The kinds of the original are in test_check.c.)
 */
#include "config.h"

#include "check_test.h"

#include "plan/jq.h"

#define BODY                                                    \
	"{\"id\":9007199254740993,\"ok\":true,\"no\":false,"    \
	"\"none\":null,\"a b\":1,\"name\":\"Ann \\\"A\\\" B\"," \
	"\"items\":[{\"n\":1.0},{\"n\":2}],\"codes\":[200,\"3xx\"]}"
#define HTML "<p>Hello, W\xc3\xb6rld no. 17</p>\n<p>bye</p>"

struct verdict {
	const char *assertion; /* with ' for " */
	int status;
	const char *body;
	const char *want; /* "" = it holds */
};

/* A plan as one writes it, with ' for ". */
static const char *
quoted(const char *text)
{
	static char plan[2][4096];
	static int turn;
	size_t i;

	turn = !turn;
	for (i = 0; text[i] != '\0'; i++)
		plan[turn][i] = text[i] == '\'' ? '"' : text[i];
	plan[turn][i] = '\0';
	return plan[turn];
}

static void
judge(struct fixture *f, const struct verdict *table, size_t n)
{
	struct ld_err err = LD_ERR_INIT;
	char text[LD_MAX_FAILURE_TEXT + 1], plan[4096];

	for (size_t i = 0; i < n; i++) {
		struct ld_reply answer = reply(table[i].status, table[i].body);
		struct ldi_checks *checks;
		enum ld_class cls;

		answer.status_failed = false;
		snprintf(
		    plan, sizeof(plan), "[%s]", quoted(table[i].assertion));
		must(compile(f, plan, NULL, &checks, &err), &err);
		cls = run(f, checks, &answer, text);
		if (strcmp(text, table[i].want) != 0)
			fail_msg("%s: '%s', not '%s'", table[i].assertion, text,
			    table[i].want);
		assert_int_equal(
		    cls, text[0] == '\0' ? LD_CLASS_NONE : LD_CLASS_ASSERTION);
	}
}
#define JUDGE(state, table) \
	judge(*(state), table, sizeof(table) / sizeof((table)[0]))

static void
status_codes_are_numbers_classes_and_lists(void **state)
{
	static const struct verdict table[] = {
		{ "{'type':'status_code','value':' 204 '}", 204, "", "" },
		{ "{'type':'status_code','value':2e2}", 200, "", "" },
		{ "{'type':'status_code','value':'2xx'}", 299, "", "" },
		{ "{'type':'status_code','value':'2XX'}", 300, "",
		    "status_code expected 2XX, got 300" },
		{ "{'type':'status_code','value':'5xx'}", -1, "",
		    "status_code expected 5xx, got none" },
		{ "{'type':'status_code','value':[200, 204]}", 204, "", "" },
		{ "{'type':'status_code','value':[200, '3xx', '404']}", 302, "",
		    "" },
		{ "{'type':'status_code','value':[200, '3xx', '404']}", 404, "",
		    "" },
		{ "{'type':'status_code','value':[200, '3xx']}", 500, "",
		    "status_code expected [200,\"3xx\"], got 500" },
		{ "{'type':'status_code','value':[200,'${code}']}", 201, "",
		    "" },
		{ "{'type':'status_code','value':'${randint(2,2)}xx'}", 204, "",
		    "" },
		{ "{'type':'status_code','value':['${randint(204,204)}',"
		  "'3xx']}",
		    204, "", "" },
		{ "{'type':'status_code','value':['${randint(204,204)}']}", 200,
		    "", "status_code expected [204], got 200" },
	};

	JUDGE(state, table);
}

static void
headers_are_there_or_equal_or_contain_or_match(void **state)
{
	static const struct verdict table[] = {
		{ "{'type':'header','name':'CONTENT-type'}", 200, "", "" },
		{ "{'type':'header','name':'X'}", 200, "",
		    "header X is absent" },
		{ "{'type':'header','name':'content-type','contains':'html'}",
		    200, "", "" },
		{ "{'type':'header','name':'content-type','contains':'${code}'"
		  "}",
		    200, "",
		    "header content-type expected to contain '201', got "
		    "'text/html'" },
		{ "{'type':'header','name':'X','contains':''}", 200, "",
		    "header X expected to contain '', got None" },
		{ "{'type':'header','name':'content-type',"
		  "'regex':'^text/(html|plain)$'}",
		    200, "", "" },
		{ "{'type':'header','name':'content-type','pattern':'^html'}",
		    200, "",
		    "header content-type expected to match '^html', got "
		    "'text/html'" },
		{ "{'type':'header','name':'set-cookie','regex':'^x'}", 200, "",
		    "header set-cookie expected to match '(not shown)', got "
		    "'(not shown)'" },
	};

	JUDGE(state, table);
}

static void
plain_jq_paths_are_exact_and_judge_as_jq_does(void **state)
{
	static const struct verdict table[] = {
		{ "{'type':'jq','filter':'.ok'}", 200, BODY, "" },
		{ "{'type':'jq','filter':'.id','value':9007199254740993}", 200,
		    BODY, "" },
		{ "{'type':'jq','expr':'.id','value':9007199254740992}", 200,
		    BODY,
		    "jq .id expected 9007199254740992, got 9007199254740993" },
		{ "{'type':'jq','filter':' .items[0].n ','value':1}", 200, BODY,
		    "" },
		{ "{'type':'jq','filter':'.items[-1][\\\"n\\\"]','value':2}",
		    200, BODY, "" },
		{ "{'type':'jq','filter':'.[\\\"a b\\\"]','value':1}", 200,
		    BODY, "" },
		{ "{'type':'jq','filter':'.\\\"a b\\\"','value':'1'}", 200,
		    BODY, "jq .\"a b\" expected \"1\", got 1" },
		{ "{'type':'jq','filter':'.','value':[]}", 200, "[]", "" },
		{ "{'type':'jq','filter':'.no'}", 200, BODY,
		    "jq .no expected a true value, got false" },
		{ "{'type':'jq','filter':'.none'}", 200, BODY,
		    "jq .none expected a true value, got null" },
		{ "{'type':'jq','filter':'.absent'}", 200, BODY,
		    "jq .absent expected a true value, got null" },
		{ "{'type':'jq','filter':'.none.deep[3]','value':1}", 200, BODY,
		    "jq .none.deep[3] expected 1, got null" },
		{ "{'type':'jq','filter':'.items[9]','value':1}", 200, BODY,
		    "jq .items[9] expected 1, got null" },
		{ "{'type':'jq','filter':'.ok.x'}", 200, BODY,
		    "jq .ok.x: Cannot index boolean with \"x\"" },
		{ "{'type':'jq','filter':'.[0]'}", 200, BODY,
		    "jq .[0]: Cannot index object with number" },
		{ "{'type':'jq','filter':'.id','value':'${code}'}", 200,
		    "{\"id\":\"201\"}", "" },
		{ "{'type':'jq','filter':'.id','value':'${randint(3,3)}'}", 200,
		    "{\"id\":3}", "" },
		{ "{'type':'jq','filter':'.id'}", 200, "<html>",
		    "jq .id: the body is not JSON" },
		{ "{'type':'jq','filter':'.id'}", 204, "",
		    "jq .id expected a true value, got nothing" },
	};

	JUDGE(state, table);
}

static void
jq_programs_are_judged_by_their_first_output(void **state)
{
	static const struct verdict table[] = {
		{ "{'type':'jq','filter':'.items | length','value':2}", 200,
		    BODY, "" },
		{ "{'type':'jq','filter':'[.items[].n] | add','value':3}", 200,
		    BODY, "" },
		{ "{'type':'jq','filter':'.items[] | .n','value':1}", 200, BODY,
		    "" },
		{ "{'type':'jq','filter':'.items | length == 3'}", 200, BODY,
		    "jq .items | length == 3 expected a true value, got "
		    "false" },
		{ "{'type':'jq','filter':'.none == null'}", 200, BODY, "" },
		{ "{'type':'jq','filter':'.name | test(\\\"ann\\\"; \\\"i\\\")'"
		  "}",
		    200, BODY, "" },
		{ "{'type':'jq','filter':'empty'}", 200, BODY,
		    "jq empty expected a true value, got nothing" },
		{ "{'type':'jq','filter':'.items[] | select(.n > 5)',"
		  "'value':1}",
		    200, BODY,
		    "jq .items[] | select(.n > 5) expected 1, got nothing" },
		{ "{'type':'jq','filter':'error(\\\"no such luck\\\")'}", 200,
		    BODY, "jq error(\"no such luck\"): no such luck" },
		{ "{'type':'jq','filter':'{n: .items[1].n, q: .name}',"
		  "'value':{'q':'Ann \\\"A\\\" B','n':2.0}}",
		    200, BODY, "" },
		{ "{'type':'jq','filter':'.id + 0','value':9007199254740992}",
		    200, BODY, "" },
		{ "{'type':'jq','filter':'def f: 1; f # why not','value':1}",
		    200, "0", "" },
		{ "{'type':'jq','filter':'[paths] | length','value':14}", 200,
		    BODY, "" },
		{ "{'type':'jq','filter':'.a | . + 1'}", 200, "<html>",
		    "jq .a | . + 1: the body is not JSON" },
		{ "{'type':'jq','filter':'. + 1'}", 200, "",
		    "jq . + 1 expected a true value, got nothing" },
	};

	if (!ldi_jq_here())
		skip();
	JUDGE(state, table);
}

static void
a_jq_program_reaches_neither_environment_nor_files_nor_our_exit(void **state)
{
	static const struct verdict table[] = {
		{ "{'type':'jq','filter':'[env, $ENV]','value':[{},{}]}", 200,
		    "1", "" },
		{ "{'type':'jq','filter':'$ENV.PATH','value':1}", 200, "1",
		    "jq $ENV.PATH expected 1, got null" },
		{ "{'type':'jq','filter':'input'}", 200, "1",
		    "jq input: a filter has one input" },
		{ "{'type':'jq','filter':'halt'}", 200, "1",
		    "jq halt: a filter cannot halt" },
		{ "{'type':'jq','filter':'halt_error(3)'}", 200, "1",
		    "jq halt_error(3): a filter cannot halt" },
		{ "{'type':'jq','filter':'stderr','value':1}", 200, "1", "" },
	};

	if (!ldi_jq_here())
		skip();
	JUDGE(state, table);
}

static void
patterns_match_the_body_or_a_group_of_it(void **state)
{
	static const struct verdict table[] = {
		{ "{'type':'regex','pattern':'no\\\\. \\\\d+'}", 200, HTML,
		    "" },
		{ "{'type':'regex','pattern':'^<p>bye'}", 200, HTML,
		    "body does not match '^<p>bye'" },
		{ "{'type':'regex','pattern':'(?m)^<p>bye'}", 200, HTML, "" },
		{ "{'type':'regex','pattern':'HELLO, W.RLD'}", 200, HTML,
		    "body does not match 'HELLO, W.RLD'" },
		{ "{'type':'regex','pattern':'HELLO, W\xc3\x96RLD',"
		  "'ignore_case':true}",
		    200, HTML, "" },
		{ "{'type':'regex','pattern':'no\\\\. (\\\\d+)',"
		  "'value':'17'}",
		    200, HTML, "" },
		{ "{'type':'regex','pattern':'no\\\\. (\\\\d+)','value':17}",
		    200, HTML, "" },
		{ "{'type':'regex','pattern':'no\\\\. (\\\\d+)','group':0,"
		  "'value':'17'}",
		    200, HTML,
		    "regex no\\. (\\d+) expected '17', got 'no. 17'" },
		{ "{'type':'regex','pattern':'(?<a>W.)r(?<b>l)','group':'b',"
		  "'value':'${code}'}",
		    200, HTML,
		    "regex (?<a>W.)r(?<b>l) expected '201', got 'l'" },
		{ "{'type':'regex','pattern':'(zz)?bye','value':''}", 200, HTML,
		    "regex (zz)?bye expected '', got None" },
		{ "{'type':'regex','pattern':'bye','value':'bye'}", 200, HTML,
		    "" },
		{ "{'type':'regex','pattern':'^$'}", 204, "", "" },
		{ "{'type':'regex','pattern':'.'}", 204, NULL,
		    "body does not match '.'" },
	};

	JUDGE(state, table);
}

static void
sizes_are_exact_or_between(void **state)
{
	static const struct verdict table[] = {
		{ "{'type':'size','value':3}", 200, "abc", "" },
		{ "{'type':'size','value':'3'}", 200, "abc", "" },
		{ "{'type':'size','value':'1KiB'}", 200, "abc",
		    "size expected 1KiB, got 3" },
		{ "{'type':'size','value':0}", 204, NULL, "" },
		{ "{'type':'size','value':'${randint(3,3)}'}", 200, "abc", "" },
		{ "{'type':'size','value':'${randint(4,4)}'}", 200, "abc",
		    "size expected 4, got 3" },
		{ "{'type':'size','min':3,'max':'3B'}", 200, "abc", "" },
		{ "{'type':'size','min':4}", 200, "abc",
		    "size expected at least 4, got 3" },
		{ "{'type':'size','min':1,'max':2}", 200, "abc",
		    "size expected at most 2, got 3" },
		{ "{'type':'size','max':0}", 204, NULL, "" },
	};

	JUDGE(state, table);
}

static void
times_are_of_the_service_or_of_the_response(void **state)
{
	struct fixture *f = *state;
	static const struct verdict table[] = {
		{ "{'type':'time_ms','max':250}", 200, "", "" },
		{ "{'type':'time_ms','max':249.999999}", 200, "",
		    "time_ms expected at most 249.999999, got 250" },
		{ "{'type':'time_ms','min':250,'max':250}", 200, "", "" },
		{ "{'type':'time_ms','min':300}", 200, "",
		    "time_ms expected at least 300, got 250" },
		{ "{'type':'time_ms','max':250,'of':'Service'}", 200, "", "" },
		{ "{'type':'time_ms','max':250,'of':'response'}", 200, "",
		    "time_ms expected at most 250, got 1250.0405 (response)" },
	};

	f->times.service_ns = 250000000;
	f->times.response_ns = 1250040500;
	JUDGE(state, table);
}

static const struct {
	const char *assertion; /* with ' for " */
	const char *want;
} mistakes[] = {
	{ "{'type':'status_code','value':[]}",
	    "t:1:32: no status code is in an empty array" },
	{ "{'type':'status_code','value':[200,'ok']}",
	    "t:1:32: a status code is a whole number such as 200, a class "
	    "such as \"2xx\", or an array of them, not \"ok\"" },
	{ "{'type':'status_code','value':'9xx'}",
	    "t:1:32: a status code is a whole number such as 200, a class "
	    "such as \"2xx\", or an array of them, not 9xx" },
	{ "{'type':'status_code','value':{}}",
	    "t:1:32: a status code is a whole number such as 200, a class "
	    "such as \"2xx\", or an array of them, not {}" },
	{ "{'type':'header','name':'a','value':'x','contains':'y'}",
	    "t:1:2: 'value', 'contains' and 'regex' exclude each other" },
	{ "{'type':'header','name':'a','regex':'('}",
	    "t:1:38: '(' is not a regular expression: missing closing "
	    "parenthesis (at byte 2)" },
	{ "{'type':'header','name':'${uuid()}'}",
	    "t:1:26: 'name' must be known before the run, and ${uuid()} is "
	    "not" },
	{ "{'type':'regex','pattern':'a(?<n>b)','group':'m','value':1}",
	    "t:1:47: the pattern has no group named 'm'" },
	{ "{'type':'regex','pattern':'a(b)','group':2,'value':1}",
	    "t:1:43: the pattern has 1 group" },
	{ "{'type':'regex','pattern':'a','group':true,'value':1}",
	    "t:1:40: 'group' is a number or a name, not a boolean" },
	{ "{'type':'regex','pattern':'a','group':0}",
	    "t:1:40: 'group' says whose text 'value' is: without 'value' it "
	    "has no effect" },
	{ "{'type':'regex','pattern':'${randint(1,2)}'}",
	    "t:1:28: 'pattern' must be known before the run, and "
	    "${randint(1,2)} is not" },
	{ "{'type':'jq','filter':'${randint(1,2)}'}",
	    "t:1:24: 'filter' must be known before the run, and "
	    "${randint(1,2)} is not" },
	{ "{'type':'jq','filter':' '}", "t:1:24: the jq filter is empty" },
	{ "{'type':'size'}",
	    "t:1:2: 'size' wants either a 'value', or 'min', 'max' or both" },
	{ "{'type':'size','value':1,'max':2}",
	    "t:1:2: 'size' wants either a 'value', or 'min', 'max' or both" },
	{ "{'type':'size','min':3,'max':2}",
	    "t:1:2: 'min' is more than 'max': no size is between them" },
	{ "{'type':'size','value':-1}",
	    "t:1:25: a size is a number of bytes such as 4096 or \"64KiB\", "
	    "not -1" },
	{ "{'type':'time_ms'}",
	    "t:1:2: 'time_ms' wants a 'max', a 'min' or both" },
	{ "{'type':'time_ms','max':-1}",
	    "t:1:26: 'max' is a number of milliseconds from 0" },
	{ "{'type':'time_ms','max':1,'of':'lag'}", "t:1:33: unknown of 'lag'" },
	{ "{'type':'time_ms','min':3,'max':2}",
	    "t:1:2: 'min' is more than 'max': no time is between them" },
	{ "{'type':'sise'}",
	    "t:1:10: unknown assertion 'sise'; did you mean 'size'?" },
};

static void
what_makes_no_sense_is_refused_with_its_place(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;
	char plan[1024];

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		snprintf(
		    plan, sizeof(plan), "[%s]", quoted(mistakes[i].assertion));
		assert_int_equal(
		    compile(*state, plan, NULL, &checks, &err), LD_INVALID);
		if (strcmp(plan_error(&err), mistakes[i].want) != 0)
			fail_msg("%s: '%s', not '%s'", mistakes[i].assertion,
			    plan_error(&err), mistakes[i].want);
	}
}

static void
a_program_that_is_none_is_told_in_the_words_of_jq(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct ldi_checks *checks;

	assert_int_equal(
	    compile(*state, "[{\"type\":\"jq\",\"filter\":\"foo(1)\"}]", NULL,
		&checks, &err),
	    ldi_jq_here() ? LD_INVALID : LD_UNSUPPORTED);
	if (!ldi_jq_here())
		skip();
	assert_string_equal(plan_error(&err),
	    "t:1:24: 'foo(1)' is not a jq program: foo/1 is not defined");
	assert_int_equal(
	    compile(*state, "[{\"type\":\"jq\",\"filter\":\".a |\"}]", NULL,
		&checks, &err),
	    LD_INVALID);
	assert_non_null(
	    strstr(err.text, "'.a |' is not a jq program: syntax error"));
	assert_null(strchr(err.text, '\n'));
	/* One with what we put around it only. */
	assert_int_equal(
	    compile(*state, "[{\"type\":\"jq\",\"filter\":\"1), (2\"}]", NULL,
		&checks, &err),
	    LD_INVALID);
	/* Alone only. */
	assert_int_equal(compile(*state,
			     "[{\"type\":\"jq\",\"filter\":"
			     "\"import \\\"a\\\" as a; .\"}]",
			     NULL, &checks, &err),
	    LD_INVALID);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(status_codes_are_numbers_classes_and_lists),
		T(headers_are_there_or_equal_or_contain_or_match),
		T(plain_jq_paths_are_exact_and_judge_as_jq_does),
		T(jq_programs_are_judged_by_their_first_output),
		T(a_jq_program_reaches_neither_environment_nor_files_nor_our_exit),
		T(patterns_match_the_body_or_a_group_of_it),
		T(sizes_are_exact_or_between),
		T(times_are_of_the_service_or_of_the_response),
		T(what_makes_no_sense_is_refused_with_its_place),
		T(a_program_that_is_none_is_told_in_the_words_of_jq),
	};
#undef T

	return cmocka_run_group_tests_name("check kinds", tests, NULL, NULL);
}
