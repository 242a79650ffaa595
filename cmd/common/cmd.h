/* SPDX-License-Identifier: MIT */
/*
 * cmd.h - what every ld-* command shares: its shape, its exit status, its
 * --help.  A command is one constant struct cmd; main() only hands it over.
 */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/api.h>
#include <ld/err.h>
#include <ld/opt.h>

/* The same in every command; documented in each man page. */
enum cmd_exit {
	CMD_YES = 0,       /* done, and the answer is good */
	CMD_NO = 1,        /* done, and the answer is bad */
	CMD_USAGE = 2,     /* the command line makes no sense */
	CMD_UNJUDGED = 3,  /* inconclusive, incomplete or invalid */
	CMD_INPUT = 4,     /* bad input; *err says where */
	CMD_OUTPUT = 5,    /* the output could not be written */
	CMD_UNREACHED = 6, /* nothing ever connected */
	CMD_POLICY = 7,    /* refused */
	CMD_BUG = 70,      /* ours */
};

/* The one of two that matters more: 70, 5, 4, 7, 6, 3, 1, 0; usage is told
 * before anything else can happen. */
enum cmd_exit cmd_worse(enum cmd_exit a, enum cmd_exit b);

/* The status for an input that could not be used: LD_TORN cannot be judged,
 * LD_REFUSED is refused, all else is bad input. */
enum cmd_exit cmd_exit_for_input(enum ld_status status);

/* For LD_OPT_HINTS: what --describe takes, the user types of this build. */
const char *const *cmd_styles(void);
const char *const *cmd_user_types(void);

/* The first member of every command's config. */
struct cmd_common {
	bool help;
	bool version;
	bool json; /* with version */
	const char *describe;
};

/* What --json goes with; a command that has more says so first. */
#ifndef CMD_JSON_WITH
#define CMD_JSON_WITH "--version"
#endif

/* clang-format off */
#define CMD_COMMON_OPTIONS(type) \
	LD_OPT_STRING(0, "describe", type, common.describe, "style", NULL, \
	    "print the options for a machine: mdoc, examples, man, words, " \
	    "bash, zsh or fish", LD_OPT_HINTS(cmd_styles)), \
	LD_OPT_FLAG('h', "help", type, common.help, "print help and exit"), \
	LD_OPT_FLAG('V', "version", type, common.version, \
	    "print the version, and what is built in, and exit"), \
	LD_OPT_FLAG(0, "json", type, common.json, \
	    "with " CMD_JSON_WITH ": as a JSON object"), \
	LD_OPT_END
/* clang-format on */

/* The work itself.  argv holds the operands, NULL behind the last.  Output
 * goes to stdout; only cmd_main() and cmd_note() write to stderr.  When *err
 * is filled, its text is printed. */
typedef enum cmd_exit cmd_run_fn(
    const void *config, int argc, char **argv, struct ld_err *err);

/* The words that the first operand may be; name NULL behind the last. */
typedef const struct ld_opt_word *cmd_words_fn(void);

struct cmd {
	const char *name;
	const char *summary;                /* NAME in the man page */
	const char *operands;               /* SYNOPSIS, after the options */
	const struct ld_opt_word *examples; /* command lines, and what for */
	const struct ld_opt *options;
	size_t config_size;
	bool posix;    /* the operands are a command, and end the options */
	bool own_json; /* --json may mean something without --version */
	const char *words_title;
	cmd_words_fn *words; /* NULL = any operand */
	cmd_run_fn *run;
};

/*
 * Parse, act on the common options, run, flush stdout, and turn the outcome
 * into an exit status.  A write error on stdout is CMD_OUTPUT even when
 * run() was content.
 */
int cmd_main(const struct cmd *cmd, int argc, char **argv);

/* One line for people, "ld-run: text", foreign text made harmless. */
void cmd_note(const char *fmt, ...) LD_PRINTF(1, 2);

/* Print --help to stdout. */
void cmd_help(const struct cmd *cmd);

/* Fill *err for a usage error and return CMD_USAGE. */
enum cmd_exit cmd_usage(struct ld_err *err, const char *fmt, ...)
    LD_PRINTF(2, 3);

/* End by this signal once everything is cleaned up, so that whoever waits for
 * us sees it; cmd_main() does it, unless the status is CMD_BUG. */
void cmd_end_by_signal(int sig);

#endif /* CMD_H */
