/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "plan/node.h"
#include "plan/scope.h"

/* One block: the scope, its slots, its rows, and LDI_SLOT_RESERVED bytes for
 * each slot. */
enum ld_status
ldi_scope_new(
    const struct ldi_bind *bind, struct ld_scope **out, struct ld_err *err)
{
	size_t n_slots = ldi_map_count(bind->slot_names);
	size_t n_csvs = ldi_map_count(bind->csv_names);
	size_t size = sizeof(struct ld_scope) +
		      n_slots * (sizeof(struct ldi_slot) + LDI_SLOT_RESERVED) +
		      n_csvs * sizeof(uint32_t);
	struct ld_scope *scope = calloc(1, size);
	char *room;

	*out = scope;
	if (scope == NULL)
		return ldi_nomem(err);
	scope->bind = bind;
	scope->n_slots = (uint32_t)n_slots;
	scope->n_csvs = (uint32_t)n_csvs;
	scope->slots = (struct ldi_slot *)(scope + 1);
	scope->rows = (uint32_t *)(scope->slots + n_slots);
	scope->now_second = INT64_MIN;
	room = (char *)(scope->rows + n_csvs);
	for (size_t i = 0; i < n_slots; i++) {
		scope->slots[i].room = room + i * LDI_SLOT_RESERVED;
		scope->slots[i].cap = LDI_SLOT_RESERVED;
	}
	ldi_scope_reset(scope);
	return LD_OK;
}

void
ldi_scope_free(struct ld_scope *scope)
{
	if (scope == NULL)
		return;
	for (uint32_t i = 0; i < scope->n_slots; i++)
		if (scope->slots[i].cap > LDI_SLOT_RESERVED)
			free(scope->slots[i].room);
	free(scope);
}

void
ldi_scope_reset(struct ld_scope *scope)
{
	const struct ldi_bind_slot *from;

	for (uint32_t i = 0; i < scope->n_slots; i++) {
		from = ldi_map_value(scope->bind->slot_names, i);
		scope->slots[i].data = NULL;
		if (!from->has_initial)
			continue;
		scope->slots[i].data = from->initial.text;
		scope->slots[i].len = (uint32_t)from->initial.len;
		scope->slots[i].kind = from->initial.kind;
	}
}

bool
ldi_scope_begin_pass(
    struct ld_scope *scope, uint64_t key, uint32_t pass, uint64_t row)
{
	scope->rng = (struct ld_rng_key){ .seed = scope->bind->seed,
		.key = key,
		.pass = pass,
		.task = LD_RNG_PASS };
	scope->draw = 0;
	scope->row = row;
	for (uint32_t i = 0; i < scope->n_csvs; i++) {
		if (ldi_scope_lacks_row(scope, i))
			return false;
		scope->rows[i] =
		    (uint32_t)(row % ldi_bind_csv_rows(scope->bind, i));
	}
	return true;
}

bool
ldi_scope_lacks_row(const struct ld_scope *scope, uint32_t csv)
{
	const struct ldi_bind_csv *source = ldi_bind_csv_at(scope->bind, csv);

	return !source->source.cycle &&
	       scope->row >= ldi_csv_rows(source->source.csv);
}

void
ldi_scope_begin_task(struct ld_scope *scope, uint32_t task)
{
	scope->rng.task = task;
	scope->draw = 0;
}

void
ldi_scope_drop(struct ld_scope *scope, uint32_t slot_no)
{
	assert(slot_no < scope->n_slots);
	scope->slots[slot_no].data = NULL;
}

enum ld_status
ldi_scope_set(struct ld_scope *scope, uint32_t slot_no, enum ld_json_kind kind,
    const char *text, size_t len)
{
	struct ldi_slot *slot = &scope->slots[slot_no];
	size_t cap;
	char *room;

	assert(slot_no < scope->n_slots);
	/* What cannot be kept must not leave the value before it behind: a
	 * later use then fails in the open. */
	slot->data = NULL;
	if (len > LD_MAX_VALUE_BYTES)
		return LD_INVALID;
	if (len > slot->cap) {
		for (cap = slot->cap; cap < len;)
			cap *= 2;
		room = malloc(cap);
		if (room == NULL)
			return LD_NOMEM;
		if (slot->cap > LDI_SLOT_RESERVED)
			free(slot->room);
		slot->room = room;
		slot->cap = (uint32_t)cap;
	}
	if (len != 0)
		memcpy(slot->room, text, len);
	slot->data = slot->room;
	slot->len = (uint32_t)len;
	slot->kind = kind;
	return LD_OK;
}

uint64_t
ldi_scope_draw(struct ld_scope *scope)
{
	return ld_rng_u64(&scope->rng, scope->draw++);
}

uint64_t
ldi_scope_draw_below(struct ld_scope *scope, uint64_t n)
{
	return ld_rng_below(&scope->rng, scope->draw++, n);
}
