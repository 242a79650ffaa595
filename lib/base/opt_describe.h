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

void ldi_opt_words(const struct ld_opt_page *page, struct ld_buf *out);
void ldi_opt_bash(const struct ld_opt_page *page, struct ld_buf *out);
void ldi_opt_zsh(const struct ld_opt_page *page, struct ld_buf *out);
void ldi_opt_fish(const struct ld_opt_page *page, struct ld_buf *out);

#endif /* LDI_BASE_OPT_DESCRIBE_H */
