/* SPDX-License-Identifier: MIT */
/*
 * What a run says of itself: begin, end, events, the generator's health.
 *
 * The shards of a run share its id: their begins, ends and checks add up.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/time.h>

#include "data/record_decode.h"
#include "data/summary.h"

struct ldi_run *
ldi_run_new(struct ld_summary *summary, const char *id, size_t len)
{
	struct ldi_run *run = calloc(1, sizeof *run);

	if (!run)
		return NULL;
	run->id = ldi_arena_strndup(summary->arena, id, len);
	run->id_len = len;
	run->index = ldi_map_new();
	run->first_ns = run->first_interval_ns = UINT64_MAX;
	run->validity = LD_RUN_UNJUDGED;
	run->facts = (struct ld_run_facts){ .run_id = run->id,
		.started_at = "",
		.seed = "",
		.plan_hash = "",
		.tool = "",
		.host = "",
		.samples = "",
		.target = "",
		.reason = "",
		.load = "",
		.arrival_json = "",
		.test_time_s = -1,
		.begin_json = "" };
	ldi_timeline_init(&run->samples);
	ldi_timeline_init(&run->intervals);
	ldi_levels_init(&run->levels);
	if (run->id && run->index)
		return run;
	ldi_run_free(run);
	return NULL;
}

void
ldi_run_free(struct ldi_run *run)
{
	if (!run)
		return;
	for (size_t i = 0; i < run->n_series; i++) {
		ldi_tally_clear(&run->series[i]->sample);
		ldi_tally_clear(&run->series[i]->interval);
	}
	free(run->series);
	ldi_map_free(run->index);
	ldi_timeline_clear(&run->samples);
	ldi_timeline_clear(&run->intervals);
	ld_hist_free(run->lag);
	ld_hist_free(run->figures.total.response);
	ld_hist_free(run->figures.total.service);
	free(run->figures.total.failures);
	for (size_t i = 0; i < run->n_events; i++)
		free(run->events[i].json);
	free(run);
}

static enum ld_status
run_add(struct ld_summary *summary, struct ld_str id, struct ldi_run **run_out)
{
	struct ldi_run **runs =
	    reallocarray(summary->runs, summary->n_runs + 1, sizeof(*runs));
	struct ldi_run *run;

	if (!runs)
		return LD_NOMEM;
	summary->runs = runs;
	run = ldi_run_new(summary, id.data, id.len);
	if (!run)
		return LD_NOMEM;
	if (!ldi_map_set(summary->index, id.data, id.len, run, NULL)) {
		ldi_run_free(run);
		return LD_NOMEM;
	}
	runs[summary->n_runs++] = run;
	*run_out = run;
	return LD_OK;
}

enum ld_status
ldi_run_get(struct ld_summary *summary, struct ld_str id,
    struct ldi_run **run_out, struct ld_err *err)
{
	struct ldi_run *run = summary->latest;

	if (!run || run->id_len != id.len ||
	    memcmp(run->id, id.data, id.len) != 0)
		run = ldi_map_get(summary->index, id.data, id.len);
	if (!run && summary->n_runs == LDI_MAX_RUNS)
		return ld_err_set(err, LD_INVALID,
		    "more than %d runs in one stream", LDI_MAX_RUNS);
	if (!run && run_add(summary, id, &run) != LD_OK)
		return ld_err_set(err, LD_NOMEM, "no memory for a run");
	*run_out = summary->latest = run;
	return LD_OK;
}

const char *
ldi_summary_text(
    struct ld_summary *summary, const struct ld_json *json, ld_json_ref ref)
{
	if (ld_json_kind(json, ref) != LD_JSON_STRING)
		return "";
	ld_buf_reset(&summary->scratch);
	ld_json_text(json, ref, &summary->scratch);
	if (summary->scratch.failed)
		return NULL;
	if (summary->scratch.len == 0)
		return "";
	return ldi_arena_strndup(
	    summary->arena, summary->scratch.data, summary->scratch.len);
}

static ld_json_ref
member(const struct ld_json *json, ld_json_ref object, const char *name)
{
	return ld_json_get(json, object, name);
}

/* A count; 0 where there is none. */
static uint64_t
number(const struct ld_json *json, ld_json_ref object, const char *name)
{
	uint64_t value;

	if (!ld_json_u64(json, member(json, object, name), &value) ||
	    value > LDI_RECORD_INTEGER_MAX)
		return 0;
	return value;
}

/* "shop-3 (Linux 6.1.0, 8 CPUs)" */
static const char *
host_text(
    struct ld_summary *summary, const struct ld_json *json, ld_json_ref host)
{
	const char *name =
	    ldi_summary_text(summary, json, member(json, host, "name"));
	const char *kernel =
	    ldi_summary_text(summary, json, member(json, host, "kernel"));
	uint64_t cpus = number(json, host, "cpus");
	struct ld_buf *text = &summary->scratch;

	if (!name || !kernel)
		return NULL;
	if (name[0] == '\0' && kernel[0] == '\0')
		return "";
	ld_buf_reset(text);
	ld_buf_addf(text, "%s (%s, %llu CPU%s)", name, kernel,
	    (unsigned long long)cpus, cpus == 1 ? "" : "s");
	if (text->failed)
		return NULL;
	return ldi_arena_strndup(summary->arena, text->data, text->len);
}

static enum ld_status
facts_text(struct ld_summary *summary, struct ld_run_facts *facts,
    const struct ld_json *json)
{
	const struct {
		const char *name;
		const char **out;
	} texts[] = {
		{ "time", &facts->started_at },
		{ "seed", &facts->seed },
		{ "plan_hash", &facts->plan_hash },
		{ "tool", &facts->tool },
		{ "samples", &facts->samples },
		{ "target", &facts->target },
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		*texts[i].out = ldi_summary_text(
		    summary, json, member(json, LD_JSON_ROOT, texts[i].name));
		if (!*texts[i].out)
			return LD_NOMEM;
	}
	facts->host =
	    host_text(summary, json, member(json, LD_JSON_ROOT, "host"));
	return facts->host ? LD_OK : LD_NOMEM;
}

static enum ld_status
begin_facts(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_record *record)
{
	struct ld_run_facts *facts = &run->facts;
	const struct ld_json *json = record->json;
	ld_json_ref config = member(json, LD_JSON_ROOT, "config");
	uint64_t time_ns;
	size_t len;
	const char *raw = ld_json_raw(json, LD_JSON_ROOT, &len);

	facts->user_count = number(json, config, "user_count");
	if (!ld_json_double(
		json, member(json, config, "spawn_rate"), &facts->spawn_rate) ||
	    facts->spawn_rate < 0)
		facts->spawn_rate = 0;
	if (ld_json_u64(json, member(json, config, "test_time_ns"), &time_ns))
		facts->test_time_s = (double)time_ns / (double)LD_NS_PER_S;
	facts->begin_json = ldi_arena_strndup(summary->arena, raw, len);
	if (!facts->begin_json ||
	    ldi_summary_load(summary, facts, json, config) != LD_OK)
		return LD_NOMEM;
	return facts_text(summary, facts, json);
}

static void
note_shard(struct ldi_run *run, uint64_t index, uint64_t count)
{
	uint64_t bit = UINT64_C(1) << index % 64;
	uint64_t *word;

	if (count > run->shard_count)
		run->shard_count = count;
	if (index >= LDI_MAX_SHARDS)
		return;
	word = &run->shards[index / 64];
	run->shard_twice = run->shard_twice || (*word & bit);
	*word |= bit;
}

enum ld_status
ldi_run_begin(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_record *record)
{
	const struct ld_json *json = record->json;
	ld_json_ref shard = member(json, LD_JSON_ROOT, "shard");
	ld_json_ref host = member(json, LD_JSON_ROOT, "host");
	uint64_t index = number(json, shard, "index");
	bool first = run->begins == 0;

	if (run->begins++ > 0)
		ldi_levels_shard(&run->levels);
	/* The first shard speaks for all, whichever file comes first. */
	if (first || (index < run->facts_shard && index < LDI_MAX_SHARDS)) {
		run->facts_shard = index;
		if (begin_facts(summary, run, record) != LD_OK)
			return LD_NOMEM;
	}
	run->facts.threads =
	    ldi_plus(run->facts.threads, number(json, host, "threads"));
	if (ld_json_kind(json, member(json, LD_JSON_ROOT, "tls_verify")) ==
	    LD_JSON_FALSE)
		run->facts.tls_unverified = true;
	note_shard(run, index, number(json, shard, "count"));
	run->partly = run->facts.samples[0] != '\0' &&
		      strcmp(run->facts.samples, "all") != 0;
	return LD_OK;
}

static void
note_check(struct ldi_run *run, const struct ld_json *json, ld_json_ref check)
{
	static const char *const names[LDI_COUNTED_N] = { "samples",
		"intervals", "health", "events", "messages" };
	ldi_u128 sum = 0;
	const char *text;
	size_t len;

	if (ld_json_kind(json, check) != LD_JSON_OBJECT ||
	    !ld_json_plain(
		json, member(json, check, "response_ns_sum"), &text, &len) ||
	    !ldi_u128_read(text, len, &sum)) {
		run->unchecked_ends++;
		return;
	}
	for (int i = 0; i < LDI_COUNTED_N; i++)
		run->stated.n[i] =
		    ldi_plus(run->stated.n[i], number(json, check, names[i]));
	run->stated.response_sum += sum;
}

/* Of two shards the worse one holds for the run. */
static enum ld_validity
worse(enum ld_validity a, enum ld_validity b)
{
	static const unsigned char rank[] = { [LD_RUN_VALID] = 0,
		[LD_RUN_DEGRADED] = 1,
		[LD_RUN_UNJUDGED] = 2,
		[LD_RUN_INVALID] = 3 };

	return rank[a] < rank[b] ? b : a;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum ld_status
note_validity(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_json *json, ld_json_ref validity)
{
	ld_json_ref state = member(json, validity, "state");
	ld_json_ref reasons = member(json, validity, "reasons");
	enum ld_validity said = LD_RUN_UNJUDGED;

	for (int i = 0; i < LD_RUN_UNJUDGED; i++)
		if (ld_json_is(
			json, state, ld_validity_name((enum ld_validity)i)))
			said = (enum ld_validity)i;
	run->validity = run->ends == 1 ? said : worse(run->validity, said);
	if (ld_json_kind(json, reasons) != LD_JSON_ARRAY)
		return LD_OK;
	if (!run->reasons)
		run->reasons = ldi_arena_array(
		    summary->arena, LDI_MAX_REASONS, sizeof *run->reasons);
	if (!run->reasons)
		return LD_NOMEM;
	for (ld_json_ref at = ld_json_first(json, reasons);
	     at != LD_JSON_NONE && run->n_reasons < LDI_MAX_REASONS;
	     at = ld_json_next(json, reasons, at)) {
		const char *text = ldi_summary_text(summary, json, at);

		if (!text)
			return LD_NOMEM;
		run->reasons[run->n_reasons++] = text;
	}
	/* Of several shards in an order that is not that of the files. */
	if (run->ends > 1)
		qsort(run->reasons, run->n_reasons, sizeof *run->reasons,
		    by_text);
	return LD_OK;
}

enum ld_status
ldi_run_end(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_record *record)
{
	const struct ld_json *json = record->json;
	struct ld_ledger ledger;
	uint64_t time_ns = number(json, LD_JSON_ROOT, "time_ns");
	const char *reason;

	run->ends++;
	if (ld_ledger_read(&ledger, json, member(json, LD_JSON_ROOT, "ledger"),
		NULL) == LD_OK) {
		ldi_ledger_sum(&run->end_ledger, &ledger);
		note_check(run, json, member(json, LD_JSON_ROOT, "check"));
	} else {
		run->unchecked_ends++;
	}
	if (time_ns > run->end_ns)
		run->end_ns = time_ns;
	reason = ldi_summary_text(
	    summary, json, member(json, LD_JSON_ROOT, "reason"));
	if (!reason)
		return LD_NOMEM;
	if (run->ends == 1 || strcmp(reason, run->facts.reason) < 0)
		run->facts.reason = reason;
	return note_validity(
	    summary, run, json, member(json, LD_JSON_ROOT, "validity"));
}

/* By time, then by bytes: those that are kept are the first ones whatever the
 * order in which they come. */
static int
event_order(const struct ldi_event *event, uint64_t time_ns, const char *json,
    size_t len)
{
	size_t n = event->len < len ? event->len : len;
	int order;

	if (event->time_ns != time_ns)
		return event->time_ns < time_ns ? -1 : 1;
	order = memcmp(event->json, json, n);
	if (order != 0)
		return order;
	return event->len < len ? -1 : event->len > len;
}

enum ld_status
ldi_run_event(struct ld_summary *summary, struct ldi_run *run, uint64_t time_ns,
    const char *json, size_t len)
{
	struct ldi_event *events = run->events;
	size_t at = run->n_events;
	char *copy;

	while (at > 0 && event_order(&events[at - 1], time_ns, json, len) > 0)
		at--;
	if (at == LDI_MAX_EVENTS)
		return LD_OK;
	if (!events)
		events = run->events = ldi_arena_array(
		    summary->arena, LDI_MAX_EVENTS, sizeof *events);
	copy = events ? strndup(json, len) : NULL;
	if (!copy)
		return LD_NOMEM;
	if (run->n_events == LDI_MAX_EVENTS)
		free(events[--run->n_events].json);
	memmove(events + at + 1, events + at,
	    (run->n_events - at) * sizeof *events);
	events[at] = (struct ldi_event){ time_ns, copy, len };
	run->n_events++;
	return LD_OK;
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

enum ld_status
ldi_run_health(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_health *health)
{
	run->seen.n[LDI_HEALTH]++;
	run->late = ldi_plus(run->late, health->late);
	for (size_t i = 0; i < health->n_threads; i++)
		run->cpu_ns = ldi_plus(run->cpu_ns, health->cpu_ns[i]);
	run->max_rss_bytes = larger(run->max_rss_bytes, health->rss_bytes);
	run->max_descriptors =
	    larger(run->max_descriptors, health->descriptors);
	ldi_levels_set(
	    &run->levels, health->second * LD_NS_PER_S, health->users);
	if (!run->lag)
		run->lag = ld_hist_new(summary->pool);
	if (!run->lag)
		return LD_NOMEM;
	return ld_hist_merge(run->lag, health->lag);
}
