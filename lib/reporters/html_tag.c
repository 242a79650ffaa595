/* SPDX-License-Identifier: MIT */
/* The small pieces of markup that all parts are made of. */
#include "config.h"

#include <string.h>

#include "base/utf8.h"
#include "data/escape.h"
#include "reporters/figure.h"
#include "reporters/html.h"
#include "reporters/order.h"

void
ldi_html_textn(const struct ldi_html *h, const char *text, size_t len)
{
	if (len > 0)
		ldi_esc_html(h->out, text, len);
}

void
ldi_html_text(const struct ldi_html *h, const char *text)
{
	text = ldi_view_text(text);
	ldi_html_textn(h, text, strlen(text));
}

void
ldi_html_clip(
    const struct ldi_html *h, const char *text, size_t len, size_t max)
{
	size_t at = 0;

	for (; at < len && max > 0; max--) {
		uint32_t cp;

		at += ldi_utf8_next(text + at, len - at, &cp);
	}
	ldi_html_textn(h, text, at);
	if (at < len)
		ld_buf_adds(h->out, "\xE2\x80\xA6");
}

void
ldi_html_label(const struct ldi_html *h, const struct ld_series_figures *series,
    const char *origin, size_t max)
{
	struct ld_buf label;

	ld_buf_init(&label, (size_t)1 << 24);
	ldi_order_label(series, origin, &label);
	if (label.failed)
		h->out->failed = true;
	else if (label.len > 0)
		ldi_html_clip(h, label.data, label.len, max);
	ld_buf_clear(&label);
}

void
ldi_html_attr(const struct ldi_html *h, const char *text, size_t len)
{
	if (len > 0)
		ldi_esc_attr(h->out, text, len);
}

void
ldi_html_id(const struct ldi_html *h, const char *part)
{
	if (h->view->n_runs > 1)
		ld_buf_addf(h->out, "run%zu-", h->number);
	ld_buf_adds(h->out, part);
}

void
ldi_html_section(const struct ldi_html *h, const char *part, const char *words)
{
	int level = h->view->n_runs > 1 ? 3 : 2;

	ld_buf_adds(h->out, "<section id=\"");
	ldi_html_id(h, part);
	ld_buf_adds(h->out, "\" aria-labelledby=\"");
	ldi_html_id(h, part);
	ld_buf_addf(h->out, "-h\">\n<h%d class=\"sec\" id=\"", level);
	ldi_html_id(h, part);
	ld_buf_addf(h->out, "-h\">%s</h%d>\n", words, level);
}

void
ldi_html_section_end(const struct ldi_html *h)
{
	ld_buf_adds(h->out, "</section>\n");
}

void
ldi_html_cell_count(const struct ldi_html *h, uint64_t count)
{
	ld_buf_adds(h->out, "<td>");
	ldi_fig_count(h->out, count);
	ld_buf_adds(h->out, "</td>");
}

void
ldi_html_cell_ns(const struct ldi_html *h, uint64_t ns)
{
	ld_buf_adds(h->out, "<td>");
	ldi_fig_ns_html(h->out, ns);
	ld_buf_adds(h->out, "</td>");
}

void
ldi_html_quantile(
    const struct ldi_html *h, const struct ld_hist *hist, size_t quantile)
{
	const struct ldi_fig_quantile *q = &ldi_fig_quantiles[quantile];
	uint64_t n = hist == NULL ? 0 : ld_hist_count(hist);

	if (n == 0)
		ld_buf_adds(h->out, "<span class=\"few\">\xE2\x80\x93</span>");
	else if (n < q->least) {
		ld_buf_addf(h->out,
		    "<span class=\"few\" title=\"n too small: %s takes %u "
		    "values, here are %u\">n&lt;%u</span>",
		    q->name, (unsigned)q->least, (unsigned)n,
		    (unsigned)q->least);
	} else
		ldi_fig_ns_html(h->out, ld_hist_quantile(hist, q->ppm));
}
