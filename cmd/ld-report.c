/* SPDX-License-Identifier: MIT */
/* ld-report - make a document from a result stream. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ld/compat.h>
#include <ld/limits.h>
#include <ld/report.h>

#include "common/cmd.h"
#include "common/file.h"
#include "common/terminal.h"

struct config {
	struct cmd_common common;
	const char *output, *title;
	unsigned color;
	bool has_color, compat, csv_raw, annotations, exit_zero;
};

static const char *const colors[] = { "auto", "always", "never", NULL };

static const struct ld_opt options[] = {
	LD_OPT_STRING('o', "output", struct config, output, "file", NULL,
	    "write to this file instead of standard output"),
	LD_OPT_STRING(0, "title", struct config, title, "text", NULL,
	    "the title of the document"),
	LD_OPT_CHOICE(0, "color", struct config, color, "when", colors, "auto",
	    "colour the text report", LD_OPT_GIVEN(struct config, has_color)),
	LD_OPT_FLAG(0, "compat", struct config, compat,
	    "write the document as LoadDensity in Python did: an entry for "
	    "each record; json and xml are two files beside --output"),
	LD_OPT_FLAG(0, "csv-raw", struct config, csv_raw,
	    "csv: keep text as it is, even where a spreadsheet would compute "
	    "it"),
	LD_OPT_FLAG(0, "annotations", struct config, annotations,
	    "github: print annotations, as commands of a workflow, instead of "
	    "the summary"),
	LD_OPT_FLAG(0, "exit-zero", struct config, exit_zero,
	    "exit with 0 once the document is written, whatever it says"),
	CMD_COMMON_OPTIONS(struct config),
};

#define FORMATS_MAX 32

static const struct ld_opt_word *
formats(void)
{
	static struct ld_opt_word list[FORMATS_MAX + 1];
	const struct ld_reporter *const *all = ld_reporters();

	for (size_t i = 0; i < FORMATS_MAX && all[i] != NULL; i++)
		list[i] = (struct ld_opt_word){ all[i]->name, all[i]->summary };
	return list;
}

/* What is made of the records. */
struct job {
	const struct config *config;
	const struct ld_reporter *reporter;
	struct ld_summary *summary;
	struct ld_compat *compat; /* NULL = not wanted */
	const char *const *paths;
	size_t n;
};

/* Every record of one input.  Lines of which not one is a record are no
 * result stream. */
static enum ld_status
add_stream(const struct job *job, struct ld_reader *reader, struct ld_err *err)
{
	struct ld_summary *summary = job->summary;
	struct ld_record record;
	enum ld_status st;
	bool more = true, any = false;

	for (;;) {
		st = ld_reader_next(reader, &record, &more, err);
		if (st != LD_OK || !more)
			break;
		any = true;
		st = ld_summary_add(summary, &record, err);
		if (st == LD_OK && job->compat != NULL)
			st = ld_compat_add(job->compat, &record, err);
		if (st != LD_OK)
			break;
	}
	if (st == LD_OK && !any && ld_reader_bad_lines(reader) > 0) {
		*err = *ld_reader_first_bad(reader);
		return ld_err_context(
		    err, "no result stream, which is what ld-run writes");
	}
	if (ld_reader_bad_lines(reader) > 0 || ld_reader_torn(reader))
		ld_summary_note_bad(summary, ld_reader_bad_lines(reader),
		    ld_reader_torn(reader));
	return st;
}

static enum ld_status
add_input(const struct job *job, const char *path, struct ld_err *err)
{
	const char *name = cmd_input_name(path);
	int fd = cmd_open_input(path, err);
	struct ld_reader *reader;
	enum ld_status st;

	if (fd == -1)
		return LD_IO;
	reader = ld_reader_new(fd, name, NULL, NULL);
	if (reader == NULL) {
		cmd_close_input(fd);
		return ld_err_set(err, LD_NOMEM, "%s: out of memory", name);
	}
	st = add_stream(job, reader, err);
	if (st == LD_OK && ld_reader_bad_lines(reader) > 0) {
		const struct ld_err *bad = ld_reader_first_bad(reader);

		cmd_note("%s:%u:%u: %s (%" PRIu64 " bad lines were left out)",
		    bad->file, bad->line, bad->column, bad->text,
		    ld_reader_bad_lines(reader));
	}
	ld_reader_free(reader);
	cmd_close_input(fd);
	return st;
}

/* What the runs themselves say, for a pipeline without pipefail. */
static enum cmd_exit
judge(const struct ld_summary *summary)
{
	if (ld_summary_wholeness(summary) == LD_STREAM_INCOMPLETE ||
	    ld_summary_validity(summary) == LD_RUN_INVALID)
		return CMD_UNJUDGED;
	return ld_summary_has_failed_verdict(summary) ? CMD_NO : CMD_YES;
}

static bool
is_text(const struct ld_reporter *reporter)
{
	return strcmp(reporter->name, "text") == 0;
}

static enum ld_status
make(const struct job *job, int fd, struct ld_err *err)
{
	const struct config *config = job->config;
	const struct ld_report_options how = {
		.color = is_text(job->reporter) &&
			 cmd_terminal_colors((enum cmd_color)config->color, fd),
		.width = cmd_terminal_width(fd),
		.csv_raw = config->csv_raw,
		.annotations = config->annotations,
		.title = config->title,
	};
	struct ld_buf out;
	enum ld_status st;

	ld_buf_init(&out, LD_MAX_DOCUMENT);
	st = job->reporter->write(job->summary, &how, &out, err);
	if (st == LD_OK)
		st = ld_buf_status(&out, "the document", err);
	if (st == LD_OK)
		st = cmd_write_output(fd, config->output, &out, err);
	ld_buf_clear(&out);
	return st;
}

/* Document `i` of them, at `path`. */
static enum cmd_exit
write_document(
    const struct job *job, size_t i, const char *path, struct ld_err *err)
{
	enum cmd_exit status;
	enum ld_status st;
	int fd;

	status = cmd_open_output(path, job->paths, job->n, &fd, err);
	if (status != CMD_YES)
		return status;
	st = job->compat != NULL ? ld_compat_write(job->compat, i, fd, err)
				 : make(job, fd, err);
	if (st != LD_OK) {
		cmd_close_output(fd, path, NULL);
		return CMD_OUTPUT;
	}
	return cmd_close_output(fd, path, err) == LD_OK ? CMD_YES : CMD_OUTPUT;
}

/* One file for each outcome, as the original names them. */
static enum cmd_exit
write_pair(const struct job *job, struct ld_err *err)
{
	enum cmd_exit status = CMD_YES;
	struct ld_buf path;

	ld_buf_init(&path, 8192);
	for (size_t i = 0; i < 2 && status == CMD_YES; i++) {
		ld_buf_reset(&path);
		ld_buf_addf(&path, "%s%s", job->config->output,
		    ld_compat_suffix(job->compat, i));
		if (ld_buf_str(&path) == NULL) {
			ld_err_set(err, LD_INVALID, "--output: too long");
			status = CMD_USAGE;
		} else {
			status = write_document(job, i, ld_buf_str(&path), err);
		}
	}
	ld_buf_clear(&path);
	return status;
}

static enum cmd_exit
write_all(const struct job *job, struct ld_err *err)
{
	enum cmd_exit status;

	if (job->compat != NULL && ld_compat_check(job->compat, err) != LD_OK) {
		ld_err_context(err, "no samples in the stream");
		return CMD_INPUT;
	}
	status = job->compat != NULL && ld_compat_files(job->compat) == 2
		     ? write_pair(job, err)
		     : write_document(job, 0, job->config->output, err);
	if (status != CMD_YES || job->config->exit_zero)
		return status;
	return judge(job->summary);
}

static enum cmd_exit
read_all(const struct job *job, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; i < job->n && st == LD_OK; i++)
		st = add_input(job, job->paths[i], err);
	if (st == LD_OK)
		st = ld_summary_finish(job->summary, err);
	if (st != LD_OK)
		return cmd_exit_for_input(st);
	if (ld_summary_wholeness(job->summary) != LD_STREAM_EMPTY)
		return CMD_YES;
	ld_err_set(err, LD_TORN, "%s: no records",
	    job->n == 1 ? cmd_input_name(job->paths[0]) : "the inputs");
	return CMD_UNJUDGED;
}

static enum cmd_exit
report(struct job *job, struct ld_err *err)
{
	enum cmd_exit status = CMD_USAGE;

	job->summary = ld_summary_new();
	if (job->summary == NULL) {
		ld_err_set(err, LD_NOMEM, "out of memory");
		return CMD_BUG;
	}
	if (!job->config->compat ||
	    ld_compat_new(job->reporter->name, &job->compat, err) == LD_OK)
		status = read_all(job, err);
	else if (err->status != LD_INVALID)
		status = CMD_OUTPUT;
	if (status == CMD_YES)
		status = write_all(job, err);
	ld_compat_free(job->compat);
	ld_summary_free(job->summary);
	return status;
}

/* Is every option of use for this format? */
static enum cmd_exit
check(const struct config *config, const char *format, struct ld_err *err)
{
	bool pair = config->compat &&
		    (strcmp(format, "json") == 0 || strcmp(format, "xml") == 0);

	if (config->has_color && strcmp(format, "text") != 0)
		return cmd_usage(
		    err, "--color has no effect on format '%s'", format);
	if (config->csv_raw && strcmp(format, "csv") != 0)
		return cmd_usage(
		    err, "--csv-raw has no effect on format '%s'", format);
	if (config->annotations && strcmp(format, "github") != 0)
		return cmd_usage(
		    err, "--annotations has no effect on format '%s'", format);
	if (pair &&
	    (config->output == NULL || strcmp(config->output, "-") == 0))
		return cmd_usage(err,
		    "%s --compat is two files: --output BASE gives "
		    "BASE_success.%s and BASE_failure.%s",
		    format, format, format);
	return CMD_YES;
}

static enum cmd_exit
run(const void *opaque, int argc, char **argv, struct ld_err *err)
{
	static const char *const standard_input[] = { "-" };
	const struct config *config = opaque;
	struct job job = { .paths = standard_input, .n = 1 };

	if (argc == 0)
		return cmd_usage(err, "no format: ld-report FORMAT [FILE...]");
	job.reporter = ld_reporter_find(argv[0], err);
	if (job.reporter == NULL)
		return CMD_USAGE;
	if (check(config, argv[0], err) != CMD_YES)
		return CMD_USAGE;
	job.config = config;
	if (argc > 1) {
		job.paths = (const char *const *)argv + 1;
		job.n = (size_t)argc - 1;
	}
	return report(&job, err);
}

static const struct ld_opt_word examples[] = {
	{ "ld-run -t 30s shop.plan | tee shop.ndjson | ld-report text",
	    "a few lines for the terminal, and the stream in a file" },
	{ "ld-report html -o shop.html shop.ndjson",
	    "the same run as a page to look at" },
	{ NULL, NULL },
};

static const struct cmd ld_report = {
	.name = "ld-report",
	.summary = "make a document from a result stream",
	.operands = "format [file ...]",
	.examples = examples,
	.options = options,
	.config_size = sizeof(struct config),
	.words_title = "formats",
	.words = formats,
	.run = run,
};

int
main(int argc, char **argv)
{
	return cmd_main(&ld_report, argc, argv);
}
