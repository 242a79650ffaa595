/* SPDX-License-Identifier: MIT */
/*
 * plan/doc.h - inside a document: what its readers share.
 */
#ifndef LDI_PLAN_DOC_H
#define LDI_PLAN_DOC_H

#include <ld/plan.h>

#include "base/arena.h"

/* An item knows the memory it may add to: config strings live there. */
struct ldi_item {
	struct ld_item pub; /* first: a pointer to it is one to the whole */
	struct ldi_arena *arena;
};

struct ldi_arena *ldi_doc_arena(struct ld_doc *doc);
/* A zeroed item at the end of the document; NULL = out of memory. */
struct ldi_item *ldi_doc_append(struct ld_doc *doc);
/* A parse whose nodes live as long as the document; NULL = out of memory. */
struct ld_json *ldi_doc_json(struct ld_doc *doc);

/* Remember that this file was read; false without memory. */
bool ldi_doc_note_path(struct ld_doc *doc, const char *path);

/* Action JSON (plan/action_read.c): `root` is the whole value. */
enum ld_status ldi_action_read(
    struct ld_doc *doc, struct ld_node root, struct ld_err *err);
/* A command and its arguments become an item.  `place` is where it stands. */
enum ld_status ldi_action_append(struct ld_doc *doc, struct ld_node place,
    struct ld_node command, struct ld_node args, struct ld_err *err);

/* `tasks` in all its shapes (plan/tasks_read.c), into item->tasks. */
enum ld_status ldi_tasks_read(
    struct ldi_item *item, struct ld_node tasks, struct ld_err *err);
/* `mode`: sequence or conditional; others are not in this build. */
extern const char *const ldi_modes[]; /* NULL behind the last */
enum ld_status ldi_mode_read(
    struct ldi_item *item, struct ld_node mode, struct ld_err *err);

/* A plan stream (plan/plan_read.c). */
enum ld_status ldi_plan_read(
    struct ld_doc *doc, const struct ld_source *source, struct ld_err *err);

#endif /* LDI_PLAN_DOC_H */
