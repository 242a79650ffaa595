/* SPDX-License-Identifier: MIT */
/*
 * reporters/figure.h - numbers as people read them.
 *
 * Integers in, text out: no locale, no binary fractions that print differently
 * elsewhere.  A figure that is rounded never looks like a bound it does not
 * reach: one failure in a million is "<0.01 %", not "0 %".
 */
#ifndef LDI_REPORTERS_FIGURE_H
#define LDI_REPORTERS_FIGURE_H

#include <stdint.h>

#include <ld/buf.h>
#include <ld/hist.h>

/* `value` / 10^decimals, trailing zeros kept: (1234, 2) is "12.34". */
void ldi_fig_fixed(struct ld_buf *out, uint64_t value, unsigned decimals);
/* The same without trailing zeros: (1200, 3) is "1.2". */
void ldi_fig_trim(struct ld_buf *out, uint64_t value, unsigned decimals);

void ldi_fig_count(struct ld_buf *out, uint64_t count); /* "12,034" */
/* Three digits and a unit: "812 us", "8.12 ms", "1.23 s", "812 s". */
void ldi_fig_ns(struct ld_buf *out, uint64_t ns);
/* The same for HTML, with the letter mu. */
void ldi_fig_ns_html(struct ld_buf *out, uint64_t ns);
/* How long a run took: "0.42 s", "60.0 s", "12 min 5 s", "3 h 20 min". */
void ldi_fig_span(struct ld_buf *out, uint64_t ns);
/* A place in a run: "12.4 s", "79 min 40 s". */
void ldi_fig_at(struct ld_buf *out, uint64_t ns);
/* Events per second: "1,234/s", "12.3/s", "0.52/s"; "-" without a time. */
void ldi_fig_rate(struct ld_buf *out, uint64_t count, uint64_t ns);
/* Percent: "0.78 %", "<0.01 %", ">99.99 %", "100 %"; "-" of nothing. */
void ldi_fig_share(struct ld_buf *out, uint64_t part, uint64_t whole);
void ldi_fig_bytes(struct ld_buf *out, uint64_t bytes); /* "1.2 MiB" */
/* Short and exact enough for an axis: "1.2k", "350". */
void ldi_fig_short(struct ld_buf *out, double value);
/* Milliseconds with at most six decimals, exact: "8.12". */
void ldi_fig_ms(struct ld_buf *out, uint64_t ns);

/* The quantiles that every report shows, in this order. */
struct ldi_fig_quantile {
	uint32_t ppm;
	const char *name; /* "p99.9" */
	const char *key;  /* "p999_ms" */
	/* Fewer samples than this say nothing about an upper bound of it at
	 * 95 % confidence: the least n with 1 - q^n >= 0.95. */
	uint64_t least;
};
#define LDI_FIG_QUANTILES 5
extern const struct ldi_fig_quantile ldi_fig_quantiles[LDI_FIG_QUANTILES];

#endif /* LDI_REPORTERS_FIGURE_H */
