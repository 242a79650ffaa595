/* SPDX-License-Identifier: MIT */
/*
 * plan/scope.h - inside a binding and a scope, for what renders.
 */
#ifndef LDI_PLAN_SCOPE_H
#define LDI_PLAN_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/rng.h>
#include <ld/time.h>

#include "base/map.h"
#include "plan/bind.h"
#include "plan/resolve.h"

struct ldi_regex;

/* Bytes that every slot of every user has from the start. */
#define LDI_SLOT_RESERVED 64

/* A variable that an extractor writes. */
struct ldi_bind_slot {
	const char *name;
	bool has_initial; /* until something is extracted */
	struct ldi_value initial;
};

/* A CSV source that some template reads. */
struct ldi_bind_csv {
	const char *name;
	struct ldi_csv_source source;
};

/* A value that differs from pass to pass and is a secret: what an extractor
 * stores, or a column of a CSV source. */
struct ldi_bind_secret {
	struct ldi_bind_secret *next;
	const struct ldi_csv *csv; /* NULL: a slot */
	uint32_t slot;             /* or the number of the source */
	uint32_t column;
};

struct ldi_bind {
	const struct ld_resolver *resolver;
	struct ldi_arena *arena;
	uint64_t seed;
	struct ldi_map *slot_names; /* struct ldi_bind_slot */
	struct ldi_map *csv_names;  /* struct ldi_bind_csv */
	struct ldi_map *programs;   /* of jq: the keys, in their order */
	struct ldi_regex *regexes;  /* all of them, the last one first */
	uint32_t regex_groups;      /* the most that one of them has */
	struct ldi_bind_secret *secrets;
};

struct ldi_slot {
	const char *data; /* NULL = nothing stored yet */
	uint32_t len;
	uint32_t kind;   /* enum ld_json_kind */
	char *room;      /* reserved in the scope's block, or malloc'ed */
	uint32_t cap;    /* > LDI_SLOT_RESERVED: malloc'ed */
	uint32_t unused; /* keeps the size a multiple of 8 */
};

struct ld_scope {
	const struct ldi_bind *bind;
	struct ld_rng_key rng;
	uint32_t draw; /* number of the next draw of this task */
	uint32_t n_slots, n_csvs;
	struct ldi_slot *slots;
	uint64_t row;   /* of this pass, before any cycling */
	uint32_t *rows; /* of each CSV source */
	/* The text of now(), made once a second. */
	int64_t now_second;
	char now[LD_LOCAL_SIZE];
};

/* Next draw of the task: 64 random bits, or below n. */
uint64_t ldi_scope_draw(struct ld_scope *scope);
uint64_t ldi_scope_draw_below(struct ld_scope *scope, uint64_t n);

/* The number of a CSV source in scope->rows; registers its first use.
 * `name` must exist.  LD_NOMEM only. */
enum ld_status ldi_bind_csv(struct ldi_bind *bind, const char *name,
    const struct ldi_csv_source *source, uint32_t *index_out,
    struct ld_err *err);
const struct ldi_bind_csv *ldi_bind_csv_at(
    const struct ldi_bind *bind, uint32_t index);
/* The slot of `name`, or false. */
bool ldi_bind_find(
    const struct ldi_bind *bind, const char *name, uint32_t *slot_out);

/* Append a value in one of three forms. */
enum ldi_form {
	LDI_FORM_TEXT,  /* as it is */
	LDI_FORM_CHARS, /* inside a JSON string */
	LDI_FORM_JSON,  /* a JSON value of its own */
};
void ldi_value_add(
    struct ld_buf *out, const struct ldi_value *value, enum ldi_form form);

#endif /* LDI_PLAN_SCOPE_H */
