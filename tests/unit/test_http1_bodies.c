/* SPDX-License-Identifier: MIT */
/* Files and parts, and what becomes of a request behind a redirect. */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "http1_task.h"

/* `@` stands for the boundary. */
static void
expect_form(const char *task, const char *want)
{
	const char *text, *at, *boundary;
	char filled[4096];
	size_t n = 0, len;

	must_compile(task_json(task), NULL);
	extracted("4 2/&\xc3\xa4", NULL);
	text = sent();
	at = strstr(text, "boundary=");
	assert_non_null(at);
	boundary = at + strlen("boundary=");
	len = strcspn(boundary, "\r");
	assert_int_equal(len, 35);
	for (; *want != '\0'; want++) {
		if (*want != '@') {
			filled[n++] = *want;
			continue;
		}
		memcpy(filled + n, boundary, len);
		n += len;
	}
	filled[n] = '\0';
	at = strstr(text, "\r\n\r\n");
	assert_string_equal(at + 4, filled);
}

static void
files_become_parts(void **state)
{
	char path[] = "/tmp/ld-test.XXXXXX";
	char task[200], want[500];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0 && write(fd, "a\nb", 3) == 3);
	close(fd);
	snprintf(task, sizeof(task),
	    "'method':'post','url':'http://h/','files':{'f':'%s'}", path);
	snprintf(want, sizeof(want),
	    "--@\r\nContent-Disposition: form-data; name=\"f\"; "
	    "filename=\"%s\"\r\nContent-Type: application/octet-stream"
	    "\r\n\r\na\nb\r\n--@--\r\n",
	    path + 5);
	expect_form(task, want);
	assert_non_null(t.step.request.constant.head);
	unlink(path);
	/* A form in front, order kept, names repeated, quotation marks. */
	expect_form("'method':'post','url':'http://h/','data':{'u':'${n}'},"
		    "'files':[{'name':'x','content':'1'},"
		    "{'name':'x','content':'2','filename':'a\\\"b.png'},"
		    "{'name':'y','base64':'AUI=','type':'t/u',"
		    "'headers':{'X-A':'b'}}]",
	    "--@\r\nContent-Disposition: form-data; name=\"u\"\r\n\r\n7\r\n"
	    "--@\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n"
	    "--@\r\nContent-Disposition: form-data; name=\"x\"; "
	    "filename=\"a%22b.png\"\r\nContent-Type: image/png\r\n\r\n2\r\n"
	    "--@\r\nContent-Disposition: form-data; name=\"y\"; "
	    "filename=\"data\"\r\nContent-Type: t/u\r\nX-A: b\r\n\r\n\001B"
	    "\r\n--@--\r\n");
}

static void
parts_may_hold_placeholders(void **state)
{
	(void)state;
	expect_form("'method':'post','url':'http://h/','files':{"
		    "'a${id}':[{'content':'<${id}>'},"
		    "{'content':'','filename':'${id}.txt','type':'x/${id}'}]}",
	    "--@\r\nContent-Disposition: form-data; "
	    "name=\"a4 2/&\xc3\xa4\"\r\n\r\n<4 2/&\xc3\xa4>\r\n"
	    "--@\r\nContent-Disposition: form-data; "
	    "name=\"a4 2/&\xc3\xa4\"; filename=\"4 2/&\xc3\xa4.txt\"\r\n"
	    "Content-Type: x/4 2/&\xc3\xa4\r\n\r\n\r\n--@--\r\n");
	assert_null(t.step.request.constant.head);
}

static void
a_large_body_is_kept_once_and_sent_beside_its_head(void **state)
{
	char path[] = "/tmp/ld-test.XXXXXX";
	char task[200];
	struct ldi_request_rendered as;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0 && ftruncate(fd, 1 << 20) == 0);
	close(fd);
	snprintf(task, sizeof(task),
	    "'method':'put','url':'http://h/','data_file':'%s'", path);
	must_compile(task_json(task), NULL);
	unlink(path);
	assert_int_equal(render(&as), LD_OK);
	assert_int_equal(as.all_len, 0);
	assert_int_equal(as.body_len, 1 << 20);
	assert_ptr_equal(as.body, t.step.request.body.pieces[0].text);
	assert_int_equal(t.out.len, 0);
	must_compile(
	    task_json("'method':'put','url':'http://h/','data':'x'"), NULL);
	assert_int_equal(render(&as), LD_OK);
	assert_int_equal(as.all_len, as.head_len + 1);
}

/* -- behind a redirect ---------------------------------------------------- */

static const char *
again(const char *task, const struct ldi_request_hop *hop, const char *url)
{
	static char text[2048];
	struct ldi_request_rendered as;
	struct ldi_url_origin to;
	struct ld_buf buf;
	size_t rest;

	must_compile(task_json(task), NULL);
	extracted("1", NULL);
	assert_int_equal(render(&as), LD_OK);
	assert_null(ldi_url_origin_parse(url, strlen(url), &to, &rest));
	as.origin = &to;
	ld_buf_init(&buf, 10000);
	assert_int_equal(
	    ldi_request_again(&t.step.request, hop, &buf, &as, &t.err), LD_OK);
	assert_int_equal(as.all_len, 0);
	snprintf(text, sizeof(text), "%.*s%.*s", (int)as.head_len, as.head,
	    (int)as.body_len, as.body);
	ld_buf_clear(&buf);
	return text;
}

static void
what_follows_a_redirect_is_made_of_the_first_request(void **state)
{
	static const char task[] =
	    "'method':'post','url':'http://h/a','data':'${id}','headers':{"
	    "'X-Id':'${id}','Authorization':'a','cookie':'c','Host':'own',"
	    "'Expect':'100-continue','User-Agent':null,'Accept':null,"
	    "'Accept-Encoding':null}";
	struct ldi_request_hop hop = {
		.method = "POST", .target = "/b?c", .target_len = 4
	};

	(void)state;
	assert_string_equal(again(task, &hop, "http://h/"),
	    "POST /b?c HTTP/1.1\r\nX-Id: 1\r\nAuthorization: a\r\n"
	    "cookie: c\r\nHost: own\r\nExpect: 100-continue\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Length: 1\r\n\r\n1");
	hop.no_expect = true;
	assert_string_equal(again(task, &hop, "http://h/"),
	    "POST /b?c HTTP/1.1\r\nX-Id: 1\r\nAuthorization: a\r\n"
	    "cookie: c\r\nHost: own\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Length: 1\r\n\r\n1");
	hop.no_credentials = true;
	assert_string_equal(again(task, &hop, "http://other:81/"),
	    "POST /b?c HTTP/1.1\r\nHost: other:81\r\nX-Id: 1\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Length: 1\r\n\r\n1");
	hop.no_body = true;
	hop.method = "GET";
	assert_string_equal(again(task, &hop, "http://other:81/"),
	    "GET /b?c HTTP/1.1\r\nHost: other:81\r\nX-Id: 1\r\n\r\n");
}

static void
a_constant_request_can_be_redirected_too(void **state)
{
	struct ldi_request_hop hop = {
		.method = "PUT", .target = "/", .target_len = 1
	};

	(void)state;
	assert_string_equal(
	    again("'method':'put','url':'http://h/a?b','data':'x',"
		  "'http_version':'1.0','auth':{'type':'bearer','token':'t'},"
		  "'headers':{'User-Agent':null,'Accept':null,"
		  "'Accept-Encoding':null,'content-type':null}",
		&hop, "http://h/"),
	    "PUT / HTTP/1.0\r\nHost: h\r\nAuthorization: Bearer t\r\n"
	    "Content-Length: 1\r\n\r\nx");
	assert_non_null(t.step.request.constant.head);
	assert_string_equal(t.step.request.constant.target, "/a?b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP1_TASK_TEST(files_become_parts),
		HTTP1_TASK_TEST(parts_may_hold_placeholders),
		HTTP1_TASK_TEST(
		    a_large_body_is_kept_once_and_sent_beside_its_head),
		HTTP1_TASK_TEST(
		    what_follows_a_redirect_is_made_of_the_first_request),
		HTTP1_TASK_TEST(a_constant_request_can_be_redirected_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
