/* SPDX-License-Identifier: MIT */
/* Completion for fish. */
#include "config.h"

#include "base/opt_describe.h"

static void
add_quoted(struct ld_buf *out, const char *text)
{
	ld_buf_addc(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'' || *text == '\\')
			ld_buf_addc(out, '\\');
		ld_buf_addc(out, *text);
	}
	ld_buf_addc(out, '\'');
}

/* True as long as no operand came: values of options are none. */
static void
add_first(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_adds(out, "function __");
	ldi_opt_add_identifier(page->command, out);
	ld_buf_adds(out, "_first\n"
			 "\tset -l value 0\n"
			 "\tfor word in (commandline -opc)[2..-1]\n"
			 "\t\tif test $value = 1\n"
			 "\t\t\tset value 0\n"
			 "\t\telse if string match -qr -- '^(--(");
	ldi_opt_add_valued(page, "|", out);
	ld_buf_adds(out, ")|-[");
	ldi_opt_add_letters(page, false, out);
	ld_buf_adds(out, "]*[");
	ldi_opt_add_letters(page, true, out);
	ld_buf_adds(out, "])$' $word\n"
			 "\t\t\tset value 1\n"
			 "\t\telse if not string match -q -- '-?*' $word\n"
			 "\t\t\treturn 1\n"
			 "\t\tend\n"
			 "\tend\n"
			 "end\n");
}

static void
add_words(const struct ld_opt_page *page, struct ld_buf *out)
{
	for (size_t i = 0; page->words[i].name != NULL; i++) {
		ld_buf_addf(out, "complete -c %s -n __", page->command);
		ldi_opt_add_identifier(page->command, out);
		ld_buf_addf(out, "_first -f -a %s -d ", page->words[i].name);
		add_quoted(out, page->words[i].summary);
		ld_buf_addc(out, '\n');
	}
}

/* What it runs completes itself; the options that take a value are named. */
static void
add_subcommand(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_addf(out, "complete -c %s -f -a '(__fish_complete_subcommand --",
	    page->command);
	LDI_OPT_EACH_SHOWN(opt, page)
	if (ldi_opt_takes_value(opt)) {
		if (opt->letter != '\0')
			ld_buf_addf(out, " -%c", opt->letter);
		ld_buf_addf(out, " --%s", opt->name);
	}
	ld_buf_adds(out, ")'\n");
}

static void
add_value(struct ld_buf *out, const struct ld_opt *opt)
{
	switch (ldi_opt_guess(opt)) {
	case LDI_OPT_GUESS_WORDS:
		ld_buf_adds(out, " -x -a '");
		ldi_opt_add_offers(opt, out);
		ld_buf_addc(out, '\'');
		break;
	case LDI_OPT_GUESS_FILES:
		ld_buf_adds(out, " -r -F");
		break;
	case LDI_OPT_GUESS_DIRECTORIES:
		ld_buf_adds(out, " -x -a '(__fish_complete_directories)'");
		break;
	case LDI_OPT_GUESS_NOTHING:
		ld_buf_adds(out, " -x");
		break;
	}
}

void
ldi_opt_fish(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_addf(out, "# fish completion for %s\n", page->command);
	if (page->words != NULL) {
		add_first(page, out);
		add_words(page, out);
	}
	if (page->runs_command)
		add_subcommand(page, out);
	LDI_OPT_EACH_SHOWN(opt, page)
	{
		ld_buf_addf(out, "complete -c %s", page->command);
		if (opt->letter != '\0')
			ld_buf_addf(out, " -s %c", opt->letter);
		ld_buf_addf(out, " -l %s", opt->name);
		if (ldi_opt_takes_value(opt))
			add_value(out, opt);
		ld_buf_adds(out, " -d ");
		add_quoted(out, opt->help);
		ld_buf_addc(out, '\n');
	}
}
