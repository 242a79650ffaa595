/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report_figures.h"

#define MAX_GROUPS 64

static struct ld_hist *
new_hist(void)
{
	struct ld_hist *hist = ld_hist_new(NULL);

	assert(hist != NULL);
	return hist;
}

static void
init_series(struct ld_series_figures *s, const char *name)
{
	s->user_type = "fast_http_user";
	s->request_type = "GET";
	s->name = name;
	s->response = new_hist();
	s->service = new_hist();
	s->failures = calloc(MAX_GROUPS, sizeof(*s->failures));
}

struct figures *
figures_new(size_t n, size_t slots)
{
	struct figures *f = calloc(1, sizeof(*f));
	struct ld_run_figures *r = &f->run;

	r->facts = (struct ld_run_facts){
		.run_id = "01JD5B4Q7ZK3T9M2",
		.started_at = "2026-11-23T06:00:00.000000Z",
		.seed = "42",
		.plan_hash = "sha256:9f2c41d07be3",
		.tool = "ld-toolkit 0.1.1",
		.host = "Linux 6.1, 2 CPUs",
		.samples = "all",
		.target = "http://127.0.0.1:8080",
		.reason = "time",
		.threads = 2,
		.user_count = 50,
		.spawn_rate = 5,
		.test_time_s = (double)slots,
		.begin_json = "{}",
	};
	r->wholeness_text = "";
	r->lag = new_hist();
	r->series = calloc(n + 1, sizeof(*r->series));
	r->n_series = n;
	r->slot_ns = SECOND;
	r->slots = calloc(slots + 1, sizeof(*r->slots));
	r->n_slots = slots;
	r->duration_ns = slots * SECOND;
	init_series(&r->total, "");
	for (size_t i = 0; i < n; i++)
		init_series(&r->series[i], "/series");
	f->random = 1;
	return f;
}

static void
clear_series(struct ld_series_figures *s)
{
	ld_hist_free(s->response);
	ld_hist_free(s->service);
	free(s->failures);
}

void
figures_free(struct figures *f)
{
	for (size_t i = 0; i < f->run.n_series; i++)
		clear_series(&f->run.series[i]);
	clear_series(&f->run.total);
	for (size_t i = 0; i < f->run.n_slots; i++)
		ld_hist_free(f->run.slots[i].response);
	ld_hist_free(f->run.lag);
	free(f->run.series);
	free(f->run.slots);
	free(f);
}

static void
add_failure(struct ld_series_figures *s, const struct request *q, uint64_t end)
{
	size_t i = 0;

	for (; i < s->n_failures; i++)
		if (s->failures[i].cls == q->cls &&
		    strcmp(s->failures[i].text.data, q->text) == 0)
			break;
	assert(i < MAX_GROUPS);
	if (i == s->n_failures) {
		s->failures[i].cls = q->cls;
		s->failures[i].text.data = q->text;
		s->failures[i].text.len = strlen(q->text);
		s->failures[i].first_ns = end;
		s->n_failures++;
	}
	s->failures[i].count++;
	s->failures[i].last_ns = end;
}

static void
add_to_series(struct ld_series_figures *s, const struct request *q)
{
	uint64_t end = q->intended_ns + q->lag_ns + q->service_ns;

	s->ledger.planned++, s->ledger.started++, s->ledger.wire++;
	s->bytes_out += 120, s->bytes_in += q->bytes_in;
	if (q->outcome == LD_ABORTED) {
		s->ledger.aborted++;
		return;
	}
	ld_hist_add(s->response, q->lag_ns + q->service_ns);
	ld_hist_add(s->service, q->service_ns);
	s->phase_ns[LD_PHASE_CONNECT] += q->service_ns / 20;
	s->phase_ns[LD_PHASE_TLS] += q->service_ns / 10;
	s->phase_ns[LD_PHASE_RECEIVE] += q->service_ns / 5;
	s->phase_ns[LD_PHASE_TTFB] += q->service_ns - q->service_ns / 20 -
				      q->service_ns / 10 - q->service_ns / 5;
	if (q->outcome == LD_SUCCESS)
		s->ledger.success++;
	else {
		s->ledger.failure[q->cls]++;
		add_failure(s, q, end);
	}
}

static struct ld_slot *
slot_at(struct figures *f, uint64_t ns)
{
	size_t i = (size_t)(ns / f->run.slot_ns);

	return &f->run.slots[i < f->run.n_slots ? i : f->run.n_slots - 1];
}

void
figures_add(struct figures *f, const struct request *q)
{
	uint64_t start = q->intended_ns + q->lag_ns;
	struct ld_slot *s = slot_at(f, start + q->service_ns);

	add_to_series(&f->run.series[q->series], q);
	add_to_series(&f->run.total, q);
	slot_at(f, start)->started++;
	ld_hist_add(f->run.lag, q->lag_ns);
	f->run.late += q->lag_ns > 10 * MS;
	f->run.samples_seen++;
	s->success += q->outcome == LD_SUCCESS;
	s->failure += q->outcome == LD_FAILURE;
	s->aborted += q->outcome == LD_ABORTED;
	if (q->outcome == LD_ABORTED)
		return;
	if (s->response == NULL)
		s->response = new_hist();
	ld_hist_add(s->response, q->lag_ns + q->service_ns);
}

static int
by_count(const void *a, const void *b)
{
	const struct ld_failure_group *x = a, *y = b;

	return x->count > y->count ? -1 : x->count < y->count;
}

void
figures_finish(struct figures *f)
{
	struct ld_series_figures *t = &f->run.total;

	qsort(t->failures, t->n_failures, sizeof(*t->failures), by_count);
	f->run.ledger = t->ledger;
	f->run.ledger_balances = ld_ledger_balances(&f->run.ledger);
	f->list[0] = &f->run;
	f->view = (struct ldi_view){ .runs = f->list,
		.n_runs = 1,
		.all = &f->run,
		.wholeness = f->run.wholeness,
		.validity = f->run.validity,
		.options = &f->options };
}

/* Xorshift: the same numbers on every machine. */
uint64_t
figures_random(struct figures *f, uint64_t below)
{
	f->random ^= f->random << 13;
	f->random ^= f->random >> 7;
	f->random ^= f->random << 17;
	return f->random % below;
}

/* A skewed time around `base`: most a little above, few far above. */
static uint64_t
skewed(struct figures *f, uint64_t base)
{
	uint64_t a = figures_random(f, 256), b = figures_random(f, 256);
	uint64_t c = figures_random(f, 256), d = figures_random(f, 256);
	uint64_t ns = base * 3 / 4 + base * a / 512 + base * a * b / 65536;

	if (c > 230)
		ns += base * 3 * d / 256;
	if (c == 255)
		ns += base * d / 16;
	return ns;
}

static void
demo_request(struct figures *f, uint64_t at)
{
	static const uint64_t base[] = { 4 * MS, 9 * MS, 38 * MS, 15 * MS };
	uint64_t dice = figures_random(f, 100);
	size_t series = dice < 45 ? 0 : dice < 75 ? 1 : dice < 88 ? 2 : 3;
	struct request q = { .series = series,
		.intended_ns = at,
		.lag_ns = 20000 + figures_random(f, 90000),
		.service_ns = skewed(f, base[series]),
		.outcome = LD_SUCCESS,
		.text = "",
		.bytes_in = 800 + series * 5000 };

	/* The server stands still: what comes waits until it goes on. */
	if (at > 31 * SECOND && at < 33 * SECOND)
		q.service_ns += 33 * SECOND - at;
	if (at > 31 * SECOND && at < 35 * SECOND && dice % 9 == 0) {
		q.outcome = LD_FAILURE, q.cls = LD_CLASS_STATUS;
		q.text = "503 Service Unavailable";
	} else if (series == 3 && figures_random(f, 90) == 0) {
		q.outcome = LD_FAILURE, q.cls = LD_CLASS_ASSERTION;
		q.text = figures_random(f, 3) == 0
			     ? "json_path $.total: want 3, got null"
			     : "contains \"order\": not found";
	}
	if (at > 60 * SECOND - 12 * MS && q.service_ns > 6 * MS)
		q.outcome = LD_ABORTED;
	figures_add(f, &q);
}

struct figures *
figures_demo(void)
{
	static const char *const names[] = { "GET /", "GET /item/${id}",
		"GET /search?q=${word}", "POST /cart/checkout" };
	struct figures *f = figures_new(4, 60);

	for (size_t i = 0; i < 4; i++)
		f->run.series[i].name = names[i];
	f->run.series[3].request_type = "POST";
	for (size_t s = 0; s < 60; s++) {
		uint64_t users = s < 10 ? 5 * (s + 1) : 50;
		uint64_t n = users * 7 + figures_random(f, users);

		f->run.slots[s].users = users;
		for (uint64_t i = 0; i < n; i++)
			demo_request(f, s * SECOND + i * SECOND / n);
	}
	f->run.total.ledger.planned += 34;
	f->run.total.ledger.not_started[LD_NOT_STARTED_LIMIT] = 30;
	f->run.total.ledger.not_started[LD_NOT_STARTED_STOPPED] = 4;
	f->run.max_users = 50;
	f->run.cpu_ns = 7 * SECOND;
	f->run.max_rss_bytes = 14 << 20;
	f->run.max_descriptors = 61;
	figures_finish(f);
	return f;
}

struct figures *
figures_empty(void)
{
	struct figures *f = figures_new(0, 0);

	f->run.wholeness = LD_STREAM_INCOMPLETE;
	f->run.wholeness_text = "INCOMPLETE: begin without end";
	f->run.validity = LD_RUN_UNJUDGED;
	figures_finish(f);
	return f;
}

struct figures *
figures_few(size_t n)
{
	struct figures *f = figures_new(1, 1);
	struct request q = { .service_ns = 5 * MS, .text = "" };

	f->run.slots[0].users = 1;
	f->run.max_users = 1;
	for (size_t i = 0; i < n; i++)
		figures_add(f, &q);
	figures_finish(f);
	return f;
}

struct figures *
figures_hostile(void)
{
	static const char *const names[] = {
		"<script>alert(1)</script>",
		"\"><img src=x onerror=alert(1)>",
		"' onmouseover='alert(1)",
		"\033[2J\033]0;owned\007\r\n\b",
		"bad \xff\xc0\xaf\xed\xa0\x80 utf-8 \xe2\x82",
		"right \xe2\x80\xaegnp.exe to left",
		"</style></title><!-- --!> ]]> &lt;",
	};
	size_t n = sizeof(names) / sizeof(names[0]);
	struct figures *f = figures_new(n, 3);

	f->run.facts.target = names[0];
	f->run.facts.host = names[1];
	f->run.facts.run_id = names[2];
	f->run.facts.seed = names[3];
	f->run.wholeness = LD_STREAM_FILTERED;
	f->run.wholeness_text = "FILTERED 1 of 2 --!><b>\033[31m samples";
	for (size_t i = 0; i < n; i++) {
		struct request q = { .series = i,
			.service_ns = 5 * MS,
			.outcome = LD_FAILURE,
			.cls = LD_CLASS_PROTOCOL,
			.text = names[i] };

		f->run.series[i].name = names[i];
		f->run.series[i].request_type = names[(i + 1) % n];
		f->run.series[i].user_type = names[(i + 2) % n];
		figures_add(f, &q);
	}
	figures_finish(f);
	return f;
}

char *
figures_write(const struct figures *f, ldi_view_write_fn *write)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf out;
	char *text;

	ld_buf_init(&out, (size_t)16 << 20);
	text = write(&f->view, &out, &err) == LD_OK ? ld_buf_take(&out, NULL)
						    : NULL;
	ld_buf_clear(&out);
	return text;
}

static void
keep(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s.new", name);
	file = fopen(path, "w");
	if (file == NULL)
		return;
	fputs(text, file);
	fclose(file);
}

void
figures_golden(const char *name, const char *text)
{
	const char *srcdir = getenv("srcdir");
	size_t len = strlen(text), n = 0;
	char *want = malloc(len + 2), path[1024];
	FILE *file;

	assert_non_null(want);
	snprintf(path, sizeof(path), "%s/tests/data/reports/%s",
	    srcdir == NULL ? "." : srcdir, name);
	file = fopen(path, "r");
	if (file != NULL) {
		n = fread(want, 1, len + 1, file);
		fclose(file);
	}
	if (n != len || memcmp(want, text, len) != 0) {
		keep(name, text);
		free(want);
		fail_msg(
		    "%s differs from what was written to %s.new", path, name);
	}
	free(want);
}
