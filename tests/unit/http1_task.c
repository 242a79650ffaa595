/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "http1_task.h"

#include "engine/compile.h"

/* -- the engine's part ---------------------------------------------------- */

void
ld_exchange_finish(struct ld_exchange *exchange, const struct ld_reply *reply)
{
	(void)exchange, (void)reply;
	fail_msg("nothing is sent here");
}

void
ld_session_closed(struct ld_session *handle)
{
	(void)handle;
}

/* -- one task, compiled --------------------------------------------------- */

struct http1_task t;

int
http1_task_setup(void **state)
{
	static const struct ld_config config = { 0 };
	static const struct ld_node no_proxy = { .ref = LD_JSON_NONE };
	static const struct ld_run_open how = { .config = &config,
		.config_fields = &no_proxy };
	struct ld_node vars;

	(void)state;
	memset(&t, 0, sizeof(t));
	t.resolver = ld_resolver_new();
	assert_non_null(t.resolver);
	vars = plan_input(
	    &t.vars, "{\"base\":\"http://h.test\",\"bad\":\"a\\nb\",\"n\":7}");
	assert_int_equal(
	    ld_resolver_variables(t.resolver, vars, &t.err), LD_OK);
	assert_int_equal(ldi_bind_new(t.resolver, 1, &t.bind, &t.err), LD_OK);
	assert_int_equal(ldi_bind_slot(t.bind, "id", &t.id, &t.err), LD_OK);
	assert_int_equal(ldi_bind_slot(t.bind, "path", &t.path, &t.err), LD_OK);
	assert_int_equal(ld_driver_http1.run_open(&t.run, &how, &t.err), LD_OK);
	ld_buf_init(&t.out, LD_MAX_REQUEST_BYTES);
	ld_buf_init(&t.scratch, LD_MAX_REQUEST_BYTES);
	return 0;
}

int
http1_task_teardown(void **state)
{
	(void)state;
	ld_driver_http1.run_close(&t.run);
	ldi_scope_free(t.scope);
	ldi_bind_free(t.bind);
	ld_resolver_free(t.resolver);
	plan_input_clear(&t.vars);
	ld_buf_clear(&t.out);
	ld_buf_clear(&t.scratch);
	return 0;
}

enum ld_status
compile(const char *json, const char *host)
{
	const struct ld_field *tables[] = { ld_driver_http1.task_fields, NULL };
	struct ldi_request_task fields;
	void *bases[] = { &fields };
	struct plan_input input;
	struct ld_config config = { .host = host };
	struct ld_task task = { .config = &config, .fields = &fields };
	struct ld_compile cc = { .bind = t.bind };
	enum ld_status st;

	memset(&fields, 0, sizeof(fields));
	memset(&t.step, 0, sizeof(t.step));
	memset(&t.info, 0, sizeof(t.info));
	task.node = plan_input(&input, json);
	config.object = task.node;
	t.err = (struct ld_err)LD_ERR_INIT;
	st = ldi_fields_read(tables, bases, task.node, t.bind, t.resolver,
	    ldi_bind_arena(t.bind), &t.err);
	if (st == LD_OK)
		st = ld_driver_http1.compile(
		    &t.run, &t.step, &task, &cc, &t.info, &t.err);
	plan_input_clear(&input);
	return st;
}

void
extracted(const char *id, const char *path)
{
	if (t.scope == NULL)
		assert_int_equal(
		    ldi_scope_new(t.bind, &t.scope, &t.err), LD_OK);
	ldi_scope_reset(t.scope);
	assert_true(ldi_scope_begin_pass(t.scope, 0, 0, 0));
	ldi_scope_begin_task(t.scope, 0);
	if (id != NULL)
		assert_int_equal(ldi_scope_set(t.scope, t.id, LD_JSON_STRING,
				     id, strlen(id)),
		    LD_OK);
	if (path != NULL)
		assert_int_equal(ldi_scope_set(t.scope, t.path, LD_JSON_STRING,
				     path, strlen(path)),
		    LD_OK);
}

enum ld_status
render(struct ldi_request_rendered *as)
{
	struct ldi_request_paper paper = { &t.out, &t.scratch, &t.origin };

	ld_buf_reset(&t.out);
	t.err = (struct ld_err)LD_ERR_INIT;
	return ldi_request_render(&t.step.request, t.scope, &paper, as, &t.err);
}

const char *
sent(void)
{
	static char text[8192];
	static const char *const usual[] = {
		"User-Agent: ld-run/" PACKAGE_VERSION "\r\n",
		"Accept: */*\r\n",
#ifdef HAVE_BROTLI
		"Accept-Encoding: gzip, deflate, br\r\n",
#else
		"Accept-Encoding: gzip, deflate\r\n",
#endif
	};
	struct ldi_request_rendered as;

	if (render(&as) != LD_OK)
		fail_msg("%s", plan_error(&t.err));
	snprintf(text, sizeof(text), "%.*s%.*s", (int)as.head_len, as.head,
	    (int)as.body_len, as.body != NULL ? as.body : "");
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		char *at = strstr(text, usual[i]);
		size_t len = strlen(usual[i]);

		if (at != NULL)
			memmove(at, at + len, strlen(at + len) + 1);
	}
	return text;
}

void
must_compile(const char *json, const char *host)
{
	if (compile(json, host) != LD_OK)
		fail_msg("%s: %s", json, plan_error(&t.err));
}

const char *
task_json(const char *text)
{
	static char json[1024];
	size_t n = 0;

	assert_true(strlen(text) < sizeof(json) - 3);
	json[n++] = '{';
	for (; *text != '\0'; text++)
		json[n++] = *text == '\'' ? '"' : *text;
	json[n++] = '}';
	json[n] = '\0';
	return json;
}
