/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ld/import.h>
#include <ld/json.h>
#include <ld/limits.h>

#define HEAD                                                                 \
	"{\"type\":\"begin\",\"schema\":\"ld.plan/1\",\"importer\":\"har\"," \
	"\"source\":\"x.har\"}\n{\"type\":\"config\"}\n"
#define URL "\"method\":\"GET\",\"url\":\"http://h/a\""

static struct ld_buf out;
static struct ld_import_count count;
static struct ld_err err;

static int
setup(void **state)
{
	(void)state;
	ld_buf_init(&out, LD_MAX_DOCUMENT);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ld_buf_clear(&out);
	return 0;
}

static enum ld_status
import(const char *text, size_t len, const struct ld_import_options *options)
{
	static const struct ld_import_options none = { .test_time_s = -1 };
	/* Read behind its end and the sanitizer says so. */
	char *copy = malloc(len > 0 ? len : 1);
	enum ld_status status;

	assert_non_null(copy);
	memcpy(copy, text, len);
	ld_buf_reset(&out);
	status = ld_import(ld_importer_find("har", NULL), "x.har", copy, len,
	    options != NULL ? options : &none, &out, &count, &err);
	free(copy);
	return status;
}

/* The plan of a recording with these entries. */
static const char *
plan_with(const char *entries, const struct ld_import_options *options)
{
	struct ld_buf har;

	ld_buf_init(&har, LD_MAX_DOCUMENT);
	ld_buf_addf(&har, "{\"log\":{\"entries\":[%s]}}", entries);
	assert_int_equal(import(har.data, har.len, options), LD_OK);
	ld_buf_clear(&har);
	assert_non_null(ld_buf_str(&out));
	return out.data;
}

/* The one task of a recording with this request and response. */
static const char *
task_of(const char *request, const char *response)
{
	static char entry[16384];
	const char *plan, *task;

	snprintf(entry, sizeof(entry), "{\"request\":{%s},\"response\":{%s}}",
	    request, response);
	plan = plan_with(entry, NULL);
	assert_int_equal(count.tasks, 1);
	task = strstr(plan, "{\"type\":\"task\"");
	assert_non_null(task);
	*strchr(task, '\n') = '\0';
	return task;
}

static void
has(const char *text, const char *want)
{
	if (strstr(text, want) == NULL)
		fail_msg("no %s in:\n%s", want, text);
}

static void
has_not(const char *text, const char *bad)
{
	if (strstr(text, bad) != NULL)
		fail_msg("%s in:\n%s", bad, text);
}

static char *
slurp(const char *name, size_t *len_out)
{
	const char *srcdir = getenv("srcdir");
	char path[4096], *text = malloc(1 << 20);
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/data/har/%s",
	    srcdir != NULL ? srcdir : ".", name);
	file = fopen(path, "rb");
	assert_non_null(file);
	assert_non_null(text);
	*len_out = fread(text, 1, (1 << 20) - 1, file);
	fclose(file);
	text[*len_out] = '\0';
	return text;
}

/* X.har becomes X.plan, to the byte. */
static void
golden(const char *har, const char *plan)
{
	size_t len;
	char *text = slurp(har, &len), *want;

	assert_int_equal(import(text, len, NULL), LD_OK);
	free(text);
	want = slurp(plan, &len);
	assert_non_null(ld_buf_str(&out));
	assert_string_equal(out.data, want);
	free(want);
}

static void
a_recording_becomes_the_plan_that_stands_beside_it(void **state)
{
	(void)state;
	golden("browser.har", "browser.plan");
}

static void
a_hostile_recording_becomes_losses_and_sound_tasks(void **state)
{
	(void)state;
	golden("hostile.har", "hostile.plan");
	assert_int_equal(count.tasks, 13);
	assert_int_equal(count.losses, 37);
}

static void
an_empty_recording_is_a_whole_plan(void **state)
{
	static const char bom[] = "\xef\xbb\xbf{\"log\":{\"entries\":[]}}";

	(void)state;
	assert_string_equal(plan_with("", NULL),
	    HEAD "{\"type\":\"end\",\"tasks\":0,\"losses\":0}\n");
	assert_int_equal(import(bom, sizeof(bom) - 1, NULL), LD_OK);
}

static void
keys_come_in_the_original_s_order(void **state)
{
	(void)state;
	assert_string_equal(
	    task_of("\"method\":\"PATCH\",\"url\":\"http://h:8/p?q=1#f\","
		    "\"headers\":[{\"name\":\"A\",\"value\":\"b\"}],"
		    "\"postData\":{\"mimeType\":\"text/x\",\"text\":\"t\"}",
		"\"status\":404"),
	    "{\"type\":\"task\",\"method\":\"patch\","
	    "\"request_url\":\"http://h:8/p?q=1\",\"name\":\"PATCH /p?q=1\","
	    "\"headers\":{\"A\":\"b\",\"Content-Type\":\"text/x\"},"
	    "\"data\":\"t\",\"assertions\":[{\"type\":\"status_code\","
	    "\"value\":404}]}");
}

static void
what_was_asked_for_is_all_that_config_says(void **state)
{
	struct ld_import_options options = { .user = "http_user",
		.user_count = 3,
		.spawn_rate = 0.5,
		.test_time_s = 0 };

	(void)state;
	has(plan_with("", &options),
	    "{\"type\":\"config\",\"user_detail_dict\":{\"user\":\"http_user\"}"
	    ",\"user_count\":3,\"spawn_rate\":0.5,\"test_time\":0}\n");
	options =
	    (struct ld_import_options){ .user_count = 7, .test_time_s = -1 };
	has(plan_with("", &options),
	    "{\"type\":\"config\",\"user_count\":7}\n");
}

static void
action_json_is_the_original_s_document(void **state)
{
	struct ld_import_options options = { .test_time_s = -1,
		.action_json = true };
	struct ld_json doc;
	const char *text = plan_with("{\"request\":{" URL
				     "}},{\"request\":{\"method\":\"POST\","
				     "\"url\":\"http://h/${x}\"}},7",
	    &options);

	(void)state;
	ld_json_init(&doc);
	assert_int_equal(
	    ld_json_parse(&doc, text, strlen(text), 0, NULL), LD_OK);
	ld_json_clear(&doc);
	assert_string_equal(text,
	    "{\"load_density\": [[\"LD_start_test\", {\"user_detail_dict\": "
	    "{\"user\": \"fast_http_user\"}, \"tasks\": {\"mode\": "
	    "\"sequence\", \"tasks\": [\n"
	    "{\"method\":\"get\",\"request_url\":\"http://h/a\","
	    "\"name\":\"GET /a\"},\n"
	    "{\"method\":\"post\",\"request_url\":\"http://h/${x}\","
	    "\"name\":\"POST /${x}\"}\n"
	    "]}, \"user_count\":10,\"spawn_rate\":5,\"test_time\":60}]]}\n");
	assert_int_equal(count.losses, 1);
}

static void
include_and_exclude_search_the_url(void **state)
{
	static const char entries[] =
	    "{\"request\":{\"method\":\"GET\",\"url\":\"http://h/api/1\"}},"
	    "{\"request\":{\"method\":\"GET\",\"url\":\"http://h/a.css\"}},"
	    "{\"request\":{\"method\":\"GET\",\"url\":\"wss://h/api/2\"}},"
	    "{\"request\":{\"method\":\"GET\",\"url\":\"http://h/api/log\"}}";
	static const char *const in[] = { "nothing", "/api/[0-9]|log$" };
	static const char *const ex[] = { "log" };
	struct ld_import_options options = {
		.include = in, .n_include = 2, .test_time_s = -1
	};

	(void)state;
	plan_with(entries, &options);
	assert_int_equal(count.tasks, 2);
	assert_int_equal(count.losses, 1);
	options.exclude = ex;
	options.n_exclude = 1;
	plan_with(entries, &options);
	assert_int_equal(count.tasks, 1);
	options.n_include = 0;
	plan_with(entries, &options);
	assert_int_equal(count.tasks, 2);
}

static void
a_broken_expression_is_named(void **state)
{
	static const char *const patterns[] = { "fine", "(" };
	struct ld_import_options options = {
		.exclude = patterns, .n_exclude = 2, .test_time_s = -1
	};

	(void)state;
	assert_int_equal(import("{}", 2, &options), LD_INVALID);
	has(err.text, "exclude: '(' is not a regular expression: ");
	assert_int_equal(out.len, 0);
}

static void
placeholders_of_the_recording_are_text(void **state)
{
	const char *task =
	    task_of("\"method\":\"POST\",\"url\":\"http://h/${u}\","
		    "\"headers\":[{\"name\":\"A\",\"value\":"
		    "\"$${\"}],\"postData\":{\"text\":\"${t}\"}",
		"");

	(void)state;
	has(task, "\"request_url\":\"http://h/${'${'}u}\"");
	has(task, "\"name\":\"POST /${'${'}u}\"");
	has(task, "\"A\":\"$${'${'}\"");
	has(task, "\"data\":\"${'${'}t}\"");
}

static void
numbers_of_a_json_body_are_not_touched(void **state)
{
	(void)state;
	has(task_of(URL ",\"postData\":{\"mimeType\":\"application/JSON\","
			"\"text\":\" [ 9007199254740993123 , 1.50e+02 , "
			"-0.0 , \\\"\\\\ud83d\\\\ude00\\\", {} , [] ] \"}",
		""),
	    "\"json\":[9007199254740993123,1.50e+02,-0.0,"
	    "\"\\ud83d\\ude00\",{},[]]");
}

/* A plan of tasks must not exceed the depth that readers allow. */
static void
json_that_a_plan_cannot_hold_goes_out_as_text(void **state)
{
	char request[4096] =
	    URL ",\"postData\":{\"mimeType\":\"application/json\",\"text\":\"";
	size_t len = strlen(request);

	(void)state;
	memset(request + len, '[', 250);
	memset(request + len + 250, ']', 250);
	strcpy(request + len + 500, "\"}");
	has(task_of(request, ""), "\"data\":\"[[[[");
	has(task_of(request, ""), "{\"Content-Type\":\"application/json\"}");
	has(task_of(URL ",\"postData\":{\"mimeType\":\"application/json\","
			"\"text\":\"{\\\"a\\\":[{\\\"b\\\":1,\\\"b\\\":2}]}\"}",
		""),
	    "\"data\":\"{\\\"a\\\":[{");
	has(task_of(URL ",\"postData\":{\"mimeType\":\"application/json\","
			"\"text\":\"null\"}",
		""),
	    "\"data\":\"null\"");
}

static void
forms_become_objects_where_that_says_the_same(void **state)
{
#define FORM(text, params)                                          \
	URL ",\"postData\":{\"mimeType\":\"application/x-www-form-" \
	    "urlencoded\",\"text\":\"" text "\",\"params\":[" params "]}"
#define P(n, v) "{\"name\":\"" n "\",\"value\":\"" v "\"}"
	(void)state;
	has(task_of(FORM("", P("a", "1") "," P("b", "x y")), ""),
	    "\"data\":{\"a\":\"1\",\"b\":\"x y\"}");
	has(task_of(FORM("a=1&b=x+y", P("a", "1") "," P("b", "x y")), ""),
	    "\"data\":{\"a\":\"1\",\"b\":\"x y\"}");
	has(task_of(FORM("a=%2B", P("a", "%2B")), ""),
	    "\"data\":{\"a\":\"+\"}");
	has(task_of(FORM("", P("a", "1&") "," P("a", "2")), ""),
	    "\"data\":\"a=1%26&a=2\"");
	has(task_of(FORM("a=1&a=2", P("a", "1") "," P("a", "2")), ""),
	    "\"data\":\"a=1&a=2\"");
	assert_int_equal(count.losses, 0);
	has(task_of(FORM("a=1", P("a", "2")), ""), "\"data\":\"a=1\"");
	assert_int_equal(count.losses, 1);
	has(task_of(FORM("", P("${a}", "1")), ""), "\"data\":\"%24%7Ba%7D=1\"");
	has(task_of(FORM("a=%ff", P("a", "%ff")), ""), "\"data\":\"a=%ff\"");
#undef P
#undef FORM
}

static void
headers_of_the_connection_are_dropped_and_others_kept(void **state)
{
	static const char *const dropped[] = { "Host", "content-length",
		"Connection", "Keep-Alive", "Proxy-Connection",
		"Transfer-Encoding", "Upgrade", "TE", "HTTP2-Settings",
		":authority", ":path", ":anything" };
	static const char *const kept[] = { "Accept-Encoding", "Authorization",
		"Cookie", "If-None-Match", "Origin" };
	char request[256];

	(void)state;
	for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++) {
		snprintf(request, sizeof(request),
		    URL ",\"headers\":[{\"name\":\"%s\",\"value\":\"v\"}]",
		    dropped[i]);
		has_not(task_of(request, ""), "headers");
		assert_int_equal(count.losses, 0);
	}
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		snprintf(request, sizeof(request),
		    URL ",\"headers\":[{\"name\":\"%s\",\"value\":\"v\"}]",
		    kept[i]);
		has(task_of(request, ""), kept[i]);
	}
}

static void
a_recorded_status_is_asserted_and_redirects_are_not_followed(void **state)
{
	(void)state;
	has(task_of(URL, "\"status\":304"), "\"value\":304}]}");
	has(task_of(URL, "\"status\":307"),
	    "\"value\":307}],\"allow_redirects\":false}");
	has_not(task_of(URL, "\"status\":0"), "assertions");
	has_not(task_of(URL, "\"status\":\"200\""), "assertions");
	has_not(task_of(URL, "\"status\":-1"), "assertions");
	has_not(task_of(URL, "\"status\":200.5"), "assertions");
	has_not(task_of(URL, ""), "assertions");
}

static void
errors_name_the_place(void **state)
{
	static const struct {
		const char *text;
		enum ld_status status;
		unsigned line, column;
	} bad[] = {
		{ "", LD_SYNTAX, 1, 1 },
		{ "{\"log\":\n  {\"entries\":[1,]}}", LD_SYNTAX, 2, 17 },
		{ "[]", LD_INVALID, 1, 1 },
		{ "7", LD_INVALID, 1, 1 },
		{ "{\"log\":\n []}", LD_INVALID, 2, 2 },
		{ "{\"log\":{\"entries\":\n\n{}}}", LD_INVALID, 3, 1 },
		{ "{\"log\":{}}", LD_INVALID, 1, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(import(bad[i].text, strlen(bad[i].text), NULL),
		    bad[i].status);
		assert_string_equal(err.file, "x.har");
		assert_int_equal(err.line, bad[i].line);
		assert_int_equal(err.column, bad[i].column);
		assert_int_equal(out.len, 0);
	}
}

static void
an_output_that_does_not_fit_is_an_error_and_not_half_a_plan(void **state)
{
	struct ld_import_options options = { .test_time_s = -1 };
	static const char text[] =
	    "{\"log\":{\"entries\":[{\"request\":{" URL "}}]}}";
	struct ld_buf small;

	(void)state;
	assert_int_equal(import(text, sizeof(text) - 1, &options), LD_OK);
	for (size_t max = 0; max < out.len; max++) {
		ld_buf_init(&small, max);
		assert_int_equal(
		    ld_import(ld_importer_find("har", NULL), "x.har", text,
			sizeof(text) - 1, &options, &small, NULL, &err),
		    LD_NOMEM);
		assert_int_equal(small.len, 0);
		ld_buf_clear(&small);
	}
}

static void
unknown_importers_are_refused_with_the_nearest_name(void **state)
{
	(void)state;
	assert_null(ld_importer_find("haar", &err));
	assert_int_equal(err.status, LD_UNSUPPORTED);
	has(err.text, "did you mean 'har'?");
	assert_null(ld_importer_find("", NULL));
	assert_string_equal(ld_importers()[0]->name, "har");
}

static const char three[] =
    "{\"request\":{\"method\":\"GET\",\"url\":\"https://cdn/x\"}},"
    "{\"request\":{\"method\":\"GET\",\"url\":\"http://h:8080/a?b=${c}\","
    "\"headers\":[{\"name\":\"Origin\",\"value\":\"http://h:8080\"},"
    "{\"name\":\"Referer\",\"value\":\"http://h:8080/r\"},"
    "{\"name\":\"X\",\"value\":\"http://h:8080/r\"}]}},"
    "{\"request\":{\"method\":\"GET\",\"url\":\"http://h:8080?q\"}},"
    "{\"request\":{\"method\":\"GET\",\"url\":\"http://h:80801/\"}}";

static void
base_stands_for_the_origin_of_most_requests(void **state)
{
	const struct ld_import_options options = { .test_time_s = -1,
		.base = "base" };
	const char *plan = plan_with(three, &options);

	(void)state;
	has(plan, "{\"type\":\"config\",\"variables\":{\"base\":"
		  "\"http://h:8080\"}}\n{\"type\":\"task\"");
	has(plan, "\"request_url\":\"https://cdn/x\"");
	has(plan, "\"request_url\":\"${var.base}/a?b=${'${'}c}\"");
	has(plan, "\"request_url\":\"${var.base}?q\"");
	has(plan, "\"request_url\":\"http://h:80801/\"");
	has(plan, "\"Origin\":\"${var.base}\"");
	has(plan, "\"Referer\":\"${var.base}/r\"");
	has(plan, "\"X\":\"http://h:8080/r\"");
	has(plan, "\"name\":\"GET /a?b=");
}

static void
base_goes_into_the_document_of_the_original_too(void **state)
{
	const struct ld_import_options options = {
		.test_time_s = -1, .base = "base", .action_json = true
	};
	const char *plan = plan_with(three, &options);

	(void)state;
	has(plan, "\"request_url\":\"${var.base}/a?b=${c}\"");
	has(plan, "\"variables\":{\"base\":\"http://h:8080\"}}]]}");
}

static void
base_counts_only_what_is_taken(void **state)
{
	static const char *const exclude[] = { "h:8080" };
	const struct ld_import_options options = { .test_time_s = -1,
		.exclude = exclude,
		.n_exclude = 1,
		.base = "b" };

	(void)state;
	has(plan_with(three, &options), "{\"b\":\"https://cdn\"}");
	has(plan_with("{\"request\":{\"method\":\"GET\",\"url\":"
		      "\"http://me:pw@h:8080/\"}}",
		&options),
	    "{\"type\":\"config\"}\n");
	has(plan_with("", &options), "{\"type\":\"config\"}\n");
}

/* It stood in the plan, which ld-run then refused as a whole. */
static void
a_user_in_a_url_is_a_loss_and_not_in_the_plan(void **state)
{
	const struct ld_import_options options = { .test_time_s = -1,
		.base = "b" };
	const char *plan = plan_with("{\"request\":{\"method\":\"GET\",\"url\":"
				     "\"http://me:p@w@h/@x?a=://b@c\"}}",
	    &options);

	(void)state;
	has(plan, "{\"b\":\"http://h\"}");
	has(plan, "\"${var.b}/@x?a=://b@c\"");
	has(plan, "\"what\":\"user and password\"");
	assert_null(strstr(plan, "p@w"));
}

/* The plan held a header that ld-run refuses. */
static void
a_type_with_a_line_break_is_a_loss(void **state)
{
	const struct ld_import_options options = { .test_time_s = -1 };
	const char *plan = plan_with(
	    "{\"request\":{\"method\":\"POST\",\"url\":\"http://h/\","
	    "\"postData\":{\"mimeType\":\"a/b\\r\\nX: y\",\"text\":\"t\"}}}",
	    &options);

	(void)state;
	has(plan, "\"what\":\"the type\"");
	has(plan, "\"data\":\"t\"");
	assert_null(strstr(plan, "X: y"));
}

static void
base_must_be_a_name(void **state)
{
	static const char *const bad[] = { "", "1a", "a b", "a.b", "a}" };
	static const char har[] = "{\"log\":{\"entries\":[]}}";

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct ld_import_options options = { .test_time_s = -1,
			.base = bad[i] };

		assert_int_equal(
		    import(har, strlen(har), &options), LD_INVALID);
		has(err.text, "no name of a variable");
	}
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_recording_becomes_the_plan_that_stands_beside_it),
		T(a_hostile_recording_becomes_losses_and_sound_tasks),
		T(an_empty_recording_is_a_whole_plan),
		T(keys_come_in_the_original_s_order),
		T(what_was_asked_for_is_all_that_config_says),
		T(action_json_is_the_original_s_document),
		T(include_and_exclude_search_the_url),
		T(a_broken_expression_is_named),
		T(placeholders_of_the_recording_are_text),
		T(numbers_of_a_json_body_are_not_touched),
		T(json_that_a_plan_cannot_hold_goes_out_as_text),
		T(forms_become_objects_where_that_says_the_same),
		T(headers_of_the_connection_are_dropped_and_others_kept),
		T(a_recorded_status_is_asserted_and_redirects_are_not_followed),
		T(errors_name_the_place),
		T(an_output_that_does_not_fit_is_an_error_and_not_half_a_plan),
		T(unknown_importers_are_refused_with_the_nearest_name),
		T(base_stands_for_the_origin_of_most_requests),
		T(base_goes_into_the_document_of_the_original_too),
		T(base_counts_only_what_is_taken),
		T(a_user_in_a_url_is_a_loss_and_not_in_the_plan),
		T(a_type_with_a_line_break_is_a_loss),
		T(base_must_be_a_name),
	};
#undef T

	return cmocka_run_group_tests_name("har", tests, NULL, NULL);
}
