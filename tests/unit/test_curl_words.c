/* SPDX-License-Identifier: MIT */
/* What shells make of a command line, before curl sees it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "importers/curl.h"

typedef enum ld_status read_fn(struct ldi_curl *curl, const char *text,
    size_t len, struct ldi_curl_command **first_out);

static struct ld_buf shown;
static struct ld_err err;
static size_t losses;

static int
setup(void **state)
{
	(void)state;
	ld_buf_init(&shown, LDI_CURL_MAX_TEXT);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ld_buf_clear(&shown);
	return 0;
}

/* "[a][b]" for each command, with "|" between them, "<NAME>" for a variable
 * and "{text}" for what the command reads. */
static void
show_word(const struct ldi_curl_word *word, char open, char close)
{
	bool name = false;

	ld_buf_addc(&shown, open);
	for (size_t i = 0; i < word->len; i++) {
		if (word->text[i] != '\0') {
			ld_buf_addc(&shown, word->text[i]);
			continue;
		}
		ld_buf_addc(&shown, name ? '>' : '<');
		name = !name;
	}
	assert_false(name);
	ld_buf_addc(&shown, close);
}

static void
show(const struct ldi_curl_command *command)
{
	ld_buf_reset(&shown);
	for (; command != NULL; command = command->next) {
		for (size_t i = 0; i < command->words.n; i++)
			show_word(&command->words.list[i], '[', ']');
		if (command->input.text != NULL)
			show_word(&command->input, '{', '}');
		if (command->has_output)
			ld_buf_adds(&shown, ">");
		if (command->next != NULL)
			ld_buf_adds(&shown, "|");
	}
}

static enum ld_status
read_with(read_fn *read, const char *text, size_t len)
{
	static const struct ld_import_options options = { .test_time_s = -1 };
	struct ld_import_sink sink;
	struct ld_buf plan;
	struct ldi_curl curl = { .arena = ldi_arena_new(),
		.name = "x",
		.sink = &sink,
		.options = &options,
		.emitting = true,
		.err = &err };
	struct ldi_curl_command *first = NULL;
	char *copy = malloc(len > 0 ? len : 1);
	enum ld_status st;

	assert_non_null(copy);
	memcpy(copy, text, len);
	curl.last = &curl.first;
	ld_buf_init(&plan, LDI_CURL_MAX_TEXT);
	assert_int_equal(
	    ldi_sink_open(&sink, "curl", "x", &options, &plan, &err), LD_OK);
	st = read(&curl, copy, len, &first);
	if (st == LD_OK)
		show(first);
	losses = sink.count.losses;
	ldi_sink_close(&sink);
	ld_buf_clear(&plan);
	ldi_arena_free(curl.arena);
	free(copy);
	return st;
}

static void
check(read_fn *read, const char *text, const char *want)
{
	enum ld_status st = read_with(read, text, strlen(text));

	if (st != LD_OK)
		fail_msg("%s: %s", text, err.text);
	if (strcmp(ld_buf_str(&shown), want) != 0)
		fail_msg("%s\n is %s\nnot %s", text, shown.data, want);
}

static void
posix(const char *text, const char *want)
{
	check(ldi_curl_words_read, text, want);
}

static void
cmd(const char *text, const char *want)
{
	check(ldi_curl_cmd_read, text, want);
}

static void
posix_fails(const char *text, const char *why, unsigned line, unsigned column)
{
	assert_int_equal(
	    read_with(ldi_curl_words_read, text, strlen(text)), LD_INVALID);
	assert_string_equal(err.text, why);
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
}

/* -- POSIX ---------------------------------------------------------------- */

static void
words_end_at_blanks_and_commands_at_operators(void **state)
{
	(void)state;
	posix("", "");
	posix("a b\tc", "[a][b][c]");
	posix("a;b&&c||d|e&f\ng", "[a]|[b]|[c]|[d]|[e]|[f]|[g]");
	posix("(a b); { c; }", "[a][b]|[{][c]|[}]");
	posix("\n\n  \r\na\r\nb", "[a]|[b]");
	posix("a\\\nb c \\\r\n d", "[ab][c][d]");
	posix("a \\", "[a][\\]");
}

static void
comments_begin_where_a_word_could(void **state)
{
	(void)state;
	posix("# curl x\na #b 'c\nd#e '#f'", "[a]|[d#e][#f]");
	posix("a http://h/#frag", "[a][http://h/#frag]");
}

static void
quotes_join_with_what_stands_beside_them(void **state)
{
	(void)state;
	posix("a'b c'\"d e\"f", "[ab cd ef]");
	posix("'' \"\"", "[][]");
	posix("'a\\n\"$x'", "[a\\n\"$x]");
	posix("\"a\\\"b\\\\c\\nd'\"", "[a\"b\\c\\nd']");
	posix("\"a\\\nb\"", "[ab]");
	posix("'a\nb' c", "[a\nb][c]");
	posix("a\\ b \\'c\\'", "[a b]['c']");
	posix("$\"a b\"", "[a b]");
}

static void
ansi_quotes_know_every_escape(void **state)
{
	(void)state;
	posix("$'a\\n\\t\\r\\a\\b\\e\\E\\f\\v\\\\\\'\\\"\\?'",
	    "[a\n\t\r\a\b\033\033\f\v\\'\"?]");
	posix("$'\\101\\60\\x41\\x4a\\x4Z'", "[A0AJ\004Z]");
	posix("$'\\u00e9\\u20AC\\U0001F600\\ue9'", "[é€😀é]");
	posix("$'\\ud83d\\ude00'", "[😀]");
	posix("$'\\ca\\q\\xg\\uq'", "[\001\\q\\xg\\uq]");
	posix("$'a\\0b'c", "[ac]");
	posix("$'a\\x00b' d", "[a][d]");
	posix("x$'it\\'s'y", "[xit'sy]");
	/* A lone surrogate has the bytes that bash gives it. */
	posix("$'\\ud83d'", "[\xed\xa0\xbd]");
}

static void
variables_are_kept_by_name(void **state)
{
	(void)state;
	posix("$A ${B_1}/c \"x $D\"'$E' \\$F", "[<A>][<B_1>/c][x <D>$E][$F]");
	posix("a$ $", "[a$][$]");
	assert_int_equal(losses, 0);
	posix("$1 \"$@\" ${A:-b c} $(d 'e)' (f)) `g` $((1+2))",
	    "[$1][$@][${A:-b c}][$(d 'e)' (f))][`g`][$((1+2))]");
	assert_int_equal(losses, 6);
}

static void
redirections_are_no_words(void **state)
{
	(void)state;
	posix("a >out 2>&1 b", "[a][b]>");
	posix("a 2>/dev/null >> x", "[a]>");
	posix("a <in b", "[a][b]{in}");
	posix("a <<< 'b c'", "[a]{b c\n}");
	posix("a2>b", "[a2]>");
}

static void
here_documents_are_what_a_command_reads(void **state)
{
	(void)state;
	posix("a <<E b\none $X\n\\$Y\nE\nc", "[a][b]{one <X>\n$Y\n}|[c]");
	posix("a <<'E'\n$X\n\\$Y\nE", "[a]{$X\n\\$Y\n}");
	posix("a <<-E\n\tx\n\t\ty\n\tE\n", "[a]{x\ny\n}");
	posix("a <<E && b\nE\n", "[a]{}|[b]");
	posix("a <<E; b <<F\n1\nE\n2\nF\n", "[a]{1\n}|[b]{2\n}");
}

static void
what_is_left_open_is_an_error_with_its_place(void **state)
{
	(void)state;
	posix_fails("a\n b 'c", "a quote (') that is not closed", 2, 4);
	posix_fails("a \"c", "a quote (\") that is not closed", 1, 3);
	posix_fails("a $'c", "a quote ($') that is not closed", 1, 3);
	posix_fails("a ${b", "${...} without its end", 1, 3);
	posix_fails("a $(b", "$(...) without its end", 1, 3);
	posix_fails("a `b", "`...` without its end", 1, 3);
	posix_fails("a <<E\nx\n", "a here-document without its end, 'E'", 1, 5);
	posix_fails("a <<E", "a here-document without its text", 1, 5);
	posix_fails("a >\nb", "a redirection to nothing", 1, 3);
}

static void
a_nul_is_never_taken_for_a_variable(void **state)
{
	static const char sh[] = "a\0b 'c\0d' $'e\0\\\0f'";
	static const char dos[] = "a\0b \"c\0d\" ^\0e";

	(void)state;
	assert_int_equal(
	    read_with(ldi_curl_words_read, sh, sizeof(sh) - 1), LD_OK);
	assert_string_equal(ld_buf_str(&shown), "[ab][cd][ef]");
	assert_int_equal(
	    read_with(ldi_curl_cmd_read, dos, sizeof(dos) - 1), LD_OK);
	assert_string_equal(ld_buf_str(&shown), "[ab][cd][e]");
}

static void
words_know_their_place(void **state)
{
	static const struct ld_import_options options = { .test_time_s = -1 };
	static const char text[] = "curl 'a\nb' \\\n  c\n#\n d";
	struct ldi_curl curl = {
		.arena = ldi_arena_new(), .options = &options, .err = &err
	};
	struct ldi_curl_command *first;

	(void)state;
	assert_int_equal(
	    ldi_curl_words_read(&curl, text, sizeof(text) - 1, &first), LD_OK);
	assert_int_equal(first->words.list[1].at.line, 1);
	assert_int_equal(first->words.list[1].at.column, 6);
	assert_int_equal(first->words.list[2].at.line, 3);
	assert_int_equal(first->words.list[2].at.column, 3);
	assert_int_equal(first->next->words.list[0].at.line, 5);
	assert_int_equal(first->next->words.list[0].at.column, 2);
	ldi_arena_free(curl.arena);
}

/* -- cmd.exe -------------------------------------------------------------- */

static void
carets_of_cmd_go(void **state)
{
	(void)state;
	cmd("a b^&c ^^ ^\"", "[a][b&c][^][]");
	cmd("a ^\r\n  b ^\nc", "[a][b][c]");
	cmd("a \"b^c\"", "[a][b^c]");
	cmd("a&b|c\nd", "[a]|[b]|[c]|[d]");
	cmd("a \"b&c|d\"", "[a][b&c|d]");
	cmd("# curl x\r\na", "[a]");
}

static void
quotes_of_windows_follow_their_backslashes(void **state)
{
	(void)state;
	cmd("a \"b c\" d\"e f\"g", "[a][b c][de fg]");
	cmd("a \"b \\\"c\\\" d\"", "[a][b \"c\" d]");
	cmd("a \"b\\\\\" c\\\\d", "[a][b\\][c\\\\d]");
	cmd("a \"{\"\"x\"\":1}\"", "[a][{\"x\":1}]");
	cmd("a \"\"", "[a][]");
}

static void
browsers_lines_for_cmd_are_read(void **state)
{
	(void)state;
	/* Chrome, since 2023: everything is escaped. */
	cmd("curl ^\"http://h/?a=1^&b=%^32^\" ^\r\n"
	    "  -H ^\"x: y^\" ^\r\n"
	    "  --data-raw ^\"^{^\\^\"a^\\^\":1^}^\"",
	    "[curl][http://h/?a=1&b=%32][-H][x: y][--data-raw][{\"a\":1}]");
	/* A line end in the data. */
	cmd("curl --data-raw ^\"a^\n\nb^\"", "[curl][--data-raw][a\nb]");
	/* Firefox. */
	cmd("curl \"http://h/\" --data-raw \"a\"\"b\"^%\"41\"",
	    "[curl][http://h/][--data-raw][a\"b%41]");
}

static void
the_shell_is_told_by_its_carets(void **state)
{
	static const char *const cmds[] = { "curl ^\"http://h^\"",
		"curl \"x\" ^\r\n -H y", "curl x ^\n -H y" };
	static const char *const others[] = { "curl 'a^\"b'", "curl x \\\n ^\"",
		"curl a^b", "curl -d 'x^\n'", "", "^" };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_true(ldi_curl_cmd_looks(cmds[i], strlen(cmds[i])));
	for (size_t i = 0; i < 6; i++)
		assert_false(ldi_curl_cmd_looks(others[i], strlen(others[i])));
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(words_end_at_blanks_and_commands_at_operators),
		T(comments_begin_where_a_word_could),
		T(quotes_join_with_what_stands_beside_them),
		T(ansi_quotes_know_every_escape),
		T(variables_are_kept_by_name),
		T(redirections_are_no_words),
		T(here_documents_are_what_a_command_reads),
		T(what_is_left_open_is_an_error_with_its_place),
		T(a_nul_is_never_taken_for_a_variable),
		T(words_know_their_place),
		T(carets_of_cmd_go),
		T(quotes_of_windows_follow_their_backslashes),
		T(browsers_lines_for_cmd_are_read),
		T(the_shell_is_told_by_its_carets),
	};
#undef T

	return cmocka_run_group_tests_name("curl_words", tests, NULL, NULL);
}
