/* SPDX-License-Identifier: MIT */
/*
 * What a placeholder may name, and what is said when it is not there.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ld/limits.h>

#include "base/redact.h"
#include "plan/build.h"
#include "plan/node.h"

/* -- errors --------------------------------------------------------------- */

/* Add the place of the placeholder to what *err says.  Inside a string
 * without escapes it is known to the byte, else the string must do. */
static enum ld_status
at_place(
    struct ldi_build *build, const struct ldi_place *place, struct ld_err *err)
{
	const char *text;
	size_t len;

	if (err == NULL)
		return LD_INVALID;
	ld_node_place(build->node, err);
	if (err->column != 0 &&
	    ld_json_plain(build->node.json, build->node.ref, &text, &len))
		err->column += 1 + (unsigned)place->at;
	return err->status;
}

static const char *
nearest_variable(const struct ldi_build *build, const char *name)
{
	const char *best = NULL, **names, *known;
	size_t n = 0, cap, len;

	for (cap = 0; ldi_resolver_name(build->bind->resolver, cap) != NULL;)
		cap++;
	cap += ldi_map_count(build->bind->slot_names);
	names = malloc((cap + 1) * sizeof(*names));
	if (names == NULL)
		return NULL;
	while (n < ldi_map_count(build->bind->slot_names)) {
		names[n] = ldi_map_key(build->bind->slot_names, n, &len);
		n++;
	}
	for (size_t i = 0;
	     (known = ldi_resolver_name(build->bind->resolver, i)) != NULL; i++)
		names[n++] = known;
	best = ld_err_nearest(name, names, n, sizeof(*names));
	free(names);
	return best;
}

static enum ld_status
no_variable(struct ldi_build *build, const struct ldi_place *place,
    const char *name, struct ld_err *err)
{
	const char *best = nearest_variable(build, name);

	if (best != NULL)
		ld_err_set(err, LD_INVALID,
		    "no variable '%s'; did you mean '%s'? "
		    "(set it with --var %s=...)",
		    name, best, name);
	else
		ld_err_set(err, LD_INVALID,
		    "no variable '%s': no extractor, --var, `variables` or "
		    "environment sets it (set it with --var %s=...)",
		    name, name);
	return at_place(build, place, err);
}

static enum ld_status
no_secret(struct ldi_build *build, const struct ldi_place *place,
    const char *name, struct ld_err *err)
{
	const char *best = NULL, *names[LD_MAX_SECRETS];
	size_t n = 0;

	while (n < LD_MAX_SECRETS &&
	       (names[n] = ldi_redactor_name(
		    ldi_bind_redactor(build->bind), n)) != NULL)
		n++;
	best = ld_err_nearest(name, names, n, sizeof(names[0]));
	ld_err_set(err, LD_INVALID,
	    "no secret '%s'%s%s%s (give it with --secret %s=@FILE)", name,
	    best != NULL ? "; did you mean '" : "", best != NULL ? best : "",
	    best != NULL ? "'?" : "", name);
	return at_place(build, place, err);
}

static enum ld_status
no_csv(struct ldi_build *build, const struct ldi_place *place, const char *name,
    struct ld_err *err)
{
	const char *best = NULL, *names[64];
	size_t n = 0;

	while (n < 64 && (names[n] = ldi_resolver_csv_name(
			      build->bind->resolver, n)) != NULL)
		n++;
	best = ld_err_nearest(name, names, n, sizeof(names[0]));
	ld_err_set(err, LD_INVALID, "no CSV source '%s'%s%s%s", name,
	    best != NULL ? "; did you mean '" : "", best != NULL ? best : "",
	    best != NULL ? "'?" : "");
	return at_place(build, place, err);
}

static enum ld_status
no_column(struct ldi_build *build, const struct ldi_place *place,
    const struct ldi_csv_source *source, const char *name, struct ld_err *err)
{
	const char *best = ld_err_nearest(name, ldi_csv_names(source->csv),
	    ldi_csv_columns(source->csv), sizeof(char *));

	ld_err_set(err, LD_INVALID, "%s has no column '%s'%s%s%s", source->path,
	    name, best != NULL ? "; did you mean '" : "",
	    best != NULL ? best : "", best != NULL ? "'?" : "");
	return at_place(build, place, err);
}

/* -- what a placeholder may name ------------------------------------------ */

/* The name says that it is a secret, wherever it is used. */
static void
taint_named(
    struct ldi_build *build, const char *name, const struct ldi_value *value)
{
	struct ld_redactor *redactor = ldi_bind_redactor(build->bind);

	if (ldi_secret_name(name, strlen(name)))
		ldi_redactor_taint(redactor, value->text, value->len);
	else
		ldi_redactor_scan(redactor, value->text, value->len);
}

static enum ld_status
from_variable(struct ldi_build *build, const struct ldi_place *place,
    const char *name, struct ld_err *err)
{
	struct ldi_piece piece = { .op = LDI_PIECE_SLOT };
	struct ldi_value value;

	if (ldi_bind_find(build->bind, name, &piece.slot))
		return ldi_build_dynamic(build, place, &piece, err);
	if (!ldi_resolver_find(build->bind->resolver, name, &value))
		return no_variable(build, place, name, err);
	taint_named(build, name, &value);
	ldi_build_value(build, &value, place->form);
	return LD_OK;
}

static enum ld_status
from_env(struct ldi_build *build, const struct ldi_place *place,
    const char *name, struct ld_err *err)
{
	const char *text = *name != '\0' ? getenv(name) : NULL;
	struct ldi_value value = { LD_JSON_STRING, text, 0 };

	if (text == NULL) {
		ld_err_set(err, LD_INVALID,
		    "no environment variable '%s' is set", name);
		return at_place(build, place, err);
	}
	value.len = strlen(text);
	taint_named(build, name, &value);
	ldi_build_value(build, &value, place->form);
	return LD_OK;
}

/* Its name is what a shape shows, even where the whole is constant. */
static enum ld_status
from_secret(struct ldi_build *build, const struct ldi_place *place,
    const char *name, struct ld_err *err)
{
	struct ldi_value raw = { LD_JSON_STRING, place->raw, place->raw_len };
	struct ldi_value value = { .kind = LD_JSON_STRING };

	if (!ldi_redactor_find(
		ldi_bind_redactor(build->bind), name, &value.text, &value.len))
		return no_secret(build, place, name, err);
	build->has_secret = true;
	ldi_value_add(&build->text, &value, place->form);
	ldi_value_add(&build->shape, &raw, place->form);
	return LD_OK;
}

static enum ld_status
from_csv(struct ldi_build *build, const struct ldi_place *place,
    const char *name, struct ld_err *err)
{
	struct ldi_piece piece = { .op = LDI_PIECE_CELL };
	const struct ldi_csv_source *source;
	char *column = strchr(name, '.');
	enum ld_status st;

	if (column == NULL) {
		ld_err_set(err, LD_INVALID,
		    "a CSV placeholder is ${csv.SOURCE.COLUMN}");
		return at_place(build, place, err);
	}
	*column++ = '\0'; /* of the placeholder's own copy */
	source = ldi_resolver_find_csv(build->bind->resolver, name);
	if (source == NULL)
		return no_csv(build, place, name, err);
	piece.csv = source->csv;
	piece.column = ldi_csv_column(source->csv, column);
	if (piece.column == LDI_CSV_NONE)
		return no_column(build, place, source, column, err);
	if (ldi_csv_rows(source->csv) == 0) {
		ld_err_set(err, LD_INVALID, "%s has no rows", source->path);
		return at_place(build, place, err);
	}
	st = ldi_bind_csv(build->bind, name, source, &piece.slot, err);
	return st != LD_OK ? st : ldi_build_dynamic(build, place, &piece, err);
}

/* Sources that the original has. */
static enum ld_status
from_later(struct ldi_build *build, const struct ldi_place *place,
    const char *name, struct ld_err *err)
{
	bool faker = strncasecmp(place->inner, "faker", 5) == 0;

	(void)name;
	ld_err_set(err, LD_UNSUPPORTED,
	    "${%.80s}: %s not in this build; %s${csv.SOURCE.COLUMN} takes "
	    "values from a file",
	    place->inner, faker ? "faker is" : "databases are",
	    faker ? "${uuid()}, ${now()} and ${randint(a, b)} make values, "
		  : "");
	return at_place(build, place, err);
}

static const struct {
	const char *prefix;
	enum ld_status (*compile)(struct ldi_build *build,
	    const struct ldi_place *place, const char *name,
	    struct ld_err *err);
} sources[] = {
	{ "csv", from_csv },
	{ "db", from_later },
	{ "env", from_env },
	{ "faker", from_later },
	{ "secret", from_secret },
	{ "var", from_variable },
};
#define N_SOURCES (sizeof(sources) / sizeof(sources[0]))

static enum ld_status
from_call(
    struct ldi_build *build, const struct ldi_place *place, struct ld_err *err)
{
	struct ldi_piece piece = { .op = LDI_PIECE_CALL };
	enum ld_status st =
	    ldi_call_compile(place->inner, place->len, &piece.call, err);

	return st != LD_OK ? at_place(build, place, err)
			   : ldi_build_dynamic(build, place, &piece, err);
}

static enum ld_status
from_source(struct ldi_build *build, const struct ldi_place *place, char *dot,
    struct ld_err *err)
{
	const char *best;
	size_t i;

	*dot = '\0';
	for (i = 0; i < N_SOURCES; i++)
		if (strcasecmp(place->inner, sources[i].prefix) == 0)
			break;
	if (i < N_SOURCES) {
		if (sources[i].compile == from_later)
			*dot = '.';
		return sources[i].compile(build, place, dot + 1, err);
	}
	best = ld_err_nearest(
	    place->inner, &sources[0].prefix, N_SOURCES, sizeof(sources[0]));
	ld_err_set(err, LD_INVALID, "no source '%s' of values; %s%s%s",
	    place->inner,
	    best != NULL ? "did you mean '"
			 : "there are var, "
			   "env, csv and secret",
	    best != NULL ? best : "", best != NULL ? "'?" : "");
	return at_place(build, place, err);
}

enum ld_status
ldi_build_placeholder(
    struct ldi_build *build, struct ldi_place *place, struct ld_err *err)
{
	const char *inner = place->inner;
	size_t len = place->len;
	struct ldi_value text;
	char *dot;

	if (len >= 2 && (inner[0] == '\'' || inner[0] == '"') &&
	    inner[len - 1] == inner[0]) {
		text = (struct ldi_value){ LD_JSON_STRING, inner + 1, len - 2 };
		ldi_build_value(build, &text, place->form);
		return LD_OK;
	}
	if (ldi_call_like(inner, len))
		return from_call(build, place, err);
	if (len == 0 || memchr(inner, '\0', len) != NULL) {
		ld_err_set(err, LD_INVALID, "a placeholder without a name");
		return at_place(build, place, err);
	}
	if (strncasecmp(inner, "secret:", 7) == 0)
		return from_secret(build, place, inner + 7, err);
	dot = strchr(place->inner, '.');
	return dot != NULL ? from_source(build, place, dot, err)
			   : from_variable(build, place, inner, err);
}
