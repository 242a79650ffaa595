/* SPDX-License-Identifier: MIT */
/*
 * importers/sink.h - what importers write to.
 *
 * An importer asks whether a URL is wanted, fills the task that is open or
 * leaves it, and says what it could not carry.  Whether that becomes a plan
 * stream or the original's document is not its business.
 */
#ifndef LDI_IMPORTERS_SINK_H
#define LDI_IMPORTERS_SINK_H

#include <regex.h>
#include <stdbool.h>

#include <ld/import.h>
#include <ld/json.h>

struct ld_import_sink {
	const struct ld_import_options *options;
	struct ld_buf *out;
	struct ld_buf task; /* the members of the task that is open */
	struct ld_json_out json;
	struct ld_buf origin;  /* that is written as options->base; or empty */
	struct ld_buf resolve; /* elements of the config's array */
	const char *user;      /* of the plan, unless the options name one */
	bool configured;       /* what stands in front of tasks was written */
	regex_t *include, *exclude;
	size_t n_include, n_exclude; /* that were compiled */
	struct ld_import_count count;
};

enum ld_status ldi_sink_open(struct ld_import_sink *sink, const char *importer,
    const char *source, const struct ld_import_options *options,
    struct ld_buf *out, struct ld_err *err);
enum ld_status ldi_sink_end(struct ld_import_sink *sink, struct ld_err *err);
void ldi_sink_close(struct ld_import_sink *sink);

/* Do --include and --exclude let this URL (NUL-terminated) in? */
bool ldi_sink_wants(const struct ld_import_sink *sink, const char *url);

/* The user type that the tasks want, before the first of them; an option says
 * otherwise. */
void ldi_sink_user(struct ld_import_sink *sink, const char *user);

/* Begin a task: its members go to the writer that is given back.  One that is
 * open is forgotten. */
struct ld_json_out *ldi_sink_task(struct ld_import_sink *sink);
void ldi_sink_task_end(struct ld_import_sink *sink);

/* What could not be carried: where in the input, what, and why. */
void ldi_sink_loss(struct ld_import_sink *sink, const char *place,
    const char *what, const char *why);

/* Before the first task: what --base stands for. */
void ldi_sink_origin(
    struct ld_import_sink *sink, const char *origin, size_t len);

/* Foreign text as a string of a plan: its "${" are no placeholders. */
void ldi_sink_text(struct ld_import_sink *sink, struct ld_json_out *out,
    const char *text, size_t len);

/* The same, to text that is put together elsewhere. */
void ldi_sink_text_add(const struct ld_import_sink *sink, struct ld_buf *buf,
    const char *text, size_t len);

/* Before the first task: the address of a host, for the whole run. */
void ldi_sink_resolve(
    struct ld_import_sink *sink, const char *text, size_t len);

/* The same as ldi_sink_text() for a URL, which may begin with that origin. */
void ldi_sink_url(struct ld_import_sink *sink, struct ld_json_out *out,
    const char *url, size_t len);

/* Append a JSON value as it stands, white space left out, its strings (not
 * its keys) free of placeholders.  false when a plan could not hold it:
 * repeated keys, or nested too deep. */
bool ldi_sink_json(const struct ld_import_sink *sink, const struct ld_json *doc,
    struct ld_buf *out);

#endif /* LDI_IMPORTERS_SINK_H */
