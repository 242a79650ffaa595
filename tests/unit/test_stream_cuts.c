/* SPDX-License-Identifier: MIT */
/* A handshake that is cut at every byte, by FIN and by RST. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

#include "peers/tls_fixture.h"

/* Step between two cuts: odd, so that over both versions and both ways every
 * part of a record is met. */
#define STEP 13

static struct {
	_Atomic size_t limit; /* bytes that the client gets */
	bool reset;
	atomic_bool whole; /* it got all that there was */
} cut;

/* Hand over what OpenSSL wrote; false when the limit is reached. */
static bool
forward(int fd, BIO *from, size_t *sent)
{
	char buf[4096];
	int n;

	while ((n = BIO_read(from, buf, sizeof(buf))) > 0) {
		size_t len = (size_t)n;
		bool over = *sent + len >= cut.limit;

		if (over)
			len = cut.limit - *sent;
		if (len > 0 && !peer_send(fd, buf, len))
			return false;
		*sent += len;
		if (over)
			return false;
	}
	return true;
}

static void
serve_cut(int fd, void *arg)
{
	struct tls_server *with = arg;
	SSL *ssl = SSL_new(with->ctx);
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
	char buf[4096];
	size_t sent = 0;
	bool going = cut.limit > 0, done = false;
	ssize_t n;

	SSL_set_bio(ssl, in, out);
	while (going && !done && (n = recv(fd, buf, sizeof(buf), 0)) > 0) {
		BIO_write(in, buf, (int)n);
		done = SSL_accept(ssl) == 1;
		going = forward(fd, out, &sent);
	}
	if (going && done)
		atomic_store(&cut.whole, true);
	if (cut.reset)
		peer_cut(fd);
	else
		shutdown(fd, SHUT_WR);
	while (!cut.reset && recv(fd, buf, sizeof(buf), 0) > 0)
		continue;
	SSL_free(ssl);
}

static void
check_end(void)
{
	bool opened = client.seen[ON_OPEN] == 1;

	assert_int_equal(client.seen[ON_CLOSED], 1);
	assert_int_equal(client.seen[ON_DATA], 0);
	assert_int_not_equal(client.text[0], '\0');
	if (cut.reset)
		assert_int_equal(client.cls, LD_CLASS_RESET);
	else
		assert_int_equal(client.cls,
		    opened ? LD_CLASS_TRUNCATED : LD_CLASS_TLS_HANDSHAKE);
}

static void
cut_everywhere(int version)
{
	unsigned opened = 0;

	tls_server_init(&server, &good);
	SSL_CTX_set_max_proto_version(server.ctx, version);
	serve(PEER_IPV4, serve_cut, &server);
	trust_ca();
	atomic_store(&cut.whole, false);
	for (cut.limit = 0; !atomic_load(&cut.whole); cut.limit += STEP) {
		memset(client.seen, 0, sizeof(client.seen));
		client_connect(&client);
		client_run(loop, &client.seen[ON_CLOSED], 1);
		check_end();
		opened += client.seen[ON_OPEN];
	}
	assert_true(cut.limit > 500); /* a certificate, at least */
	assert_true(opened > 0);      /* the last one was whole */
}

static void
a_tls_1_3_handshake_that_ends_early_fails(void **state)
{
	(void)state;
	cut.reset = false;
	cut_everywhere(TLS1_3_VERSION);
}

static void
a_tls_1_3_handshake_that_is_reset_fails(void **state)
{
	(void)state;
	cut.reset = true;
	cut_everywhere(TLS1_3_VERSION);
}

static void
a_tls_1_2_handshake_that_ends_early_fails(void **state)
{
	(void)state;
	cut.reset = false;
	cut_everywhere(TLS1_2_VERSION);
}

static void
a_tls_1_2_handshake_that_is_reset_fails(void **state)
{
	(void)state;
	cut.reset = true;
	cut_everywhere(TLS1_2_VERSION);
}

#define T(f)                             \
	cmocka_unit_test_setup_teardown( \
	    f, tls_fixture_setup, tls_fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_tls_1_3_handshake_that_ends_early_fails),
		T(a_tls_1_3_handshake_that_is_reset_fails),
		T(a_tls_1_2_handshake_that_ends_early_fails),
		T(a_tls_1_2_handshake_that_is_reset_fails),
	};

	return cmocka_run_group_tests(
	    tests, tls_fixture_make, tls_fixture_drop);
}
