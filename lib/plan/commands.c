/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "plan/commands.h"
#include "plan/node.h"

/* clang-format off */

/* What the importers' "..._to_action_json" take behind their document. */
#define RUN_PARAMS "user", "user_count", "spawn_rate", "test_time"

/* X(name, number of obligatory parameters, parameters...), sorted. */
#define LDI_COMMAND_MAP(X) \
	X(LD_add_package_to_executor, 1, "package") \
	X(LD_assert_sla, 1, "rules", "summary") \
	X(LD_clear_records, 0, NULL) \
	X(LD_clear_resolver, 0, NULL) \
	X(LD_curl_to_task, 1, "command") \
	X(LD_diff_runs, 3, "database_path", "baseline_run_id", "current_run_id", "tolerance") \
	X(LD_emit_github_annotations, 0, "title", "stream") \
	X(LD_evaluate_sla, 1, "rules", "summary") \
	X(LD_execute_action, 1, "action_list") \
	X(LD_execute_files, 1, "execute_files_list") \
	X(LD_export_schema, 1, "path", "known_commands") \
	X(LD_fetch_run_records, 2, "database_path", "run_id") \
	X(LD_generate_chart_report, 0, "report_name", "bucket_size_seconds") \
	X(LD_generate_csv_report, 0, "csv_name") \
	X(LD_generate_html, 0, NULL) \
	X(LD_generate_html_report, 0, "html_name") \
	X(LD_generate_json, 0, NULL) \
	X(LD_generate_json_report, 0, "json_file_name") \
	X(LD_generate_junit_report, 0, "report_name") \
	X(LD_generate_summary_report, 0, "report_name") \
	X(LD_generate_xml, 0, NULL) \
	X(LD_generate_xml_report, 0, "xml_file_name") \
	X(LD_har_to_action_json, 1, "har", RUN_PARAMS, "include", "exclude") \
	X(LD_har_to_tasks, 1, "har", "include", "exclude") \
	X(LD_install_failure_budget, 0, "threshold", "window_seconds", "min_samples", "runner_quit_callback") \
	X(LD_install_network_conditioner, 0, "latency_ms", "jitter_ms", "loss_rate", "name_filter") \
	X(LD_jmeter_to_action_json, 1, "root", RUN_PARAMS) \
	X(LD_jmeter_to_tasks, 1, "root") \
	X(LD_k6_script_to_action_json, 1, "source", RUN_PARAMS) \
	X(LD_k6_script_to_tasks, 1, "source") \
	X(LD_lint_action, 1, "actions", "known_commands") \
	X(LD_lint_action_file, 1, "path", "known_commands") \
	X(LD_list_runs, 1, "database_path", "limit") \
	X(LD_load_har, 1, "file_path") \
	X(LD_load_jmeter_jmx, 1, "file_path") \
	X(LD_load_k6_script, 1, "file_path") \
	X(LD_load_openapi, 1, "file_path") \
	X(LD_load_postman_collection, 1, "file_path") \
	X(LD_openapi_to_action_json, 1, "spec", RUN_PARAMS) \
	X(LD_openapi_to_tasks, 1, "spec") \
	X(LD_persist_records, 1, "database_path", "label", "metadata") \
	X(LD_post_slack_summary, 1, "webhook_url", "summary", "title", "timeout") \
	X(LD_post_teams_summary, 1, "webhook_url", "summary", "title", "timeout") \
	X(LD_postman_to_action_json, 1, "collection", RUN_PARAMS) \
	X(LD_postman_to_tasks, 1, "collection") \
	X(LD_register_csv_source, 2, "name", "file_path", "cycle") \
	X(LD_register_csv_sources, 1, "sources") \
	X(LD_register_db_source, 3, "name", "connection_string", "query", "cycle") \
	X(LD_register_db_sources, 1, "sources") \
	X(LD_register_variable, 2, "name", "value") \
	X(LD_register_variables, 1, "variables") \
	X(LD_start_dashboard, 0, "host", "port", "refresh_seconds", "window_seconds") \
	X(LD_start_influxdb_sink, 0, "transport", "host", "port", "url", "token", "measurement", "timeout") \
	X(LD_start_opentelemetry_exporter, 0, "endpoint", "service_name", "export_interval_ms") \
	X(LD_start_prometheus_exporter, 0, "port", "addr") \
	X(LD_start_socket_server, 0, "host", "port", "framed", "token", "certfile", "keyfile") \
	X(LD_start_statsd_sink, 0, "host", "port", "prefix") \
	X(LD_start_test, 0, NULL) /* its table is in config.c */ \
	X(LD_stop_dashboard, 0, NULL) \
	X(LD_stop_influxdb_sink, 0, NULL) \
	X(LD_stop_opentelemetry_exporter, 0, NULL) \
	X(LD_stop_prometheus_exporter, 0, NULL) \
	X(LD_stop_statsd_sink, 0, NULL) \
	X(LD_summary, 0, NULL) \
	X(LD_uninstall_failure_budget, 0, NULL) \
	X(LD_uninstall_network_conditioner, 0, NULL)
/* clang-format on */

#define ROW(name_, required_, ...) { #name_, required_, { __VA_ARGS__ } },
static const struct ldi_command commands[] = { LDI_COMMAND_MAP(ROW) };
#undef ROW

#define NAME(name_, ...) #name_,
static const char *const names[] = { LDI_COMMAND_MAP(NAME) NULL };
#undef NAME

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))
_Static_assert(N_COMMANDS == 66, "the catalogue has 66 commands");

/* Python's functions that only compute with what they are given. */
static const char *const builtins[] = { "abs", "all", "any", "ascii", "bin",
	"chr", "divmod", "format", "hex", "len", "max", "min", "oct", "ord",
	"pow", "print", "range", "repr", "round", "sorted", "sum", NULL };

/* Those that run code or open files. */
static const char *const refused[] = { "__import__", "breakpoint", "compile",
	"eval", "exec", "input", "open", NULL };

static const char *
find(const char *const *list, const char *name)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, name) == 0)
			return *list;
	return NULL;
}

static int
compare(const void *name, const void *row)
{
	return strcmp(name, ((const struct ldi_command *)row)->name);
}

const struct ldi_command *
ldi_command_find(const char *name)
{
	return bsearch(
	    name, commands, N_COMMANDS, sizeof(commands[0]), compare);
}

const char *const *
ld_command_names(void)
{
	return names;
}

bool
ld_command_exists(const char *name)
{
	return ldi_command_find(name) != NULL;
}

/* The nearest may be a prefix away: "start_test". */
static const char *
nearest(const char *word)
{
	const char *best;
	char prefixed[64] = "LD_";
	size_t len = strlen(word);

	best = ld_err_nearest(word, names, N_COMMANDS, sizeof(names[0]));
	if (best == NULL && len < sizeof(prefixed) - 3) {
		memcpy(prefixed + 3, word, len + 1);
		best = ld_err_nearest(
		    prefixed, names, N_COMMANDS, sizeof(names[0]));
	}
	if (best == NULL)
		best = ld_err_nearest(word, builtins,
		    sizeof(builtins) / sizeof(builtins[0]) - 1,
		    sizeof(builtins[0]));
	return best;
}

enum ld_status
ldi_command_name(struct ld_node node, const char **name_out, struct ld_err *err)
{
	const struct ldi_command *command;
	struct ld_buf buf;
	const char *word, *best;
	enum ld_status st = LD_OK;

	if (ldi_node_kind(node) != LD_JSON_STRING)
		return ld_node_error(node, err, LD_INVALID,
		    "a command is a string such as \"LD_start_test\", not %s",
		    ldi_node_article(node));
	ld_buf_init(&buf, 4096);
	ld_json_text(node.json, node.ref, &buf);
	word = ld_buf_str(&buf);
	if (word == NULL)
		word = "(a name of more than 4096 bytes)";
	command = ldi_command_find(word);
	*name_out = command != NULL ? command->name : find(builtins, word);
	if (*name_out == NULL && find(refused, word) != NULL)
		st = ld_node_error(node, err, LD_INVALID,
		    "'%s' is refused: a plan must not run code or open files",
		    word);
	else if (*name_out == NULL && (best = nearest(word)) != NULL)
		st = ld_node_error(node, err, LD_INVALID,
		    "unknown command '%s'; did you mean '%s'?", word, best);
	else if (*name_out == NULL)
		st = ld_node_error(
		    node, err, LD_INVALID, "unknown command '%s'", word);
	ld_buf_clear(&buf);
	return st;
}

const char *const *
ldi_command_builtins(void)
{
	return builtins;
}

unsigned
ldi_command_params(const struct ldi_command *command)
{
	unsigned n = 0;

	while (n < LDI_COMMAND_PARAMS && command->params[n] != NULL)
		n++;
	return n;
}

static enum ld_status
check_keys(const struct ldi_command *command, struct ld_node action,
    struct ld_node args, struct ld_err *err)
{
	unsigned n = ldi_command_params(command), found, required = 0;
	struct ld_node key;

	for (key = ldi_node_first(args); ldi_node_present(key);
	     key = ldi_node_next(args, key)) {
		for (found = 0; found < n; found++)
			if (ld_json_is(
				key.json, key.ref, command->params[found]))
				break;
		if (found == n)
			return ldi_node_unknown(key, "parameter",
			    command->params, n, sizeof(command->params[0]),
			    err);
		required += found < command->required;
	}
	for (found = 0; required < command->required; found++)
		if (!ldi_node_present(
			ld_node_get(args, command->params[found])))
			return ld_node_error(action, err, LD_INVALID,
			    "%s needs '%s'", command->name,
			    command->params[found]);
	return LD_OK;
}

enum ld_status
ldi_command_check(const char *name, struct ld_node action, struct ld_node args,
    struct ld_err *err)
{
	const struct ldi_command *command = ldi_command_find(name);
	unsigned n, given;

	if (command == NULL || strcmp(name, "LD_start_test") == 0)
		return LD_OK;
	if (ldi_node_kind(args) == LD_JSON_OBJECT || !ldi_node_present(args))
		return check_keys(command, action, args, err);
	n = ldi_command_params(command);
	given = ld_json_count(args.json, args.ref);
	if (given > n)
		return ld_node_error(args, err, LD_INVALID,
		    "%s takes at most %u argument%s, not %u", name, n,
		    n == 1 ? "" : "s", given);
	if (given < command->required)
		return ld_node_error(args, err, LD_INVALID, "%s needs '%s'",
		    name, command->params[given]);
	return LD_OK;
}
