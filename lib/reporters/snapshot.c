/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ld/time.h>

#include "reporters/figure.h"
#include "reporters/snapshot.h"

static void
add_where(const struct ldi_live *live, struct ld_buf *out)
{
	ld_buf_adds(out, "at ");
	ldi_live_clock(out, live->elapsed_s);
	if (live->time_ns > 0) {
		ld_buf_adds(out, " of ");
		ldi_live_clock(out, live->time_ns / LD_NS_PER_S);
	}
	ld_buf_adds(out, ": ");
	ldi_fig_count(out, live->users);
	ld_buf_adds(out, live->open ? " busy sessions" : " users");
	ld_buf_adds(out, live->stopping ? ", stopping\n" : "\n");
}

static void
add_part(struct ld_buf *out, const char *between, uint64_t n, const char *what)
{
	ld_buf_adds(out, between);
	ldi_fig_count(out, n);
	ld_buf_addc(out, ' ');
	ld_buf_adds(out, what);
}

static void
add_ledger(const struct ldi_live *live, struct ld_buf *out)
{
	const struct ld_ledger *l = &live->total;
	uint64_t failures = ld_ledger_failures(l);

	add_part(out, "  ", l->planned, "planned");
	add_part(out, ", ", ld_ledger_not_started(l), "not started");
	add_part(out, "; ", l->started, "started");
	add_part(out, " = ", l->success, "success");
	add_part(out, " + ", failures, "failure");
	add_part(out, " + ", l->aborted, "aborted");
	add_part(out, " + ", live->in_flight, "in flight");
	ld_buf_addc(out, '\n');
	for (int i = 0; i < LD_CLASS_N; i++) {
		if (l->failure[i] == 0)
			continue;
		ld_buf_addf(
		    out, "  failed by %s: ", ld_class_name((enum ld_class)i));
		ldi_fig_count(out, l->failure[i]);
		ld_buf_addc(out, '\n');
	}
}

/* As in every report: a quantile that so few values cannot support is none. */
static void
add_response(const struct ld_hist *hist, struct ld_buf *out)
{
	uint64_t n = ld_hist_count(hist);

	if (n == 0)
		return;
	ld_buf_adds(out, "  response so far:");
	for (size_t i = 0; i < LDI_FIG_QUANTILES; i++) {
		const struct ldi_fig_quantile *q = &ldi_fig_quantiles[i];

		if (n < q->least)
			continue;
		ld_buf_addf(out, " %s ", q->name);
		ldi_fig_ns(out, ld_hist_quantile(hist, q->ppm));
	}
	ld_buf_adds(out, " max ");
	ldi_fig_ns(out, ld_hist_max(hist));
	ld_buf_addc(out, '\n');
}

static void
add_trust(const struct ldi_live *live, const struct ldi_doubts *doubts,
    struct ld_buf *out)
{
	ld_buf_addf(
	    out, "  if it ended now: %s", ld_validity_name(live->state));
	if (live->has_lag) {
		ld_buf_adds(out, "; starts lately p99 ");
		ldi_fig_ns(out, live->lag_p99_ns);
		ld_buf_adds(out, " behind");
	}
	add_part(out, ", ", doubts->measured.late, "over 10 ms late");
	if (ld_ledger_shed(&live->total) > 0)
		add_part(out, ", ", ld_ledger_shed(&live->total),
		    "samples not written");
	ld_buf_addc(out, '\n');
	for (size_t i = 0; i < doubts->verdict.n; i++)
		ld_buf_addf(out, "    %s: %s\n",
		    ld_validity_name(doubts->verdict.reasons[i].state),
		    doubts->verdict.reasons[i].text);
}

void
ldi_snapshot(const struct ldi_live *live, const struct ld_hist *response,
    const struct ldi_doubts *doubts, struct ld_buf *out)
{
	add_where(live, out);
	add_ledger(live, out);
	add_response(response, out);
	add_trust(live, doubts, out);
}
