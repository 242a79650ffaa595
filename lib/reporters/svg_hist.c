/* SPDX-License-Identifier: MIT */
/*
 * The histogram of response times on a logarithmic axis.  The bars are
 * buckets of the histogram itself, merged exactly: a coarser base-2 grid, as
 * fine as fits.
 */
#include "config.h"

#include <limits.h>

#include "reporters/figure.h"
#include "reporters/svg.h"

/* Buckets of one octave at scale 8. */
#define FINEST 256
#define MAX_BARS 64

struct bar {
	int index; /* of the coarse grid */
	uint64_t count;
	uint64_t upper_ns;
};

struct bars {
	struct bar at[MAX_BARS + 2];
	size_t n;
	int each; /* fine buckets in a bar */
	uint64_t most;
};

/* Bucket i holds what is above bucket i - 1, so the grid begins at i - 1. */
static int
coarse(int index, int each)
{
	int from = index - 1;

	return from >= 0 ? from / each : -((-from + each - 1) / each);
}

static void
collect(struct bars *b, const struct ld_hist *hist)
{
	int index = INT_MIN, first = 0, last = 0;
	bool any = false;
	uint64_t count;

	while (ld_hist_next(hist, &index, &count)) {
		first = any ? first : index;
		last = index;
		any = true;
	}
	b->each = 1;
	while (b->each < FINEST * 64 &&
	       coarse(last, b->each) - coarse(first, b->each) >= MAX_BARS)
		b->each *= 2;
	/* One value is no distribution: give it neighbours to stand among. */
	if (b->each < 8)
		b->each = 8;
	index = INT_MIN;
	while (ld_hist_next(hist, &index, &count)) {
		int at = coarse(index, b->each);

		if (b->n == 0 || b->at[b->n - 1].index != at)
			b->at[b->n++] = (struct bar){ .index = at };
		b->at[b->n - 1].count += count;
	}
	for (size_t i = 0; i < b->n; i++) {
		b->at[i].upper_ns =
		    ld_hist_upper((b->at[i].index + 1) * b->each);
		if (b->at[i].count > b->most)
			b->most = b->at[i].count;
	}
}

static uint64_t
lower_ns(const struct bars *b, const struct bar *bar)
{
	return ld_hist_upper(bar->index * b->each);
}

static void
draw_bars(struct ldi_svg *svg, const struct bars *b)
{
	struct ld_buf *out = svg->html->out;

	for (size_t i = 0; i < b->n; i++) {
		const struct bar *bar = &b->at[i];
		double from = ldi_axis_at(&svg->x, (double)lower_ns(b, bar));
		double to = ldi_axis_at(&svg->x, (double)bar->upper_ns);
		double y = ldi_svg_y(svg, (double)bar->count);

		if (y > svg->height - 1.5)
			y = svg->height - 1.5;
		ld_buf_adds(out, "<rect class=\"b1\"");
		ldi_svg_percent(out, "x", from);
		ldi_svg_percent(out, "width", (to - from) * 0.9);
		ld_buf_adds(out, " y=\"");
		ldi_svg_num(out, svg->top + y);
		ld_buf_adds(out, "\" height=\"");
		ldi_svg_num(out, svg->height - y);
		ld_buf_adds(out, "\"><title>");
		ldi_fig_ns_html(out, lower_ns(b, bar));
		ld_buf_adds(out, " to ");
		ldi_fig_ns_html(out, bar->upper_ns);
		ld_buf_adds(out, ": ");
		ldi_fig_count(out, bar->count);
		ld_buf_adds(out, "</title></rect>\n");
	}
}

/* Where the quantiles stand, one name per line above the plot. */
static void
draw_marks(struct ldi_svg *svg, const struct ld_hist *hist)
{
	static const size_t marks[] = { 0, 2, 3 };
	static const char *const css[] = { "1", "2", "3" };
	struct ld_buf *out = svg->html->out;

	for (size_t i = 0; i < 3; i++) {
		const struct ldi_fig_quantile *q = &ldi_fig_quantiles[marks[i]];
		uint64_t ns = ld_hist_quantile(hist, q->ppm);
		double x = ldi_axis_at(&svg->x, (double)ns);

		if (ld_hist_count(hist) < q->least)
			continue;
		ld_buf_addf(out, "<line class=\"s%s\"", css[i]);
		ldi_svg_percent(out, "x1", x);
		ldi_svg_percent(out, "x2", x);
		ld_buf_addf(out, " y1=\"%u\" y2=\"%u\"/>",
		    (unsigned)(6 + i * 15), svg->top + svg->height);
		ld_buf_addf(out, "<text class=\"t%s\" y=\"%u\"", css[i],
		    (unsigned)(14 + i * 15));
		ldi_svg_percent(out, "x", x);
		ld_buf_addf(out, " dx=\"%s\" text-anchor=\"%s\">%s ",
		    x < 0.8 ? "5" : "-5", x < 0.8 ? "start" : "end", q->name);
		ldi_fig_ns_html(out, ns);
		ld_buf_adds(out, "</text>\n");
	}
}

static void
add_table(const struct ldi_html *h, const struct bars *b, uint64_t zero)
{
	ld_buf_adds(h->out,
	    "<details><summary>The histogram as a table</summary>"
	    "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
	    "aria-label=\"Histogram\"><table><caption>Requests by response "
	    "time</caption><thead><tr><th scope=\"col\">over</th>"
	    "<th scope=\"col\">up to</th><th scope=\"col\">requests</th>"
	    "</tr></thead><tbody>\n");
	if (zero > 0) {
		ld_buf_adds(h->out, "<tr><td>\xE2\x80\x93</td><td>0</td>");
		ldi_html_cell_count(h, zero);
		ld_buf_adds(h->out, "</tr>\n");
	}
	for (size_t i = 0; i < b->n; i++) {
		ld_buf_adds(h->out, "<tr>");
		ldi_html_cell_ns(h, lower_ns(b, &b->at[i]));
		ldi_html_cell_ns(h, b->at[i].upper_ns);
		ldi_html_cell_count(h, b->at[i].count);
		ld_buf_adds(h->out, "</tr>\n");
	}
	ld_buf_adds(h->out, "</tbody></table></div></details>\n");
}

static void
add_summary(const struct ldi_html *h, const struct bars *b)
{
	const struct bar *mode = &b->at[0];

	for (size_t i = 1; i < b->n; i++)
		if (b->at[i].count > mode->count)
			mode = &b->at[i];
	ld_buf_adds(h->out, "<figcaption class=\"sum\">How many requests took "
			    "how long, on a logarithmic axis. Most common: ");
	ldi_fig_ns_html(h->out, lower_ns(b, mode));
	ld_buf_adds(h->out, " to ");
	ldi_fig_ns_html(h->out, mode->upper_ns);
	ld_buf_adds(h->out, ", ");
	ldi_fig_share(
	    h->out, mode->count, ld_hist_count(h->run->total.response));
	ld_buf_adds(h->out, " of all.</figcaption>\n");
}

void
ldi_html_histogram(const struct ldi_html *h)
{
	const struct ld_hist *hist = h->run->total.response;
	struct bars bars = { .n = 0 };
	struct ldi_svg svg = { .html = h,
		.height = 170,
		.top = 52,
		.x_text = ldi_svg_text_ns,
		.y_text = ldi_svg_text_count };

	if (hist == NULL || ld_hist_count(hist) == 0)
		return;
	collect(&bars, hist);
	if (bars.n == 0)
		return; /* every value was 0 */
	ldi_html_section(h, "histogram", "Distribution of response times");
	ld_buf_adds(h->out, "<figure class=\"card\">\n");
	add_summary(h, &bars);
	ldi_axis_log(&svg.x, (double)lower_ns(&bars, &bars.at[0]),
	    (double)bars.at[bars.n - 1].upper_ns, 6);
	ldi_axis_whole(&svg.y, (double)bars.most, 4);
	ldi_svg_open(&svg, "Histogram of response times");
	draw_bars(&svg, &bars);
	draw_marks(&svg, hist);
	ldi_svg_close(&svg);
	add_table(h, &bars, ld_hist_zero(hist));
	ld_buf_adds(h->out, "</figure>\n");
	ldi_html_section_end(h);
}
