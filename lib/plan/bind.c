/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "plan/node.h"
#include "plan/regex.h"
#include "plan/scope.h"

/* Variables of a plan are counted in tens. */
#define MAX_SLOTS 65536

enum ld_status
ldi_bind_new(const struct ld_resolver *resolver, uint64_t seed,
    struct ldi_bind **out, struct ld_err *err)
{
	struct ldi_bind *bind = calloc(1, sizeof(*bind));

	*out = NULL;
	if (bind == NULL)
		return ldi_nomem(err);
	bind->resolver = resolver;
	bind->seed = seed;
	bind->arena = ldi_arena_new();
	bind->slot_names = ldi_map_new();
	bind->csv_names = ldi_map_new();
	bind->programs = ldi_map_new();
	if (bind->arena == NULL || bind->slot_names == NULL ||
	    bind->csv_names == NULL || bind->programs == NULL) {
		ldi_bind_free(bind);
		return ldi_nomem(err);
	}
	*out = bind;
	return LD_OK;
}

void
ldi_bind_free(struct ldi_bind *bind)
{
	if (bind == NULL)
		return;
	ldi_map_free(bind->slot_names);
	ldi_map_free(bind->csv_names);
	ldi_map_free(bind->programs);
	ldi_regexes_free(bind->regexes);
	ldi_arena_free(bind->arena);
	free(bind);
}

struct ldi_arena *
ldi_bind_arena(struct ldi_bind *bind)
{
	return bind->arena;
}

bool
ldi_bind_find(const struct ldi_bind *bind, const char *name, uint32_t *slot_out)
{
	const struct ldi_bind_slot *slot =
	    ldi_map_get(bind->slot_names, name, strlen(name));

	for (uint32_t i = 0; slot != NULL; i++) {
		if (ldi_map_value(bind->slot_names, i) == slot) {
			*slot_out = i;
			return true;
		}
	}
	return false;
}

enum ld_status
ldi_bind_slot(struct ldi_bind *bind, const char *name, uint32_t *slot_out,
    struct ld_err *err)
{
	struct ldi_bind_slot *slot;
	size_t n = ldi_map_count(bind->slot_names);

	if (*name == '\0' || strchr(name, '}') != NULL)
		return ld_err_set(err, LD_INVALID,
		    "'%s': no placeholder could name this variable", name);
	if (ldi_bind_find(bind, name, slot_out))
		return LD_OK;
	if (n == MAX_SLOTS)
		return ld_err_set(err, LD_INVALID,
		    "more than %d variables are extracted", MAX_SLOTS);
	slot = ldi_arena_alloc(bind->arena, sizeof(*slot));
	if (slot == NULL)
		return ldi_nomem(err);
	slot->name = ldi_arena_strdup(bind->arena, name);
	slot->has_initial =
	    ldi_resolver_find(bind->resolver, name, &slot->initial);
	if (slot->has_initial)
		slot->initial.text = ldi_arena_strndup(
		    bind->arena, slot->initial.text, slot->initial.len);
	if (slot->name == NULL ||
	    (slot->has_initial && slot->initial.text == NULL) ||
	    !ldi_map_set(bind->slot_names, name, strlen(name), slot, NULL))
		return ldi_nomem(err);
	*slot_out = (uint32_t)n;
	return LD_OK;
}

enum ld_status
ldi_bind_csv(struct ldi_bind *bind, const char *name,
    const struct ldi_csv_source *source, uint32_t *index_out,
    struct ld_err *err)
{
	struct ldi_bind_csv *csv;
	size_t n = ldi_map_count(bind->csv_names), len = strlen(name);

	for (uint32_t i = 0; i < n; i++) {
		csv = ldi_map_value(bind->csv_names, i);
		if (strcmp(csv->name, name) == 0) {
			*index_out = i;
			return LD_OK;
		}
	}
	csv = ldi_arena_alloc(bind->arena, sizeof(*csv));
	if (csv == NULL)
		return ldi_nomem(err);
	csv->name = ldi_arena_strdup(bind->arena, name);
	csv->source = *source;
	if (csv->name == NULL ||
	    !ldi_map_set(bind->csv_names, name, len, csv, NULL))
		return ldi_nomem(err);
	*index_out = (uint32_t)n;
	return LD_OK;
}

const struct ldi_bind_csv *
ldi_bind_csv_at(const struct ldi_bind *bind, uint32_t index)
{
	return ldi_map_value(bind->csv_names, index);
}

uint32_t
ldi_bind_n_csvs(const struct ldi_bind *bind)
{
	return (uint32_t)ldi_map_count(bind->csv_names);
}

const char *
ldi_bind_csv_name(const struct ldi_bind *bind, uint32_t csv)
{
	return ldi_bind_csv_at(bind, csv)->name;
}

uint32_t
ldi_bind_csv_rows(const struct ldi_bind *bind, uint32_t csv)
{
	return ldi_csv_rows(ldi_bind_csv_at(bind, csv)->source.csv);
}

void
ldi_value_add(
    struct ld_buf *out, const struct ldi_value *value, enum ldi_form form)
{
	if (form == LDI_FORM_CHARS)
		ld_json_add_chars(out, value->text, value->len);
	else if (form == LDI_FORM_JSON && value->kind == LD_JSON_STRING)
		ld_json_add_string(out, value->text, value->len);
	else
		ld_buf_add(out, value->text, value->len);
}
