/* SPDX-License-Identifier: MIT */
/*
 * actions/action.h - the LD_* commands, as a table.
 *
 * A row says what a command needs and does; adding one touches its own file
 * and one line of table.c.  What is not in the table is not in this build.
 * The value of an action has a ceiling, LD_MAX_ACTION_VALUE: what is appended
 * beyond it makes the buffer fail, and the record says that it was left out.
 */
#ifndef LDI_ACTIONS_ACTION_H
#define LDI_ACTIONS_ACTION_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/buf.h>
#include <ld/exec.h>
#include <ld/limits.h>

/* What an action works on. */
struct ldi_exec {
	const struct ld_exec_options *options;
	struct ld_exec_outcome *outcome; /* NULL while only checking */
	struct ld_resolver *resolver;
	struct ld_writer *writer; /* NULL while only checking */
	const char *plan_hash;
	struct ldi_results *results; /* of the document at hand, or NULL */
	unsigned run_index, run_count;
	unsigned depth;      /* of LD_execute_* within each other */
	unsigned documents;  /* that they executed so far */
	struct ld_err tight; /* what may be too little for some run */
};

/* LD_execute_* may nest this deep; a file that executes itself ends here.
 * A chain of files that execute the next one twice is 2^16 documents. */
#define LDI_EXEC_DEPTH 16
#define LDI_EXEC_DOCUMENTS 1000

enum ldi_action_flags {
	LDI_ACTION_READS_RECORDS = 1 << 0,
	/* It changes what later items see, so a check must do it too. */
	LDI_ACTION_SHAPES = 1 << 1,
	/* As Python's own functions: no names, and of a function that takes
	 * any number of values only the least number is checked. */
	LDI_ACTION_POSITIONAL = 1 << 2,
	LDI_ACTION_VARIADIC = 1 << 3,
	/* Its arguments hold secrets that no name tells. */
	LDI_ACTION_SECRET = 1 << 4,
};

/* Execute; append the JSON of the return value to `value` (nothing = null).
 */
typedef enum ld_status ldi_action_fn(struct ldi_exec *exec,
    const struct ld_item *item, struct ld_buf *value, struct ld_err *err);

/* A parameter, in the order in which positional arguments have it. */
struct ldi_param {
	const char *name;
	enum {
		LDI_ANY,
		LDI_TEXT,
		LDI_FLAG,
		LDI_OBJECT,
		LDI_LIST,
		LDI_TEXTS,    /* a list of strings */
		LDI_COUNT,    /* an integer from 1 on */
		LDI_POSITIVE, /* a number */
		LDI_DURATION, /* a number, not negative */
		LDI_RECORDING /* an object, or the path of a file */
	} type;
	bool required;
};

#define LDI_PARAMS 7

struct ldi_action {
	const char *command;
	unsigned flags;
	struct ldi_param params[LDI_PARAMS]; /* name NULL = no more */
	ldi_action_fn *run;
	/* Beyond the parameters, before anything runs, and with no `value`;
	 * NULL = nothing more. */
	ldi_action_fn *check;
};

/* NULL = not in this build. */
const struct ldi_action *ldi_action_find(const char *command);
/* Number, names and types of the arguments. */
enum ld_status ldi_action_check_params(const struct ldi_action *action,
    const struct ld_item *item, struct ld_err *err);

/* The argument of a parameter: ref LD_JSON_NONE when not given. */
struct ld_node ldi_arg(const struct ldi_action *action,
    const struct ld_item *item, const char *name);
/* The text of an argument, or `def`; the caller frees. NULL = no memory. */
char *ldi_arg_text(const struct ldi_action *action, const struct ld_item *item,
    const char *name, const char *def);

/* imports.c */
ldi_action_fn ldi_action_load_har, ldi_action_har_to_tasks,
    ldi_action_har_to_action_json, ldi_action_har_check,
    ldi_action_curl_to_task;
/* reports.c */
ldi_action_fn ldi_action_summary, ldi_action_generate_csv,
    ldi_action_generate_html, ldi_action_generate_json,
    ldi_action_generate_junit, ldi_action_generate_summary,
    ldi_action_generate_xml, ldi_action_return_html, ldi_action_return_json,
    ldi_action_return_xml, ldi_action_clear_records;
/* values.c */
ldi_action_fn ldi_action_variable, ldi_action_variables, ldi_action_csv,
    ldi_action_csvs, ldi_action_clear_resolver;
/* nested.c; with no `value` they check. */
ldi_action_fn ldi_action_execute, ldi_action_execute_files;

/* exec.c: read, check and compile a run. */
enum ld_status ldi_exec_compile(struct ldi_exec *exec,
    const struct ld_item *item, struct ld_config *config,
    struct ld_program **program_out, struct ld_err *err);
/* A resolver with what the command line gave. */
enum ld_status ldi_exec_option_vars(struct ldi_exec *exec, struct ld_err *err);
/* All items of a document, with the state of `exec`. */
enum ld_status ldi_exec_items(
    struct ldi_exec *exec, const struct ld_doc *doc, struct ld_err *err);
enum ld_status ldi_exec_check_items(
    struct ldi_exec *exec, const struct ld_doc *doc, struct ld_err *err);

#endif /* LDI_ACTIONS_ACTION_H */
