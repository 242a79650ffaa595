/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "reporters/figure.h"
#include "reporters/svg.h"

/* Lines closer than this would write their names over each other. */
#define LABEL_STEP 14

void
ldi_svg_num(struct ld_buf *out, double value)
{
	uint64_t tenths = value <= 0 ? 0 : (uint64_t)(value * 10 + 0.5);

	ld_buf_add_u64(out, tenths / 10);
	if (tenths % 10 != 0) {
		ld_buf_addc(out, '.');
		ld_buf_addc(out, (char)('0' + tenths % 10));
	}
}

void
ldi_svg_percent(struct ld_buf *out, const char *name, double at)
{
	uint64_t hundredths = at <= 0 ? 0 : (uint64_t)(at * 10000 + 0.5);

	ld_buf_addf(out, " %s=\"", name);
	ld_buf_add_u64(out, hundredths / 100);
	if (hundredths % 100 != 0)
		ld_buf_addf(out, ".%02u", (unsigned)(hundredths % 100));
	ld_buf_adds(out, "%\"");
}

double
ldi_svg_y(const struct ldi_svg *svg, double value)
{
	return (1 - ldi_axis_at(&svg->y, value)) * svg->height;
}

static unsigned
total_height(const struct ldi_svg *svg)
{
	return svg->top + svg->height + (svg->no_x_text ? 6 : LDI_SVG_BOTTOM);
}

static void
y_labels(const struct ldi_svg *svg)
{
	struct ld_buf *out = svg->html->out;

	ld_buf_addf(out,
	    "<svg class=\"gut\" width=\"60\" height=\"%u\" "
	    "aria-hidden=\"true\">",
	    total_height(svg));
	for (size_t i = 0; i < svg->y.n; i++) {
		if (!ldi_axis_named(&svg->y, i))
			continue;
		ld_buf_adds(out, "<text x=\"52\" text-anchor=\"end\" y=\"");
		ldi_svg_num(out, svg->top + ldi_svg_y(svg, svg->y.tick[i]) + 4);
		ld_buf_adds(out, "\">");
		svg->y_text(out, svg->y.tick[i]);
		ld_buf_adds(out, "</text>");
	}
	ld_buf_adds(out, "</svg>\n");
}

static void
grid(const struct ldi_svg *svg)
{
	struct ld_buf *out = svg->html->out;

	ld_buf_adds(out, "<g class=\"grid\">");
	for (size_t i = 0; i < svg->y.n; i++) {
		double y = svg->top + ldi_svg_y(svg, svg->y.tick[i]);

		ld_buf_adds(out, "<line x1=\"0\" x2=\"100%\" y1=\"");
		ldi_svg_num(out, y);
		ld_buf_adds(out, "\" y2=\"");
		ldi_svg_num(out, y);
		ld_buf_adds(out, "\"/>");
	}
	for (size_t i = 0; i < svg->x.n; i++) {
		double x = ldi_axis_at(&svg->x, svg->x.tick[i]);

		ld_buf_adds(out, "<line");
		ldi_svg_percent(out, "x1", x);
		ldi_svg_percent(out, "x2", x);
		ld_buf_addf(out, " y1=\"%u\" y2=\"%u\"/>", svg->top,
		    svg->top + svg->height);
	}
	ld_buf_adds(out, "</g>\n");
}

static void
x_labels(const struct ldi_svg *svg)
{
	struct ld_buf *out = svg->html->out;

	if (svg->no_x_text)
		return;
	for (size_t i = 0; i < svg->x.n; i++) {
		if (!ldi_axis_named(&svg->x, i))
			continue;
		ld_buf_adds(out, "<text text-anchor=\"middle\"");
		ldi_svg_percent(out, "x", ldi_axis_at(&svg->x, svg->x.tick[i]));
		ld_buf_addf(out, " y=\"%u\">", svg->top + svg->height + 17);
		svg->x_text(out, svg->x.tick[i]);
		ld_buf_adds(out, "</text>");
	}
	ld_buf_addc(out, '\n');
}

void
ldi_svg_open(struct ldi_svg *svg, const char *alt)
{
	struct ld_buf *out = svg->html->out;

	if (svg->top == 0)
		svg->top = LDI_SVG_TOP;
	ld_buf_adds(out, "<div class=\"plot\">\n");
	y_labels(svg);
	ld_buf_addf(out,
	    "<svg class=\"area\" width=\"100%%\" height=\"%u\" role=\"img\" "
	    "aria-label=\"",
	    total_height(svg));
	ldi_html_text(svg->html, alt);
	ld_buf_adds(out, "\">\n");
	grid(svg);
	x_labels(svg);
}

/* Keep the names apart: sorted by place, each at least a step below the one
 * before, then pushed up from the bottom. */
static void
spread(struct ldi_svg *svg)
{
	struct ldi_svg_label *l = svg->labels;
	double bottom = svg->top + svg->height;

	for (size_t i = 1; i < svg->n_labels; i++)
		for (size_t k = i; k > 0 && l[k].y < l[k - 1].y; k--) {
			struct ldi_svg_label swap = l[k];

			l[k] = l[k - 1], l[k - 1] = swap;
		}
	for (size_t i = 1; i < svg->n_labels; i++)
		if (l[i].y < l[i - 1].y + LABEL_STEP)
			l[i].y = l[i - 1].y + LABEL_STEP;
	for (size_t i = svg->n_labels; i > 0; i--, bottom -= LABEL_STEP)
		if (l[i - 1].y > bottom)
			l[i - 1].y = bottom;
}

void
ldi_svg_close(struct ldi_svg *svg)
{
	struct ld_buf *out = svg->html->out;

	ld_buf_addf(out,
	    "</svg>\n<svg class=\"gut\" width=\"44\" height=\"%u\" "
	    "aria-hidden=\"true\">",
	    total_height(svg));
	spread(svg);
	for (size_t i = 0; i < svg->n_labels; i++) {
		ld_buf_addf(out, "<text class=\"t%s\" x=\"6\" y=\"",
		    svg->labels[i].css);
		ldi_svg_num(out, svg->labels[i].y + 4);
		ld_buf_addf(out, "\">%s</text>", svg->labels[i].text);
	}
	ld_buf_adds(out, "</svg>\n</div>\n");
}

void
ldi_svg_wide(struct ldi_svg *svg)
{
	ld_buf_addf(svg->html->out,
	    "<svg y=\"%u\" width=\"100%%\" height=\"%u\" "
	    "viewBox=\"0 0 %d %u\" preserveAspectRatio=\"none\">",
	    svg->top, svg->height, LDI_SVG_WIDE, svg->height);
}

void
ldi_svg_wide_end(struct ldi_svg *svg)
{
	ld_buf_adds(svg->html->out, "</svg>\n");
}

static void
add_point(const struct ldi_svg *svg, char command, double x, double y)
{
	struct ld_buf *out = svg->html->out;

	ld_buf_addc(out, command);
	ldi_svg_num(out, ldi_axis_at(&svg->x, x) * LDI_SVG_WIDE);
	ld_buf_addc(out, ' ');
	ldi_svg_num(out, y);
}

static void
add_path(struct ldi_svg *svg, const struct ldi_svg_points *p, const char *css,
    bool filled)
{
	bool pen = false;
	double bottom = svg->height, last = 0;

	ld_buf_addf(svg->html->out, "<path class=\"%s\" d=\"", css);
	for (size_t i = 0; i < p->n; i++) {
		double x = p->x(p->ctx, i), y = p->y(p->ctx, i);

		if (y < 0) {
			if (pen && filled)
				add_point(svg, 'L', last, bottom);
			pen = false;
			continue;
		}
		if (!pen && filled)
			add_point(svg, 'M', x, bottom);
		add_point(svg, pen || filled ? 'L' : 'M', x, ldi_svg_y(svg, y));
		pen = true, last = x;
	}
	if (pen && filled)
		add_point(svg, 'L', last, bottom);
	ld_buf_adds(svg->html->out, "\"/>\n");
}

void
ldi_svg_line(
    struct ldi_svg *svg, const struct ldi_svg_points *points, const char *css)
{
	add_path(svg, points, css, false);
}

void
ldi_svg_area(
    struct ldi_svg *svg, const struct ldi_svg_points *points, const char *css)
{
	add_path(svg, points, css, true);
}

void
ldi_svg_dots(
    struct ldi_svg *svg, const struct ldi_svg_points *p, const char *css)
{
	struct ld_buf *out = svg->html->out;

	for (size_t i = 0; i < p->n; i++) {
		double y = p->y(p->ctx, i);

		if (y < 0 || (i > 0 && p->y(p->ctx, i - 1) >= 0) ||
		    (i + 1 < p->n && p->y(p->ctx, i + 1) >= 0))
			continue;
		ld_buf_addf(out, "<circle class=\"d%s\" r=\"3\"", css);
		ldi_svg_percent(
		    out, "cx", ldi_axis_at(&svg->x, p->x(p->ctx, i)));
		ld_buf_adds(out, " cy=\"");
		ldi_svg_num(out, svg->top + ldi_svg_y(svg, y));
		ld_buf_adds(out, "\"/>\n");
	}
}

/* A tick is a round number of its unit. */
void
ldi_svg_text_ns(struct ld_buf *out, double value)
{
	static const struct {
		double unit;
		const char *name;
	} units[] = { { 1e9, " s" }, { 1e6, " ms" }, { 1e3, " \xC2\xB5s" },
		{ 1, " ns" } };
	size_t i = 0;

	if (value <= 0) {
		ld_buf_addc(out, '0');
		return;
	}
	while (i < 3 && value < units[i].unit * 0.9999)
		i++;
	ldi_fig_trim(out, (uint64_t)(value / units[i].unit * 1000 + 0.5), 3);
	ld_buf_adds(out, units[i].name);
}

void
ldi_svg_text_count(struct ld_buf *out, double value)
{
	ldi_fig_short(out, value);
}

void
ldi_svg_text_rate(struct ld_buf *out, double value)
{
	ldi_fig_short(out, value);
	if (value > 0)
		ld_buf_adds(out, "/s");
}

void
ldi_svg_text_time(struct ld_buf *out, double value)
{
	uint64_t tenths = (uint64_t)(value / 1e8 + 0.5), s = tenths / 10;

	if (s < 120 || tenths % 600 != 0) {
		ldi_fig_trim(out, tenths, 1);
		ld_buf_adds(out, " s");
	} else if (s < 7200) {
		ldi_fig_count(out, s / 60);
		ld_buf_adds(out, " min");
	} else {
		ldi_fig_trim(out, s * 100 / 3600, 2);
		ld_buf_adds(out, " h");
	}
}
