/* SPDX-License-Identifier: MIT */
/*
 * The server as a peer on the wire: framing, order, limits, exact counts.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include <ld/json.h>
#include <ld/target.h>

#include "raw.h"

#define GET(path) "GET " path " HTTP/1.1\r\nHost: t\r\n\r\n"

struct fixture {
	struct ld_target *target;
	uint16_t port;
	struct raw raw;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct ld_target_options options = { .record = true };
	struct ld_err err = LD_ERR_INIT;

	assert_non_null(f);
	assert_int_equal(ld_target_start(&options, &f->target, &err), LD_OK);
	f->port = ld_target_port(f->target);
	raw_open(&f->raw, f->port);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	raw_close(&f->raw);
	ld_target_stop(f->target);
	free(f);
	return 0;
}

/* A number of the counts; the key "by/GET /x" looks inside `by`. */
static uint64_t
counted(struct fixture *f, const char *key)
{
	struct ld_buf buf;
	struct ld_json doc;
	ld_json_ref ref = LD_JSON_ROOT;
	uint64_t value = 0;

	ld_buf_init(&buf, (size_t)1 << 24);
	ld_json_init(&doc);
	ld_target_counts(f->target, &buf);
	assert_int_equal(
	    ld_json_parse(&doc, buf.data, buf.len, 0, NULL), LD_OK);
	if (strncmp(key, "by/", 3) == 0) {
		ref = ld_json_get(&doc, ref, "by");
		key += 3;
	}
	(void)ld_json_u64(&doc, ld_json_get(&doc, ref, key), &value);
	ld_json_clear(&doc);
	ld_buf_clear(&buf);
	return value;
}

static void
only_loopback_is_served(void **state)
{
	static const char *const refused[] = { "0.0.0.0", "192.0.2.1",
		"::", "example.com", "" };
	struct ld_target *target;
	struct ld_err err = LD_ERR_INIT;

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct ld_target_options o = { .address = refused[i] };

		assert_int_equal(
		    ld_target_start(&o, &target, &err), LD_INVALID);
		assert_null(target);
	}
	(void)state;
}

static void
a_port_in_use_is_reported(void **state)
{
	struct fixture *f = *state;
	struct ld_target_options o = { .port = f->port };
	struct ld_target *target;
	struct ld_err err = LD_ERR_INIT;

	assert_int_equal(ld_target_start(&o, &target, &err), LD_IO);
	assert_non_null(strstr(err.text, "cannot listen on 127.0.0.1"));
}

static void
keep_alive_serves_one_request_after_another(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 50; i++) {
		raw_ask(&f->raw, GET("/status/200"));
		assert_int_equal(f->raw.status, 200);
	}
	assert_int_equal(counted(f, "requests"), 50);
	assert_int_equal(counted(f, "connections"), 1);
	assert_int_equal(counted(f, "open"), 1);
}

static void
pipelined_requests_are_answered_in_order(void **state)
{
	struct fixture *f = *state;

	raw_send(&f->raw,
	    GET("/status/201") GET("/delay/0.05")
		GET("/status/202") "POST /post HTTP/1.1\r\nHost: t\r\n"
				   "Content-Length: 2\r\n\r\nhi" GET(
				       "/status/418"));
	raw_read(&f->raw, false);
	assert_int_equal(f->raw.status, 201);
	raw_read(&f->raw, false);
	assert_non_null(strstr(f->raw.body, "/delay/0.05"));
	raw_read(&f->raw, false);
	assert_int_equal(f->raw.status, 202);
	raw_read(&f->raw, false);
	assert_non_null(strstr(f->raw.body, "\"data\":\"hi\""));
	raw_read(&f->raw, false);
	assert_int_equal(f->raw.status, 418);
	assert_int_equal(counted(f, "requests"), 5);
}

/* More is asked for than the kernel's buffers hold, before anything is read. */
static void
answers_wait_for_a_client_that_does_not_read(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 16; i++)
		raw_send(&f->raw, GET("/bytes/2000000") GET("/status/204"));
	for (int i = 0; i < 16; i++) {
		raw_read(&f->raw, false);
		assert_int_equal(f->raw.body_len, 2000000);
		raw_read(&f->raw, false);
		assert_int_equal(f->raw.status, 204);
	}
	assert_int_equal(counted(f, "requests"), 32);
}

static void
a_request_may_come_one_byte_at_a_time(void **state)
{
	struct fixture *f = *state;
	static const char text[] =
	    "POST /post HTTP/1.1\r\nHost: t\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n"
	    "3;x=y\r\nabc\r\n00a\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";

	for (size_t i = 0; i + 1 < sizeof(text); i++) {
		assert_int_equal(counted(f, "requests"), 0);
		raw_sendn(&f->raw, text + i, 1);
	}
	raw_read(&f->raw, false);
	assert_non_null(strstr(f->raw.body, "\"data\":\"abc0123456789\""));
	assert_int_equal(counted(f, "requests"), 1);
	assert_int_equal(counted(f, "bytes_in"), sizeof(text) - 1);
}

static void
a_chunked_body_may_be_followed_by_another_request(void **state)
{
	struct fixture *f = *state;

	raw_send(&f->raw,
	    "POST /post HTTP/1.1\r\nHost: t\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" GET(
		"/status/202"));
	raw_read(&f->raw, false);
	assert_non_null(strstr(f->raw.body, "\"data\":\"hello\""));
	raw_read(&f->raw, false);
	assert_int_equal(f->raw.status, 202);
}

static void
a_large_body_comes_back_whole(void **state)
{
	struct fixture *f = *state;
	size_t len = 5000000;
	char *body = malloc(len + 1);

	assert_non_null(body);
	memset(body, 'x', len);
	body[len] = '\0';
	raw_send(&f->raw, "POST /post HTTP/1.1\r\nHost: t\r\n"
			  "Content-Length: 5000000\r\n\r\n");
	raw_sendn(&f->raw, body, len);
	raw_read(&f->raw, false);
	assert_int_equal(f->raw.status, 200);
	assert_non_null(strstr(f->raw.body, body));
	free(body);
}

static void
expect_100_gets_its_go_ahead_first(void **state)
{
	struct fixture *f = *state;

	raw_send(&f->raw, "PUT /put HTTP/1.1\r\nHost: t\r\n"
			  "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
	raw_read(&f->raw, true);
	assert_int_equal(f->raw.status, 100);
	assert_int_equal(counted(f, "requests"), 0);
	raw_send(&f->raw, "ok");
	raw_read(&f->raw, false);
	assert_int_equal(f->raw.status, 200);
	assert_int_equal(counted(f, "requests"), 1);
}

static void
head_gets_the_head_of_get_and_no_body(void **state)
{
	struct fixture *f = *state;
	char *head;

	raw_ask(&f->raw, GET("/json"));
	head = strdup(f->raw.head);
	raw_send(&f->raw, "HEAD /json HTTP/1.1\r\nHost: t\r\n\r\n");
	raw_read(&f->raw, true);
	assert_string_equal(f->raw.head, head);
	free(head);
	raw_send(&f->raw, "HEAD /drip HTTP/1.1\r\nHost: t\r\n\r\n");
	raw_read(&f->raw, true);
	assert_non_null(strstr(f->raw.head, "Content-Length: 10\r\n"));
	raw_ask(&f->raw, GET("/status/202"));
	assert_int_equal(f->raw.status, 202);
}

static void
connection_close_and_http_1_0_end_the_connection(void **state)
{
	struct fixture *f = *state;
	struct raw old;

	raw_ask(&f->raw, "GET /status/200 HTTP/1.1\r\nHost: t\r\n"
			 "Connection: x, Close\r\n\r\n");
	assert_non_null(strstr(f->raw.head, "Connection: close\r\n"));
	assert_true(raw_ended(&f->raw));

	raw_open(&old, f->port);
	raw_ask(&old, "GET /ip HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	assert_non_null(strstr(old.head, "Connection: keep-alive\r\n"));
	raw_ask(&old, "GET /stream/2 HTTP/1.0\r\n\r\n");
	assert_null(strstr(old.head, "chunked"));
	assert_true(raw_ended(&old));
	raw_close(&old);
}

/* What a server could read in two ways, or not at all. */
#define H "GET / HTTP/1.1\r\nHost: t\r\n"
static const struct {
	unsigned status;
	const char *text;
} bad[] = {
	{ 400, "nonsense\r\n\r\n" },
	{ 400, "GET /\r\n\r\n" },
	{ 400, "GET  / HTTP/1.1\r\nHost: t\r\n\r\n" },
	{ 400, "GET / HTTP/1.1 \r\nHost: t\r\n\r\n" },
	{ 400, "GET x HTTP/1.1\r\nHost: t\r\n\r\n" },
	{ 400, "GET / HTTP/1.1\nHost: t\n\n" },
	{ 400, "GET /\x01 HTTP/1.1\r\nHost: t\r\n\r\n" },
	{ 400, "G(T / HTTP/1.1\r\nHost: t\r\n\r\n" },
	{ 505, "GET / HTTP/2.0\r\nHost: t\r\n\r\n" },
	{ 505, "GET / HTTP/1.2\r\nHost: t\r\n\r\n" },
	{ 400, "GET / HTTP/1.1\r\n\r\n" },
	{ 400, H "Host: u\r\n\r\n" },
	{ 400, H "a : b\r\n\r\n" },
	{ 400, H "a\r\n\r\n" },
	{ 400, H ": b\r\n\r\n" },
	{ 400, H "a: b\r\n c\r\n\r\n" },
	{ 400, H "a: b\rc\r\n\r\n" },
	{ 400, H "a: \x01\r\n\r\n" },
	{ 400, H "Content-Length: 1x\r\n\r\n" },
	{ 400, H "Content-Length: -1\r\n\r\n" },
	{ 400, H "Content-Length: \r\n\r\n" },
	{ 400, H "Content-Length: 1, 1\r\n\r\n" },
	{ 400, H "Content-Length: 99999999999999999999\r\n\r\n" },
	{ 400, H "Content-Length: 1\r\nContent-Length: 2\r\n\r\n" },
	{ 400, H "Content-Length: 1\r\n"
		 "Transfer-Encoding: chunked\r\n\r\n" },
	{ 501, H "Transfer-Encoding: gzip, chunked\r\n\r\n" },
	{ 501, H "Transfer-Encoding: identity\r\n\r\n" },
	{ 400, "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" },
	{ 400, H "Transfer-Encoding: chunked\r\n\r\nx\r\n" },
	{ 400, H "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n" },
	{ 400, H "Transfer-Encoding: chunked\r\n\r\n1\nabc" },
	{ 400, H "Transfer-Encoding: chunked\r\n\r\n-1\r\n" },
	{ 413, H "Transfer-Encoding: chunked\r\n\r\n5000000\r\n" },
	{ 413, H "Transfer-Encoding: chunked\r\n\r\n"
		 "ffffffffffffffffff\r\n" },
	{ 413, H "Content-Length: 67108865\r\n\r\n" },
};
#undef H

static void
what_could_be_read_in_two_ways_is_refused(void **state)
{
	struct fixture *f = *state;
	size_t n = sizeof(bad) / sizeof(bad[0]);

	for (size_t i = 0; i < n; i++) {
		struct raw raw;

		raw_open(&raw, f->port);
		raw_ask(&raw, bad[i].text);
		if (raw.status != bad[i].status)
			fail_msg("%u, not %u, for: %s", raw.status,
			    bad[i].status, bad[i].text);
		assert_non_null(strstr(raw.head, "Connection: close\r\n"));
		assert_true(raw_ended(&raw));
		raw_close(&raw);
	}
	assert_int_equal(counted(f, "requests"), 0);
	assert_int_equal(counted(f, "rejected"), n);
}

static void
a_head_over_64_kib_or_200_lines_is_431(void **state)
{
	struct fixture *f = *state;
	size_t len = 65536;
	char *long_line = malloc(len + 1);
	struct raw raw;

	assert_non_null(long_line);
	memset(long_line, 'a', len);
	long_line[len] = '\0';
	raw_send(&f->raw, "GET / HTTP/1.1\r\nHost: t\r\nx: ");
	raw_send(&f->raw, long_line);
	raw_read(&f->raw, false);
	assert_int_equal(f->raw.status, 431);
	free(long_line);

	raw_open(&raw, f->port);
	raw_send(&raw, "GET / HTTP/1.1\r\nHost: t\r\n");
	for (int i = 0; i < 200; i++)
		raw_send(&raw, "a: b\r\n");
	raw_ask(&raw, "\r\n");
	assert_int_equal(raw.status, 431);
	raw_close(&raw);
}

static void
a_refusal_reaches_a_client_that_is_still_sending(void **state)
{
	struct fixture *f = *state;
	size_t len = 8000000;
	char *junk = calloc(1, len);

	assert_non_null(junk);
	raw_send(&f->raw, "POST /post HTTP/1.1\r\nHost: t\r\n"
			  "Content-Length: 100000000\r\n\r\n");
	raw_sendn(&f->raw, junk, len);
	raw_read(&f->raw, false);
	assert_int_equal(f->raw.status, 413);
	free(junk);
}

/* The delay is far longer than the test may take. */
static void
a_delay_does_not_hold_up_others(void **state)
{
	struct fixture *f = *state;
	struct raw slow[20];

	for (int i = 0; i < 20; i++) {
		raw_open(&slow[i], f->port);
		raw_send(&slow[i], GET("/delay/10"));
	}
	for (int i = 0; i < 20; i++) {
		raw_ask(&f->raw, GET("/status/200"));
		assert_int_equal(f->raw.status, 200);
	}
	for (int i = 0; i < 20; i++)
		raw_close(&slow[i]);
}

static void
a_short_delay_ends_before_a_long_one_that_began_earlier(void **state)
{
	struct fixture *f = *state;
	struct raw late;
	char byte;

	raw_open(&late, f->port);
	raw_send(&late, GET("/delay/10"));
	raw_ask(&f->raw, GET("/delay/0.01"));
	assert_int_equal(f->raw.status, 200);
	assert_int_equal(recv(late.fd, &byte, 1, MSG_DONTWAIT), -1);
	raw_close(&late);
}

static void
counts_are_exact_and_asking_does_not_count(void **state)
{
	struct fixture *f = *state;
	struct raw ask;
	size_t in = 0, out = 0;

	for (int i = 0; i < 30; i++) {
		const char *text =
		    i % 3 == 0 ? GET("/get?i=1") : GET("/status/404");

		raw_ask(&f->raw, text);
		in += strlen(text);
		out += strlen(f->raw.head) + f->raw.body_len;
	}
	raw_open(&ask, f->port);
	raw_ask(&ask, GET("/ld/counts"));
	raw_ask(&ask, GET("/ld/counts") GET("/ld/requests"));
	assert_non_null(strstr(ask.body, "{\"requests\":30,"));
	raw_read(&ask, false);
	assert_int_equal(counted(f, "requests"), 30);
	assert_int_equal(counted(f, "by/GET /get"), 10);
	assert_int_equal(counted(f, "by/GET /status/404"), 20);
	assert_int_equal(counted(f, "bytes_in"), in);
	assert_int_equal(counted(f, "bytes_out"), out);
	assert_int_equal(counted(f, "connections"), 1);
	assert_int_equal(counted(f, "open"), 1);
	raw_ask(&ask, GET("/get"));
	assert_int_equal(counted(f, "connections"), 2);
	raw_close(&ask);
}

static void
reset_forgets_the_counts(void **state)
{
	struct fixture *f = *state;

	raw_ask(&f->raw, GET("/get"));
	raw_send(&f->raw,
	    "POST /ld/reset HTTP/1.1\r\nHost: t\r\n\r\n" GET("/ld/counts"));
	raw_read(&f->raw, false);
	assert_int_equal(f->raw.status, 204);
	raw_read(&f->raw, false);
	assert_string_equal(f->raw.body,
	    "{\"requests\":0,\"by\":{},\"bytes_in\":0,\"bytes_out\":0,"
	    "\"connections\":0,\"open\":0,\"rejected\":0,\"faults\":{}}\n");
}

static void
paths_beyond_the_bound_are_counted_together(void **state)
{
	struct fixture *f = *state;
	char text[128];

	for (int i = 0; i < 10020; i++) {
		snprintf(text, sizeof(text),
		    "GET /status/204?x HTTP/1.1\r\nHost: t\r\n\r\n");
		if (i < 10019)
			snprintf(text, sizeof(text),
			    "GET /n/%d HTTP/1.1\r\nHost: t\r\n\r\n", i);
		raw_ask(&f->raw, text);
	}
	assert_int_equal(counted(f, "requests"), 10020);
	assert_int_equal(counted(f, "by/GET /n/9999"), 1);
	assert_int_equal(counted(f, "by/GET /n/10000"), 0);
	assert_int_equal(counted(f, "by/(other)"), 20);
}

static void
the_log_says_what_was_sent(void **state)
{
	struct fixture *f = *state;

	raw_ask(&f->raw, "POST /post?q=1 HTTP/1.1\r\nHost: t\r\nX-y: \"z\"\r\n"
			 "Content-Length: 3\r\n\r\na\nb");
	raw_ask(&f->raw, GET("/ld/requests"));
	assert_string_equal(f->raw.body,
	    "{\"method\":\"POST\",\"target\":\"/post?q=1\",\"headers\":"
	    "{\"Host\":\"t\",\"X-y\":\"\\\"z\\\"\","
	    "\"Content-Length\":\"3\"},\"body\":\"a\\nb\","
	    "\"head_base64\":\""
	    "UE9TVCAvcG9zdD9xPTEgSFRUUC8xLjENCkhvc3Q6IHQNClgteT"
	    "ogInoiDQpDb250ZW50LUxlbmd0aDogMw0KDQo="
	    "\",\"body_base64\":\"YQpi\"}\n");
}

static void
faults_come_on_order(void **state)
{
	struct fixture *f = *state;
	struct raw raw;
	char byte;

	raw_open(&raw, f->port);
	raw_send(&raw, GET("/ld/fault/close"));
	assert_true(raw_ended(&raw));
	raw_close(&raw);

	raw_open(&raw, f->port);
	raw_send(&raw, GET("/ld/fault/reset"));
	assert_int_equal(recv(raw.fd, &byte, 1, 0), -1);
	raw_close(&raw);

	raw_open(&raw, f->port);
	raw_send(&raw, GET("/ld/fault/garbage"));
	assert_int_equal(recv(raw.fd, &byte, 1, 0), 1);
	assert_int_equal(byte, 1);
	raw_close(&raw);

	raw_open(&raw, f->port);
	raw_send(&raw, GET("/ld/fault/truncate"));
	raw_read(&raw, true);
	assert_int_equal(raw.status, 200);
	raw_close(&raw);

	raw_ask(&f->raw, GET("/ld/fault/other"));
	assert_int_equal(f->raw.status, 404);
	assert_int_equal(counted(f, "requests"), 5);
}

/* Connections in every state must be let go. */
static void
stopping_does_not_wait_for_anyone(void **state)
{
	struct ld_target_options options = { 0 };
	struct ld_target *target;
	struct raw raw[4];

	assert_int_equal(ld_target_start(&options, &target, NULL), LD_OK);
	for (int i = 0; i < 4; i++)
		raw_open(&raw[i], ld_target_port(target));
	raw_send(&raw[0], GET("/delay/10"));
	raw_send(&raw[1], "GET /get HTTP/1.1\r\nHo");
	raw_send(&raw[2], GET("/ld/fault/stall"));
	raw_ask(&raw[3], "bad\r\n\r\n");
	ld_target_stop(target);
	for (int i = 0; i < 4; i++)
		raw_close(&raw[i]);
	(void)state;
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_loopback_is_served),
		T(a_port_in_use_is_reported),
		T(keep_alive_serves_one_request_after_another),
		T(pipelined_requests_are_answered_in_order),
		T(answers_wait_for_a_client_that_does_not_read),
		T(a_request_may_come_one_byte_at_a_time),
		T(a_chunked_body_may_be_followed_by_another_request),
		T(a_large_body_comes_back_whole),
		T(expect_100_gets_its_go_ahead_first),
		T(head_gets_the_head_of_get_and_no_body),
		T(connection_close_and_http_1_0_end_the_connection),
		T(what_could_be_read_in_two_ways_is_refused),
		T(a_head_over_64_kib_or_200_lines_is_431),
		T(a_refusal_reaches_a_client_that_is_still_sending),
		T(a_delay_does_not_hold_up_others),
		T(a_short_delay_ends_before_a_long_one_that_began_earlier),
		T(counts_are_exact_and_asking_does_not_count),
		T(reset_forgets_the_counts),
		T(paths_beyond_the_bound_are_counted_together),
		T(the_log_says_what_was_sent),
		T(faults_come_on_order),
		cmocka_unit_test(stopping_does_not_wait_for_anyone),
	};
#undef T

	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
