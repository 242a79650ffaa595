/* SPDX-License-Identifier: MIT */
/*
 * plan/check.h - assertions and extractors, compiled.
 *
 * Kinds are rows of a table in assert.c and in extract.c; how they judge is
 * in assert_head.c, assert_body.c and assert_json.c.  Everything is checked
 * and compiled before the run; the body is parsed as JSON at most once per
 * reply and only if something asks.
 *
 * Threads     a compiled list is constant; a workspace belongs to one thread
 *             (or to one exchange of a blocking driver).
 */
#ifndef LDI_PLAN_CHECK_H
#define LDI_PLAN_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/driver.h>

#include "plan/bind.h"

struct ldi_checks; /* the assertions and extractors of one task */

/* First round: names of the variables that `extract` writes get their slots
 * (every task, before any compile). */
enum ld_status ldi_checks_declare(
    struct ldi_bind *bind, struct ld_node extract, struct ld_err *err);

/* Second round.  Either node may be absent (ref LD_JSON_NONE). */
enum ld_status ldi_checks_compile(struct ldi_bind *bind,
    struct ld_node assertions, struct ld_node extract, struct ldi_checks **out,
    struct ld_err *err);

/* enum ld_needs. */
unsigned ldi_checks_needs(const struct ldi_checks *checks);
/* Header names asked for, NULL behind the last. */
const char *const *ldi_checks_headers(const struct ldi_checks *checks);
/* Is there a status_code assertion (so that it judges the status)? */
bool ldi_checks_judges_status(const struct ldi_checks *checks);

/*
 * What judging on one thread needs and uses again and again: the parsed body,
 * rendered expectations, the failure text; and, compiled for this thread, the
 * jq programs of the binding (15 ms each, so make it before the first
 * exchange).
 */
struct ldi_check_space;
enum ld_status ldi_check_space_new(const struct ldi_bind *bind,
    struct ldi_check_space **out, struct ld_err *err);
void ldi_check_space_free(struct ldi_check_space *space);

/* What of an exchange is not in its reply. */
struct ldi_check_times {
	uint64_t service_ns, response_ns;
};

/*
 * Judge a reply whose transport did its work (cls NONE): assertions in order,
 * the first failure decides; then, only if all passed, extractors, of which
 * one that is required may fail.  Returns
 * LD_CLASS_NONE, LD_CLASS_ASSERTION with *text_out ("status_code expected
 * 200, got 500"; borrowed from the space), or LD_CLASS_STATUS when
 * `reply->status_failed` and no status_code assertion exists.
 */
enum ld_class ldi_checks_run(const struct ldi_checks *checks,
    const struct ld_reply *reply, const struct ldi_check_times *times,
    struct ld_scope *scope, struct ldi_check_space *space,
    struct ld_str *text_out);

#endif /* LDI_PLAN_CHECK_H */
