/* SPDX-License-Identifier: MIT */
/* ld-run - send the load of a plan, record everything. */
#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ld/exec.h>
#include <ld/limits.h>
#include <ld/num.h>
#include <ld/report.h>

#include "common/cmd.h"
#include "common/file.h"
#include "common/terminal.h"
#include "run_pins.h"
#include "run_schedule.h"
#include "run_schema.h"
#include "run_signals.h"
#include "run_watch.h"

struct config {
	struct cmd_common common;
	struct ld_overrides load;
	uint64_t threads;
	const char *samples;
	const char *proxy;
	struct ld_opt_list resolve, connect_to, vars, inline_plans;
	const char *execute_file, *execute_dir, *execute_str;
	const char *output;
	uint64_t spill_max;
	unsigned progress;
	bool has_progress, ndjson, quiet, strict, dry, spin;
	struct ld_opt_list stages;
	unsigned schema;
	bool has_schema;
};

static const char *const *
sample_hints(void)
{
	static const char *const hints[] = { "all", "failures", "none", NULL };

	return hints;
}

static const char *const progress_kinds[] = { "auto", "plain", "none", NULL };

#define C struct config
static const struct ld_opt options[] = {
	LD_OPT_GROUP("Load"),
	LD_OPT_COUNT('u', "users", C, load.users, "n", NULL, 1, 0,
	    "simulate this many users", LD_OPT_GIVEN(C, load.has_users)),
	LD_OPT_RATE('r', "spawn-rate", C, load.spawn_rate, NULL,
	    "start this many users per second", LD_OPT_GIVEN(C, load.has_rate)),
	LD_OPT_DURATION('t', "time", C, load.time_ns, NULL,
	    "start nothing new after this long",
	    LD_OPT_GIVEN(C, load.has_time)),
	LD_OPT_COUNT('n', "passes", C, load.passes, "n", NULL, 1, 0,
	    "end after this many passes of each user, or arrivals",
	    LD_OPT_GIVEN(C, load.has_passes)),
	LD_OPT_RANGE(0, "wait", C, load.wait, NULL,
	    "pause between passes: a duration or MIN..MAX",
	    LD_OPT_GIVEN(C, load.has_wait)),
	LD_OPT_STRING(0, "user", C, load.user, "type", NULL,
	    "the user type that sends the plan", LD_OPT_HINTS(cmd_user_types)),
	LD_OPT_DURATION(0, "timeout", C, load.timeout_ns, NULL,
	    "give up on an exchange after this long",
	    LD_OPT_GIVEN(C, load.has_timeout)),
	LD_OPT_DURATION(0, "grace", C, load.grace_ns, NULL,
	    "wait this long for exchanges in flight at the end",
	    LD_OPT_GIVEN(C, load.has_grace)),
	LD_OPT_COUNT(0, "seed", C, load.seed, "n", NULL, 0, 0,
	    "draw all random values from this seed",
	    LD_OPT_GIVEN(C, load.has_seed)),
	LD_OPT_COUNT(0, "threads", C, threads, "n", "0", 0, 1024,
	    "send from this many threads; 0 takes the cores there are"),
	LD_OPT_FLAG(0, "spin", C, spin,
	    "never sleep between two starts: the least lateness, for a core "
	    "per thread"),
	LD_OPT_GROUP("Open model"),
	LD_OPT_RATE(0, "rate", C, load.arrival_rate, NULL,
	    "begin this many passes per second, whatever became of those "
	    "before",
	    LD_OPT_GIVEN(C, load.has_arrival_rate)),
	LD_OPT_STRINGS(0, "stage", C, stages, "duration:rate",
	    "bring the rate to this one in a straight line; of several, one "
	    "behind the other"),
	LD_OPT_FLAG(0, "poisson", C, load.poisson,
	    "random gaps between arrivals, as of independent people; "
	    "otherwise even ones"),
	LD_OPT_COUNT(0, "sessions", C, load.sessions, "n", NULL, 1, 0,
	    "at most this many at once; an arrival that finds them all busy "
	    "is not started, and counted",
	    LD_OPT_GIVEN(C, load.has_sessions)),
	LD_OPT_FLAG(0, "keep-sessions", C, load.keep_sessions,
	    "variables and cookies stay with the session; otherwise each "
	    "arrival is a new visitor"),
	LD_OPT_FLAG(0, "dry", C, dry,
	    "send nothing: write the plan with every arrival and its time, "
	    "which ld-run reads in turn"),
	LD_OPT_GROUP("Connections"),
	LD_OPT_STRINGS(0, "resolve", C, resolve, "host:port:address",
	    "connect to this address instead of looking the host up; several "
	    "are separated by commas"),
	LD_OPT_STRINGS(0, "connect-to", C, connect_to,
	    "host1:port1:host2:port2",
	    "connect to the second instead of the first; an empty first part "
	    "is any, an empty second one the same"),
	LD_OPT_STRING(0, "cacert", C, load.cacert, "file", NULL,
	    "trust the authorities of this PEM file, instead of the system's"),
	LD_OPT_STRING(0, "proxy", C, proxy, "url", NULL,
	    "refused: http_user will have it", LD_OPT_HIDDEN),
	LD_OPT_GROUP("Plan"),
	LD_OPT_STRINGS(0, "var", C, vars, "name=value",
	    "set ${var.name}; wins over the plan"),
	LD_OPT_STRINGS('e', "inline", C, inline_plans, "json",
	    "run this plan or action JSON"),
	LD_OPT_STRING(0, "execute_file", C, execute_file, "file", NULL,
	    "run this file, as an operand would"),
	LD_OPT_STRING(0, "execute_dir", C, execute_dir, "directory", NULL,
	    "run the *.json files below this directory, in order of name"),
	LD_OPT_STRING(0, "execute_str", C, execute_str, "json", NULL,
	    "run this action JSON, as --inline would"),
	LD_OPT_GROUP("Output"),
	LD_OPT_STRING('o', "output", C, output, "file", NULL,
	    "write the result stream to this file"),
	LD_OPT_STRING(0, "samples", C, samples, "which", "all",
	    "record these samples: all, failures, none, or a share of them in "
	    "(0, 1]",
	    LD_OPT_HINTS(sample_hints)),
	LD_OPT_SIZE(0, "spill-max", C, spill_max, "1GiB",
	    "keep at most this much in an unlinked file while the reader is "
	    "slow, then shed samples"),
	LD_OPT_FLAG(0, "ndjson", C, ndjson,
	    "write the result stream even when standard output is a terminal"),
	LD_OPT_CHOICE(0, "progress", C, progress, "how", progress_kinds, "auto",
	    "show progress on standard error: auto rewrites two lines on a "
	    "terminal and writes one per 30 s elsewhere; plain always does "
	    "that",
	    LD_OPT_GIVEN(C, has_progress)),
	LD_OPT_FLAG('q', "quiet", C, quiet, "no progress and no remarks"),
	LD_OPT_FLAG(
	    0, "strict", C, strict, "exit with 3 when a run is invalid"),
	LD_OPT_GROUP("Other"),
	LD_OPT_CHOICE(0, "schema", C, schema, "what", run_schemas, NULL,
	    "print the JSON Schema of a record of a plan stream, an action "
	    "document, a record of a result stream, or a summary",
	    LD_OPT_GIVEN(C, has_schema)),
	CMD_COMMON_OPTIONS(C),
};
#undef C

/* What is alive during one execution. */
struct session {
	const struct config *config;
	struct ld_doc *doc;
	struct ld_exec *exec;
	struct ld_writer *writer;
	struct run_watch watch;
	struct ld_exec_options options;
	struct ld_exec_outcome outcome;
	bool human; /* a summary on stdout, which is a terminal */
	int fd;     /* of the stream; -1 = nobody reads it */
};

static const struct cmd ld_run_cmd;

/* -- the command line ----------------------------------------------------- */

static enum ld_status
read_samples(const char *text, struct ld_run_options *run, struct ld_err *err)
{
	static const char *const names[] = { "all", "failures", "none" };
	static const enum ld_samples values[] = { LD_SAMPLES_ALL,
		LD_SAMPLES_FAILURES, LD_SAMPLES_NONE };

	for (size_t i = 0; i < 3; i++)
		if (strcmp(text, names[i]) == 0) {
			run->samples = values[i];
			return LD_OK;
		}
	run->samples = LD_SAMPLES_RATE;
	if (ld_num_double(text, strlen(text), &run->sample_rate, NULL) ==
		LD_OK &&
	    run->sample_rate > 0 && run->sample_rate <= 1)
		return LD_OK;
	return ld_err_set(err, LD_INVALID,
	    "--samples: '%s' is not all, failures, none or a share in (0, 1]",
	    text);
}

static enum ld_status
check_config(const struct config *config, struct ld_err *err)
{
	if (config->load.has_rate && !(config->load.spawn_rate > 0))
		return ld_err_set(
		    err, LD_INVALID, "--spawn-rate: must be more than 0");
	if (config->load.has_timeout && config->load.timeout_ns == 0)
		return ld_err_set(
		    err, LD_INVALID, "--timeout: must be more than 0");
	if (config->quiet && config->has_progress &&
	    config->progress != RUN_PROGRESS_NONE)
		return ld_err_set(
		    err, LD_INVALID, "--quiet leaves --progress no effect");
	if ((config->load.has_arrival_rate || config->stages.n > 0) &&
	    (config->load.has_users || config->load.has_rate ||
		config->load.has_wait))
		return ld_err_set(err, LD_INVALID,
		    "--rate and --stage make passes begin with arrivals: "
		    "--users, --spawn-rate and --wait have no effect then");
	if (config->proxy != NULL)
		return ld_err_set(err, LD_INVALID,
		    "--proxy: http_user is the user type that will have it");
	for (size_t i = 0; i < config->vars.n; i++) {
		const char *equals = strchr(config->vars.items[i], '=');

		if (equals == NULL || equals == config->vars.items[i])
			return ld_err_set(err, LD_INVALID,
			    "--var: '%s' is not NAME=VALUE",
			    config->vars.items[i]);
	}
	if (config->dry && config->connect_to.n > 0)
		return ld_err_set(err, LD_INVALID,
		    "--dry leaves --connect-to no effect: give it to the "
		    "ld-run that reads the plan");
	return run_pins_check(&config->resolve, &config->connect_to, err);
}

/* Is there anything to run but stdin? */
static bool
names_a_plan(const struct config *config, int argc)
{
	return argc > 0 || config->inline_plans.n > 0 ||
	       config->execute_file != NULL || config->execute_dir != NULL ||
	       config->execute_str != NULL;
}

/* -- inputs --------------------------------------------------------------- */

static enum ld_status
add_text(
    struct ld_doc *doc, const char *name, const char *text, struct ld_err *err)
{
	return ld_doc_add_text(doc, name, text, strlen(text), err);
}

static enum ld_status
add_inputs(struct session *s, int argc, char **argv, struct ld_err *err)
{
	const struct config *config = s->config;
	enum ld_status st = LD_OK;

	if (!names_a_plan(config, argc))
		return ld_doc_add_path(s->doc, "-", err);
	for (int i = 0; i < argc && st == LD_OK; i++)
		st = ld_doc_add_path(s->doc, argv[i], err);
	if (st == LD_OK && config->execute_file != NULL)
		st = ld_doc_add_path(s->doc, config->execute_file, err);
	if (st == LD_OK && config->execute_dir != NULL)
		st = ld_doc_add_path(s->doc, config->execute_dir, err);
	if (st == LD_OK && config->execute_str != NULL)
		st =
		    add_text(s->doc, "--execute_str", config->execute_str, err);
	for (size_t i = 0; i < config->inline_plans.n && st == LD_OK; i++)
		st = add_text(s->doc, "-e", config->inline_plans.items[i], err);
	return st;
}

/* -- output --------------------------------------------------------------- */

/* None of the files that were read may be written. */
static enum cmd_exit
open_stream(struct session *s, struct ld_err *err)
{
	size_t n;
	const char *const *inputs = ld_doc_paths(s->doc, &n);

	return cmd_open_output(s->config->output, inputs, n, &s->fd, err);
}

static enum cmd_exit
open_output(struct session *s, struct ld_err *err)
{
	const struct config *config = s->config;
	bool terminal = isatty(STDOUT_FILENO);

	s->human = terminal && !config->ndjson &&
		   !(config->output != NULL && config->quiet);
	if (s->human && config->output == NULL)
		return CMD_YES;
	return open_stream(s, err);
}

static enum ld_status
open_writer(struct session *s, struct ld_err *err)
{
	const struct config *config = s->config;
	/* No line is rewritten where the stream is written. */
	bool mixed = s->fd != -1 && isatty(s->fd);
	enum run_progress how = (enum run_progress)config->progress;
	enum ld_status st;
	struct ld_writer_options stream = {
		.fd = s->fd,
		.spill_max_bytes = config->spill_max,
		.spool = s->human || ld_exec_reads_records(s->exec),
	};

	if (config->quiet || (mixed && how == RUN_PROGRESS_AUTO))
		how = RUN_PROGRESS_NONE;
	st = run_watch_init(&s->watch, how, !s->human, err);
	if (st != LD_OK)
		return st;
	if (s->watch.progress != NULL) {
		stream.observe = run_watch_line;
		stream.observe_ctx = &s->watch;
	}
	return ld_writer_new(&stream, &s->writer, err);
}

/* The whole of the summary, for people. */
static enum ld_status
print_summary(struct session *s, struct ld_err *err)
{
	const struct ld_report_options how = {
		.color = cmd_terminal_colors(CMD_COLOR_AUTO, STDOUT_FILENO),
		.width = cmd_terminal_width(STDOUT_FILENO),
	};
	const struct ld_reporter *text = ld_reporter_find("text", err);
	struct ld_summary *summary;
	struct ld_buf out;
	enum ld_status st;

	if (text == NULL)
		return err->status;
	st = ld_writer_summary(s->writer, &summary, err);
	if (st != LD_OK)
		return st;
	ld_buf_init(&out, LD_MAX_DOCUMENT);
	if (ld_summary_runs(summary) > 0)
		st = text->write(summary, &how, &out, err);
	if (st == LD_OK)
		st = cmd_write_output(STDOUT_FILENO, NULL, &out, err);
	ld_buf_clear(&out);
	ld_summary_free(summary);
	return st;
}

/* -- the outcome ---------------------------------------------------------- */

static void
note_ledger(const struct ld_ledger *ledger)
{
	cmd_note("the reader left: %" PRIu64 " started, %" PRIu64
		 " succeeded, %" PRIu64 " failed, %" PRIu64 " aborted",
	    ledger->started, ledger->success, ld_ledger_failures(ledger),
	    ledger->aborted);
}

/* The class that most failures have. */
static enum ld_class
main_failure(const struct ld_ledger *ledger)
{
	enum ld_class most = LD_CLASS_NONE;

	for (unsigned i = 0; i < LD_CLASS_N; i++)
		if (ledger->failure[i] > ledger->failure[most])
			most = (enum ld_class)i;
	return most;
}

static enum cmd_exit
judge(const struct session *s, struct ld_err *err)
{
	const struct ld_exec_outcome *o = &s->outcome;
	enum ld_class cls = main_failure(&o->ledger);

	if (o->runs > 0 && o->runs_connected == 0 && o->ledger.started > 0) {
		ld_err_set(err, LD_IO,
		    "nothing ever connected: %" PRIu64 " of %" PRIu64
		    " failed, mostly %s (%s)",
		    ld_ledger_failures(&o->ledger), o->ledger.started,
		    cls == LD_CLASS_NONE ? "unexplained" : ld_class_name(cls),
		    ld_class_advice(cls));
		return CMD_UNREACHED;
	}
	if (s->config->strict && o->runs_invalid > 0) {
		ld_err_set(err, LD_TORN,
		    "%" PRIu64 " of %" PRIu64
		    " runs invalid: see validity in their end record",
		    o->runs_invalid, o->runs);
		return CMD_UNJUDGED;
	}
	if (o->actions_failed > 0) {
		*err = o->first_failure;
		if (o->actions_failed > 1)
			ld_err_context(err,
			    "first of %" PRIu64 " failed actions",
			    o->actions_failed);
		return CMD_NO;
	}
	return CMD_YES;
}

/* Is the stream all there?  Otherwise that is what to tell. */
static enum cmd_exit
close_stream(struct session *s, struct ld_err *err)
{
	struct ld_err fault = LD_ERR_INIT;
	enum ld_status st = ld_writer_flush(s->writer, &fault);

	run_watch_clear(&s->watch);
	if (st == LD_CANCELED) {
		note_ledger(&s->outcome.ledger);
		cmd_end_by_signal(SIGPIPE);
		*err = (struct ld_err)LD_ERR_INIT;
		return CMD_YES;
	}
	if (st == LD_OK && s->human)
		st = print_summary(s, &fault);
	if (st == LD_OK && s->fd != -1)
		st = cmd_close_output(s->fd, s->config->output, &fault);
	if (st == LD_OK)
		return CMD_YES;
	*err = fault;
	return CMD_OUTPUT;
}

static enum cmd_exit
execute(struct session *s, struct ld_err *err)
{
	enum ld_status st;
	enum cmd_exit stream, status;

	run_signals_catch();
	st = ld_exec_run(s->exec, s->writer, &s->outcome, err);
	/* A run that was told to stop is judged like any other. */
	status = st == LD_OK || st == LD_CANCELED ? judge(s, err)
						  : cmd_exit_for_input(st);
	stream = close_stream(s, err);
	if (run_signals_first() != 0)
		cmd_end_by_signal(run_signals_first());
	return stream == CMD_YES ? status : cmd_worse(stream, status);
}

/* Nothing is sent: the schedule is what is written. */
static enum cmd_exit
write_schedule(struct session *s, struct ld_err *err)
{
	enum cmd_exit status = open_stream(s, err);

	return status != CMD_YES ? status
				 : run_schedule_write(s->doc, &s->options,
				       s->fd, s->config->output, err);
}

/* As many connections as the hard limit lets us have. */
static void
allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static enum cmd_exit
run_session(struct session *s, int argc, char **argv, struct ld_err *err)
{
	enum ld_status st = add_inputs(s, argc, argv, err);
	enum cmd_exit status;

	if (st == LD_OK)
		st = ld_exec_new(s->doc, &s->options, &s->exec, err);
	if (st != LD_OK)
		return cmd_exit_for_input(st);
	if (s->config->dry)
		return write_schedule(s, err);
	status = open_output(s, err);
	if (status != CMD_YES)
		return status;
	allow_descriptors();
	if (open_writer(s, err) != LD_OK)
		return CMD_OUTPUT;
	status = execute(s, err);
	ld_writer_free(s->writer);
	return status;
}

static enum cmd_exit
run_with(const struct config *config, const struct ld_stage *stages, int argc,
    char **argv, struct ld_err *err)
{
	struct session s = { .config = config, .fd = -1 };
	enum cmd_exit status;

	s.options = (struct ld_exec_options){
		.overrides = config->load,
		.vars = config->vars.items,
		.n_vars = config->vars.n,
		.talk = config->quiet ? NULL : stderr,
		.run = { .threads = (unsigned)config->threads,
		    .spin = config->spin,
		    .control = run_signals_control() },
	};
	s.options.overrides.stages = stages;
	s.options.overrides.n_stages = config->stages.n;
	s.options.overrides.resolve = config->resolve.items;
	s.options.overrides.n_resolve = config->resolve.n;
	s.options.overrides.connect_to = config->connect_to.items;
	s.options.overrides.n_connect_to = config->connect_to.n;
	if (check_config(config, err) != LD_OK ||
	    read_samples(config->samples, &s.options.run, err) != LD_OK)
		return CMD_USAGE;
	if (config->has_schema)
		return run_schema_print(
		    config->schema, names_a_plan(config, argc), err);
	if (!names_a_plan(config, argc) && isatty(STDIN_FILENO)) {
		cmd_help(&ld_run_cmd);
		return CMD_USAGE;
	}
	s.doc = ld_doc_new();
	if (s.doc == NULL) {
		ld_err_set(err, LD_NOMEM, "out of memory");
		return CMD_BUG;
	}
	status = run_session(&s, argc, argv, err);
	ld_exec_free(s.exec);
	ld_doc_free(s.doc);
	return status;
}

static enum cmd_exit
run(const void *opaque, int argc, char **argv, struct ld_err *err)
{
	const struct config *config = opaque;
	struct ld_stage *stages = calloc(config->stages.n + 1, sizeof(*stages));
	enum cmd_exit status = CMD_USAGE;

	if (stages == NULL) {
		ld_err_set(err, LD_NOMEM, "out of memory");
		return CMD_BUG;
	}
	if (run_stages_read(&config->stages, stages, err) == LD_OK)
		status = run_with(config, stages, argc, argv, err);
	free(stages);
	return status;
}

static const struct ld_opt_word examples[] = {
	{ "ld-run -u 50 -r 10/s -t 30s shop.plan |\n"
	  "    ld-report html >shop.html",
	    "fifty users for half a minute, and a page about it" },
	{ "ld-run --rate 200/s --poisson -t 1m -o shop.ndjson shop.plan",
	    "200 visitors per second, as they come, whatever the server does" },
	{ "ld-run --var base=https://staging.example -u 1 -n 1 shop.plan",
	    "try a plan once, against another server, before it is sent in "
	    "earnest" },
	{ NULL, NULL },
};

static const struct cmd ld_run_cmd = {
	.name = "ld-run",
	.summary = "send the load of a plan, record everything",
	.operands = "[plan ...]",
	.examples = examples,
	.options = options,
	.config_size = sizeof(struct config),
	.run = run,
};

int
main(int argc, char **argv)
{
	return cmd_main(&ld_run_cmd, argc, argv);
}
