/* SPDX-License-Identifier: MIT */
/*
 * actions/results.h - what executing a document returns.
 *
 * A mapping in the order of execution, as the original has it: the key is
 * "execute: " and Python's text of the action, the value is what the action
 * returned, or the text of its error.  Of two actions that read the same the
 * later one's result stays, in the place of the first.  Secrets are masked.
 */
#ifndef LDI_ACTIONS_RESULTS_H
#define LDI_ACTIONS_RESULTS_H

#include <stdbool.h>

#include <ld/buf.h>
#include <ld/plan.h>

struct ldi_results {
	struct ldi_map *map; /* of JSON texts */
	size_t bytes;        /* of keys and values */
	unsigned hidden;     /* keys whose arguments do not show */
	bool failed;         /* too large, or no memory */
};

void ldi_results_init(struct ldi_results *results);
void ldi_results_clear(struct ldi_results *results);
/* `error` NULL = it succeeded, and this is its value: JSON, empty for null. */
void ldi_results_add(struct ldi_results *results, const struct ld_item *item,
    const struct ld_buf *value, const char *error);
/* Append as JSON; the buffer fails if the results did. */
void ldi_results_write(const struct ldi_results *results, struct ld_buf *out);

#endif /* LDI_ACTIONS_RESULTS_H */
