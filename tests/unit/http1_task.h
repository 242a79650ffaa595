/* SPDX-License-Identifier: MIT */
/*
 * unit/http1_task.h - a task of fast_http_user, compiled and rendered, with a
 * stand-in for the engine.
 */
#ifndef UNIT_HTTP1_TASK_H
#define UNIT_HTTP1_TASK_H

#include "plan_test.h"

#include "drivers/http1/http1.h"
#include "plan/bind.h"

extern const struct ld_driver ld_driver_http1;

/* ${id} and ${path} are written by an extractor, ${base} is a constant. */
extern struct http1_task {
	struct plan_input vars, input;
	struct ld_resolver *resolver;
	struct ldi_bind *bind;
	struct ld_scope *scope;
	uint32_t id, path;
	struct ldi_h1_run run;
	struct ldi_h1_step step;
	struct ld_step_info info;
	struct ld_buf out, scratch;
	struct ldi_url_origin origin;
	struct ld_err err;
} t;

/* Of each test. */
int http1_task_setup(void **state);
int http1_task_teardown(void **state);

/* `text` is an object without its braces, and has ' for ". */
const char *task_json(const char *text);
enum ld_status compile(const char *json, const char *host);
void must_compile(const char *json, const char *host);
/* An extractor found these; NULL = nothing yet. */
void extracted(const char *id, const char *path);
enum ld_status render(struct ldi_request_rendered *as);
/* Head and body in one, without the defaults that every request has. */
const char *sent(void);

#define HTTP1_TASK_TEST(f)               \
	cmocka_unit_test_setup_teardown( \
	    f, http1_task_setup, http1_task_teardown)

#endif /* UNIT_HTTP1_TASK_H */
