/* SPDX-License-Identifier: MIT */
/* ld-run - send the load of a plan, record everything. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ld/exec.h>
#include <ld/limits.h>
#include <ld/redact.h>
#include <ld/report.h>

#include "common/cmd.h"
#include "common/file.h"
#include "common/terminal.h"
#include "run_options.h"
#include "run_schedule.h"
#include "run_signals.h"
#include "run_tell.h"
#include "run_watch.h"

/* What is alive during one execution. */
struct session {
	const struct run_config *config;
	struct ld_doc *doc;
	struct ld_exec *exec;
	struct ld_writer *writer;
	struct run_watch watch;
	struct ld_exec_options options;
	struct ld_exec_outcome outcome;
	bool human;     /* a summary on stdout, which is a terminal */
	int fd;         /* of the stream; -1 = nobody reads it */
	int journal_fd; /* 0 = none */
};

static const struct cmd ld_run_cmd;

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
	const struct run_config *config = s->config;
	enum ld_status st = LD_OK;

	if (!run_options_plan(config, argc))
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
	const struct run_config *config = s->config;
	bool terminal = isatty(STDOUT_FILENO);

	s->human = terminal && !config->ndjson &&
		   !(config->output != NULL && config->quiet);
	if (s->human && config->output == NULL)
		return CMD_YES;
	return open_stream(s, err);
}

/* What a run left behind is not for the next one to overwrite. */
static enum cmd_exit
open_journal(struct session *s, struct ld_err *err)
{
	const char *path = s->config->journal;

	if (path == NULL)
		return CMD_YES;
	s->journal_fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->journal_fd > 0)
		return CMD_YES;
	ld_err_errno(err, errno,
	    errno == EEXIST ? "--journal %s: one that exists is not "
			      "overwritten"
			    : "--journal %s",
	    path);
	return CMD_OUTPUT;
}

static enum ld_status
open_writer(struct session *s, struct ld_err *err)
{
	const struct run_config *config = s->config;
	/* No line is rewritten where the stream is written. */
	bool mixed = s->fd != -1 && isatty(s->fd);
	enum run_progress how = (enum run_progress)config->progress;
	enum ld_status st;
	struct ld_writer_options stream = {
		.fd = s->fd,
		.spill_max_bytes = config->spill_max,
		.journal_fd = s->journal_fd,
		.spool = s->human || ld_exec_reads_records(s->exec),
		.spool_samples =
		    config->compat && ld_exec_reads_records(s->exec),
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
	if (st == LD_OK && ld_writer_journal_failed(s->writer, &fault))
		st = ld_err_context(&fault, "--journal %s", s->config->journal);
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

/* Also what is refused is explained: the numbers are why. */
static enum cmd_exit
explain(struct session *s, struct ld_err *err)
{
	enum cmd_exit status = open_stream(s, err);
	struct ld_err fault = LD_ERR_INIT;
	enum ld_status st;
	struct ld_buf out;

	if (status != CMD_YES)
		return status;
	ld_buf_init(&out, LD_MAX_DOCUMENT);
	st = ld_exec_explain(
	    s->doc, &s->options, s->config->common.json, &out, err);
	status = cmd_exit_for_input(st);
	if ((st == LD_OK || st == LD_REFUSED) &&
	    (cmd_write_output(s->fd, s->config->output, &out, &fault) !=
		    LD_OK ||
		cmd_close_output(s->fd, s->config->output, &fault) != LD_OK)) {
		*err = fault;
		status = CMD_OUTPUT;
	}
	ld_buf_clear(&out);
	return status;
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

	if (st == LD_OK && s->config->explain)
		return explain(s, err);
	if (st == LD_OK)
		st = ld_exec_new(s->doc, &s->options, &s->exec, err);
	if (st != LD_OK)
		return cmd_exit_for_input(st);
	if (s->config->dry)
		return write_schedule(s, err);
	if (ld_exec_doubt(s->exec) != NULL && !s->config->quiet)
		cmd_note("%s", ld_exec_doubt(s->exec));
	status = open_output(s, err);
	if (status != CMD_YES)
		return status;
	status = open_journal(s, err);
	if (status != CMD_YES)
		return status;
	allow_descriptors();
	status = open_writer(s, err) == LD_OK ? execute(s, err) : CMD_OUTPUT;
	ld_writer_free(s->writer);
	run_watch_clear(&s->watch);
	if (s->journal_fd > 0)
		close(s->journal_fd);
	return status;
}

/* What is in memory from here on must not be on a disk. */
static void
forbid_core(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
}

static enum cmd_exit
read_secrets(struct session *s, struct ld_err *err)
{
	const struct run_config *config = s->config;
	struct ld_redactor *redactor = ld_redactor_new();
	enum ld_status st = LD_OK;

	s->options.redactor = redactor;
	if (redactor == NULL)
		st = ld_err_set(err, LD_NOMEM, "secrets");
	else if (config->show_secrets)
		ld_redactor_show(redactor);
	if (config->secrets.n > 0)
		forbid_core();
	for (size_t i = 0; st == LD_OK && i < config->secrets.n; i++) {
		st =
		    ld_redactor_option(redactor, config->secrets.items[i], err);
		if (st == LD_INVALID)
			ld_err_context(err, "--secret");
	}
	return st == LD_INVALID ? CMD_USAGE : cmd_exit_for_input(st);
}

static enum cmd_exit
run_with(const struct run_config *config, const struct ld_stage *stages,
    int argc, char **argv, struct ld_err *err)
{
	struct session s = { .config = config, .fd = -1 };
	enum cmd_exit status;

	s.options = (struct ld_exec_options){
		.overrides = config->load,
		.vars = config->vars.items,
		.n_vars = config->vars.n,
		.talk = config->quiet ? NULL : stderr,
		.compat = config->compat,
		.run = { .threads = (unsigned)config->threads,
		    .spin = config->spin,
		    .control = run_signals_control() },
	};
	s.options.overrides.stages = stages;
	s.options.overrides.n_stages = config->stages.n;
	s.options.overrides.resolve = config->resolve.items;
	s.options.overrides.n_resolve = config->resolve.n;
	s.options.overrides.validity = config->validity.items;
	s.options.overrides.n_validity = config->validity.n;
	s.options.overrides.bind = config->bind.items;
	s.options.overrides.n_bind = config->bind.n;
	s.options.overrides.connect_to = config->connect_to.items;
	s.options.overrides.n_connect_to = config->connect_to.n;
	if (run_options_check(config, err) != LD_OK ||
	    run_options_samples(config->samples, &s.options.run, err) != LD_OK)
		return CMD_USAGE;
	if (run_tell_is_due(config))
		return run_tell(config, run_options_plan(config, argc), err);
	if (!run_options_plan(config, argc) && isatty(STDIN_FILENO)) {
		cmd_help(&ld_run_cmd);
		return CMD_USAGE;
	}
	run_signals_listen();
	s.doc = ld_doc_new();
	status = read_secrets(&s, err);
	if (s.doc == NULL) {
		ld_err_set(err, LD_NOMEM, "out of memory");
		status = CMD_BUG;
	}
	if (status == CMD_YES)
		status = run_session(&s, argc, argv, err);
	ld_redactor_err(s.options.redactor, err);
	ld_exec_free(s.exec);
	ld_doc_free(s.doc);
	ld_redactor_free(s.options.redactor);
	return status;
}

static enum cmd_exit
run(const void *opaque, int argc, char **argv, struct ld_err *err)
{
	const struct run_config *config = opaque;
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
	.options = run_options,
	.own_json = true,
	.config_size = sizeof(struct run_config),
	.run = run,
};

int
main(int argc, char **argv)
{
	return cmd_main(&ld_run_cmd, argc, argv);
}
