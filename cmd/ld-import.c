/* SPDX-License-Identifier: MIT */
/* ld-import - turn a foreign file into a plan. */
#include "config.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <ld/import.h>
#include <ld/limits.h>

#include "common/cmd.h"
#include "common/file.h"

struct config {
	struct cmd_common common;
	struct ld_opt_list include, exclude;
	const char *user, *base;
	uint64_t users;
	double spawn_rate;
	uint64_t time_ns;
	bool has_rate, has_time;
	bool action_json, quiet, no_files;
	unsigned shell;
	const char *command;
	const char *output;
};

/* In the order of enum ld_import_shell. */
static const char *const shells[] = { "auto", "posix", "cmd", NULL };

static const struct ld_opt options[] = {
	LD_OPT_GROUP("What to take"),
	LD_OPT_STRINGS('i', "include", struct config, include, "regex",
	    "take only requests whose URL matches this POSIX extended regular "
	    "expression; any of several"),
	LD_OPT_STRINGS('x', "exclude", struct config, exclude, "regex",
	    "leave out requests whose URL matches; wins over --include"),
	LD_OPT_STRING('c', "command", struct config, command, "text", NULL,
	    "read this text instead of a file: one or more command lines"),
	LD_OPT_CHOICE(0, "shell", struct config, shell, "shell", shells, "auto",
	    "whose quoting command lines have: auto, posix (sh, bash, zsh) or "
	    "cmd (cmd.exe)"),
	LD_OPT_FLAG(0, "no-files", struct config, no_files,
	    "read no file that the input names, and fail if it names one"),
	LD_OPT_GROUP("What to write into the plan"),
	LD_OPT_STRING(0, "user", struct config, user, "type", NULL,
	    "the user type that is to send it", LD_OPT_HINTS(cmd_user_types)),
	LD_OPT_COUNT('u', "users", struct config, users, "n", NULL, 1, 0,
	    "how many users"),
	LD_OPT_RATE('r', "spawn-rate", struct config, spawn_rate, NULL,
	    "how many of them start per second",
	    LD_OPT_GIVEN(struct config, has_rate)),
	LD_OPT_DURATION('t', "time", struct config, time_ns, NULL,
	    "how long to start requests",
	    LD_OPT_GIVEN(struct config, has_time)),
	LD_OPT_STRING('b', "base", struct config, base, "name", NULL,
	    "write the origin that most requests go to as ${var.NAME}, so that "
	    "ld-run --var NAME=URL sends them elsewhere"),
	LD_OPT_GROUP("Output"),
	LD_OPT_FLAG(0, "action-json", struct config, action_json,
	    "write one action JSON document instead of a plan stream"),
	LD_OPT_STRING('o', "output", struct config, output, "file", NULL,
	    "write to this file instead of standard output"),
	LD_OPT_FLAG('q', "quiet", struct config, quiet,
	    "do not say on standard error what was left out"),
	LD_OPT_GROUP("Other"),
	CMD_COMMON_OPTIONS(struct config),
};

#define FORMATS_MAX 32

static const struct ld_opt_word *
formats(void)
{
	static struct ld_opt_word list[FORMATS_MAX + 1];
	const struct ld_importer *const *all = ld_importers();

	for (size_t i = 0; i < FORMATS_MAX && all[i] != NULL; i++)
		list[i] = (struct ld_opt_word){ all[i]->name, all[i]->summary };
	return list;
}

/* What is to be imported: a file, or text that stands on the command line. */
struct input {
	const char *path, *name;
	struct ld_buf text;
};

static enum cmd_exit
import(const struct config *config, const struct ld_importer *importer,
    struct input *input, struct ld_err *err)
{
	const char *path = input->path;
	const struct ld_import_options how = {
		.include = config->include.items,
		.n_include = config->include.n,
		.exclude = config->exclude.items,
		.n_exclude = config->exclude.n,
		.user = config->user,
		.base = config->base,
		.user_count = config->users,
		.spawn_rate = config->has_rate ? config->spawn_rate : 0,
		.test_time_s =
		    config->has_time ? (double)config->time_ns / 1e9 : -1,
		.shell = (enum ld_import_shell)config->shell,
		.no_files = config->no_files,
		.action_json = config->action_json,
	};
	struct ld_import_count count = { .tasks = 0 };
	struct ld_buf *text = &input->text, plan;
	enum cmd_exit status = CMD_INPUT;
	int fd;

	ld_buf_init(&plan, LD_MAX_DOCUMENT);
	if (path != NULL && cmd_read_input(path, text, err) != LD_OK)
		goto out;
	if (ld_import(importer, input->name, text->data, text->len, &how, &plan,
		&count, err) != LD_OK) {
		if (err->file[0] == '\0' && err->status == LD_INVALID)
			status = CMD_USAGE;
		goto out;
	}
	status = cmd_open_output(config->output, &path, path != NULL, &fd, err);
	if (status != CMD_YES)
		goto out;
	status = CMD_OUTPUT;
	if (cmd_write_output(fd, config->output, &plan, err) != LD_OK) {
		cmd_close_output(fd, config->output, NULL);
		goto out;
	}
	if (cmd_close_output(fd, config->output, err) != LD_OK)
		goto out;
	if (count.losses > 0 && !config->quiet)
		cmd_note("%" PRIu64 " task%s; %" PRIu64
			 " thing%s could not be carried over%s",
		    count.tasks, count.tasks == 1 ? "" : "s", count.losses,
		    count.losses == 1 ? "" : "s",
		    config->action_json ? "" : ", see the loss records");
	if (count.tasks == 0 && !config->quiet)
		cmd_note("no request was taken: the plan has no tasks");
	status = CMD_YES;
out:
	ld_buf_clear(&plan);
	return status;
}

/* -- command lines on ours ------------------------------------------------ */

static bool
is_curl(const struct ld_importer *importer)
{
	return strcmp(importer->name, "curl") == 0;
}

/* A word as a POSIX shell would have to be given it. */
static void
add_quoted(struct ld_buf *out, const char *word)
{
	ld_buf_adds(out, out->len > 0 ? " '" : "'");
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			ld_buf_adds(out, "'\\''");
		else
			ld_buf_addc(out, *word);
	}
	ld_buf_addc(out, '\'');
}

/* "curl URL" in one word, that is no file's name. */
static bool
is_command(const char *operand)
{
	return strncmp(operand, "curl", 4) == 0 && operand[4] != '\0' &&
	       strchr(" \t\r\n\\", operand[4]) != NULL &&
	       access(operand, F_OK) != 0;
}

/* From the operands behind the format. */
static enum cmd_exit
choose_input(struct config *config, const struct ld_importer *importer,
    int argc, char **argv, struct input *input, struct ld_err *err)
{
	bool words =
	    argc > 1 && is_curl(importer) && strcmp(argv[0], "curl") == 0;

	input->name = "(command line)";
	if (config->command != NULL) {
		if (argc > 0)
			return cmd_usage(err,
			    "--command and a file, '%s', are one input too "
			    "many",
			    argv[0]);
		ld_buf_adds(&input->text, config->command);
	} else if (words) {
		for (int i = 0; i < argc; i++)
			add_quoted(&input->text, argv[i]);
		config->shell = LD_IMPORT_SHELL_POSIX;
	} else if (argc > 1) {
		return cmd_usage(
		    err, "one file at a time, not also '%s'", argv[1]);
	} else if (argc == 1 && is_curl(importer) && is_command(argv[0])) {
		ld_buf_adds(&input->text, argv[0]);
	} else {
		input->path = argc == 0 ? "-" : argv[0];
		input->name = cmd_input_name(input->path);
	}
	return CMD_YES;
}

static enum cmd_exit
run(const void *opaque, int argc, char **argv, struct ld_err *err)
{
	struct config config = *(const struct config *)opaque;
	const struct ld_importer *importer;
	struct input input = { .path = NULL };
	enum cmd_exit status;

	if (argc == 0)
		return cmd_usage(err, "no format: ld-import FORMAT [FILE]");
	if (config.has_rate && !(config.spawn_rate > 0))
		return cmd_usage(err, "--spawn-rate: must be more than 0");
	importer = ld_importer_find(argv[0], err);
	if (importer == NULL)
		return CMD_USAGE;
	ld_buf_init(&input.text, LD_MAX_DOCUMENT);
	status =
	    choose_input(&config, importer, argc - 1, argv + 1, &input, err);
	if (status == CMD_YES)
		status = import(&config, importer, &input, err);
	ld_buf_clear(&input.text);
	return status;
}

static const struct ld_opt_word examples[] = {
	{ "ld-import har -x '\\.(png|jpe?g|svg)$' -u 50 shop.har >shop.plan",
	    "a recording without its images, for fifty users" },
	{ "ld-import har shop.har | ld-run -u 50 -t 30s |\n"
	  "    ld-report html >shop.html",
	    "from a recording to a report" },
	{ NULL, NULL },
};

static const struct cmd ld_import_cmd = {
	.name = "ld-import",
	.summary = "turn a foreign file into a plan",
	.operands = "format [file]",
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
	return cmd_main(&ld_import_cmd, argc, argv);
}
