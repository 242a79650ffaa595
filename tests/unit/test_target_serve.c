/* SPDX-License-Identifier: MIT */
/*
 * What the endpoints of the server answer.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "raw.h"
#include "target_stage.h"

static void
get_says_what_it_was_asked(void **state)
{
	(void)state;
	target_check("GET /get?a=1&b=x%20y+z&a=2&c&=d&%zz=%", "", "", 200,
	    "{\"args\":{\"a\":[\"1\",\"2\"],\"b\":\"x y z\",\"c\":\"\","
	    "\"\":\"d\",\"%zz\":\"%\"},");
	target_check("GET /get", "x-tOKEN: a\r\nX-Token: b\r\n", "", 200,
	    "\"X-Token\":\"a,b\"");
	target_check("GET /get?q", "", "", 200, "\"url\":\"http://t/get?q\"}");
	target_check("GET http://h:1/get?q=1", "", "", 200,
	    "\"url\":\"http://t/get?q=1\"}");
	target_check("GET /get", "", "", 200, "\"origin\":\"127.0.0.1\"");
}

static void
bodies_come_back_in_every_form(void **state)
{
	(void)state;
	target_check("POST /post", "", "plain \"text\"", 200,
	    "\"data\":\"plain \\\"text\\\"\"");
	target_check("POST /post", "", "\xff\xfe", 200,
	    "\"data\":\"data:application/octet-stream;base64,//4=\"");
	target_check("PUT /put", "Content-Type: application/json\r\n",
	    "{\"id\":9007199254740993123,\"x\":1.50}", 200,
	    "\"json\":{\"id\":9007199254740993123,\"x\":1.50}");
	target_check("PATCH /patch", "", "{not json", 200, "\"json\":null");
	target_check("DELETE /delete", "", "", 200, "\"data\":\"\"");
	target_check("POST /post",
	    "Content-Type: application/x-www-form-urlencoded; charset=x\r\n",
	    "a=1&a=%26&b=", 200, "\"form\":{\"a\":[\"1\",\"&\"],\"b\":\"\"}");
	target_check("QUERY /anything", "", "", 405, "Allow: GET");
	target_check(
	    "OPTIONS /anything/deep/er", "", "", 200, "\"method\":\"OPTIONS\"");
}

static void
multipart_gives_fields_and_files(void **state)
{
#define PART(h, c) \
	"--B\r\nContent-Disposition: form-data; " h "\r\n\r\n" c "\r\n"
	static const char type[] =
	    "Content-Type: multipart/form-data; boundary=\"B\"\r\n";

	(void)state;
	target_check("POST /post", type,
	    PART("name=\"a\"", "1") PART("name=\"a\"", "")
		PART("name=b; filename=\"f.txt\"", "x\r\ny") "--B--\r\n",
	    200,
	    "\"files\":{\"b\":\"x\\r\\ny\"},\"form\":{\"a\":[\"1\",\"\"]}");
	/* Cut and mangled ones are read as far as they go. */
	target_check("POST /post", type, PART("name=a", "1") "--B\r\nContent",
	    200, "\"form\":{\"a\":\"1\"}");
	target_check("POST /post", type, "--B", 200, "\"form\":{}");
	target_check("POST /post", type, "-", 200, "\"form\":{}");
	target_check(
	    "POST /post", type, "--B\r\n\r\n\r\n--B--", 200, "\"form\":{}");
	target_check("POST /post", "Content-Type: multipart/form-data\r\n",
	    "--B", 200, "\"form\":{}");
	target_check("POST /post",
	    "Content-Type: multipart/form-data; boundary=\"B\r\n", "--B", 200,
	    "\"form\":{}");
#undef PART
}

static void
statuses_come_on_order(void **state)
{
	struct raw raw;

	(void)state;
	target_check("GET /status/200", "", "", 200, "Content-Length: 0\r\n");
	target_check("POST /status/503", "", "x", 503, "Service Unavailable");
	target_check("GET /status/299", "", "", 299, "Unassigned");
	target_check("GET /status/401", "", "", 401, "WWW-Authenticate: Basic");
	target_check(
	    "GET /status/307", "", "", 307, "Location: /redirect/1\r\n");
	target_check("GET /status/100", "", "", 400, "no final answer");
	target_check("GET /status/600", "", "", 400, "bounds");
	target_check("GET /status/2x", "", "", 400, "bounds");
	for (int i = 0; i < 2; i++) {
		raw_once(&raw, target_port,
		    i == 0 ? "GET /status/204" : "GET /status/304", "", "");
		assert_null(strstr(raw.head, "Content-"));
		raw_close(&raw);
	}
	target_check("GET /nowhere", "", "", 404, "{\"error\":");
	target_check("POST /get", "", "", 405, "Allow: GET, HEAD, OPTIONS\r\n");
	target_check(
	    "OPTIONS /get", "", "", 200, "Allow: GET, HEAD, OPTIONS\r\n");
	target_check("OPTIONS *", "", "", 200, "Allow: GET, HEAD, POST");
}

static void
bytes_depend_on_number_and_seed_alone(void **state)
{
	struct raw a, b, c;

	(void)state;
	raw_once(&a, target_port, "GET /bytes/1001?seed=7", "", "");
	raw_once(&b, target_port, "GET /bytes/1001?seed=7", "", "");
	raw_once(&c, target_port, "GET /bytes/1001?seed=8", "", "");
	assert_int_equal(a.body_len, 1001);
	assert_memory_equal(a.body, b.body, 1001);
	assert_memory_not_equal(a.body, c.body, 1001);
	raw_close(&a);
	raw_close(&b);
	raw_close(&c);
	target_check("GET /bytes/0", "", "", 200, "Content-Length: 0\r\n");
	target_check("GET /bytes/10485761", "", "", 400, "bounds");
	target_check("GET /bytes/5?seed=x", "", "", 400, "seed");
}

static void
coded_answers_decode(void **state)
{
	static const struct {
		const char *line, *coding;
		int bits;
	} codings[] = {
		{ "GET /gzip", "Content-Encoding: gzip\r\n", 15 + 16 },
		{ "GET /deflate", "Content-Encoding: deflate\r\n", 15 },
	};
	char plain[4096];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct raw raw;
		z_stream z = { 0 };

		raw_once(&raw, target_port, codings[i].line, "", "");
		assert_non_null(strstr(raw.head, codings[i].coding));
		assert_int_equal(inflateInit2(&z, codings[i].bits), Z_OK);
		z.next_in = (Bytef *)raw.body;
		z.avail_in = (uInt)raw.body_len;
		z.next_out = (Bytef *)plain;
		z.avail_out = sizeof(plain) - 1;
		assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
		plain[z.total_out] = '\0';
		assert_non_null(strstr(plain, "\"Host\":\"t\""));
		inflateEnd(&z);
		raw_close(&raw);
	}
}

static void
streams_and_drips_have_the_length_they_say(void **state)
{
	struct raw raw;
	size_t lines = 0;

	(void)state;
	raw_once(&raw, target_port, "GET /stream/7", "", "");
	assert_non_null(strstr(raw.head, "Transfer-Encoding: chunked\r\n"));
	for (const char *p = raw.body; *p != '\0'; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 7);
	raw_close(&raw);
	raw_once(&raw, target_port,
	    "GET /drip?duration=0.05&numbytes=12&delay=0.01", "", "");
	assert_string_equal(raw.body, "************");
	raw_close(&raw);
	target_check(
	    "GET /drip?duration=0&numbytes=3&code=500", "", "", 500, "***");
	target_check("GET /drip?duration=0.1&numbytes=0", "", "", 200,
	    "Content-Length: 0\r\n");
	target_check("GET /drip?duration=-1", "", "", 400, "bounds");
	target_check("GET /drip?numbytes=99999999999", "", "", 400, "bounds");
	target_check("GET /stream/1001", "", "", 400, "bounds");
	target_check("GET /delay/x", "", "", 400, "seconds");
	target_check("GET /delay/-1", "", "", 400, "seconds");
	target_check("POST /delay/0", "", "x", 200, "\"data\":\"x\"");
}

static void
cookies_are_set_shown_and_deleted(void **state)
{
	(void)state;
	target_check("GET /cookies", "Cookie: a=1; b=x=y\r\nCookie: c=3\r\n",
	    "", 200, "{\"cookies\":{\"a\":\"1\",\"b\":\"x=y\",\"c\":\"3\"}}");
	target_check(
	    "GET /cookies/set?k=v", "", "", 302, "Set-Cookie: k=v; Path=/\r\n");
	target_check(
	    "GET /cookies/set?k=v", "", "", 302, "Location: /cookies\r\n");
	target_check("GET /cookies/delete?k", "", "", 302,
	    "Set-Cookie: k=; Path=/; Max-Age=0\r\n");
	target_check(
	    "GET /cookies/set?k=v%0d%0aX:1", "", "", 400, "cannot stand");
	target_check(
	    "GET /cookies/set?k=v;HttpOnly", "", "", 400, "cannot stand");
}

static void
redirects_are_relative_and_end_at_get(void **state)
{
	(void)state;
	target_check(
	    "GET /redirect/3", "", "", 302, "Location: /redirect/2\r\n");
	target_check("GET /redirect/1", "", "", 302, "Location: /get\r\n");
	target_check("GET /redirect/x", "", "", 400, "bounds");
	target_check("POST /redirect-to?url=http%3A%2F%2Fx%2F&status_code=307",
	    "", "b", 307, "Location: http://x/\r\n");
	target_check(
	    "GET /redirect-to?url=x%0d%0aA:b", "", "", 400, "want url");
	target_check("GET /redirect-to", "", "", 400, "want url");
	target_check(
	    "GET /redirect-to?url=x&status_code=200", "", "", 400, "want");
}

static void
credentials_are_checked(void **state)
{
	(void)state;
	target_check("GET /basic-auth/us%65r/pa%2Fss",
	    "Authorization: Basic dXNlcjpwYS9zcw==\r\n", "", 200,
	    "{\"authenticated\":true,\"user\":\"user\"}");
	target_check("GET /basic-auth/user/pass",
	    "Authorization: Basic dXNlcjpwYXNz1\r\n", "", 401,
	    "WWW-Authenticate: Basic");
	target_check(
	    "GET /basic-auth/user/pass", "", "", 401, "not authorized");
	target_check("GET /basic-auth/user", "", "", 404, "want");
	target_check("GET /bearer", "Authorization: bearer t.k\r\n", "", 200,
	    "\"token\":\"t.k\"");
	target_check("GET /bearer", "Authorization: Basic t\r\n", "", 401,
	    "WWW-Authenticate: Bearer\r\n");
}

static void
headers_on_order_cannot_break_the_answer(void **state)
{
	(void)state;
	target_check("GET /response-headers?X-A=b&X-A=c", "", "", 200,
	    "X-A: b\r\nX-A: c\r\n");
	target_check(
	    "GET /response-headers?A=b%0d%0aC:d", "", "", 400, "cannot");
	target_check("GET /response-headers?A%20B=b", "", "", 400, "cannot");
	target_check(
	    "GET /response-headers?content-length=1", "", "", 400, "cannot");
	target_check("GET /response-headers?Transfer-Encoding=chunked", "", "",
	    400, "cannot");
}

static void
ids_of_nineteen_digits_are_known_when_they_come_back(void **state)
{
	(void)state;
	target_check("GET /ld/id/9007199254740993123", "", "", 404, "never");
	target_check("GET /ld/id", "", "", 200, "{\"id\":9007199254740993123}");
	target_check(
	    "POST /ld/id", "", "", 200, "{\"id\":9007199254740993124}");
	target_check("GET /ld/id/9007199254740993123", "", "", 200,
	    "{\"id\":9007199254740993123}");
	/* What a double makes of it. */
	target_check("GET /ld/id/9007199254740992000", "", "", 404, "never");
	target_check("GET /ld/id/9007199254740993125", "", "", 404, "never");
	target_check("DELETE /ld/id/9007199254740993124", "", "", 200, "id");
	target_check("GET /ld/requests", "", "", 404, "not recorded");
}

static void
small_things_answer(void **state)
{
	struct raw raw;

	(void)state;
	target_check("GET /headers", "A: b\r\n", "", 200,
	    "{\"headers\":{\"Host\":\"t\",\"A\":\"b\"}}");
	target_check("GET /ip", "", "", 200, "{\"origin\":\"127.0.0.1\"}");
	target_check("GET /user-agent", "User-Agent: x\r\n", "", 200,
	    "{\"user-agent\":\"x\"}");
	target_check("GET /user-agent", "", "", 200, "{\"user-agent\":null}");
	target_check("GET /json", "", "", 200, "\"slideshow\"");
	raw_once(&raw, target_port, "GET /uuid", "", "");
	assert_int_equal(raw.body_len, strlen("{\"uuid\":\"\"}\n") + 36);
	assert_int_equal(raw.body[9 + 14], '4');
	assert_non_null(strchr("89ab", raw.body[9 + 19]));
	raw_close(&raw);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(get_says_what_it_was_asked),
		cmocka_unit_test(bodies_come_back_in_every_form),
		cmocka_unit_test(multipart_gives_fields_and_files),
		cmocka_unit_test(statuses_come_on_order),
		cmocka_unit_test(bytes_depend_on_number_and_seed_alone),
		cmocka_unit_test(coded_answers_decode),
		cmocka_unit_test(streams_and_drips_have_the_length_they_say),
		cmocka_unit_test(cookies_are_set_shown_and_deleted),
		cmocka_unit_test(redirects_are_relative_and_end_at_get),
		cmocka_unit_test(credentials_are_checked),
		cmocka_unit_test(headers_on_order_cannot_break_the_answer),
		cmocka_unit_test(
		    ids_of_nineteen_digits_are_known_when_they_come_back),
		cmocka_unit_test(small_things_answer),
	};

	return cmocka_run_group_tests_name(
	    "target_serve", tests, target_setup, target_teardown);
}
