/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <uv.h>

#include <ld/pins.h>
#include <ld/time.h>

#include "net/failure.h"
#include "net/resolve.h"
#include "peers/fixture.h"

/* -- failing ------------------------------------------------------------- */

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
	serve(PEER_IPV4, peer_echo, NULL);
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

/* -- names ---------------------------------------------------------------- */

static void
localhost_is_a_name_like_any_other(void **state)
{
	struct ld_stream_times times;

	(void)state;
	serve(PEER_IPV4, peer_echo, NULL);
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
	serve(PEER_IPV4, peer_fin_at_once, NULL);
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

static void
a_pinned_name_is_not_looked_up(void **state)
{
	struct ld_pins *pins = ld_pins_new();
	struct ld_stream_times times;
	char text[128];

	(void)state;
	assert_non_null(pins);
	ld_loop_pin(loop, pins);
	serve(PEER_IPV4, peer_echo, NULL);
	client.endpoint.host = "nothing.invalid";
	/* Nobody listens at the first. */
	snprintf(text, sizeof(text), "nothing.invalid:%u:127.0.0.77,127.0.0.1",
	    client.endpoint.port);
	assert_int_equal(ld_pins_add(pins, text, NULL), LD_OK);
	open_client();
	ld_stream_times(client.stream, ld_now_ns(), &times);
	assert_int_equal(times.dns_ns, 0);
	assert_int_equal(client_write(&client, "ping", 4), LD_WRITTEN);
	client_run_bytes(&client, 4);
	ld_stream_abort(client.stream);

	client.endpoint.port = peer_dead_port();
	snprintf(text, sizeof(text), "*:%u:127.0.0.77", client.endpoint.port);
	assert_int_equal(ld_pins_add(pins, text, NULL), LD_OK);
	client_connect(&client);
	snprintf(text, sizeof(text),
	    "connect to nothing.invalid (127.0.0.77:%u): connection refused",
	    client.endpoint.port);
	expect_closed(LD_CLASS_REFUSED, text);
	ld_pins_free(pins);
}

static void
an_address_can_be_pinned_to_another(void **state)
{
	struct ld_pins *pins = ld_pins_new();
	char text[128];

	(void)state;
	assert_non_null(pins);
	ld_loop_pin(loop, pins);
	serve(PEER_IPV4, peer_echo, NULL);
	client.endpoint.host = "127.0.0.77";
	snprintf(text, sizeof(text), "127.0.0.77:%u:127.0.0.1",
	    client.endpoint.port);
	assert_int_equal(ld_pins_add(pins, text, NULL), LD_OK);
	open_client();
	ld_stream_abort(client.stream);
	ld_pins_free(pins);
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
	serve(PEER_IPV4, peer_echo, NULL);
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
	serve(PEER_IPV4, peer_echo, NULL);
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

#define T(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(refused_is_told_by_the_loop_and_names_the_address),
		T(a_unix_path_without_a_server_is_refused),
		T(want_of_descriptors_is_our_own_fault),
		T(an_endpoint_that_cannot_be_is_refused_at_once),
		T(classes_of_errno_are_those_of_the_ledger),
		T(localhost_is_a_name_like_any_other),
		T(a_name_that_does_not_exist_is_a_dns_failure),
		T(streams_that_want_the_same_name_share_one_request),
		T(a_pinned_name_is_not_looked_up),
		T(an_address_can_be_pinned_to_another),
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
