/* SPDX-License-Identifier: MIT */
/* Documents that execute documents, the importers' commands, and how often
 * a plan is compiled. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "action_value.h"
#include "drivers/fakes.h"

#define ENTRY(method, url, headers)                              \
	"{\"request\":{\"method\":\"" method "\",\"url\":\"" url \
	"\",\"headers\":[" headers "]},\"response\":{\"status\":200}}"
#define HAR(entries) "{\"log\":{\"entries\":[" entries "]}}"
#define TWO                                               \
	HAR(ENTRY("GET", "http://h/a?x=1", "") "," ENTRY( \
	    "GET", "http://h/b.css", ""))
#define TASK_A                                                             \
	"{\"method\":\"get\",\"request_url\":\"http://h/a?x=1\",\"name\":" \
	"\"GET /a?x=1\",\"assertions\":[{\"type\":\"status_code\","        \
	"\"value\":200}]}"
#define TASK_B                                                             \
	"{\"method\":\"get\",\"request_url\":\"http://h/b.css\",\"name\":" \
	"\"GET /b.css\",\"assertions\":[{\"type\":\"status_code\","        \
	"\"value\":200}]}"

/* A file with this text; its name is valid until the next call. */
static const char *
file_with(const char *text)
{
	static char path[64];
	size_t len = strlen(text);
	int fd;

	strcpy(path, "/tmp/ld-test.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_true(write(fd, text, len) == (ssize_t)len);
	close(fd);
	return path;
}

/* -- recordings ----------------------------------------------------------- */

static void
a_recording_becomes_tasks(void **state)
{
	(void)state;
	assert_string_equal(action_value("LD_har_to_tasks", "[" TWO "]"),
	    "[" TASK_A "," TASK_B "]");
	assert_string_equal(
	    action_value("LD_har_to_tasks", "[" TWO ", [\"/a\"]]"),
	    "[" TASK_A "]");
	assert_string_equal(
	    action_value("LD_har_to_tasks",
		"{\"exclude\": [\"/a\"], \"har\": " TWO ", \"include\": null}"),
	    "[" TASK_B "]");
}

static void
a_recording_becomes_action_json_with_the_defaults_of_the_original(void **state)
{
	(void)state;
	assert_string_equal(action_value("LD_har_to_action_json",
				"{\"har\": " TWO ", \"include\": [\"/a\"]}"),
	    "{\"load_density\":[[\"LD_start_test\",{\"user_detail_dict\":{"
	    "\"user\":\"fast_http_user\"},\"tasks\":{\"mode\":\"sequence\","
	    "\"tasks\":[" TASK_A "]},\"user_count\":10,\"spawn_rate\":5,"
	    "\"test_time\":60}]]}");
	assert_string_equal(
	    action_value("LD_har_to_action_json",
		"[" TWO ", \"http_user\", 3, 0.5, 0, [\"/b\"]]"),
	    "{\"load_density\":[[\"LD_start_test\",{\"user_detail_dict\":{"
	    "\"user\":\"http_user\"},\"tasks\":{\"mode\":\"sequence\","
	    "\"tasks\":[" TASK_B "]},\"user_count\":3,\"spawn_rate\":0.5,"
	    "\"test_time\":0}]]}");
}

static void
a_recording_may_be_a_file(void **state)
{
	const char *path = file_with("\xef\xbb\xbf" TWO);
	char args[128];

	(void)state;
	snprintf(args, sizeof(args), "[\"%s\", [\"/a\"]]", path);
	assert_string_equal(
	    action_value("LD_har_to_tasks", args), "[" TASK_A "]");
	snprintf(args, sizeof(args), "[\"%s\"]", path);
	assert_string_equal(action_value("LD_load_har", args), TWO);
	unlink(path);
	assert_string_equal(action_value("LD_load_har", args),
	    "failed: cannot open: No such file or directory");
	assert_string_equal(action_value("LD_har_to_tasks", args),
	    "failed: cannot open: No such file or directory");
}

static void
what_is_no_recording_fails_the_action(void **state)
{
	const char *path = file_with("[1,\n2");
	char args[128];

	(void)state;
	assert_string_equal(action_value("LD_har_to_tasks", "[{}]"),
	    "failed: this is no HAR recording: it has no array "
	    "'log.entries'");
	snprintf(args, sizeof(args), "[\"%s\"]", path);
	assert_memory_equal(action_value("LD_load_har", args), "failed: ", 8);
	assert_memory_equal(
	    action_value("LD_har_to_tasks", args), "failed: ", 8);
	unlink(path);
}

static void
arguments_of_importers_are_checked_before_anything_runs(void **state)
{
	(void)state;
	assert_memory_equal(
	    action_value("LD_har_to_tasks", "[" TWO ", [\"(\"]]"),
	    "refused: include: '(' is not a regular expression", 49);
	assert_string_equal(action_value("LD_har_to_tasks", "[" TWO ", \"a\"]"),
	    "refused: LD_har_to_tasks: 'include' is to be a list of strings, "
	    "not string");
	assert_string_equal(action_value("LD_har_to_action_json",
				"{\"har\": " TWO ", \"user_count\": 0}"),
	    "refused: LD_har_to_action_json: 'user_count' is to be an integer "
	    "from 1 on, not number");
	assert_string_equal(action_value("LD_har_to_tasks", "[5]"),
	    "refused: LD_har_to_tasks: 'har' is to be an object or the path "
	    "of a file, not number");
}

static void
secrets_of_a_recording_stay_out_of_the_record(void **state)
{
	static const char *const har = HAR(ENTRY("GET", "http://h/",
	    "{\"name\":\"Authorization\",\"value\":\"Bearer s3cret\"},"
	    "{\"name\":\"X-Trace\",\"value\":\"seen\"}"));
	const char *path = file_with(har), *got;
	char args[1000];

	(void)state;
	snprintf(args, sizeof(args), "[%s]", har);
	got = action_value("LD_har_to_tasks", args);
	assert_non_null(strstr(got, "\"Authorization\":\"***\""));
	assert_non_null(strstr(got, "\"X-Trace\":\"seen\""));
	snprintf(args, sizeof(args), "[\"%s\"]", path);
	got = action_value("LD_load_har", args);
	assert_non_null(
	    strstr(got, "{\"name\":\"Authorization\",\"value\":\"***\"}"));
	assert_non_null(strstr(got, "\"value\":\"seen\""));
	unlink(path);
}

/* -- command lines of curl ------------------------------------------------ */

#define CURL_HEADERS                                                      \
	"\"headers\":{\"User-Agent\":\"curl/7.88.1\",\"Accept\":\"*/*\"," \
	"\"Accept-Encoding\":null"

static void
a_command_line_of_curl_becomes_a_task(void **state)
{
	static const char want[] =
	    "{\"method\":\"patch\",\"request_url\":\"http://h/a\"," CURL_HEADERS
	    ",\"X\":\"y\",\"Content-Type\":\"application/"
	    "x-www-form-urlencoded\"}"
	    ",\"data\":\"a=b\",\"allow_redirects\":false}";

	(void)state;
	assert_string_equal(action_value("LD_curl_to_task",
				"[\"curl -s -X PATCH -d a=b \\\\\\n -H 'X: y' "
				"http://h/a\"]"),
	    want);
	assert_string_equal(action_value("LD_curl_to_task",
				"{\"command\": \"-X PATCH -d a=b -H 'X: y' "
				"http://h/a\"}"),
	    want);
}

static void
what_is_no_task_of_curl_fails_the_action(void **state)
{
	(void)state;
	assert_string_equal(action_value("LD_curl_to_task", "[\"curl h i\"]"),
	    "failed: the command makes 2 requests, and a task is one");
	assert_string_equal(
	    action_value("LD_curl_to_task", "[\"curl --dta h\"]"),
	    "failed: curl has no option '--dta'; did you mean '--data'?");
	assert_string_equal(action_value("LD_curl_to_task", "[\"\"]"),
	    "failed: there is no command 'curl' in it");
	assert_string_equal(
	    action_value("LD_curl_to_task", "[\"curl -d @/nonexistent/x h\"]"),
	    "failed: '/nonexistent/x' cannot be read: No such file or "
	    "directory");
	assert_string_equal(action_value("LD_curl_to_task", "[]"),
	    "refused: LD_curl_to_task needs 'command'");
	assert_string_equal(action_value("LD_curl_to_task", "[[\"h\"]]"),
	    "refused: LD_curl_to_task: 'command' is to be a string without "
	    "NUL, not array");
}

static void
secrets_of_a_command_line_stay_out_of_the_record(void **state)
{
	static const char *const commands[] = { "curl -u me:s3cret http://h/",
		"curl http://me:s3cret@h/", "curl --oauth2-bearer s3cret h",
		"curl -b sid=s3cret h", "curl -H 'Authorization: s3cret' h",
		"curl -H 'X-Api-Key: s3cret1' -H 'x-api-key: s3cret2' h",
		"curl --pass s3cret --key k --cert c https://h" };
	char args[500];
	const char *got;

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		snprintf(args, sizeof(args), "[\"%s\"]", commands[i]);
		got = action_value("LD_curl_to_task", args);
		assert_non_null(strstr(got, "\"***\""));
		assert_null(strstr(got, "s3cret"));
		/* Nor may the key of a mapping tell, at any depth. */
		snprintf(args, sizeof(args),
		    "[[[\"LD_curl_to_task\",[\"%s\"]],"
		    "[\"LD_curl_to_task\",{\"command\":\"%s\"}],"
		    "[\"LD_execute_action\",[[[\"LD_curl_to_task\",[\"%s\"]"
		    "]]]]]]",
		    commands[i], commands[i], commands[i]);
		got = action_value("LD_execute_action", args);
		assert_null(strstr(got, "s3cret"));
		assert_non_null(
		    strstr(got, "\"execute: ['LD_curl_to_task', ['***']]\":{"));
		assert_non_null(strstr(got,
		    "\"execute: ['LD_curl_to_task', {'command': '***'}] "
		    "2\":{"));
		assert_non_null(strstr(got,
		    "\"execute: ['LD_execute_action', [[['LD_curl_to_task', "
		    "['***']]]]]\":{"));
	}
}

static void
a_value_that_is_too_large_is_left_out_and_said_to_be(void **state)
{
	char *text = malloc(1100001), args[128];
	const char *path;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 1100000);
	text[0] = text[1099999] = '"';
	text[1100000] = '\0';
	path = file_with(text);
	snprintf(args, sizeof(args), "[\"%s\"]", path);
	assert_string_equal(
	    action_value("LD_load_har", args), "null,\"value_omitted\":true");
	unlink(path);
	free(text);
}

/* -- documents ------------------------------------------------------------ */

static void
executing_a_list_returns_a_mapping(void **state)
{
	(void)state;
	assert_string_equal(
	    action_value("LD_execute_action",
		"[[[\"len\", [[1, null]]], [\"ord\", [\"ab\"]], "
		"[\"LD_clear_resolver\"], [\"len\", [[1, null]]]]]"),
	    "{\"execute: ['len', [[1, None]]]\":2,"
	    "\"execute: ['ord', ['ab']]\":\"a string of one character is "
	    "wanted\","
	    "\"execute: ['LD_clear_resolver']\":{\"status\":\"cleared\"}}");
}

static void
a_mapping_shows_no_secret(void **state)
{
	(void)state;
	assert_string_equal(action_value("LD_execute_action",
				"[[[\"LD_register_variables\", "
				"[{\"password\": \"s3cret\", \"n\": 1}]]]]"),
	    "{\"execute: ['LD_register_variables', [{'password': '***', 'n': "
	    "1}]]\":null}");
}

static void
executing_files_returns_a_mapping_for_each(void **state)
{
	char one[64], plan[300];
	const char *two, *stream;
	struct load load;

	(void)state;
	strcpy(one, file_with("[[\"abs\", [-1]]]"));
	two = file_with("{\"load_density\": [[\"abs\", [-2]], [\"abs\"]]}");
	snprintf(plan, sizeof(plan),
	    "[[\"LD_execute_files\", [[\"%s\", \"%s\"]]]]", one, one);
	stream = actions_stream(&load, plan);
	assert_int_equal(load.status, LD_OK);
	assert_int_equal(load.outcome.actions_failed, 0);
	assert_non_null(strstr(stream,
	    "\"command\":\"LD_execute_files\",\"status\":\"ok\",\"value\":[{"
	    "\"execute: ['abs', [-1]]\":1},{\"execute: ['abs', [-1]]\":1}]}"));
	snprintf(plan, sizeof(plan),
	    "[[\"LD_execute_files\", [[\"%s\", \"%s\"]]]]", one, two);
	stream = actions_stream(&load, plan);
	assert_int_equal(load.status, LD_INVALID);
	assert_string_equal(stream, "");
	assert_string_equal(load.err.file, two);
	assert_string_equal(load.err.text, "abs wants the argument 'x'");
	unlink(one);
	unlink(two);
}

static void
an_error_in_a_nested_list_has_its_place_in_the_document(void **state)
{
	struct load load;

	(void)state;
	actions_stream(&load, "[[\"LD_execute_action\", [\n [[\"lenn\"]]]]]");
	assert_int_equal(load.status, LD_INVALID);
	assert_string_equal(
	    load.err.text, "unknown command 'lenn'; did you mean 'len'?");
	assert_string_equal(load.err.file, "test");
	assert_int_equal(load.err.line, 2);
	assert_int_equal(load.err.column, 4);
}

/* -- compiling ------------------------------------------------------------ */

static void
a_plan_is_compiled_once_to_check_it_and_once_to_run_it(void **state)
{
	static const char *const run =
	    "[[\"LD_start_test\",{\"user\":\"fake_blocking_user\","
	    "\"user_count\":1,\"passes\":1,\"wait\":0,\"tasks\":[{},{}]}]]";
	struct ld_err err = LD_ERR_INIT;
	char plan[400];
	struct load load;

	(void)state;
	assert_int_equal(ld_driver_register(&fake_blocking, &err), LD_OK);
	fakes_reset();
	actions_stream(&load, run);
	assert_int_equal(load.status, LD_OK);
	assert_int_equal(load.outcome.runs, 1);
	assert_int_equal(atomic_load(&fake.compiles), 2 * 2);
	fakes_reset();
	snprintf(plan, sizeof(plan), "[[\"LD_execute_action\",[%s]]]", run);
	actions_stream(&load, plan);
	assert_int_equal(load.outcome.runs, 1);
	assert_int_equal(atomic_load(&fake.compiles), 2 * 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_recording_becomes_tasks),
		cmocka_unit_test(
		    a_recording_becomes_action_json_with_the_defaults_of_the_original),
		cmocka_unit_test(a_recording_may_be_a_file),
		cmocka_unit_test(what_is_no_recording_fails_the_action),
		cmocka_unit_test(
		    arguments_of_importers_are_checked_before_anything_runs),
		cmocka_unit_test(secrets_of_a_recording_stay_out_of_the_record),
		cmocka_unit_test(a_command_line_of_curl_becomes_a_task),
		cmocka_unit_test(what_is_no_task_of_curl_fails_the_action),
		cmocka_unit_test(
		    secrets_of_a_command_line_stay_out_of_the_record),
		cmocka_unit_test(
		    a_value_that_is_too_large_is_left_out_and_said_to_be),
		cmocka_unit_test(executing_a_list_returns_a_mapping),
		cmocka_unit_test(a_mapping_shows_no_secret),
		cmocka_unit_test(executing_files_returns_a_mapping_for_each),
		cmocka_unit_test(
		    an_error_in_a_nested_list_has_its_place_in_the_document),
		cmocka_unit_test(
		    a_plan_is_compiled_once_to_check_it_and_once_to_run_it),
	};

	return cmocka_run_group_tests_name("actions", tests, NULL, NULL);
}
