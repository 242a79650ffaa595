/* SPDX-License-Identifier: MIT */
/*
 * The schemas of what summary.c and json.c write, in their order.
 */
#include "config.h"

#include "reporters/view.h"

#include "data/schema.h"

#define COUNT "{'$ref':'#/definitions/whole'}"
#define MS "{'$ref':'#/definitions/ms'}"
#define RATE "{'type':'number','minimum':0}"
#define SHARE "{'type':'number','minimum':0,'maximum':1}"
#define TEXT "{'type':'string'}"
#define FLAG "{'type':'boolean'}"
#define LATENCY "{'$ref':'#/definitions/latency'}"
#define WHOLENESS \
	"{'enum':['whole','filtered','fragment','incomplete','empty']}"
#define VALIDITY "{'enum':['valid','degraded','invalid','unjudged']}"
#define LEDGER "{'$ref':'#/definitions/ledger'}"

/* clang-format off */
#define END { NULL, true, NULL, NULL }
#define FAILURES \
	{ "failures", false, COUNT, "exchanges that failed" }, \
	{ "failure_rate", false, SHARE, "failures / requests" }
#define COUNTS \
	{ "requests", false, COUNT, "finished exchanges: successes + failures" }, \
	{ "successes", false, COUNT, "exchanges that succeeded" }, \
	FAILURES
#define QUANTILES \
	{ "p50_ms", false, MS, "median" }, \
	{ "p90_ms", false, MS, "quantile 0.9" }, \
	{ "p95_ms", false, MS, "quantile 0.95" }, \
	{ "p99_ms", false, MS, "quantile 0.99" }
#define LATENCIES \
	{ "count", false, COUNT, "values" }, \
	{ "min_ms", false, MS, "least, exactly" }, \
	{ "max_ms", false, MS, "largest, exactly" }, \
	{ "mean_ms", false, MS, "mean, exactly" }, \
	QUANTILES, \
	{ "p999_ms", false, MS, "quantile 0.999" }, \
	{ "too_few", false, "{'type':'array','items':{'type':'string'}}", \
	  "quantiles that so few values cannot support" }
#define SPEED \
	{ "duration_s", true, RATE, "seconds" }, \
	{ "throughput_per_s", true, RATE, "requests / duration" }
#define BALANCE \
	{ "ledger", true, LEDGER, "what became of every exchange that came due" }, \
	{ "ledger_balances", true, FLAG, "whether its two laws hold" }

#define FAILURE_LIST \
	{ "failures", false, "{'type':'array','items':{'$ref':'#/definitions/failure'}}", "by class and text, the most frequent" }

static const struct ldi_schema_key document_keys[] = {
	{ "stream", true, TEXT, "why the figures are not those of a whole run; there only when they are not" },
	{ "totals", false, "{'$ref':'#/definitions/totals'}", "over everything" },
	{ "latency_overall", false, "{'$ref':'#/definitions/latency_overall'}", "response times over everything" },
	{ "per_name", false, "{'type':'object','additionalProperties':{'$ref':'#/definitions/named'}}", "by name of the series" },
	{ "schema", false, "{'const':'ld.summary/1'}", "format and version" },
	{ "wholeness", false, WHOLENESS, "the worst of the runs" },
	{ "validity", false, VALIDITY, "the worst of the runs" },
	{ "gates_failed", false, FLAG, "whether a verdict is fail" },
	SPEED,
	{ "service_overall", true, LATENCY, "service times over everything" },
	BALANCE,
	{ "error_bound", false, RATE, "of quantiles, relative" },
	{ "definitions", false, "{'type':'object','additionalProperties':{'type':'string'}}", "what the words mean" },
	{ "runs", false, "{'type':'array','items':{'$ref':'#/definitions/run'}}", "one by one" },
	END,
};

static const struct ldi_schema_key totals_keys[] = { COUNTS, END };

static const struct ldi_schema_key overall_keys[] = {
	{ "count", false, COUNT, "values" },
	QUANTILES,
	{ "max_ms", false, MS, "largest, exactly" },
	END,
};

static const struct ldi_schema_key latency_keys[] = { LATENCIES, END };

static const struct ldi_schema_key named_keys[] = {
	LATENCIES,
	FAILURES,
	{ "service", false, LATENCY, "service times" },
	END,
};

#define PHASES \
	{ "phases_mean_ms", false, "{'type':'object','additionalProperties':" MS "}", \
	  "mean time by phase, of those that took any; empty when the stream does not say" }

#define SERIES \
	{ "user_type", false, TEXT, "of the series" }, \
	{ "request_type", false, TEXT, "of the series" }, \
	{ "name", false, TEXT, "of the series" }, \
	COUNTS, \
	{ "aborted", false, COUNT, "cut off by the end of the run" }, \
	{ "bytes_out", false, COUNT, "sent, on the wire" }, \
	{ "bytes_in", false, COUNT, "received, on the wire" }, \
	{ "response", false, LATENCY, "response times" }, \
	{ "service", false, LATENCY, "service times" }, \
	PHASES

static const struct ldi_schema_key series_keys[] = { SERIES, END };

static const struct ldi_schema_key whole_series_keys[] = {
	SERIES,
	{ "failure_groups", false, "{'type':'array','items':{'$ref':'#/definitions/failure'}}", "by class and text, the most frequent" },
	END,
};

static const struct ldi_schema_key failure_keys[] = {
	{ "class", false, TEXT, "failure class" },
	{ "text", false, TEXT, "why" },
	{ "count", false, COUNT, "failures of this class and text" },
	{ "first_ms", false, MS, "when the first of them ended, after T0" },
	{ "last_ms", false, MS, "when the last of them ended, after T0" },
	{ "advice", false, TEXT, "what to do about it" },
	END,
};

static const struct ldi_schema_key generator_keys[] = {
	{ "late", false, COUNT, "starts more than 10 ms behind their time" },
	{ "cpu_ms", false, MS, "CPU time of the sending threads" },
	{ "max_users", false, COUNT, "most users at once" },
	{ "max_rss_bytes", false, COUNT, "most resident memory" },
	{ "max_descriptors", false, COUNT, "most open descriptors" },
	{ "lag", false, "{'anyOf':[" LATENCY ",{'type':'null'}]}", "how late starts were" },
	END,
};

#define RUN \
	{ "run_id", false, TEXT, "id of the run" }, \
	{ "started_at", false, TEXT, "RFC 3339 in UTC; empty = its begin is missing" }, \
	{ "target", false, TEXT, "where the load went" }, \
	{ "tls_verify", false, FLAG, "false when some task accepted any certificate" }, \
	{ "seed", false, TEXT, "of every random draw" }, \
	{ "plan_hash", false, TEXT, "of the plan as it was read" }, \
	{ "tool", false, TEXT, "that sent the load" }, \
	{ "host", false, TEXT, "that it ran on" }, \
	{ "samples_recorded", false, TEXT, "all, failures, none, or a share" }, \
	{ "reason", false, TEXT, "what ended the run" }, \
	{ "threads", false, COUNT, "that sent" }, \
	{ "model", false, "{'enum':['closed','open']}", "whether a slow server is asked less often" }, \
	{ "arrival", true, "{'type':'object'}", "of the open model, as in the begin record" }, \
	{ "users", false, COUNT, "that were simulated" }, \
	{ "spawn_rate", false, RATE, "users started per second" }, \
	{ "test_time_s", false, "{'anyOf':[" RATE ",{'type':'null'}]}", "bound of the run; null = none" }, \
	{ "wholeness", false, WHOLENESS, "of the run's records" }, \
	{ "wholeness_text", false, TEXT, "what is missing" }, \
	{ "validity", false, VALIDITY, "of the run's figures" }, \
	{ "validity_reasons", false, "{'type':'array','items':{'type':'string'}}", "what speaks against them" }, \
	BALANCE, \
	SPEED, \
	{ "from_intervals", false, FLAG, "whether the figures are of intervals; else of samples" }, \
	{ "samples_seen", false, COUNT, "sample records read" }, \
	{ "response", false, LATENCY, "response times" }, \
	{ "service", false, LATENCY, "service times" }, \
	PHASES, \
	{ "generator", false, "{'$ref':'#/definitions/generator'}", "how the generator fared" }, \
	{ "series", false, "{'type':'array','items':{'$ref':'#/definitions/series'}}", "one by one" }

static const struct ldi_schema_key run_keys[] = { RUN, FAILURE_LIST, END };

static const struct ldi_schema_key whole_run_keys[] = {
	RUN,
	FAILURE_LIST,
	{ "slot_ms", false, MS, "width of a slot of the time line" },
	{ "slots", false, "{'type':'array','items':{'$ref':'#/definitions/slot'}}", "the time line" },
	{ "events", false, "{'type':'array','items':{'type':'object'}}", "event records, as they came" },
	END,
};

static const struct ldi_schema_key slot_keys[] = {
	{ "at_ms", false, MS, "when it begins, after T0" },
	{ "started", false, COUNT, "exchanges that started in it" },
	{ "successes", false, COUNT, "that succeeded in it" },
	{ "failures", false, COUNT, "that failed in it" },
	{ "aborted", false, COUNT, "that were cut off in it" },
	{ "users", false, COUNT, "most users at once" },
	{ "bytes_out", false, COUNT, "sent, on the wire" },
	{ "bytes_in", false, COUNT, "received, on the wire" },
	{ "response", false, LATENCY, "response times of what ended in it" },
	END,
};

static const struct ldi_schema_key report_keys[] = {
	{ "stream", true, TEXT, "why the figures are not those of a whole run; there only when they are not" },
	{ "schema", false, "{'const':'ld.report/1'}", "format and version" },
	{ "wholeness", false, WHOLENESS, "the worst of the runs" },
	{ "validity", false, VALIDITY, "the worst of the runs" },
	{ "gates_failed", false, FLAG, "whether a verdict is fail" },
	{ "error_bound", false, RATE, "of quantiles, relative" },
	{ "definitions", false, "{'type':'object','additionalProperties':{'type':'string'}}", "what the words mean" },
	{ "runs", false, "{'type':'array','items':{'$ref':'#/definitions/run'}}", "one by one" },
	END,
};
/* clang-format on */

struct object {
	const char *name;
	const struct ldi_schema_key *keys;
};

static const struct object summary_objects[] = {
	{ "totals", totals_keys },
	{ "latency_overall", overall_keys },
	{ "latency", latency_keys },
	{ "named", named_keys },
	{ "run", run_keys },
	{ "series", series_keys },
	{ "failure", failure_keys },
	{ "generator", generator_keys },
	{ NULL, NULL },
};

static const struct object report_objects[] = {
	{ "latency", latency_keys },
	{ "run", whole_run_keys },
	{ "series", whole_series_keys },
	{ "slot", slot_keys },
	{ "failure", failure_keys },
	{ "generator", generator_keys },
	{ NULL, NULL },
};

static const struct ldi_schema_head summary_head = {
	"ld.summary-1",
	"A summary, ld.summary/1",
	"What ld-report summary writes. Keys in _ms are milliseconds, in _s "
	"seconds, in _per_s per second, in _bytes bytes. Latencies without a "
	"prefix are response times.",
};

static const struct ldi_schema_head report_head = {
	"ld.report-1",
	"A report, ld.report/1",
	"What ld-report json writes. Keys in _ms are milliseconds, in _s "
	"seconds, in _per_s per second, in _bytes bytes.",
};

static void
put_schema(struct ld_json_out *out, const struct ldi_schema_head *head,
    const struct ldi_schema_key *document, const struct object *objects)
{
	ldi_schema_head(out, head);
	ldi_schema_object(out, document);
	ld_json_out_key(out, "definitions");
	ld_json_out_object(out);
	for (; objects->name != NULL; objects++) {
		ld_json_out_key(out, objects->name);
		ld_json_out_object(out);
		ldi_schema_object(out, objects->keys);
		ld_json_out_end(out);
	}
	ldi_schema_ledger(out);
	ldi_schema_member(out, "ms",
	    "{'description':'milliseconds','type':'number','minimum':0}");
	ldi_schema_member(out, "whole",
	    "{'description':'a whole number','type':'integer','minimum':0}");
	ld_json_out_end(out);
}

void
ldi_schema_summary(struct ld_json_out *out)
{
	put_schema(out, &summary_head, document_keys, summary_objects);
}

void
ldi_schema_report(struct ld_json_out *out)
{
	put_schema(out, &report_head, report_keys, report_objects);
}
