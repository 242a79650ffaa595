/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "peers/tls_fixture.h"

struct tls_identity ca, good;
char ca_file[64];
struct tls_server server;
struct ld_tls *tls;

struct tls_identity
issued(const char *san, long from_s, long to_s)
{
	struct tls_want want = { .name = "a server",
		.san = san,
		.from_s = from_s,
		.to_s = to_s,
		.issuer = &ca };

	return tls_identity_make(&want);
}

int
tls_fixture_make(void **state)
{
	struct tls_want root = { .name = "test authority",
		.ca = true,
		.from_s = -HOUR,
		.to_s = HOUR };

	(void)state;
	ca = tls_identity_make(&root);
	good = issued(
	    "IP:127.0.0.1,DNS:localhost,DNS:*.example.test", -HOUR, HOUR);
	tls_identity_save(&ca, false, ca_file);
	return 0;
}

int
tls_fixture_drop(void **state)
{
	(void)state;
	unlink(ca_file);
	tls_identity_clear(&ca);
	tls_identity_clear(&good);
	return 0;
}

int
tls_fixture_setup(void **state)
{
	tls = NULL;
	memset(&server, 0, sizeof(server));
	return fixture_setup(state);
}

int
tls_fixture_teardown(void **state)
{
	fixture_teardown(state);
	tls_server_clear(&server);
	ld_tls_free(tls);
	return 0;
}

void
trust(const struct ld_tls_options *options)
{
	struct ld_err err = LD_ERR_INIT;

	if (ld_tls_new(options, &tls, &err) != LD_OK)
		fail_msg("%s", err.text);
	client.endpoint.tls = tls;
}

void
trust_ca(void)
{
	static const char *const alpn[] = { "h2", "http/1.1", NULL };
	struct ld_tls_options options = { .ca_file = ca_file, .alpn = alpn };

	trust(&options);
}

void
serve_with(const struct tls_identity *identity, enum tls_behaviour behaviour)
{
	tls_server_init(&server, identity);
	server.behaviour = behaviour;
	serve(PEER_IPV4, tls_serve, &server);
}

void
serve_good(enum tls_behaviour behaviour)
{
	serve_with(&good, behaviour);
	trust_ca();
}

void
expect_refusal(enum ld_class cls, const char *text)
{
	client_connect(&client);
	expect_closed(cls, text);
	assert_int_equal(client.seen[ON_OPEN], 0);
}
