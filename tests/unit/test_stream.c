/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <ld/time.h>

#include "net/failure.h"
#include "net/resolve.h"
#include "peers/client.h"
#include "peers/peer.h"

/* What every test has; made anew for each. */
static struct ld_loop *loop;
static struct client client;
static struct peer *peer;

static int
setup(void **state)
{
	(void)state;
	peer = NULL;
	assert_int_equal(ld_loop_new(&loop, NULL), LD_OK);
	client_init(&client, loop);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	client_clear(&client);
	ld_loop_free(loop);
	peer_stop(peer);
	return 0;
}

static void
serve(enum peer_kind kind, peer_fn *fn)
{
	peer = peer_start(kind, fn, NULL);
	if (peer == NULL) {
		print_message("skipped: no such socket on this host\n");
		skip();
	}
	client.endpoint.host = kind == PEER_IPV6 ? "::1" : "127.0.0.1";
	client.endpoint.port = peer_port(peer);
	if (kind == PEER_UNIX)
		client.endpoint.unix_path = peer_path(peer);
}

static void
open_client(void)
{
	unsigned before = client.seen[ON_OPEN];

	client_connect(&client);
	client_run(loop, &client.seen[ON_OPEN], before + 1);
}

static void
expect_closed(enum ld_class cls, const char *text)
{
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, cls);
	assert_string_equal(client.text, text);
	client_settle(loop);
	assert_int_equal(client.seen[ON_CLOSED], 1);
}

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
	serve(PEER_IPV4, peer_echo);
	ping_pong();
}

static void
small_messages_are_echoed_over_ipv6(void **state)
{
	(void)state;
	serve(PEER_IPV6, peer_echo);
	ping_pong();
}

static void
small_messages_are_echoed_over_a_unix_socket(void **state)
{
	(void)state;
	serve(PEER_UNIX, peer_echo);
	ping_pong();
}

static void
a_write_that_the_kernel_cannot_take_is_pending_until_written(void **state)
{
	const size_t size = (size_t)24 << 20;
	char *data = pattern(size);
	uint64_t out, in;

	(void)state;
	serve(PEER_IPV4, peer_echo);
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
	serve(PEER_IPV4, peer_echo);
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
	serve(PEER_IPV4, peer_greet);
	open_client();
	client_run_bytes(&client, 5);
	assert_memory_equal(client.data.data, "hello", 5);
}

/* -- ends ----------------------------------------------------------------- */

static void
an_orderly_end_has_no_failure_class(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_fin);
	open_client();
	assert_int_equal(client_write(&client, "x", 1), LD_WRITTEN);
	expect_closed(LD_CLASS_NONE, "the server closed the connection");
	assert_int_equal(client.data.len, 0);
}

static void
an_answer_before_the_end_is_delivered(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_answer_fin);
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
	serve(PEER_IPV4, peer_reset);
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
	serve(PEER_IPV4, peer_answer_reset);
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
	serve(PEER_IPV4, peer_fin_at_once);
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
	serve(PEER_IPV4, peer_answer_fin);
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

static void
refused_is_told_by_the_loop_and_names_the_address(void **state)
{
	char text[128];

	(void)state;
	client.endpoint.host = "127.0.0.1";
	client.endpoint.port = peer_dead_port();
	client_connect(&client);
	assert_int_equal(client.seen[ON_CLOSED], 0);
	snprintf(text, sizeof(text),
	    "connect to 127.0.0.1:%u: connection refused",
	    client.endpoint.port);
	expect_closed(LD_CLASS_REFUSED, text);
	assert_int_equal(client.seen[ON_OPEN], 0);
}

static void
a_unix_path_without_a_server_is_refused(void **state)
{
	(void)state;
	client.endpoint.unix_path = "/nonexistent/ld.sock";
	client_connect(&client);
	assert_int_equal(client.seen[ON_CLOSED], 0);
	expect_closed(LD_CLASS_REFUSED,
	    "connect to /nonexistent/ld.sock: no such file or directory");
}

static void
want_of_descriptors_is_our_own_fault(void **state)
{
	struct rlimit old, tight;

	(void)state;
	serve(PEER_IPV4, peer_echo);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	tight = old;
	tight.rlim_cur = 3;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	client_connect(&client);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_LOCAL_FILES);
}

static void
an_endpoint_that_cannot_be_is_refused_at_once(void **state)
{
	char path[256];
	struct ld_err err = LD_ERR_INIT;
	struct ld_endpoint none = { 0 }, zero = { .host = "127.0.0.1" };
	struct ld_endpoint longer = { .unix_path = path };

	(void)state;
	memset(path, 'p', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(
	    ld_stream_connect(client.stream, &none, &err), LD_INVALID);
	assert_int_equal(
	    ld_stream_connect(client.stream, &zero, &err), LD_INVALID);
	assert_int_equal(
	    ld_stream_connect(client.stream, &longer, &err), LD_INVALID);
	client_settle(loop);
	assert_int_equal(client.seen[ON_CLOSED], 0);
}

static void
classes_of_errno_are_those_of_the_ledger(void **state)
{
	(void)state;
	assert_int_equal(ldi_class_of_connect(ECONNREFUSED), LD_CLASS_REFUSED);
	assert_int_equal(
	    ldi_class_of_connect(ETIMEDOUT), LD_CLASS_TIMEOUT_CONNECT);
	assert_int_equal(ldi_class_of_io(ETIMEDOUT), LD_CLASS_RESET);
	assert_int_equal(ldi_class_of_io(EPIPE), LD_CLASS_RESET);
	assert_int_equal(
	    ldi_class_of_connect(ENETUNREACH), LD_CLASS_UNREACHABLE);
	assert_int_equal(
	    ldi_class_of_connect(EADDRNOTAVAIL), LD_CLASS_LOCAL_PORTS);
	assert_int_equal(ldi_class_of_connect(ENFILE), LD_CLASS_LOCAL_FILES);
	assert_int_equal(ldi_class_of_connect(ENOBUFS), LD_CLASS_LOCAL_MEMORY);
	assert_int_equal(ldi_class_of_connect(EPERM), LD_CLASS_LOCAL_OTHER);
}

/* -- closing from our side ------------------------------------------------ */

static void
close_waits_for_the_peers_end(void **state)
{
	(void)state;
	serve(PEER_IPV4, peer_echo);
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
	serve(PEER_IPV4, sink_behind_gate);
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
	serve(PEER_IPV4, sink_behind_gate);
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
	serve(PEER_IPV4, peer_echo);
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
	serve(PEER_IPV4, peer_echo);
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
	serve(PEER_IPV4, peer_echo);
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
	serve(PEER_IPV4, peer_fin);
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
	serve(PEER_IPV4, peer_fin);
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

/* -- names ---------------------------------------------------------------- */

static void
localhost_is_a_name_like_any_other(void **state)
{
	struct ld_stream_times times;

	(void)state;
	serve(PEER_IPV4, peer_echo);
	client.endpoint.host = "localhost";
	open_client();
	ld_stream_times(client.stream, ld_now_ns(), &times);
	assert_true(times.dns_ns > 0);
	ld_stream_abort(client.stream);

	open_client(); /* known by now */
	ld_stream_times(client.stream, ld_now_ns(), &times);
	assert_int_equal(times.dns_ns, 0);
}

static void
a_name_that_does_not_exist_is_a_dns_failure(void **state)
{
	(void)state;
	client.endpoint.host = "nothing.invalid";
	client.endpoint.port = 80;
	client_connect(&client);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_DNS);
	assert_non_null(strstr(client.text, "resolve nothing.invalid: "));
	/* Remembered: told without asking again, but by the loop. */
	client_connect(&client);
	assert_int_equal(client.seen[ON_CLOSED], 1);
	client_settle(loop);
	assert_int_equal(client.seen[ON_CLOSED], 2);
}

static void
streams_that_want_the_same_name_share_one_request(void **state)
{
	enum { N = 20 };
	static struct client many[N];
	unsigned open = 0;

	(void)state;
	serve(PEER_IPV4, peer_fin_at_once);
	for (int i = 0; i < N; i++) {
		client_init(&many[i], loop);
		many[i].endpoint = client.endpoint;
		many[i].endpoint.host = "localhost";
		client_connect(&many[i]);
	}
	assert_int_equal(loop->resolving, 1);
	ld_stream_free(many[7].stream); /* one loses patience */
	many[7].stream = NULL;
	for (int i = 0; i < N; i++) {
		if (i != 7)
			client_run(loop, &many[i].seen[ON_CLOSED], 1);
		open += many[i].seen[ON_OPEN];
		client_clear(&many[i]);
	}
	assert_int_equal(open, N - 1);
}

/* Put the addresses in the cache, as if `host` had resolved to them. */
static void
plant(const char *host, const char *const *addrs)
{
	struct ldi_name *name = ldi_name_get(loop, host, ld_now_ns());

	assert_non_null(name);
	while (name->state == LDI_NAME_ASKING)
		uv_run(ld_loop_uv(loop), UV_RUN_ONCE);
	name->state = LDI_NAME_KNOWN;
	name->n_addrs = 0;
	for (; *addrs != NULL; addrs++)
		assert_true(
		    ldi_addr_literal(&name->addrs[name->n_addrs++], *addrs, 0));
	ldi_name_put(name);
}

static void
addresses_of_a_name_are_tried_in_order(void **state)
{
	static const char *const second[] = { "127.0.0.2", "127.0.0.1", NULL };

	(void)state;
	serve(PEER_IPV4, peer_echo);
	plant("two.invalid", second);
	client.endpoint.host = "two.invalid";
	open_client();
	assert_int_equal(client_write(&client, "ping", 4), LD_WRITTEN);
	client_run_bytes(&client, 4);
}

static void
when_no_address_accepts_the_failure_names_name_and_address(void **state)
{
	static const char *const dead[] = { "127.0.0.2", "127.0.0.3", NULL };
	char text[128];

	(void)state;
	plant("dead.invalid", dead);
	client.endpoint.host = "dead.invalid";
	client.endpoint.port = peer_dead_port();
	client_connect(&client);
	snprintf(text, sizeof(text),
	    "connect to dead.invalid (127.0.0.3:%u): connection refused",
	    client.endpoint.port);
	expect_closed(LD_CLASS_REFUSED, text);
}

static void
names_are_forgotten_when_there_are_too_many(void **state)
{
	static const char *const one[] = { "127.0.0.1", NULL };
	struct ldi_name *kept;
	char host[32];

	(void)state;
	plant("kept.invalid", one);
	kept = ldi_name_get(loop, "kept.invalid", ld_now_ns());
	/* Too long for a name, so no request is made for them. */
	for (int i = 0; i < 3 * LDI_MAX_NAMES; i++) {
		char label[300];

		memset(label, 'a', sizeof(label));
		snprintf(host, sizeof(host), "%d", i);
		memcpy(label, host, strlen(host));
		label[sizeof(label) - 1] = '\0';
		ldi_name_put(ldi_name_get(loop, label, ld_now_ns()));
	}
	assert_true(loop->n_names <= LDI_MAX_NAMES);
	assert_ptr_equal(kept, ldi_name_get(loop, "kept.invalid", ld_now_ns()));
	ldi_name_put(kept);
	ldi_name_put(kept);
}

static void
a_loop_may_end_while_a_name_is_being_resolved(void **state)
{
	(void)state;
	client.endpoint.host = "localhost";
	client.endpoint.port = 9;
	client_connect(&client);
	assert_int_equal(loop->resolving, 1);
}

/* -- times ---------------------------------------------------------------- */

static void
phases_are_contiguous(void **state)
{
	struct ld_stream_times times;
	uint64_t before, after;

	(void)state;
	serve(PEER_IPV4, peer_echo);
	client.endpoint.host = "localhost";
	before = ld_now_ns();
	client_connect(&client);
	after = ld_now_ns();
	ld_stream_times(client.stream, after, &times);
	assert_in_range(times.begin_ns, before, after);
	assert_int_equal(times.phase, LD_PHASE_DNS);
	assert_int_equal(times.begin_ns + times.dns_ns, after);
	assert_int_equal(times.open_ns, 0);

	client_run(loop, &client.seen[ON_OPEN], 1);
	ld_stream_times(client.stream, ld_now_ns(), &times);
	assert_int_equal(times.phase, LD_PHASE_SEND);
	assert_int_equal(times.tls_ns, 0);
	assert_true(times.connect_ns > 0);
	assert_int_equal(
	    times.begin_ns + times.dns_ns + times.connect_ns, times.open_ns);
}

static void
a_failed_connect_keeps_its_times(void **state)
{
	struct ld_stream_times times;

	(void)state;
	client.endpoint.host = "127.0.0.1";
	client.endpoint.port = peer_dead_port();
	client_connect(&client);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	ld_stream_times(client.stream, client.last_ns + LD_NS_PER_S, &times);
	assert_int_equal(times.phase, LD_PHASE_CONNECT);
	assert_int_equal(times.dns_ns, 0);
	assert_int_equal(times.begin_ns + times.connect_ns, client.last_ns);
}

/* -- the loop ------------------------------------------------------------- */

struct posted {
	struct ld_post post;
	unsigned *ran;
	unsigned place;
	pthread_t thread;
};

static void
run_post(struct ld_post *post)
{
	struct posted *posted = (struct posted *)post;

	assert_int_equal(*posted->ran, posted->place);
	assert_true(pthread_equal(posted->thread, pthread_self()));
	++*posted->ran;
}

static void *
post_all(void *arg)
{
	struct posted *posted = arg;

	for (int i = 0; i < 100; i++)
		ld_loop_post(loop, &posted[i].post);
	return NULL;
}

static void
work_posted_by_another_thread_runs_here_in_order(void **state)
{
	static struct posted posted[101];
	unsigned ran = 0;
	pthread_t thread;

	(void)state;
	for (unsigned i = 0; i <= 100; i++)
		posted[i] = (struct posted){ { run_post, NULL }, &ran, i,
			pthread_self() };
	assert_int_equal(pthread_create(&thread, NULL, post_all, posted), 0);
	client_run(loop, &ran, 100);
	pthread_join(thread, NULL);
	/* Posted, but the loop ends first: dropped. */
	ld_loop_post(loop, &posted[100].post);
}

static void
an_idle_loop_has_nothing_to_wait_for(void **state)
{
	(void)state;
	assert_int_equal(uv_run(ld_loop_uv(loop), UV_RUN_DEFAULT), 0);
	assert_int_equal(sizeof(struct ld_post), 2 * sizeof(void *));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

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
		T(refused_is_told_by_the_loop_and_names_the_address),
		T(a_unix_path_without_a_server_is_refused),
		T(want_of_descriptors_is_our_own_fault),
		T(an_endpoint_that_cannot_be_is_refused_at_once),
		T(classes_of_errno_are_those_of_the_ledger),
		T(close_waits_for_the_peers_end),
		T(close_lets_a_pending_write_end_first),
		T(close_gives_up_on_a_peer_that_does_not_answer),
		T(close_while_connecting_is_told_once),
		T(abort_in_any_phase_is_silent),
		T(a_codec_may_do_anything_in_a_callback),
		T(a_codec_may_do_anything_when_told_the_end),
		T(a_stream_is_reused_without_leaking_descriptors),
		T(localhost_is_a_name_like_any_other),
		T(a_name_that_does_not_exist_is_a_dns_failure),
		T(streams_that_want_the_same_name_share_one_request),
		T(addresses_of_a_name_are_tried_in_order),
		T(when_no_address_accepts_the_failure_names_name_and_address),
		T(names_are_forgotten_when_there_are_too_many),
		T(a_loop_may_end_while_a_name_is_being_resolved),
		T(phases_are_contiguous),
		T(a_failed_connect_keeps_its_times),
		T(work_posted_by_another_thread_runs_here_in_order),
		T(an_idle_loop_has_nothing_to_wait_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
