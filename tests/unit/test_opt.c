/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ld/opt.h>
#include <ld/time.h>

struct config {
	bool quiet, verbose, has_users;
	const char *output;
	struct ld_opt_list vars;
	uint64_t users, time_ns, size;
	double rate, share;
	struct ld_range_ns wait;
	unsigned format;
};

static const char *const formats[] = { "json", "text", "html", NULL };

static const struct ld_opt options[] = {
	LD_OPT_GROUP("Load"),
	LD_OPT_COUNT('u', "users", struct config, users, "n", "50", 1, 1000,
	    "simulate this many users", LD_OPT_GIVEN(struct config, has_users)),
	LD_OPT_DURATION('t', "time", struct config, time_ns, "60s",
	    "start nothing new after this long"),
	LD_OPT_RATE('r', "spawn-rate", struct config, rate, "10/s",
	    "start this many users per second"),
	LD_OPT_RANGE(
	    0, "wait", struct config, wait, "0.1..0.2", "pause between passes"),
	LD_OPT_GROUP("Output"),
	LD_OPT_FLAG('q', "quiet", struct config, quiet, "say nothing"),
	LD_OPT_FLAG('v', "verbose", struct config, verbose,
	    ".a text that 'quotes' [and] \\ more: it is long enough that it "
	    "has to be wrapped at least once"),
	LD_OPT_STRING('o', "output", struct config, output, "file", NULL,
	    "write to this file"),
	LD_OPT_STRINGS(
	    0, "var", struct config, vars, "name=value", "set a variable"),
	LD_OPT_SIZE(0, "spill-max", struct config, size, "1GiB",
	    "spill at most this much"),
	LD_OPT_NUMBER(0, "share", struct config, share, "x", NULL, "a share"),
	LD_OPT_CHOICE('f', "format", struct config, format, "format", formats,
	    "text", "write this"),
	LD_OPT_FLAG(
	    0, "zecret", struct config, verbose, "hidden", LD_OPT_HIDDEN),
	LD_OPT_END,
};

static const struct ld_opt_word first_words[] = { { "har", "HTTP Archive" },
	{ "curl", "a curl command line" }, { NULL, NULL } };

static const struct ld_opt_word examples[] = {
	{ "ld-test '\\.png$' | wc", "see \\ what it does" },
	{ "ld-test", "nothing" },
	{ NULL, NULL },
};

static const struct ld_opt_page page = { .command = "ld-test",
	.summary = "test the options",
	.operands = "[file ...]",
	.options = options,
	.examples = examples,
	.words = first_words,
	.words_title = "formats" };

struct parsed {
	struct config config;
	struct ld_err err;
	enum ld_status st;
	int n;
	char *argv[16];
	char text[512];
};

/* Split at spaces, parse. */
static void
parse_with(struct parsed *p, const char *line, bool posix)
{
	static char name[] = "ld-test";
	int argc = 1;

	memset(p, 0, sizeof(*p));
	p->argv[0] = name;
	snprintf(p->text, sizeof(p->text), "%s", line);
	for (char *save, *word = strtok_r(p->text, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save))
		p->argv[argc++] = word;
	p->st = (posix ? ld_opt_parse_posix : ld_opt_parse)(
	    options, &p->config, argc, p->argv, &p->n, &p->err);
}

static void
parse(struct parsed *p, const char *line)
{
	parse_with(p, line, false);
}

static void
presets_are_values_that_were_not_given(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "");
	assert_int_equal(p.st, LD_OK);
	assert_int_equal(p.n, 0);
	assert_int_equal(p.config.users, 50);
	assert_false(p.config.has_users);
	assert_true(p.config.time_ns == 60 * LD_NS_PER_S);
	assert_true(p.config.rate == 10);
	assert_true(p.config.wait.max_ns == 200 * LD_NS_PER_MS);
	assert_int_equal(p.config.format, 1);
	assert_null(p.config.output);
}

static void
all_forms_of_a_value_are_read(void **state)
{
	static const char *const lines[] = { "-u 7", "-u7", "--users 7",
		"--users=7", "-qu7", "-qvu 7", "--users=3 --users 7" };
	struct parsed p;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		parse(&p, lines[i]);
		assert_int_equal(p.st, LD_OK);
		assert_int_equal(p.config.users, 7);
		assert_true(p.config.has_users);
		assert_int_equal(p.config.quiet, lines[i][1] == 'q');
	}
	parse(&p, "--output= --wait 1..2 --share -0.5 -fhtml --spill-max 1K");
	assert_int_equal(p.st, LD_OK);
	assert_string_equal(p.config.output, "");
	assert_true(p.config.wait.min_ns == LD_NS_PER_S);
	assert_true(p.config.share == -0.5);
	assert_int_equal(p.config.format, 2);
	assert_int_equal(p.config.size, 1024);
}

static void
operands_and_options_may_be_mixed(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "a -q b - --time 5 -- -v --users");
	assert_int_equal(p.st, LD_OK);
	assert_int_equal(p.n, 5);
	assert_string_equal(p.argv[1], "a");
	assert_string_equal(p.argv[2], "b");
	assert_string_equal(p.argv[3], "-");
	assert_string_equal(p.argv[4], "-v");
	assert_string_equal(p.argv[5], "--users");
	assert_true(p.config.quiet);
	assert_false(p.config.verbose);
}

static void
the_first_operand_can_end_the_options(void **state)
{
	struct parsed p;

	(void)state;
	parse_with(&p, "-q cmd -v -- x", true);
	assert_int_equal(p.st, LD_OK);
	assert_int_equal(p.n, 4);
	assert_string_equal(p.argv[2], "-v");
	assert_string_equal(p.argv[3], "--");
	assert_false(p.config.verbose);
	parse_with(&p, "-q -- -v x", true);
	assert_int_equal(p.n, 2);
	assert_string_equal(p.argv[1], "-v");
}

static void
lists_keep_their_order(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "--var a=1 --var=b=2 --var c");
	assert_int_equal(p.st, LD_OK);
	assert_int_equal(p.config.vars.n, 3);
	assert_string_equal(p.config.vars.items[0], "a=1");
	assert_string_equal(p.config.vars.items[1], "b=2");
	assert_string_equal(p.config.vars.items[2], "c");
	ld_opt_clear(options, &p.config);
	assert_int_equal(p.config.vars.n, 0);
}

static void
errors_name_the_option_the_value_and_the_nearest(void **state)
{
	static const struct {
		const char *line, *text;
	} cases[] = {
		{ "--tmie 5",
		    "unknown option '--tmie'; did you mean '--time'?" },
		{ "--out=x",
		    "unknown option '--out'; did you mean '--output'?" },
		{ "--zecrte", "unknown option '--zecrte'" },
		{ "--banana", "unknown option '--banana'" },
		{ "-x", "unknown option '-x'" },
		{ "-qx", "unknown option '-x'" },
		{ "--time",
		    "option '--time' needs a value: --time=<duration>" },
		{ "-qt", "option '--time' needs a value: --time=<duration>" },
		{ "--quiet=yes",
		    "option '--quiet' takes no value, not even 'yes'" },
		{ "-t 10parsecs",
		    "--time: '10parsecs' is not a duration such as 250ms or "
		    "10s: the units are d, h, m, s, ms, us and ns" },
		{ "-u 0", "--users: '0' is not from 1 to 1000" },
		{ "-u 1001", "--users: '1001' is not from 1 to 1000" },
		{ "-u -5", "--users: '-5' is not a whole number" },
		{ "-f xml", "--format: 'xml' is not json, text or html" },
		{ "--spill-max lots",
		    "--spill-max: 'lots' is not a size such as 64KiB or "
		    "10MB" },
	};
	struct parsed p;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		parse(&p, cases[i].line);
		assert_int_equal(p.st, LD_INVALID);
		assert_string_equal(p.err.text, cases[i].text);
	}
}

static char *
describe(enum ld_opt_style style)
{
	struct ld_buf buf;
	char *text;

	ld_buf_init(&buf, 100000);
	ld_opt_describe(&page, style, &buf);
	text = ld_buf_take(&buf, NULL);
	assert_non_null(text);
	return text;
}

static void
help_shows_every_option_within_80_columns(void **state)
{
	char *text = describe(LD_OPT_STYLE_HELP);

	(void)state;
	for (const struct ld_opt *o = options; o->kind != LD_OPT_KIND_END; o++)
		if (o->name != NULL)
			assert_int_equal(
			    strstr(text, o->name) == NULL, o->hidden);
	for (char *line = text; *line != '\0';) {
		size_t len = strcspn(line, "\n");

		assert_true(len < 80);
		assert_true(len == 0 || line[len - 1] != ' ');
		line += len + 1;
	}
	assert_non_null(strstr(text, "\nLoad:\n  -u, --users <n>"));
	assert_non_null(strstr(text, "[0.1..0.2]"));
	assert_non_null(strstr(text, "json, text or html"));
	assert_non_null(strstr(text, "  har "));
	free(text);
}

static void
roff_is_not_fooled_by_help_text(void **state)
{
	char *text = describe(LD_OPT_STYLE_MDOC);

	(void)state;
	assert_non_null(
	    strstr(text, ".It Fl u Ar n , Fl \\-users Ns = Ns Ar n\n"
			 "Simulate this many users.\n"));
	assert_non_null(strstr(text, "\n\\&.a text"));
	assert_non_null(strstr(text, " \\e more"));
	assert_non_null(strstr(text, "The default is\n.Cm 60s .\n"));
	assert_null(strstr(text, "zecret"));
	free(text);
}

static void
examples_come_first_and_are_literal(void **state)
{
	char *help = describe(LD_OPT_STYLE_HELP);
	char *mdoc = describe(LD_OPT_STYLE_EXAMPLES);

	(void)state;
	assert_non_null(strstr(help,
	    "test the options\n\nexamples:\n  # see \\ what it does\n"
	    "  ld-test '\\.png$' | wc\n  # nothing\n  ld-test\n\nformats:"));
	assert_non_null(
	    strstr(mdoc, "See \\e what it does:\n.Bd -literal -offset indent\n"
			 "ld-test '\\e.png$' | wc\n.Ed\n.Pp\nNothing:\n"));
	free(help);
	free(mdoc);
}

static void
shells_get_choices_files_and_words(void **state)
{
	char *bash = describe(LD_OPT_STYLE_BASH);
	char *zsh = describe(LD_OPT_STYLE_ZSH);
	char *fish = describe(LD_OPT_STYLE_FISH);
	char *words = describe(LD_OPT_STYLE_WORDS);

	(void)state;
	assert_non_null(strstr(bash, "-f | --format)"));
	assert_non_null(strstr(bash, "offer='json text html'"));
	assert_non_null(strstr(bash, "offer='har curl'"));
	assert_non_null(strstr(zsh, "'(-o --output)'{-o+,--output=}'["));
	assert_non_null(strstr(zsh, "'\\''quotes'\\'' \\[and\\] \\\\ more\\:"));
	assert_non_null(strstr(fish, "\\'quotes\\' [and] \\\\ more:"));
	assert_non_null(strstr(fish, "-l format -x -a 'json text html'"));
	assert_non_null(strstr(words, "--spill-max\n"));
	assert_null(strstr(words, "zecret"));
	free(bash);
	free(zsh);
	free(fish);
	free(words);
}

static void
styles_are_found_by_name(void **state)
{
	(void)state;
	assert_int_equal(ld_opt_style_find("mdoc"), LD_OPT_STYLE_MDOC);
	assert_int_equal(ld_opt_style_find("fish"), LD_OPT_STYLE_FISH);
	assert_int_equal(ld_opt_style_find("csh"), LD_OPT_STYLE_N);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presets_are_values_that_were_not_given),
		cmocka_unit_test(all_forms_of_a_value_are_read),
		cmocka_unit_test(operands_and_options_may_be_mixed),
		cmocka_unit_test(the_first_operand_can_end_the_options),
		cmocka_unit_test(lists_keep_their_order),
		cmocka_unit_test(
		    errors_name_the_option_the_value_and_the_nearest),
		cmocka_unit_test(help_shows_every_option_within_80_columns),
		cmocka_unit_test(roff_is_not_fooled_by_help_text),
		cmocka_unit_test(examples_come_first_and_are_literal),
		cmocka_unit_test(shells_get_choices_files_and_words),
		cmocka_unit_test(styles_are_found_by_name),
	};

	return cmocka_run_group_tests_name("opt", tests, NULL, NULL);
}
