/* SPDX-License-Identifier: MIT */
/*
 * plan/bind.h - from names to slots, and from slots to values.
 *
 * A binding is made once per program: it knows the resolver, gives each
 * variable that an extractor writes a slot, and compiles templates against
 * that.  A scope is what one session sees: its extracted values, its row of
 * each CSV source, and whose random numbers it draws.
 *
 * Order of use  ldi_bind_new, ldi_bind_slot for every extractor of every
 *               task, then ldi_bind_compile_* (which folds what no extractor
 *               writes), then scopes.
 * Ownership     what compile makes lives in the arena of the binding.
 * Threads       a binding is constant once compiled; a scope has one user.
 */
#ifndef LDI_PLAN_BIND_H
#define LDI_PLAN_BIND_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/field.h>
#include <ld/record.h>
#include <ld/resolver.h>
#include <ld/rng.h>
#include <ld/template.h>

#include "base/arena.h"

struct ldi_bind;

enum ld_status ldi_bind_new(const struct ld_resolver *resolver, uint64_t seed,
    struct ldi_bind **out, struct ld_err *err);
void ldi_bind_free(struct ldi_bind *bind);
struct ldi_arena *ldi_bind_arena(struct ldi_bind *bind);

/* The slot of a variable that an extractor writes. */
enum ld_status ldi_bind_slot(struct ldi_bind *bind, const char *name,
    uint32_t *slot_out, struct ld_err *err);

/* Compile.  A name that nothing defines is LD_INVALID at the node's place,
 * with the nearest name.  JSON: an object, array, number ... as it stands
 * with placeholders in its strings; TEXT: a string's text, any other value's
 * JSON. */
enum ld_status ldi_bind_text(struct ldi_bind *bind, struct ld_node node,
    const struct ld_template **out, struct ld_err *err);
enum ld_status ldi_bind_json(struct ldi_bind *bind, struct ld_node node,
    const struct ld_template **out, struct ld_err *err);
/* `nulls`: as LD_FIELD_NULLS says. */
enum ld_status ldi_bind_pairs(struct ldi_bind *bind, struct ld_node node,
    struct ld_pairs *out, bool nulls, struct ld_err *err);

/*
 * Read the members of an object into `base` by a table (lib/plan/fields.c).
 * `tables` are tried in order, NULL behind the last; `bases[i]` receives
 * those of tables[i].  Unknown keys are errors that name the nearest of all
 * tables; so are duplicate keys and values of the wrong type.  `bind` may be
 * NULL: then TEXT, JSON and PAIRS fields are not allowed in the tables, and a
 * placeholder in any other is resolved with `resolver` alone.  A NULL
 * bases[i] means: the keys of tables[i] are known, somebody else reads them.
 */
enum ld_status ldi_fields_read(const struct ld_field *const *tables,
    void *const *bases, struct ld_node object, struct ldi_bind *bind,
    const struct ld_resolver *resolver, struct ldi_arena *arena,
    struct ld_err *err);

/* What a template draws from extractors and CSV rows is a secret: its whole, or
 * the part that names in its shape say.  LD_NOMEM only. */
enum ld_status ldi_bind_taint(struct ldi_bind *bind,
    const struct ld_template *tpl, bool whole, struct ld_err *err);
/* What an extractor stores in this slot is one. */
enum ld_status ldi_bind_taint_slot(
    struct ldi_bind *bind, uint32_t slot, struct ld_err *err);
/* Is nothing hidden? */
bool ldi_bind_shows(const struct ldi_bind *bind);
struct ld_redactor *ldi_bind_redactor(const struct ldi_bind *bind);

/* The CSV sources that templates read, 0 <= csv < n. */
uint32_t ldi_bind_n_csvs(const struct ldi_bind *bind);
const char *ldi_bind_csv_name(const struct ldi_bind *bind, uint32_t csv);
uint32_t ldi_bind_csv_rows(const struct ldi_bind *bind, uint32_t csv);

/* -- scope ---------------------------------------------------------------- */

/* Slots have reserved capacity (64 bytes each); a longer value grows its
 * slot, up to LD_MAX_VALUE_BYTES. */
enum ld_status ldi_scope_new(
    const struct ldi_bind *bind, struct ld_scope **out, struct ld_err *err);
void ldi_scope_free(struct ld_scope *scope);

/*
 * A pass begins: whose draws, and which row of every CSV source (`row` =
 * pass x peak users + user, or the arrival number; modulo the rows of a
 * cycling source).  false = a source that does not cycle has no such row:
 * the user stops.
 */
bool ldi_scope_begin_pass(
    struct ld_scope *scope, uint64_t key, uint32_t pass, uint64_t row);
/* After false: has source `csv` of the binding no row for this pass? */
bool ldi_scope_lacks_row(const struct ld_scope *scope, uint32_t csv);
/* A task begins: its draws count from 0. */
void ldi_scope_begin_task(struct ld_scope *scope, uint32_t task);

/* An extractor stores a value: JSON text of the given kind (a string decoded
 * already). */
enum ld_status ldi_scope_set(struct ld_scope *scope, uint32_t slot,
    enum ld_json_kind kind, const char *text, size_t len);
/* The secrets that this session has now, at most `max`; borrowed. */
size_t ldi_scope_secrets(
    const struct ld_scope *scope, struct ld_str *out, size_t max);
/* Leave a variable without a value: a later use fails in the open. */
void ldi_scope_drop(struct ld_scope *scope, uint32_t slot);
/* Forget extracted values (a session that starts fresh). */
void ldi_scope_reset(struct ld_scope *scope);

#endif /* LDI_PLAN_BIND_H */
