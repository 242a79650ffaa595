/* SPDX-License-Identifier: MIT */
/*
 * ld/driver.h - what a protocol must provide to be driven.
 *
 * A driver is one constant struct ld_driver and the functions it names.  It
 * is compiled either into libld or as a module; the source is the same.  The
 * engine owns schedule, deadlines, retries, assertions, extraction, samples
 * and histograms; a driver moves bytes and says when an exchange is over.
 *
 * Scopes      run_open/run_close       once per run (SSL_CTX, schema, handle)
 *             compile                  task to step, before the run
 *             worker_open/worker_close once per worker thread
 *             open/close               once per session (user)
 *             fresh                    once per user that takes one over
 *             start -> finish          once per exchange
 * Threads     run_* and compile: the main thread.  worker_*, open, fresh,
 *             start, cancel, close: the worker's thread.  A driver with
 *             LD_DRIVER_BLOCKING has its start, cancel and close called on
 *             threads of the engine's pool.  Nothing of one session is ever
 *             called from two threads at once, but for that cancel, which
 *             may come before start has done anything, while it blocks, or
 *             after finish: start_ns tells one exchange from the next, which
 *             does not start before all three have returned.
 * Blocking    no function may block, but for start of a BLOCKING driver.
 * Memory      run, worker, session, exchange and step blocks are zeroed, of
 *             the sizes given here, allocated and freed by the engine.
 *             start must not allocate in the steady state.
 */
#ifndef LD_DRIVER_H
#define LD_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/err.h>
#include <ld/field.h>
#include <ld/ledger.h>
#include <ld/loop.h>
#include <ld/plan.h>
#include <ld/record.h>
#include <ld/template.h>

/* Bumped whenever this file changes in a way a compiled module can see. */
#define LD_DRIVER_ABI 3

enum ld_driver_caps {
	LD_DRIVER_CONCURRENT = 1 << 0, /* many exchanges per session */
	LD_DRIVER_OFFLINE = 1 << 1,    /* opens no socket */
	LD_DRIVER_BLOCKING = 1 << 2,   /* start blocks: run it on the pool */
	LD_DRIVER_PUSHES = 1 << 3,     /* calls ld_session_message() */
};

/* -- compile -------------------------------------------------------------- */

struct ld_compile; /* the program being made */

/* One task of the plan, its fields already read by the driver's table. */
struct ld_task {
	struct ld_node node; /* the JSON object */
	uint32_t index;      /* position in the plan */
	const struct ld_config *config;
	const void *config_fields; /* the struct of driver->config_fields */
	const void *fields;        /* the struct of driver->task_fields */
	const char *name;          /* `name` of the task, or NULL */
	uint64_t timeout_ns;       /* of this task */
};

/* What compile says about the step, for series and samples. */
struct ld_step_info {
	const char *request_type; /* "GET"; from the compile arena or static */
	const char *name;         /* default series name */
	const char *target;       /* for people: "http://127.0.0.1:8080" */
	bool tls_unverified; /* it accepts any certificate; marks the run */
};

/* Memory that lives as long as the program; NULL when short. */
LD_API void *ld_compile_alloc(struct ld_compile *cc, size_t size);
LD_API char *ld_compile_strdup(struct ld_compile *cc, const char *text);
/* A template of a value: of a string its text, of anything else its JSON. */
LD_API enum ld_status ld_compile_text(struct ld_compile *cc,
    struct ld_node node, const struct ld_template **out, struct ld_err *err);
/* A template that renders the value as JSON text. */
LD_API enum ld_status ld_compile_json(struct ld_compile *cc,
    struct ld_node node, const struct ld_template **out, struct ld_err *err);
/* What this renders is a secret, which no record and no error may show: a
 * cookie, say.  Fields that are flagged LD_FIELD_SECRET, and values whose names
 * tell (ld-plan(5)), are known to be. */
LD_API enum ld_status ld_compile_secret(
    struct ld_compile *cc, const struct ld_template *tpl, struct ld_err *err);
LD_API enum ld_status ld_compile_pairs(struct ld_compile *cc,
    struct ld_node node, struct ld_pairs *out, struct ld_err *err);
/* Read an object inside a task by a table of its own, as the task was by
 * task_fields, into `base`, which is zeroed. */
LD_API enum ld_status ld_compile_fields(struct ld_compile *cc,
    struct ld_node object, const struct ld_field *table, void *base,
    struct ld_err *err);
/* Names of header fields or the like that assertions and extractors of this
 * task will ask for, so that a driver may keep only those.  NULL-terminated. */
LD_API const char *const *ld_compile_wanted_headers(struct ld_compile *cc);

/* -- exchange ------------------------------------------------------------- */

/* What must be kept of the answer; computed at compile. */
enum ld_needs {
	LD_NEED_STATUS = 1 << 0,
	LD_NEED_HEADERS = 1 << 1,
	LD_NEED_BODY = 1 << 2,
};

struct ld_exchange {
	void *self;             /* exchange_size bytes of the driver's */
	void *session;          /* session_size bytes */
	const void *step;       /* step_size bytes, as compile left them */
	struct ld_scope *scope; /* for ld_template_render() */
	unsigned needs;         /* enum ld_needs */
	uint64_t start_ns;      /* monotonic, read just before start() */
	uint64_t deadline_ns;
	/* The driver adds to these until it finishes the exchange. */
	uint64_t phase_ns[LD_PHASE_N]; /* OTHER is computed by the engine */
	uint64_t bytes_out, bytes_in;
	uint32_t hops;
	uint32_t attempts; /* the engine sets 1 */
	uint32_t wire;     /* requests wholly handed to the kernel */
};

/*
 * The end of an exchange, and a view of the reply.  Everything pointed to
 * need only live until ld_exchange_finish() returns: assertions and
 * extractors run inside it.
 */
struct ld_reply {
	/* LD_CLASS_NONE when the transport did its work. */
	enum ld_class cls;
	const char *text; /* why it failed, for people; may be NULL */
	int32_t status;   /* -1 = none */
	/* By the driver's own rule the status is a failure (HTTP: >= 400);
	 * a passing status_code assertion overrules it. */
	bool status_failed;
	/* When the last byte was there, monotonic; 0 = now. */
	uint64_t end_ns;
	/* With LD_NEED_BODY: the body, decoded.  Else NULL. */
	const char *body;
	size_t body_len;
	/* With LD_NEED_HEADERS: the value of a header, names in any case, or
	 * NULL.  The hook may be NULL. */
	const char *(*header)(
	    const void *ctx, const char *name, size_t *len_out);
	const void *header_ctx;
};

/* Exactly once per start() that returned LD_OK; from inside start() too (the
 * engine never recurses, but it may close() the session), from the pool
 * thread of a BLOCKING driver. */
LD_API void ld_exchange_finish(
    struct ld_exchange *exchange, const struct ld_reply *reply);

/* -- session -------------------------------------------------------------- */

struct ld_session; /* the engine's side of a user */

/* Data that the server pushed unasked: counted, never in the ledger.  On the
 * worker's thread only, which BLOCKING drivers do not run on. */
struct ld_message {
	uint64_t now_ns;
	const char *name; /* topic, event name; may be NULL */
	const char *data;
	size_t len;
};
LD_API void ld_session_message(
    struct ld_session *handle, const struct ld_message *message);
/* close() is done; the session's memory may go. */
LD_API void ld_session_closed(struct ld_session *handle);

struct ld_session_open {
	struct ld_session *handle;
	void *run;    /* run_size bytes */
	void *worker; /* worker_size bytes */
	struct ld_loop *loop;
	uint64_t key; /* user, or slot in the open model */
};

/* -- the driver ----------------------------------------------------------- */

struct ld_run_open {
	const struct ld_config *config;
	const void *config_fields;
};

typedef enum ld_status ld_driver_run_open_fn(
    void *run, const struct ld_run_open *how, struct ld_err *err);
typedef void ld_driver_run_close_fn(void *run);
/* Validate every field, render what is constant, fill *info. */
typedef enum ld_status ld_driver_compile_fn(void *run, void *step,
    const struct ld_task *task, struct ld_compile *cc,
    struct ld_step_info *info, struct ld_err *err);
/* Release what compile took beyond the compile arena. */
typedef void ld_driver_step_free_fn(void *step);
typedef enum ld_status ld_driver_worker_open_fn(
    void *worker, void *run, struct ld_loop *loop, struct ld_err *err);
typedef void ld_driver_worker_close_fn(void *worker);
/* Does no I/O: connecting happens in start and is billed to the exchange. */
typedef enum ld_status ld_driver_open_fn(
    void *session, const struct ld_session_open *how, struct ld_err *err);
/* LD_OK promises exactly one ld_exchange_finish(), perhaps before it returns.
 * Any other status: never begun, *err says why; the engine counts the
 * exchange as failed (VALUE for LD_INVALID, LOCAL_MEMORY for LD_NOMEM, else
 * INTERNAL). */
typedef enum ld_status ld_driver_start_fn(
    void *session, struct ld_exchange *exchange, struct ld_err *err);
/* The deadline passed (or the run ends): give up.  Finish at once if that is
 * possible, with the timeout class of the phase it is in; else later: the
 * engine writes the sample at once and waits for finish only to reuse memory.
 */
typedef void ld_driver_cancel_fn(
    void *session, struct ld_exchange *exchange, uint64_t now_ns);
/* A new user takes the session over (open model): forget cookies, log-ins and
 * whatever else was the old one's; the connection may stay.  No exchange is
 * outstanding.  Neither fails nor does I/O; on the worker's thread, whatever
 * the driver. */
typedef void ld_driver_fresh_fn(void *session);
/* No exchange is outstanding.  Asynchronous: end with ld_session_closed(),
 * from inside close() too; after `deadline_ns` be quick about it. */
typedef void ld_driver_close_fn(void *session, uint64_t deadline_ns);

/* Secrets that this session has got from elsewhere than its plan (cookies),
 * at most `max` of them; borrowed until the session is used next.  They are
 * kept out of the reason of a failure; on the thread that finished it. */
typedef size_t ld_driver_secrets_fn(
    const void *session, struct ld_str *out, size_t max);

struct ld_driver {
	unsigned abi;             /* LD_DRIVER_ABI */
	const char *name;         /* folder, --with-driver-NAME */
	const char *summary;      /* one line, for --drivers */
	const char *const *users; /* user types it serves, NULL-terminated */
	unsigned caps;            /* enum ld_driver_caps */
	const struct ld_field *config_fields; /* NULL = none */
	size_t config_size;
	const struct ld_field *task_fields;
	size_t task_size;
	size_t run_size, worker_size, session_size, exchange_size, step_size;
	ld_driver_run_open_fn *run_open;
	ld_driver_run_close_fn *run_close;
	ld_driver_compile_fn *compile; /* obligatory */
	ld_driver_step_free_fn *step_free;
	ld_driver_worker_open_fn *worker_open;
	ld_driver_worker_close_fn *worker_close;
	ld_driver_open_fn *open;
	ld_driver_start_fn *start;     /* obligatory */
	ld_driver_cancel_fn *cancel;   /* obligatory */
	ld_driver_close_fn *close;     /* absent: closed at once */
	ld_driver_fresh_fn *fresh;     /* absent: there is nothing to forget */
	ld_driver_secrets_fn *secrets; /* absent: none */
};

/*
 * Define the driver: LD_DRIVER(null) = { .abi = LD_DRIVER_ABI, ... };
 * A module exports it under one fixed name; a built-in one stays hidden and
 * is found through drivers/builtin.h.
 */
#ifdef LD_DRIVER_MODULE
#define LD_DRIVER(ident)                                      \
	extern LD_API const struct ld_driver ld_driver_entry; \
	const struct ld_driver ld_driver_entry
#else
#define LD_DRIVER(ident)                                 \
	extern const struct ld_driver ld_driver_##ident; \
	const struct ld_driver ld_driver_##ident
#endif

/* The driver of a user type: registered, built in, or a module.  LD_INVALID
 * when no such user type exists (the nearest is named), LD_UNSUPPORTED when
 * it exists but is not in this build. */
LD_API enum ld_status ld_driver_for_user(
    const char *user, const struct ld_driver **out, struct ld_err *err);
/* Add one at run time (embedders, tests); checked for ABI and obligatory
 * hooks.  It must outlive its use; the newest wins. */
LD_API enum ld_status ld_driver_register(
    const struct ld_driver *driver, struct ld_err *err);
/* Built-in and registered ones, and modules, which are loaded for it; NULL
 * behind the last. */
LD_API const struct ld_driver *ld_driver_at(size_t i);

#endif /* LD_DRIVER_H */
