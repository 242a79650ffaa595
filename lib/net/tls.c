/* SPDX-License-Identifier: MIT */
/*
 * One SSL_CTX for all streams with the same settings.  It is made when it is
 * first needed: nothing of OpenSSL is set in motion for a run without TLS.
 */
#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <ld/limits.h>

#include "base/crypto.h"
#include "net/identity.h"
#include "net/tls.h"
#include "net/trust.h"

/* What ALPN may take: the list is a vector of 16 bits' length. */
#define MAX_ALPN 1024

struct ld_tls {
	atomic_uint refs;
	struct ldi_trust *trust; /* NULL = verify nothing */
	struct ldi_identity identity;
	unsigned char alpn[MAX_ALPN]; /* wire format */
	unsigned alpn_len;
	bool expected;

	pthread_mutex_t lock;     /* making ctx */
	SSL_CTX *ctx;             /* NULL until needed */
	_Atomic(SSL_CTX *) ready; /* the same, once it trusts, too */
};

/* -- the context ---------------------------------------------------------- */

/* The server asks for our certificate, whether or not there is one. */
static int
on_asked(SSL *ssl, void *arg)
{
	struct ldi_conn *conn = SSL_get_app_data(ssl);

	(void)arg;
	conn->asked = true;
	return 1;
}

static void
configure(const struct ld_tls *tls, SSL_CTX *ctx)
{
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS |
				  SSL_MODE_ENABLE_PARTIAL_WRITE |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	/* A record's header and body by one recv(). */
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_max_cert_list(ctx, LD_MAX_CERT_CHAIN_BYTES);
	SSL_CTX_set_cert_cb(ctx, on_asked, NULL);
	/* Sessions are kept per user: see tickets.c. */
	SSL_CTX_set_session_cache_mode(
	    ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(ctx, ldi_tls_on_session);
	if (tls->alpn_len > 0)
		SSL_CTX_set_alpn_protos(ctx, tls->alpn, tls->alpn_len);
	if (tls->trust != NULL)
		SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, ldi_tls_on_verify);
	else
		SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
}

static enum ld_status
make_ctx(struct ld_tls *tls, struct ld_err *err)
{
	SSL_CTX *ctx =
	    ldi_crypto_ready() ? SSL_CTX_new(TLS_client_method()) : NULL;
	enum ld_status st;

	if (ctx == NULL) {
		ERR_clear_error();
		return ld_err_set(err, LD_NOMEM, "no memory for TLS");
	}
	configure(tls, ctx);
	st = ldi_identity_use(&tls->identity, ctx, err);
	if (st == LD_OK)
		tls->ctx = ctx;
	else
		SSL_CTX_free(ctx);
	return st;
}

static enum ld_status
make_ready(struct ld_tls *tls, struct ld_err *err)
{
	X509_STORE *store = NULL;
	enum ld_status st = tls->ctx != NULL ? LD_OK : make_ctx(tls, err);

	if (st == LD_OK && tls->trust != NULL) {
		store = ldi_trust_store(tls->trust, err);
		if (store == NULL)
			return LD_IO;
		SSL_CTX_set1_cert_store(tls->ctx, store);
	}
	if (st == LD_OK)
		atomic_store_explicit(
		    &tls->ready, tls->ctx, memory_order_release);
	return st;
}

enum ld_status
ld_tls_load(struct ld_tls *tls, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	if (atomic_load_explicit(&tls->ready, memory_order_acquire) != NULL)
		return LD_OK;
	pthread_mutex_lock(&tls->lock);
	if (atomic_load_explicit(&tls->ready, memory_order_relaxed) == NULL)
		st = make_ready(tls, err);
	pthread_mutex_unlock(&tls->lock);
	return st;
}

SSL_CTX *
ldi_tls_ctx(struct ld_tls *tls, struct ldi_failure *failure)
{
	struct ld_err err = LD_ERR_INIT;

	if (ld_tls_load(tls, &err) != LD_OK) {
		ldi_failure_set(failure,
		    err.status == LD_NOMEM ? LD_CLASS_LOCAL_MEMORY
					   : LD_CLASS_LOCAL_OTHER,
		    "%s", err.text);
		return NULL;
	}
	return atomic_load_explicit(&tls->ready, memory_order_acquire);
}

bool
ldi_tls_verifies(const struct ld_tls *tls)
{
	return tls->trust != NULL;
}

/* -- the settings --------------------------------------------------------- */

static enum ld_status
set_alpn(struct ld_tls *tls, const char *const *names, struct ld_err *err)
{
	for (; names != NULL && *names != NULL; names++) {
		size_t len = strlen(*names);

		if (len == 0 || len > 255 ||
		    tls->alpn_len + 1 + len > sizeof(tls->alpn))
			return ld_err_set(err, LD_INVALID,
			    "'%s' cannot be offered as an application "
			    "protocol",
			    *names);
		tls->alpn[tls->alpn_len++] = (unsigned char)len;
		memcpy(tls->alpn + tls->alpn_len, *names, len);
		tls->alpn_len += (unsigned)len;
	}
	return LD_OK;
}

enum ld_status
ldi_tls_new(const struct ld_tls_options *options, struct ldi_trust *trust,
    struct ld_tls **tls_out, struct ld_err *err)
{
	struct ld_tls *tls = calloc(1, sizeof(*tls));
	enum ld_status st;

	if (tls == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for TLS");
	pthread_mutex_init(&tls->lock, NULL);
	atomic_init(&tls->refs, 1);
	tls->trust = trust != NULL ? ldi_trust_ref(trust) : NULL;
	st = set_alpn(tls, options->alpn, err);
	if (st == LD_OK)
		st = ldi_identity_init(&tls->identity, options, err);
	/* Files that the user named are read now: their faults are his to
	 * mend before the run. */
	if (st == LD_OK && tls->identity.cert_file != NULL)
		st = make_ctx(tls, err);
	if (st != LD_OK) {
		ld_tls_free(tls);
		return st;
	}
	*tls_out = tls;
	return LD_OK;
}

enum ld_status
ld_tls_new(const struct ld_tls_options *options, struct ld_tls **tls_out,
    struct ld_err *err)
{
	struct ldi_trust *trust = NULL;
	enum ld_status st = LD_OK;

	if (!options->insecure)
		st = ldi_trust_new(options->ca_file, &trust, err);
	if (st == LD_OK)
		st = ldi_tls_new(options, trust, tls_out, err);
	ldi_trust_free(trust);
	return st;
}

bool
ldi_tls_is(const struct ld_tls *tls, const struct ldi_trust *trust,
    const struct ld_tls_options *options)
{
	return tls->trust == trust && ldi_identity_is(&tls->identity, options);
}

void
ld_tls_expect(struct ld_tls *tls)
{
	tls->expected = true;
}

bool
ldi_tls_is_expected(const struct ld_tls *tls)
{
	return tls->expected;
}

struct ld_tls *
ld_tls_ref(struct ld_tls *tls)
{
	atomic_fetch_add(&tls->refs, 1);
	return tls;
}

void
ld_tls_free(struct ld_tls *tls)
{
	if (tls == NULL || atomic_fetch_sub(&tls->refs, 1) > 1)
		return;
	SSL_CTX_free(tls->ctx);
	ldi_trust_free(tls->trust);
	ldi_identity_clear(&tls->identity);
	pthread_mutex_destroy(&tls->lock);
	free(tls);
}
