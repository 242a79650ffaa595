/* SPDX-License-Identifier: MIT */
/* Which certificates are accepted, of servers and of us. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ld/limits.h>

#include "peers/tls_fixture.h"

/* "2026-11-25T00:45:40Z" of a certificate's date. */
static void
date_of(const ASN1_TIME *date, char text_out[32])
{
	struct tm tm;

	assert_int_equal(ASN1_TIME_to_tm(date, &tm), 1);
	assert_int_not_equal(
	    strftime(text_out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm), 0);
}

static void
expect_text(const char *what)
{
	if (strstr(client.text, what) == NULL)
		fail_msg("'%s' does not say '%s'", client.text, what);
}

/* -- who vouches for the server ------------------------------------------- */

static void
a_self_signed_certificate_is_of_an_unknown_issuer(void **state)
{
	struct tls_want want = { .name = "alone",
		.san = "IP:127.0.0.1",
		.from_s = -HOUR,
		.to_s = HOUR };
	struct tls_identity alone = tls_identity_make(&want);

	(void)state;
	serve_with(&alone, TLS_ECHO);
	tls_identity_clear(&alone);
	trust_ca();
	expect_refusal(LD_CLASS_TLS_ISSUER,
	    "certificate verify failed: self-signed certificate "
	    "(host 127.0.0.1; CN=alone)");
}

static void
an_authority_that_the_system_does_not_know_is_an_unknown_issuer(void **state)
{
	struct ld_tls_options options = { 0 };

	(void)state;
	serve_with(&good, TLS_ECHO);
	trust(&options);
	expect_refusal(LD_CLASS_TLS_ISSUER,
	    "certificate verify failed: unable to get local issuer "
	    "certificate (host 127.0.0.1; CN=a server, issued by "
	    "CN=test authority)");
}

/* A leaf whose issuer was itself issued by the authority. */
static struct tls_identity middle;

static struct tls_identity
issued_by_the_middle(void)
{
	struct tls_want between = { .name = "in between",
		.ca = true,
		.from_s = -HOUR,
		.to_s = HOUR,
		.issuer = &ca };
	struct tls_want leaf = { .name = "a leaf",
		.san = "IP:127.0.0.1",
		.from_s = -HOUR,
		.to_s = HOUR,
		.issuer = &middle };

	middle = tls_identity_make(&between);
	return tls_identity_make(&leaf);
}

static void
an_incomplete_chain_is_of_an_unknown_issuer(void **state)
{
	struct tls_identity leaf = issued_by_the_middle();

	(void)state;
	serve_with(&leaf, TLS_ECHO);
	tls_identity_clear(&leaf);
	tls_identity_clear(&middle);
	trust_ca();
	expect_refusal(LD_CLASS_TLS_ISSUER,
	    "certificate verify failed: unable to get local issuer "
	    "certificate (host 127.0.0.1; CN=a leaf, issued by "
	    "CN=in between)");
}

static void
a_complete_chain_is_accepted(void **state)
{
	struct tls_identity leaf = issued_by_the_middle();

	(void)state;
	serve_with(&leaf, TLS_ECHO);
	SSL_CTX_add1_chain_cert(server.ctx, middle.cert);
	tls_identity_clear(&leaf);
	tls_identity_clear(&middle);
	trust_ca();
	open_client();
}

static void
a_certificate_that_is_none_for_servers_is_not_acceptable(void **state)
{
	struct tls_want want = { .name = "a client",
		.san = "IP:127.0.0.1",
		.usage = "clientAuth",
		.from_s = -HOUR,
		.to_s = HOUR,
		.issuer = &ca };
	struct tls_identity leaf = tls_identity_make(&want);

	(void)state;
	serve_with(&leaf, TLS_ECHO);
	tls_identity_clear(&leaf);
	trust_ca();
	client_connect(&client);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_TLS_VERIFY);
	expect_text("(host 127.0.0.1; CN=a client)");
}

/* -- for which name ------------------------------------------------------- */

static void
a_wrong_name_is_refused(void **state)
{
	(void)state;
	serve_good(TLS_ECHO);
	client.endpoint.tls_name = "other.example";
	expect_refusal(LD_CLASS_TLS_NAME,
	    "certificate verify failed: hostname mismatch "
	    "(host other.example; the certificate is for "
	    "127.0.0.1, localhost, *.example.test)");
}

static void
a_wrong_address_is_refused(void **state)
{
	(void)state;
	serve_good(TLS_ECHO);
	client.endpoint.tls_name = "127.0.0.2";
	expect_refusal(LD_CLASS_TLS_NAME,
	    "certificate verify failed: IP address mismatch "
	    "(host 127.0.0.2; the certificate is for "
	    "127.0.0.1, localhost, *.example.test)");
}

static void
an_ipv6_address_is_verified_and_shown(void **state)
{
	struct tls_identity six =
	    issued("IP:::1,IP:2001:db8::7,DNS:six.test", -HOUR, HOUR);

	(void)state;
	tls_server_init(&server, &six);
	tls_identity_clear(&six);
	serve(PEER_IPV6, tls_serve, &server);
	trust_ca();
	open_client();
	ld_stream_abort(client.stream);
	client.endpoint.tls_name = "::2";
	client_connect(&client);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_TLS_NAME);
	expect_text("(host ::2; the certificate is for "
		    "::1, 2001:db8::7, six.test)");
	peer_stop(peer); /* what it noted is ours to read then */
	peer = NULL;
	assert_string_equal(server.sni, "");
}

static void
the_names_of_a_certificate_are_cut_short(void **state)
{
	char san[4096] = "DNS:first.test";
	struct tls_identity many;

	(void)state;
	for (int i = 0; i < 100; i++)
		snprintf(san + strlen(san), sizeof(san) - strlen(san),
		    ",DNS:name-number-%d.test", i);
	many = issued(san, -HOUR, HOUR);
	serve_with(&many, TLS_ECHO);
	tls_identity_clear(&many);
	trust_ca();
	client_connect(&client);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_TLS_NAME);
	expect_text("is for first.test, name-number-0.test, ");
	expect_text(", ...)");
	assert_true(strlen(client.text) < LD_MAX_FAILURE_TEXT);
}

static void
a_name_that_would_drive_a_terminal_is_harmless(void **state)
{
	struct tls_want want = {
		.name = "a\x1b]0;evil\x07\nname", .from_s = -HOUR, .to_s = HOUR
	};
	struct tls_identity evil = tls_identity_make(&want);

	(void)state;
	serve_with(&evil, TLS_ECHO);
	tls_identity_clear(&evil);
	trust_ca();
	client_connect(&client);
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_int_equal(client.cls, LD_CLASS_TLS_ISSUER);
	for (const char *at = client.text; *at != '\0'; at++)
		assert_in_range(*at, ' ', '~');
	expect_text("CN=\"a\\1B]0;evil\\07\\0Aname\"");
}

/* -- when ----------------------------------------------------------------- */

static void
an_expired_certificate_is_refused(void **state)
{
	struct tls_identity old = issued("IP:127.0.0.1", -2 * HOUR, -HOUR);
	char date[32], text[160];

	(void)state;
	date_of(X509_get0_notAfter(old.cert), date);
	serve_with(&old, TLS_ECHO);
	tls_identity_clear(&old);
	trust_ca();
	snprintf(text, sizeof(text),
	    "certificate verify failed: certificate has expired "
	    "(host 127.0.0.1; CN=a server, valid until %s)",
	    date);
	expect_refusal(LD_CLASS_TLS_EXPIRED, text);
}

static void
a_certificate_of_the_future_is_refused(void **state)
{
	struct tls_identity early = issued("IP:127.0.0.1", HOUR, 2 * HOUR);
	char date[32], text[160];

	(void)state;
	date_of(X509_get0_notBefore(early.cert), date);
	serve_with(&early, TLS_ECHO);
	tls_identity_clear(&early);
	trust_ca();
	snprintf(text, sizeof(text),
	    "certificate verify failed: certificate is not yet valid "
	    "(host 127.0.0.1; CN=a server, valid from %s)",
	    date);
	expect_refusal(LD_CLASS_TLS_EXPIRED, text);
}

/* -- no questions --------------------------------------------------------- */

static void
insecure_accepts_what_is_not_trusted(void **state)
{
	struct ld_tls_options options = { .insecure = true };
	struct tls_identity old = issued("DNS:x.test", -2 * HOUR, -HOUR);

	(void)state;
	serve_with(&old, TLS_ECHO);
	tls_identity_clear(&old);
	trust(&options);
	client.endpoint.tls_name = "other.example";
	open_client();
	assert_int_equal(client_write(&client, "ping", 4), LD_WRITTEN);
	client_run_bytes(&client, 4);
}

/* -- certificates of ours ------------------------------------------------- */

static void
demand_certificates(int version)
{
	SSL_CTX_load_verify_file(server.ctx, ca_file);
	SSL_CTX_set_verify(server.ctx,
	    SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_max_proto_version(server.ctx, version);
}

/* The settings of a client with this identity. */
static void
trust_as(const struct tls_identity *me)
{
	struct ld_tls_options options = { .ca_file = ca_file };
	char file[64];

	tls_identity_save(me, true, file);
	options.cert_file = file;
	trust(&options);
	unlink(file);
}

static void
a_client_certificate_is_shown_when_asked_for(void **state)
{
	struct tls_identity me = issued(NULL, -HOUR, HOUR);

	(void)state;
	trust_as(&me);
	tls_identity_clear(&me);
	serve_with(&good, TLS_ECHO);
	demand_certificates(0);
	open_client();
	assert_int_equal(client_write(&client, "ping", 4), LD_WRITTEN);
	client_run_bytes(&client, 4);
}

static void
a_server_that_misses_our_certificate_says_so(void **state)
{
	static const struct {
		int version;
		const char *alert;
	} cases[] = {
		{ TLS1_3_VERSION, "tlsv13 alert certificate required" },
		{ TLS1_2_VERSION, "sslv3 alert handshake failure" },
	};
	char text[160];

	(void)state;
	serve_good(TLS_ECHO);
	for (size_t i = 0; i < 2; i++) {
		demand_certificates(cases[i].version);
		memset(client.seen, 0, sizeof(client.seen));
		client_connect(&client);
		client_run(loop, &client.seen[ON_CLOSED], 1);
		assert_int_equal(client.cls, LD_CLASS_TLS_CLIENT);
		snprintf(text, sizeof(text),
		    "127.0.0.1:%u: the server wants a client certificate, and "
		    "there is none: %s",
		    client.endpoint.port, cases[i].alert);
		expect_text(text);
	}
}

static void
a_server_that_refuses_our_certificate_says_why(void **state)
{
	static const int versions[] = { TLS1_3_VERSION, TLS1_2_VERSION };
	struct tls_want want = {
		.name = "a stranger", .from_s = -HOUR, .to_s = HOUR
	};
	struct tls_identity stranger = tls_identity_make(&want);

	(void)state;
	trust_as(&stranger);
	tls_identity_clear(&stranger);
	serve_with(&good, TLS_ECHO);
	for (size_t i = 0; i < 2; i++) {
		demand_certificates(versions[i]);
		memset(client.seen, 0, sizeof(client.seen));
		client_connect(&client);
		client_run(loop, &client.seen[ON_CLOSED], 1);
		assert_int_equal(client.cls, LD_CLASS_TLS_CLIENT);
		expect_text("the server refuses the client certificate: "
			    "tlsv1 alert unknown ca");
	}
}

#define T(f)                             \
	cmocka_unit_test_setup_teardown( \
	    f, tls_fixture_setup, tls_fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_self_signed_certificate_is_of_an_unknown_issuer),
		T(an_authority_that_the_system_does_not_know_is_an_unknown_issuer),
		T(an_incomplete_chain_is_of_an_unknown_issuer),
		T(a_complete_chain_is_accepted),
		T(a_certificate_that_is_none_for_servers_is_not_acceptable),
		T(a_wrong_name_is_refused),
		T(a_wrong_address_is_refused),
		T(an_ipv6_address_is_verified_and_shown),
		T(the_names_of_a_certificate_are_cut_short),
		T(a_name_that_would_drive_a_terminal_is_harmless),
		T(an_expired_certificate_is_refused),
		T(a_certificate_of_the_future_is_refused),
		T(insecure_accepts_what_is_not_trusted),
		T(a_client_certificate_is_shown_when_asked_for),
		T(a_server_that_misses_our_certificate_says_so),
		T(a_server_that_refuses_our_certificate_says_why),
	};

	return cmocka_run_group_tests(
	    tests, tls_fixture_make, tls_fixture_drop);
}
