/* SPDX-License-Identifier: MIT */
/*
 * unit/check_test.h - what the tests of checks share: assertions and
 * extractors compiled from JSON, run on replies that are made up.
 */
#ifndef UNIT_CHECK_TEST_H
#define UNIT_CHECK_TEST_H

#include "plan_test.h"

#include <stdlib.h>
#include <strings.h>

#include <ld/limits.h>
#include <ld/resolver.h>

#include "plan/check.h"

struct fixture {
	struct ld_resolver *resolver;
	struct ldi_bind *bind;
	struct ldi_check_space *space;
	struct ld_scope *scope;
	struct ldi_check_times times;
	struct plan_input inputs[2];
};

static inline void
must(enum ld_status st, const struct ld_err *err)
{
	if (st != LD_OK)
		fail_msg("%s", plan_error(err));
}

static inline int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct ld_err err = LD_ERR_INIT;

	assert_non_null(f);
	f->resolver = ld_resolver_new();
	assert_non_null(f->resolver);
	must(ld_resolver_option(f->resolver, "code", "201", &err), &err);
	*state = f;
	return 0;
}

static inline void
forget(struct fixture *f)
{
	plan_input_clear(&f->inputs[0]);
	plan_input_clear(&f->inputs[1]);
	ldi_scope_free(f->scope);
	ldi_check_space_free(f->space);
	ldi_bind_free(f->bind);
	f->scope = NULL;
	f->space = NULL;
	f->bind = NULL;
}

static inline int
teardown(void **state)
{
	struct fixture *f = *state;

	forget(f);
	ld_resolver_free(f->resolver);
	free(f);
	return 0;
}

/* A binding of its own each time: what was compiled before is gone. */
static inline enum ld_status
compile(struct fixture *f, const char *assertions, const char *extract,
    struct ldi_checks **out, struct ld_err *err)
{
	struct ld_node none = { .ref = LD_JSON_NONE };
	struct ld_node a = none, e = none;
	enum ld_status st;

	forget(f);
	must(ldi_bind_new(f->resolver, 1, &f->bind, err), err);
	if (assertions != NULL)
		a = plan_input(&f->inputs[0], assertions);
	if (extract != NULL)
		e = plan_input(&f->inputs[1], extract);
	st = ldi_checks_declare(f->bind, e, err);
	if (st == LD_OK)
		st = ldi_checks_compile(f->bind, a, e, out, err);
	if (st == LD_OK)
		st = ldi_check_space_new(f->bind, &f->space, err);
	if (st == LD_OK) {
		must(ldi_scope_new(f->bind, &f->scope, err), err);
		ldi_scope_begin_pass(f->scope, 0, 0, 0);
	}
	return st;
}

static inline const char *
header(const void *ctx, const char *name, size_t *len_out)
{
	(void)ctx;
	if (strcasecmp(name, "set-cookie") == 0 ||
	    strcasecmp(name, "x-csrf-token") == 0) {
		*len_out = 11;
		return "sid=hunter2";
	}
	if (strcasecmp(name, "content-type") != 0)
		return NULL;
	*len_out = 9;
	return "text/html; not this";
}

static inline struct ld_reply
reply(int32_t status, const char *body)
{
	return (struct ld_reply){ .status = status,
		.status_failed = status >= 400,
		.body = body,
		.body_len = body != NULL ? strlen(body) : 0,
		.header = header };
}

static inline enum ld_class
run(struct fixture *f, const struct ldi_checks *checks,
    const struct ld_reply *answer, char *text)
{
	struct ld_str why = { 0 };
	enum ld_class cls =
	    ldi_checks_run(checks, answer, &f->times, f->scope, f->space, &why);

	assert_true(why.len <= LD_MAX_FAILURE_TEXT);
	memcpy(text, why.data, why.len);
	text[why.len] = '\0';
	return cls;
}

static inline const char *
value_of(struct fixture *f, const char *source)
{
	static char text[256];
	struct ld_err err = LD_ERR_INIT;
	const struct ld_template *tpl;
	struct plan_input in;
	struct ld_buf out;

	must(ldi_bind_json(f->bind, plan_input(&in, source), &tpl, &err), &err);
	plan_input_clear(&in);
	ld_buf_init(&out, sizeof(text) - 1);
	if (ld_template_render(tpl, f->scope, &out, &err) != LD_OK)
		return "none";
	memcpy(text, ld_buf_str(&out), out.len + 1);
	ld_buf_clear(&out);
	return text;
}

#endif /* UNIT_CHECK_TEST_H */
