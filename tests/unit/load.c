/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "load.h"

void
load_init(struct load *load)
{
	char path[] = "/tmp/ld-test.XXXXXX";

	memset(load, 0, sizeof(*load));
	load->options.run.threads = 1;
	load->spill_max_bytes = (uint64_t)1 << 30;
	load->fd = mkstemp(path);
	assert_true(load->fd >= 0);
	unlink(path);
}

void
load_clear(struct load *load)
{
	close(load->fd);
}

static enum ld_status
execute(struct load *load, struct ld_doc *doc)
{
	struct ld_writer_options how = { .fd = load->fd,
		.spill_max_bytes = load->spill_max_bytes };
	struct ld_exec *exec;
	struct ld_writer *writer;
	enum ld_status st = ld_exec_new(doc, &load->options, &exec, &load->err);

	if (st != LD_OK)
		return st;
	how.spool = ld_exec_reads_records(exec);
	st = ld_writer_new(&how, &writer, &load->err);
	assert_int_equal(st, LD_OK);
	st = ld_exec_run(exec, writer, &load->outcome, &load->err);
	ld_writer_free(writer);
	ld_exec_free(exec);
	return st;
}

void
load_run(struct load *load, const char *plan)
{
	struct ld_doc *doc = ld_doc_new();

	assert_non_null(doc);
	load->status =
	    ld_doc_add_text(doc, "test", plan, strlen(plan), &load->err);
	if (load->status == LD_OK)
		load->status = execute(load, doc);
	ld_doc_free(doc);
}

static void
take_sample(struct load *load, const struct ld_sample *s)
{
	uint64_t phases = 0, mix;

	for (int i = 0; i < LD_PHASE_N; i++)
		phases += s->phase_ns[i];
	assert_true(phases == s->service_ns);
	assert_true(
	    s->response_ns == s->start_ns - s->intended_ns + s->service_ns);
	load->samples++;
	load->arrivals += s->open_model;
	load->successes += s->outcome == LD_SUCCESS;
	load->failures += s->outcome == LD_FAILURE;
	load->aborted += s->outcome == LD_ABORTED;
	load->wire += s->wire;
	load->response_sum_ns += s->response_ns;
	/* Sums commute; the multiplications make coincidences unlikely. */
	mix = s->key * UINT64_C(0x9e3779b97f4a7c15) +
	      s->pass * UINT64_C(0xbf58476d1ce4e5b9) +
	      s->task * UINT64_C(0x94d049bb133111eb) + 1;
	mix ^= mix >> 29;
	load->fingerprint += mix * mix * mix;
}

static uint64_t
number_at(const struct ld_json *json, ld_json_ref object, const char *name)
{
	uint64_t value = UINT64_MAX;

	ld_json_u64(json, ld_json_get(json, object, name), &value);
	return value;
}

static void
copy_text(const struct ld_json *json, ld_json_ref ref, char *to, size_t size)
{
	const char *text;
	size_t len;

	assert_true(ld_json_plain(json, ref, &text, &len));
	assert_true(len < size);
	memcpy(to, text, len);
	to[len] = '\0';
}

static void
take_end(struct load *load, const struct ld_json *json)
{
	ld_json_ref check = ld_json_get(json, 0, "check");
	struct ld_ledger ledger;
	char sum[64];
	unsigned __int128 said = 0;

	load->ends++;
	assert_int_equal(
	    ld_ledger_read(&ledger, json, ld_json_get(json, 0, "ledger"), NULL),
	    LD_OK);
	assert_true(ld_ledger_balances(&ledger));
	assert_int_equal(ledger.in_flight, 0);
	assert_int_equal(number_at(json, check, "samples"), load->samples);
	assert_int_equal(number_at(json, check, "intervals"), load->intervals);
	assert_int_equal(number_at(json, check, "health"), load->healths);
	assert_int_equal(number_at(json, check, "events"), load->events);
	assert_int_equal(number_at(json, check, "messages"), load->messages);
	copy_text(json, ld_json_get(json, check, "response_ns_sum"), sum,
	    sizeof(sum));
	for (const char *c = sum; *c != '\0'; c++)
		said = said * 10 + (unsigned)(*c - '0');
	assert_true(said == load->response_sum_ns);
	copy_text(json, ld_json_get(json, 0, "reason"), load->reason,
	    sizeof(load->reason));
	copy_text(json,
	    ld_json_get(json, ld_json_get(json, 0, "validity"), "state"),
	    load->validity, sizeof(load->validity));
	assert_true(load->interval_ledger.planned == ledger.planned);
	for (int i = 0; i < LD_NOT_STARTED_N; i++)
		assert_true(load->interval_ledger.not_started[i] ==
			    ledger.not_started[i]);
	assert_true(load->interval_ledger.started == ledger.started);
	assert_true(load->interval_ledger.success == ledger.success);
	assert_true(load->interval_ledger.aborted == ledger.aborted);
	assert_true(load->interval_ledger.wire == ledger.wire);
	assert_true(ld_ledger_failures(&load->interval_ledger) ==
		    ld_ledger_failures(&ledger));
}

static void
take_interval(struct load *load, const struct ld_interval *interval)
{
	const struct ld_ledger *l = &interval->ledger;
	uint64_t ended = l->success + ld_ledger_failures(l);

	assert_true(ld_hist_count(interval->response) == ended);
	assert_true(ld_hist_count(interval->service) == ended);
	load->intervals++;
	ld_ledger_add(&load->interval_ledger, l);
}

static void
take(struct load *load, const struct ld_record *record)
{
	switch (record->type) {
	case LD_RECORD_SAMPLE:
		assert_int_equal(load->ends, 0);
		take_sample(load, &record->u.sample);
		break;
	case LD_RECORD_INTERVAL:
		take_interval(load, &record->u.interval);
		break;
	case LD_RECORD_HEALTH:
		load->healths++;
		break;
	case LD_RECORD_EVENT:
		load->events++;
		load->saturated += ld_json_is(record->json,
		    ld_json_get(record->json, 0, "event"), "saturated");
		break;
	case LD_RECORD_MESSAGE:
		load->messages++;
		break;
	case LD_RECORD_END:
		take_end(load, record->json);
		break;
	case LD_RECORD_BEGIN:
	case LD_RECORD_ACTION:
	case LD_RECORD_VERDICT:
	case LD_RECORD_OTHER:
	case LD_RECORD_TYPE_N:
	default:
		break;
	}
}

void
load_read(struct load *load)
{
	struct ld_record record;
	struct ld_reader *reader;
	bool more = true;

	assert_true(lseek(load->fd, 0, SEEK_SET) == 0);
	reader = ld_reader_new(load->fd, "test", NULL, NULL);
	assert_non_null(reader);
	while (more) {
		assert_int_equal(
		    ld_reader_next(reader, &record, &more, &load->err), LD_OK);
		if (more)
			take(load, &record);
	}
	assert_int_equal(ld_reader_bad_lines(reader), 0);
	assert_false(ld_reader_torn(reader));
	ld_reader_free(reader);
}

void
load_whole(struct load *load, const char *plan)
{
	load_run(load, plan);
	if (load->status != LD_OK)
		print_error("# %s:%u:%u: %s\n", load->err.file, load->err.line,
		    load->err.column, load->err.text);
	assert_int_equal(load->status, LD_OK);
	load_read(load);
	assert_int_equal(load->ends, load->outcome.runs);
}
