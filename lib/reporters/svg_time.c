/* SPDX-License-Identifier: MIT */
/*
 * The run over time: small charts one below the other on one time axis, so
 * that a dip of throughput, a burst of failures and a peak of latency can be
 * seen to belong together; and all their numbers in one table.
 */
#include "config.h"

#include "reporters/figure.h"
#include "reporters/svg.h"

struct curve {
	const struct ldi_moments *timeline;
	double (*value)(const struct ldi_moment *m); /* < 0: none */
};

static double
per_second(uint64_t count, const struct ldi_moment *m)
{
	return (double)count * 1e9 / (double)m->span_ns;
}

static double
success_rate(const struct ldi_moment *m)
{
	return per_second(m->success, m);
}

static double
failure_rate(const struct ldi_moment *m)
{
	return per_second(m->failure, m);
}

static double
users(const struct ldi_moment *m)
{
	return (double)m->users;
}

/* Quantiles of nothing are a gap in the line. */
static double
p50(const struct ldi_moment *m)
{
	return m->count == 0 ? -1 : (double)m->p50;
}

static double
p95(const struct ldi_moment *m)
{
	return m->count == 0 ? -1 : (double)m->p95;
}

static double
p99(const struct ldi_moment *m)
{
	return m->count == 0 ? -1 : (double)m->p99;
}

static double
max(const struct ldi_moment *m)
{
	return m->count == 0 ? -1 : (double)m->max;
}

/* In the middle of the moment. */
static double
curve_x(const void *ctx, size_t i)
{
	const struct ldi_moment *m =
	    &((const struct curve *)ctx)->timeline->at[i];

	return (double)m->begin_ns + (double)m->span_ns / 2;
}

static double
curve_y(const void *ctx, size_t i)
{
	const struct curve *c = ctx;

	return c->value(&c->timeline->at[i]);
}

static struct ldi_svg_points
points_of(const struct curve *curve)
{
	return (struct ldi_svg_points){ .n = curve->timeline->n,
		.x = curve_x,
		.y = curve_y,
		.ctx = curve };
}

static double
highest(const struct curve *curve)
{
	double top = 0;

	for (size_t i = 0; i < curve->timeline->n; i++)
		if (curve_y(curve, i) > top)
			top = curve_y(curve, i);
	return top;
}

/* The last value there is, for the name of the line. */
static double
last_value(const struct curve *curve)
{
	for (size_t i = curve->timeline->n; i > 0; i--)
		if (curve_y(curve, i - 1) >= 0)
			return curve_y(curve, i - 1);
	return 0;
}

static void
panel_title(const struct ldi_html *h, const char *title, const char *what)
{
	ld_buf_addf(h->out,
	    "<p class=\"panel\"><b>%s</b> <span>%s</span></p>\n", title, what);
}

/* Places to point at: each says the numbers of its moment. */
static void
add_hover(struct ldi_svg *svg, const struct ldi_moments *t,
    void (*say)(struct ld_buf *out, const struct ldi_moment *m))
{
	struct ld_buf *out = svg->html->out;

	for (size_t i = 0; i < t->n; i++) {
		const struct ldi_moment *m = &t->at[i];
		double from = ldi_axis_at(&svg->x, (double)m->begin_ns);
		double to =
		    ldi_axis_at(&svg->x, (double)(m->begin_ns + m->span_ns));

		ld_buf_adds(out, "<rect class=\"h\"");
		ldi_svg_percent(out, "x", from);
		ldi_svg_percent(out, "width", to - from);
		ld_buf_addf(out, " y=\"%u\" height=\"%u\"><title>", svg->top,
		    svg->height);
		ldi_fig_at(out, m->begin_ns);
		ld_buf_adds(out, ": ");
		say(out, m);
		ld_buf_adds(out, "</title></rect>\n");
	}
}

static void
say_rates(struct ld_buf *out, const struct ldi_moment *m)
{
	ldi_fig_rate(out, m->success, m->span_ns);
	ld_buf_adds(out, " succeeded, ");
	ldi_fig_rate(out, m->failure, m->span_ns);
	ld_buf_adds(out, " failed");
}

static void
say_times(struct ld_buf *out, const struct ldi_moment *m)
{
	if (m->count == 0) {
		ld_buf_adds(out, "nothing finished");
		return;
	}
	ld_buf_adds(out, "p50 ");
	ldi_fig_ns_html(out, m->p50);
	ld_buf_adds(out, ", p95 ");
	ldi_fig_ns_html(out, m->p95);
	ld_buf_adds(out, ", p99 ");
	ldi_fig_ns_html(out, m->p99);
	ld_buf_adds(out, ", max ");
	ldi_fig_ns_html(out, m->max);
}

static struct ldi_svg
panel(const struct ldi_html *h, const struct ldi_moments *t, unsigned height)
{
	struct ldi_svg svg = { .html = h,
		.height = height,
		.x_text = ldi_svg_text_time,
		.y_text = ldi_svg_text_rate };

	ldi_axis_time(&svg.x, t->end_ns);
	return svg;
}

static void
throughput(const struct ldi_html *h, const struct ldi_moments *t)
{
	struct curve curve = { t, success_rate };
	struct ldi_svg_points points = points_of(&curve);
	struct ldi_svg svg = panel(h, t, 110);

	panel_title(h, "Throughput", "successful requests per second");
	ldi_axis_linear(&svg.y, highest(&curve), 4);
	ldi_svg_open(&svg, "Successful requests per second over time");
	ldi_svg_wide(&svg);
	ldi_svg_area(&svg, &points, "a1");
	ldi_svg_line(&svg, &points, "s1");
	ldi_svg_wide_end(&svg);
	ldi_svg_dots(&svg, &points, "1");
	add_hover(&svg, t, say_rates);
	ldi_svg_close(&svg);
}

static void
failures(const struct ldi_html *h, const struct ldi_moments *t)
{
	struct curve curve = { t, failure_rate };
	struct ldi_svg svg = panel(h, t, 60);

	if (highest(&curve) <= 0)
		return;
	panel_title(h, "Failures", "failed requests per second");
	ldi_axis_linear(&svg.y, highest(&curve), 2);
	ldi_svg_open(&svg, "Failed requests per second over time");
	for (size_t i = 0; i < t->n; i++) {
		const struct ldi_moment *m = &t->at[i];
		double from = ldi_axis_at(&svg.x, (double)m->begin_ns);
		double to =
		    ldi_axis_at(&svg.x, (double)(m->begin_ns + m->span_ns));
		double y = ldi_svg_y(&svg, failure_rate(m));

		if (m->failure == 0)
			continue;
		if (y > svg.height - 2)
			y = svg.height - 2;
		ld_buf_adds(h->out, "<rect class=\"b-bad\"");
		ldi_svg_percent(h->out, "x", from);
		ldi_svg_percent(h->out, "width", (to - from) * 0.86);
		ld_buf_adds(h->out, " y=\"");
		ldi_svg_num(h->out, svg.top + y);
		ld_buf_adds(h->out, "\" height=\"");
		ldi_svg_num(h->out, svg.height - y);
		ld_buf_adds(h->out, "\"/>");
	}
	ldi_svg_close(&svg);
}

/* Logarithmic when the lines would be flat at the bottom otherwise. */
static void
time_axis_of_values(struct ldi_axis *axis, const struct ldi_moments *t)
{
	struct curve top = { t, max };
	double low = 0, high = highest(&top);

	for (size_t i = 0; i < t->n; i++) {
		double v = p50(&t->at[i]);

		if (v > 0 && (low == 0 || v < low))
			low = v;
	}
	if (low > 0 && high > low * 20)
		ldi_axis_log(axis, low, high, 10);
	else
		ldi_axis_linear(axis, high, 4);
}

static void
latencies(const struct ldi_html *h, const struct ldi_moments *t)
{
	static const struct {
		double (*value)(const struct ldi_moment *m);
		const char *name, *line, *number;
	} lines[] = { { max, "max", "s4", "4" }, { p99, "p99", "s3", "3" },
		{ p95, "p95", "s2", "2" }, { p50, "p50", "s1", "1" } };
	struct ldi_svg svg = panel(h, t, 190);

	time_axis_of_values(&svg.y, t);
	panel_title(h, "Response time",
	    svg.y.log ? "p50, p95, p99 and max; logarithmic"
		      : "p50, p95, p99 and max");
	svg.y_text = ldi_svg_text_ns;
	ldi_svg_open(&svg, "Response time quantiles over time");
	ldi_svg_wide(&svg);
	for (size_t i = 0; i < 4; i++) {
		struct curve curve = { t, lines[i].value };
		struct ldi_svg_points points = points_of(&curve);

		ldi_svg_line(&svg, &points, lines[i].line);
	}
	ldi_svg_wide_end(&svg);
	for (size_t i = 0; i < 4; i++) {
		struct curve curve = { t, lines[i].value };
		struct ldi_svg_points points = points_of(&curve);

		ldi_svg_dots(&svg, &points, lines[i].number);
		svg.labels[svg.n_labels++] = (struct ldi_svg_label){
			.text = lines[i].name,
			.css = lines[i].number,
			.y = LDI_SVG_TOP + ldi_svg_y(&svg, last_value(&curve)),
		};
	}
	add_hover(&svg, t, say_times);
	ldi_svg_close(&svg);
}

static void
user_levels(const struct ldi_html *h, const struct ldi_moments *t)
{
	struct curve curve = { t, users };
	struct ldi_svg_points points = points_of(&curve);
	struct ldi_svg svg = panel(h, t, 60);

	if (highest(&curve) <= 0)
		return;
	if (h->run->facts.open_model)
		panel_title(h, "Sessions", "busy at once");
	else
		panel_title(h, "Users", "active at once");
	ldi_axis_whole(&svg.y, highest(&curve), 2);
	svg.y_text = ldi_svg_text_count;
	ldi_svg_open(&svg, h->run->facts.open_model ? "Busy sessions over time"
						    : "Active users over time");
	ldi_svg_wide(&svg);
	ldi_svg_area(&svg, &points, "a4");
	ldi_svg_line(&svg, &points, "s5");
	ldi_svg_wide_end(&svg);
	ldi_svg_dots(&svg, &points, "4");
	ldi_svg_close(&svg);
}

static void
add_row(const struct ldi_html *h, const struct ldi_moment *m)
{
	struct ld_buf *out = h->out;
	const uint64_t times[] = { m->p50, m->p95, m->p99, m->max };

	ld_buf_adds(out, "<tr><th scope=\"row\">");
	ldi_fig_at(out, m->begin_ns);
	ld_buf_adds(out, "</th>");
	ldi_html_cell_count(h, m->started);
	ldi_html_cell_count(h, m->success);
	ldi_html_cell_count(h, m->failure);
	ldi_html_cell_count(h, m->aborted);
	ldi_html_cell_count(h, m->users);
	for (size_t i = 0; i < 4; i++)
		if (m->count == 0)
			ld_buf_adds(out, "<td>\xE2\x80\x93</td>");
		else
			ldi_html_cell_ns(h, times[i]);
	ld_buf_adds(out, "</tr>\n");
}

static void
add_table(const struct ldi_html *h, const struct ldi_moments *t)
{
	static const char *const columns[] = { "started", "success", "failure",
		"aborted", "users", "p50", "p95", "p99", "max" };

	ld_buf_adds(h->out,
	    "<details><summary>The time line as a table</summary>"
	    "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
	    "aria-label=\"Time line\"><table><caption>Counts and response "
	    "times per ");
	ldi_fig_span(h->out, t->width_ns);
	ld_buf_adds(h->out, "</caption><thead><tr><th scope=\"col\">from</th>");
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		ld_buf_addf(h->out, "<th scope=\"col\">%s</th>", columns[i]);
	ld_buf_adds(h->out, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < t->n; i++)
		add_row(h, &t->at[i]);
	ld_buf_adds(h->out, "</tbody></table></div></details>\n");
}

/* One sentence that says what the drawings show. */
static void
add_summary(const struct ldi_html *h, const struct ldi_moments *t)
{
	const struct ldi_moment *best = &t->at[0], *worst = &t->at[0];

	for (size_t i = 1; i < t->n; i++) {
		if (success_rate(&t->at[i]) > success_rate(best))
			best = &t->at[i];
		if (t->at[i].p99 > worst->p99)
			worst = &t->at[i];
	}
	ld_buf_adds(h->out, "<figcaption class=\"sum\">Each point is ");
	ldi_fig_span(h->out, t->width_ns);
	ld_buf_adds(h->out, ". Most throughput at ");
	ldi_fig_at(h->out, best->begin_ns);
	ld_buf_adds(h->out, " with ");
	ldi_fig_rate(h->out, best->success, best->span_ns);
	ld_buf_adds(h->out, "; highest p99 at ");
	ldi_fig_at(h->out, worst->begin_ns);
	ld_buf_adds(h->out, " with ");
	ldi_fig_ns_html(h->out, worst->p99);
	ld_buf_adds(h->out, ".</figcaption>\n");
}

void
ldi_html_time_line(const struct ldi_html *h, const struct ldi_moments *t)
{
	ldi_html_section(h, "timeline", "Over time");
	ld_buf_adds(h->out, "<figure class=\"card\">\n");
	if (t->n == 0)
		ld_buf_adds(h->out, "<p>Nothing finished: there is no time "
				    "line.</p>\n");
	else {
		add_summary(h, t);
		throughput(h, t);
		failures(h, t);
		latencies(h, t);
		user_levels(h, t);
		add_table(h, t);
	}
	ld_buf_adds(h->out, "</figure>\n");
	ldi_html_section_end(h);
}
