/* SPDX-License-Identifier: MIT */
/* reporters/text.h - what the parts of the text report share. */
#ifndef LDI_REPORTERS_TEXT_H
#define LDI_REPORTERS_TEXT_H

#include "reporters/view.h"

struct ldi_text {
	struct ld_buf *out;
	bool color;
	size_t width; /* columns, at least 40 */
};

enum ldi_text_style {
	LDI_TEXT_PLAIN,
	LDI_TEXT_BOLD,
	LDI_TEXT_DIM,
	LDI_TEXT_RED,
	LDI_TEXT_YELLOW,
	LDI_TEXT_GREEN,
};

/* Nothing without colour. */
void ldi_text_style(const struct ldi_text *t, enum ldi_text_style style);
/* Text from elsewhere, encoded, in at most `columns`. */
void ldi_text_foreign(
    const struct ldi_text *t, const char *text, size_t columns);
void ldi_text_heading(const struct ldi_text *t, const char *words);
/* Encoded text in lines of the terminal's width.  The first is already
 * `column` long, the others begin with `indent` blanks. */
struct ldi_text_wrap {
	size_t column, indent;
};
void ldi_text_wrap(const struct ldi_text *t, const struct ldi_text_wrap *how,
    const char *text, size_t len);

/* The table of latencies. */
void ldi_text_latency(
    const struct ldi_text *t, const struct ld_run_figures *run);
/* "mean service time 8.12 ms: ttfb 75.2 %, connect 14.1 %, tls 10.7 %" */
void ldi_text_phases(
    const struct ldi_text *t, const struct ld_run_figures *run);

#endif /* LDI_REPORTERS_TEXT_H */
