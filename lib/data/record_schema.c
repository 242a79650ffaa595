/* SPDX-License-Identifier: MIT */
/*
 * The schema of a result stream: one table per type of record.  What a record
 * is decoded from stands in record_decode.c, and a test compares the two; the
 * names in maps and enumerations come from ld/ledger.h.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <ld/ledger.h>
#include <ld/record.h>

#include "data/schema.h"

#define WHOLE "{'$ref':'#/definitions/whole'}"
#define NS "{'$ref':'#/definitions/ns'}"
#define BYTES "{'$ref':'#/definitions/bytes'}"
#define RUN "{'$ref':'#/definitions/run'}"
#define LEDGER "{'$ref':'#/definitions/ledger'}"
#define HISTOGRAM "{'$ref':'#/definitions/histogram'}"
#define SUM "{'$ref':'#/definitions/sum'}"
#define TEXT "{'type':'string'}"
#define RATE "{'type':'number','minimum':0}"
#define DIGITS "{'type':'string','pattern':'^[0-9]{1,20}$'}"
#define NS_OR_NULL "{'anyOf':[" NS ",{'type':'null'}]}"
#define WHOLE_OR_NULL "{'anyOf':[" WHOLE ",{'type':'null'}]}"

/* clang-format off */
#define TYPE(word) \
	{ "type", false, "{'const':'" word "'}", "what this record is" }, \
	{ "run", false, RUN, "id of the run; also of all its shards" }
#define SERIES \
	{ "user_type", false, TEXT, "of the series, such as fast_http_user" }, \
	{ "request_type", false, TEXT, "of the series, such as GET" }, \
	{ "name", false, TEXT, "of the series" }
#define BYTE_COUNTS \
	{ "bytes_out", false, BYTES, "sent, on the wire" }, \
	{ "bytes_in", false, BYTES, "received, on the wire, before any decoding" }
#define END { NULL, true, NULL, NULL }

#define LIMIT_NUMBER "{'anyOf':[{'type':'number','minimum':0},{'type':'null'}]}"

static const struct ldi_schema_key begin_keys[] = {
	TYPE("begin"),
	{ "schema", false, "{'const':'" LD_RESULT_SCHEMA "'}", "format and version" },
	{ "run_index", false, WHOLE, "this is run i of run_count" },
	{ "run_count", false, WHOLE, "runs of the document" },
	{ "time", false, "{'type':'string','pattern':'^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z$'}",
	  "T0 by the wall clock, RFC 3339 in UTC, microseconds" },
	{ "seed", false, DIGITS, "of every random draw" },
	{ "plan_hash", false, "{'type':'string','pattern':'^([0-9a-f]{64})?$'}", "SHA-256 of the plan as it was read; empty = there was no text" },
	{ "tool", false, TEXT, "name and version of the writer" },
	{ "host", false, "{'$ref':'#/definitions/host'}", "the generator" },
	{ "thresholds", false, "{'type':'object','additionalProperties':{'type':'array','items':" LIMIT_NUMBER ",'minItems':2,'maxItems':2}}",
	  "by rule, above what the run is degraded, and above what invalid; null = never" },
	{ "limits", false, "{'$ref':'#/definitions/limits'}", "what the generator has to send with" },
	{ "shard", false, "{'$ref':'#/definitions/shard'}", "which part of the load this is" },
	{ "samples", false, "{'type':'string','pattern':'^(all|failures|none|[0-9.e-]+)$'}",
	  "which samples are recorded: all, failures, none, or a share" },
	{ "config", false, "{'$ref':'#/definitions/config'}", "of the run, options of the command line included" },
	{ "target", false, TEXT, "where the load goes, for people" },
	{ "tls_verify", false, "{'type':'boolean'}", "false when some task accepts any certificate" },
	{ "secrets_shown", true, "{'const':true}", "there only when nothing was kept out of the records" },
	END,
};

static const struct ldi_schema_key host_keys[] = {
	{ "name", true, TEXT, "host name" },
	{ "kernel", true, TEXT, "release of the kernel" },
	{ "machine", true, TEXT, "such as x86_64" },
	{ "cpus", false, WHOLE, "processors that the generator may use" },
	{ "threads", false, WHOLE, "threads that send" },
	END,
};

#define LIMIT "{'anyOf':[{'type':'integer','minimum':0},{'type':'null'}]}"

static const struct ldi_schema_key limits_keys[] = {
	{ "descriptors", false, LIMIT, "the hard limit of file descriptors; null = none" },
	{ "ports", false, LIMIT, "source ports for connections to one server address, of each source address" },
	{ "memory_bytes", false, LIMIT, "memory that could be had when the run began; null = not known" },
	{ "cores", false, LIMIT, "cores that this process may use" },
	END,
};

static const struct ldi_schema_key shard_keys[] = {
	{ "index", false, WHOLE, "from 0" },
	{ "count", false, WHOLE, "shards of the run" },
	END,
};

static const struct ldi_schema_key config_keys[] = {
	{ "user", false, TEXT, "user type" },
	{ "user_count", true, WHOLE, "simulated users (closed model)" },
	{ "spawn_rate", true, "{'type':'number','exclusiveMinimum':0}", "users started per second (closed model)" },
	{ "test_time_ns", false, NS_OR_NULL, "nothing new is started after this; null = no such bound" },
	{ "passes", false, WHOLE_OR_NULL, "of each user, or arrivals; null = no such bound" },
	{ "arrival", true, "{'$ref':'#/definitions/arrival'}", "of passes (open model)" },
	{ "wait_ns", true, "{'type':'array','items':" NS ",'minItems':2,'maxItems':2}", "pause between passes: least, most (closed model)" },
	{ "timeout_ns", false, NS, "of an exchange" },
	{ "grace_ns", false, NS, "for exchanges in flight at the end" },
	END,
};

static const struct ldi_schema_key arrival_keys[] = {
	{ "rate", true, RATE, "arrivals per second when the run begins" },
	{ "distribution", true, "{'enum':['fixed','poisson']}", "evenly spaced, or with random gaps" },
	{ "stages", true, "{'type':'array','items':{'$ref':'#/definitions/stage'}}", "how the rate goes on" },
	{ "records", true, WHOLE, "arrivals that the plan brought along" },
	{ "limit", false, WHOLE, "sessions at most" },
	{ "session", false, "{'enum':['fresh','keep']}", "whether each arrival is a new visitor" },
	END,
};

static const struct ldi_schema_key stage_keys[] = {
	{ "duration_ns", false, NS, "how long the change takes" },
	{ "rate", false, RATE, "arrivals per second at its end" },
	END,
};

static const struct ldi_schema_key sample_keys[] = {
	TYPE("sample"),
	SERIES,
	{ "task", false, WHOLE, "index of the task in the plan, from 0" },
	{ "user", true, WHOLE, "the user whose pass this is (closed model)" },
	{ "arrival", true, WHOLE, "the arrival whose pass this is (open model)" },
	{ "pass", false, WHOLE, "number of the pass, from 0" },
	{ "intended_ns", false, NS, "when it was due" },
	{ "start_ns", false, NS, "when it began" },
	{ "response_ns", false, NS, "from due to answered: start_ns - intended_ns + service_ns" },
	{ "service_ns", false, NS, "from begin to answered: the sum of the phases" },
#define PHASE(id, name) { name "_ns", true, NS, "phase " name "; left out when 0" },
	LD_PHASE_MAP(PHASE)
#undef PHASE
	{ "status", true, "{'type':'integer','minimum':0,'maximum':2147483647}", "of the answer; left out when there was none" },
	BYTE_COUNTS,
	{ "outcome", false, "{'$ref':'#/definitions/outcome'}", "aborted = cut off by the end of the run: in no rate and no quantile" },
	{ "class", true, "{'$ref':'#/definitions/class'}", "of a failure, and only there" },
	{ "text", true, TEXT, "of a failure: why" },
	{ "hops", true, WHOLE, "redirects that were followed; left out when 0" },
	{ "attempts", true, WHOLE, "left out when 1" },
	{ "wire", true, WHOLE, "requests wholly handed to the kernel; left out when 1" },
	END,
};

static const struct ldi_schema_key interval_keys[] = {
	TYPE("interval"),
	{ "second", false, WHOLE, "it covers [second, second + 1) after T0" },
	SERIES,
	{ "ledger", false, LEDGER, "of this second" },
	{ "users", false, WHOLE, "of the user type, at the end of the second; in the open model the most sessions that were busy at once" },
	BYTE_COUNTS,
#define PHASE(id, name) { name "_ns_sum", true, NS, "phase " name " of what is in service, together; left out when 0" },
	LD_PHASE_MAP(PHASE)
#undef PHASE
	{ "response", false, HISTOGRAM, "response times of successes and failures that ended in this second" },
	{ "service", false, HISTOGRAM, "their service times" },
	{ "failures", false, "{'type':'array','items':{'$ref':'#/definitions/failures'}}", "grouped by class and text" },
	END,
};

static const struct ldi_schema_key failure_keys[] = {
	{ "class", false, "{'$ref':'#/definitions/class'}", "failure class" },
	{ "text", false, TEXT, "why" },
	{ "count", false, WHOLE, "failures of this class and text" },
	{ "first_ns", false, NS, "when the first of them ended" },
	{ "last_ns", false, NS, "when the last of them ended" },
	END,
};

static const struct ldi_schema_key health_keys[] = {
	TYPE("interval"),
	{ "second", false, WHOLE, "it covers [second, second + 1) after T0" },
	{ "ledger", false, LEDGER, "of this second, over all series" },
	{ "users", false, WHOLE, "of all user types, at the end of the second" },
	{ "late", false, WHOLE, "starts more than 10 ms behind their time" },
	{ "arrivals", true, WHOLE, "arrivals that began a pass (open model only)" },
	{ "lag", false, HISTOGRAM, "start_ns - intended_ns of every start" },
	{ "cpu_ns", false, "{'type':'array','items':" NS "}", "CPU time of each sending thread in this second" },
	{ "descriptors", false, WHOLE, "open ones" },
	{ "rss_bytes", false, BYTES, "resident memory" },
	END,
};

static const struct ldi_schema_key message_keys[] = {
	TYPE("message"),
	{ "user_type", false, TEXT, "of the user it was pushed to" },
	{ "name", false, TEXT, "topic or name of the event; empty = it has none" },
	{ "user", false, WHOLE, "number of that user" },
	{ "time_ns", false, NS, "when it came" },
	{ "bytes_in", false, BYTES, "of its data, which is not recorded" },
	END,
};

static const struct ldi_schema_key event_keys[] = {
	TYPE("event"),
	{ "time_ns", false, NS, "when it was noticed" },
	{ "event", false, "{'type':'string','pattern':'^[a-z_]+$'}", "what happened: ramp_done, csv_exhausted, saturated, signal, reader, ..." },
	{ "users", true, WHOLE, "with ramp_done: users that are there" },
	{ "source", true, TEXT, "with csv_exhausted: name of the CSV source" },
	{ "rows", true, WHOLE, "with csv_exhausted: rows that it has" },
	{ "sessions", true, WHOLE, "with saturated: sessions, all of them busy" },
	{ "suspended_ns", true, WHOLE, "with suspended: for how long" },
	{ "step_ns", true, WHOLE, "with clock_step: how far the wall clock was set, either way" },
	{ "stalled_ns", true, WHOLE, "with stalled: for how long this process did not run" },
	END,
};

static const struct ldi_schema_key action_keys[] = {
	{ "type", false, "{'const':'action'}", "what this record is" },
	{ "run", true, RUN, "left out: an action belongs to no run" },
	{ "index", false, WHOLE, "of the action in its document, from 0" },
	{ "command", false, TEXT, "such as LD_start_test" },
	{ "status", false, "{'enum':['ok','failed']}", "how it went" },
	{ "value", true, "{}", "what it returned, when it went well" },
	{ "value_omitted", true, "{'const':true}", "the value was too long to be written, and is null here" },
	{ "error", true, TEXT, "why it failed" },
	END,
};

/* Nothing writes one yet: what ld-report reads of it. */
static const struct ldi_schema_key verdict_keys[] = {
	TYPE("verdict"),
	{ "outcome", false, "{'enum':['pass','fail','inconclusive','invalid']}", "may the release ship?" },
	END,
};

static const struct ldi_schema_key end_keys[] = {
	TYPE("end"),
	{ "time_ns", false, NS, "length of the run" },
	{ "reason", false, "{'type':'string','pattern':'^[a-z_]+$'}", "what ended it: time, passes, signal, reader, error, csv, schedule, ..." },
	{ "ledger", false, LEDGER, "of the whole run" },
	{ "validity", false, "{'$ref':'#/definitions/validity'}", "may the figures be trusted, as far as the generator can tell?" },
	{ "check", false, "{'$ref':'#/definitions/check'}", "what was written before this record" },
	END,
};

#define RULES "{'type':'array','items':{'$ref':'#/definitions/rule'}}"

static const struct ldi_schema_key rule_keys[] = {
	{ "rule", false, "{'type':'string'}", "its name, or internal" },
	{ "state", false, "{'enum':['degraded','invalid']}", "what it makes of the run" },
	{ "measured", false, LIMIT_NUMBER, "in the unit of the rule" },
	{ "threshold", false, LIMIT_NUMBER, "that this is above" },
	END,
};

static const struct ldi_schema_key validity_keys[] = {
	{ "state", false, "{'enum':['valid','degraded','invalid']}", "invalid = the generator was measured, not the server" },
	{ "reasons", false, "{'type':'array','items':{'type':'string'}}", "what speaks against the figures" },
	{ "rules", true, RULES, "the reasons in numbers, in the same order" },
	END,
};

static const struct ldi_schema_key check_keys[] = {
	{ "samples", false, WHOLE, "sample records written" },
	{ "intervals", false, WHOLE, "interval records of a series written" },
	{ "health", false, WHOLE, "interval records without a series written" },
	{ "events", false, WHOLE, "event records written" },
	{ "messages", false, WHOLE, "message records written" },
	{ "response_ns_sum", false, SUM, "of response_ns over the samples written" },
	END,
};

static const struct ldi_schema_key histogram_keys[] = {
	{ "scale", false, "{'const':8}", "256 buckets an octave" },
	{ "count", false, WHOLE, "durations, exactly" },
	{ "min_ns", false, NS, "least duration, exactly" },
	{ "max_ns", false, NS, "largest duration, exactly" },
	{ "sum_ns", false, SUM, "of the durations, exactly" },
	{ "zero", false, WHOLE, "durations of 0" },
	{ "b", false, "{'type':'array','items':{'type':'integer'}}", "gap, count, gap, count, ...: the first gap is the index of the first bucket" },
	END,
};
/* clang-format on */

/* -- the ledger, by its own names ----------------------------------------- */

typedef const char *name_fn(int i);

static const char *
not_started_at(int i)
{
	return i < LD_NOT_STARTED_N
		   ? ld_not_started_name((enum ld_not_started)i)
		   : NULL;
}

/* Class 0 is none. */
static const char *
class_at(int i)
{
	return i + 1 < LD_CLASS_N ? ld_class_name((enum ld_class)(i + 1))
				  : NULL;
}

static const char *
shed_at(int i)
{
	return i < LD_SHED_N ? ld_shed_name((enum ld_shed)i) : NULL;
}

static const char *
outcome_at(int i)
{
	return i < LD_OUTCOME_N ? ld_outcome_name((enum ld_outcome_kind)i)
				: NULL;
}

static void
put_enum(
    struct ld_json_out *out, const char *key, const char *help, name_fn *at)
{
	const char *name;
	unsigned indent;

	ld_json_out_key(out, key);
	indent = ldi_schema_line(out);
	ld_json_out_object(out);
	ld_json_out_key(out, "description");
	ld_json_out_string(out, help);
	ld_json_out_key(out, "enum");
	ld_json_out_array(out);
	for (int i = 0; (name = at(i)) != NULL; i++)
		ld_json_out_string(out, name);
	ld_json_out_end(out);
	ldi_schema_line_end(out, indent);
}

/* A map of counts from which zeros are left out. */
static void
put_map(struct ld_json_out *out, const char *key, const char *help, name_fn *at)
{
	const char *name;

	ld_json_out_key(out, key);
	ld_json_out_object(out);
	ld_json_out_key(out, "description");
	ld_json_out_string(out, help);
	ldi_schema_member(out, "type", "'object'");
	ld_json_out_key(out, "properties");
	ld_json_out_object(out);
	for (int i = 0; (name = at(i)) != NULL; i++)
		ldi_schema_member(out, name, WHOLE);
	ld_json_out_end(out);
	ldi_schema_member(out, "additionalProperties", "false");
	ld_json_out_end(out);
}

void
ldi_schema_ledger(struct ld_json_out *out)
{
	static const char *const counts[] = { "planned", "started", "success",
		"aborted", "in_flight", "wire" };

	ld_json_out_key(out, "ledger");
	ld_json_out_object(out);
	ldi_schema_member(out, "description",
	    "'What became of every exchange that came due: planned = "
	    "not_started + started; started = success + failure + aborted + "
	    "in_flight.'");
	ldi_schema_member(out, "type", "'object'");
	ldi_schema_member(out, "required",
	    "['planned','not_started','started','success','failure','aborted',"
	    "'in_flight','wire','shed']");
	ld_json_out_key(out, "properties");
	ld_json_out_object(out);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		ldi_schema_member(out, counts[i], WHOLE);
	put_map(out, "not_started", "by reason", not_started_at);
	put_map(out, "failure", "by class", class_at);
	put_map(
	    out, "shed", "samples that were not written, by reason", shed_at);
	ld_json_out_end(out);
	ldi_schema_member(out, "additionalProperties", "false");
	ld_json_out_end(out);
}

/* -- the whole ------------------------------------------------------------ */

static const struct ldi_schema_head head = {
	"ld.result-1",
	"A record of a result stream, " LD_RESULT_SCHEMA,
	"One line of what ld-run writes. Times are whole nanoseconds after the "
	"run's T0 in keys that end in _ns, durations too; byte counts are of "
	"the wire; what may be larger than 2^53 is a string of digits. Readers "
	"pass over types and keys that they do not know; this schema lists "
	"those that version 1 writes.",
};

static const struct {
	const char *name;
	const struct ldi_schema_key *keys;
	const char *more; /* beyond the keys, or NULL */
} objects[] = {
	{ "begin", begin_keys, NULL },
	{ "sample", sample_keys,
	    "[{'oneOf':[{'required':['user']},{'required':['arrival']}]},"
	    "{'if':{'properties':{'outcome':{'const':'failure'}}},"
	    "'then':{'required':['class','text']},"
	    "'else':{'not':{'anyOf':[{'required':['class']},{'required':"
	    "['text']}]}}}]" },
	{ "interval", interval_keys, NULL },
	{ "health", health_keys, NULL },
	{ "message", message_keys, NULL },
	{ "event", event_keys, NULL },
	{ "action", action_keys,
	    "[{'if':{'properties':{'status':{'const':'ok'}}},"
	    "'then':{'required':['value']},'else':{'required':['error']}}]" },
	{ "verdict", verdict_keys, NULL },
	{ "end", end_keys, NULL },
	{ "host", host_keys, NULL },
	{ "limits", limits_keys, NULL },
	{ "shard", shard_keys, NULL },
	{ "config", config_keys,
	    "[{'if':{'required':['arrival']},'then':{'not':{'anyOf':["
	    "{'required':['user_count']},{'required':['spawn_rate']},"
	    "{'required':['wait_ns']}]}},'else':{'required':["
	    "'user_count','spawn_rate','wait_ns']}}]" },
	{ "arrival", arrival_keys,
	    "[{'if':{'required':['records']},'then':{'not':{'anyOf':["
	    "{'required':['rate']},{'required':['distribution']},"
	    "{'required':['stages']}]}},'else':{'required':["
	    "'rate','distribution','stages']}}]" },
	{ "stage", stage_keys, NULL },
	{ "failures", failure_keys, NULL },
	{ "validity", validity_keys, NULL },
	{ "rule", rule_keys, NULL },
	{ "check", check_keys, NULL },
	{ "histogram", histogram_keys, NULL },
};

static const char *const records[] = { "begin", "sample", "interval", "message",
	"event", "action", "verdict", "end", NULL };

/* Which definition holds for a type.  An interval without a name is the
 * generator's own second. */
static void
put_choice(struct ld_json_out *out)
{
	char text[256];

	ldi_schema_member(out, "type", "'object'");
	ldi_schema_member(out, "required", "['type']");
	ld_json_out_key(out, "properties");
	ld_json_out_object(out);
	ld_json_out_key(out, "type");
	ld_json_out_object(out);
	ld_json_out_key(out, "enum");
	ldi_schema_list(out, records);
	ld_json_out_end(out);
	ld_json_out_end(out);
	ld_json_out_key(out, "allOf");
	ld_json_out_array(out);
	for (size_t i = 0; records[i] != NULL; i++) {
		if (strcmp(records[i], "interval") == 0)
			continue;
		snprintf(text, sizeof(text),
		    "{'if':{'properties':{'type':{'const':'%s'}}},"
		    "'then':{'$ref':'#/definitions/%s'}}",
		    records[i], records[i]);
		ldi_schema_put(out, text);
	}
	ldi_schema_put(out,
	    "{'if':{'properties':{'type':{'const':'interval'}}},"
	    "'then':{'if':{'required':['name']},"
	    "'then':{'$ref':'#/definitions/interval'},"
	    "'else':{'$ref':'#/definitions/health'}}}");
	ld_json_out_end(out);
}

static void
put_scalars(struct ld_json_out *out)
{
	ldi_schema_member(out, "whole",
	    "{'description':'a whole number that a double holds exactly',"
	    "'type':'integer','minimum':0,'maximum':9007199254740991}");
	ldi_schema_member(out, "ns",
	    "{'description':'whole nanoseconds',"
	    "'type':'integer','minimum':0,'maximum':9007199254740991}");
	ldi_schema_member(out, "bytes",
	    "{'description':'a number of bytes',"
	    "'type':'integer','minimum':0,'maximum':9007199254740991}");
	ldi_schema_member(out, "sum",
	    "{'description':'a decimal number of up to 128 bits',"
	    "'type':'string','pattern':'^[0-9]{1,39}$'}");
	ldi_schema_member(out, "run",
	    "{'description':'id of a run','type':'string','minLength':1}");
	put_enum(out, "class", "why an exchange failed", class_at);
	put_enum(out, "outcome", "how an exchange ended", outcome_at);
}

void
ldi_schema_result(struct ld_json_out *out)
{
	ldi_schema_head(out, &head);
	put_choice(out);
	ld_json_out_key(out, "definitions");
	ld_json_out_object(out);
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		ld_json_out_key(out, objects[i].name);
		ld_json_out_object(out);
		ldi_schema_object(out, objects[i].keys);
		if (objects[i].more != NULL)
			ldi_schema_member(out, "allOf", objects[i].more);
		ld_json_out_end(out);
	}
	ldi_schema_ledger(out);
	put_scalars(out);
	ld_json_out_end(out);
}
