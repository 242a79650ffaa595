/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/tls.h"

/* What ALPN may take: the list is a vector of 16 bits' length. */
#define MAX_ALPN 1024

struct ld_tls {
	atomic_uint refs;
	bool insecure;
	char *ca_file, *cert_file, *key_file;
	unsigned char alpn[MAX_ALPN]; /* wire format */
	unsigned alpn_len;

	pthread_mutex_t lock;   /* making ctx */
	_Atomic(SSL_CTX *) ctx; /* NULL until the first handshake */
};

/* The most telling of the queued errors, which is the first; clears the queue.
 * Static storage, or in `buf`. */
static const char *
openssl_text(char *buf, size_t size)
{
	unsigned long code = ERR_peek_error();
	const char *text = ERR_reason_error_string(code);

	if (text == NULL) {
		ERR_error_string_n(code, buf, size);
		text = buf;
	}
	ERR_clear_error();
	return text;
}

static enum ld_status
fail_file(struct ld_err *err, const char *what, const char *file)
{
	char buf[160];

	return ld_err_set(err, LD_INVALID, "%s '%s' cannot be used: %s", what,
	    file, openssl_text(buf, sizeof(buf)));
}

static enum ld_status
load_trust(const struct ld_tls *tls, SSL_CTX *ctx, struct ld_err *err)
{
	char buf[160];

	if (tls->insecure) {
		SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
		return LD_OK;
	}
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, ldi_tls_on_verify);
	if (tls->ca_file != NULL) {
		if (SSL_CTX_load_verify_file(ctx, tls->ca_file) != 1)
			return fail_file(err, "CA file", tls->ca_file);
	} else if (SSL_CTX_set_default_verify_paths(ctx) != 1) {
		return ld_err_set(err, LD_IO,
		    "the system's certificates cannot be read: %s",
		    openssl_text(buf, sizeof(buf)));
	}
	return LD_OK;
}

/* The server asks for our certificate, whether or not there is one. */
static int
on_asked(SSL *ssl, void *arg)
{
	struct ldi_conn *conn = SSL_get_app_data(ssl);

	(void)arg;
	conn->asked = true;
	return 1;
}

static enum ld_status
load_identity(const struct ld_tls *tls, SSL_CTX *ctx, struct ld_err *err)
{
	const char *key =
	    tls->key_file != NULL ? tls->key_file : tls->cert_file;

	if (tls->cert_file == NULL)
		return LD_OK;
	if (SSL_CTX_use_certificate_chain_file(ctx, tls->cert_file) != 1)
		return fail_file(err, "certificate", tls->cert_file);
	if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1)
		return fail_file(err, "private key", key);
	if (SSL_CTX_check_private_key(ctx) != 1)
		return fail_file(err, "private key", key);
	return LD_OK;
}

static enum ld_status
make_ctx(const struct ld_tls *tls, SSL_CTX **ctx_out, struct ld_err *err)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	enum ld_status st;

	if (ctx == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for TLS");
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS |
				  SSL_MODE_ENABLE_PARTIAL_WRITE |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	/* A record's header and body by one recv(). */
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_cert_cb(ctx, on_asked, NULL);
	if (tls->alpn_len > 0)
		SSL_CTX_set_alpn_protos(ctx, tls->alpn, tls->alpn_len);
	st = load_trust(tls, ctx, err);
	if (st == LD_OK)
		st = load_identity(tls, ctx, err);
	if (st != LD_OK) {
		SSL_CTX_free(ctx);
		return st;
	}
	*ctx_out = ctx;
	return LD_OK;
}

enum ld_status
ld_tls_load(struct ld_tls *tls, struct ld_err *err)
{
	SSL_CTX *ctx = NULL;
	enum ld_status st = LD_OK;

	if (atomic_load_explicit(&tls->ctx, memory_order_acquire) != NULL)
		return LD_OK;
	pthread_mutex_lock(&tls->lock);
	if (atomic_load_explicit(&tls->ctx, memory_order_relaxed) == NULL) {
		ERR_clear_error();
		st = make_ctx(tls, &ctx, err);
		if (st == LD_OK)
			atomic_store_explicit(
			    &tls->ctx, ctx, memory_order_release);
	}
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
	return atomic_load_explicit(&tls->ctx, memory_order_acquire);
}

bool
ldi_tls_verifies(const struct ld_tls *tls)
{
	return !tls->insecure;
}

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

/* false when memory is short. */
static bool
copy_text(char **to, const char *from)
{
	*to = from != NULL ? strdup(from) : NULL;
	return from == NULL || *to != NULL;
}

enum ld_status
ld_tls_new(const struct ld_tls_options *options, struct ld_tls **tls_out,
    struct ld_err *err)
{
	struct ld_tls *tls;
	enum ld_status st;

	if (options->key_file != NULL && options->cert_file == NULL)
		return ld_err_set(err, LD_INVALID,
		    "private key '%s' without a certificate",
		    options->key_file);
	tls = calloc(1, sizeof(*tls));
	if (tls == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for TLS");
	pthread_mutex_init(&tls->lock, NULL);
	atomic_init(&tls->refs, 1);
	tls->insecure = options->insecure;
	st = set_alpn(tls, options->alpn, err);
	if (st == LD_OK && !(copy_text(&tls->ca_file, options->ca_file) &&
			       copy_text(&tls->cert_file, options->cert_file) &&
			       copy_text(&tls->key_file, options->key_file)))
		st = ld_err_set(err, LD_NOMEM, "no memory for TLS");
	/* Files that the user named are read now: their faults are his to
	 * mend before the run.  The system's wait for the first handshake. */
	if (st == LD_OK && (tls->ca_file != NULL || tls->cert_file != NULL))
		st = ld_tls_load(tls, err);
	if (st != LD_OK) {
		ld_tls_free(tls);
		return st;
	}
	*tls_out = tls;
	return LD_OK;
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
	SSL_CTX_free(atomic_load(&tls->ctx));
	pthread_mutex_destroy(&tls->lock);
	free(tls->ca_file);
	free(tls->cert_file);
	free(tls->key_file);
	free(tls);
}
