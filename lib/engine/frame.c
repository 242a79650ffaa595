/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <ld/buf.h>
#include <ld/json.h>
#include <ld/time.h>

#include "base/redact.h"
#include "data/ledger.h"
#include "engine/frame.h"
#include "engine/limits.h"
#include "engine/process.h"
#include "engine/validity.h"

#define LINE_MAX_BYTES ((size_t)1 << 20)

/* -- begin ---------------------------------------------------------------- */

static void
add_number(struct ld_json_out *o, const char *key, double value)
{
	ld_json_out_key(o, key);
	ld_json_out_double(o, value);
}

static void
add_users(struct ld_json_out *o, const struct ld_config *config)
{
	ld_json_out_put_u64(o, "user_count", config->user_count);
	add_number(o, "spawn_rate", config->spawn_rate);
	ld_json_out_key(o, "wait_ns");
	ld_json_out_array(o);
	ld_json_out_u64(o, config->wait.min_ns);
	ld_json_out_u64(o, config->wait.max_ns);
	ld_json_out_end(o);
}

static void
add_stages(struct ld_json_out *o, const struct ld_arrivals *arrivals)
{
	ld_json_out_key(o, "stages");
	ld_json_out_array(o);
	for (size_t i = 0; i < arrivals->n_stages; i++) {
		ld_json_out_object(o);
		ld_json_out_put_u64(
		    o, "duration_ns", arrivals->stages[i].duration_ns);
		add_number(o, "rate", arrivals->stages[i].rate);
		ld_json_out_end(o);
	}
	ld_json_out_end(o);
}

static void
add_arrivals(struct ld_json_out *o, const struct ld_arrivals *arrivals)
{
	ld_json_out_key(o, "arrival");
	ld_json_out_object(o);
	if (arrivals->list != NULL) {
		ld_json_out_put_u64(o, "records", arrivals->n_list);
	} else {
		add_number(o, "rate", arrivals->rate);
		ld_json_out_put_string(
		    o, "distribution", arrivals->poisson ? "poisson" : "fixed");
		add_stages(o, arrivals);
	}
	ld_json_out_put_u64(o, "limit", arrivals->limit);
	ld_json_out_put_string(o, "session", arrivals->keep ? "keep" : "fresh");
	ld_json_out_end(o);
}

static void
add_config(struct ld_json_out *o, const struct ld_config *config)
{
	ld_json_out_key(o, "config");
	ld_json_out_object(o);
	ld_json_out_put_string(o, "user", config->user);
	if (config->arrivals.given)
		add_arrivals(o, &config->arrivals);
	else
		add_users(o, config);
	ld_json_out_key(o, "test_time_ns");
	if (config->test_time_ns == UINT64_MAX)
		ld_json_out_null(o);
	else
		ld_json_out_u64(o, config->test_time_ns);
	ld_json_out_key(o, "passes");
	if (config->passes == 0)
		ld_json_out_null(o);
	else
		ld_json_out_u64(o, config->passes);
	ld_json_out_put_u64(o, "timeout_ns", config->timeout_ns);
	ld_json_out_put_u64(o, "grace_ns", config->grace_ns);
	ld_json_out_end(o);
}

static void
add_samples(struct ld_json_out *o, const struct ld_run_options *options)
{
	char rate[32];

	switch (options->samples) {
	case LD_SAMPLES_ALL:
		ld_json_out_put_string(o, "samples", "all");
		break;
	case LD_SAMPLES_FAILURES:
		ld_json_out_put_string(o, "samples", "failures");
		break;
	case LD_SAMPLES_NONE:
		ld_json_out_put_string(o, "samples", "none");
		break;
	case LD_SAMPLES_RATE:
	default:
		snprintf(rate, sizeof(rate), "%.6g", options->sample_rate);
		ld_json_out_put_string(o, "samples", rate);
		break;
	}
}

/* null: never. */
static void
add_threshold(struct ld_json_out *o, double value)
{
	if (isinf(value))
		ld_json_out_null(o);
	else
		ld_json_out_double(o, value);
}

static void
add_thresholds(struct ld_json_out *o, const struct ld_thresholds *thresholds)
{
	ld_json_out_key(o, "thresholds");
	ld_json_out_object(o);
	for (size_t i = 0; i < LD_RULE_N; i++) {
		ld_json_out_key(o, ld_rules()[i].name);
		ld_json_out_array(o);
		add_threshold(o, thresholds->of[i].degraded);
		add_threshold(o, thresholds->of[i].invalid);
		ld_json_out_end(o);
	}
	ld_json_out_end(o);
}

static void
write_begin(
    const struct ldi_run *run, const char *wall, bool twin, struct ld_buf *out)
{
	const struct ld_run_options *options = run->options;
	struct ldi_limits limits;
	struct ld_json_out o;

	ld_json_out_init(&o, out, 0);
	ld_json_out_object(&o);
	ld_json_out_put_string(&o, "type", "begin");
	ld_json_out_put_string(&o, "schema", LD_RESULT_SCHEMA);
	ld_json_out_put_string(&o, "run", run->run_id);
	ld_json_out_put_u64(&o, "run_index", options->run_index);
	ld_json_out_put_u64(&o, "run_count", options->run_count);
	ld_json_out_put_string(&o, "time", wall);
	ld_json_out_put_big(&o, "seed", run->program->config->seed);
	ld_json_out_put_string(&o, "plan_hash",
	    options->plan_hash != NULL ? options->plan_hash : "");
	ld_json_out_put_string(&o, "tool", PACKAGE_NAME " " PACKAGE_VERSION);
	ld_json_out_key(&o, "host");
	ldi_process_host(&o, run->threads);
	ldi_limits_read(&limits);
	ld_json_out_key(&o, "limits");
	ldi_limits_write(&limits, &o);
	add_thresholds(&o, &run->program->config->thresholds);
	ld_json_out_key(&o, "shard");
	ld_json_out_object(&o);
	ld_json_out_put_u64(&o, "index", 0);
	ld_json_out_put_u64(&o, "count", 1);
	ld_json_out_end(&o);
	if (twin)
		ld_json_out_put_string(&o, "samples", "none");
	else
		add_samples(&o, options);
	add_config(&o, run->program->config);
	ld_json_out_put_string(&o, "target",
	    run->program->target != NULL ? run->program->target : "");
	ld_json_out_key(&o, "tls_verify");
	ld_json_out_bool(&o, !run->program->tls_unverified);
	if (ldi_redactor_shows(run->program->redactor)) {
		ld_json_out_key(&o, "secrets_shown");
		ld_json_out_bool(&o, true);
	}
	ld_json_out_end(&o);
	ld_buf_addc(out, '\n');
}

enum ld_status
ldi_frame_begin(struct ldi_run *run, struct ld_err *err)
{
	const struct ld_config *config = run->program->config;
	char wall[LD_WALL_SIZE];
	struct ld_buf begin, twin;
	enum ld_status st = LD_OK;

	ld_buf_init(&begin, LINE_MAX_BYTES);
	ld_buf_init(&twin, LINE_MAX_BYTES);
	ld_wall_clock(wall);
	run->t0_ns = ld_now_ns();
	run->end_ns = ldi_plus(run->t0_ns, config->test_time_ns);
	write_begin(run, wall, false, &begin);
	write_begin(run, wall, true, &twin);
	if (ld_buf_str(&begin) == NULL || ld_buf_str(&twin) == NULL)
		st = ld_err_set(err, LD_NOMEM, "the begin record");
	else
		st = ldi_writer_attach(
		    run->writer, &run->stream, begin.data, twin.data, err);
	ld_buf_clear(&begin);
	ld_buf_clear(&twin);
	return st;
}

/* -- events --------------------------------------------------------------- */

/* `line` is initialised here. */
static void
event_begin(const struct ldi_run *run, struct ld_json_out *o,
    struct ld_buf *line, const char *name)
{
	ld_buf_init(line, LINE_MAX_BYTES);
	ld_json_out_init(o, line, 0);
	ld_json_out_object(o);
	ld_json_out_put_string(o, "type", "event");
	ld_json_out_put_string(o, "run", run->run_id);
	ld_json_out_put_u64(o, "time_ns", ld_now_ns() - run->t0_ns);
	ld_json_out_put_string(o, "event", name);
}

static void
event_end(struct ldi_run *run, struct ld_json_out *o, struct ld_buf *line)
{
	ld_json_out_end(o);
	ld_buf_addc(line, '\n');
	if (!line->failed && ldi_writer_control(run->writer, line->data,
				 line->len, NULL, 0) == LD_OK)
		run->events++;
	ld_buf_clear(line);
}

void
ldi_frame_event(
    struct ldi_run *run, const char *name, const char *key, uint64_t value)
{
	struct ld_json_out o;
	struct ld_buf line;

	event_begin(run, &o, &line, name);
	if (key != NULL)
		ld_json_out_put_u64(&o, key, value);
	event_end(run, &o, &line);
}

void
ldi_frame_exhausted(struct ldi_run *run, const char *source, uint64_t rows)
{
	struct ld_json_out o;
	struct ld_buf line;

	event_begin(run, &o, &line, "csv_exhausted");
	ld_json_out_put_string(&o, "source", source);
	ld_json_out_put_u64(&o, "rows", rows);
	event_end(run, &o, &line);
}

/* -- end ------------------------------------------------------------------ */

static void
add_sum(struct ld_json_out *o, unsigned __int128 sum)
{
	char text[40], *at = text + sizeof(text) - 1;

	*at = '\0';
	do {
		*--at = (char)('0' + (int)(sum % 10));
		sum /= 10;
	} while (sum > 0);
	ld_json_out_put_string(o, "response_ns_sum", at);
}

static void
add_check(struct ld_json_out *o, const struct ldi_run *run, bool twin)
{
	const struct ldi_stream *s = &run->stream;

	ld_json_out_key(o, "check");
	ld_json_out_object(o);
	ld_json_out_put_u64(o, "samples", twin ? 0 : s->samples);
	ld_json_out_put_u64(o, "intervals", s->intervals);
	ld_json_out_put_u64(o, "health", s->healths);
	ld_json_out_put_u64(o, "events", run->events);
	ld_json_out_put_u64(o, "messages", twin ? 0 : s->messages);
	add_sum(o, twin ? 0 : s->response_sum_ns);
	ld_json_out_end(o);
}

static void
put_measure(struct ld_json_out *o, const char *key, double value)
{
	ld_json_out_key(o, key);
	if (value < 9007199254740992.0)
		ld_json_out_double(o, value);
	else
		ld_json_out_null(o);
}

/* In words for people, and in numbers for programs. */
static void
add_verdict(struct ld_json_out *o, const struct ldi_judgement *v)
{
	ld_json_out_key(o, "validity");
	ld_json_out_object(o);
	ld_json_out_put_string(o, "state", ld_validity_name(v->state));
	ld_json_out_key(o, "reasons");
	ld_json_out_array(o);
	for (size_t i = 0; i < v->n; i++)
		ld_json_out_string(o, v->reasons[i].text);
	ld_json_out_end(o);
	ld_json_out_key(o, "rules");
	ld_json_out_array(o);
	for (size_t i = 0; i < v->n; i++) {
		ld_json_out_object(o);
		ld_json_out_put_string(o, "rule",
		    v->reasons[i].rule < LD_RULE_N
			? ld_rules()[v->reasons[i].rule].name
			: "internal");
		ld_json_out_put_string(
		    o, "state", ld_validity_name(v->reasons[i].state));
		put_measure(o, "measured", v->reasons[i].measured);
		put_measure(o, "threshold", v->reasons[i].threshold);
		ld_json_out_end(o);
	}
	ld_json_out_end(o);
	ld_json_out_end(o);
}

static void
write_end(const struct ldi_run *run, const struct ld_run_result *result,
    const struct ldi_judgement *verdict, bool twin, struct ld_buf *out)
{
	struct ld_json_out o;
	struct ld_buf ledger;

	ld_buf_init(&ledger, LINE_MAX_BYTES);
	ld_ledger_write(&result->ledger, &ledger);
	ld_json_out_init(&o, out, 0);
	ld_json_out_object(&o);
	ld_json_out_put_string(&o, "type", "end");
	ld_json_out_put_string(&o, "run", run->run_id);
	ld_json_out_put_u64(&o, "time_ns", result->duration_ns);
	ld_json_out_put_string(&o, "reason", result->reason);
	ld_json_out_key(&o, "ledger");
	ld_json_out_raw(&o, ledger.data, ledger.len);
	add_verdict(&o, verdict);
	add_check(&o, run, twin);
	ld_json_out_end(&o);
	ld_buf_addc(out, '\n');
	ld_buf_clear(&ledger);
}

enum ld_status
ldi_frame_end(
    struct ldi_run *run, struct ld_run_result *result, struct ld_err *err)
{
	struct ldi_judgement verdict;
	struct ld_buf end, twin;
	enum ld_status st = LD_OK;

	ld_buf_init(&end, LINE_MAX_BYTES);
	ld_buf_init(&twin, LINE_MAX_BYTES);
	result->ledger = run->stream.ledger;
	for (int i = 0; i < LD_SHED_N; i++)
		result->ledger.shed[i] += run->stream.shed[i];
	ldi_validity_judge(&run->stream, &result->ledger, &run->clocks,
	    &run->program->config->thresholds, &verdict);
	result->validity = verdict.state;
	write_end(run, result, &verdict, false, &end);
	write_end(run, result, &verdict, true, &twin);
	if (end.failed || twin.failed ||
	    ldi_writer_control(
		run->writer, end.data, end.len, twin.data, twin.len) != LD_OK)
		st = ld_err_set(err, LD_NOMEM, "the end record");
	ld_buf_clear(&end);
	ld_buf_clear(&twin);
	return st;
}
