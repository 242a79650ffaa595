/* SPDX-License-Identifier: MIT */
/*
 * What libcurl does not tell of TLS: whether the server asked for our
 * certificate, what alert it sent, and whether it ended the stream.
 *
 * OpenSSL tells, by callbacks of the SSL_CTX, of which libcurl makes one for
 * each connection; what was told is noted there, as a word of bits.  Who wants
 * to read it holds the SSL_CTX, since the connection may go first.
 */
#include "config.h"

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include <ld/adapt.h>
#include <ld/time.h>

#include "drivers/curl/curl.h"

#define ALERT_MASK 0xffU
#define HAS_ALERT (1U << 8)
#define HAS_END (1U << 9)
#define IS_ASKED (1U << 10)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int slot = -1;

static void
make_slot(void)
{
	slot = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

static uintptr_t
noted(const SSL_CTX *ctx)
{
	return ctx == NULL ? 0 : (uintptr_t)SSL_CTX_get_ex_data(ctx, slot);
}

static void
note(SSL_CTX *ctx, uintptr_t bits)
{
	/* Not a pointer; the slot has no other way to hold a number. */
	SSL_CTX_set_ex_data(ctx, slot, (void *)(noted(ctx) | bits));
}

static void
on_info(const SSL *ssl, int where, int value)
{
	SSL_CTX *ctx = SSL_get_SSL_CTX(ssl);

	if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT)
		return;
	if ((value & 0xff) == SSL_AD_CLOSE_NOTIFY)
		note(ctx, HAS_END);
	else
		note(ctx, HAS_ALERT | ((unsigned)value & ALERT_MASK));
}

static int
on_asked(SSL *ssl, void *arg)
{
	(void)arg;
	note(SSL_get_SSL_CTX(ssl), IS_ASKED);
	return 1;
}

static void
hold(struct ldi_curl_session *s, SSL_CTX *ctx)
{
	if (s->tls == ctx)
		return;
	ldi_curl_tls_let_go(s);
	if (SSL_CTX_up_ref(ctx) == 1)
		s->tls = ctx;
}

void
ldi_curl_tls_let_go(struct ldi_curl_session *s)
{
	SSL_CTX_free(s->tls);
	s->tls = NULL;
}

CURLcode
ldi_curl_on_tls(CURL *easy, void *ssl_ctx, void *session)
{
	struct ldi_curl_session *s = session;
	struct ld_err err = LD_ERR_INIT;

	(void)easy;
	(void)pthread_once(&once, make_slot);
	if (s->tls_ns == 0)
		s->tls_ns = ld_now_ns();
	s->stage = LDI_CURL_HANDSHAKE;
	if (slot < 0 || ld_tls_apply(s->shard->tls, ssl_ctx, &err) != LD_OK)
		return CURLE_OUT_OF_MEMORY;
	SSL_CTX_set_info_callback(ssl_ctx, on_info);
	SSL_CTX_set_cert_cb(ssl_ctx, on_asked, NULL);
	hold(s, ssl_ctx);
	return CURLE_OK;
}

/* Of the server, not of a proxy; NULL: it is none of TLS. */
static SSL *
ssl_of(struct ldi_curl_session *s)
{
	struct curl_tlssessioninfo *info = NULL;

	if (curl_easy_getinfo(s->easy, CURLINFO_TLS_SSL_PTR, &info) !=
		CURLE_OK ||
	    info == NULL || info->backend != CURLSSLBACKEND_OPENSSL)
		return NULL;
	return info->internals;
}

void
ldi_curl_tls_watch_end(struct ldi_curl_session *s)
{
	SSL *ssl = ssl_of(s);

	if (ssl != NULL)
		hold(s, SSL_get_SSL_CTX(ssl));
}

bool
ldi_curl_tls_is_h2(struct ldi_curl_session *s)
{
	const SSL *ssl = ssl_of(s);
	const unsigned char *name = NULL;
	unsigned len = 0;

	if (ssl != NULL)
		SSL_get0_alpn_selected(ssl, &name, &len);
	return len == 2 && memcmp(name, "h2", 2) == 0;
}

bool
ldi_curl_tls_is_ended(const struct ldi_curl_session *s)
{
	return (noted(s->tls) & HAS_END) != 0;
}

bool
ldi_curl_tls_is_about_us(const struct ldi_curl_session *s)
{
	uintptr_t bits = noted(s->tls);

	if ((bits & IS_ASKED) == 0 || (bits & HAS_ALERT) == 0)
		return false;
	return ld_tls_alert_is_about_client((int)(bits & ALERT_MASK));
}
