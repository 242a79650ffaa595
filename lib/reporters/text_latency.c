/* SPDX-License-Identifier: MIT */
/*
 * The table of latencies: a row per series, a second one where the service
 * time differs, the total first.  Columns are as wide as what is in them;
 * when the terminal is too narrow for a readable name, the less telling
 * columns go, in the order of `goes_first`.
 */
#include "config.h"

#include <string.h>

#include "data/escape.h"
#include "reporters/figure.h"
#include "reporters/order.h"
#include "reporters/text.h"

enum column {
	COUNT,
	RATE,
	FAILED,
	P50,
	P90,
	P95,
	P99,
	P999,
	MAX,
	N_COLUMNS,
};

static const char *const titles[N_COLUMNS] = { "count", "rate", "failed", "p50",
	"p90", "p95", "p99", "p99.9", "max" };

static const enum column goes_first[] = { P999, P90, RATE, P95, FAILED, P50 };

#define MIN_NAME 20
#define MAX_NAME 48
/* More rows than this are no screen. */
#define MAX_SERIES 20

struct layout {
	size_t name;
	size_t width[N_COLUMNS]; /* 0 = hidden */
};

enum row_kind { RESPONSE, SERVICE };

static void
cell(const struct ld_run_figures *run, const struct ld_series_figures *s,
    enum row_kind kind, enum column column, struct ld_buf *out)
{
	const struct ld_hist *hist = kind == SERVICE ? s->service : s->response;
	uint64_t n = hist == NULL ? 0 : ld_hist_count(hist);
	const struct ldi_fig_quantile *q;

	if (column < P50 && kind == SERVICE)
		return;
	if (column == COUNT)
		ldi_fig_count(out, ldi_view_finished(&s->ledger));
	else if (column == RATE)
		ldi_fig_rate(
		    out, ldi_view_finished(&s->ledger), run->duration_ns);
	else if (column == FAILED)
		ldi_fig_share(out, ld_ledger_failures(&s->ledger),
		    ldi_view_finished(&s->ledger));
	else if (n == 0)
		ld_buf_addc(out, '-');
	else if (column == MAX)
		ldi_fig_ns(out, ld_hist_max(hist));
	else {
		q = &ldi_fig_quantiles[column - P50];
		if (n < q->least)
			ld_buf_addf(out, "n<%u", (unsigned)q->least);
		else
			ldi_fig_ns(out, ld_hist_quantile(hist, q->ppm));
	}
}

static void
measure(const struct ld_run_figures *run, const struct ld_series_figures *s,
    struct layout *layout)
{
	struct ld_buf text;

	ld_buf_init(&text, 128);
	for (int c = 0; c < N_COLUMNS; c++)
		for (int kind = RESPONSE; kind <= SERVICE; kind++) {
			ld_buf_reset(&text);
			cell(
			    run, s, (enum row_kind)kind, (enum column)c, &text);
			if (text.len > layout->width[c])
				layout->width[c] = text.len;
		}
	ld_buf_clear(&text);
}

/* What the name column gets: the rest, two blanks between columns. */
static size_t
left_for_name(const struct ldi_text *t, const struct layout *layout)
{
	size_t used = 2;

	for (int c = 0; c < N_COLUMNS; c++)
		if (layout->width[c] > 0)
			used += layout->width[c] + 2;
	return used >= t->width ? 0 : t->width - used;
}

static void
fit(const struct ldi_text *t, struct layout *layout)
{
	size_t n = sizeof(goes_first) / sizeof(goes_first[0]);

	for (size_t i = 0; i < n; i++)
		if (left_for_name(t, layout) < MIN_NAME)
			layout->width[goes_first[i]] = 0;
	layout->name = left_for_name(t, layout);
	if (layout->name > MAX_NAME)
		layout->name = MAX_NAME;
	if (layout->name < 8)
		layout->name = 8;
}

static void
pad(const struct ldi_text *t, size_t used, size_t width)
{
	for (; used < width; used++)
		ld_buf_addc(t->out, ' ');
}

static void
put_title(const struct ldi_text *t, const struct layout *layout)
{
	ld_buf_addc(t->out, '\n');
	ldi_text_style(t, LDI_TEXT_BOLD);
	ld_buf_adds(t->out, "RESPONSE TIME");
	pad(t, 13, layout->name + 2);
	for (int c = 0; c < N_COLUMNS; c++) {
		if (layout->width[c] == 0)
			continue;
		pad(t, strlen(titles[c]), layout->width[c] + 2);
		ld_buf_adds(t->out, titles[c]);
	}
	ldi_text_style(t, LDI_TEXT_PLAIN);
	ld_buf_addc(t->out, '\n');
}

static size_t
put_label(const struct ldi_text *t, const struct ld_run_figures *run,
    const struct ld_series_figures *s, enum row_kind kind, size_t columns)
{
	struct ld_buf label;
	size_t used = 0;

	if (kind == SERVICE) {
		ld_buf_adds(t->out, "  service");
		return 9;
	}
	ld_buf_init(&label, (size_t)1 << 20);
	/* The headline has the origin; here it would push the paths out. */
	ldi_order_label(s, run->facts.target, &label);
	if (label.failed)
		t->out->failed = true;
	else if (label.len > 0)
		used = ldi_esc_term(t->out, label.data, label.len, columns);
	ld_buf_clear(&label);
	return used;
}

static void
put_row(const struct ldi_text *t, const struct ld_run_figures *run,
    const struct ld_series_figures *s, const struct layout *layout,
    enum row_kind kind)
{
	struct ld_buf text;

	if (kind == SERVICE)
		ldi_text_style(t, LDI_TEXT_DIM);
	ld_buf_adds(t->out, "  ");
	pad(t, put_label(t, run, s, kind, layout->name), layout->name);
	ld_buf_init(&text, 128);
	for (int c = 0; c < N_COLUMNS; c++) {
		bool red = c == FAILED && kind == RESPONSE &&
			   ld_ledger_failures(&s->ledger) > 0;

		if (layout->width[c] == 0)
			continue;
		ld_buf_reset(&text);
		cell(run, s, kind, (enum column)c, &text);
		pad(t, text.len, layout->width[c] + 2);
		if (red)
			ldi_text_style(t, LDI_TEXT_RED);
		if (text.len > 0)
			ld_buf_add(t->out, text.data, text.len);
		if (red)
			ldi_text_style(t, LDI_TEXT_PLAIN);
	}
	ld_buf_clear(&text);
	if (kind == SERVICE)
		ldi_text_style(t, LDI_TEXT_PLAIN);
	ld_buf_addc(t->out, '\n');
}

static void
put_series(const struct ldi_text *t, const struct ld_run_figures *run,
    const struct ld_series_figures *s, const struct layout *layout)
{
	put_row(t, run, s, layout, RESPONSE);
	if (ldi_view_service_differs(s))
		put_row(t, run, s, layout, SERVICE);
}

void
ldi_text_latency(const struct ldi_text *t, const struct ld_run_figures *run)
{
	struct layout layout = { .name = 0 };
	const struct ld_series_figures **order = ldi_order_series(run);
	struct ld_series_figures all = run->total;
	size_t n = run->n_series < MAX_SERIES ? run->n_series : MAX_SERIES;

	if (order == NULL) {
		t->out->failed = true;
		return;
	}
	all.name = "all requests", all.request_type = "";
	all.ledger = run->ledger;
	for (size_t c = 0; c < N_COLUMNS; c++)
		layout.width[c] = strlen(titles[c]);
	measure(run, &all, &layout);
	for (size_t i = 0; i < n; i++)
		measure(run, order[i], &layout);
	fit(t, &layout);
	put_title(t, &layout);
	for (size_t i = 0; i < n; i++)
		put_series(t, run, order[i], &layout);
	if (run->n_series > n)
		ld_buf_addf(t->out, "  ... and %zu more series, less slow\n",
		    run->n_series - n);
	if (run->n_series != 1)
		put_series(t, run, &all, &layout);
	ldi_order_free(order);
}
