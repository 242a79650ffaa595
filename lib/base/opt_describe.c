/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <ld/opt.h>

#include "base/opt_describe.h"

#define WIDTH 79       /* of --help */
#define HELP_COLUMN 31 /* where the help text begins */

static void
add_spaces(struct ld_buf *out, size_t n)
{
	while (n-- > 0)
		ld_buf_addc(out, ' ');
}

/* -- help ----------------------------------------------------------------- */

/* Words of `text`, from `column` on, indented by `indent` when wrapped. */
static void
add_wrapped(struct ld_buf *out, const char *text, size_t column, size_t indent)
{
	bool first = true;

	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		if (!first && column + 1 + len > WIDTH) {
			ld_buf_addc(out, '\n');
			add_spaces(out, indent);
			column = indent;
		} else if (!first) {
			ld_buf_addc(out, ' ');
			column++;
		}
		ld_buf_add(out, text, len);
		column += len;
		text += len + (text[len] == ' ');
		first = false;
	}
}

/* The help text with its choices and its preset. */
static void
add_remarks(struct ld_buf *out, const struct ld_opt *opt)
{
	ld_buf_adds(out, opt->help);
	if (opt->kind == LD_OPT_KIND_CHOICE) {
		ld_buf_adds(out, ": ");
		for (size_t i = 0; opt->choices[i] != NULL; i++) {
			if (i > 0)
				ld_buf_adds(out, opt->choices[i + 1] == NULL
						     ? " or "
						     : ", ");
			ld_buf_adds(out, opt->choices[i]);
		}
	}
	if (opt->preset != NULL)
		ld_buf_addf(out, " [%s]", opt->preset);
}

void
ldi_opt_add_pair(struct ld_buf *out, const char *left, const char *right)
{
	size_t len = strlen(left);

	ld_buf_adds(out, left);
	if (len + 1 > HELP_COLUMN) {
		ld_buf_addc(out, '\n');
		len = 0;
	}
	add_spaces(out, HELP_COLUMN - len);
	add_wrapped(out, right, HELP_COLUMN, HELP_COLUMN);
	ld_buf_addc(out, '\n');
}

static void
help_option(struct ld_buf *out, const struct ld_opt *opt)
{
	struct ld_buf left, right;

	ld_buf_init(&left, 200);
	ld_buf_init(&right, 4000);
	if (opt->letter != '\0')
		ld_buf_addf(&left, "  -%c, ", opt->letter);
	else
		ld_buf_adds(&left, "      ");
	ld_buf_addf(&left, "--%s", opt->name);
	if (ldi_opt_takes_value(opt))
		ld_buf_addf(&left, " <%s>", opt->arg);
	add_remarks(&right, opt);
	if (left.failed || right.failed)
		out->failed = true;
	else
		ldi_opt_add_pair(out, ld_buf_str(&left), ld_buf_str(&right));
	ld_buf_clear(&left);
	ld_buf_clear(&right);
}

/* Ready to be copied, the reason as a comment of the shell. */
static void
help_examples(struct ld_buf *out, const struct ld_opt_word *example)
{
	ld_buf_adds(out, "\nexamples:\n");
	for (; example->name != NULL; example++)
		ld_buf_addf(
		    out, "  # %s\n  %s\n", example->summary, example->name);
}

static void
help(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_addf(
	    out, "usage: %s [options] %s\n", page->command, page->operands);
	add_wrapped(out, page->summary, 0, 0);
	ld_buf_addc(out, '\n');
	if (page->examples != NULL)
		help_examples(out, page->examples);
	if (page->words != NULL) {
		ld_buf_addf(out, "\n%s:\n", page->words_title);
		for (size_t i = 0; page->words[i].name != NULL; i++) {
			char left[64];

			snprintf(
			    left, sizeof(left), "  %s", page->words[i].name);
			ldi_opt_add_pair(out, left, page->words[i].summary);
		}
	}
	if (page->options->kind != LD_OPT_KIND_GROUP)
		ld_buf_addc(out, '\n');
	LDI_OPT_EACH(opt, page)
	{
		if (opt->kind == LD_OPT_KIND_GROUP)
			ld_buf_addf(out, "\n%s:\n", opt->help);
		else if (!opt->hidden)
			help_option(out, opt);
	}
}

/* -- man page ------------------------------------------------------------- */

/* Text that roff must not take for requests or escapes; its first letter is
 * made a capital when `sentence`. */
static void
add_roff(struct ld_buf *out, const char *text, bool sentence)
{
	if (*text == '.' || *text == '\'')
		ld_buf_adds(out, "\\&");
	for (const char *at = text; *at != '\0'; at++) {
		if (*at == '\\')
			ld_buf_adds(out, "\\e");
		else if (sentence && at == text && *at >= 'a' && *at <= 'z')
			ld_buf_addc(out, (char)(*at - 'a' + 'A'));
		else
			ld_buf_addc(out, *at);
	}
}

static void
mdoc_option(struct ld_buf *out, const struct ld_opt *opt)
{
	ld_buf_adds(out, ".It");
	if (opt->letter != '\0') {
		ld_buf_addf(out, " Fl %c", opt->letter);
		if (ldi_opt_takes_value(opt))
			ld_buf_addf(out, " Ar %s", opt->arg);
		ld_buf_adds(out, " ,");
	}
	ld_buf_addf(out, " Fl \\-%s", opt->name);
	if (ldi_opt_takes_value(opt))
		ld_buf_addf(out, " Ns = Ns Ar %s", opt->arg);
	ld_buf_addc(out, '\n');
	add_roff(out, opt->help, true);
	ld_buf_adds(out, ".\n");
	if (opt->kind == LD_OPT_KIND_CHOICE) {
		ld_buf_addf(out, "One of\n");
		for (size_t i = 0; opt->choices[i] != NULL; i++)
			ld_buf_addf(out, ".Cm %s%s\n", opt->choices[i],
			    opt->choices[i + 1] == NULL   ? " ."
			    : opt->choices[i + 2] == NULL ? "\nor"
							  : " ,");
	}
	if (opt->preset != NULL) {
		ld_buf_adds(out, "The default is\n.Cm ");
		add_roff(out, opt->preset, false);
		ld_buf_adds(out, " .\n");
	}
}

static void
mdoc_words(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_adds(out, ".Ss ");
	add_roff(out, page->words_title, true);
	ld_buf_adds(out, "\n.Bl -tag -width Ds\n");
	for (size_t i = 0; page->words[i].name != NULL; i++) {
		ld_buf_addf(out, ".It Cm %s\n", page->words[i].name);
		add_roff(out, page->words[i].summary, true);
		ld_buf_adds(out, ".\n");
	}
	ld_buf_adds(out, ".El\n");
	if (page->options->kind != LD_OPT_KIND_GROUP)
		ld_buf_adds(out, ".Ss Options\n");
}

static void
mdoc(const struct ld_opt_page *page, struct ld_buf *out)
{
	bool open = false;

	if (page->words != NULL && page->words[0].name != NULL)
		mdoc_words(page, out);
	LDI_OPT_EACH(opt, page)
	{
		if (opt->kind == LD_OPT_KIND_GROUP) {
			if (open)
				ld_buf_adds(out, ".El\n");
			open = false;
			ld_buf_addf(out, ".Ss %s\n", opt->help);
			continue;
		}
		if (opt->hidden)
			continue;
		if (!open)
			ld_buf_adds(out, ".Bl -tag -width Ds\n");
		open = true;
		mdoc_option(out, opt);
	}
	if (open)
		ld_buf_adds(out, ".El\n");
}

static void
mdoc_examples(const struct ld_opt_page *page, struct ld_buf *out)
{
	const struct ld_opt_word *example = page->examples;

	for (; example != NULL && example->name != NULL; example++) {
		if (example != page->examples)
			ld_buf_adds(out, ".Pp\n");
		add_roff(out, example->summary, true);
		ld_buf_adds(out, ":\n.Bd -literal -offset indent\n");
		add_roff(out, example->name, false);
		ld_buf_adds(out, "\n.Ed\n");
	}
}

static void
man(const struct ld_opt_page *page, struct ld_buf *out)
{
	ld_buf_adds(out, ".Dd $Mdocdate$\n.Dt ");
	for (const char *at = page->command; *at != '\0'; at++)
		ld_buf_addc(out,
		    *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at);
	ld_buf_addf(out, " 1\n.Os\n.Sh NAME\n.Nm %s\n.Nd ", page->command);
	add_roff(out, page->summary, false);
	ld_buf_addf(out, "\n.Sh SYNOPSIS\n.Nm\n.Op Ar option ...\n.Ar ");
	add_roff(out, page->operands, false);
	ld_buf_adds(out, "\n.Sh OPTIONS\n");
	mdoc(page, out);
	if (page->examples != NULL) {
		ld_buf_adds(out, ".Sh EXAMPLES\n");
		mdoc_examples(page, out);
	}
}

/* -- styles --------------------------------------------------------------- */

static const struct style {
	const char *name;
	void (*write)(const struct ld_opt_page *page, struct ld_buf *out);
} styles[] = {
	[LD_OPT_STYLE_HELP] = { "help", help },
	[LD_OPT_STYLE_MDOC] = { "mdoc", mdoc },
	[LD_OPT_STYLE_EXAMPLES] = { "examples", mdoc_examples },
	[LD_OPT_STYLE_MAN] = { "man", man },
	[LD_OPT_STYLE_WORDS] = { "words", ldi_opt_words },
	[LD_OPT_STYLE_BASH] = { "bash", ldi_opt_bash },
	[LD_OPT_STYLE_ZSH] = { "zsh", ldi_opt_zsh },
	[LD_OPT_STYLE_FISH] = { "fish", ldi_opt_fish },
};

enum ld_opt_style
ld_opt_style_find(const char *name)
{
	unsigned i = 0;

	while (i < LD_OPT_STYLE_N && strcmp(styles[i].name, name) != 0)
		i++;
	return (enum ld_opt_style)i;
}

void
ld_opt_describe(
    const struct ld_opt_page *page, enum ld_opt_style style, struct ld_buf *out)
{
	if ((unsigned)style < LD_OPT_STYLE_N)
		styles[style].write(page, out);
}
