/* SPDX-License-Identifier: MIT */
/*
 * base/opt_describe.h - the writers behind ld_opt_describe().
 */
#ifndef LDI_BASE_OPT_DESCRIBE_H
#define LDI_BASE_OPT_DESCRIBE_H

#include <stdbool.h>

#include <ld/opt.h>

static inline bool
ldi_opt_shown(const struct ld_opt *opt)
{
	return opt->kind != LD_OPT_KIND_GROUP && !opt->hidden;
}

static inline bool
ldi_opt_takes_value(const struct ld_opt *opt)
{
	return opt->kind != LD_OPT_KIND_FLAG;
}

#define LDI_OPT_EACH(opt, page)                          \
	for (const struct ld_opt *opt = (page)->options; \
	     opt->kind != LD_OPT_KIND_END; opt++)

#define LDI_OPT_EACH_SHOWN(opt, page) \
	LDI_OPT_EACH(opt, page)       \
	if (ldi_opt_shown(opt))

/* What a shell completes behind an option. */
enum ldi_opt_guess {
	LDI_OPT_GUESS_NOTHING,
	LDI_OPT_GUESS_WORDS,
	LDI_OPT_GUESS_FILES,
	LDI_OPT_GUESS_DIRECTORIES,
};
enum ldi_opt_guess ldi_opt_guess(const struct ld_opt *opt);

/* The values to offer, NULL behind the last; or NULL. */
const char *const *ldi_opt_offers(const struct ld_opt *opt);
void ldi_opt_add_offers(const struct ld_opt *opt, struct ld_buf *out);

/* For regular expressions: the letters, or the long names, hidden ones
 * included, of the options that take a value (or none). */
void ldi_opt_add_letters(
    const struct ld_opt_page *page, bool valued, struct ld_buf *out);
void ldi_opt_add_valued(
    const struct ld_opt_page *page, const char *between, struct ld_buf *out);

/* A line of help: `right` in a column of its own, wrapped. */
void ldi_opt_add_pair(struct ld_buf *out, const char *left, const char *right);

/* The name as a shell function: ld-run is ld_run. */
void ldi_opt_add_identifier(const char *command, struct ld_buf *out);

void ldi_opt_words(const struct ld_opt_page *page, struct ld_buf *out);
void ldi_opt_bash(const struct ld_opt_page *page, struct ld_buf *out);
void ldi_opt_zsh(const struct ld_opt_page *page, struct ld_buf *out);
void ldi_opt_fish(const struct ld_opt_page *page, struct ld_buf *out);

#endif /* LDI_BASE_OPT_DESCRIBE_H */
