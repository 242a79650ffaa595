/* SPDX-License-Identifier: MIT */
/*
 * The percentile spectrum: every quantile of the response time, on an axis
 * on which each step to the right is ten times rarer.  It ends where the
 * number of values ends.
 */
#include "config.h"

#include <math.h>

#include "reporters/figure.h"
#include "reporters/svg.h"

#define PER_DECADE 12
#define MAX_DECADES 6

struct spectrum {
	const struct ld_hist *hist;
	double end; /* decades */
};

static size_t
steps(const struct spectrum *s)
{
	return (size_t)(s->end * PER_DECADE) + 1;
}

/* How rare: 1 is one in ten. */
static double
rarity(const void *ctx, size_t i)
{
	(void)ctx;
	return (double)i / PER_DECADE;
}

static uint32_t
ppm_at(double decades)
{
	return (uint32_t)(1e6 - pow(10, 6 - decades) + 0.5);
}

static double
value(const void *ctx, size_t i)
{
	const struct spectrum *s = ctx;

	return (double)ld_hist_quantile(s->hist, ppm_at(rarity(ctx, i)));
}

static void
tick_text(struct ld_buf *out, double decades)
{
	static const char *const names[] = { "min", "90 %", "99 %", "99.9 %",
		"99.99 %", "99.999 %", "100 %" };
	size_t i = (size_t)(decades + 0.5);

	ld_buf_adds(out, names[i < 6 ? i : 6]);
}

static double
decades_of(uint64_t count)
{
	double decades = log10((double)count);

	return decades < 1 ? 1 : decades > MAX_DECADES ? MAX_DECADES : decades;
}

static void
axes(struct ldi_svg *svg, const struct spectrum *s)
{
	double low = (double)ld_hist_min(s->hist);
	double high = (double)ld_hist_max(s->hist);

	svg->x.max = s->end;
	for (unsigned i = 0; i <= s->end; i++)
		svg->x.tick[svg->x.n++] = i;
	if (low > 0 && high > low * 20)
		ldi_axis_log(&svg->y, low, high, 10);
	else
		ldi_axis_linear(&svg->y, high, 4);
}

static void
add_line(struct ldi_svg *svg, const struct spectrum *s, const char *css)
{
	struct ldi_svg_points points = {
		.n = steps(s), .x = rarity, .y = value, .ctx = s
	};

	ldi_svg_line(svg, &points, css);
}

static void
add_label(struct ldi_svg *svg, const struct spectrum *s, const char *text,
    const char *css)
{
	svg->labels[svg->n_labels++] = (struct ldi_svg_label){
		.text = text,
		.css = css,
		.y = svg->top + ldi_svg_y(svg, value(s, steps(s) - 1)),
	};
}

static void
add_cell(const struct ldi_html *h, const struct ld_hist *hist, uint32_t ppm)
{
	if (hist == NULL || ld_hist_count(hist) == 0)
		ld_buf_adds(h->out, "<td>\xE2\x80\x93</td>");
	else
		ldi_html_cell_ns(h, ld_hist_quantile(hist, ppm));
}

static void
add_table(const struct ldi_html *h)
{
	static const struct {
		uint32_t ppm;
		const char *name;
	} rows[] = { { 0, "min" }, { 250000, "25 %" }, { 500000, "50 %" },
		{ 750000, "75 %" }, { 900000, "90 %" }, { 950000, "95 %" },
		{ 990000, "99 %" }, { 999000, "99.9 %" }, { 999900, "99.99 %" },
		{ 1000000, "max" } };
	uint64_t n = ld_hist_count(h->run->total.response);

	ld_buf_adds(h->out,
	    "<details><summary>The spectrum as a table</summary>"
	    "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
	    "aria-label=\"Spectrum\"><table><caption>Times by share of "
	    "requests</caption><thead><tr><th scope=\"col\">share</th>"
	    "<th scope=\"col\">response</th><th scope=\"col\">service</th>"
	    "</tr></thead><tbody>\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* Rarer than one value in all. */
		if (rows[i].ppm < 1000000 &&
		    n * (1000000 - rows[i].ppm) < 1000000)
			continue;
		ld_buf_addf(
		    h->out, "<tr><th scope=\"row\">%s</th>", rows[i].name);
		add_cell(h, h->run->total.response, rows[i].ppm);
		add_cell(h, h->run->total.service, rows[i].ppm);
		ld_buf_adds(h->out, "</tr>\n");
	}
	ld_buf_adds(h->out, "</tbody></table></div></details>\n");
}

static void
add_summary(const struct ldi_html *h, const struct ldi_svg *svg)
{
	const struct ld_hist *hist = h->run->total.response;

	ld_buf_adds(h->out, "<figcaption class=\"sum\">Each step to the right "
			    "is ten times rarer. Half of all requests took ");
	ldi_fig_ns_html(h->out, ld_hist_quantile(hist, 500000));
	ld_buf_adds(h->out, " or less, nine in ten ");
	ldi_fig_ns_html(h->out, ld_hist_quantile(hist, 900000));
	ld_buf_adds(h->out, " or less, the slowest ");
	ldi_fig_ns_html(h->out, ld_hist_max(hist));
	ld_buf_adds(h->out,
	    svg->y.log ? "; logarithmic.</figcaption>\n" : ".</figcaption>\n");
}

void
ldi_html_spectrum(const struct ldi_html *h)
{
	const struct ld_series_figures *total = &h->run->total;
	struct ldi_svg svg = { .html = h,
		.height = 190,
		.top = LDI_SVG_TOP,
		.x_text = tick_text,
		.y_text = ldi_svg_text_ns };
	struct spectrum response = { .hist = total->response };
	struct spectrum service = { .hist = total->service };
	bool both = ldi_view_service_differs(total);

	if (response.hist == NULL || ld_hist_count(response.hist) < 2)
		return;
	response.end = decades_of(ld_hist_count(response.hist));
	service.end = response.end;
	axes(&svg, &response);
	ldi_html_section(h, "spectrum", "Percentile spectrum");
	ld_buf_adds(h->out, "<figure class=\"card\">\n");
	add_summary(h, &svg);
	ldi_svg_open(&svg, "Response time by percentile");
	ldi_svg_wide(&svg);
	if (both)
		add_line(&svg, &service, "s2");
	add_line(&svg, &response, "s1");
	ldi_svg_wide_end(&svg);
	add_label(&svg, &response, "resp.", "1");
	if (both)
		add_label(&svg, &service, "serv.", "2");
	ldi_svg_close(&svg);
	add_table(h);
	ld_buf_adds(h->out, "</figure>\n");
	ldi_html_section_end(h);
}
