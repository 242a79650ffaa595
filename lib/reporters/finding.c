/* SPDX-License-Identifier: MIT */
/*
 * Each rule looks at one thing and adds at most one sentence.  The table at
 * the end is in order of weight: first what makes the figures doubtful, then
 * what the target did badly, then what is merely worth knowing.
 */
#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "data/escape.h"
#include "reporters/figure.h"
#include "reporters/finding.h"
#include "reporters/view.h"

/* The tail is worth a sentence when p99 is this many medians. */
#define LONG_TAIL 10
/* A moment stands out when its p99 is this many times the usual one. */
#define STALL 5
/* Fewer slots than this have no usual p99. */
#define MIN_SLOTS 10
/* A silence shorter than this is no gap. */
#define MIN_GAP_NS UINT64_C(2000000000)
/* Bytes of a name or text quoted in a sentence. */
#define MAX_QUOTE 90

typedef void rule_fn(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f);

/* At most MAX_QUOTE bytes, cut between characters. */
static void
quote(struct ld_buf *out, const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		uint32_t cp;
		size_t n = ldi_utf8_next(text + at, len - at, &cp);

		if (at + n > MAX_QUOTE)
			break;
		at += n;
	}
	ld_buf_add(out, text, at);
	if (at < len)
		ld_buf_adds(out, "...");
}

static void
set(struct ldi_finding *f, enum ldi_finding_level level, const char *evidence)
{
	f->level = level;
	f->evidence = evidence;
}

static void
rule_wholeness(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	if (run->wholeness == LD_STREAM_WHOLE)
		return;
	set(f, LDI_FINDING_STOP, "ledger");
	ld_buf_adds(text,
	    run->wholeness == LD_STREAM_FILTERED
		? "Records were taken out of this stream: the figures "
		  "describe what is left, not the run."
		: "The stream is not whole: the figures describe only what "
		  "was read.");
}

static void
rule_validity(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	const char *reason = run->n_validity_reasons > 0
				 ? ldi_view_text(run->validity_reasons[0])
				 : "no reason is given";

	if (run->validity == LD_RUN_INVALID) {
		set(f, LDI_FINDING_STOP, "ledger");
		ld_buf_adds(text, "The run is invalid and its figures say "
				  "little about the target: ");
	} else if (run->validity == LD_RUN_DEGRADED) {
		set(f, LDI_FINDING_WARN, "ledger");
		ld_buf_adds(text, "The generator was not at its best: ");
	} else
		return;
	quote(text, reason, strlen(reason));
	ld_buf_addc(text, '.');
}

static void
rule_balance(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	if (run->ledger_balances)
		return;
	set(f, LDI_FINDING_STOP, "ledger");
	ld_buf_adds(text, "The ledger does not balance: ");
	ldi_view_ledger_sentence(&run->ledger, text);
}

static void
rule_tls(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	if (!run->facts.tls_unverified)
		return;
	set(f, LDI_FINDING_NOTE, "run-facts");
	ld_buf_adds(text, "Certificates were not checked: whoever answered "
			  "need not have been the target.");
}

/* "refused (no route)", but not "status (status 503)". */
static void
put_group(struct ld_buf *text, const struct ld_failure_group *g)
{
	const char *cls = ld_class_name(g->cls);
	size_t n = strlen(cls);
	bool says_it = g->text.len > n && memcmp(g->text.data, cls, n) == 0;

	if (!says_it)
		ld_buf_adds(text, cls);
	if (g->text.len == 0)
		return;
	ld_buf_adds(text, says_it ? "" : " (");
	quote(text, g->text.data, g->text.len);
	ld_buf_adds(text, says_it ? "" : ")");
}

static void
rule_failures(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	uint64_t failures = ld_ledger_failures(&run->ledger);
	uint64_t finished = ldi_view_finished(&run->ledger);

	if (failures == 0)
		return;
	set(f, LDI_FINDING_WARN, "failures");
	if (failures == finished)
		ld_buf_adds(text, "Every request failed");
	else {
		ldi_fig_share(text, failures, finished);
		ld_buf_adds(text, " of the requests failed (");
		ldi_fig_count(text, failures);
		ld_buf_adds(text, " of ");
		ldi_fig_count(text, finished);
		ld_buf_addc(text, ')');
	}
	if (run->total.n_failures > 0) {
		const struct ld_failure_group *g = &run->total.failures[0];

		ld_buf_adds(text, ", most often as ");
		put_group(text, g);
		ld_buf_adds(text, " between ");
		ldi_fig_at(text, g->first_ns);
		ld_buf_adds(text, " and ");
		ldi_fig_at(text, g->last_ns);
	}
	ld_buf_addc(text, '.');
}

static void
rule_not_started(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	uint64_t missed = ld_ledger_not_started(&run->ledger) -
			  run->ledger.not_started[LD_NOT_STARTED_STOPPED];

	if (missed == 0)
		return;
	set(f, LDI_FINDING_WARN, "ledger");
	ldi_fig_share(text, missed, run->ledger.planned);
	ld_buf_adds(text, " of the planned requests were never started (");
	ldi_fig_count(text, missed);
	ld_buf_adds(text, "): the target saw less load than was asked for.");
}

static void
rule_shed(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	uint64_t shed = ld_ledger_shed(&run->ledger);

	if (shed == 0)
		return;
	set(f, LDI_FINDING_NOTE, "ledger");
	ldi_fig_count(text, shed);
	ld_buf_adds(text, " samples were not written because the reader of "
			  "the stream was too slow; the per-second figures "
			  "used here count them all.");
}

static void
rule_lag(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	uint64_t p99 =
	    run->lag == NULL ? 0 : ld_hist_quantile(run->lag, 990000);

	/* One in a thousand starts may be late on a busy machine. */
	if (run->late == 0 || run->late < run->ledger.started / 1000)
		return;
	set(f, LDI_FINDING_WARN, "run-facts");
	ldi_fig_count(text, run->late);
	ld_buf_adds(text, run->late == 1 ? " request" : " requests");
	ld_buf_adds(text, " started more than 10 ms late (p99 lag ");
	ldi_fig_ns(text, p99);
	ld_buf_adds(text, "): response times include that wait, service "
			  "times do not.");
}

static void
rule_gap(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	size_t best = 0, best_len = 0, len = 0;

	for (size_t i = 0; i < run->n_slots; i++) {
		const struct ld_slot *s = &run->slots[i];

		len =
		    s->users > 0 && s->success + s->failure == 0 ? len + 1 : 0;
		if (len > best_len)
			best_len = len, best = i + 1 - len;
	}
	if (best_len == 0 || best_len * run->slot_ns < MIN_GAP_NS)
		return;
	if (best == 0 || best + best_len >= run->n_slots)
		return;
	set(f, LDI_FINDING_WARN, "timeline");
	ld_buf_adds(text, "No request finished between ");
	ldi_fig_at(text, best * run->slot_ns);
	ld_buf_adds(text, " and ");
	ldi_fig_at(text, (best + best_len) * run->slot_ns);
	ld_buf_adds(text, ", although users were active.");
}

static int
by_value(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

/* The slot whose p99 stands out from the median of all slots' p99. */
static void
rule_stall(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	uint64_t *p99, peak = 0, usual;
	size_t n = 0, at = 0;

	if (run->n_slots < MIN_SLOTS)
		return;
	p99 = calloc(run->n_slots, sizeof(*p99));
	if (p99 == NULL)
		return; /* one sentence fewer */
	for (size_t i = 0; i < run->n_slots; i++) {
		if (run->slots[i].response == NULL)
			continue;
		p99[n] = ld_hist_quantile(run->slots[i].response, 990000);
		if (p99[n] > peak)
			peak = p99[n], at = i;
		n++;
	}
	qsort(p99, n, sizeof(*p99), by_value);
	usual = n == 0 ? 0 : p99[n / 2];
	free(p99);
	if (n < MIN_SLOTS || usual == 0 || peak / STALL < usual)
		return;
	set(f, LDI_FINDING_WARN, "timeline");
	ld_buf_adds(text, "Response times peaked at ");
	ldi_fig_at(text, at * run->slot_ns);
	ld_buf_adds(text, ": p99 of that moment was ");
	ldi_fig_ns(text, peak);
	ld_buf_adds(text, ", usually it is ");
	ldi_fig_ns(text, usual);
	ld_buf_addc(text, '.');
}

static void
rule_tail(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	const struct ld_hist *h = run->total.response;
	uint64_t p50, p99;

	if (h == NULL || ld_hist_count(h) < 299)
		return;
	p50 = ld_hist_quantile(h, 500000);
	p99 = ld_hist_quantile(h, 990000);
	if (p50 == 0 || p99 / LONG_TAIL < p50)
		return;
	set(f, LDI_FINDING_WARN, "latency");
	ld_buf_adds(text, "One request in a hundred took ");
	ldi_fig_ns(text, p99);
	ld_buf_addf(text, " or longer, %" PRIu64 " times the median of ",
	    (p99 + p50 / 2) / p50);
	ldi_fig_ns(text, p50);
	ld_buf_addc(text, '.');
}

static uint64_t
count_over(const struct ld_hist *hist, uint64_t ns)
{
	return hist == NULL
		   ? 0
		   : ld_hist_count(hist) - ld_hist_count_below(hist, ns);
}

/* The series with more than half of all requests slower than p95. */
static void
rule_tail_series(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	const struct ld_series_figures *worst = NULL;
	uint64_t p95, over, most = 0, share;

	if (run->n_series < 2 || run->total.response == NULL ||
	    ld_hist_count(run->total.response) < 299)
		return;
	p95 = ld_hist_quantile(run->total.response, 950000);
	over = count_over(run->total.response, p95);
	for (size_t i = 0; i < run->n_series; i++) {
		uint64_t n = count_over(run->series[i].response, p95);

		if (n > most)
			most = n, worst = &run->series[i];
	}
	if (worst == NULL || over == 0 || most <= over / 2)
		return;
	share = ld_hist_count(worst->response);
	/* Half as much again as its share of all requests, or it is not news.
	 */
	if (most * 2 * ld_hist_count(run->total.response) < over * share * 3)
		return;
	set(f, LDI_FINDING_NOTE, "latency");
	quote(text, worst->name, strlen(worst->name));
	ld_buf_adds(text, " holds ");
	ldi_fig_share(text, most, over);
	ld_buf_adds(text, " of the requests slower than ");
	ldi_fig_ns(text, p95);
	ld_buf_adds(text, " (p95), but is only ");
	ldi_fig_share(text, share, ld_hist_count(run->total.response));
	ld_buf_adds(text, " of all requests.");
}

static void
rule_few(const struct ld_run_figures *run, struct ld_buf *text,
    struct ldi_finding *f)
{
	uint64_t n = run->total.response == NULL
			 ? 0
			 : ld_hist_count(run->total.response);

	if (n >= 299)
		return;
	set(f, LDI_FINDING_NOTE, "latency");
	if (n == 0)
		ld_buf_adds(text, "No request finished: there is nothing to "
				  "measure.");
	else {
		ld_buf_adds(text, "Only ");
		ldi_fig_count(text, n);
		ld_buf_adds(text, n == 1 ? " request" : " requests");
		ld_buf_adds(
		    text, " finished, too few to state p99 (which takes 299).");
	}
}

static rule_fn *const rules[] = { rule_wholeness, rule_validity, rule_balance,
	rule_tls, rule_failures, rule_not_started, rule_lag, rule_gap,
	rule_stall, rule_tail, rule_tail_series, rule_shed, rule_few };

static bool
apply(const struct ld_run_figures *run, rule_fn *rule, struct ldi_finding *f)
{
	struct ld_buf text;
	const char *str;

	ld_buf_init(&text, sizeof(f->text) - 1);
	rule(run, &text, f);
	str = text.len > 0 ? ld_buf_str(&text) : NULL;
	if (str != NULL)
		memcpy(f->text, str, text.len + 1);
	ld_buf_clear(&text);
	return str != NULL;
}

void
ldi_findings_make(const struct ld_run_figures *run, struct ldi_findings *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (out->n < LDI_FINDINGS_MAX &&
		    apply(run, rules[i], &out->at[out->n]))
			out->n++;
	if (out->n > 0)
		return;
	out->n = 1;
	set(&out->at[0], LDI_FINDING_FINE, "latency");
	snprintf(out->at[0].text, sizeof(out->at[0].text),
	    "Nothing stands out: no failures, no stall, no long tail, and "
	    "every request is accounted for.");
}
