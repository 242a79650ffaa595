/* SPDX-License-Identifier: MIT */
/*
 * plan/filter.h - jq filters: paths by ourselves, programs by libjq.
 *
 * A plain path (".", ".a.b[0].c", ".a["b"]", ".[-1]") is walked on the tape
 * of the body: numbers stay exact, nothing is copied, and libjq is not needed.
 * It gives what jq gives for it, errors included.
 */
#ifndef LDI_PLAN_FILTER_H
#define LDI_PLAN_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/err.h>
#include <ld/field.h>

#include "plan/bind.h"

struct ldi_filter_part {
	const char *key; /* NULL: an index */
	size_t len;
	int64_t index;
};

struct ldi_filter {
	const char *text;
	bool plain;
	const struct ldi_filter_part *parts; /* of a plain path */
	size_t n;
	uint32_t program; /* else its number in the binding */
};

/* `text` lives as long as the binding; `node` is its place. */
enum ld_status ldi_filter_compile(struct ldi_bind *bind, struct ld_node node,
    const char *text, struct ldi_filter *out, struct ld_err *err);

/* Walk a plain path.  LD_JSON_NONE when there is nothing, which is null; on
 * an error `what`, which is empty before, says which, as jq does. */
ld_json_ref ldi_filter_walk(const struct ldi_filter *filter,
    const struct ld_json *json, struct ld_buf *what);

#endif /* LDI_PLAN_FILTER_H */
