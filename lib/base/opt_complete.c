/* SPDX-License-Identifier: MIT */
/* What the shells complete, from the same table. */
#include "config.h"

#include <string.h>

#include "base/opt_describe.h"

static void
add_choices(struct ld_buf *out, const struct ld_opt *opt)
{
	for (size_t i = 0; opt->choices[i] != NULL; i++)
		ld_buf_addf(out, "%s%s", i == 0 ? "" : " ", opt->choices[i]);
}

enum guess { GUESS_NOTHING, GUESS_CHOICES, GUESS_FILES, GUESS_DIRECTORIES };

static enum guess
what_completes(const struct ld_opt *opt)
{
	if (opt->kind == LD_OPT_KIND_CHOICE)
		return GUESS_CHOICES;
	if (strcmp(opt->arg, "file") == 0)
		return GUESS_FILES;
	if (strcmp(opt->arg, "directory") == 0)
		return GUESS_DIRECTORIES;
	return GUESS_NOTHING;
}

void
ldi_opt_words(const struct ld_opt_page *page, struct ld_buf *out)
{
	LDI_OPT_EACH_SHOWN(opt, page)
	ld_buf_addf(out, "--%s\n", opt->name);
}

/* The name as a shell function: ld-run is ld_run. */
static void
add_identifier(struct ld_buf *out, const char *name)
{
	for (; *name != '\0'; name++)
		ld_buf_addc(out, *name == '-' ? '_' : *name);
}

/* Inside single quotes of any of the shells; '[', ']' and ':' mean something
 * to zsh and are only found in help texts. */
static void
add_quoted(struct ld_buf *out, const char *text, bool zsh)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			ld_buf_adds(out, zsh ? "'\\'" : "\\");
		else if (zsh && strchr("[]:\\", *text) != NULL)
			ld_buf_addc(out, '\\');
		else if (!zsh && *text == '\\')
			ld_buf_addc(out, '\\');
		ld_buf_addc(out, *text);
	}
}

static void
bash_value(struct ld_buf *out, const struct ld_opt *opt)
{
	ld_buf_adds(out, "\t");
	if (opt->letter != '\0')
		ld_buf_addf(out, "-%c | ", opt->letter);
	ld_buf_addf(out, "--%s)\n", opt->name);
	switch (what_completes(opt)) {
	case GUESS_CHOICES:
		ld_buf_adds(out, "\t\tCOMPREPLY=($(compgen -W '");
		add_choices(out, opt);
		ld_buf_adds(out, "' -- \"$cur\"))\n");
		break;
	case GUESS_FILES:
		ld_buf_adds(out, "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n");
		break;
	case GUESS_DIRECTORIES:
		ld_buf_adds(out, "\t\tCOMPREPLY=($(compgen -d -- \"$cur\"))\n");
		break;
	case GUESS_NOTHING:
		ld_buf_adds(out, "\t\tCOMPREPLY=()\n");
		break;
	}
	ld_buf_adds(out, "\t\treturn\n\t\t;;\n");
}

void
ldi_opt_bash(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_addf(out, "# bash completion for %s\n_", page->command);
	add_identifier(out, page->command);
	ld_buf_adds(out, "()\n{\n"
			 "\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
			 "\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}\n\n"
			 "\t# --option=value arrives as three words\n"
			 "\tif [[ $cur == = ]]; then\n"
			 "\t\tcur=\n"
			 "\telif [[ $prev == = ]]; then\n"
			 "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
			 "\tfi\n"
			 "\tcase $prev in\n");
	LDI_OPT_EACH_SHOWN(opt, page)
	if (ldi_opt_takes_value(opt))
		bash_value(out, opt);
	ld_buf_adds(out, "\tesac\n"
			 "\tif [[ $cur == -* ]]; then\n"
			 "\t\tCOMPREPLY=($(compgen -W '");
	LDI_OPT_EACH_SHOWN(opt, page)
	ld_buf_addf(out, "--%s%s", opt->name,
	    opt[1].kind == LD_OPT_KIND_END ? "" : " ");
	ld_buf_adds(out, "' -- \"$cur\"))\n\telse\n\t\tCOMPREPLY=($(compgen ");
	if (page->words != NULL) {
		ld_buf_adds(out, "-W '");
		for (size_t i = 0; page->words[i].name != NULL; i++)
			ld_buf_addf(out, "%s%s", i == 0 ? "" : " ",
			    page->words[i].name);
		ld_buf_adds(out, "' ");
	}
	ld_buf_adds(
	    out, "-f -- \"$cur\"))\n\tfi\n}\ncomplete -o filenames -F _");
	add_identifier(out, page->command);
	ld_buf_addf(out, " %s\n", page->command);
}

static void
zsh_value(struct ld_buf *out, const struct ld_opt *opt)
{
	ld_buf_addf(out, ":%s:", opt->arg);
	switch (what_completes(opt)) {
	case GUESS_CHOICES:
		ld_buf_addc(out, '(');
		add_choices(out, opt);
		ld_buf_addc(out, ')');
		break;
	case GUESS_FILES:
		ld_buf_adds(out, "_files");
		break;
	case GUESS_DIRECTORIES:
		ld_buf_adds(out, "_files -/");
		break;
	case GUESS_NOTHING:
		break;
	}
}

static void
zsh_option(struct ld_buf *out, const struct ld_opt *opt)
{
	const char *star = opt->kind == LD_OPT_KIND_STRINGS ? "*" : "";
	const char *equals = ldi_opt_takes_value(opt) ? "=" : "";
	const char *plus = ldi_opt_takes_value(opt) ? "+" : "";

	ld_buf_adds(out, " \\\n\t'");
	if (opt->letter != '\0') {
		if (*star == '\0')
			ld_buf_addf(out, "(-%c --%s)", opt->letter, opt->name);
		ld_buf_addf(out, "%s'{-%c%s,--%s%s}'[", star, opt->letter, plus,
		    opt->name, equals);
	} else {
		ld_buf_addf(out, "%s--%s%s[", star, opt->name, equals);
	}
	add_quoted(out, opt->help, true);
	ld_buf_addc(out, ']');
	if (ldi_opt_takes_value(opt))
		zsh_value(out, opt);
	ld_buf_addc(out, '\'');
}

void
ldi_opt_zsh(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_addf(out, "#compdef %s\n\n_arguments -s -S", page->command);
	LDI_OPT_EACH_SHOWN(opt, page)
	zsh_option(out, opt);
	if (page->words != NULL) {
		ld_buf_addf(out, " \\\n\t'1:%s:((", page->words_title);
		for (size_t i = 0; page->words[i].name != NULL; i++) {
			ld_buf_addf(out, "%s%s\\:\"", i == 0 ? "" : " ",
			    page->words[i].name);
			add_quoted(out, page->words[i].summary, true);
			ld_buf_addc(out, '"');
		}
		ld_buf_adds(out, "))'");
	}
	ld_buf_adds(out, " \\\n\t'*:file:_files'\n");
}

void
ldi_opt_fish(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_addf(out, "# fish completion for %s\n", page->command);
	for (size_t i = 0; page->words != NULL && page->words[i].name != NULL;
	     i++) {
		ld_buf_addf(out,
		    "complete -c %s -n '__fish_is_first_arg' -a %s -d '",
		    page->command, page->words[i].name);
		add_quoted(out, page->words[i].summary, false);
		ld_buf_adds(out, "'\n");
	}
	LDI_OPT_EACH_SHOWN(opt, page)
	{
		ld_buf_addf(out, "complete -c %s", page->command);
		if (opt->letter != '\0')
			ld_buf_addf(out, " -s %c", opt->letter);
		ld_buf_addf(out, " -l %s", opt->name);
		if (ldi_opt_takes_value(opt)) {
			enum guess guess = what_completes(opt);

			ld_buf_adds(
			    out, guess == GUESS_FILES ? " -r -F"
				 : guess == GUESS_DIRECTORIES
				     ? " -x -a '(__fish_complete_directories)'"
				     : " -x");
			if (guess == GUESS_CHOICES) {
				ld_buf_adds(out, " -a '");
				add_choices(out, opt);
				ld_buf_addc(out, '\'');
			}
		}
		ld_buf_adds(out, " -d '");
		add_quoted(out, opt->help, false);
		ld_buf_adds(out, "'\n");
	}
}
