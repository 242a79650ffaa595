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
#include "plan/filter.h"
#include "plan/jq.h"
#include "plan/jsonpath.h"
#include "plan/regex.h"
#include "plan/resolve.h"

/* The reply that is judged, and the memory that judging uses again and
 * again. */
struct ldi_check_space {
	const struct ld_reply *reply;
	struct ldi_check_times times;
	struct ld_scope *scope;
	bool parsed;  /* the body of this reply was looked at */
	bool is_json; /* and `body` is it */
	bool shows;   /* nothing is hidden */
	struct ld_json body;
	struct ld_json expected; /* a rendered expectation, or default */
	struct ld_json output;   /* of a jq program */
	struct ld_buf value;     /* a rendered expectation, a decoded string */
	struct ld_buf output_text;
	struct ld_buf rendered; /* a default */
	struct ld_buf text;     /* why it failed */
	/* Of this thread, for all programs of the binding. */
	struct ldi_jq **jqs;
	uint32_t n_jqs;
	struct ldi_jq_input *jq_input;
	struct ldi_regex_room *regex_room; /* NULL when there is no regex */
};

/* Another reply. */
void ldi_check_space_begin(struct ldi_check_space *space,
    const struct ld_reply *reply, const struct ldi_check_times *times,
    struct ld_scope *scope);
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
/* The same for a JSON value; what is absent is "null". */
void ldi_space_clip_json(
    struct ldi_check_space *space, const struct ld_json *json, ld_json_ref ref);

enum ldi_found {
	LDI_FOUND,
	LDI_FOUND_NOTHING, /* no body, no output */
	LDI_FOUND_ERROR,   /* space->output_text says which */
};
/* What a filter gives for the body.  An absent member is FOUND: null, with
 * ref LD_JSON_NONE. */
enum ldi_found ldi_space_filter(struct ldi_check_space *space,
    const struct ldi_filter *filter, const struct ld_json **json_out,
    ld_json_ref *ref_out);

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

/* Status codes from .. to. */
struct ldi_status_range {
	int64_t from, to;
};

struct ldi_assertion {
	const struct ldi_assert_kind *kind;
	struct ld_node node;  /* of the whole */
	struct ld_node value; /* absent = null */
	const char *path_text, *name;
	struct ldi_path path;
	const struct ld_template *expected; /* text or JSON, by kind */
	bool constant;                      /* what follows is known */
	struct ld_json json; /* its nodes live in the binding's arena */
	/* status_code */
	const struct ldi_status_range *statuses;
	size_t n_statuses;
	/* header: what its value contains, matches */
	struct ld_node contains;
	/* jq */
	const char *filter_text;
	struct ldi_filter filter;
	/* regex */
	const char *pattern;
	struct ld_node group;
	bool ignore_case;
	const struct ldi_regex *regex;
	/* size */
	uint64_t size, min_bytes, max_bytes;
	/* time_ms */
	double min_ms, max_ms;
	uint64_t min_ns, max_ns;
	unsigned of;
	bool min_given, max_given; /* size and time_ms */
};

enum ld_status ldi_assertion_compile(struct ldi_bind *bind, struct ld_node node,
    struct ldi_assertion *out, struct ld_err *err);
bool ldi_assertion_is_status(const struct ldi_assertion *assertion);

/* A compile hook: `value` is a text. */
ldi_assert_compile_fn ldi_assert_compile_text;
/* The expected text of this reply.  false: it has no value now, and
 * space->text says so. */
bool ldi_assert_expected(const struct ldi_assertion *assertion,
    struct ldi_check_space *space, const char **text_out, size_t *len_out);

/* The hooks of the table. */
ldi_assert_compile_fn ldi_assert_compile_status, ldi_assert_compile_header,
    ldi_assert_compile_time, ldi_assert_compile_size, ldi_assert_compile_regex,
    ldi_assert_compile_path, ldi_assert_compile_jq;
ldi_assert_run_fn ldi_assert_run_status, ldi_assert_run_header,
    ldi_assert_run_time, ldi_assert_run_contains, ldi_assert_run_not_contains,
    ldi_assert_run_size, ldi_assert_run_regex, ldi_assert_run_path,
    ldi_assert_run_jq;

/* -- extractors ----------------------------------------------------------- */

struct ldi_extractor;

enum ldi_extracted {
	LDI_EXTRACTED,
	LDI_EXTRACTED_NOTHING, /* what was before stays */
	LDI_EXTRACTED_LIMIT,   /* nobody knows: what was before goes */
};
/* *value_out is borrowed until the next one runs. */
typedef enum ldi_extracted ldi_extract_run_fn(
    const struct ldi_extractor *extractor, struct ldi_check_space *space,
    struct ldi_value *value_out);

struct ldi_extract_kind {
	const char *name;
	const struct ld_field *fields; /* of struct ldi_extractor */
	unsigned needs;
	ldi_extract_run_fn *run;
};

struct ldi_extractor {
	const struct ldi_extract_kind *kind;
	uint32_t slot;
	const char *var, *path_text, *name, *filter_text, *pattern;
	struct ldi_path path;
	struct ldi_filter filter;
	struct ld_node group;
	bool ignore_case;
	const struct ldi_regex *regex;
	const struct ld_template *otherwise; /* `default`: JSON, or NULL */
	bool required;
};

enum ld_status ldi_extractor_compile(struct ldi_bind *bind, struct ld_node node,
    struct ldi_extractor *out, struct ld_err *err);
/* Store what it finds.  false: it is required and found nothing, and
 * space->text says so. */
bool ldi_extractor_run(
    const struct ldi_extractor *extractor, struct ldi_check_space *space);

#endif /* LDI_PLAN_CHECK_KIND_H */
