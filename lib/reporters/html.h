/* SPDX-License-Identifier: MIT */
/*
 * reporters/html.h - what the parts of the HTML report share.
 *
 * Text of our own is appended with ld_buf_adds(); text from elsewhere only
 * with ldi_html_text() and ldi_html_attr().
 */
#ifndef LDI_REPORTERS_HTML_H
#define LDI_REPORTERS_HTML_H

#include "reporters/moments.h"
#include "reporters/view.h"

struct ldi_html {
	struct ld_buf *out;
	const struct ldi_view *view;
	const struct ld_run_figures *run; /* the one being written */
	size_t number;                    /* its place, from 1 */
};

/* -- html_tag.c ----------------------------------------------------------- */

void ldi_html_text(const struct ldi_html *h, const char *text);
void ldi_html_textn(const struct ldi_html *h, const char *text, size_t len);
/* At most `max` characters, with an ellipsis where it was cut. */
void ldi_html_clip(
    const struct ldi_html *h, const char *text, size_t len, size_t max);
/* What a series is called, as in ldi_order_label(), clipped. */
void ldi_html_label(const struct ldi_html *h,
    const struct ld_series_figures *series, const char *origin, size_t max);
void ldi_html_attr(const struct ldi_html *h, const char *text, size_t len);
/* The id of a part of this run: "latency", or "run2-latency". */
void ldi_html_id(const struct ldi_html *h, const char *part);
/* <section> with a heading and an id; ends with </section>. */
void ldi_html_section(
    const struct ldi_html *h, const char *part, const char *words);
void ldi_html_section_end(const struct ldi_html *h);
/* A cell of a number; `fig` appends its text. */
void ldi_html_cell_count(const struct ldi_html *h, uint64_t count);
void ldi_html_cell_ns(const struct ldi_html *h, uint64_t ns);
/* A quantile, or that there are too few values for it. */
void ldi_html_quantile(
    const struct ldi_html *h, const struct ld_hist *hist, size_t quantile);

/* -- one file each -------------------------------------------------------- */

/* The style sheet, as it stands between <style> and </style>. */
const char *ldi_html_style(void);

void ldi_html_trust(const struct ldi_html *h);       /* html_trust.c */
void ldi_html_ledger(const struct ldi_html *h);      /* html_ledger.c */
void ldi_html_flow(const struct ldi_html *h);        /* svg_flow.c */
void ldi_html_key_figures(const struct ldi_html *h); /* html_key.c */
void ldi_html_findings(const struct ldi_html *h);    /* html_key.c */
enum ld_status ldi_html_series(
    const struct ldi_html *h, struct ld_err *err); /* html_series.c */
enum ld_status ldi_html_phases(
    const struct ldi_html *h, struct ld_err *err); /* html_phases.c */
void ldi_html_failures(const struct ldi_html *h);  /* html_failures.c */
void ldi_html_facts(const struct ldi_html *h);     /* html_facts.c */

/* -- charts: svg_time.c, svg_hist.c, svg_spectrum.c ----------------------- */

void ldi_html_time_line(
    const struct ldi_html *h, const struct ldi_moments *timeline);
void ldi_html_histogram(const struct ldi_html *h);
void ldi_html_spectrum(const struct ldi_html *h);

#endif /* LDI_REPORTERS_HTML_H */
