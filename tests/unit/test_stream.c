/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peers/fixture.h"

static char *
pattern(size_t len)
{
	char *data = malloc(len);

	assert_non_null(data);
	for (size_t i = 0; i < len; i++)
		data[i] = (char)(i * 31 + i / 251);
	return data;
}

static unsigned
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	if (dir == NULL)
		skip();
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

/* -- bytes ---------------------------------------------------------------- */

static void
ping_pong(void)
{
	uint64_t out, in;

	open_client();
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(client_write(&client, "ping", 4), LD_WRITTEN);
		client_run_bytes(&client, (size_t)i * 4);
	}
	assert_memory_equal(client.data.data, "pingpingping", 12);
	assert_int_equal(client.seen[ON_WRITTEN], 0);
	ld_stream_take_bytes(client.stream, &out, &in);
	assert_int_equal(out, 12);
	assert_int_equal(in, 12);
	ld_stream_take_bytes(client.stream, &out, &in);
	assert_int_equal(out + in, 0);
}

static void
small_messages_are_echoed_over_ipv4(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_echo, NULL);
	ping_pong();
}

static void
small_messages_are_echoed_over_ipv6(void **state)
{
	(void)state;
	serve(PEER_IPV6, peer_echo, NULL);
	ping_pong();
}

static void
small_messages_are_echoed_over_a_unix_socket(void **state)
{
	(void)state;
	serve(PEER_UNIX, peer_echo, NULL);
	ping_pong();
}

static void
a_write_that_the_kernel_cannot_take_is_pending_until_written(void **state)
{
	const size_t size = (size_t)24 << 20;
	char *data = pattern(size);
	uint64_t out, in;

	(void)state;
	serve(PEER_IPV4, peer_echo, NULL);
	open_client();
	assert_int_equal(client_write(&client, data, size), LD_PENDING);
	client_run_bytes(&client, size);
	client_run(loop, &client.seen[ON_WRITTEN], 1);
	assert_int_equal(client.data.len, size);
	assert_memory_equal(client.data.data, data, size);
	assert_int_equal(client.seen[ON_WRITTEN], 1);
	ld_stream_take_bytes(client.stream, &out, &in);
	assert_int_equal(out, size);
	assert_int_equal(in, size);
	free(data);
}

static void
pieces_of_any_number_and_size_arrive_in_order(void **state)
{
	enum { N = 3000 };
	static struct iovec iov[N];
	/* More than the buffers of both sockets take on both ways. */
	char *data = pattern((size_t)N * N / 2 * 6);
	enum ld_write got;
	size_t size = 0;

	(void)state;
	serve(PEER_IPV4, peer_echo, NULL);
	open_client();
	/* Some are empty, the first and the last among them. */
	for (size_t i = 0; i < N; i++) {
		iov[i].iov_base = data + size;
		iov[i].iov_len = i % 7 == 0 || i == N - 1 ? 0 : i * 6;
		size += iov[i].iov_len;
	}
	got = ld_stream_write(client.stream, iov, N);
	assert_int_equal(got, LD_PENDING);
	memset(iov, 0, sizeof(iov)); /* the array was copied */
	client_run_bytes(&client, size);
	client_run(loop, &client.seen[ON_WRITTEN], 1);
	assert_memory_equal(client.data.data, data, size);

	/* Nothing to write is written. */
	assert_int_equal(ld_stream_write(client.stream, iov, 0), LD_WRITTEN);
	assert_int_equal(ld_stream_write(client.stream, iov, 1), LD_WRITTEN);
	assert_int_equal(ld_stream_write(client.stream, iov, 9), LD_WRITTEN);
	free(data);
}

static void
the_server_may_speak_first(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_greet, NULL);
	open_client();
	client_run_bytes(&client, 5);
	assert_memory_equal(client.data.data, "hello", 5);
}

/* -- ends ----------------------------------------------------------------- */

static void
an_orderly_end_has_no_failure_class(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_fin, NULL);
	open_client();
	assert_int_equal(client_write(&client, "x", 1), LD_WRITTEN);
	expect_closed(LD_CLASS_NONE, "the server closed the connection");
	assert_int_equal(client.data.len, 0);
}

static void
an_answer_before_the_end_is_delivered(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_answer_fin, NULL);
	open_client();
	assert_int_equal(client_write(&client, "x", 1), LD_WRITTEN);
	expect_closed(LD_CLASS_NONE, "the server closed the connection");
	assert_int_equal(client.data.len, 3);
	assert_memory_equal(client.data.data, "bye", 3);
}

static void
a_cut_is_a_reset_that_names_the_address(void **state)
{
	char text[128];

	(void)state;
	serve(PEER_IPV4, peer_reset, NULL);
	open_client();
	assert_int_equal(client_write(&client, "x", 1), LD_WRITTEN);
	snprintf(text, sizeof(text),
	    "read from 127.0.0.1:%u: connection reset by peer",
	    peer_port(peer));
	expect_closed(LD_CLASS_RESET, text);
}

static void
an_answer_before_a_cut_is_delivered(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_answer_reset, NULL);
	open_client();
	assert_int_equal(client_write(&client, "x", 1), LD_WRITTEN);
	client_run_bytes(&client, 3);
	assert_int_equal(client_write(&client, "x", 1), LD_WRITTEN);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_RESET);
	assert_int_equal(client.data.len, 3);
}

static void
a_write_to_a_peer_that_has_gone_fails_later(void **state)
{
	enum ld_write got = LD_WRITTEN;

	(void)state;
	serve(PEER_IPV4, peer_fin, NULL);
	open_client();
	/* The loop does not run, so only writing can find out. */
	for (int i = 0; i < 2000 && got == LD_WRITTEN; i++) {
		got = client_write(&client, "x", 1);
		usleep(1000);
	}
	assert_int_equal(got, LD_FAILED);
	assert_int_equal(client.seen[ON_CLOSED], 0);
	assert_false(ld_stream_is_open(client.stream));
	assert_int_equal(client_write(&client, "x", 1), LD_FAILED);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_RESET);
	assert_non_null(strstr(client.text, "write to 127.0.0.1:"));
}

static void
what_arrived_before_a_failed_write_is_delivered(void **state)
{
	enum ld_write got = LD_WRITTEN;

	(void)state;
	serve(PEER_IPV4, peer_answer_fin, NULL);
	open_client();
	for (int i = 0; i < 2000 && got == LD_WRITTEN; i++) {
		got = client_write(&client, "x", 1);
		usleep(1000);
	}
	assert_int_equal(got, LD_FAILED);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.data.len, 3);
	assert_int_equal(client.cls, LD_CLASS_RESET);
}

/* -- closing from our side ------------------------------------------------ */

static void
close_waits_for_the_peers_end(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_echo, NULL);
	open_client();
	assert_int_equal(client_write(&client, "late", 4), LD_WRITTEN);
	ld_stream_close(client.stream);
	assert_false(ld_stream_is_open(client.stream));
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_NONE);
	assert_int_equal(client.seen[ON_DATA], 0);
	ld_stream_close(client.stream); /* idle: nothing follows */
	client_settle(loop);
	assert_int_equal(client.seen[ON_CLOSED], 1);
}

/* Says nothing and takes nothing until the test opens the gate. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void
sink_behind_gate(int fd, void *arg)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	peer_sink(fd, arg);
}

static void
close_lets_a_pending_write_end_first(void **state)
{
	const size_t size = (size_t)8 << 20;
	char *data = pattern(size);
	uint64_t out, in;

	(void)state;
	pthread_mutex_lock(&gate);
	serve(PEER_IPV4, sink_behind_gate, NULL);
	open_client();
	assert_int_equal(client_write(&client, data, size), LD_PENDING);
	ld_stream_close(client.stream);
	pthread_mutex_unlock(&gate);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_NONE);
	assert_int_equal(client.seen[ON_WRITTEN], 0);
	ld_stream_take_bytes(client.stream, &out, &in);
	assert_int_equal(out, size);
	free(data);
}

static void
close_gives_up_on_a_peer_that_does_not_answer(void **state)
{
	(void)state;
	pthread_mutex_lock(&gate);
	serve(PEER_IPV4, sink_behind_gate, NULL);
	open_client();
	ld_stream_close(client.stream);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	pthread_mutex_unlock(&gate);
	assert_int_equal(client.cls, LD_CLASS_NONE);
}

static void
close_while_connecting_is_told_once(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_echo, NULL);
	client_connect(&client);
	ld_stream_close(client.stream);
	ld_stream_close(client.stream);
	assert_int_equal(client.seen[ON_CLOSED], 0);
	expect_closed(LD_CLASS_NONE, "closed");
	assert_int_equal(client.seen[ON_OPEN], 0);
}

/* -- drastic deeds -------------------------------------------------------- */

static void
abort_in_any_phase_is_silent(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_echo, NULL);
	client_connect(&client);
	ld_stream_abort(client.stream); /* connecting */
	client_settle(loop);

	client.endpoint.host = "localhost";
	client_connect(&client);
	ld_stream_abort(client.stream); /* resolving */
	client_settle(loop);

	client.endpoint.unix_path = "/nonexistent/ld.sock";
	client_connect(&client);
	ld_stream_abort(client.stream); /* failed, not told yet */
	client_settle(loop);

	client.endpoint.unix_path = NULL;
	client.endpoint.host = "127.0.0.1";
	open_client();
	ld_stream_abort(client.stream); /* open */
	ld_stream_abort(client.stream); /* idle */
	client_settle(loop);
	assert_int_equal(client.seen[ON_OPEN], 1);
	assert_int_equal(client.seen[ON_CLOSED], 0);
}

/* What happens to a stream whose codec does `deed` at `moment`. */
static void
do_at(enum client_deed deed, enum client_moment moment)
{
	const size_t size = (size_t)24 << 20;
	char *data = pattern(size);

	memset(client.seen, 0, sizeof(client.seen));
	memset(client.deeds, 0, sizeof(client.deeds));
	ld_buf_reset(&client.data);
	client.deeds[moment] = deed;
	client_connect(&client);
	if (moment != ON_OPEN) {
		client_run(loop, &client.seen[ON_OPEN], 1);
		client_write(&client, data, moment == ON_WRITTEN ? size : 64);
	}
	client_run(loop, &client.seen[moment], 1);
	if (deed == DO_CLOSE && moment != ON_CLOSED)
		client_run(loop, &client.seen[ON_CLOSED], 1);
	if (deed == DO_RECONNECT)
		client_run(loop, &client.seen[ON_OPEN], 2);
	client_settle(loop);
	if (deed == DO_FREE) {
		ld_buf_clear(&client.data);
		client_init(&client, loop);
	} else {
		ld_stream_abort(client.stream);
	}
	client.endpoint.host = "127.0.0.1";
	client.endpoint.port = peer_port(peer);
	free(data);
}

static void
a_codec_may_do_anything_in_a_callback(void **state)
{
	static const enum client_deed deeds[] = { DO_ABORT, DO_FREE, DO_CLOSE,
		DO_RECONNECT };

	(void)state;
	serve(PEER_IPV4, peer_echo, NULL);
	for (size_t i = 0; i < 4; i++) {
		do_at(deeds[i], ON_OPEN);
		do_at(deeds[i], ON_DATA);
		do_at(deeds[i], ON_WRITTEN);
	}
}

static void
a_codec_may_do_anything_when_told_the_end(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_fin, NULL);
	do_at(DO_ABORT, ON_CLOSED);
	do_at(DO_FREE, ON_CLOSED);
	do_at(DO_CLOSE, ON_CLOSED);
	do_at(DO_RECONNECT, ON_CLOSED);
}

static void
a_stream_is_reused_without_leaking_descriptors(void **state)
{
	unsigned before, after;

	(void)state;
	serve(PEER_IPV4, peer_fin, NULL);
	open_client();
	ld_stream_abort(client.stream);
	client_settle(loop);
	before = count_descriptors();
	for (unsigned i = 1; i <= 300; i++) {
		open_client();
		assert_int_equal(client_write(&client, "x", 1), LD_WRITTEN);
		if (i % 3 != 0)
			client_run(loop, &client.seen[ON_CLOSED], i - i / 3);
		else
			ld_stream_abort(client.stream);
	}
	client_settle(loop);
	after = count_descriptors();
	/* The server may be at the last connection still. */
	assert_in_range(after, before - 1, before + 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(small_messages_are_echoed_over_ipv4),
		T(small_messages_are_echoed_over_ipv6),
		T(small_messages_are_echoed_over_a_unix_socket),
		T(a_write_that_the_kernel_cannot_take_is_pending_until_written),
		T(pieces_of_any_number_and_size_arrive_in_order),
		T(the_server_may_speak_first),
		T(an_orderly_end_has_no_failure_class),
		T(an_answer_before_the_end_is_delivered),
		T(a_cut_is_a_reset_that_names_the_address),
		T(an_answer_before_a_cut_is_delivered),
		T(a_write_to_a_peer_that_has_gone_fails_later),
		T(what_arrived_before_a_failed_write_is_delivered),
		T(close_waits_for_the_peers_end),
		T(close_lets_a_pending_write_end_first),
		T(close_gives_up_on_a_peer_that_does_not_answer),
		T(close_while_connecting_is_told_once),
		T(abort_in_any_phase_is_silent),
		T(a_codec_may_do_anything_in_a_callback),
		T(a_codec_may_do_anything_when_told_the_end),
		T(a_stream_is_reused_without_leaking_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
