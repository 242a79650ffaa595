/* SPDX-License-Identifier: MIT */
/*
 * Which keys a record has, and what must be there.
 */
#include "config.h"

#include <stdlib.h>

#include <ld/limits.h>

#include "data/record_fields.h"

#define COUNT_OF(a) (sizeof(a) / sizeof(*(a)))

/* clang-format off */
#define S(kind, member, name) LDI_FIELD(kind, ld_sample, member, name)
static const struct ldi_field sample_fields[] = {
	S(LDI_STRING, run, "run"),
	S(LDI_STRING, series.user_type, "user_type"),
	S(LDI_STRING, series.request_type, "request_type"),
	S(LDI_STRING, series.name, "name"),
	S(LDI_NUMBER32, task, "task"),
	S(LDI_USER, key, "user"),
	S(LDI_ARRIVAL, key, "arrival"),
	S(LDI_NUMBER, pass, "pass"),
	S(LDI_NUMBER, intended_ns, "intended_ns"),
	S(LDI_NUMBER, start_ns, "start_ns"),
	S(LDI_NUMBER, response_ns, "response_ns"),
	S(LDI_NUMBER, service_ns, "service_ns"),
#define PHASE(id, name) S(LDI_NUMBER, phase_ns[LD_PHASE_##id], name "_ns"),
	LD_PHASE_MAP(PHASE)
#undef PHASE
	S(LDI_STATUS, status, "status"),
	S(LDI_NUMBER, bytes_out, "bytes_out"),
	S(LDI_NUMBER, bytes_in, "bytes_in"),
	S(LDI_OUTCOME, outcome, "outcome"),
	S(LDI_CLASS, cls, "class"),
	S(LDI_STRING, text, "text"),
	S(LDI_NUMBER32, hops, "hops"),
	S(LDI_NUMBER32, attempts, "attempts"),
	S(LDI_NUMBER32, wire, "wire"),
};
#define I(kind, member, name) LDI_FIELD(kind, ld_interval, member, name)
static const struct ldi_field interval_fields[] = {
	I(LDI_STRING, run, "run"),
	I(LDI_SECOND, second, "second"),
	I(LDI_STRING, series.user_type, "user_type"),
	I(LDI_STRING, series.request_type, "request_type"),
	I(LDI_STRING, series.name, "name"),
	I(LDI_LEDGER, ledger, "ledger"),
	I(LDI_NUMBER, users, "users"),
	I(LDI_NUMBER, bytes_out, "bytes_out"),
	I(LDI_NUMBER, bytes_in, "bytes_in"),
#define PHASE(id, name) I(LDI_NUMBER, phase_ns[LD_PHASE_##id], name "_ns_sum"),
	LD_PHASE_MAP(PHASE)
#undef PHASE
	I(LDI_HIST, response, "response"),
	I(LDI_HIST, service, "service"),
	I(LDI_FAILURES, failures, "failures"),
};
#define H(kind, member, name) LDI_FIELD(kind, ld_health, member, name)
static const struct ldi_field health_fields[] = {
	H(LDI_STRING, run, "run"),
	H(LDI_SECOND, second, "second"),
	H(LDI_LEDGER, ledger, "ledger"),
	H(LDI_NUMBER, users, "users"),
	H(LDI_NUMBER, late, "late"),
	H(LDI_NUMBER, arrivals, "arrivals"),
	H(LDI_HIST, lag, "lag"),
	H(LDI_CPU, cpu_ns, "cpu_ns"),
	H(LDI_NUMBER, descriptors, "descriptors"),
	H(LDI_NUMBER, rss_bytes, "rss_bytes"),
};
/* clang-format on */

const char *
ldi_record_fields(
    unsigned i, const struct ldi_field **fields_out, unsigned *n_out)
{
	static const struct {
		const char *name;
		const struct ldi_field *fields;
		unsigned n;
	} tables[] = {
		{ "sample", sample_fields, COUNT_OF(sample_fields) },
		{ "interval", interval_fields, COUNT_OF(interval_fields) },
		{ "health", health_fields, COUNT_OF(health_fields) },
	};

	if (i >= COUNT_OF(tables))
		return NULL;
	*fields_out = tables[i].fields;
	*n_out = tables[i].n;
	return tables[i].name;
}

static enum ld_status
decode_sample(
    struct ldi_decoder *decoder, struct ld_record *record, struct ld_err *err)
{
	static const char *const needed[] = { "intended_ns", "start_ns",
		"response_ns", "service_ns", "outcome" };
	struct ld_sample *sample = &record->u.sample;
	struct ldi_object object = { .decoder = decoder,
		.json = record->json,
		.fields = sample_fields,
		.n = COUNT_OF(sample_fields),
		.base = (char *)sample };
	enum ld_status st;

	*sample = (struct ld_sample){ .status = -1,
		.attempts = 1,
		.wire = 1,
		.cls = LD_CLASS_INTERNAL,
		.run = { "", 0 },
		.series = { { "", 0 }, { "", 0 }, { "", 0 } },
		.text = { "", 0 } };
	st = ldi_object_decode(&object, LD_JSON_ROOT, err);
	if (st == LD_OK)
		st = ldi_object_require(&object, needed, COUNT_OF(needed), err);
	if (sample->outcome != LD_FAILURE)
		sample->cls = LD_CLASS_NONE;
	record->run = sample->run;
	return st;
}

static enum ld_status
decode_interval(
    struct ldi_decoder *decoder, struct ld_record *record, struct ld_err *err)
{
	static const char *const needed[] = { "second", "ledger" };
	struct ld_interval *interval = &record->u.interval;
	struct ldi_object object = { .decoder = decoder,
		.json = record->json,
		.fields = interval_fields,
		.n = COUNT_OF(interval_fields),
		.base = (char *)interval };
	enum ld_status st;

	*interval = (struct ld_interval){ .run = { "", 0 },
		.series = { { "", 0 }, { "", 0 }, { "", 0 } },
		.response = decoder->response,
		.service = decoder->service };
	ld_hist_reset(decoder->response);
	ld_hist_reset(decoder->service);
	st = ldi_object_decode(&object, LD_JSON_ROOT, err);
	if (st == LD_OK)
		st = ldi_object_require(&object, needed, COUNT_OF(needed), err);
	record->run = interval->run;
	return st;
}

static enum ld_status
decode_health(
    struct ldi_decoder *decoder, struct ld_record *record, struct ld_err *err)
{
	static const char *const needed[] = { "second" };
	struct ld_health *health = &record->u.health;
	struct ldi_object object = { .decoder = decoder,
		.json = record->json,
		.fields = health_fields,
		.n = COUNT_OF(health_fields),
		.base = (char *)health };
	enum ld_status st;

	*health = (struct ld_health){
		.run = { "", 0 }, .arrivals = UINT64_MAX, .lag = decoder->lag
	};
	ld_hist_reset(decoder->lag);
	st = ldi_object_decode(&object, LD_JSON_ROOT, err);
	if (st == LD_OK)
		st = ldi_object_require(&object, needed, COUNT_OF(needed), err);
	record->run = health->run;
	return st;
}

static const char *const type_names[LD_RECORD_TYPE_N] = { "begin", "sample",
	"interval", "health", "message", "event", "action", "verdict", "end",
	"other" };

const char *
ld_record_type_name(enum ld_record_type type)
{
	return type < LD_RECORD_TYPE_N ? type_names[type] : "?";
}

static enum ld_record_type
type_of(const struct ld_json *json, ld_json_ref ref)
{
	for (int i = 0; i < LD_RECORD_OTHER; i++)
		if (i != LD_RECORD_HEALTH &&
		    ld_json_is(json, ref, type_names[i]))
			return (enum ld_record_type)i;
	return LD_RECORD_OTHER;
}

static bool
has_series(const struct ld_json *json)
{
	return ld_json_get(json, LD_JSON_ROOT, "user_type") != LD_JSON_NONE ||
	       ld_json_get(json, LD_JSON_ROOT, "request_type") !=
		   LD_JSON_NONE ||
	       ld_json_get(json, LD_JSON_ROOT, "name") != LD_JSON_NONE;
}

enum ld_status
ldi_record_decode(
    struct ldi_decoder *decoder, struct ld_record *record, struct ld_err *err)
{
	const struct ld_json *json = record->json;
	ld_json_ref type, run;

	decoder->text_ready = false;
	record->run = (struct ld_str){ "", 0 };
	record->type = LD_RECORD_OTHER;
	/* "type" comes first, unless somebody sorted the keys. */
	if (json->n > 2 && ld_json_is(json, 1, "type"))
		type = 2;
	else
		type = ld_json_get(json, LD_JSON_ROOT, "type");
	if (ld_json_kind(json, type) != LD_JSON_STRING)
		return ld_err_set(err, LD_INVALID, "a record without a type");
	record->type = type_of(json, type);
	if (record->type == LD_RECORD_SAMPLE)
		return decode_sample(decoder, record, err);
	if (record->type == LD_RECORD_INTERVAL) {
		if (has_series(json))
			return decode_interval(decoder, record, err);
		record->type = LD_RECORD_HEALTH;
		return decode_health(decoder, record, err);
	}
	run = ld_json_get(json, LD_JSON_ROOT, "run");
	if (ld_json_kind(json, run) != LD_JSON_STRING)
		return LD_OK;
	return ldi_decode_string(decoder, json, run, &record->run);
}

enum ld_status
ldi_decoder_init(struct ldi_decoder *decoder)
{
	*decoder = (struct ldi_decoder){ .pool = ld_hist_pool_new() };
	ld_buf_init(&decoder->text, LD_MAX_LINE);
	if (!decoder->pool)
		return LD_NOMEM;
	decoder->response = ld_hist_new(decoder->pool);
	decoder->service = ld_hist_new(decoder->pool);
	decoder->lag = ld_hist_new(decoder->pool);
	if (!decoder->response || !decoder->service || !decoder->lag)
		return LD_NOMEM;
	return LD_OK;
}

void
ldi_decoder_clear(struct ldi_decoder *decoder)
{
	ld_hist_free(decoder->response);
	ld_hist_free(decoder->service);
	ld_hist_free(decoder->lag);
	ld_hist_pool_free(decoder->pool);
	ld_buf_clear(&decoder->text);
	free(decoder->failures);
	free(decoder->cpu_ns);
}
