/* SPDX-License-Identifier: MIT */
/* The HTTP/1 driver against good and bad servers, and its deadlines. */
#include "config.h"

#include <poll.h>
#include <uv.h>

#include "http1_stage.h"

/* -- what a good server does ---------------------------------------------- */

static void
one_connection_serves_many_exchanges(void **state)
{
	static const struct act acts[] = { { STAY, HELLO, 0 },
		{ DRIP, HELLO, 0 }, { STAY, HELLO, 0 } };

	(void)state;
	PLAY(acts);
	exchange_once();
	expect_ok("hello");
	assert_true(exchange.phase_ns[LD_PHASE_CONNECT] > 0);
	for (int i = 0; i < 2; i++) {
		exchange_once();
		expect_ok("hello");
		assert_int_equal(exchange.phase_ns[LD_PHASE_CONNECT], 0);
		assert_true(exchange.phase_ns[LD_PHASE_SEND] > 0);
		assert_true(exchange.phase_ns[LD_PHASE_TTFB] > 0);
		assert_int_equal(exchange.bytes_out, strlen(GET_HEAD));
		assert_int_equal(exchange.bytes_in, strlen(HELLO));
	}
	assert_int_equal(peer_accepted(h1_peer), 1);
}

static void
a_unix_socket_is_served_too(void **state)
{
	static const struct act acts[] = { { STAY, HELLO, 0 } };

	(void)state;
	play_on(PEER_UNIX, acts, 1);
	exchange_once();
	expect_ok("hello");
}

static void
a_status_from_400_on_is_a_failure_by_rule(void **state)
{
	static const struct act acts[] = {
		{ STAY, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 0 },
		{ STAY, "HTTP/1.1 302 Go\r\nContent-Length: 0\r\n\r\n", 0 }
	};

	(void)state;
	PLAY(acts);
	exchange_once();
	expect(LD_CLASS_NONE, 404, 1, 1);
	assert_true(got.status_failed);
	exchange_once();
	expect(LD_CLASS_NONE, 302, 1, 1);
	assert_false(got.status_failed);
}

static void
repeated_headers_are_joined(void **state)
{
	static const struct act acts[] = {
		{ STAY,
		    OK11 "X-List: a\r\nContent-Length: 0\r\nx-list:b \r\n"
			 "\r\n",
		    0 },
		{ DRIP, OK11 "X-List: c\r\nContent-Length: 1\r\n\r\nx", 0 },
	};

	(void)state;
	PLAY(acts);
	exchange_once();
	expect_ok("");
	assert_string_equal(got.header, "a, b");
	exchange_once();
	expect_ok("x");
	assert_string_equal(got.header, "c");
}

static void
a_coded_body_is_decoded_and_a_broken_one_said(void **state)
{
	/* "hello", by gzip. */
	static const char coded[] =
	    OK11 "Content-Encoding: gzip\r\nContent-Length: 25\r\n\r\n"
		 "\x1f\x8b\x08\0\0\0\0\0\x02\x03\xcb\x48\xcd\xc9\xc9\x07\0"
		 "\x86\xa6\x10\x36\x05\0\0\0";
	static const struct act acts[] = {
		{ STAY, coded, sizeof(coded) - 1 },
		{ STAY,
		    OK11 "Content-Encoding: gzip\r\nContent-Length: 3\r\n"
			 "\r\nabc",
		    0 },
		{ STAY, HELLO, 0 },
	};

	(void)state;
	PLAY(acts);
	exchange_once();
	expect_ok("hello");
	exchange_once();
	expect(LD_CLASS_DECODE, 200, 1, 1);
	assert_true(got.text[0] != '\0');
	exchange_once(); /* the framing was right: the connection is, too */
	expect_ok("hello");
	assert_int_equal(peer_accepted(h1_peer), 1);
}

static void
a_closed_connection_is_opened_anew(void **state)
{
	static const struct act acts[] = {
		{ FIN, OK11 "Connection: close\r\nContent-Length: 0\r\n\r\n",
		    0 },
		{ FIN, "HTTP/1.0 200 OK\r\n\r\nend", 0 },
		{ FIN, HELLO, 0 }, /* closes, but did not say so */
		{ STAY, HELLO, 0 },
	};

	(void)state;
	PLAY(acts);
	exchange_once();
	expect_ok("");
	exchange_once();
	expect_ok("end");
	exchange_once();
	expect_ok("hello");
	for (int i = 0; i < 1000 && session.link->at != NULL; i++)
		uv_run(ld_loop_uv(h1_loop), UV_RUN_ONCE);
	exchange_once();
	expect_ok("hello"); /* one attempt: it was seen to be closed */
	assert_int_equal(peer_accepted(h1_peer), 4);
}

static void
the_plan_may_ask_to_close(void **state)
{
	static const struct act acts[] = { { STAY, HELLO, 0 },
		{ STAY, HELLO, 0 } };

	(void)state;
	PLAY(acts);
	step.request.close = true;
	exchange_once();
	exchange_once();
	expect_ok("hello");
	assert_int_equal(peer_accepted(h1_peer), 2);
}

/* -- what a bad one does -------------------------------------------------- */

static void
an_idle_connection_closed_as_we_send_is_tried_again(void **state)
{
	static const struct act acts[] = { { FIN_LATER, HELLO, 0 },
		{ STAY, HELLO, 0 }, { STAY, HELLO, 0 } };

	(void)state;
	PLAY(acts);
	exchange_once();
	exchange_once();
	expect(LD_CLASS_NONE, 200, 2, 2);
	assert_int_equal(exchange.bytes_out, 2 * strlen(GET_HEAD));
	assert_int_equal(atomic_load(&script.requests), 3);
}

static void
but_not_with_a_method_that_is_not_idempotent(void **state)
{
	static const struct act acts[] = { { FIN_LATER, HELLO, 0 },
		{ STAY, HELLO, 0 }, { STAY, HELLO, 0 } };

	(void)state;
	PLAY(acts);
	stage_request("POST", POST_HEAD);
	exchange_once();
	exchange_once();
	expect(LD_CLASS_CLOSED_EARLY, -1, 1, 1);
	exchange_once();
	expect_ok("hello");
}

static void
a_new_connection_is_not_tried_again(void **state)
{
	static const struct act acts[] = { { FIN, "", 0 }, { RESET, "", 0 },
		{ FIN, "HTTP/1.1 2", 0 },
		{ FIN, OK11 "Content-Length: 5\r\n\r\nhell", 0 },
		{ STAY, HELLO, 0 } };

	(void)state;
	PLAY(acts);
	exchange_once();
	expect(LD_CLASS_CLOSED_EARLY, -1, 1, 1);
	exchange_once();
	expect(LD_CLASS_RESET, -1, 1, 1);
	exchange_once();
	expect(LD_CLASS_TRUNCATED, -1, 1, 1);
	exchange_once();
	expect(LD_CLASS_TRUNCATED, 200, 1, 1);
	exchange_once();
	expect_ok("hello");
}

static void
nobody_listens(void **state)
{
	static const struct act acts[] = { { STAY, HELLO, 0 } };

	(void)state;
	PLAY(acts);
	origin.port = peer_dead_port();
	exchange_once();
	expect(LD_CLASS_REFUSED, -1, 1, 0);
}

static void
surplus_bytes_are_a_breach_and_end_the_connection(void **state)
{
	static const struct act acts[] = { { STAY, HELLO HELLO, 0 },
		{ STAY, HELLO, 0 } };

	(void)state;
	PLAY(acts);
	exchange_once();
	expect(LD_CLASS_PROTOCOL, 200, 1, 1);
	exchange_once();
	expect_ok("hello");
	assert_int_equal(peer_accepted(h1_peer), 2);
}

static void
a_malformed_answer_ends_the_connection(void **state)
{
	static const struct act acts[] = { { STAY, "SSH-2.0-x\r\n", 0 },
		{ STAY, HELLO, 0 } };

	(void)state;
	PLAY(acts);
	exchange_once();
	expect(LD_CLASS_PROTOCOL, -1, 1, 1);
	exchange_once();
	expect_ok("hello");
	assert_int_equal(peer_accepted(h1_peer), 2);
}

/* -- the deadline --------------------------------------------------------- */

static void
expect_timeout(enum ld_class cls, enum ld_phase phase, int status)
{
	uint64_t now_ns;

	poll(NULL, 0, 2);
	now_ns = ld_now_ns();
	assert_int_equal(got.finished, 0);
	ldi_h1_cancel(&session, &exchange, now_ns);
	assert_int_equal(got.finished, 1);
	check_phases();
	if (got.cls != cls)
		fail_msg("class %s", ld_class_name(got.cls));
	assert_int_equal(got.status, status);
	assert_true(exchange.phase_ns[phase] >= 2 * LD_NS_PER_MS);
	client_settle(h1_loop);
	assert_int_equal(got.finished, 1);
}

static void
turn_until(enum ldi_h1_stage stage)
{
	for (int i = 0; i < 1000 && session.stage != stage; i++)
		uv_run(ld_loop_uv(h1_loop), UV_RUN_ONCE);
	assert_int_equal(session.stage, stage);
}

static void
no_answer_before_the_deadline(void **state)
{
	static const struct act acts[] = { { SILENT, "", 0 } };

	(void)state;
	PLAY(acts);
	assert_int_equal(begin(), LD_OK);
	turn_until(LDI_H1_WAITING);
	expect_timeout(LD_CLASS_TIMEOUT_RESPONSE, LD_PHASE_TTFB, -1);
	assert_int_equal(exchange.wire, 1);
}

static void
half_an_answer_before_the_deadline(void **state)
{
	static const struct act acts[] = { { SILENT,
	    OK11 "Content-Length: 50\r\n\r\nhello", 0 } };

	(void)state;
	PLAY(acts);
	assert_int_equal(begin(), LD_OK);
	turn_until(LDI_H1_RECEIVING);
	expect_timeout(LD_CLASS_TIMEOUT_RECEIVE, LD_PHASE_RECEIVE, 200);
}

/* More than the kernel takes for a server that does not read. */
static void
make_large_request(void)
{
	static char large[16 << 20];

	memset(large, 'x', sizeof(large));
	memcpy(large, GET_HEAD, strlen(GET_HEAD));
	step.request.constant.head = large;
	step.request.constant.head_len = step.request.constant.all_len =
	    sizeof(large);
}

static void
request_not_taken_before_the_deadline(void **state)
{
	static const struct act acts[] = { { SILENT, "", 0 } };

	(void)state;
	PLAY(acts);
	make_large_request();
	assert_int_equal(begin(), LD_OK);
	turn_until(LDI_H1_SENDING);
	expect_timeout(LD_CLASS_TIMEOUT_SEND, LD_PHASE_SEND, -1);
	assert_int_equal(exchange.wire, 0);
	assert_true(exchange.bytes_out > 0);
}

static void
no_handshake_before_the_deadline(void **state)
{
	static const struct act acts[] = { { SILENT, "", 0 } };
	struct ld_tls_options options = { .insecure = true };

	(void)state;
	PLAY(acts);
	assert_int_equal(ld_tls_new(&options, &step.tls, NULL), LD_OK);
	origin.tls = true;
	assert_int_equal(begin(), LD_OK);
	for (int i = 0; i < 10; i++) {
		poll(NULL, 0, 1);
		uv_run(ld_loop_uv(h1_loop), UV_RUN_NOWAIT);
	}
	expect_timeout(LD_CLASS_TIMEOUT_TLS, LD_PHASE_TLS, -1);
}

static void
an_answer_may_come_before_the_request_is_sent(void **state)
{
	static const struct act acts[] = { { UNREAD,
	    "HTTP/1.1 413 Large\r\nContent-Length: 0\r\n\r\n", 0 } };

	(void)state;
	PLAY(acts);
	make_large_request();
	exchange_once();
	atomic_store(&script.over, true);
	expect(LD_CLASS_NONE, 413, 1, 0);
	assert_null(session.link->at);
}

/* -- what the plan says late ---------------------------------------------- */

static void
a_url_told_at_the_exchange_keeps_its_connection(void **state)
{
	static const struct act acts[] = { { STAY, HELLO, 0 },
		{ FIN_LATER, HELLO, 0 }, { STAY, HELLO, 0 },
		{ STAY, HELLO, 0 } };
	struct ld_template url;
	char text[100];

	(void)state;
	PLAY(acts);
	snprintf(text, sizeof(text), "http://127.0.0.1:%u/a?b#c",
	    peer_port(h1_peer));
	url.text = text;
	memset(&step.request.constant, 0, sizeof(step.request.constant));
	step.request.method = "GET";
	step.request.origin = NULL;
	step.request.url = &url;
	exchange_once();
	expect_ok("hello");
	exchange_once();
	expect_ok("hello");
	assert_int_equal(peer_accepted(h1_peer), 1);
	/* The worker's origin may be another's by the time of a retry. */
	assert_int_equal(begin(), LD_OK);
	memset(&worker.agents.origin, 0xff, sizeof(worker.agents.origin));
	client_run(h1_loop, &got.finished, 3);
	expect(LD_CLASS_NONE, 200, 2, 2);
	assert_int_equal(peer_accepted(h1_peer), 2);
}

static void
a_value_that_cannot_be_had_begins_nothing(void **state)
{
	static const struct act acts[] = { { STAY, HELLO, 0 },
		{ STAY, HELLO, 0 } };
	struct ld_template url = { "nowhere" };

	(void)state;
	PLAY(acts);
	exchange_once();
	memset(&step.request.constant, 0, sizeof(step.request.constant));
	step.request.method = "GET";
	step.request.origin = NULL;
	step.request.url = &url;
	assert_int_equal(begin(), LD_INVALID);
	url.text = NULL;
	assert_int_equal(begin(), LD_INVALID);
	url.text = "http://user@127.0.0.1/";
	assert_int_equal(begin(), LD_INVALID);
	assert_int_equal(got.finished, 1);
	/* The connection is as it was. */
	stage_request("GET", GET_HEAD);
	step.request.origin = &origin;
	exchange_once();
	expect_ok("hello");
	assert_int_equal(peer_accepted(h1_peer), 1);
}

static void
an_idle_session_is_small(void **state)
{
	static const struct act acts[] = { { STAY, HELLO, 0 } };

	(void)state;
	PLAY(acts);
	exchange_once();
	assert_true(sizeof(session) < 1024);
	assert_null(session.link->own);
	assert_null(session.agent.kept_sheet);
	assert_null(session.agent.out_sheet);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, http1_setup, http1_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_connection_serves_many_exchanges),
		TEST(a_unix_socket_is_served_too),
		TEST(a_status_from_400_on_is_a_failure_by_rule),
		TEST(repeated_headers_are_joined),
		TEST(a_coded_body_is_decoded_and_a_broken_one_said),
		TEST(a_closed_connection_is_opened_anew),
		TEST(the_plan_may_ask_to_close),
		TEST(an_idle_connection_closed_as_we_send_is_tried_again),
		TEST(but_not_with_a_method_that_is_not_idempotent),
		TEST(a_new_connection_is_not_tried_again),
		TEST(nobody_listens),
		TEST(surplus_bytes_are_a_breach_and_end_the_connection),
		TEST(a_malformed_answer_ends_the_connection),
		TEST(no_answer_before_the_deadline),
		TEST(half_an_answer_before_the_deadline),
		TEST(request_not_taken_before_the_deadline),
		TEST(no_handshake_before_the_deadline),
		TEST(an_answer_may_come_before_the_request_is_sent),
		TEST(a_url_told_at_the_exchange_keeps_its_connection),
		TEST(a_value_that_cannot_be_had_begins_nothing),
		TEST(an_idle_session_is_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
