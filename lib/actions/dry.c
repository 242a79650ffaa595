/* SPDX-License-Identifier: MIT */
/*
 * A document as a plan stream that has every arrival in it.
 *
 * What is written stands for itself: values of the command line and of
 * LD_register_* commands are in each config, and so is the seed; read again it
 * sends what the document would have sent.
 */
#include "config.h"

#include <string.h>

#include <ld/json.h>
#include <ld/time.h>

#include "actions/action.h"
#include "engine/arrivals.h"
#include "plan/node.h"
#include "plan/resolve.h"

#define FLUSH_BYTES ((size_t)64 << 10)

struct dry {
	struct ldi_exec exec;
	const struct ld_exec_sink *sink;
	struct ld_buf out;
	uint64_t tasks, arrivals;
};

/* Hand over what has been gathered, if it is enough or `all`. */
static enum ld_status
flush(struct dry *dry, bool all, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	if (!all && dry->out.len < FLUSH_BYTES)
		return LD_OK;
	st = ld_buf_status(&dry->out, "the schedule", err);
	if (st == LD_OK && dry->out.len > 0)
		st = dry->sink->write(
		    dry->sink->ctx, dry->out.data, dry->out.len, err);
	ld_buf_reset(&dry->out);
	return st;
}

static void
open_record(struct dry *dry, struct ld_json_out *o, const char *type)
{
	ld_json_out_init(o, &dry->out, 0);
	ld_json_out_object(o);
	ld_json_out_put_string(o, "type", type);
}

static void
close_record(struct dry *dry, struct ld_json_out *o)
{
	ld_json_out_end(o);
	ld_buf_addc(&dry->out, '\n');
}

/* A value of the document, on one line. */
static void
add_node(struct ld_json_out *o, struct ld_node node)
{
	struct ld_buf text;

	ld_buf_init(&text, LD_MAX_DOCUMENT);
	ldi_node_json(node, &text, NULL, NULL, NULL);
	if (text.failed)
		o->buf->failed = true;
	else
		ld_json_out_raw(o, text.data, text.len);
	ld_buf_clear(&text);
}

static void
add_member(struct ld_json_out *o, struct ld_node key)
{
	struct ld_buf name;

	ld_buf_init(&name, LD_MAX_LINE);
	ld_json_text(key.json, key.ref, &name);
	ld_json_out_keyn(o, name.len > 0 ? name.data : "", name.len);
	add_node(o, ldi_node_value(key));
	ld_buf_clear(&name);
}

/* Members of an object, but for those that are named. */
static void
add_members(struct ld_json_out *o, struct ld_node object,
    const char *const *except, size_t n)
{
	struct ld_node key;

	if (!ldi_node_present(object))
		return;
	for (key = ldi_node_first(object); ldi_node_present(key);
	     key = ldi_node_next(object, key)) {
		size_t i = 0;

		while (i < n && !ld_json_is(key.json, key.ref, except[i]))
			i++;
		if (i == n)
			add_member(o, key);
	}
}

/* -- config --------------------------------------------------------------- */

/* Written anew below; or only of the closed model. */
static const char *const replaced[] = { "user", "user_detail_dict",
	"user_count", "spawn_rate", "wait", "test_time", "passes", "timeout",
	"grace", "cacert", "resolve", "seed", "variables", "csv_sources",
	"arrival", "tasks", "mode" };

static bool
comes_again(const struct ld_resolver *resolver, size_t i, const char *name)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(ldi_resolver_name(resolver, k), name) == 0)
			return true;
	return false;
}

static void
add_variables(struct ld_json_out *o, const struct ld_resolver *resolver)
{
	const char *name;

	ld_json_out_key(o, "variables");
	ld_json_out_object(o);
	for (size_t i = 0; (name = ldi_resolver_name(resolver, i)) != NULL;
	     i++) {
		struct ldi_value value;

		if (comes_again(resolver, i, name) ||
		    !ldi_resolver_find(resolver, name, &value))
			continue;
		ld_json_out_key(o, name);
		if (value.kind == LD_JSON_STRING)
			ld_json_out_stringn(o, value.text, value.len);
		else
			ld_json_out_raw(o, value.text, value.len);
	}
	ld_json_out_end(o);
}

static void
add_sources(struct ld_json_out *o, const struct ld_resolver *resolver)
{
	const char *name;

	ld_json_out_key(o, "csv_sources");
	ld_json_out_array(o);
	for (size_t i = 0; (name = ldi_resolver_csv_name(resolver, i)) != NULL;
	     i++) {
		const struct ldi_csv_source *source =
		    ldi_resolver_find_csv(resolver, name);

		ld_json_out_object(o);
		ld_json_out_put_string(o, "name", name);
		ld_json_out_put_string(o, "file_path", source->path);
		ld_json_out_key(o, "cycle");
		ld_json_out_bool(o, source->cycle);
		ld_json_out_end(o);
	}
	ld_json_out_end(o);
}

static void
add_duration(struct ld_json_out *o, const char *key, uint64_t ns)
{
	struct ld_buf text;

	ld_json_out_key(o, key);
	if (ns == UINT64_MAX) {
		ld_json_out_null(o);
		return;
	}
	ld_buf_init(&text, 128);
	ld_duration_add(&text, ns);
	ld_json_out_stringn(o, text.data, text.len);
	ld_buf_clear(&text);
}

/* Pins of the plan, and behind them, because later ones hold, those of the
 * command line. */
static void
add_resolve(struct ld_json_out *o, const struct ld_config *config)
{
	struct ld_node list = config->resolve;

	ld_json_out_key(o, "resolve");
	ld_json_out_array(o);
	for (struct ld_node pin = ldi_node_first(list); ldi_node_present(pin);
	     pin = ldi_node_next(list, pin))
		add_node(o, pin);
	for (size_t i = 0; i < config->n_option_resolve; i++)
		ld_json_out_string(o, config->option_resolve[i]);
	ld_json_out_end(o);
}

static void
add_arrival(struct ld_json_out *o, const struct ld_arrivals *arrivals)
{
	ld_json_out_key(o, "arrival");
	ld_json_out_object(o);
	ld_json_out_put_string(o, "from", "records");
	ld_json_out_put_u64(o, "limit", arrivals->limit);
	ld_json_out_put_string(o, "session", arrivals->keep ? "keep" : "fresh");
	ld_json_out_end(o);
}

static void
write_config(
    struct dry *dry, const struct ld_item *item, const struct ld_config *config)
{
	struct ld_json_out o;

	open_record(dry, &o, "config");
	ld_json_out_put_string(&o, "user", config->user);
	add_duration(&o, "test_time", config->test_time_ns);
	add_duration(&o, "timeout", config->timeout_ns);
	add_duration(&o, "grace", config->grace_ns);
	ld_json_out_put_big(&o, "seed", config->seed);
	add_resolve(&o, config);
	if (config->cacert != NULL)
		ld_json_out_put_string(&o, "cacert", config->cacert);
	add_arrival(&o, &config->arrivals);
	if (item->tasks_given && item->mode != NULL)
		ld_json_out_put_string(&o, "mode", item->mode);
	add_variables(&o, dry->exec.resolver);
	add_sources(&o, dry->exec.resolver);
	add_members(
	    &o, item->args, replaced, sizeof(replaced) / sizeof(replaced[0]));
	close_record(dry, &o);
}

/* -- one item ------------------------------------------------------------- */

static void
write_tasks(struct dry *dry, const struct ld_item *item)
{
	for (size_t i = 0; i < item->n_tasks; i++) {
		struct ld_json_out o;

		open_record(dry, &o, "task");
		add_members(&o, item->tasks[i], NULL, 0);
		close_record(dry, &o);
	}
	dry->tasks += item->n_tasks;
}

static enum ld_status
write_arrivals(
    struct dry *dry, const struct ld_config *config, struct ld_err *err)
{
	struct ldi_arrivals schedule;
	uint64_t arrival, due_ns;
	enum ld_status st = LD_OK;

	ldi_arrivals_init(&schedule, config, 1, 0);
	while (st == LD_OK && ldi_arrivals_next(&schedule, &arrival, &due_ns) &&
	       due_ns < config->test_time_ns) {
		ld_buf_adds(&dry->out, "{\"type\":\"arrival\",\"arrival\":");
		ld_buf_add_u64(&dry->out, arrival);
		ld_buf_adds(&dry->out, ",\"due_ns\":");
		ld_buf_add_u64(&dry->out, due_ns);
		ld_buf_adds(&dry->out, "}\n");
		dry->arrivals++;
		st = flush(dry, false, err);
	}
	return st;
}

static enum ld_status
check_schedule(const struct ld_item *item, const struct ld_config *config,
    struct ld_err *err)
{
	if (!config->arrivals.given)
		return ld_node_error(item->node, err, LD_INVALID,
		    "the closed model has no schedule: each pass waits for "
		    "the one before; a rate of arrivals makes the open one");
	if (config->test_time_ns == UINT64_MAX && config->passes == 0 &&
	    config->arrivals.list == NULL)
		return ld_node_error(item->node, err, LD_INVALID,
		    "the schedule has no end: give a time or a number of "
		    "arrivals");
	return LD_OK;
}

static enum ld_status
write_run(struct dry *dry, const struct ld_item *item, struct ld_err *err)
{
	struct ld_program *program = NULL;
	struct ld_config config;
	enum ld_status st =
	    ldi_exec_compile(&dry->exec, item, &config, &program, err);

	if (st == LD_OK)
		st = check_schedule(item, &config, err);
	if (st == LD_OK) {
		write_config(dry, item, &config);
		write_tasks(dry, item);
		st = write_arrivals(dry, &config, err);
	}
	ld_program_free(program);
	return st;
}

static enum ld_status
write_action(struct dry *dry, const struct ld_item *item, struct ld_err *err)
{
	const struct ldi_action *action = ldi_action_find(item->command);
	struct ld_json_out o;
	struct ld_buf value;
	enum ld_status st = LD_OK;

	if (action != NULL && (action->flags & LDI_ACTION_SHAPES) != 0) {
		ld_buf_init(&value, LD_MAX_DOCUMENT);
		st = action->run(&dry->exec, item, &value, err);
		ld_buf_clear(&value);
	}
	open_record(dry, &o, "action");
	ld_json_out_put_string(&o, "command", item->command);
	if (ldi_node_present(item->args)) {
		ld_json_out_key(&o, "args");
		add_node(&o, item->args);
	}
	close_record(dry, &o);
	return st;
}

/* -- the whole ------------------------------------------------------------ */

static void
write_begin(struct dry *dry)
{
	struct ld_json_out o;

	open_record(dry, &o, "begin");
	ld_json_out_put_string(&o, "schema", LD_PLAN_SCHEMA);
	ld_json_out_put_string(&o, "tool", PACKAGE_NAME " " PACKAGE_VERSION);
	close_record(dry, &o);
}

static void
write_end(struct dry *dry)
{
	struct ld_json_out o;

	open_record(dry, &o, "end");
	ld_json_out_put_u64(&o, "tasks", dry->tasks);
	ld_json_out_put_u64(&o, "arrivals", dry->arrivals);
	close_record(dry, &o);
}

enum ld_status
ld_exec_dry(const struct ld_doc *doc, const struct ld_exec_options *options,
    const struct ld_exec_sink *sink, struct ld_err *err)
{
	struct dry dry = { .exec = { .options = options }, .sink = sink };
	enum ld_status st = ldi_exec_option_vars(&dry.exec, err);

	ld_buf_init(&dry.out, LD_MAX_DOCUMENT);
	write_begin(&dry);
	for (size_t i = 0; st == LD_OK && i < ld_doc_count(doc); i++) {
		const struct ld_item *item = ld_doc_item(doc, i);

		st = item->kind == LD_ITEM_RUN ? write_run(&dry, item, err)
					       : write_action(&dry, item, err);
	}
	if (st == LD_OK) {
		write_end(&dry);
		st = flush(&dry, true, err);
	}
	ld_buf_clear(&dry.out);
	ld_resolver_free(dry.exec.resolver);
	return st;
}
