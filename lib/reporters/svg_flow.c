/* SPDX-License-Identifier: MIT */
/*
 * The ledger as a picture: planned flows into started, started into its
 * outcomes; the height of a band is its share.  What happened at all is never
 * thinner than can be seen, so bands are honest in order, not to the pixel;
 * the numbers stand beside them.
 */
#include "config.h"

#include "reporters/figure.h"
#include "reporters/svg.h"

#define HEIGHT 132.0
#define TOP 24.0
#define GAP 12.0
#define THIN 3.0
#define LABEL_STEP 19.0
#define MAX_BANDS 5

struct band {
	const char *name, *css;
	uint64_t count;
	bool due_only;       /* never started: passes below that node */
	double from, height; /* on the left side */
	double to;           /* on the right side, with gaps */
};

struct flow {
	struct band bands[MAX_BANDS];
	size_t n;
	uint64_t total;
	double started; /* height of the middle node */
};

static void
add_band(struct flow *f, const struct band *band)
{
	if (band->count == 0)
		return;
	f->bands[f->n++] = *band;
	f->total += band->count;
}

static void
collect(struct flow *f, const struct ld_ledger *l)
{
	add_band(
	    f, &(struct band){
		   .name = "success", .css = "f-ok", .count = l->success });
	add_band(f, &(struct band){ .name = "failure",
			.css = "f-bad",
			.count = ld_ledger_failures(l) });
	add_band(
	    f, &(struct band){
		   .name = "aborted", .css = "f-off", .count = l->aborted });
	add_band(f,
	    &(struct band){
		.name = "in flight", .css = "f-off", .count = l->in_flight });
	add_band(f, &(struct band){ .name = "not started",
			.css = "f-lost",
			.count = ld_ledger_not_started(l),
			.due_only = true });
}

static void
place(struct flow *f)
{
	double room = HEIGHT - GAP * (double)(f->n - 1), used = 0, at = 0;
	size_t largest = 0;

	for (size_t i = 0; i < f->n; i++) {
		struct band *b = &f->bands[i];

		b->height = room * (double)b->count / (double)f->total;
		if (b->height < THIN)
			b->height = THIN;
		used += b->height;
		if (b->count > f->bands[largest].count)
			largest = i;
	}
	f->bands[largest].height -= used - room;
	used = 0;
	for (size_t i = 0; i < f->n; i++) {
		struct band *b = &f->bands[i];

		b->from = used;
		b->to = at;
		used += b->height;
		at += b->height + GAP;
		if (!b->due_only)
			f->started = used;
	}
}

static void
add_y(struct ld_buf *out, double x, double y)
{
	ldi_svg_num(out, x);
	ld_buf_addc(out, ' ');
	ldi_svg_num(out, y);
}

/* A ribbon from (x0, y0) to (x1, y1), `height` high at both ends. */
static void
ribbon(struct ld_buf *out, const char *css, const double x[2],
    const double y[2], double height)
{
	double middle = (x[0] + x[1]) / 2;

	ld_buf_addf(out, "<path class=\"%s\" d=\"M", css);
	add_y(out, x[0], y[0]);
	ld_buf_addc(out, 'C');
	add_y(out, middle, y[0]);
	ld_buf_addc(out, ' ');
	add_y(out, middle, y[1]);
	ld_buf_addc(out, ' ');
	add_y(out, x[1], y[1]);
	ld_buf_addc(out, 'V');
	ldi_svg_num(out, y[1] + height);
	ld_buf_addc(out, 'C');
	add_y(out, middle, y[1] + height);
	ld_buf_addc(out, ' ');
	add_y(out, middle, y[0] + height);
	ld_buf_addc(out, ' ');
	add_y(out, x[0], y[0] + height);
	ld_buf_adds(out, "Z\"/>\n");
}

static void
node(struct ld_buf *out, double x, double y, double height)
{
	ld_buf_adds(out, "<rect class=\"f-node\" width=\"8\" x=\"");
	ldi_svg_num(out, x);
	ld_buf_adds(out, "\" y=\"");
	ldi_svg_num(out, y);
	ld_buf_adds(out, "\" height=\"");
	ldi_svg_num(out, height);
	ld_buf_adds(out, "\"/>");
}

static void
draw(const struct ldi_html *h, const struct flow *f)
{
	static const double left[2] = { 8, 496 }, right[2] = { 504, 1000 };
	static const double all[2] = { 8, 1000 };
	struct ld_buf *out = h->out;
	double total = 0;

	ld_buf_addf(out,
	    "<svg y=\"%d\" width=\"100%%\" height=\"%d\" viewBox=\"0 0 1000 "
	    "%d\" preserveAspectRatio=\"none\">",
	    (int)TOP, (int)HEIGHT, (int)HEIGHT);
	for (size_t i = 0; i < f->n; i++) {
		const struct band *b = &f->bands[i];
		double flat[2] = { b->from, b->from };
		double y[2] = { b->from, b->to };

		total += b->height;
		if (b->due_only) {
			ribbon(out, b->css, all, y, b->height);
			continue;
		}
		ribbon(out, b->css, left, flat, b->height);
		ribbon(out, b->css, right, y, b->height);
	}
	node(out, 0, 0, total);
	if (f->started > 0)
		node(out, 496, 0, f->started);
	ld_buf_adds(out, "</svg>\n");
}

static void
add_labels(const struct ldi_html *h, const struct flow *f)
{
	struct ld_buf *out = h->out;
	double last = -LABEL_STEP;

	for (size_t i = 0; i < f->n; i++) {
		const struct band *b = &f->bands[i];
		double y = b->to + b->height / 2;

		if (y < last + LABEL_STEP)
			y = last + LABEL_STEP;
		last = y;
		ld_buf_adds(out, "<text x=\"8\" y=\"");
		ldi_svg_num(out, TOP + y + 4);
		ld_buf_addf(out, "\"><tspan class=\"f-name t%s\">%s</tspan> ",
		    b->css, b->name);
		ld_buf_adds(out, "<tspan class=\"f-num\">");
		ldi_fig_count(out, b->count);
		ld_buf_adds(out, "</tspan></text>");
	}
}

static void
add_node_label(
    struct ld_buf *out, const char *place, const char *name, uint64_t count)
{
	ld_buf_addf(out,
	    "<text class=\"%s\"><tspan class=\"f-name\">%s</tspan> "
	    "<tspan class=\"f-num\">",
	    place, name);
	ldi_fig_count(out, count);
	ld_buf_adds(out, "</tspan></text>");
}

void
ldi_html_flow(const struct ldi_html *h)
{
	const struct ld_ledger *l = &h->run->ledger;
	struct ld_buf *out = h->out;
	struct flow flow = { .n = 0 };
	int height = (int)(TOP + HEIGHT + 24);

	collect(&flow, l);
	if (flow.n == 0) {
		ld_buf_adds(out, "<p>No request came due.</p>\n");
		return;
	}
	place(&flow);
	ld_buf_addf(out,
	    "<div class=\"plot flow\"><svg class=\"area\" width=\"100%%\" "
	    "height=\"%d\" role=\"img\" aria-label=\"Flow of requests; the "
	    "numbers follow in words and as a table\">\n",
	    height);
	draw(h, &flow);
	add_node_label(out, "f-top\" x=\"0\" y=\"15", "planned", l->planned);
	/* Above its node, or, where that is too narrow, below. */
	add_node_label(
	    out, "f-top f-mid\" x=\"50%\" y=\"15", "started", l->started);
	add_node_label(
	    out, "f-low f-mid\" x=\"50%\" y=\"174", "started", l->started);
	ld_buf_addf(out,
	    "</svg>\n<svg class=\"gut\" width=\"168\" "
	    "height=\"%d\" aria-hidden=\"true\">",
	    height);
	add_labels(h, &flow);
	ld_buf_adds(out, "</svg></div>\n");
}
