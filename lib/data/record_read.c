/* SPDX-License-Identifier: MIT */
/*
 * Walk a result stream: lines to records, with an account of what was none.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>
#include <ld/record.h>

#include "data/lines.h"
#include "data/record_decode.h"
#include "data/record_fast.h"

struct ld_reader {
	struct ldi_lines lines;
	struct ldi_decoder decoder;
	struct ld_json json;
	char *name;
	uint64_t records;
	uint64_t bad_lines;
	struct ld_err first_bad;
	bool torn;
};

struct ld_reader *
ld_reader_new(
    int fd, const char *name, void (*before_block)(void *ctx), void *ctx)
{
	struct ld_reader *reader = calloc(1, sizeof *reader);
	enum ld_status lines, decoder;

	if (!reader)
		return NULL;
	ld_json_init(&reader->json);
	lines = ldi_lines_init(&reader->lines, fd, before_block, ctx);
	decoder = ldi_decoder_init(&reader->decoder);
	reader->name = strdup(name);
	if (lines != LD_OK || decoder != LD_OK || !reader->name) {
		ld_reader_free(reader);
		return NULL;
	}
	return reader;
}

void
ld_reader_free(struct ld_reader *reader)
{
	if (!reader)
		return;
	ldi_lines_clear(&reader->lines);
	ldi_decoder_clear(&reader->decoder);
	ld_json_clear(&reader->json);
	free(reader->name);
	free(reader);
}

const struct ld_json *
ld_reader_json(struct ld_reader *reader, const struct ld_record *record)
{
	if (record->json)
		return record->json;
	return ld_json_parse(
		   &reader->json, record->line, record->len, 0, NULL) == LD_OK
		   ? &reader->json
		   : NULL;
}

uint64_t
ld_reader_bad_lines(const struct ld_reader *reader)
{
	return reader->bad_lines;
}

const struct ld_err *
ld_reader_first_bad(const struct ld_reader *reader)
{
	return &reader->first_bad;
}

bool
ld_reader_torn(const struct ld_reader *reader)
{
	return reader->torn;
}

static unsigned
line_number(const struct ld_reader *reader)
{
	return reader->lines.number < UINT32_MAX
		   ? (unsigned)reader->lines.number
		   : UINT32_MAX;
}

/* Note a line that is no record; too many of them are the end. */
static enum ld_status
bad_line(struct ld_reader *reader, struct ld_err *why, struct ld_err *err)
{
	ld_err_place(why, reader->name, line_number(reader), why->column);
	if (reader->bad_lines++ == 0)
		reader->first_bad = *why;
	if (reader->bad_lines <= LD_MAX_BAD_LINES)
		return LD_OK;
	ld_err_set(err, LD_SYNTAX,
	    "more than %d lines are no records; the first: %s",
	    LD_MAX_BAD_LINES, reader->first_bad.text);
	ld_err_place(err, reader->name, reader->first_bad.line,
	    reader->first_bad.column);
	return LD_SYNTAX;
}

static bool
starts_with(struct ld_str text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text.len >= len && memcmp(text.data, prefix, len) == 0;
}

static enum ld_status
refuse(struct ld_reader *reader, enum ld_status st, struct ld_err *err)
{
	ld_err_place(err, reader->name, line_number(reader), 1);
	return st;
}

static enum ld_status
refuse_plan(struct ld_reader *reader, struct ld_err *err)
{
	ld_err_set(err, LD_INVALID,
	    "this is a plan, not a result stream; did you forget ld-run?");
	return refuse(reader, LD_INVALID, err);
}

/* A plan begins with other types; once a result was seen they are types that
 * this version does not know. */
static bool
is_plan_type(const struct ld_json *json)
{
	static const char *const types[] = { "config", "task", "loss",
		"finding" };
	ld_json_ref type = ld_json_get(json, LD_JSON_ROOT, "type");

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (ld_json_is(json, type, types[i]))
			return true;
	return false;
}

/* Is it the kind of stream that it should be? */
static enum ld_status
check_kind(struct ld_reader *reader, const struct ld_record *record,
    struct ld_err *err)
{
	struct ld_str schema = { "", 0 };
	ld_json_ref ref;

	if (record->type == LD_RECORD_OTHER && reader->records == 0 &&
	    is_plan_type(&reader->json))
		return refuse_plan(reader, err);
	if (record->type != LD_RECORD_BEGIN)
		return LD_OK;
	ref = ld_json_get(&reader->json, LD_JSON_ROOT, "schema");
	if (ld_json_kind(&reader->json, ref) == LD_JSON_STRING &&
	    ldi_decode_string(&reader->decoder, &reader->json, ref, &schema) !=
		LD_OK)
		return ld_err_set(err, LD_NOMEM, "no memory for a record");
	if (starts_with(schema, "ld.plan/"))
		return refuse_plan(reader, err);
	if (schema.len == strlen(LD_RESULT_SCHEMA) &&
	    starts_with(schema, LD_RESULT_SCHEMA))
		return LD_OK;
	ld_err_set(err, LD_INVALID,
	    "the stream's schema is '%.*s'; this build reads %s",
	    (int)(schema.len < 80 ? schema.len : 80), schema.data,
	    LD_RESULT_SCHEMA);
	return refuse(reader, LD_INVALID, err);
}

static bool
is_blank(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!strchr(" \t\r\n", line[i]) || line[i] == '\0')
			return false;
	return true;
}

/* A line to a record.  LD_SYNTAX and LD_INVALID are faults of the line. */
static enum ld_status
parse_line(
    struct ld_reader *reader, struct ld_record *record, struct ld_err *why)
{
	enum ld_status st;

	st = ld_json_parse(&reader->json, record->line, record->len, 0, why);
	if (st != LD_OK)
		return st;
	if (ld_json_kind(&reader->json, LD_JSON_ROOT) != LD_JSON_OBJECT)
		return ld_err_set(why, LD_SYNTAX,
		    "the line is %s %s, not an object",
		    ld_json_kind(&reader->json, LD_JSON_ROOT) == LD_JSON_ARRAY
			? "an"
			: "a",
		    ld_json_kind_name(
			ld_json_kind(&reader->json, LD_JSON_ROOT)));
	return ldi_record_decode(&reader->decoder, record, why);
}

/* What to do with a line: *record_out is good, or the line was skipped. */
static enum ld_status
take_line(struct ld_reader *reader, enum ldi_line kind,
    struct ld_record *record, bool *good_out, struct ld_err *err)
{
	struct ld_err why = LD_ERR_INIT;
	enum ld_status st;

	*good_out = false;
	if (kind == LDI_LINE_WHOLE &&
	    ldi_sample_fast(record->line, record->len, &record->u.sample)) {
		record->type = LD_RECORD_SAMPLE;
		record->run = record->u.sample.run;
		record->json = NULL;
		reader->records++;
		*good_out = true;
		return LD_OK;
	}
	record->json = &reader->json;
	if (kind == LDI_LINE_TOO_LONG) {
		ld_err_set(&why, LD_SYNTAX, "the line is longer than %zu MiB",
		    LD_MAX_LINE >> 20);
		return bad_line(reader, &why, err);
	}
	if (is_blank(record->line, record->len))
		return LD_OK;
	st = parse_line(reader, record, &why);
	if (st == LD_NOMEM)
		return ld_err_set(err, LD_NOMEM, "no memory for a record");
	/* Cut off, and not only without its line feed: a whole object that is
	 * no record comes from something else than a broken pipe. */
	if (st != LD_OK && kind == LDI_LINE_UNENDED && reader->json.n == 0) {
		reader->torn = true;
		return LD_OK;
	}
	if (st != LD_OK)
		return bad_line(reader, &why, err);
	st = check_kind(reader, record, err);
	reader->records++;
	*good_out = st == LD_OK;
	return st;
}

enum ld_status
ld_reader_next(struct ld_reader *reader, struct ld_record *record_out,
    bool *more_out, struct ld_err *err)
{
	enum ldi_line kind;
	enum ld_status st;
	bool good;

	*more_out = false;
	for (;;) {
		st = ldi_lines_next(&reader->lines, &kind, &record_out->line,
		    &record_out->len, err);
		if (st != LD_OK) {
			ld_err_place(err, reader->name, 0, 0);
			return st;
		}
		if (kind == LDI_LINE_END)
			return LD_OK;
		record_out->number = reader->lines.number;
		st = take_line(reader, kind, record_out, &good, err);
		if (st != LD_OK)
			return st;
		if (good) {
			*more_out = true;
			return LD_OK;
		}
	}
}
