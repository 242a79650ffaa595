/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ld/driver.h>
#include <ld/json.h>
#include <ld/version.h>

#include "common/cmd.h"

/* All pages together stay far below it. */
#define PAGE_MAX ((size_t)1 << 20)

#define USER_TYPES_MAX 64

/* The process's own: its name in messages, and how it shall end. */
static const char *own_name = "ld";
static int ending_signal;

enum cmd_exit
cmd_worse(enum cmd_exit a, enum cmd_exit b)
{
	static const enum cmd_exit order[] = { CMD_BUG, CMD_USAGE, CMD_OUTPUT,
		CMD_INPUT, CMD_POLICY, CMD_UNREACHED, CMD_UNJUDGED, CMD_NO };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return CMD_YES;
}

enum cmd_exit
cmd_exit_for_input(enum ld_status status)
{
	if (status == LD_OK)
		return CMD_YES;
	if (status == LD_TORN)
		return CMD_UNJUDGED;
	return status == LD_REFUSED ? CMD_POLICY : CMD_INPUT;
}

void
cmd_end_by_signal(int sig)
{
	ending_signal = sig;
}

enum cmd_exit
cmd_usage(struct ld_err *err, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	ld_err_set(err, LD_INVALID, "%s", text);
	return CMD_USAGE;
}

void
cmd_note(const char *fmt, ...)
{
	struct ld_err shown;
	char text[sizeof(shown.text)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	ld_err_set(&shown, LD_OK, "%s", text);
	fprintf(stderr, "%s: %s\n", own_name, shown.text);
}

/* "ld-run: file:line:column: text" */
static void
tell(const struct ld_err *err)
{
	fprintf(stderr, "%s: ", own_name);
	if (err->file[0] != '\0')
		fprintf(stderr, "%s:", err->file);
	if (err->line != 0)
		fprintf(stderr, "%u:", err->line);
	if (err->line != 0 && err->column != 0)
		fprintf(stderr, "%u:", err->column);
	fprintf(stderr, "%s%s\n", err->file[0] != '\0' ? " " : "", err->text);
}

/*
 * A descriptor from 0 to 2 that is closed would be given to the first file
 * or socket that is opened, and output would go there.  Take its place with
 * /dev/null, opened the wrong way round, so that using it still fails.
 */
static void
occupy_standard_descriptors(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_WRONLY };

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) == -1 && errno == EBADF &&
		    open("/dev/null", modes[fd]) != fd)
			_exit(CMD_BUG);
}

static void
describe(const struct cmd *cmd, enum ld_opt_style style)
{
	struct ld_opt_page page = { .command = cmd->name,
		.summary = cmd->summary,
		.operands = cmd->operands,
		.options = cmd->options,
		.examples = cmd->examples,
		.words = cmd->words == NULL ? NULL : cmd->words(),
		.words_title = cmd->words_title,
		.runs_command = cmd->posix };
	struct ld_buf out;

	ld_buf_init(&out, PAGE_MAX);
	ld_opt_describe(&page, style, &out);
	fwrite(out.data, 1, out.len, stdout);
	ld_buf_clear(&out);
}

const char *const *
cmd_styles(void)
{
	static const char *const styles[] = { "help", "mdoc", "examples", "man",
		"words", "bash", "zsh", "fish", NULL };

	return styles;
}

const char *const *
cmd_user_types(void)
{
	static const char *types[USER_TYPES_MAX + 1];
	size_t n = 0;

	for (size_t i = 0; ld_driver_at(i) != NULL; i++)
		for (const char *const *user = ld_driver_at(i)->users;
		     *user != NULL && n < USER_TYPES_MAX; user++)
			types[n++] = *user;
	return types;
}

void
cmd_help(const struct cmd *cmd)
{
	describe(cmd, LD_OPT_STYLE_HELP);
	if (!cmd->posix)
		printf("\nexit status: 0 done, 1 the answer is no, 2 usage, "
		       "3 cannot judge, 4 bad input,\n"
		       "5 output not written, 6 nothing connected, 7 refused, "
		       "70 a bug\n");
	printf("\nMore: man %s, man 7 ld.  Report bugs to\n<%s>.\n", cmd->name,
	    PACKAGE_BUGREPORT);
}

static void
print_version(const struct cmd *cmd)
{
	struct ld_buf libraries;

	ld_buf_init(&libraries, PAGE_MAX);
	ld_version_libraries(&libraries);
	printf("%s (ld toolkit) %s\n", cmd->name, ld_version());
	printf("License MIT: no warranty, to the extent permitted by law\n");
	printf("%.*s\n", (int)libraries.len, libraries.data);
	printf("drivers:");
	for (size_t i = 0; ld_driver_at(i) != NULL; i++)
		printf(" %s", ld_driver_at(i)->name);
	printf("\n");
	ld_buf_clear(&libraries);
}

/* Null is what is not in this build. */
static void
add_libraries(struct ld_json_out *out)
{
	struct ld_library library;

	ld_json_out_key(out, "libraries");
	ld_json_out_object(out);
	for (size_t i = 0; ld_version_library(i, &library); i++) {
		ld_json_out_key(out, library.name);
		if (library.present)
			ld_json_out_string(out, library.version);
		else
			ld_json_out_null(out);
	}
	ld_json_out_end(out);
}

/* Each driver with the user types that it serves. */
static void
add_drivers(struct ld_json_out *out)
{
	const struct ld_driver *driver;

	ld_json_out_key(out, "drivers");
	ld_json_out_object(out);
	for (size_t i = 0; (driver = ld_driver_at(i)) != NULL; i++) {
		ld_json_out_key(out, driver->name);
		ld_json_out_array(out);
		for (const char *const *user = driver->users; *user != NULL;
		     user++)
			ld_json_out_string(out, *user);
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
}

static void
print_version_json(const struct cmd *cmd)
{
	struct ld_json_out json;
	struct ld_buf out;

	ld_buf_init(&out, PAGE_MAX);
	ld_json_out_init(&json, &out, 0);
	ld_json_out_object(&json);
	ld_json_out_key(&json, "command");
	ld_json_out_string(&json, cmd->name);
	ld_json_out_key(&json, "version");
	ld_json_out_string(&json, ld_version());
	ld_json_out_key(&json, "license");
	ld_json_out_string(&json, "MIT");
	add_libraries(&json);
	add_drivers(&json);
	ld_json_out_end(&json);
	printf("%.*s\n", (int)out.len, out.data);
	ld_buf_clear(&out);
}

static enum cmd_exit
run(const struct cmd *cmd, const struct cmd_common *common, int argc,
    char **argv, struct ld_err *err)
{
	if (common->help) {
		cmd_help(cmd);
		return CMD_YES;
	}
	if (common->version) {
		(common->json ? print_version_json : print_version)(cmd);
		return CMD_YES;
	}
	if (common->json && !cmd->own_json)
		return cmd_usage(
		    err, "--json has an effect with --version only");
	if (common->describe != NULL) {
		enum ld_opt_style style = ld_opt_style_find(common->describe);

		if (style == LD_OPT_STYLE_N)
			return cmd_usage(err, "--describe: '%s' is not a style",
			    common->describe);
		describe(cmd, style);
		return CMD_YES;
	}
	return cmd->run(common, argc, argv, err);
}

static enum cmd_exit
parse_and_run(const struct cmd *cmd, void *config, int argc, char **argv,
    struct ld_err *err)
{
	int n = 0;
	enum ld_status st = (cmd->posix ? ld_opt_parse_posix : ld_opt_parse)(
	    cmd->options, config, argc, argv, &n, err);
	enum cmd_exit status = CMD_USAGE;

	if (st == LD_OK) {
		/* Operands were moved down; argc itself is NULL already. */
		argv[n + 1] = NULL;
		status = run(cmd, config, n, argv + 1, err);
	}
	ld_opt_clear(cmd->options, config);
	return status;
}

/* Everything that was printed has arrived, or we say so. */
static enum cmd_exit
finish_stdout(enum cmd_exit status)
{
	bool failed = ferror(stdout) != 0;

	errno = 0;
	if (fflush(stdout) == 0 && !failed)
		return status;
	fprintf(stderr, "%s: standard output: %s\n", own_name,
	    errno != 0 ? strerror(errno) : "write failed");
	return cmd_worse(status, CMD_OUTPUT);
}

static void
reraise(int sig)
{
	sigset_t set;

	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int
cmd_main(const struct cmd *cmd, int argc, char **argv)
{
	struct ld_err err = LD_ERR_INIT;
	enum cmd_exit status;
	void *config;

	own_name = cmd->name;
	occupy_standard_descriptors();
	/* A filter whose reader leaves has nothing more to do; whoever started
	 * us may have ignored the signal for reasons of its own. */
	signal(SIGPIPE, SIG_DFL);
	config = calloc(1, cmd->config_size);
	if (config == NULL) {
		ld_err_set(&err, LD_NOMEM, "out of memory");
		status = CMD_BUG;
	} else {
		status = parse_and_run(cmd, config, argc, argv, &err);
	}
	if (err.status != LD_OK)
		tell(&err);
	if (status == CMD_USAGE && err.status != LD_OK)
		fprintf(stderr, "Try '%s --help'\n", cmd->name);
	free(config);
	status = finish_stdout(status);
	if (ending_signal != 0 && status != CMD_BUG)
		reraise(ending_signal);
	return (int)status;
}
