/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "importers/sink.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "base/map.h"

#define MAX_NAME 64 /* of the variable --base */
/* A body stands in a task, which stands in an action of a document. */
#define MAX_DEPTH (LD_MAX_JSON_DEPTH - 10)

/* -- which URLs ----------------------------------------------------------- */

/* What other languages write and POSIX has no meaning for: it would be taken
 * for the letter, and match nothing that was meant.  NULL = none. */
static const char *
foreign_syntax(const char *pattern)
{
	for (; *pattern != '\0'; pattern++) {
		if (pattern[0] == '(' && pattern[1] == '?')
			return "(? is not POSIX";
		if (pattern[0] != '\\')
			continue;
		if (pattern[1] == 'd' || pattern[1] == 'D')
			return "a digit is [0-9] here";
		if (pattern[1] == 'A' || pattern[1] == 'Z')
			return "the ends are ^ and $ here";
		if (pattern[1] != '\0')
			pattern++;
	}
	return NULL;
}

static enum ld_status
compile(const char *const *patterns, size_t n, const char *option,
    regex_t **out, size_t *n_out, struct ld_err *err)
{
	char why[128];

	*out = calloc(n + 1, sizeof(regex_t));
	if (*out == NULL)
		return ld_err_set(err, LD_NOMEM, "out of memory");
	for (*n_out = 0; *n_out < n; ++*n_out) {
		const char *foreign = foreign_syntax(patterns[*n_out]);
		int code;

		if (foreign != NULL)
			return ld_err_set(err, LD_INVALID,
			    "%s: '%s' is no POSIX extended regular expression: "
			    "%s",
			    option, patterns[*n_out], foreign);
		code = regcomp(&(*out)[*n_out], patterns[*n_out],
		    REG_EXTENDED | REG_NOSUB);

		if (code == 0)
			continue;
		regerror(code, &(*out)[*n_out], why, sizeof(why));
		return ld_err_set(err, LD_INVALID,
		    "%s: '%s' is not a regular expression: %s", option,
		    patterns[*n_out], why);
	}
	return LD_OK;
}

static void
drop(regex_t *patterns, size_t n)
{
	while (n > 0)
		regfree(&patterns[--n]);
	free(patterns);
}

static bool
any(const regex_t *patterns, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (regexec(&patterns[i], text, 0, NULL, 0) == 0)
			return true;
	return false;
}

bool
ldi_sink_wants(const struct ld_import_sink *sink, const char *url)
{
	return (sink->n_include == 0 ||
		   any(sink->include, sink->n_include, url)) &&
	       !any(sink->exclude, sink->n_exclude, url);
}

/* -- begin and end -------------------------------------------------------- */

static void
put_user(struct ld_json_out *out, const char *user)
{
	ld_json_out_key(out, "user_detail_dict");
	ld_json_out_object(out);
	ld_json_out_put_string(out, "user", user);
	ld_json_out_end(out);
}

/* How many, how fast and how long: what was asked for, or all of it. */
static void
put_load(struct ld_json_out *out, const struct ld_import_options *o, bool all)
{
	if (o->user_count > 0 || all) {
		ld_json_out_key(out, "user_count");
		ld_json_out_u64(out, o->user_count > 0 ? o->user_count : 10);
	}
	if (o->spawn_rate > 0 || all) {
		ld_json_out_key(out, "spawn_rate");
		ld_json_out_double(out, o->spawn_rate > 0 ? o->spawn_rate : 5);
	}
	if (o->test_time_s >= 0 || all) {
		ld_json_out_key(out, "test_time");
		ld_json_out_double(
		    out, o->test_time_s >= 0 ? o->test_time_s : 60);
	}
}

static void
put_variables(const struct ld_import_sink *sink, struct ld_json_out *out)
{
	if (sink->origin.len == 0)
		return;
	ld_json_out_key(out, "variables");
	ld_json_out_object(out);
	ld_json_out_key(out, sink->options->base);
	ld_json_out_stringn(out, sink->origin.data, sink->origin.len);
	ld_json_out_end(out);
}

static void
put_resolve(const struct ld_import_sink *sink, struct ld_json_out *out)
{
	if (sink->resolve.len == 0)
		return;
	ld_json_out_key(out, "resolve");
	ld_json_out_array(out);
	ld_json_out_raw(out, sink->resolve.data, sink->resolve.len);
	ld_json_out_end(out);
}

/* A record of a plan stream is open. */
static void
record(struct ld_import_sink *sink, struct ld_json_out *out, const char *type)
{
	ld_json_out_init(out, sink->out, 0);
	ld_json_out_object(out);
	ld_json_out_put_string(out, "type", type);
}

static void
record_end(struct ld_import_sink *sink, struct ld_json_out *out)
{
	ld_json_out_end(out);
	ld_buf_addc(sink->out, '\n');
}

static void
stream_begin(
    struct ld_import_sink *sink, const char *importer, const char *source)
{
	struct ld_json_out out;

	record(sink, &out, "begin");
	ld_json_out_put_string(&out, "schema", "ld.plan/1");
	ld_json_out_put_string(&out, "importer", importer);
	ld_json_out_put_string(&out, "source", source);
	record_end(sink, &out);
}

void
ldi_sink_user(struct ld_import_sink *sink, const char *user)
{
	sink->user = user;
}

/* NULL: whatever a plan has by itself. */
static const char *
user_of(const struct ld_import_sink *sink)
{
	return sink->options->user != NULL ? sink->options->user : sink->user;
}

/* The document has one line per task. */
static void
document_begin(struct ld_import_sink *sink)
{
	const char *user = user_of(sink);

	ld_buf_adds(sink->out,
	    "{\"load_density\": [[\"LD_start_test\", {\"user_detail_dict\": "
	    "{\"user\": ");
	user = user != NULL ? user : "fast_http_user";
	ld_json_add_string(sink->out, user, strlen(user));
	ld_buf_adds(
	    sink->out, "}, \"tasks\": {\"mode\": \"sequence\", \"tasks\": [");
}

/* Once, before anything else: only now the importer knows what it is. */
static void
configure(struct ld_import_sink *sink)
{
	const char *user = user_of(sink);
	struct ld_json_out out;

	if (sink->configured)
		return;
	sink->configured = true;
	if (sink->options->action_json) {
		document_begin(sink);
		return;
	}
	record(sink, &out, "config");
	if (user != NULL)
		put_user(&out, user);
	put_load(&out, sink->options, false);
	put_variables(sink, &out);
	put_resolve(sink, &out);
	record_end(sink, &out);
}

static void
document_end(struct ld_import_sink *sink)
{
	struct ld_json_out out;
	struct ld_buf load;

	ld_buf_init(&load, LD_MAX_DOCUMENT);
	ld_json_out_init(&out, &load, 0);
	ld_json_out_object(&out);
	put_load(&out, sink->options, true);
	put_variables(sink, &out);
	put_resolve(sink, &out);
	ld_json_out_end(&out);
	ld_buf_adds(sink->out, "\n]}, ");
	/* Without the brace it begins with. */
	if (load.failed)
		sink->out->failed = true;
	else
		ld_buf_add(sink->out, load.data + 1, load.len - 1);
	ld_buf_adds(sink->out, "]]}\n");
	ld_buf_clear(&load);
}

/* As a placeholder takes it. */
static bool
is_name(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++)
		if (!((text[i] >= 'a' && text[i] <= 'z') ||
			(text[i] >= 'A' && text[i] <= 'Z') || text[i] == '_' ||
			(i > 0 && text[i] >= '0' && text[i] <= '9')))
			return false;
	return len > 0 && len <= MAX_NAME;
}

enum ld_status
ldi_sink_open(struct ld_import_sink *sink, const char *importer,
    const char *source, const struct ld_import_options *options,
    struct ld_buf *out, struct ld_err *err)
{
	enum ld_status status;

	memset(sink, 0, sizeof(*sink));
	sink->options = options;
	sink->out = out;
	ld_buf_init(&sink->task, out->max);
	ld_buf_init(&sink->origin, out->max);
	ld_buf_init(&sink->resolve, out->max);
	if (options->base != NULL && !is_name(options->base))
		return ld_err_set(err, LD_INVALID,
		    "base: '%s' is no name of a variable such as base_url",
		    options->base);
	status = compile(options->include, options->n_include, "include",
	    &sink->include, &sink->n_include, err);
	if (status == LD_OK)
		status = compile(options->exclude, options->n_exclude,
		    "exclude", &sink->exclude, &sink->n_exclude, err);
	if (status != LD_OK) {
		ldi_sink_close(sink);
		return status;
	}
	if (!options->action_json)
		stream_begin(sink, importer, source);
	return LD_OK;
}

enum ld_status
ldi_sink_end(struct ld_import_sink *sink, struct ld_err *err)
{
	struct ld_json_out out;

	configure(sink);
	if (sink->options->action_json) {
		document_end(sink);
	} else {
		record(sink, &out, "end");
		ld_json_out_key(&out, "tasks");
		ld_json_out_u64(&out, sink->count.tasks);
		ld_json_out_key(&out, "losses");
		ld_json_out_u64(&out, sink->count.losses);
		record_end(sink, &out);
	}
	return ld_buf_status(sink->out, "the plan", err);
}

void
ldi_sink_close(struct ld_import_sink *sink)
{
	drop(sink->include, sink->n_include);
	drop(sink->exclude, sink->n_exclude);
	ld_buf_clear(&sink->task);
	ld_buf_clear(&sink->origin);
	ld_buf_clear(&sink->resolve);
}

/* -- records -------------------------------------------------------------- */

struct ld_json_out *
ldi_sink_task(struct ld_import_sink *sink)
{
	ld_buf_reset(&sink->task);
	ld_json_out_init(&sink->json, &sink->task, 0);
	ld_json_out_object(&sink->json);
	if (!sink->options->action_json)
		ld_json_out_put_string(&sink->json, "type", "task");
	return &sink->json;
}

void
ldi_sink_task_end(struct ld_import_sink *sink)
{
	ld_json_out_end(&sink->json);
	configure(sink);
	if (sink->task.failed)
		sink->out->failed = true;
	if (sink->options->action_json)
		ld_buf_adds(sink->out, sink->count.tasks > 0 ? ",\n" : "\n");
	ld_buf_add(sink->out, sink->task.data, sink->task.len);
	if (!sink->options->action_json)
		ld_buf_addc(sink->out, '\n');
	sink->count.tasks++;
}

void
ldi_sink_loss(struct ld_import_sink *sink, const char *place, const char *what,
    const char *why)
{
	struct ld_json_out out;

	sink->count.losses++;
	if (sink->options->action_json)
		return;
	configure(sink);
	record(sink, &out, "loss");
	ld_json_out_put_string(&out, "place", place);
	ld_json_out_put_string(&out, "what", what);
	ld_json_out_put_string(&out, "why", why);
	record_end(sink, &out);
}

/* -- foreign text --------------------------------------------------------- */

/* A placeholder that stands for "${" itself.  The original knows none, but
 * leaves alone what it cannot resolve: its document gets text as it was. */
static const char escaped[] = "${'${'}";

static void
add_escaped(struct ld_buf *buf, const char *text, size_t len)
{
	const char *end = text + len, *at;

	while (len > 0 && (at = memmem(text, len, "${", 2)) != NULL) {
		ld_buf_add(buf, text, (size_t)(at - text));
		ld_buf_add(buf, escaped, sizeof(escaped) - 1);
		text = at + 2;
		len = (size_t)(end - text);
	}
	ld_buf_add(buf, text, len);
}

static bool
needs_escape(const struct ld_import_sink *sink, const char *text, size_t len)
{
	return !sink->options->action_json && len > 1 &&
	       memmem(text, len, "${", 2) != NULL;
}

void
ldi_sink_text(struct ld_import_sink *sink, struct ld_json_out *out,
    const char *text, size_t len)
{
	struct ld_buf buf;

	if (!needs_escape(sink, text, len)) {
		ld_json_out_stringn(out, text, len);
		return;
	}
	ld_buf_init(&buf, sink->task.max);
	add_escaped(&buf, text, len);
	if (buf.failed)
		sink->out->failed = true;
	else
		ld_json_out_stringn(out, buf.data, buf.len);
	ld_buf_clear(&buf);
}

void
ldi_sink_text_add(const struct ld_import_sink *sink, struct ld_buf *buf,
    const char *text, size_t len)
{
	if (needs_escape(sink, text, len))
		add_escaped(buf, text, len);
	else
		ld_buf_add(buf, text, len);
}

void
ldi_sink_resolve(struct ld_import_sink *sink, const char *text, size_t len)
{
	if (sink->resolve.len > 0)
		ld_buf_addc(&sink->resolve, ',');
	ld_json_add_string(&sink->resolve, text, len);
	if (sink->resolve.failed)
		sink->out->failed = true;
}

void
ldi_sink_origin(struct ld_import_sink *sink, const char *origin, size_t len)
{
	ld_buf_reset(&sink->origin);
	ld_buf_add(&sink->origin, origin, len);
	if (sink->origin.failed)
		sink->out->failed = true;
}

void
ldi_sink_url(struct ld_import_sink *sink, struct ld_json_out *out,
    const char *url, size_t len)
{
	size_t skip = sink->origin.len;
	struct ld_buf buf;

	if (skip == 0 || len < skip ||
	    memcmp(url, sink->origin.data, skip) != 0 ||
	    (len > skip && strchr("/?#", url[skip]) == NULL)) {
		ldi_sink_text(sink, out, url, len);
		return;
	}
	ld_buf_init(&buf, sink->task.max);
	ld_buf_addf(&buf, "${var.%s}", sink->options->base);
	if (needs_escape(sink, url + skip, len - skip))
		add_escaped(&buf, url + skip, len - skip);
	else
		ld_buf_add(&buf, url + skip, len - skip);
	if (buf.failed)
		sink->out->failed = true;
	else
		ld_json_out_stringn(out, buf.data, buf.len);
	ld_buf_clear(&buf);
}

/* -- foreign JSON --------------------------------------------------------- */

static bool
keys_differ(const struct ld_json *doc, ld_json_ref object)
{
	struct ldi_map *map;
	struct ld_buf key;
	bool ok;

	if (ld_json_count(doc, object) < 2)
		return true;
	map = ldi_map_new();
	ok = map != NULL;
	ld_buf_init(&key, LD_MAX_DOCUMENT);
	for (ld_json_ref at = ld_json_first(doc, object);
	     ok && at != LD_JSON_NONE; at = ld_json_next(doc, object, at)) {
		void *old = NULL;

		ld_buf_reset(&key);
		ld_json_text(doc, at, &key);
		ok = !key.failed &&
		     ldi_map_set(map, key.len > 0 ? key.data : "", key.len, map,
			 &old) &&
		     old == NULL;
	}
	ldi_map_free(map);
	ld_buf_clear(&key);
	return ok;
}

static void
add_string(const struct ld_import_sink *sink, const struct ld_json *doc,
    ld_json_ref ref, struct ld_buf *out)
{
	struct ld_buf plain, safe;
	const char *raw;
	size_t len;

	raw = ld_json_raw(doc, ref, &len);
	ld_buf_init(&plain, LD_MAX_DOCUMENT);
	ld_buf_init(&safe, sink->task.max);
	ld_json_text(doc, ref, &plain);
	if (needs_escape(sink, plain.data, plain.len)) {
		add_escaped(&safe, plain.data, plain.len);
		ld_json_add_string(out, safe.data, safe.len);
	} else {
		ld_buf_add(out, raw, len);
	}
	out->failed |= plain.failed || safe.failed;
	ld_buf_clear(&plain);
	ld_buf_clear(&safe);
}

/* Where a walk over the tape stands: one per level. */
struct level {
	ld_json_ref end; /* the node behind the container */
	bool object, value_next, first;
};

static void
punctuate(struct level *level, struct ld_buf *out)
{
	if (level->value_next)
		ld_buf_addc(out, ':');
	else if (!level->first)
		ld_buf_addc(out, ',');
	level->first = false;
}

bool
ldi_sink_json(const struct ld_import_sink *sink, const struct ld_json *doc,
    struct ld_buf *out)
{
	struct level levels[MAX_DEPTH + 1] = { { .end = doc->n } };
	size_t depth = 0;

	levels[0].first = true;
	for (ld_json_ref ref = 0; ref < doc->n; ref++) {
		struct level *level = &levels[depth];
		enum ld_json_kind kind = ld_json_kind(doc, ref);
		bool key = level->object && !level->value_next;
		size_t len;
		const char *raw = ld_json_raw(doc, ref, &len);

		punctuate(level, out);
		level->value_next = key;
		if (kind == LD_JSON_OBJECT || kind == LD_JSON_ARRAY) {
			bool object = kind == LD_JSON_OBJECT;

			if (depth == MAX_DEPTH ||
			    (object && !keys_differ(doc, ref)))
				return false;
			ld_buf_addc(out, object ? '{' : '[');
			levels[++depth] = (struct level){
				.end = ref + doc->nodes[ref].skip,
				.object = object,
				.first = true,
			};
		} else if (kind == LD_JSON_STRING && !key) {
			add_string(sink, doc, ref, out);
		} else {
			ld_buf_add(out, raw, len);
		}
		while (depth > 0 && ref + 1 == levels[depth].end)
			ld_buf_addc(out, levels[depth--].object ? '}' : ']');
	}
	return true;
}
