/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "target/seal.h"

struct ldi_seal {
	SSL *ssl;
	BIO *in, *out; /* of the SSL */
	bool broken;
};

static int
select_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
    const unsigned char *in, unsigned in_len, void *arg)
{
	static const unsigned char ours[] = "\x08http/1.1";
	unsigned char *chosen;

	(void)ssl;
	(void)arg;
	if (SSL_select_next_proto(&chosen, out_len, ours, sizeof(ours) - 1, in,
		in_len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

enum ld_status
ldi_seal_context(const struct ldi_issued *identity, bool old, SSL_CTX **ctx_out,
    struct ld_err *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	bool good = ctx != NULL &&
		    SSL_CTX_use_certificate(ctx, identity->cert) == 1 &&
		    SSL_CTX_use_PrivateKey(ctx, identity->key) == 1;

	if (good && old) {
		/* The protocol needs signatures that the default level of
		 * security forbids. */
		SSL_CTX_set_security_level(ctx, 0);
		good = SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION) == 1 &&
		       SSL_CTX_set_max_proto_version(ctx, TLS1_1_VERSION) == 1;
	}
	ERR_clear_error();
	if (!good) {
		SSL_CTX_free(ctx);
		return ld_err_set(err, LD_IO, "TLS cannot be set up");
	}
	SSL_CTX_set_alpn_select_cb(ctx, select_alpn, NULL);
	*ctx_out = ctx;
	return LD_OK;
}

struct ldi_seal *
ldi_seal_new(SSL_CTX *ctx)
{
	struct ldi_seal *seal = calloc(1, sizeof(*seal));
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	if (seal != NULL)
		seal->ssl = SSL_new(ctx);
	if (seal == NULL || seal->ssl == NULL || in == NULL || out == NULL) {
		BIO_free(in);
		BIO_free(out);
		ldi_seal_free(seal);
		return NULL;
	}
	seal->in = in;
	seal->out = out;
	SSL_set_bio(seal->ssl, in, out); /* which owns them */
	SSL_set_accept_state(seal->ssl);
	return seal;
}

void
ldi_seal_free(struct ldi_seal *seal)
{
	if (seal == NULL)
		return;
	SSL_free(seal->ssl);
	free(seal);
}

bool
ldi_seal_feed(struct ldi_seal *seal, const char *data, size_t len)
{
	return len <= INT_MAX &&
	       BIO_write(seal->in, data, (int)len) == (int)len;
}

long
ldi_seal_read(struct ldi_seal *seal, char *data, size_t room)
{
	int n, why;

	if (seal->broken)
		return -1;
	n = SSL_read(seal->ssl, data, room < INT_MAX ? (int)room : INT_MAX);
	if (n > 0)
		return n;
	why = SSL_get_error(seal->ssl, n);
	ERR_clear_error();
	if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
		return 0;
	seal->broken = true;
	return -1;
}

void
ldi_seal_write(
    struct ldi_seal *seal, const char *data, size_t len, struct ld_buf *out)
{
	while (len > 0 && !seal->broken) {
		int part = len < INT_MAX ? (int)len : INT_MAX;
		int n = SSL_write(seal->ssl, data, part);

		if (n <= 0) {
			/* Memory never makes it wait. */
			ERR_clear_error();
			seal->broken = true;
			break;
		}
		data += n;
		len -= (size_t)n;
	}
	ldi_seal_drain(seal, out);
}

bool
ldi_seal_has_output(const struct ldi_seal *seal)
{
	return BIO_pending(seal->out) > 0;
}

void
ldi_seal_drain(struct ldi_seal *seal, struct ld_buf *out)
{
	size_t have = BIO_ctrl_pending(seal->out);
	int n;

	if (have == 0 || have > INT_MAX || ld_buf_reserve(out, have) != LD_OK)
		return;
	n = BIO_read(seal->out, out->data + out->len, (int)have);
	if (n > 0)
		out->len += (size_t)n;
}

void
ldi_seal_end(struct ldi_seal *seal)
{
	if (!seal->broken && SSL_is_init_finished(seal->ssl))
		(void)SSL_shutdown(seal->ssl);
	ERR_clear_error();
}
