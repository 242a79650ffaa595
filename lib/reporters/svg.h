/* SPDX-License-Identifier: MIT */
/*
 * reporters/svg.h - the frame of a chart.
 *
 * A chart is three drawings side by side: labels of the y axis, the plot,
 * labels of the lines.  The plot is as wide as the page lets it be: places
 * along x are percentages, places along y are pixels, and lines are drawn in
 * a nested drawing that is stretched.  So text keeps its size on a phone and
 * in print, and nothing needs a script.
 */
#ifndef LDI_REPORTERS_SVG_H
#define LDI_REPORTERS_SVG_H

#include "reporters/axis.h"
#include "reporters/html.h"

/* Width of the stretched drawing. */
#define LDI_SVG_WIDE 1000
/* Room above the plot and below it, in pixels. */
#define LDI_SVG_TOP 10
#define LDI_SVG_BOTTOM 24

typedef void ldi_svg_tick_fn(struct ld_buf *out, double value);

/* The name of a line at its right end. */
struct ldi_svg_label {
	const char *text;
	const char *css; /* class that gives its colour */
	double y;        /* pixels from the top */
};

struct ldi_svg {
	const struct ldi_html *html;
	struct ldi_axis x, y;
	unsigned height; /* of the plot */
	unsigned top;    /* room above; LDI_SVG_TOP unless set */
	ldi_svg_tick_fn *x_text, *y_text;
	bool no_x_text; /* a panel with another one below it */
	struct ldi_svg_label labels[4];
	size_t n_labels;
};

/* Everything up to the inside of the plot, grid included.  `alt` is our own
 * text for those who cannot see the drawing. */
void ldi_svg_open(struct ldi_svg *svg, const char *alt);
void ldi_svg_close(struct ldi_svg *svg);

/* The stretched drawing; y counts from the plot's top there. */
void ldi_svg_wide(struct ldi_svg *svg);
void ldi_svg_wide_end(struct ldi_svg *svg);

/* Numbers with one decimal. */
void ldi_svg_num(struct ld_buf *out, double value);
/* ` name="value%"`, from a place between 0 and 1. */
void ldi_svg_percent(struct ld_buf *out, const char *name, double at);

/* Pixels from the top of the plot. */
double ldi_svg_y(const struct ldi_svg *svg, double value);

/* A line through points; a value below 0 is a gap.  A point alone between
 * gaps is drawn as a dot by ldi_svg_dots(). */
struct ldi_svg_points {
	size_t n;
	double (*x)(const void *ctx, size_t i);
	double (*y)(const void *ctx, size_t i);
	const void *ctx;
};
void ldi_svg_line(
    struct ldi_svg *svg, const struct ldi_svg_points *points, const char *css);
/* The same, closed down to the axis, to be filled. */
void ldi_svg_area(
    struct ldi_svg *svg, const struct ldi_svg_points *points, const char *css);
/* Outside the stretched drawing. */
void ldi_svg_dots(
    struct ldi_svg *svg, const struct ldi_svg_points *points, const char *css);

/* Ticks. */
void ldi_svg_text_ns(struct ld_buf *out, double value);
void ldi_svg_text_count(struct ld_buf *out, double value);
void ldi_svg_text_rate(struct ld_buf *out, double value);
void ldi_svg_text_time(struct ld_buf *out, double value);

#endif /* LDI_REPORTERS_SVG_H */
