/* SPDX-License-Identifier: MIT */
/*
 * The HTTP/1 driver against a server that keeps to a script.  What the engine
 * would do (start, cancel at the deadline, take the finish) is done here.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <ld/time.h>

#include "drivers/http1/http1.h"
#include "peers/client.h"
#include "peers/peer.h"

/* -- the server ----------------------------------------------------------- */

/* What is done with the n-th request that the server gets. */
enum deed {
	STAY,      /* answer; the connection stays */
	FIN,       /* answer, close */
	RESET,     /* answer, cut */
	DRIP,      /* answer, a byte at a time */
	FIN_LATER, /* answer, close when the next request has come */
	SILENT,    /* answer, then nothing until the client closes */
	UNREAD,    /* answer before the request is read, read nothing */
};

struct act {
	enum deed deed;
	const char *answer;
	size_t len; /* 0 = strlen */
};

static struct script {
	const struct act *acts;
	unsigned n;
	atomic_uint requests;
	atomic_bool over; /* UNREAD may close */
} script;

/* A head, and the body that its Content-Length states. */
static bool
read_request(int fd)
{
	char buf[4096], *end, *length;
	size_t n = 0, want;

	for (;;) {
		ssize_t got = recv(fd, buf + n, sizeof(buf) - 1 - n, 0);

		if (got <= 0)
			return false;
		n += (size_t)got;
		buf[n] = '\0';
		end = strstr(buf, "\r\n\r\n");
		if (end == NULL)
			continue;
		length = strstr(buf, "Content-Length: ");
		want = length != NULL ? strtoul(length + 16, NULL, 10) : 0;
		if (n - (size_t)(end + 4 - buf) >= want)
			return true;
	}
}

static void
wait_for_close(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, 0) > 0)
		continue;
}

static bool
answer(int fd, const struct act *act)
{
	size_t len = act->len != 0 ? act->len : strlen(act->answer);

	if (act->deed != DRIP)
		return peer_send(fd, act->answer, len);
	for (size_t i = 0; i < len; i++)
		if (!peer_send(fd, act->answer + i, 1))
			return false;
	return true;
}

static void
serve(int fd, void *arg)
{
	(void)arg;
	for (;;) {
		unsigned n = atomic_load(&script.requests);
		const struct act *act = n < script.n ? &script.acts[n] : NULL;

		if (act != NULL && act->deed == UNREAD) {
			atomic_fetch_add(&script.requests, 1);
			answer(fd, act);
			for (int i = 0; i < 20000 && !atomic_load(&script.over);
			     i++)
				poll(NULL, 0, 1);
			return;
		}
		if (!read_request(fd) || act == NULL)
			return;
		atomic_fetch_add(&script.requests, 1);
		if (!answer(fd, act) || act->deed == FIN)
			return;
		if (act->deed == RESET) {
			peer_cut(fd);
			return;
		}
		if (act->deed == FIN_LATER) {
			read_request(fd);
			atomic_fetch_add(&script.requests, 1);
			return;
		}
		if (act->deed == SILENT)
			wait_for_close(fd);
	}
}

/* -- the engine's part ---------------------------------------------------- */

static struct outcome {
	unsigned finished, closed;
	enum ld_class cls;
	char text[256], body[256], header[256];
	int32_t status;
	bool status_failed;
	size_t body_len;
} got;

void
ld_exchange_finish(struct ld_exchange *exchange, const struct ld_reply *reply)
{
	const char *value = NULL;
	size_t len = 0;

	(void)exchange;
	got.finished++;
	got.cls = reply->cls;
	snprintf(got.text, sizeof(got.text), "%s",
	    reply->text != NULL ? reply->text : "");
	got.status = reply->status;
	got.status_failed = reply->status_failed;
	got.body_len = reply->body_len;
	snprintf(got.body, sizeof(got.body), "%.*s", (int)reply->body_len,
	    reply->body != NULL ? reply->body : "");
	if (reply->header != NULL)
		value = reply->header(reply->header_ctx, "x-list", &len);
	snprintf(got.header, sizeof(got.header), "%.*s", (int)len,
	    value != NULL ? value : "");
}

void
ld_session_closed(struct ld_session *handle)
{
	(void)handle;
	got.closed++;
}

/* A template, as far as rendering goes: one text that tests may change. */
struct ld_template {
	const char *text;
};

enum ld_status
ld_template_render(const struct ld_template *tpl, struct ld_scope *scope,
    struct ld_buf *out, struct ld_err *err)
{
	(void)scope;
	if (tpl->text == NULL)
		return ld_err_set(err, LD_INVALID, "no value");
	ld_buf_adds(out, tpl->text);
	return LD_OK;
}

static struct ld_loop *loop;
static struct peer *peer;
static struct ldi_h1_run run;
static struct ldi_h1_worker worker;
static struct ldi_h1_session session;
static struct ldi_h1_step step;
static struct ldi_h1_origin origin;
static struct ld_exchange exchange;

#define GET_HEAD "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
#define POST_HEAD "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"

static int
setup(void **state)
{
	struct ld_session_open how = { .run = &run, .worker = &worker };

	(void)state;
	memset(&run, 0, sizeof(run));
	memset(&worker, 0, sizeof(worker));
	memset(&session, 0, sizeof(session));
	memset(&step, 0, sizeof(step));
	memset(&got, 0, sizeof(got));
	peer = NULL;
	step.request.head = GET_HEAD;
	step.request.head_len = strlen(GET_HEAD);
	step.request.idempotent = true;
	step.request.origin = &origin;
	assert_int_equal(ld_loop_new(&loop, NULL), LD_OK);
	how.loop = loop;
	assert_int_equal(ldi_h1_worker_open(&worker, &run, loop, NULL), LD_OK);
	assert_int_equal(ldi_h1_open(&session, &how, NULL), LD_OK);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ldi_h1_close(&session, ld_now_ns() + LD_NS_PER_S);
	client_run(loop, &got.closed, 1);
	ldi_h1_worker_close(&worker);
	ld_loop_free(loop);
	peer_stop(peer);
	ld_tls_free(run.tls[0]);
	return 0;
}

static void
play_on(enum peer_kind kind, const struct act *acts, unsigned n)
{
	char url[200];
	size_t rest;

	script.acts = acts;
	script.n = n;
	atomic_store(&script.requests, 0);
	atomic_store(&script.over, false);
	peer = peer_start(kind, serve, NULL);
	assert_non_null(peer);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
	    kind == PEER_UNIX ? 80u : peer_port(peer));
	assert_null(ldi_h1_origin_parse(url, strlen(url), &origin, &rest));
	if (kind == PEER_UNIX)
		snprintf(origin.unix_path, sizeof(origin.unix_path), "%s",
		    peer_path(peer));
}
#define PLAY(acts) play_on(PEER_IPV4, acts, sizeof(acts) / sizeof(acts[0]))

static enum ld_status
begin(void)
{
	struct ld_err err = LD_ERR_INIT;

	memset(&exchange, 0, sizeof(exchange));
	exchange.session = &session;
	exchange.step = &step;
	exchange.attempts = 1;
	exchange.needs = LD_NEED_STATUS | LD_NEED_HEADERS | LD_NEED_BODY;
	exchange.start_ns = ld_now_ns();
	return ldi_h1_start(&session, &exchange, &err);
}

/* The phases are parts of the time that has passed, and none is counted
 * twice. */
static void
check_phases(void)
{
	uint64_t sum = 0, passed = ld_now_ns() - exchange.start_ns;

	for (int i = 0; i < LD_PHASE_N; i++)
		sum += exchange.phase_ns[i];
	assert_true(sum > 0 && sum <= passed);
}

static void
exchange_once(void)
{
	unsigned before = got.finished;

	assert_int_equal(begin(), LD_OK);
	client_run(loop, &got.finished, before + 1);
	check_phases();
}

static void
expect(enum ld_class cls, int status, unsigned attempts, unsigned wire)
{
	if (got.cls != cls)
		fail_msg("class %s instead of %s: %s", ld_class_name(got.cls),
		    ld_class_name(cls), got.text);
	assert_int_equal(got.status, status);
	assert_int_equal(exchange.attempts, attempts);
	assert_int_equal(exchange.wire, wire);
	if (cls != LD_CLASS_NONE && cls != LD_CLASS_DECODE)
		assert_true(got.text[0] != '\0');
}

static void
expect_ok(const char *body)
{
	expect(LD_CLASS_NONE, 200, 1, 1);
	assert_string_equal(got.body, body);
}

#define OK11 "HTTP/1.1 200 OK\r\n"
#define HELLO OK11 "Content-Length: 5\r\n\r\nhello"

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
	assert_int_equal(peer_accepted(peer), 1);
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
	assert_int_equal(peer_accepted(peer), 1);
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
	for (int i = 0; i < 1000 && session.at != NULL; i++)
		uv_run(ld_loop_uv(loop), UV_RUN_ONCE);
	exchange_once();
	expect_ok("hello"); /* one attempt: it was seen to be closed */
	assert_int_equal(peer_accepted(peer), 4);
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
	assert_int_equal(peer_accepted(peer), 2);
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
	step.request.head = POST_HEAD;
	step.request.head_len = strlen(POST_HEAD);
	step.request.idempotent = false;
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
	assert_int_equal(peer_accepted(peer), 2);
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
	assert_int_equal(peer_accepted(peer), 2);
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
	client_settle(loop);
	assert_int_equal(got.finished, 1);
}

static void
turn_until(enum ldi_h1_stage stage)
{
	for (int i = 0; i < 1000 && session.stage != stage; i++)
		uv_run(ld_loop_uv(loop), UV_RUN_ONCE);
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
	step.request.head = large;
	step.request.head_len = sizeof(large);
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
	assert_int_equal(ld_tls_new(&options, &run.tls[0], NULL), LD_OK);
	origin.tls = true;
	assert_int_equal(begin(), LD_OK);
	for (int i = 0; i < 10; i++) {
		poll(NULL, 0, 1);
		uv_run(ld_loop_uv(loop), UV_RUN_NOWAIT);
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
	assert_null(session.at);
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
	snprintf(
	    text, sizeof(text), "http://127.0.0.1:%u/a?b#c", peer_port(peer));
	url.text = text;
	step.request.head = NULL;
	step.request.method = "GET";
	step.request.origin = NULL;
	step.request.url = &url;
	exchange_once();
	expect_ok("hello");
	exchange_once();
	expect_ok("hello");
	assert_int_equal(peer_accepted(peer), 1);
	/* The worker's origin may be another's by the time of a retry. */
	assert_int_equal(begin(), LD_OK);
	memset(&worker.origin, 0xff, sizeof(worker.origin));
	client_run(loop, &got.finished, 3);
	expect(LD_CLASS_NONE, 200, 2, 2);
	assert_int_equal(peer_accepted(peer), 2);
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
	step.request.head = NULL;
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
	step.request.head = GET_HEAD;
	step.request.origin = &origin;
	exchange_once();
	expect_ok("hello");
	assert_int_equal(peer_accepted(peer), 1);
}

static void
an_idle_session_is_small(void **state)
{
	static const struct act acts[] = { { STAY, HELLO, 0 } };

	(void)state;
	PLAY(acts);
	exchange_once();
	assert_true(sizeof(session) < 1024);
	assert_null(session.own);
	assert_null(session.kept_sheet);
	assert_null(session.out_sheet);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

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
