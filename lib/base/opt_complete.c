/* SPDX-License-Identifier: MIT */
/* What the writers for the shells share. */
#include "config.h"

#include <string.h>

#include "base/opt_describe.h"

const char *const *
ldi_opt_offers(const struct ld_opt *opt)
{
	if (opt->kind == LD_OPT_KIND_CHOICE)
		return opt->choices;
	return opt->hints != NULL ? opt->hints() : NULL;
}

enum ldi_opt_guess
ldi_opt_guess(const struct ld_opt *opt)
{
	if (ldi_opt_offers(opt) != NULL)
		return LDI_OPT_GUESS_WORDS;
	if (strcmp(opt->arg, "file") == 0)
		return LDI_OPT_GUESS_FILES;
	if (strcmp(opt->arg, "directory") == 0)
		return LDI_OPT_GUESS_DIRECTORIES;
	return LDI_OPT_GUESS_NOTHING;
}

void
ldi_opt_add_offers(const struct ld_opt *opt, struct ld_buf *out)
{
	const char *const *offers = ldi_opt_offers(opt);

	for (size_t i = 0; offers[i] != NULL; i++)
		ld_buf_addf(out, "%s%s", i == 0 ? "" : " ", offers[i]);
}

void
ldi_opt_add_letters(
    const struct ld_opt_page *page, bool valued, struct ld_buf *out)
{
	LDI_OPT_EACH(opt, page)
	if (opt->letter != '\0' && ldi_opt_takes_value(opt) == valued)
		ld_buf_addc(out, opt->letter);
}

void
ldi_opt_add_valued(
    const struct ld_opt_page *page, const char *between, struct ld_buf *out)
{
	bool first = true;

	LDI_OPT_EACH(opt, page)
	{
		if (opt->kind == LD_OPT_KIND_GROUP || !ldi_opt_takes_value(opt))
			continue;
		ld_buf_addf(out, "%s%s", first ? "" : between, opt->name);
		first = false;
	}
}

void
ldi_opt_add_identifier(const char *command, struct ld_buf *out)
{
	for (; *command != '\0'; command++)
		ld_buf_addc(out, *command == '-' ? '_' : *command);
}

void
ldi_opt_words(const struct ld_opt_page *page, struct ld_buf *out)
{
	LDI_OPT_EACH_SHOWN(opt, page)
	ld_buf_addf(out, "--%s\n", opt->name);
}
