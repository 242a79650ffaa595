/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include <ld/time.h>

#include "peers/tls_fixture.h"

/* -- bytes ---------------------------------------------------------------- */

static void
messages_are_echoed_and_counted_as_they_are_on_the_wire(void **state)
{
	struct ld_stream_times times;
	uint64_t out, in;

	(void)state;
	serve_good(TLS_ECHO);
	open_client();
	ld_stream_times(client.stream, ld_now_ns(), &times);
	assert_int_equal(times.phase, LD_PHASE_SEND);
	assert_true(times.tls_ns > 0);
	assert_int_equal(
	    times.begin_ns + times.dns_ns + times.connect_ns + times.tls_ns,
	    times.open_ns);
	ld_stream_take_bytes(client.stream, &out, &in);
	assert_true(out > 200 && in > 200); /* the handshake */

	assert_int_equal(client_write(&client, "ping", 4), LD_WRITTEN);
	client_run_bytes(&client, 4);
	assert_memory_equal(client.data.data, "ping", 4);
	ld_stream_take_bytes(client.stream, &out, &in);
	assert_int_equal(out, 4 + 22); /* header, content type, tag */
	assert_true(in >= 4 + 22);     /* and perhaps tickets */
}

static void
many_pieces_make_one_record(void **state)
{
	struct iovec iov[3] = { { (char *)(uintptr_t) "head ", 5 }, { NULL, 0 },
		{ (char *)(uintptr_t) "body", 4 } };

	(void)state;
	serve_good(TLS_ECHO);
	open_client();
	assert_int_equal(ld_stream_write(client.stream, iov, 3), LD_WRITTEN);
	client_run_bytes(&client, 9);
	assert_memory_equal(client.data.data, "head body", 9);
	ld_stream_close(client.stream);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	peer_stop(peer);
	peer = NULL;
	assert_int_equal(server.records, 1);
}

static void
large_writes_are_pending_until_written(void **state)
{
	enum { N = 5 };
	const size_t part = (size_t)1 << 20;
	char *data = malloc(N * part);
	struct iovec iov[2 * N];

	(void)state;
	assert_non_null(data);
	for (size_t i = 0; i < N * part; i++)
		data[i] = (char)(i * 7 + i / 509);
	for (size_t i = 0; i < N; i++) {
		iov[2 * i].iov_base = data + i * part;
		iov[2 * i].iov_len = 100; /* joined with the next */
		iov[2 * i + 1].iov_base = data + i * part + 100;
		iov[2 * i + 1].iov_len = part - 100;
	}
	serve_good(TLS_ECHO);
	open_client();
	assert_int_equal(
	    ld_stream_write(client.stream, iov, 2 * N), LD_PENDING);
	client_run_bytes(&client, N * part);
	client_run(loop, &client.seen[ON_WRITTEN], 1);
	assert_int_equal(client.data.len, N * part);
	assert_memory_equal(client.data.data, data, N * part);
	free(data);
}

static void
data_that_comes_with_the_handshake_is_delivered(void **state)
{
	(void)state;
	serve_good(TLS_GREET);
	open_client();
	client_run_bytes(&client, 5);
	assert_memory_equal(client.data.data, "hello", 5);
}

static void
alpn_says_what_both_chose(void **state)
{
	const char *name;
	size_t len;

	(void)state;
	serve_good(TLS_ECHO);
	assert_null(ld_stream_alpn(client.stream, &len));
	open_client();
	name = ld_stream_alpn(client.stream, &len);
	assert_int_equal(len, 8);
	assert_memory_equal(name, "http/1.1", 8);
}

static void
names_are_sent_as_sni_and_addresses_are_not(void **state)
{
	(void)state;
	serve_good(TLS_ECHO);
	client.endpoint.tls_name = "any.example.test.";
	open_client();
	ld_stream_close(client.stream);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_string_equal(server.sni, "any.example.test");

	memset(client.seen, 0, sizeof(client.seen));
	client.endpoint.tls_name = NULL;
	open_client();
	ld_stream_close(client.stream);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_string_equal(server.sni, "");
}

static void
tls_1_2_works_as_well(void **state)
{
	(void)state;
	serve_good(TLS_ECHO);
	SSL_CTX_set_max_proto_version(server.ctx, TLS1_2_VERSION);
	open_client();
	assert_int_equal(client_write(&client, "ping", 4), LD_WRITTEN);
	client_run_bytes(&client, 4);
}

/* -- ends ----------------------------------------------------------------- */

static void
answered_then(enum tls_behaviour behaviour, enum ld_class cls, const char *what)
{
	serve_good(behaviour);
	open_client();
	assert_int_equal(client_write(&client, "x", 1), LD_WRITTEN);
	client_run_bytes(&client, 3);
	if (behaviour == TLS_RESET)
		client_write(&client, "x", 1);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.data.len, 3);
	assert_int_equal(client.cls, cls);
	if (strstr(client.text, what) == NULL)
		fail_msg("'%s' does not say '%s'", client.text, what);
}

static void
close_notify_is_an_orderly_end(void **state)
{
	(void)state;
	answered_then(
	    TLS_NOTIFY, LD_CLASS_NONE, "the server closed the connection");
}

static void
a_cut_without_close_notify_is_a_truncation(void **state)
{
	(void)state;
	answered_then(TLS_CUT, LD_CLASS_TRUNCATED, "without TLS close_notify");
}

static void
a_reset_under_tls_is_a_reset(void **state)
{
	(void)state;
	answered_then(TLS_RESET, LD_CLASS_RESET, "connection reset by peer");
}

static void
writing_to_a_server_that_has_gone_raises_no_signal(void **state)
{
	enum ld_write got = LD_WRITTEN;

	(void)state;
	signal(SIGPIPE, SIG_DFL);
	serve_good(TLS_RESET);
	open_client();
	for (int i = 0; i < 2000 && got == LD_WRITTEN; i++) {
		got = client_write(&client, "x", 1);
		usleep(1000);
	}
	assert_int_equal(got, LD_FAILED);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_RESET);
}

static void
a_codec_may_cut_tls_in_any_callback(void **state)
{
	(void)state;
	serve_good(TLS_GREET);
	for (int moment = ON_OPEN; moment <= ON_DATA; moment++)
		for (int deed = DO_ABORT; deed <= DO_CLOSE; deed++) {
			memset(client.seen, 0, sizeof(client.seen));
			client.deeds[moment] = (enum client_deed)deed;
			client_connect(&client);
			client_run(loop, &client.seen[moment], 1);
			client_settle(loop);
			if (deed == DO_FREE) {
				struct ld_endpoint endpoint = client.endpoint;

				ld_buf_clear(&client.data);
				client_init(&client, loop);
				client.endpoint = endpoint;
			} else {
				ld_stream_abort(client.stream);
			}
		}
}

/* -- what only wears out ------------------------------------------------- */

static void
new_keys_are_taken_and_given(void **state)
{
	(void)state;
	serve_good(TLS_UPDATE);
	open_client();
	for (size_t i = 1; i <= 20; i++) {
		assert_int_equal(client_write(&client, "ping", 4), LD_WRITTEN);
		client_run_bytes(&client, 4 * i);
	}
}

static void
a_flood_of_new_keys_is_cut(void **state)
{
	static const int updates[] = { SSL_KEY_UPDATE_NOT_REQUESTED,
		SSL_KEY_UPDATE_REQUESTED };
	char text[128];

	(void)state;
	serve_good(TLS_FLOOD);
	snprintf(text, sizeof(text),
	    "TLS with 127.0.0.1:%u: over 256 KiB in a row without data",
	    client.endpoint.port);
	for (size_t i = 0; i < 2; i++) {
		server.update = updates[i];
		memset(client.seen, 0, sizeof(client.seen));
		open_client();
		client_write(&client, "x", 1);
		expect_closed(LD_CLASS_PROTOCOL, text);
	}
}

static void
a_new_handshake_is_refused(void **state)
{
	(void)state;
	serve_good(TLS_RENEW);
	SSL_CTX_set_max_proto_version(server.ctx, TLS1_2_VERSION);
	open_client();
	client_write(&client, "x", 1);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_not_equal(client.cls, LD_CLASS_NONE);
}

static void
a_chain_of_certificates_has_an_end(void **state)
{
	(void)state;
	serve_good(TLS_ECHO);
	for (int i = 0; i < 400; i++)
		SSL_CTX_add1_chain_cert(server.ctx, ca.cert);
	client_connect(&client);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_TLS_HANDSHAKE);
	assert_non_null(strstr(client.text, "excessive message size"));
}

/* -- handshakes that fail ------------------------------------------------- */

static void
a_plain_text_server_fails_the_handshake(void **state)
{
	char text[128];

	(void)state;
	serve_good(TLS_PLAIN);
	snprintf(text, sizeof(text),
	    "TLS handshake with 127.0.0.1:%u: wrong version number",
	    client.endpoint.port);
	expect_refusal(LD_CLASS_TLS_HANDSHAKE, text);
}

static void
a_server_that_hangs_up_fails_the_handshake(void **state)
{
	char text[128];

	(void)state;
	serve_good(TLS_HANG_UP);
	snprintf(text, sizeof(text),
	    "TLS handshake with 127.0.0.1:%u: "
	    "the server closed the connection",
	    client.endpoint.port);
	expect_refusal(LD_CLASS_TLS_HANDSHAKE, text);
}

static void
versions_before_1_2_are_not_spoken(void **state)
{
	(void)state;
	serve_good(TLS_ECHO);
	SSL_CTX_set_security_level(server.ctx, 0);
	SSL_CTX_set_min_proto_version(server.ctx, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(server.ctx, TLS1_1_VERSION);
	client_connect(&client);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_TLS_HANDSHAKE);
	assert_non_null(strstr(client.text, "alert protocol version"));
}

static void
a_stalled_handshake_shows_in_the_phase(void **state)
{
	struct ld_stream_times times;
	uint64_t now_ns;

	(void)state;
	serve_good(TLS_STALL);
	client_connect(&client);
	do {
		uv_run(ld_loop_uv(loop), UV_RUN_ONCE);
		now_ns = ld_now_ns();
		ld_stream_times(client.stream, now_ns, &times);
	} while (times.phase != LD_PHASE_TLS);
	assert_int_equal(
	    times.begin_ns + times.connect_ns + times.tls_ns, now_ns);
	assert_int_equal(times.open_ns, 0);
	ld_stream_abort(client.stream);
	client_settle(loop);
	assert_int_equal(client.seen[ON_CLOSED], 0);
}

static void
references_keep_the_settings_alive(void **state)
{
	struct ld_tls *mine;

	(void)state;
	serve_good(TLS_ECHO);
	mine = ld_tls_ref(tls);
	ld_tls_free(tls);
	tls = mine;
	assert_int_equal(ld_tls_load(tls, NULL), LD_OK);
	open_client();
}

#define T(f)                             \
	cmocka_unit_test_setup_teardown( \
	    f, tls_fixture_setup, tls_fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(messages_are_echoed_and_counted_as_they_are_on_the_wire),
		T(many_pieces_make_one_record),
		T(large_writes_are_pending_until_written),
		T(data_that_comes_with_the_handshake_is_delivered),
		T(alpn_says_what_both_chose),
		T(names_are_sent_as_sni_and_addresses_are_not),
		T(tls_1_2_works_as_well),
		T(close_notify_is_an_orderly_end),
		T(a_cut_without_close_notify_is_a_truncation),
		T(a_reset_under_tls_is_a_reset),
		T(writing_to_a_server_that_has_gone_raises_no_signal),
		T(a_codec_may_cut_tls_in_any_callback),
		T(new_keys_are_taken_and_given),
		T(a_flood_of_new_keys_is_cut),
		T(a_new_handshake_is_refused),
		T(a_chain_of_certificates_has_an_end),
		T(a_plain_text_server_fails_the_handshake),
		T(a_server_that_hangs_up_fails_the_handshake),
		T(versions_before_1_2_are_not_spoken),
		T(a_stalled_handshake_shows_in_the_phase),
		T(references_keep_the_settings_alive),
	};

	return cmocka_run_group_tests(
	    tests, tls_fixture_make, tls_fixture_drop);
}
