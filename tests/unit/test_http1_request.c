/* SPDX-License-Identifier: MIT */
/* Tasks of fast_http_user, and the bytes they become. */
#include "config.h"

#include "http1_task.h"

#include "net/tls.h"

static void
defaults_are_sent_once_and_give_way(void **state)
{
	struct ldi_request_rendered as;

	(void)state;
	must_compile("{\"method\":\"get\",\"url\":\"http://h/\"}", NULL);
	assert_int_equal(render(&as), LD_OK);
	assert_ptr_equal(as.head, t.step.request.constant.head); /* no copy */
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
	{ "'method':'PropFind','url':'http://h/'", NULL,
	  "PROPFIND / HTTP/1.1\r\nHost: h\r\n\r\n", true },
	{ "'method':'brew','url':'http://h/'", NULL,
	  "brew / HTTP/1.1\r\nHost: h\r\n\r\n", true },
	{ "'method':'get','url':'http://h/x','http_version':'1.0','headers':{'connection':'Keep-Alive'}", NULL,
	  "GET /x HTTP/1.0\r\nHost: h\r\nconnection: Keep-Alive\r\n\r\n", true },
	{ "'method':'options','url':'http://h/x?y','request_target':'*'", NULL,
	  "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", true },
	{ "'method':'get','url':'http://h/x?y','request_target':'/../${n}?\xc3\xa4'", NULL,
	  "GET /../7?\xc3\xa4 HTTP/1.1\r\nHost: h\r\n\r\n", true },
	{ "'method':'get','url':'http://h/','headers':{'user-agent':null,'Accept':null,'accept-encoding':null,'Host':null,'X':null}", NULL,
	  "GET / HTTP/1.1\r\n\r\n", true },
	{ "'method':'post','url':'http://h/','data':'x','headers':{'content-TYPE':null}", NULL,
	  "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx", true },
	{ "'method':'get','url':'http://h/','auth':{'type':'BASIC','username':'Aladdin','password':'open sesame'},'headers':{'authorization':'x'}", NULL,
	  "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n", true },
	{ "'method':'get','url':'http://h/','auth':{'type':'basic','username':'u'}", NULL,
	  "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic dTo=\r\n\r\n", true },
	{ "'method':'get','url':'http://h/','auth':{'type':'Bearer','token':'abc'}", NULL,
	  "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer abc\r\n\r\n", true },
	{ "'method':'get','url':'http://h/','cookies':'a=b; c'", NULL,
	  "GET / HTTP/1.1\r\nHost: h\r\nCookie: a=b; c\r\n\r\n", true },
	{ "'method':'get','url':'http://h/','cookies':{'a':'b'}", NULL,
	  "GET / HTTP/1.1\r\nHost: h\r\n\r\n", true },
	{ "'method':'put','url':'http://h/','data_base64':'AAEC/w=='", NULL,
	  "PUT / HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\nContent-Length: 4\r\n\r\n", true },
	{ "'method':'post','url':'http://h/','data':'x','headers':{'Expect':'100-Continue'}", NULL,
	  "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\n"
	  "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 1\r\n\r\nx", true },
	{ "'method':'get','url':'http://h/','auth':{'type':'basic','username':'u','password':'${id}'}", NULL,
	  "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic dTo0IDIvJsOk\r\n\r\n", false },
	{ "'method':'get','url':'http://h/${id}?q','request_target':'${path}'", NULL,
	  "GET http://late:99/p?q=1#f HTTP/1.1\r\nHost: h\r\n\r\n", false },
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
	{ "'method':'gte','url':'http://h/'", NULL, "did you mean 'GET'" },
	{ "'method':'a b','url':'http://h/'", NULL, "'a b' is no method" },
	{ "'method':'','url':'http://h/'", NULL, "'' is no method" },
	{ "'method':'Connect','url':'http://h/'", NULL, "'Connect' is no method" },
	{ "'method':'get','url':'http://h/','proxy':'http://p/'", NULL, "http_user" },
	{ "'method':'get','url':'http://h/','http_version':'2'", NULL, "http_version" },
	{ "'method':'get','url':'http://h/','request_target':'a b'", NULL, "request_target" },
	{ "'method':'get','url':'http://h/','request_target':''", NULL, "request_target" },
	{ "'method':'get','url':'http://h/','request_target':'*','params':{'a':1}", NULL, "exclude" },
	{ "'method':'get','url':'http://h/','max_redirects':1001", NULL, "1000" },
	{ "'method':'get','url':'http://h/','redirect_post':[307]", NULL, "301, 302 and 303" },
	{ "'method':'get','url':'http://h/','redirect_post':'all'", NULL, "301, 302 and 303" },
	{ "'method':'get','url':'http://h/','headers':{'Expect':'100-continue'}", NULL, "body" },
	{ "'method':'post','url':'http://h/','data':'x','headers':{'Expect':'x'}", NULL, "100-continue" },
	{ "'method':'post','url':'http://h/','data':'x','http_version':'1.0','headers':{'Expect':'100-continue'}", NULL, "HTTP/1.0" },
	{ "'method':'get','url':'http://h/','headers':{'Host':null,'host':'x'}", NULL, "Host" },
	{ "'method':'get','url':'http://h/','cookies':7", NULL, "'cookies'" },
	{ "'method':'get','url':'http://h/','cookies':{'a=b':'c'}", NULL, "no name of a cookie" },
	{ "'method':'get','url':'http://h/','cookies':{'a':'secret;x'}", NULL, "cookie 'a'" },
	{ "'method':'get','url':'http://h/','cookies':'a=secret\\n'", NULL, "header 'Cookie'" },
	{ "'method':'get','url':'http://h/','cookies':'a=b','headers':{'cookie':'c'}", NULL, "exclude" },
	{ "'method':'get','url':'http://h/','auth':'secret'", NULL, "object" },
	{ "'method':'get','url':'http://h/','auth':{'username':'a'}", NULL, "'type' is missing" },
	{ "'method':'get','url':'http://h/','auth':{'type':'digest','username':'a'}", NULL, "digest" },
	{ "'method':'get','url':'http://h/','auth':{'type':'basic','password':'secret'}", NULL, "'username' is missing" },
	{ "'method':'get','url':'http://h/','auth':{'type':'bearer'}", NULL, "'token' is missing" },
	{ "'method':'get','url':'http://h/','auth':{'type':'basic','username':'a','token':'secret'}", NULL, "no effect" },
	{ "'method':'get','url':'http://h/','auth':{'type':'bearer','token':'secret','password':'x'}", NULL, "no effect" },
	{ "'method':'get','url':'http://h/','auth':{'type':'basic','usrname':'a'}", NULL, "username" },
	{ "'method':'get','url':'http://h/','auth':{'type':'basic','username':'a:b','password':'secret'}", NULL, "colon" },
	{ "'method':'get','url':'http://h/','auth':{'type':'bearer','token':'secret x'}", NULL, "blank" },
	{ "'method':'post','url':'http://h/','data_file':'/nowhere/at/all'", NULL, "/nowhere/at/all" },
	{ "'method':'post','url':'http://h/','data_file':'/'", NULL, "cannot read" },
	{ "'method':'post','url':'http://h/','data_file':'${id}'", NULL, "before the run" },
	{ "'method':'post','url':'http://h/','data_base64':'a'", NULL, "no base64" },
	{ "'method':'post','url':'http://h/','data_base64':'','json':{}", NULL, "exclude" },
	{ "'method':'post','url':'http://h/','files':{'a':{'content':'b'}},'data':'x'", NULL, "form fields" },
	{ "'method':'post','url':'http://h/','files':{'a':{'content':'b'}},'json':1", NULL, "exclude" },
	{ "'method':'post','url':'http://h/','files':'x'", NULL, "'files'" },
	{ "'method':'post','url':'http://h/','files':{'a':{'content':'b','path':'c'}}", NULL, "one of" },
	{ "'method':'post','url':'http://h/','files':{'a':{}}", NULL, "one of" },
	{ "'method':'post','url':'http://h/','files':{'a':'/nowhere'}", NULL, "/nowhere" },
	{ "'method':'post','url':'http://h/','files':{'a':'${id}'}", NULL, "before the run" },
	{ "'method':'post','url':'http://h/','files':[{'content':'b'}]", NULL, "'name' is missing" },
	{ "'method':'post','url':'http://h/','files':{'a':{'content':'b','name':'c'}}", NULL, "name" },
	{ "'method':'post','url':'http://h/','files':{'a':{'content':'b','type':'x\\ny'}}", NULL, "line break" },
	{ "'method':'post','url':'http://h/','files':{'a':{'content':'b','headers':{'Content-Type':'x'}}}", NULL, "Content-Type" },
	{ "'method':'post','url':'http://h/','files':{'a':{'content':'b','headers':{'a b':'x'}}}", NULL, "'a b'" },
	{ "'method':'post','url':'http://h/','files':{'a':{'base64':'?'}}", NULL, "no base64" },
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
	{ "'method':'get','url':'http://h/','files':{}", NULL, "no part" },
	{ "'method':'get','url':'http://h/','client_cert':'x'", NULL, "cert" },
};
/* clang-format on */

static void
requests_are_written_to_the_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++) {
		const struct golden *g = &goldens[i];

		must_compile(task_json(g->task), g->host);
		extracted("4 2/&\xc3\xa4", "http://late:99/p?q=1#f");
		assert_string_equal(sent(), g->sent);
		assert_int_equal(
		    t.step.request.constant.head != NULL, g->constant);
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
		{ "'method':'get','url':'http://h/','request_target':'${id}'",
		    "a b", NULL, "request_target" },
		{ "'method':'get','url':'http://h/','cookies':'${id}'", "a\nb",
		    NULL, "header 'Cookie'" },
		{ "'method':'get','url':'http://h/','auth':{'type':'bearer',"
		  "'token':'${id}'}",
		    "s3cret x", NULL, "header 'Authorization'" },
		{ "'method':'get','url':'http://h/','auth':{'type':'basic',"
		  "'username':'${id}','password':'s3cret'}",
		    "a:b", NULL, "header 'Authorization'" },
		{ "'method':'post','url':'http://h/','files':{'a':{"
		  "'content':'x','type':'${id}'}}",
		    "a\nb", NULL, "part" },
	};
	struct ldi_request_rendered as;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		must_compile(task_json(table[i].task), NULL);
		extracted(table[i].id, table[i].path);
		assert_int_equal(render(&as), LD_INVALID);
		if (strstr(t.err.text, table[i].word) == NULL)
			fail_msg("%s: %s", table[i].task, t.err.text);
		assert_null(strstr(t.err.text, "s3cret"));
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

#define TEST(f) HTTP1_TASK_TEST(f)

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
