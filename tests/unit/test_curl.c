/* SPDX-License-Identifier: MIT */
/* What each option of curl becomes in a plan. */
#include "config.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <ld/import.h>
#include <ld/limits.h>

#include "importers/curl_options.h"
#include "unit/curl_rows.h"

static struct ld_buf out;
static struct ld_import_count count;
static struct ld_err err;
static char dir[] = "/tmp/test_curl.XXXXXX";

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
import_with(
    const char *text, size_t len, const struct ld_import_options *options)
{
	static const struct ld_import_options none = { .test_time_s = -1 };
	/* Read behind its end and the sanitizer says so. */
	char *copy = malloc(len > 0 ? len : 1);
	enum ld_status st;

	assert_non_null(copy);
	memcpy(copy, text, len);
	ld_buf_reset(&out);
	st = ld_import(ld_importer_find("curl", NULL), "x.sh", copy, len,
	    options != NULL ? options : &none, &out, &count, &err);
	free(copy);
	return st;
}

static const char *
plan_with(const char *text, const struct ld_import_options *options)
{
	if (import_with(text, strlen(text), options) != LD_OK)
		fail_msg("%s: %s", text, err.text);
	assert_non_null(ld_buf_str(&out));
	return out.data;
}

static const char *
plan(const char *text)
{
	return plan_with(text, NULL);
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

/* The members of the one task of a command, from "method" on. */
static const char *
task(const char *text)
{
	const char *all = plan(text), *at;

	if (count.tasks != 1)
		fail_msg("%s: %u tasks", text, (unsigned)count.tasks);
	at = strstr(all, "{\"type\":\"task\",");
	assert_non_null(at);
	*strchr(at, '\n') = '\0';
	return at + 15;
}

static void
fails_at(const char *text, const char *why, unsigned line, unsigned column)
{
	if (import_with(text, strlen(text), NULL) != LD_INVALID)
		fail_msg("%s is no error", text);
	assert_string_equal(err.text, why);
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
	assert_int_equal(out.len, 0);
}

static void
put_file(const char *name, const char *text, size_t len)
{
	FILE *file = fopen(name, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* -- one row an option ---------------------------------------------------- */

static void
every_row_becomes_what_curl_would_send(void **state)
{
	char command[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(command, sizeof(command), "curl %s", rows[i].args);
		has(task(command), rows[i].has);
		if (count.losses != rows[i].losses)
			fail_msg(
			    "%s: %u losses", command, (unsigned)count.losses);
	}
}

static bool
has_row(const char *name)
{
	char word[64];

	snprintf(word, sizeof(word), "--%s ", name);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strncmp(rows[i].args, word, strlen(word)) == 0)
			return true;
	return false;
}

static void
every_option_is_carried_refused_or_lost_with_a_reason(void **state)
{
	size_t n;
	const struct ldi_curl_option *all = ldi_curl_options(&n);
	char command[128], loss[128];

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct ldi_curl_option *o = &all[i];

		snprintf(command, sizeof(command), "curl --%s %s http://h",
		    o->name, o->arg == LDI_CURL_VALUE ? "x" : "");
		snprintf(loss, sizeof(loss), "\"what\":\"--%s\",\"why\":\"%s\"",
		    o->name, o->text != NULL ? o->text : "");
		if (o->effect == LDI_CURL_REFUSED) {
			assert_int_equal(
			    import_with(command, strlen(command), NULL),
			    LD_INVALID);
		} else if (o->effect == LDI_CURL_LOST ||
			   o->effect == LDI_CURL_AUTH) {
			has(plan(command), loss);
			assert_int_equal(count.losses, 1);
			assert_int_equal(count.tasks, 1);
		} else if (o->effect != LDI_CURL_NEXT && !has_row(o->name) &&
			   strcmp(o->name, "http1.1") != 0) {
			fail_msg("no row for --%s", o->name);
		}
		if (i > 0)
			assert_string_not_equal(all[i - 1].name, o->name);
	}
}

/* -- how options are written ---------------------------------------------- */

static void
options_are_written_as_curl_takes_them(void **state)
{
	static const char *const same[] = { "curl -X POST -d a -L -k https://h",
		"curl -XPOST -da -Lk https://h", "curl -LkXPOST -d a https://h",
		"curl https://h -L -d a -X POST -k",
		"curl --request POST --data a --location --insec https://h",
		"curl --REQUEST POST --Data a --location --insecure -- "
		"https://h",
		"curl -XPOST -da -Lk --url https://h",
		"curl -X GET -X POST -d a --no-location --location -k "
		"https://h",
		"/usr/bin/curl -XPOST -da -Lk https://h",
		"$ curl -XPOST -da -Lk https://h", "-XPOST -da -Lk https://h",
		"if curl -XPOST -da -Lk https://h; then :; fi" };
	char *first = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		const char *text = task(same[i]);

		if (first == NULL)
			first = strdup(text);
		assert_string_equal(text, first);
	}
	free(first);
	has_not(task("curl --no-location h -L --no-location"), "max_redir");
	has(task("curl -- -x"), "\"request_url\":\"http://-x/\"");
}

static void
what_is_no_option_is_an_error_with_its_place(void **state)
{
	(void)state;
	fails_at("curl h\ncurl -s --dta x h",
	    "curl has no option '--dta'; did you mean '--data'?", 2, 9);
	fails_at("curl --data=x h",
	    "curl has no option '--data=x': it takes the value as a word of "
	    "its own, '--data x'",
	    1, 6);
	fails_at("curl --xyzzyq h", "curl has no option '--xyzzyq'", 1, 6);
	fails_at("curl --pro x h",
	    "option '--pro' stands for several of curl's", 1, 6);
	fails_at("curl -s~ h", "curl has no option '-~'", 1, 6);
	fails_at("curl -so", "-o needs a value", 1, 6);
	fails_at("curl h --data", "--data needs a value", 1, 8);
	fails_at("curl --no-data x h",
	    "'--no-data': --data cannot be turned off", 1, 6);
	fails_at("curl --help", "--help: with it curl sends nothing", 1, 6);
	fails_at("curl -s", "the command names no URL", 1, 1);
	fails_at("curl --next h", "--next needs a URL in front of it", 1, 6);
	fails_at("curl -I -d a h",
	    "curl sends one kind of request at once, and this asks for several "
	    "of --data, --form, --head and --upload-file",
	    1, 1);
	fails_at("curl -X 'a b' h", "'a b' is no method", 1, 9);
	fails_at(
	    "curl -m x h", "--max-time: 'x' is no number of seconds", 1, 9);
	fails_at("curl -F a h",
	    "the form field 'a': it is none such as name=content", 1, 9);
	fails_at("curl -F 'a=b;type=c' h",
	    "the form field 'a=b;type=c': its type is none such as text/plain",
	    1, 9);
	fails_at("curl -d @none h",
	    "'none' cannot be read: No such file or directory", 1, 9);
	fails_at("curl -d @- h",
	    "'-' is standard input, and the command has none: no "
	    "here-document, no '<file'",
	    1, 9);
	fails_at(
	    "curl -d @/dev/zero h", "'/dev/zero' is no regular file", 1, 9);
	fails_at("", "there is no command 'curl' in it", 1, 1);
	fails_at("wget h", "there is no command 'curl' in it", 1, 1);
	fails_at("Invoke-WebRequest -Uri x",
	    "this is written for PowerShell, which cannot be imported: copy it "
	    "as cURL for bash or cmd",
	    1, 1);
}

/* -- several -------------------------------------------------------------- */

static void
every_url_is_a_task(void **state)
{
	const char *text =
	    plan("curl -o a h/1 -o b --url h/2\ncurl h/3; curl h/4 --next -I "
		 "h/5 --next -T x.html h/6 h/7");

	(void)state;
	assert_int_equal(count.tasks, 7);
	assert_int_equal(count.losses, 2);
	has(text, "\"get\",\"request_url\":\"http://h/4\"");
	has(text, "\"head\",\"request_url\":\"http://h/5\"");
	has(text, "\"put\",\"request_url\":\"http://h/6\"");
	has(text, "\"get\",\"request_url\":\"http://h/7\"");
}

static void
globs_multiply_as_in_curl(void **state)
{
	const char *text;

	(void)state;
	text = plan("curl 'http://h/{a,b,}/[08-12:2][a-c:2]'");
	assert_int_equal(count.tasks, 18);
	has(text, "\"http://h/a/08a\"");
	has(text, "\"http://h//12c\"");
	has(task("curl 'http://[::1]:80/x'"), "\"http://[::1]/x\"");
	has(task("curl 'http://h/\\{\\[a\\]\\}'"),
	    "\"request_target\":\"/{[a]}\"");
	fails_at("curl 'h/[1-99999]'",
	    "the URL 'h/[1-99999]' stands for more than 10000", 1, 6);
	fails_at("curl 'h/[1-200]{a,b}[1-200]'",
	    "the URL 'h/[1-200]{a,b}[1-200]' stands for more than 10000", 1, 6);
	fails_at("curl 'h/[5-1]'",
	    "the URL 'h/[5-1]': no range such as [1-100] at ''; --globoff "
	    "takes it as it is",
	    1, 6);
	fails_at("curl 'h/{}'",
	    "the URL 'h/{}': empty braces at ''; --globoff takes it as it is",
	    1, 6);
	fails_at("curl 'h/a]'",
	    "the URL 'h/a]': a bracket or brace that was not opened at ']'; "
	    "--globoff takes it as it is",
	    1, 6);
}

static void
urls_are_those_curl_would_ask_for(void **state)
{
	static const char *const urls[][2] = {
		{ "h", "http://h/" },
		{ "HTTP://H:080?x", "http://H/?x" },
		{ "https://h:443/a/./b/../../c#f", "https://h/c" },
		{ "http:/h/..", "http://h/" },
		{ "http://h/a/b/..", "http://h/a/" },
		{ "http://h/%2e%2E/x", "http://h/%2e%2E/x" },
		{ "http://h/\xc3\xa9?\xc3\xa9", "http://h/%c3%a9?\xc3\xa9" },
		{ "localhost:8080/x", "http://localhost:8080/x" },
	};
	static const char *const bad[] = { "ftp://h/", "ftp.h.x", "'h/a b'",
		"http://", "http://h:x/", "http://h:99999/", "'http://h\"/'",
		"http://h\xc3\xa9/", "file:///etc/passwd" };
	char command[128], want[128];

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		snprintf(command, sizeof(command), "curl '%s'", urls[i][0]);
		snprintf(
		    want, sizeof(want), "\"request_url\":\"%s\"", urls[i][1]);
		has(task(command), want);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(command, sizeof(command), "curl %s", bad[i]);
		has(plan(command), "\"what\":\"the request\"");
		assert_int_equal(count.tasks, 0);
	}
	has(task("curl http://u%40:p@h/"),
	    "\"auth\":{\"type\":\"basic\",\"username\":\"u@\",\"password\":"
	    "\"p\"}");
}

/* -- shells --------------------------------------------------------------- */

static void
variables_become_those_of_the_environment(void **state)
{
	(void)state;
	has(task("curl \"$BASE/x?y=${Z}#f\""),
	    "\"request_url\":\"${env.BASE}/x?y=${env.Z}\"");
	has(task("curl \"http://$H:$P/\""),
	    "\"request_url\":\"http://${env.H}:${env.P}/\"");
	has(task("curl -H \"X: $T\" -d \"a=$A\" -u \"$U:$P\" h"),
	    "\"X\":\"${env.T}\"");
	has(task("curl -d \"a=$A\" h"), "\"data\":\"a=${env.A}\"");
	has(task("curl -u \"$U:$P\" h"),
	    "\"username\":\"${env.U}\",\"password\":\"${env.P}\"");
	has(task("curl -d 'a=$A ${b}' h"), "\"data\":\"a=$A ${'${'}b}\"");
	has(task("curl --data-urlencode \"a=$A\" h"),
	    "\"data\":\"a=${env.A}\"");
	assert_int_equal(count.losses, 1);
	fails_at("curl -d @$F h",
	    "the name of a file holds a variable of the shell, and has to be "
	    "known now",
	    1, 9);
	fails_at("curl -d \"$A\" --data-binary @nul.bin h",
	    "a body cannot hold a file's bytes and a variable of the shell", 1,
	    9);
}

static void
scripts_are_read_around_their_other_commands(void **state)
{
	const char *text;

	(void)state;
	text = plan("#!/bin/sh\nset -e\nfor i in 1 2; do\n"
		    "  curl -d @- h/1 <<EOF | jq .\nline $X\nEOF\ndone\n"
		    "A=b curl h/2 >out\n");
	assert_int_equal(count.tasks, 1);
	has(text, "\"data\":\"line ${env.X}\"");
	has(text, "\"what\":\"the command 'set'\"");
	has(text, "\"what\":\"the command 'jq'\"");
	has(text, "\"what\":\"the command 'A=b'\"");
}

static void
browsers_for_cmd_are_understood(void **state)
{
	struct ld_import_options options = { .test_time_s = -1,
		.shell = LD_IMPORT_SHELL_CMD };
	const char *text;

	(void)state;
	has(task("curl ^\"http://h/^\" ^\n -X ^\"POST^\" ^\n --data-raw "
		 "^\"^{^\\^\"a^\\^\":1^}^\""),
	    "\"data\":\"{\\\"a\\\":1}\"");
	text = plan_with("curl \"http://h/\" --data-raw \"a\"\"b\"", &options);
	has(text, "\"data\":\"a\\\"b\"");
}

/* -- the plan ------------------------------------------------------------- */

static void
resolve_and_base_go_into_the_config(void **state)
{
	struct ld_import_options options = { .test_time_s = -1,
		.base = "shop" };
	const char *text;

	(void)state;
	text = plan("curl --resolve a:80:1.2.3.4 --resolve '*:1:[::1]' a\n"
		    "curl --resolve a:80:1.2.3.4 a");
	has(text, "{\"type\":\"config\",\"resolve\":[\"a:80:1.2.3.4\","
		  "\"*:1:[::1]\"]}");
	text = plan_with("curl http://a/ http://b/1 http://b/2 $C/x", &options);
	has(text, "\"variables\":{\"shop\":\"http://b\"}");
	has(text, "\"request_url\":\"${var.shop}/1\"");
	fails_at("curl --resolve a:80:1 a\ncurl --resolve a:80:2 a",
	    "'a:80:2': another command gives the same host another address, "
	    "and a run has one",
	    2, 16);
	fails_at("curl --resolve a a", "'a' is none such as HOST:PORT:ADDRESS",
	    1, 16);
}

static void
files_are_not_read_when_they_must_not_be(void **state)
{
	struct ld_import_options options = { .test_time_s = -1,
		.no_files = true };
	static const char *const commands[] = { "curl -d @x.html h",
		"curl -K conf", "curl -T x.html h", "curl -F a=@x.html h",
		"curl -H @heads.txt h", "curl -d @- h <x.html" };

	(void)state;
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(
		    import_with(commands[i], strlen(commands[i]), &options),
		    LD_INVALID);
	has_not(plan_with("curl -b jar.txt http://h.x/", &options), "cookies");
	assert_int_equal(count.losses, 1);
}

static void
config_files_are_read_and_bounded(void **state)
{
	(void)state;
	put_file("loop", "config = loop\n", 14);
	fails_at("curl -K loop",
	    "config files name each other more than 8 deep", 1, 1);
	assert_string_equal(err.file, "loop");
	put_file("bad", "# x\nurl = h\nnix\n", 16);
	fails_at("curl -K bad", "curl has no option '--nix'", 3, 1);
	assert_string_equal(err.file, "bad");
	put_file("quoted",
	    "data: \"a\\tb \\\"c\\\"\"\n-X PUT\nuser-agent x y\n  url=h #z\n",
	    51);
	has(task("curl -K quoted"), "\"data\":\"a\\tb \\\"c\\\"\"");
	has(task("curl -K quoted"), "\"User-Agent\":\"x\"");
}

static void
one_command_is_one_task(void **state)
{
	struct ld_buf text;
	uint64_t losses;

	(void)state;
	ld_buf_init(&text, LD_MAX_DOCUMENT);
	assert_int_equal(
	    ldi_curl_task("curl -s h", 9, &text, &losses, &err), LD_OK);
	assert_string_equal(ld_buf_str(&text),
	    "{\"method\":\"get\",\"request_url\":\"http://h/"
	    "\",\"headers\":{" AGENT
	    ",\"Accept\":\"*/*\",\"Accept-Encoding\":null},"
	    "\"allow_redirects\":false}");
	assert_int_equal(losses, 1);
	assert_int_equal(
	    ldi_curl_task("curl h i", 8, &text, NULL, &err), LD_INVALID);
	assert_string_equal(
	    err.text, "the command makes 2 requests, and a task is one");
	assert_int_equal(
	    ldi_curl_task("curl ftp://h", 12, &text, NULL, &err), LD_INVALID);
	ld_buf_clear(&text);
}

static int
make_files(void **state)
{
	static const char jar[] =
	    "# Netscape HTTP Cookie File\n"
	    ".h.x\tTRUE\t/\tFALSE\t4102444800\ttail\t3\n"
	    "#HttpOnly_.h.x\tTRUE\t/\tFALSE\t4102444800\td\t0\n"
	    "other.x\tFALSE\t/\tFALSE\t0\to\t1\r\n"
	    "www.h.x\tFALSE\t/p\tFALSE\t4102444800\tlong\t1\n"
	    "h.x\tTRUE\t/\tFALSE\t1\told\t1\n"
	    "h.x\tTRUE\t/\tTRUE\t0\tsecret\t1\n"
	    "h.x\tTRUE\t/\tFALSE\t4102444800\td\t2\n"
	    "h.x\tTRUE\t/\tFALSE\t0\ts\t5\n";
	static const char conf[] = "request PUT\n--url \"h/c\"\n";
	char *large = calloc(1, LDI_CURL_MAX_EMBED + 1);
	const struct timespec times[2] = { { 1234567890, 0 },
		{ 1234567890, 0 } };

	(void)state;
	if (large == NULL || mkdtemp(dir) == NULL || chdir(dir) != 0)
		return -1;
	put_file("x.html", "<b>", 3);
	put_file("lines.txt", "a\r\nb\n", 5);
	put_file("nul.bin", "\0\1\2\xff", 4);
	put_file("large.bin", large, LDI_CURL_MAX_EMBED + 1);
	put_file("heads.txt", "X-A: 1\nX-B: 2\n", 14);
	put_file("jar.txt", jar, sizeof(jar) - 1);
	put_file("conf", conf, sizeof(conf) - 1);
	free(large);
	return utimensat(AT_FDCWD, "lines.txt", times, 0);
}

static int
drop_files(void **state)
{
	static const char *const names[] = { "x.html", "lines.txt", "nul.bin",
		"large.bin", "heads.txt", "jar.txt", "conf", "loop", "bad",
		"quoted" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlink(names[i]);
	return chdir("/") == 0 ? rmdir(dir) : -1;
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(every_row_becomes_what_curl_would_send),
		T(every_option_is_carried_refused_or_lost_with_a_reason),
		T(options_are_written_as_curl_takes_them),
		T(what_is_no_option_is_an_error_with_its_place),
		T(every_url_is_a_task),
		T(globs_multiply_as_in_curl),
		T(urls_are_those_curl_would_ask_for),
		T(variables_become_those_of_the_environment),
		T(scripts_are_read_around_their_other_commands),
		T(browsers_for_cmd_are_understood),
		T(resolve_and_base_go_into_the_config),
		T(files_are_not_read_when_they_must_not_be),
		T(config_files_are_read_and_bounded),
		T(one_command_is_one_task),
	};
#undef T

	return cmocka_run_group_tests_name(
	    "curl", tests, make_files, drop_files);
}
