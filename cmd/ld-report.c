/* SPDX-License-Identifier: MIT */
/* ld-report - make a document from a result stream. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>
#include <ld/report.h>

#include "common/cmd.h"
#include "common/file.h"
#include "common/terminal.h"

struct config {
	struct cmd_common common;
	const char *output, *title;
	unsigned color;
	bool has_color, compat, csv_raw, exit_zero;
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
	    "compute the figures as LoadDensity in Python did"),
	LD_OPT_FLAG(0, "csv-raw", struct config, csv_raw,
	    "csv: keep text as it is, even where a spreadsheet would compute "
	    "it"),
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

/* Every record of one input.  Lines of which not one is a record are no
 * result stream. */
static enum ld_status
add_stream(
    struct ld_summary *summary, struct ld_reader *reader, struct ld_err *err)
{
	struct ld_record record;
	enum ld_status st;
	bool more = true, any = false;

	for (;;) {
		st = ld_reader_next(reader, &record, &more, err);
		if (st != LD_OK || !more)
			break;
		any = true;
		st = ld_summary_add(summary, &record, err);
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
add_input(struct ld_summary *summary, const char *path, struct ld_err *err)
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
	st = add_stream(summary, reader, err);
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
make(const struct config *config, const struct ld_reporter *reporter, int fd,
    const struct ld_summary *summary, struct ld_err *err)
{
	const struct ld_report_options how = {
		.color = is_text(reporter) &&
			 cmd_terminal_colors((enum cmd_color)config->color, fd),
		.width = cmd_terminal_width(fd),
		.compat = config->compat,
		.csv_raw = config->csv_raw,
		.title = config->title,
	};
	struct ld_buf out;
	enum ld_status st;

	ld_buf_init(&out, LD_MAX_DOCUMENT);
	st = reporter->write(summary, &how, &out, err);
	if (st == LD_OK)
		st = ld_buf_status(&out, "the document", err);
	if (st == LD_OK)
		st = cmd_write_output(fd, config->output, &out, err);
	ld_buf_clear(&out);
	return st;
}

static enum cmd_exit
write_document(const struct config *config, const struct ld_reporter *reporter,
    const struct ld_summary *summary, int fd, struct ld_err *err)
{
	if (make(config, reporter, fd, summary, err) != LD_OK) {
		cmd_close_output(fd, config->output, NULL);
		return CMD_OUTPUT;
	}
	if (cmd_close_output(fd, config->output, err) != LD_OK)
		return CMD_OUTPUT;
	return config->exit_zero ? CMD_YES : judge(summary);
}

static enum cmd_exit
read_all(struct ld_summary *summary, const char *const *paths, size_t n,
    struct ld_err *err)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; i < n && st == LD_OK; i++)
		st = add_input(summary, paths[i], err);
	if (st == LD_OK)
		st = ld_summary_finish(summary, err);
	if (st != LD_OK)
		return cmd_exit_for_input(st);
	if (ld_summary_wholeness(summary) != LD_STREAM_EMPTY)
		return CMD_YES;
	ld_err_set(err, LD_TORN, "%s: no records",
	    n == 1 ? cmd_input_name(paths[0]) : "the inputs");
	return CMD_UNJUDGED;
}

static enum cmd_exit
report(const struct config *config, const struct ld_reporter *reporter,
    const char *const *paths, size_t n, struct ld_err *err)
{
	struct ld_summary *summary = ld_summary_new();
	enum cmd_exit status;
	int fd;

	if (summary == NULL) {
		ld_err_set(err, LD_NOMEM, "out of memory");
		return CMD_BUG;
	}
	status = read_all(summary, paths, n, err);
	if (status == CMD_YES)
		status = cmd_open_output(config->output, paths, n, &fd, err);
	if (status == CMD_YES)
		status = write_document(config, reporter, summary, fd, err);
	ld_summary_free(summary);
	return status;
}

static enum cmd_exit
run(const void *opaque, int argc, char **argv, struct ld_err *err)
{
	static const char *const standard_input[] = { "-" };
	const struct config *config = opaque;
	const struct ld_reporter *reporter;

	if (argc == 0)
		return cmd_usage(err, "no format: ld-report FORMAT [FILE...]");
	reporter = ld_reporter_find(argv[0], err);
	if (reporter == NULL)
		return CMD_USAGE;
	if (config->has_color && !is_text(reporter))
		return cmd_usage(
		    err, "--color has no effect on format '%s'", argv[0]);
	if (config->csv_raw && strcmp(reporter->name, "csv") != 0)
		return cmd_usage(
		    err, "--csv-raw has no effect on format '%s'", argv[0]);
	if (argc == 1)
		return report(config, reporter, standard_input, 1, err);
	return report(config, reporter, (const char *const *)argv + 1,
	    (size_t)argc - 1, err);
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
