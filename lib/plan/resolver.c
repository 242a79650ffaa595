/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ld/limits.h>

#include "base/file.h"
#include "base/map.h"
#include "base/redact.h"
#include "plan/bind.h"
#include "plan/node.h"
#include "plan/resolve.h"

/* A value and its text in one block. */
struct value {
	struct ldi_value pub;
	char text[];
};

/* Shared by the clones of a resolver. */
struct source {
	struct ldi_csv_source pub;
	struct ldi_csv *csv;
	unsigned refs;
	char path[];
};

struct ld_resolver {
	struct ldi_map *options;      /* struct value */
	struct ldi_map *variables;    /* struct value */
	struct ldi_map *sources;      /* struct source */
	struct ld_redactor *redactor; /* borrowed; may be NULL */
};

struct ld_resolver *
ld_resolver_new(void)
{
	struct ld_resolver *resolver = calloc(1, sizeof(*resolver));

	if (resolver == NULL)
		return NULL;
	resolver->options = ldi_map_new();
	resolver->variables = ldi_map_new();
	resolver->sources = ldi_map_new();
	if (resolver->options == NULL || resolver->variables == NULL ||
	    resolver->sources == NULL) {
		ld_resolver_free(resolver);
		return NULL;
	}
	return resolver;
}

static void
source_free(struct source *source)
{
	if (source == NULL || --source->refs != 0)
		return;
	ldi_csv_free(source->csv);
	free(source);
}

static void
values_clear(struct ldi_map *map)
{
	for (size_t i = 0; i < ldi_map_count(map); i++)
		free(ldi_map_value(map, i));
	ldi_map_clear(map);
}

void
ld_resolver_clear(struct ld_resolver *resolver)
{
	if (resolver->variables != NULL)
		values_clear(resolver->variables);
	if (resolver->sources == NULL)
		return;
	for (size_t i = 0; i < ldi_map_count(resolver->sources); i++)
		source_free(ldi_map_value(resolver->sources, i));
	ldi_map_clear(resolver->sources);
}

void
ld_resolver_free(struct ld_resolver *resolver)
{
	if (resolver == NULL)
		return;
	ld_resolver_clear(resolver);
	if (resolver->options != NULL)
		values_clear(resolver->options);
	ldi_map_free(resolver->options);
	ldi_map_free(resolver->variables);
	ldi_map_free(resolver->sources);
	free(resolver);
}

static enum ld_status
set(struct ldi_map *map, const char *name, const struct ldi_value *from,
    struct ld_err *err)
{
	struct value *value = calloc(1, sizeof(*value) + from->len + 1);
	void *old = NULL;

	if (value == NULL)
		return ldi_nomem(err);
	value->pub = *from;
	value->pub.text = value->text;
	if (from->len != 0)
		memcpy(value->text, from->text, from->len);
	if (!ldi_map_set(map, name, strlen(name), value, &old)) {
		free(value);
		return ldi_nomem(err);
	}
	free(old);
	return LD_OK;
}

static bool
copy_values(struct ldi_map *to, const struct ldi_map *from)
{
	const struct value *value;

	for (size_t i = 0; i < ldi_map_count(from); i++) {
		size_t len;
		const char *key = ldi_map_key(from, i, &len);

		value = ldi_map_value(from, i);
		if (set(to, key, &value->pub, NULL) != LD_OK)
			return false;
	}
	return true;
}

static bool
share_sources(struct ldi_map *to, const struct ldi_map *from)
{
	struct source *source;

	for (size_t i = 0; i < ldi_map_count(from); i++) {
		size_t len;
		const char *key = ldi_map_key(from, i, &len);

		source = ldi_map_value(from, i);
		if (!ldi_map_set(to, key, len, source, NULL))
			return false;
		source->refs++;
	}
	return true;
}

struct ld_resolver *
ld_resolver_clone(const struct ld_resolver *resolver)
{
	struct ld_resolver *clone = ld_resolver_new();

	if (clone == NULL)
		return NULL;
	clone->redactor = resolver->redactor;
	if (!copy_values(clone->options, resolver->options) ||
	    !copy_values(clone->variables, resolver->variables) ||
	    !share_sources(clone->sources, resolver->sources)) {
		ld_resolver_free(clone);
		return NULL;
	}
	return clone;
}

void
ld_resolver_redactor(struct ld_resolver *resolver, struct ld_redactor *redactor)
{
	resolver->redactor = redactor;
}

struct ld_redactor *
ldi_resolver_redactor(const struct ld_resolver *resolver)
{
	return resolver != NULL ? resolver->redactor : NULL;
}

static enum ld_status
check_name(const char *name, struct ld_err *err)
{
	if (*name == '\0')
		return ld_err_set(
		    err, LD_INVALID, "a variable must have a name");
	if (strchr(name, '}') != NULL)
		return ld_err_set(err, LD_INVALID,
		    "'%s': no placeholder could name a variable with a '}'",
		    name);
	return LD_OK;
}

/* A variable with the name of a secret is one before anybody uses it. */
static enum ld_status
taint(const struct ld_resolver *resolver, const char *name,
    const struct ldi_value *value, struct ld_err *err)
{
	if (ldi_secret_name(name, strlen(name)))
		ldi_redactor_taint(resolver->redactor, value->text, value->len);
	else
		ldi_redactor_scan(resolver->redactor, value->text, value->len);
	return ldi_redactor_status(resolver->redactor, err);
}

enum ld_status
ld_resolver_option(struct ld_resolver *resolver, const char *name,
    const char *value, struct ld_err *err)
{
	struct ldi_value text = { LD_JSON_STRING, value, strlen(value) };
	enum ld_status st = check_name(name, err);

	if (st == LD_OK)
		st = taint(resolver, name, &text, err);
	return st != LD_OK ? st : set(resolver->options, name, &text, err);
}

enum ld_status
ld_resolver_variable(struct ld_resolver *resolver, const char *name,
    struct ld_node node, struct ld_err *err)
{
	struct ldi_value value = { .kind = ldi_node_kind(node) };
	struct ld_buf buf;
	enum ld_status st = check_name(name, err);

	if (st != LD_OK)
		return ld_node_place(node, err);
	ld_buf_init(&buf, LD_MAX_DOCUMENT);
	if (!ldi_node_present(node))
		ld_buf_adds(&buf, "null");
	else if (value.kind == LD_JSON_STRING)
		ld_json_text(node.json, node.ref, &buf);
	else
		st = ldi_node_json(node, &buf, NULL, NULL, err);
	if (st == LD_OK)
		st = ld_buf_status(&buf, "the variable", err);
	value.text = buf.data;
	value.len = buf.len;
	if (st == LD_OK)
		st = taint(resolver, name, &value, err);
	if (st == LD_OK)
		st = set(resolver->variables, name, &value, err);
	ld_buf_clear(&buf);
	return st;
}

enum ld_status
ld_resolver_variables(
    struct ld_resolver *resolver, struct ld_node object, struct ld_err *err)
{
	struct ldi_arena *arena;
	struct ld_node key;
	enum ld_status st = LD_OK;
	char *name;

	if (ldi_node_kind(object) == LD_JSON_NULL)
		return LD_OK;
	if (ldi_node_kind(object) != LD_JSON_OBJECT)
		return ld_node_error(object, err, LD_INVALID,
		    "'variables' is an object, not %s",
		    ldi_node_article(object));
	arena = ldi_arena_new();
	if (arena == NULL)
		return ldi_nomem(err);
	for (key = ldi_node_first(object); st == LD_OK && ldi_node_present(key);
	     key = ldi_node_next(object, key)) {
		st = ldi_node_name(key, arena, &name, err);
		if (st == LD_OK)
			st = ld_resolver_variable(
			    resolver, name, ldi_node_value(key), err);
	}
	ldi_arena_free(arena);
	return st;
}

/* -- CSV ------------------------------------------------------------------ */

static enum ld_status
load(const char *path, struct ldi_csv **csv_out, struct ld_err *err)
{
	struct ld_buf buf;
	enum ld_status st;
	char *text;
	size_t len;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	ld_buf_init(&buf, LD_MAX_CSV_BYTES);
	/* The place of a file that cannot be read is where the plan names it.
	 * It is read, not mapped: a file that somebody cuts short while users
	 * take rows from it must not end the process. */
	if (fd < 0)
		st = ld_err_errno(err, errno, "cannot open '%s'", path);
	else if ((st = ldi_file_read(fd, &buf, "the CSV file", err)) != LD_OK)
		ld_err_context(err, "'%s'", path);
	if (fd >= 0)
		close(fd);
	if (st == LD_OK) {
		text = ld_buf_take(&buf, &len);
		st = text == NULL
			 ? ldi_nomem(err)
			 : ldi_csv_adopt(path, text, len, csv_out, err);
	}
	ld_buf_clear(&buf);
	return st;
}

enum ld_status
ld_resolver_csv(struct ld_resolver *resolver, const char *name,
    const char *path, bool cycle, struct ld_err *err)
{
	size_t size = strlen(path) + 1;
	struct source *source;
	void *old = NULL;
	enum ld_status st;

	if (*name == '\0' || strpbrk(name, ".}") != NULL)
		return ld_err_set(err, LD_INVALID,
		    "'%s' cannot name a CSV source: no placeholder would "
		    "reach it",
		    name);
	source = calloc(1, sizeof(*source) + size);
	if (source == NULL)
		return ldi_nomem(err);
	source->refs = 1;
	st = load(path, &source->csv, err);
	if (st == LD_OK) {
		memcpy(source->path, path, size);
		source->pub.csv = source->csv;
		source->pub.path = source->path;
		source->pub.cycle = cycle;
		if (!ldi_map_set(
			resolver->sources, name, strlen(name), source, &old))
			st = ldi_nomem(err);
	}
	source_free(st == LD_OK ? old : source);
	return st;
}

struct csv_entry {
	const char *name, *path;
	bool cycle;
};

const struct ld_field ldi_csv_fields[] = {
	{ .name = "name",
	    .kind = LD_FIELD_STRING,
	    .flags = LD_FIELD_REQUIRED,
	    .offset = offsetof(struct csv_entry, name),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .help = "what placeholders call it: ${csv.NAME.COLUMN}" },
	{ .name = "file_path",
	    .kind = LD_FIELD_STRING,
	    .flags = LD_FIELD_REQUIRED,
	    .offset = offsetof(struct csv_entry, path),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .help = "a CSV file with a header line" },
	LD_FIELD(BOOL, struct csv_entry, cycle, "cycle", "true",
	    "begin again behind the last row"),
	LD_FIELD_END,
};

static enum ld_status
csv_entry(struct ld_resolver *resolver, struct ld_node node,
    struct ldi_arena *arena, struct ld_err *err)
{
	const struct ld_field *const tables[] = { ldi_csv_fields, NULL };
	struct csv_entry entry = { 0 };
	void *const bases[] = { &entry };
	enum ld_status st;

	if (ldi_node_kind(node) != LD_JSON_OBJECT)
		return ld_node_error(node, err, LD_INVALID,
		    "a CSV source is an object, not %s",
		    ldi_node_article(node));
	st = ldi_fields_read(tables, bases, node, NULL, resolver, arena, err);
	if (st != LD_OK)
		return st;
	st =
	    ld_resolver_csv(resolver, entry.name, entry.path, entry.cycle, err);
	if (st != LD_OK && err != NULL && err->file[0] == '\0')
		ld_node_place(node, err);
	return st;
}

enum ld_status
ld_resolver_csv_sources(
    struct ld_resolver *resolver, struct ld_node array, struct ld_err *err)
{
	struct ldi_arena *arena;
	struct ld_node node;
	enum ld_status st = LD_OK;

	if (ldi_node_kind(array) == LD_JSON_NULL)
		return LD_OK;
	if (ldi_node_kind(array) != LD_JSON_ARRAY)
		return ld_node_error(array, err, LD_INVALID,
		    "'csv_sources' is an array, not %s",
		    ldi_node_article(array));
	arena = ldi_arena_new();
	if (arena == NULL)
		return ldi_nomem(err);
	for (node = ldi_node_first(array);
	     st == LD_OK && ldi_node_present(node);
	     node = ldi_node_next(array, node))
		st = csv_entry(resolver, node, arena, err);
	ldi_arena_free(arena);
	return st;
}

/* -- look up -------------------------------------------------------------- */

bool
ldi_resolver_find(const struct ld_resolver *resolver, const char *name,
    struct ldi_value *value_out)
{
	size_t len = strlen(name);
	const struct value *value = ldi_map_get(resolver->options, name, len);
	const char *env;

	if (value == NULL)
		value = ldi_map_get(resolver->variables, name, len);
	if (value != NULL) {
		*value_out = value->pub;
		return true;
	}
	env = *name != '\0' ? getenv(name) : NULL;
	if (env == NULL)
		return false;
	*value_out = (struct ldi_value){ LD_JSON_STRING, env, strlen(env) };
	return true;
}

const struct ldi_csv_source *
ldi_resolver_find_csv(const struct ld_resolver *resolver, const char *name)
{
	const struct source *source =
	    ldi_map_get(resolver->sources, name, strlen(name));

	return source != NULL ? &source->pub : NULL;
}

const char *
ldi_resolver_name(const struct ld_resolver *resolver, size_t i)
{
	size_t n = ldi_map_count(resolver->options), len;

	if (i < n)
		return ldi_map_key(resolver->options, i, &len);
	i -= n;
	return i < ldi_map_count(resolver->variables)
		   ? ldi_map_key(resolver->variables, i, &len)
		   : NULL;
}

const char *
ldi_resolver_csv_name(const struct ld_resolver *resolver, size_t i)
{
	size_t len;

	return i < ldi_map_count(resolver->sources)
		   ? ldi_map_key(resolver->sources, i, &len)
		   : NULL;
}
