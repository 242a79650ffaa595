/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/rng.h>

#include "actions/action.h"
#include "actions/results.h"
#include "data/redact_json.h"
#include "engine/limits.h"

/* -- one run -------------------------------------------------------------- */

/* Where the user type stands; the item itself when it is only implied. */
static struct ld_node
user_node(const struct ld_item *item)
{
	static const char *const keys[] = { "user_detail_dict", "user" };

	for (size_t i = 0; i < 2; i++) {
		struct ld_node node = ld_node_get(item->args, keys[i]);
		enum ld_json_kind kind = ld_json_kind(node.json, node.ref);

		if (kind == LD_JSON_OBJECT)
			node = ld_node_get(node, "user");
		if (ld_json_kind(node.json, node.ref) == LD_JSON_STRING)
			return node;
	}
	return item->node;
}

enum ld_status
ldi_exec_compile(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_config *config, struct ld_program **program_out,
    struct ld_err *err)
{
	const struct ld_overrides *overrides = &exec->options->overrides;
	const struct ld_driver *driver;
	const char *user;
	enum ld_status st = ld_config_user(item, overrides, &user, err);

	if (st == LD_OK) {
		st = ld_driver_for_user(user, &driver, err);
		if (st != LD_OK)
			return overrides->user != NULL
				   ? st
				   : ld_node_place(user_node(item), err);
	}
	if (st == LD_OK)
		st = ld_config_read(item, overrides, driver->config_fields,
		    exec->resolver, config, err);
	if (st == LD_OK && !config->seed_given)
		config->seed = ld_rng_seed();
	if (st == LD_OK)
		st = ld_program_new(
		    item, config, driver, exec->resolver, program_out, err);
	return st;
}

static void
count_run(struct ldi_exec *exec, const struct ld_run_result *result)
{
	struct ld_exec_outcome *outcome = exec->outcome;

	outcome->runs++;
	outcome->runs_connected += result->connected;
	outcome->runs_degraded += result->validity == LD_RUN_DEGRADED;
	outcome->runs_invalid += result->validity == LD_RUN_INVALID;
	ld_ledger_add(&outcome->ledger, &result->ledger);
}

/* What LD_start_test returns: an echo of what it was given. */
static void
add_echo(const struct ld_config *config, struct ld_buf *value)
{
	struct ld_json_out o;

	ld_json_out_init(&o, value, 0);
	ld_json_out_object(&o);
	ld_json_out_key(&o, "user_detail");
	ld_json_out_object(&o);
	ld_json_out_put_string(&o, "user", config->user);
	ld_json_out_end(&o);
	ld_json_out_key(&o, "user_count");
	ld_json_out_u64(&o, config->user_count);
	ld_json_out_key(&o, "spawn_rate");
	ld_json_out_double(&o, config->spawn_rate);
	ld_json_out_key(&o, "test_time");
	if (config->test_time_ns == UINT64_MAX)
		ld_json_out_null(&o);
	else
		ld_json_out_double(&o, (double)config->test_time_ns / 1e9);
	ld_json_out_key(&o, "web_ui");
	ld_json_out_null(&o);
	ld_json_out_key(&o, "runner_mode");
	ld_json_out_string(&o, "local");
	ld_json_out_end(&o);
}

static enum ld_status
do_run(struct ldi_exec *exec, const struct ld_item *item, struct ld_buf *value,
    struct ld_err *err)
{
	struct ld_run_options options = exec->options->run;
	struct ld_run_result result;
	struct ld_program *program = NULL;
	struct ld_config config;
	enum ld_status st =
	    ldi_exec_compile(exec, item, &config, &program, err);

	options.plan_hash = exec->plan_hash;
	options.run_index = ++exec->run_index;
	options.run_count = exec->run_count > exec->run_index ? exec->run_count
							      : exec->run_index;
	if (st == LD_OK)
		st = ld_run(program, exec->writer, &options, &result, err);
	if (st == LD_OK) {
		count_run(exec, &result);
		add_echo(&config, value);
	}
	ld_program_free(program);
	return st;
}

/* -- one item ------------------------------------------------------------- */

static enum ld_status
write_action(struct ldi_exec *exec, const struct ld_item *item,
    enum ld_status status, const struct ld_buf *value, const struct ld_err *why)
{
	struct ld_json_out o;
	struct ld_buf line;
	enum ld_status st;

	ld_buf_init(&line, LD_MAX_DOCUMENT);
	ld_json_out_init(&o, &line, 0);
	ld_json_out_object(&o);
	ld_json_out_put_string(&o, "type", "action");
	ld_json_out_put_u64(&o, "index", item->index);
	ld_json_out_put_string(&o, "command", item->command);
	ld_json_out_put_string(&o, "status", status == LD_OK ? "ok" : "failed");
	ld_json_out_key(&o, status == LD_OK ? "value" : "error");
	if (status != LD_OK)
		ld_json_out_string(&o, why->text);
	else if (value->len == 0 || value->failed)
		ld_json_out_null(&o);
	else
		ld_json_out_raw(&o, value->data, value->len);
	if (status == LD_OK && value->failed) {
		ld_json_out_key(&o, "value_omitted");
		ld_json_out_bool(&o, true);
	}
	ld_json_out_end(&o);
	ld_buf_addc(&line, '\n');
	st = line.failed ? LD_NOMEM
			 : ld_writer_line(exec->writer, line.data, line.len);
	ld_buf_clear(&line);
	return st;
}

static void
note_failed(
    struct ldi_exec *exec, const struct ld_item *item, const struct ld_err *why)
{
	struct ld_exec_outcome *outcome = exec->outcome;

	if (outcome->actions_failed++ > 0)
		return;
	outcome->first_failure = *why;
	ld_err_context(&outcome->first_failure, "%s", item->command);
	if (outcome->first_failure.line == 0)
		ld_node_place(item->node, &outcome->first_failure);
}

/* A stream that cannot be written, or a stop, ends the document; an action
 * that fails does not. */
static bool
ends_document(struct ldi_exec *exec)
{
	struct ld_control *control = exec->options->run.control;

	return ld_writer_broken(exec->writer) ||
	       (control != NULL && atomic_load(&control->stop) > 0);
}

/* A file that an action executes may have changed since it was checked. */
static enum ld_status
do_action(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	const struct ldi_action *action = ldi_action_find(item->command);
	enum ld_status st;

	if (action == NULL)
		return ld_err_set(err, LD_UNSUPPORTED, "not in this build");
	st = ldi_action_check_params(action, item, err);
	return st == LD_OK ? action->run(exec, item, value, err) : st;
}

/* Before anybody sees what came of it. */
static void
hide_secrets(
    const struct ldi_exec *exec, struct ld_buf *value, struct ld_err *why)
{
	const struct ld_redactor *redactor = exec->options->redactor;
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf clean;

	ld_redactor_err(redactor, why);
	if (value->failed || value->len == 0)
		return;
	ld_buf_init(&clean, LD_MAX_ACTION_VALUE);
	if (ldi_redact_json(redactor, value->data, value->len, &clean, &err) !=
	    LD_OK)
		clean.failed = true;
	ld_buf_clear(value);
	*value = clean;
}

static enum ld_status
do_item(struct ldi_exec *exec, const struct ld_item *item, struct ld_err *err)
{
	struct ld_err why = LD_ERR_INIT;
	struct ld_buf value;
	enum ld_status st;

	ld_buf_init(&value, LD_MAX_ACTION_VALUE);
	if (item->kind == LD_ITEM_RUN)
		st = do_run(exec, item, &value, &why);
	else
		st = do_action(exec, item, &value, &why);
	if (st != LD_OK && ld_writer_broken(exec->writer)) {
		ld_buf_clear(&value);
		return ld_writer_flush(exec->writer, err);
	}
	hide_secrets(exec, &value, &why);
	if (st != LD_OK)
		note_failed(exec, item, &why);
	if (exec->results != NULL)
		ldi_results_add(
		    exec->results, item, &value, st == LD_OK ? NULL : why.text);
	if (write_action(exec, item, st, &value, &why) != LD_OK)
		st = ld_err_set(err, LD_NOMEM, "an action record");
	else
		st = LD_OK;
	ld_buf_clear(&value);
	return st;
}

enum ld_status
ldi_exec_items(
    struct ldi_exec *exec, const struct ld_doc *doc, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < ld_doc_count(doc); i++) {
		if (ends_document(exec))
			break;
		st = do_item(exec, ld_doc_item(doc, i), err);
	}
	return st;
}

/* -- checking ------------------------------------------------------------- */

static enum ld_status
check_run(struct ldi_exec *exec, const struct ld_item *item, struct ld_err *err)
{
	struct ld_program *program = NULL;
	struct ld_config config;
	struct ldi_limits limits;
	struct ldi_needs needs;
	enum ld_status st =
	    ldi_exec_compile(exec, item, &config, &program, err);

	if (st == LD_OK) {
		ldi_limits_read(&limits);
		ldi_needs_of(program, exec->options->run.threads, &needs);
		st = ldi_needs_check(&needs, &limits, &exec->tight, err);
	}
	ld_program_free(program);
	return st;
}

static enum ld_status
check_action(
    struct ldi_exec *exec, const struct ld_item *item, struct ld_err *err)
{
	const struct ldi_action *action = ldi_action_find(item->command);
	struct ld_buf value;
	enum ld_status st;

	if (action == NULL)
		return ld_node_error(item->node, err, LD_UNSUPPORTED,
		    "%s is not in this build", item->command);
	st = ldi_action_check_params(action, item, err);
	if (st == LD_OK && (action->flags & LDI_ACTION_SHAPES) != 0) {
		ld_buf_init(&value, LD_MAX_ACTION_VALUE);
		st = action->run(exec, item, &value, err);
		ld_buf_clear(&value);
	}
	if (st == LD_OK && action->check != NULL)
		st = action->check(exec, item, NULL, err);
	if (st != LD_OK && err->line == 0 && err->file[0] == '\0')
		ld_node_place(item->node, err);
	return st;
}

enum ld_status
ldi_exec_check_items(
    struct ldi_exec *exec, const struct ld_doc *doc, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < ld_doc_count(doc); i++) {
		const struct ld_item *item = ld_doc_item(doc, i);

		if (item->kind == LD_ITEM_RUN) {
			exec->run_count++;
			st = check_run(exec, item, err);
		} else {
			st = check_action(exec, item, err);
		}
	}
	return st;
}

/* -- the whole ------------------------------------------------------------ */

enum ld_status
ldi_exec_option_vars(struct ldi_exec *exec, struct ld_err *err)
{
	const struct ld_exec_options *options = exec->options;
	enum ld_status st = LD_OK;

	exec->resolver = ld_resolver_new();
	if (exec->resolver == NULL)
		return ld_err_set(err, LD_NOMEM, "variables");
	ld_resolver_redactor(exec->resolver, options->redactor);
	for (size_t i = 0; st == LD_OK && i < options->n_vars; i++) {
		const char *var = options->vars[i];
		const char *eq = strchr(var, '=');
		char *name;

		if (eq == NULL || eq == var)
			return ld_err_set(err, LD_INVALID,
			    "--var: '%s' is not NAME=VALUE", var);
		name = strndup(var, (size_t)(eq - var));
		if (name == NULL)
			return ld_err_set(err, LD_NOMEM, "a variable");
		st = ld_resolver_option(exec->resolver, name, eq + 1, err);
		free(name);
	}
	return st;
}

struct ld_exec {
	struct ld_doc *doc;
	struct ld_exec_options options;
	unsigned run_count; /* that the check has seen */
	struct ld_err tight;
};

static enum ld_status
check(struct ld_exec *exec, struct ld_err *err)
{
	struct ldi_exec checked = { .options = &exec->options };
	enum ld_status st = ldi_exec_option_vars(&checked, err);

	if (st == LD_OK && ld_doc_count(exec->doc) == 0)
		st = ld_err_set(err, LD_INVALID, "there is nothing to execute");
	if (st == LD_OK)
		st = ldi_exec_check_items(&checked, exec->doc, err);
	ld_resolver_free(checked.resolver);
	exec->run_count = checked.run_count;
	exec->tight = checked.tight;
	return st;
}

enum ld_status
ld_exec_new(struct ld_doc *doc, const struct ld_exec_options *options,
    struct ld_exec **exec_out, struct ld_err *err)
{
	struct ld_exec *exec = calloc(1, sizeof(*exec));
	enum ld_status st;

	if (exec == NULL)
		return ld_err_set(err, LD_NOMEM, "an execution");
	exec->doc = doc;
	exec->options = *options;
	st = check(exec, err);
	if (st != LD_OK) {
		ld_exec_free(exec);
		exec = NULL;
	}
	*exec_out = exec;
	return st;
}

void
ld_exec_free(struct ld_exec *exec)
{
	free(exec);
}

const char *
ld_exec_doubt(const struct ld_exec *exec)
{
	return exec->tight.status != LD_OK ? exec->tight.text : NULL;
}

bool
ld_exec_reads_records(const struct ld_exec *exec)
{
	for (size_t i = 0; i < ld_doc_count(exec->doc); i++) {
		const struct ld_item *item = ld_doc_item(exec->doc, i);
		const struct ldi_action *action =
		    ldi_action_find(item->command);

		if (item->kind == LD_ITEM_ACTION && action != NULL &&
		    (action->flags & LDI_ACTION_READS_RECORDS) != 0)
			return true;
	}
	return false;
}

enum ld_status
ld_exec_run(struct ld_exec *exec, struct ld_writer *writer,
    struct ld_exec_outcome *outcome_out, struct ld_err *err)
{
	struct ldi_exec state = {
		.options = &exec->options,
		.outcome = outcome_out,
		.writer = writer,
		.plan_hash = ld_doc_hash(exec->doc),
		.run_count = exec->run_count,
	};
	enum ld_status st;

	memset(outcome_out, 0, sizeof(*outcome_out));
	st = ldi_exec_option_vars(&state, err);
	if (st == LD_OK)
		st = ldi_exec_items(&state, exec->doc, err);
	ld_resolver_free(state.resolver);
	/* A reader that left is the writer's to tell, not an error here. */
	if (st == LD_OK && !ld_writer_broken(writer))
		st = ld_writer_flush(writer, err);
	return st;
}
