/* SPDX-License-Identifier: MIT */
/*
 * plan/regex.h - regular expressions over hostile text.
 *
 * Perl's syntax, UTF-8 (bytes that are none match nothing).  What a match may
 * cost is bounded over all start positions: LD_MAX_REGEX_STEPS.
 *
 * Threads     a regex is constant; a room belongs to one thread.
 */
#ifndef LDI_PLAN_REGEX_H
#define LDI_PLAN_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/err.h>
#include <ld/field.h>

#include "plan/bind.h"

struct ldi_regex; /* lives as long as the binding */

/* `node` is the pattern's, for errors.  `group` (may be absent, or a number,
 * or a name) is whose text is wanted; by default the first, or the whole match
 * if there is none. */
struct ldi_regex_how {
	const char *pattern;
	struct ld_node node;
	bool ignore_case;
	struct ld_node group;
};
enum ld_status ldi_regex_compile(struct ldi_bind *bind,
    const struct ldi_regex_how *how, const struct ldi_regex **out,
    struct ld_err *err);
/* All that were compiled for a binding. */
void ldi_regexes_free(struct ldi_regex *first);
const char *ldi_regex_pattern(const struct ldi_regex *regex);

/* What matching needs, for patterns of up to `groups` groups. */
struct ldi_regex_room;
struct ldi_regex_room *ldi_regex_room_new(uint32_t groups);
void ldi_regex_room_free(struct ldi_regex_room *room);

enum ldi_regex_result {
	LDI_REGEX_MATCH,
	LDI_REGEX_NONE,
	LDI_REGEX_LIMIT, /* too many steps, or too much memory */
};
/* After MATCH, *text_out is the text of the group, within `text`; NULL when
 * that group took no part. */
enum ldi_regex_result ldi_regex_match(const struct ldi_regex *regex,
    struct ldi_regex_room *room, const char *text, size_t len,
    const char **text_out, size_t *len_out);

#endif /* LDI_PLAN_REGEX_H */
