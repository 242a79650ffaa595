/* SPDX-License-Identifier: MIT */
/*
 * ld/plan.h - read what the user wrote: plan streams and action JSON.
 *
 * A document is an ordered list of items from one or more inputs.  An input
 * is action JSON (a bare list, or {"load_density": [...]}) or a plan stream
 * ("ld.plan/1", doc/schemas.md); which one is seen from its first bytes.
 * Reading checks shape and command names; the fields of a run are checked
 * when it is configured and compiled, all of it before anything is sent.
 *
 * Errors      LD_SYNTAX or LD_INVALID with file, line and column of the value
 *             and the nearest known name; LD_TORN for a plan stream
 *             with `begin` but no `end`.
 * Ownership   a document owns its inputs; nodes point into them.
 * Threads     none.
 */
#ifndef LD_PLAN_H
#define LD_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/err.h>
#include <ld/field.h>
#include <ld/json.h>
#include <ld/resolver.h>
#include <ld/validity.h>

#define LD_PLAN_SCHEMA "ld.plan/1"

/* Name and text of an input.  The text of a node's json lies inside it (a plan
 * stream has one json per line): that is how a node knows its place. */
struct ld_source {
	const char *name; /* as given; "-" is stdin, "-e" the command line */
	const char *text;
	size_t len;
};

enum ld_item_kind {
	LD_ITEM_RUN,    /* LD_start_test, or `config` and its `task`s */
	LD_ITEM_ACTION, /* any other command */
};

struct ld_item {
	enum ld_item_kind kind;
	uint64_t index;      /* of the action in the document, from 0 */
	const char *command; /* "LD_start_test" for a run */
	struct ld_node
	    node; /* the action or the config record, for its place */
	struct ld_node args; /* object or array; ref LD_JSON_NONE when absent */
	/* LD_ITEM_RUN: the config object is `args`; tasks in order. */
	const struct ld_node *tasks;
	size_t n_tasks;
	bool tasks_given; /* there was a `tasks` key or a task record */
	const char *mode; /* "sequence", "weighted", "conditional" */
	/* `arrival` records of the stream, in order of due_ns; or NULL. */
	const struct ld_arrival_due *arrivals;
	size_t n_arrivals;
	uint64_t losses; /* `loss` records of the stream before it */
};

struct ld_doc;

LD_API struct ld_doc *ld_doc_new(void) LD_MUST_CHECK;
LD_API void ld_doc_free(struct ld_doc *doc);
/* A file; "-" for stdin; a directory: all *.json below it, entry by entry in
 * order of name by bytes.  Names that begin with a dot, and links to
 * directories, are passed over. */
LD_API enum ld_status ld_doc_add_path(
    struct ld_doc *doc, const char *path, struct ld_err *err);
/* The files that were read, "-" being stdin.  Valid until the next one is. */
LD_API const char *const *ld_doc_paths(const struct ld_doc *doc, size_t *n_out);
/* Text that the caller keeps no longer than the call (it is copied). */
LD_API enum ld_status ld_doc_add_text(struct ld_doc *doc, const char *name,
    const char *text, size_t len, struct ld_err *err);
LD_API size_t ld_doc_count(const struct ld_doc *doc);
LD_API const struct ld_item *ld_doc_item(const struct ld_doc *doc, size_t i);
/* SHA-256 over the inputs, in hex: "plan hash". Valid until _free(). */
LD_API const char *ld_doc_hash(struct ld_doc *doc);

/* Fill file, line and column of *err from a node; returns err->status. */
LD_API enum ld_status ld_node_place(struct ld_node node, struct ld_err *err);
/* ld_err_set() and ld_node_place() in one. */
LD_API enum ld_status ld_node_error(struct ld_node node, struct ld_err *err,
    enum ld_status status, const char *fmt, ...) LD_PRINTF(4, 5);
/* Member of an object node; ref is LD_JSON_NONE when absent. */
LD_API struct ld_node ld_node_get(struct ld_node object, const char *name);

/* The 66 command names, sorted, NULL behind the last; and is it one? */
LD_API const char *const *ld_command_names(void);
LD_API bool ld_command_exists(const char *name);

/* The rate of arrivals goes from what it was to `rate`, in a straight line. */
struct ld_stage {
	uint64_t duration_ns; /* 0 = at once */
	double rate;          /* arrivals per second */
};

/* One arrival of a schedule that the plan brings along. */
struct ld_arrival_due {
	uint64_t arrival;
	uint64_t due_ns; /* after T0 */
};

/* The open model: passes begin when they are due, whatever became of those
 * before.  Absent (closed model) when `given` is false. */
struct ld_arrivals {
	bool given;
	bool poisson;      /* else evenly spaced */
	bool keep;         /* variables and cookies stay with the session */
	bool from_records; /* `list` is announced, and must be there */
	double rate;       /* per second, at T0 */
	const struct ld_stage *stages; /* behind the last its rate stays */
	size_t n_stages;
	uint64_t limit; /* sessions at most */
	/* In order of due_ns; instead of `rate` and `stages` when not NULL. */
	const struct ld_arrival_due *list;
	size_t n_list;
};

/* Sessions of the open model when nobody says how many. */
#define LD_DEFAULT_SESSIONS 10000

/* The keyword arguments of LD_start_test but for `tasks`, and ours. */
struct ld_config {
	const char *user;    /* user type; default fast_http_user */
	uint64_t user_count; /* default 50 */
	double spawn_rate;   /* users per second; default 10 */
	/* Default 60 s; UINT64_MAX = none: null, or only passes are given. */
	uint64_t test_time_ns;
	uint64_t passes;         /* per user, or arrivals; 0 = no limit */
	struct ld_range_ns wait; /* between passes; default 0.1s..0.2s */
	struct ld_arrivals arrivals;
	uint64_t timeout_ns; /* of an exchange; default 60 s */
	uint64_t grace_ns;   /* for exchanges in flight at the end; 5 s */
	struct ld_thresholds thresholds;
	uint64_t seed;
	bool seed_given;
	bool test_time_given, passes_given;
	const char *host;   /* base URL for relative targets; or NULL */
	const char *cacert; /* PEM file of those trusted; NULL = the system's */
	bool cacert_by_option; /* it stands on the command line */
	bool tls_resume;       /* reconnecting resumes the TLS session */
	/* Names with addresses: of the plan, and of the command line, which
	 * holds against the plan.  See ld/pins.h. */
	struct ld_node resolve;
	/* Source addresses: of the command line if it has any, else of the
	 * plan. */
	struct ld_node bind;
	const char *const *option_bind;
	size_t n_option_bind;
	const char *const *option_resolve, *const *option_connect_to;
	size_t n_option_resolve, n_option_connect_to;
	struct ld_node variables, csv_sources, defaults;
	struct ld_node object; /* the whole, for the driver's own keys */
};

/* What the command line says; each wins over the plan when its flag is set. */
struct ld_overrides {
	const char *user; /* NULL = not given */
	bool has_users, has_rate, has_time, has_passes, has_wait, has_seed;
	bool has_timeout, has_grace, has_arrival_rate, has_sessions;
	bool poisson, keep_sessions;
	double arrival_rate;           /* replaces the plan's, stages too */
	const struct ld_stage *stages; /* replace the plan's */
	size_t n_stages;
	uint64_t sessions; /* limit of the open model */
	uint64_t users;
	double spawn_rate;
	uint64_t time_ns;
	uint64_t passes;
	struct ld_range_ns wait;
	uint64_t seed;
	uint64_t timeout_ns;
	uint64_t grace_ns;
	const char *cacert;         /* NULL = not given */
	const char *const *resolve; /* in the order given */
	size_t n_resolve;
	const char *const *connect_to;
	size_t n_connect_to;
	const char *const *bind;
	size_t n_bind;
	const char *const *validity; /* NAME=DEGRADED:INVALID */
	size_t n_validity;
};

/*
 * Read the config of a run: defaults, then the item, then the overrides.
 * `driver_fields` are keys that the user type adds (may be NULL); they are
 * accepted here and read by the program.  Unknown keys are errors.
 * Registers `variables` and `csv_sources` in `resolver`.
 */
LD_API enum ld_status ld_config_read(const struct ld_item *item,
    const struct ld_overrides *overrides, const struct ld_field *driver_fields,
    struct ld_resolver *resolver, struct ld_config *out, struct ld_err *err);
/* The user type of a run, before anything else of it is read; borrowed. */
LD_API enum ld_status ld_config_user(const struct ld_item *item,
    const struct ld_overrides *overrides, const char **user_out,
    struct ld_err *err);

#endif /* LD_PLAN_H */
