/* SPDX-License-Identifier: MIT */
/*
 * actions/schema.h - inside the schemas of plans: what both of them share.
 */
#ifndef LDI_ACTIONS_SCHEMA_H
#define LDI_ACTIONS_SCHEMA_H

#include <stdbool.h>

#include <ld/json.h>

/* Tasks, configs, checks: what fields and user types describe
 * (actions/schema_task.c). */
void ldi_schema_tasks(struct ld_json_out *out);
/* "record.config" and "record.task" of a plan stream. */
void ldi_schema_records(struct ld_json_out *out);
/* "command", and the arguments of each (actions/schema_action.c). */
void ldi_schema_commands(struct ld_json_out *out);
/* {"if": the command is NAME, "then": shape of its arguments}, for each, as
 * elements of an allOf; `record`: in a record of a plan stream, else in an
 * array. */
void ldi_schema_calls(struct ld_json_out *out, bool record);

/* Whole documents; `out` is within their root object. */
void ldi_schema_plan(struct ld_json_out *out);
void ldi_schema_action(struct ld_json_out *out);

#endif /* LDI_ACTIONS_SCHEMA_H */
