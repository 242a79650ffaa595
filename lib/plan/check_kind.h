/* SPDX-License-Identifier: MIT */
/*
 * plan/check_kind.h - inside checks: the kinds of assertions and extractors.
 */
#ifndef LDI_PLAN_CHECK_KIND_H
#define LDI_PLAN_CHECK_KIND_H

#include <ld/buf.h>
#include <ld/driver.h>
#include <ld/template.h>

#include "plan/check.h"
#include "plan/jsonpath.h"

/* The reply that is judged, and the memory that judging uses again and
 * again. */
struct ldi_check_space {
	const struct ld_reply *reply;
	struct ld_scope *scope;
	bool parsed;  /* the body of this reply was looked at */
	bool is_json; /* and `body` is it */
	struct ld_json body;
	struct ld_json expected;
	struct ld_buf value; /* a rendered expectation, a decoded string */
	struct ld_buf text;  /* why it failed */
};

/* The body as JSON; NULL when it is none. */
const struct ld_json *ldi_space_body(struct ldi_check_space *space);
/* The value of a header, or NULL. */
const char *ldi_space_header(
    const struct ldi_check_space *space, const char *name, size_t *len_out);
/* Append foreign text to the failure, cut at LDI_CLIP bytes: three
 * of them and the words between are below LD_MAX_FAILURE_TEXT. */
#define LDI_CLIP 110
void ldi_space_clip(
    struct ldi_check_space *space, const char *text, size_t len);

/* -- assertions ----------------------------------------------------------- */

struct ldi_assertion;

/* Prepare; the fields are read already. */
typedef enum ld_status ldi_assert_compile_fn(
    struct ldi_bind *bind, struct ldi_assertion *assertion, struct ld_err *err);
/* true = it holds; else the reason stands in space->text. */
typedef bool ldi_assert_run_fn(
    const struct ldi_assertion *assertion, struct ldi_check_space *space);

struct ldi_assert_kind {
	const char *name;
	const struct ld_field *fields; /* of struct ldi_assertion */
	unsigned needs;                /* enum ld_needs */
	ldi_assert_compile_fn *compile;
	ldi_assert_run_fn *run;
};

struct ldi_assertion {
	const struct ldi_assert_kind *kind;
	struct ld_node node;  /* of the whole */
	struct ld_node value; /* absent = null */
	const char *path_text, *name;
	struct ldi_path path;
	const struct ld_template *expected; /* text or JSON, by kind */
	bool constant;                      /* what follows is known */
	int64_t status;
	struct ld_json json; /* its nodes live in the binding's arena */
};

enum ld_status ldi_assertion_compile(struct ldi_bind *bind, struct ld_node node,
    struct ldi_assertion *out, struct ld_err *err);
bool ldi_assertion_is_status(const struct ldi_assertion *assertion);

/* -- extractors ----------------------------------------------------------- */

struct ldi_extractor;

typedef void ldi_extract_run_fn(
    const struct ldi_extractor *extractor, struct ldi_check_space *space);

struct ldi_extract_kind {
	const char *name;
	const struct ld_field *fields; /* of struct ldi_extractor */
	unsigned needs;
	ldi_extract_run_fn *run;
};

struct ldi_extractor {
	const struct ldi_extract_kind *kind;
	uint32_t slot;
	const char *var, *path_text, *name;
	struct ldi_path path;
};

enum ld_status ldi_extractor_compile(struct ldi_bind *bind, struct ld_node node,
    struct ldi_extractor *out, struct ld_err *err);

#endif /* LDI_PLAN_CHECK_KIND_H */
