/* SPDX-License-Identifier: MIT */
/*
 * A plan stream: begin, config, task, arrival, action, loss, finding, end; one
 * JSON object per line.  doc/plan.md is the grammar.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "plan/arrival_list.h"
#include "plan/doc.h"
#include "plan/node.h"
#include "plan/tape.h"

struct reader {
	struct ld_doc *doc;
	const struct ld_source *source;
	struct ld_json line;   /* of the current record; reused */
	struct ldi_item *run;  /* that tasks belong to; NULL = none open */
	struct ld_node *tasks; /* of `run`, malloc'ed */
	size_t n_tasks, cap_tasks;
	struct ldi_arrival_list arrivals; /* of `run` */
	uint64_t losses;
	struct ld_node begin; /* absent when no bracket is open */
	bool ran;             /* a run was closed by an action */
};

/* `record` is of reader->line: whoever keeps it makes a copy of the tape. */
typedef enum ld_status record_fn(
    struct reader *reader, struct ld_node record, struct ld_err *err);

/* The run is complete: its tasks move from the reader to the document. */
static enum ld_status
close_run(struct reader *reader, struct ld_err *err)
{
	struct ldi_item *run = reader->run;
	struct ld_node *tasks;

	if (run == NULL)
		return LD_OK;
	reader->run = NULL;
	tasks = ldi_arena_array(
	    run->arena, reader->n_tasks, sizeof(*reader->tasks));
	if (tasks == NULL)
		return ldi_nomem(err);
	if (reader->n_tasks != 0)
		memcpy(tasks, reader->tasks,
		    reader->n_tasks * sizeof(*reader->tasks));
	run->pub.tasks = tasks;
	run->pub.n_tasks = reader->n_tasks;
	run->pub.tasks_given = reader->n_tasks != 0;
	run->pub.losses = reader->losses;
	reader->n_tasks = 0;
	reader->losses = 0;
	return ldi_arrival_list_take(&reader->arrivals, run->arena,
	    &run->pub.arrivals, &run->pub.n_arrivals, err);
}

static enum ld_status
open_run(struct reader *reader, struct ld_node node, struct ld_node args,
    struct ld_err *err)
{
	enum ld_status st = close_run(reader, err);

	if (st != LD_OK)
		return st;
	reader->run = ldi_doc_append(reader->doc);
	if (reader->run == NULL)
		return ldi_nomem(err);
	reader->run->pub.kind = LD_ITEM_RUN;
	reader->run->pub.command = "LD_start_test";
	reader->run->pub.node = node;
	reader->run->pub.args = args;
	return LD_OK;
}

/* A record without its "type", whose nodes live with the document. */
static enum ld_status
adopt(struct reader *reader, struct ld_node *record, struct ld_err *err)
{
	return ldi_tape_without(
	    *record, "type", ldi_doc_arena(reader->doc), record, err);
}

static enum ld_status
read_begin(struct reader *reader, struct ld_node record, struct ld_err *err)
{
	struct ld_node schema = ld_node_get(record, "schema");
	enum ld_status st;
	const char *text;
	size_t len;

	if (ldi_node_present(reader->begin))
		return ld_node_error(record, err, LD_TORN,
		    "a second 'begin', and the first had no 'end': "
		    "the plan stream is not whole");
	if (ldi_node_kind(schema) != LD_JSON_STRING ||
	    !ld_json_plain(schema.json, schema.ref, &text, &len))
		return ld_node_error(record, err, LD_INVALID,
		    "'begin' has no 'schema' such as \"" LD_PLAN_SCHEMA "\"");
	if (len > 10 && memcmp(text, "ld.result/", 10) == 0)
		return ld_node_error(record, err, LD_INVALID,
		    "this is a result stream, not a plan");
	if (len <= 8 || memcmp(text, "ld.plan/", 8) != 0)
		return ld_node_error(schema, err, LD_INVALID,
		    "schema is not \"" LD_PLAN_SCHEMA "\"");
	if (!ld_json_is(schema.json, schema.ref, LD_PLAN_SCHEMA))
		return ld_node_error(schema, err, LD_UNSUPPORTED,
		    "only plan streams of \"" LD_PLAN_SCHEMA
		    "\" are understood");
	st = close_run(reader, err); /* of what was written by hand before */
	if (st == LD_OK)
		st = adopt(reader, &record, err);
	reader->begin = record;
	reader->ran = false;
	return st;
}

static enum ld_status
read_end(struct reader *reader, struct ld_node record, struct ld_err *err)
{
	if (!ldi_node_present(reader->begin))
		return ld_node_error(record, err, LD_TORN,
		    "'end' without 'begin': the plan stream is not whole");
	reader->begin = LDI_NODE_ABSENT;
	reader->ran = false;
	return close_run(reader, err);
}

static enum ld_status
read_config(struct reader *reader, struct ld_node record, struct ld_err *err)
{
	struct ld_node tasks = ld_node_get(record, "tasks");
	enum ld_status st;

	if (ldi_node_present(tasks))
		return ld_node_error(tasks, err, LD_INVALID,
		    "a config record has no 'tasks': they follow it as "
		    "records of type \"task\"");
	st = adopt(reader, &record, err);
	if (st == LD_OK)
		st = open_run(reader, record, record, err);
	if (st == LD_OK)
		st = ldi_mode_read(
		    reader->run, ld_node_get(record, "mode"), err);
	return st;
}

static enum ld_status
read_task(struct reader *reader, struct ld_node record, struct ld_err *err)
{
	struct ld_node *bigger;
	enum ld_status st;
	size_t cap;

	if (reader->run == NULL && reader->ran)
		return ld_node_error(record, err, LD_INVALID,
		    "this task belongs to no run: the action before it ended "
		    "the run, and no config opened another");
	st = adopt(reader, &record, err);
	if (st == LD_OK && reader->run == NULL)
		st = open_run(reader, record, LDI_NODE_ABSENT, err);
	if (st != LD_OK)
		return st;
	if (reader->n_tasks == reader->cap_tasks) {
		cap = reader->cap_tasks == 0 ? 64 : 2 * reader->cap_tasks;
		bigger = realloc(reader->tasks, cap * sizeof(*bigger));
		if (bigger == NULL)
			return ldi_nomem(err);
		reader->tasks = bigger;
		reader->cap_tasks = cap;
	}
	reader->tasks[reader->n_tasks++] = record;
	return LD_OK;
}

static enum ld_status
read_arrival(struct reader *reader, struct ld_node record, struct ld_err *err)
{
	if (reader->run == NULL)
		return ld_node_error(record, err, LD_INVALID,
		    "this arrival belongs to no run: neither a config nor a "
		    "task stands before it");
	return ldi_arrival_list_add(&reader->arrivals, record, err);
}

static enum ld_status
read_action(struct reader *reader, struct ld_node record, struct ld_err *err)
{
	static const char *const keys[] = { "command", "args" };
	struct ld_node key, command;
	enum ld_status st;

	reader->ran = reader->ran || reader->run != NULL;
	st = close_run(reader, err);
	if (st == LD_OK)
		st = adopt(reader, &record, err);
	if (st != LD_OK)
		return st;
	for (key = ldi_node_first(record); ldi_node_present(key);
	     key = ldi_node_next(record, key))
		if (!ld_json_is(key.json, key.ref, "command") &&
		    !ld_json_is(key.json, key.ref, "args"))
			return ldi_node_unknown(
			    key, "key", keys, 2, sizeof(keys[0]), err);
	command = ld_node_get(record, "command");
	if (!ldi_node_present(command))
		return ld_node_error(
		    record, err, LD_INVALID, "this action has no 'command'");
	return ldi_action_append(
	    reader->doc, record, command, ld_node_get(record, "args"), err);
}

static enum ld_status
read_loss(struct reader *reader, struct ld_node record, struct ld_err *err)
{
	(void)record;
	(void)err;
	reader->losses++;
	return LD_OK;
}

static enum ld_status
read_finding(struct reader *reader, struct ld_node record, struct ld_err *err)
{
	struct ld_node severity = ld_node_get(record, "severity");
	struct ld_node text = ld_node_get(record, "text");
	struct ld_buf buf;
	const char *what;

	(void)reader;
	if (ldi_node_kind(severity) != LD_JSON_STRING ||
	    !ld_json_is(severity.json, severity.ref, "error"))
		return LD_OK;
	ld_buf_init(&buf, sizeof(err->text));
	if (ldi_node_kind(text) == LD_JSON_STRING)
		ld_json_text(text.json, text.ref, &buf);
	what = ld_buf_str(&buf);
	ld_node_error(record, err, LD_INVALID, "ld-lint found an error%s%s",
	    what != NULL && *what != '\0' ? ": " : "",
	    what != NULL ? what : "");
	ld_buf_clear(&buf);
	return LD_INVALID;
}

/* A result stream that lost its beginning. */
static enum ld_status
read_result(struct reader *reader, struct ld_node record, struct ld_err *err)
{
	(void)reader;
	return ld_node_error(
	    record, err, LD_INVALID, "this is a result stream, not a plan");
}

static const struct {
	const char *type;
	record_fn *read;
} types[] = {
	{ "arrival", read_arrival },
	{ "task", read_task },
	{ "config", read_config },
	{ "action", read_action },
	{ "loss", read_loss },
	{ "finding", read_finding },
	{ "begin", read_begin },
	{ "end", read_end },
	{ "sample", read_result },
	{ "interval", read_result },
};

static enum ld_status
read_record(struct reader *reader, struct ld_node record, struct ld_err *err)
{
	struct ld_node type = ld_node_get(record, "type");
	enum ld_status st;

	if (ldi_node_kind(record) != LD_JSON_OBJECT)
		return ld_node_error(record, err, LD_INVALID,
		    "a record is an object, not %s", ldi_node_article(record));
	if (ldi_node_kind(type) != LD_JSON_STRING)
		return ld_node_error(record, err, LD_INVALID,
		    "this record has no 'type' such as \"task\"");
	st = ldi_tape_unique(record, err);
	if (st != LD_OK)
		return st;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (ld_json_is(type.json, type.ref, types[i].type))
			return types[i].read(reader, record, err);
	return LD_OK; /* a type of a later version */
}

static enum ld_status
read_line(struct reader *reader, const char *text, size_t len, unsigned line,
    struct ld_err *err)
{
	struct ld_node record = { reader->source, &reader->line, LD_JSON_ROOT };
	enum ld_status st;

	while (len != 0 && memchr(" \t\r", text[len - 1], 3) != NULL)
		len--;
	if (len == 0)
		return LD_OK;
	if (len > LD_MAX_LINE) {
		st = ld_err_set(err, LD_INVALID,
		    "the line is longer than %zu MiB", LD_MAX_LINE >> 20);
		ld_err_place(err, reader->source->name, line, 1);
		return st;
	}
	st = ld_json_parse(
	    &reader->line, text, len, line == 1 ? LD_JSON_ALLOW_BOM : 0, err);
	if (st != LD_OK) {
		if (err != NULL)
			ld_err_place(
			    err, reader->source->name, line, err->column);
		return st;
	}
	return read_record(reader, record, err);
}

enum ld_status
ldi_plan_read(
    struct ld_doc *doc, const struct ld_source *source, struct ld_err *err)
{
	struct reader reader = {
		.doc = doc, .source = source, .begin = LDI_NODE_ABSENT
	};
	const char *at = source->text, *end = at + source->len, *stop;
	enum ld_status st = LD_OK;

	ld_json_init(&reader.line);
	for (unsigned line = 1; st == LD_OK && at < end; line++) {
		stop = memchr(at, '\n', (size_t)(end - at));
		if (stop == NULL)
			stop = end;
		st = read_line(&reader, at, (size_t)(stop - at), line, err);
		at = stop + 1;
	}
	if (st == LD_OK && ldi_node_present(reader.begin))
		st = ld_node_error(reader.begin, err, LD_TORN,
		    "the plan stream has no 'end': it was cut short");
	if (st == LD_OK)
		st = close_run(&reader, err);
	free(reader.tasks);
	ldi_arrival_list_clear(&reader.arrivals);
	ld_json_clear(&reader.line);
	return st;
}
