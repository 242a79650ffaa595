/* SPDX-License-Identifier: MIT */
/* Connecting again, with a TLS session from before. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <ld/limits.h>

#include "peers/tls_fixture.h"

static struct ld_tickets *tickets;

static int
setup(void **state)
{
	tickets = ld_tickets_new();
	return tickets == NULL || tls_fixture_setup(state) != 0;
}

static int
teardown(void **state)
{
	tls_fixture_teardown(state);
	ld_tickets_free(tickets);
	return 0;
}

/* Connect, send, be answered (tickets come in front of that), end: was the
 * handshake a short one?  Both sides must say the same. */
static bool
again(void)
{
	unsigned before = server.resumed;
	bool resumed;

	memset(client.seen, 0, sizeof(client.seen));
	ld_buf_reset(&client.data);
	open_client();
	resumed = ld_stream_resumed(client.stream);
	assert_int_equal(client_write(&client, "ping", 4), LD_WRITTEN);
	client_run_bytes(&client, 4);
	ld_stream_close(client.stream);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(server.resumed - before, resumed);
	return resumed;
}

static void
serve_tickets(void)
{
	serve_good(TLS_ECHO);
	client.endpoint.tickets = tickets;
}

static void
a_session_is_resumed_with_tls_1_3(void **state)
{
	(void)state;
	serve_tickets();
	assert_false(again());
	for (int i = 0; i < 5; i++)
		assert_true(again());
}

static void
a_session_is_resumed_with_tls_1_2(void **state)
{
	(void)state;
	serve_tickets();
	SSL_CTX_set_max_proto_version(server.ctx, TLS1_2_VERSION);
	assert_false(again());
	for (int i = 0; i < 5; i++)
		assert_true(again());
}

static void
a_session_outlives_a_connection_that_is_cut(void **state)
{
	(void)state;
	serve_tickets();
	for (int i = 0; i < 5; i++) {
		memset(client.seen, 0, sizeof(client.seen));
		ld_buf_reset(&client.data);
		open_client();
		assert_int_equal(ld_stream_resumed(client.stream), i > 0);
		assert_int_equal(client_write(&client, "ping", 4), LD_WRITTEN);
		client_run_bytes(&client, 4);
		ld_stream_abort(client.stream);
	}
}

static void
a_session_without_a_ticket_is_resumed_by_its_id(void **state)
{
	(void)state;
	serve_tickets();
	SSL_CTX_set_max_proto_version(server.ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(server.ctx, SSL_OP_NO_TICKET);
	assert_false(again());
	for (int i = 0; i < 5; i++)
		assert_true(again());
}

static void
without_tickets_every_handshake_is_a_full_one(void **state)
{
	(void)state;
	serve_tickets();
	client.endpoint.tickets = NULL;
	assert_false(again());
	assert_false(again());
}

static void
another_user_has_tickets_of_his_own(void **state)
{
	struct ld_tickets *other = ld_tickets_new();

	(void)state;
	assert_non_null(other);
	serve_tickets();
	assert_false(again());
	client.endpoint.tickets = other;
	assert_false(again());
	assert_true(again());
	ld_stream_abort(client.stream);
	client.endpoint.tickets = tickets;
	assert_true(again());
	ld_tickets_free(other);
}

static void
a_server_that_has_lost_its_keys_shakes_hands_in_full(void **state)
{
	unsigned char keys[80] = { 1 };

	(void)state;
	serve_tickets();
	assert_false(again());
	assert_true(again());
	SSL_CTX_set_tlsext_ticket_keys(server.ctx, keys, sizeof(keys));
	assert_false(again());
	assert_true(again());
}

static void
a_session_belongs_to_one_name(void **state)
{
	(void)state;
	serve_tickets();
	assert_false(again());
	client.endpoint.tls_name = "localhost";
	assert_false(again());
	assert_true(again());
	client.endpoint.tls_name = NULL;
	assert_true(again());
}

/* Otherwise a certificate that one task accepts unseen would be good for all.
 */
static void
a_session_belongs_to_the_settings_it_was_made_with(void **state)
{
	struct ld_tls_options careless = { .insecure = true };
	struct ld_tls *open_to_all, *strict;
	struct tls_identity old = issued("IP:127.0.0.1", -2 * HOUR, -HOUR);

	(void)state;
	assert_int_equal(ld_tls_new(&careless, &open_to_all, NULL), LD_OK);
	serve_with(&old, TLS_ECHO);
	tls_identity_clear(&old);
	trust_ca();
	strict = tls;
	client.endpoint.tickets = tickets;
	client.endpoint.tls = open_to_all;
	assert_false(again());
	assert_true(again());
	client.endpoint.tls = strict;
	memset(client.seen, 0, sizeof(client.seen));
	client_connect(&client);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_TLS_EXPIRED);
	ld_tls_free(open_to_all);
}

static void
the_name_that_was_not_used_for_longest_gives_way(void **state)
{
	char name[32];

	(void)state;
	serve_tickets();
	client.endpoint.tls_name = name;
	for (int i = 0; i <= LD_MAX_TLS_SESSIONS; i++) {
		snprintf(name, sizeof(name), "n%d.example.test", i);
		assert_false(again());
		snprintf(name, sizeof(name), "n0.example.test");
		assert_int_equal(again(), true);
	}
	snprintf(name, sizeof(name), "n%d.example.test", LD_MAX_TLS_SESSIONS);
	assert_true(again());
	snprintf(name, sizeof(name), "n1.example.test");
	assert_false(again());
}

static void
what_is_forgotten_is_not_resumed(void **state)
{
	(void)state;
	serve_tickets();
	assert_false(again());
	ld_tickets_forget(tickets);
	assert_false(again());
	assert_true(again());
}

/* The tickets are forgotten while a connection is open, which then brings
 * more of them. */
static void
a_ticket_for_somebody_who_has_gone_is_dropped(void **state)
{
	(void)state;
	serve_tickets();
	open_client();
	ld_tickets_forget(tickets);
	assert_int_equal(client_write(&client, "ping", 4), LD_WRITTEN);
	client_run_bytes(&client, 4);
	ld_stream_close(client.stream);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_false(again());
}

static int
fatten(SSL *ssl, void *arg)
{
	static char fat[LD_MAX_TLS_TICKET_BYTES];

	(void)arg;
	return SSL_SESSION_set1_ticket_appdata(
	    SSL_get_session(ssl), fat, sizeof(fat));
}

static SSL_TICKET_RETURN
digest(SSL *ssl, SSL_SESSION *session, const unsigned char *name, size_t len,
    SSL_TICKET_STATUS status, void *arg)
{
	(void)ssl, (void)session, (void)name, (void)len, (void)arg;
	return status == SSL_TICKET_SUCCESS ||
		       status == SSL_TICKET_SUCCESS_RENEW
		   ? SSL_TICKET_RETURN_USE_RENEW
		   : SSL_TICKET_RETURN_IGNORE_RENEW;
}

static void
a_ticket_that_is_too_large_is_not_kept(void **state)
{
	(void)state;
	serve_tickets();
	SSL_CTX_set_session_ticket_cb(server.ctx, fatten, digest, NULL);
	assert_false(again());
	assert_false(again());
	SSL_CTX_set_session_ticket_cb(server.ctx, NULL, digest, NULL);
	assert_false(again());
	assert_true(again());
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_session_is_resumed_with_tls_1_3),
		T(a_session_is_resumed_with_tls_1_2),
		T(a_session_outlives_a_connection_that_is_cut),
		T(a_session_without_a_ticket_is_resumed_by_its_id),
		T(without_tickets_every_handshake_is_a_full_one),
		T(another_user_has_tickets_of_his_own),
		T(a_server_that_has_lost_its_keys_shakes_hands_in_full),
		T(a_session_belongs_to_one_name),
		T(a_session_belongs_to_the_settings_it_was_made_with),
		T(the_name_that_was_not_used_for_longest_gives_way),
		T(what_is_forgotten_is_not_resumed),
		T(a_ticket_for_somebody_who_has_gone_is_dropped),
		T(a_ticket_that_is_too_large_is_not_kept),
	};

	return cmocka_run_group_tests(
	    tests, tls_fixture_make, tls_fixture_drop);
}
