/* SPDX-License-Identifier: MIT */
/* Completion for zsh: a function for fpath, by way of _arguments. */
#include "config.h"

#include <string.h>

#include "base/opt_describe.h"

/* For a spec of _arguments between single quotes.  `deep` is text that stands
 * between double quotes there and is evaluated once more. */
static void
add_text(struct ld_buf *out, const char *text, bool deep)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'') {
			ld_buf_adds(out, "'\\''");
			continue;
		}
		if (deep && strchr("\"$`", *text) != NULL)
			ld_buf_addc(out, '\\');
		else if (*text == '\\')
			ld_buf_adds(out, deep ? "\\\\\\" : "\\");
		else if (*text == ':' || (!deep && strchr("[]", *text) != NULL))
			ld_buf_addc(out, '\\');
		ld_buf_addc(out, *text);
	}
}

static void
add_value(struct ld_buf *out, const struct ld_opt *opt)
{
	ld_buf_adds(out, ":");
	add_text(out, opt->arg, false);
	ld_buf_adds(out, ":");
	switch (ldi_opt_guess(opt)) {
	case LDI_OPT_GUESS_WORDS:
		ld_buf_addc(out, '(');
		ldi_opt_add_offers(opt, out);
		ld_buf_addc(out, ')');
		break;
	case LDI_OPT_GUESS_FILES:
		ld_buf_adds(out, "_files");
		break;
	case LDI_OPT_GUESS_DIRECTORIES:
		ld_buf_adds(out, "_files -/");
		break;
	case LDI_OPT_GUESS_NOTHING:
		ld_buf_adds(out, " ");
		break;
	}
}

static void
add_option(struct ld_buf *out, const struct ld_opt *opt)
{
	bool valued = ldi_opt_takes_value(opt);
	const char *star = opt->kind == LD_OPT_KIND_STRINGS ? "*" : "";
	const char *equals = valued ? "=" : "";
	const char *plus = valued ? "+" : "";

	ld_buf_adds(out, " \\\n\t'");
	if (opt->letter != '\0') {
		if (*star == '\0')
			ld_buf_addf(out, "(-%c --%s)", opt->letter, opt->name);
		ld_buf_addf(out, "%s'{-%c%s,--%s%s}'[", star, opt->letter, plus,
		    opt->name, equals);
	} else {
		ld_buf_addf(out, "%s--%s%s[", star, opt->name, equals);
	}
	add_text(out, opt->help, false);
	ld_buf_addc(out, ']');
	if (valued)
		add_value(out, opt);
	ld_buf_addc(out, '\'');
}

static void
add_words(struct ld_buf *out, const struct ld_opt_page *page)
{
	ld_buf_adds(out, " \\\n\t'1:");
	add_text(out, page->words_title, false);
	ld_buf_adds(out, ":((");
	for (size_t i = 0; page->words[i].name != NULL; i++) {
		ld_buf_addf(
		    out, "%s%s\\:\"", i == 0 ? "" : " ", page->words[i].name);
		add_text(out, page->words[i].summary, true);
		ld_buf_addc(out, '"');
	}
	ld_buf_adds(out, "))'");
}

void
ldi_opt_zsh(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_addf(out, "#compdef %s\n\n_arguments -s -S", page->command);
	if (page->runs_command)
		ld_buf_adds(out, " -A '-*'");
	LDI_OPT_EACH_SHOWN(opt, page)
	add_option(out, opt);
	if (page->words != NULL)
		add_words(out, page);
	if (page->runs_command)
		ld_buf_adds(out, " \\\n\t'(-)1:command:_command_names -e'"
				 " \\\n\t'*::argument:_normal'\n");
	else
		ld_buf_adds(out, " \\\n\t'*:file:_files'\n");
}
