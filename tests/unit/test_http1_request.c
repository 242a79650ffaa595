/* SPDX-License-Identifier: MIT */
/* Tasks of fast_http_user, and the bytes they become. */
#include "config.h"

#include <stdlib.h>

#include "plan_test.h"

#include "drivers/http1/http1.h"
#include "net/tls.h"
#include "plan/bind.h"

extern const struct ld_driver ld_driver_http1;

/* -- the engine's part ---------------------------------------------------- */

struct ld_compile {
	struct ldi_bind *bind;
};

void *
ld_compile_alloc(struct ld_compile *cc, size_t size)
{
	return ldi_arena_alloc(ldi_bind_arena(cc->bind), size);
}

char *
ld_compile_strdup(struct ld_compile *cc, const char *text)
{
	return ldi_arena_strdup(ldi_bind_arena(cc->bind), text);
}

enum ld_status
ld_compile_text(struct ld_compile *cc, struct ld_node node,
    const struct ld_template **out, struct ld_err *err)
{
	return ldi_bind_text(cc->bind, node, out, err);
}

enum ld_status
ld_compile_json(struct ld_compile *cc, struct ld_node node,
    const struct ld_template **out, struct ld_err *err)
{
	return ldi_bind_json(cc->bind, node, out, err);
}

enum ld_status
ld_compile_pairs(struct ld_compile *cc, struct ld_node node,
    struct ld_pairs *out, struct ld_err *err)
{
	return ldi_bind_pairs(cc->bind, node, out, err);
}

const char *const *
ld_compile_wanted_headers(struct ld_compile *cc)
{
	static const char *const none[] = { NULL };

	(void)cc;
	return none;
}

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

/* ${id} and ${path} are written by an extractor, ${base} is a constant. */
static struct {
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

static int
setup(void **state)
{
	static const struct ld_config config = { 0 };
	static const struct ld_run_open how = { .config = &config };
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

static int
teardown(void **state)
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

static enum ld_status
compile(const char *json, const char *host)
{
	const struct ld_field *tables[] = { ld_driver_http1.task_fields, NULL };
	struct ldi_h1_task fields;
	void *bases[] = { &fields };
	struct plan_input input;
	struct ld_config config = { .host = host };
	struct ld_task task = { .config = &config, .fields = &fields };
	struct ld_compile cc = { t.bind };
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

/* An extractor found these; NULL = nothing yet. */
static void
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

static enum ld_status
render(struct ldi_h1_rendered *as)
{
	struct ldi_h1_paper paper = { &t.out, &t.scratch, &t.origin };

	ld_buf_reset(&t.out);
	t.err = (struct ld_err)LD_ERR_INIT;
	return ldi_h1_request_render(
	    &t.step.request, t.scope, &paper, as, &t.err);
}

/* Head and body in one, without the defaults that every request has. */
static const char *
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
	struct ldi_h1_rendered as;

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

static void
must_compile(const char *json, const char *host)
{
	if (compile(json, host) != LD_OK)
		fail_msg("%s: %s", json, plan_error(&t.err));
}

static void
defaults_are_sent_once_and_give_way(void **state)
{
	struct ldi_h1_rendered as;

	(void)state;
	must_compile("{\"method\":\"get\",\"url\":\"http://h/\"}", NULL);
	assert_int_equal(render(&as), LD_OK);
	assert_ptr_equal(as.head, t.step.request.head); /* no copy */
	assert_int_equal(t.out.len, 0);
	assert_non_null(strstr(as.head, "User-Agent: ld-run/"));
	assert_non_null(strstr(as.head, "Accept: */*\r\n"));
	assert_non_null(strstr(as.head, "Accept-Encoding: gzip, deflate"));
	must_compile("{\"method\":\"get\",\"url\":\"http://h/\",\"headers\":{"
		     "\"user-agent\":\"me\",\"ACCEPT\":\"a/b\","
		     "\"Accept-encoding\":\"identity\",\"host\":\"other\"}}",
	    NULL);
	assert_string_equal(sent(),
	    "GET / HTTP/1.1\r\nuser-agent: me\r\nACCEPT: a/b\r\n"
	    "Accept-encoding: identity\r\nhost: other\r\n\r\n");
}

/* clang-format off */
static const struct golden {
	const char *task; /* without the braces */
	const char *host;
	const char *sent;
	bool constant;
} goldens[] = {
	{ "'method':'GET','request_url':'http://h.test:81/a b?c#d'", NULL,
	  "GET /a%20b?c HTTP/1.1\r\nHost: h.test:81\r\n\r\n", true },
	{ "'method':'Head','url':'${base}/x'", NULL,
	  "HEAD /x HTTP/1.1\r\nHost: h.test\r\n\r\n", true },
	{ "'method':'options','url':'/x'", "https://h:444/base/",
	  "OPTIONS /base/x HTTP/1.1\r\nHost: h:444\r\n\r\n", true },
	{ "'method':'get','url':'x?y=1'", "http://h",
	  "GET /x?y=1 HTTP/1.1\r\nHost: h\r\n\r\n", true },
	{ "'method':'get','url':'http://other/x'", "http://h/base",
	  "GET /x HTTP/1.1\r\nHost: other\r\n\r\n", true },
	{ "'method':'get','url':'http://h','params':{'a b':'c&d','n':7,'t':true}", NULL,
	  "GET /?a+b=c%26d&n=7&t=true HTTP/1.1\r\nHost: h\r\n\r\n", true },
	{ "'method':'get','url':'http://h/?q=1','params':{'a':'${n}'}", NULL,
	  "GET /?q=1&a=7 HTTP/1.1\r\nHost: h\r\n\r\n", true },
	{ "'method':'post','url':'http://h/'", NULL,
	  "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", true },
	{ "'method':'delete','url':'http://h/'", NULL,
	  "DELETE / HTTP/1.1\r\nHost: h\r\n\r\n", true },
	{ "'method':'post','url':'http://h/','json':{'a':[1.0,'${n}']}", NULL,
	  "POST / HTTP/1.1\r\nHost: h\r\nAccept: application/json\r\nContent-Type: application/json\r\n"
	  "Content-Length: 13\r\n\r\n{\"a\":[1.0,7]}", true },
	{ "'method':'put','url':'http://h/','json':{},'headers':{'content-type':'x/y','accept':'z'}", NULL,
	  "PUT / HTTP/1.1\r\nHost: h\r\ncontent-type: x/y\r\naccept: z\r\nContent-Length: 2\r\n\r\n{}", true },
	{ "'method':'patch','url':'http://h/','data':'raw & text'", NULL,
	  "PATCH / HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain; charset=utf-8\r\n"
	  "Content-Length: 10\r\n\r\nraw & text", true },
	{ "'method':'post','url':'http://h/','data':{'a':'b c','d':1}", NULL,
	  "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	  "Content-Length: 9\r\n\r\na=b+c&d=1", true },
	{ "'method':'get','url':'http://h/','headers':{'Connection':'keep-alive','X':''}", NULL,
	  "GET / HTTP/1.1\r\nHost: h\r\nX: \r\n\r\n", true },
	{ "'method':'get','url':'http://h/','headers':{'Connection':'Close'}", NULL,
	  "GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n", true },
	{ "'method':'get','url':'http://[::1]:8080/','json':null,'data':null,'params':null,'headers':null", NULL,
	  "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", true },
	/* with id = "4 2/&\u00e4" and path = "http://late:99/p?q=1#f" */
	{ "'method':'get','url':'http://h/i/${id}'", NULL,
	  "GET /i/4%202/&%C3%A4 HTTP/1.1\r\nHost: h\r\n\r\n", false },
	{ "'method':'get','url':'/i/${id}'", "http://h/base",
	  "GET /base/i/4%202/&%C3%A4 HTTP/1.1\r\nHost: h\r\n\r\n", false },
	{ "'method':'get','url':'${id}'", "http://h/base/",
	  "GET /base/4%202/&%C3%A4 HTTP/1.1\r\nHost: h\r\n\r\n", false },
	{ "'method':'get','url':'${path}','params':{'id':'${id}'}", "http://h/base",
	  "GET /p?q=1&id=4+2%2F%26%C3%A4 HTTP/1.1\r\nHost: late:99\r\n\r\n", false },
	{ "'method':'get','url':'http://h/','params':{'${id}':'x'}", NULL,
	  "GET /?4+2%2F%26%C3%A4=x HTTP/1.1\r\nHost: h\r\n\r\n", false },
	{ "'method':'get','url':'http://h/','headers':{'X-Id':'<${id}>','Y':'z'}", NULL,
	  "GET / HTTP/1.1\r\nHost: h\r\nX-Id: <4 2/&\xc3\xa4>\r\nY: z\r\n\r\n", false },
	{ "'method':'post','url':'http://h/','json':{'id':'${id}'}", NULL,
	  "POST / HTTP/1.1\r\nHost: h\r\nAccept: application/json\r\nContent-Type: application/json\r\n"
	  "Content-Length: 16\r\n\r\n{\"id\":\"4 2/&\xc3\xa4\"}", false },
	{ "'method':'post','url':'http://h/','data':'${id}'", NULL,
	  "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain; charset=utf-8\r\n"
	  "Content-Length: 7\r\n\r\n4 2/&\xc3\xa4", false },
	{ "'method':'post','url':'http://h/','data':{'id':'${id}','n':'${n}'}", NULL,
	  "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	  "Content-Length: 22\r\n\r\nid=4+2%2F%26%C3%A4&n=7", false },
};

static const struct refused {
	const char *task, *host, *word;
} refusals[] = {
	{ "'url':'http://h/'", NULL, "method" },
	{ "'method':'get'", NULL, "request_url" },
	{ "'method':'brew','url':'http://h/'", NULL, "brew" },
	{ "'method':'get','url':'http://h/','hedaers':{}", NULL, "headers" },
	{ "'method':'get','url':'/x'", NULL, "no scheme" },
	{ "'method':'get','url':''", NULL, "no scheme" },
	{ "'method':'get','url':'/x/${id}'", NULL, "no scheme" },
	{ "'method':'get','url':'/x'", "h", "host 'h'" },
	{ "'method':'get','url':'/x'", "http://h/?q", "neither query nor fragment" },
	{ "'method':'get','url':'ftp://h/'", NULL, "http+unix" },
	{ "'method':'get','url':'http://me:secret@h/'", NULL, "user name" },
	{ "'method':'get','url':'http://h:0/${id}'", NULL, "port" },
	{ "'method':'get','url':'http://h/','headers':{'Content-Length':'1'}", NULL, "Content-Length" },
	{ "'method':'get','url':'http://h/','headers':{'transfer-encoding':'chunked'}", NULL, "transfer-encoding" },
	{ "'method':'get','url':'http://h/','headers':{'Connection':'upgrade'}", NULL, "Connection" },
	{ "'method':'get','url':'http://h/','headers':{'Connection':'${id}'}", NULL, "Connection" },
	{ "'method':'get','url':'http://h/','headers':{'Host':'a','host':'b'}", NULL, "two Host" },
	{ "'method':'get','url':'http://h/','headers':{'a b':'c'}", NULL, "'a b'" },
	{ "'method':'get','url':'http://h/','headers':{'':'c'}", NULL, "no name" },
	{ "'method':'get','url':'http://h/','headers':{'${id}':'c'}", NULL, "placeholder" },
	{ "'method':'get','url':'http://h/','headers':{'A':'${bad}'}", NULL, "line break" },
	{ "'method':'get','url':'http://h/','headers':{'A':'x\\r\\nB: c'}", NULL, "line break" },
	{ "'method':'post','url':'http://h/','json':1,'data':'x'", NULL, "exclude" },
	{ "'method':'post','url':'http://h/','data':[1]", NULL, "array" },
	{ "'method':'post','url':'http://h/','data':7", NULL, "number" },
	{ "'method':'get','url':'http://h/','cookies':{'a':'b'}", NULL, "cookies" },
	{ "'method':'get','url':'http://h/','auth':{'type':'basic'}", NULL, "auth" },
	{ "'method':'get','url':'http://h/','allow_redirects':true", NULL, "allow_redirects" },
	{ "'method':'get','url':'http://h/','files':{}", NULL, "files" },
	{ "'method':'get','url':'http://h/','client_cert':'x'", NULL, "cert" },
};
/* clang-format on */

/* Braces around it, and ' for ". */
static const char *
task_json(const char *text)
{
	static char json[1024];
	size_t n = 0;

	json[n++] = '{';
	for (; *text != '\0'; text++)
		json[n++] = *text == '\'' ? '"' : *text;
	json[n++] = '}';
	json[n] = '\0';
	return json;
}

static void
requests_are_written_to_the_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++) {
		const struct golden *g = &goldens[i];

		must_compile(task_json(g->task), g->host);
		extracted("4 2/&\xc3\xa4", "http://late:99/p?q=1#f");
		assert_string_equal(sent(), g->sent);
		assert_int_equal(t.step.request.head != NULL, g->constant);
	}
}

static void
what_cannot_be_sent_is_refused_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refused *r = &refusals[i];

		if (compile(task_json(r->task), r->host) == LD_OK)
			fail_msg("%s: was accepted", r->task);
		if (strstr(t.err.text, r->word) == NULL)
			fail_msg("%s: says '%s'", r->task, t.err.text);
		if (t.err.line == 0)
			fail_msg("%s (%s): has no place: %s", r->task,
			    r->host ? r->host : "", t.err.text);
		if (strstr(t.err.text, "secret") != NULL)
			fail_msg("%s: shows the password", r->task);
	}
}

static void
values_found_late_are_checked(void **state)
{
	static const struct {
		const char *task, *id, *path, *word;
	} table[] = {
		{ "'method':'get','url':'http://h/','headers':{'X':'${id}'}",
		    "a\r\nInjected: 1", NULL, "header 'X'" },
		{ "'method':'get','url':'http://h/','headers':{'X':'${id}'}",
		    "a\nb", NULL, "header 'X'" },
		{ "'method':'get','url':'http://h/${id}'", NULL, NULL, "id" },
		{ "'method':'get','url':'${path}'", NULL, "/relative",
		    "no scheme" },
		{ "'method':'get','url':'${path}'", NULL, "", "no scheme" },
		{ "'method':'get','url':'${path}'", NULL, "gopher://h/",
		    "scheme" },
		{ "'method':'get','url':'${path}'", NULL, "http://u@h/",
		    "user name" },
		{ "'method':'get','url':'http://${id}/'", "a\r\nb", NULL,
		    "host" },
	};
	struct ldi_h1_rendered as;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		must_compile(task_json(table[i].task), NULL);
		extracted(table[i].id, table[i].path);
		assert_int_equal(render(&as), LD_INVALID);
		if (strstr(t.err.text, table[i].word) == NULL)
			fail_msg("%s: %s", table[i].task, t.err.text);
	}
}

static void
a_step_names_itself_by_its_template(void **state)
{
	(void)state;
	must_compile(
	    task_json("'method':'get','url':'${base}/i/${id}?x=1'"), NULL);
	assert_string_equal(t.info.request_type, "GET");
	assert_string_equal(t.info.name, "http://h.test/i/${id}?x=1");
	assert_string_equal(t.info.target, "http://h.test");
	must_compile(
	    task_json("'method':'post','url':'http+unix://%2Ftmp%2Fs/x'"),
	    NULL);
	assert_string_equal(t.info.request_type, "POST");
	assert_string_equal(t.info.target, "unix:/tmp/s");
	must_compile(task_json("'method':'get','url':'${path}'"), NULL);
	assert_string_equal(t.info.target, "${path}");
}

static void
certificates_are_read_ahead_only_for_who_needs_them(void **state)
{
	struct ld_tls *verifying;

	(void)state;
	must_compile(task_json("'method':'get','url':'http://h/'"), NULL);
	must_compile(task_json("'method':'get','url':'http://${id}/'"), NULL);
	must_compile(task_json("'method':'get','url':'/${id}'"), "http://h");
	must_compile(task_json("'method':'get','url':'${path}'"), NULL);
	verifying = t.step.tls;
	assert_false(ldi_tls_is_expected(verifying));
	must_compile(task_json("'method':'get','url':'https://h/'"), NULL);
	assert_ptr_equal(t.step.tls, verifying);
	assert_true(ldi_tls_is_expected(verifying));
	must_compile(task_json("'method':'get','url':'https://${id}/',"
			       "'verify':false"),
	    NULL);
	assert_ptr_not_equal(t.step.tls, verifying);
	assert_true(ldi_tls_is_expected(t.step.tls));
}

static void
a_task_that_may_accept_any_certificate_marks_the_run(void **state)
{
	(void)state;
	must_compile(task_json("'method':'get','url':'https://h/'"), NULL);
	assert_false(t.info.tls_unverified);
	must_compile(
	    task_json("'method':'get','url':'https://h/','verify':false"),
	    NULL);
	assert_true(t.info.tls_unverified);
	must_compile(
	    task_json("'method':'get','url':'${path}','verify':false"), NULL);
	assert_true(t.info.tls_unverified);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(defaults_are_sent_once_and_give_way),
		TEST(requests_are_written_to_the_byte),
		TEST(what_cannot_be_sent_is_refused_with_its_place),
		TEST(values_found_late_are_checked),
		TEST(a_step_names_itself_by_its_template),
		TEST(certificates_are_read_ahead_only_for_who_needs_them),
		TEST(a_task_that_may_accept_any_certificate_marks_the_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
