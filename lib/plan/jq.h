/* SPDX-License-Identifier: MIT */
/*
 * plan/jq.h - programs of libjq.
 *
 * A program is compiled in 15 ms, for libjq parses its own library each time,
 * and belongs to one thread.  Only its first output is asked for.
 *
 * Bounds      the body is limited and nested no deeper than our reader allows;
 *             what a program then does with it is the plan's own affair: one
 *             that never ends holds its thread.
 */
#ifndef LDI_PLAN_JQ_H
#define LDI_PLAN_JQ_H

#include <stdbool.h>

#include <ld/buf.h>
#include <ld/err.h>
#include <ld/json.h>

/* Is libjq in this build? */
bool ldi_jq_here(void);

struct ldi_jq; /* one program, of one thread */

/* LD_INVALID without a place when jq refuses the program.  `strict` looks at
 * it alone as well, which costs as much again: for a plan that is checked. */
enum ld_status ldi_jq_new(
    const char *program, bool strict, struct ldi_jq **out, struct ld_err *err);
void ldi_jq_free(struct ldi_jq *jq);

/* A document as libjq has it: made from our tape when first asked for. */
struct ldi_jq_input;
struct ldi_jq_input *ldi_jq_input_new(void);
void ldi_jq_input_free(struct ldi_jq_input *input);
/* The next run is about another document. */
void ldi_jq_input_reset(struct ldi_jq_input *input);

enum ldi_jq_result {
	LDI_JQ_VALUE,   /* `out` is JSON */
	LDI_JQ_NOTHING, /* no output */
	LDI_JQ_ERROR,   /* `out` says which: foreign text */
};
/* `out` is overwritten. */
enum ldi_jq_result ldi_jq_run(struct ldi_jq *jq, struct ldi_jq_input *input,
    const struct ld_json *document, struct ld_buf *out);

#endif /* LDI_PLAN_JQ_H */
