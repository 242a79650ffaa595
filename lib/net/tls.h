/* SPDX-License-Identifier: MIT */
/*
 * net/tls.h - TLS on a conn.
 *
 * OpenSSL reads and writes the socket through a BIO of ours, because its own
 * one write()s, which raises SIGPIPE in whatever process embeds libld, and
 * because only there wire bytes can be counted and a recv() that is known to
 * find nothing be spared.
 */
#ifndef LDI_NET_TLS_H
#define LDI_NET_TLS_H

#include "net/stream.h"

struct ldi_trust; /* net/trust.h */

enum ldi_tls_io {
	LDI_TLS_DONE,
	LDI_TLS_WANT_READ,
	LDI_TLS_WANT_WRITE,
	LDI_TLS_END, /* close_notify */
	LDI_TLS_FAILED,
};

/* -- tls.c: settings; tls_set.c: those of a run --------------------------- */

/* As ld_tls_new(), with authorities that are shared; NULL = do not verify. */
enum ld_status ldi_tls_new(const struct ld_tls_options *options,
    struct ldi_trust *trust, struct ld_tls **tls_out, struct ld_err *err);
/* Was it made of these? */
bool ldi_tls_is(const struct ld_tls *tls, const struct ldi_trust *trust,
    const struct ld_tls_options *options);
bool ldi_tls_is_expected(const struct ld_tls *tls);
bool ldi_tls_verifies(const struct ld_tls *tls);
/* The shared context, made on first use; NULL with *failure filled. */
SSL_CTX *ldi_tls_ctx(struct ld_tls *tls, struct ldi_failure *failure);
/* `ca_file` may be NULL and, like `alpn`, must outlive the set. */
enum ld_status ldi_tls_set_new(const char *ca_file, const char *const *alpn,
    struct ld_tls_set **set_out, struct ld_err *err);
/* Can this CA file be used? */
enum ld_status ldi_tls_set_check(
    struct ld_tls_set *set, const char *ca_file, struct ld_err *err);

/* -- tls_conn.c ----------------------------------------------------------- */

/* Put TLS on a connected conn: SNI, the name to verify.  false: *failure. */
bool ldi_tls_attach(struct ldi_conn *conn, const struct ld_endpoint *endpoint,
    struct ldi_failure *failure);
enum ldi_tls_io ldi_tls_handshake(
    struct ldi_conn *conn, struct ldi_failure *failure);
enum ldi_tls_io ldi_tls_read(struct ldi_conn *conn, char *buf, size_t size,
    size_t *len_out, struct ldi_failure *failure);
enum ldi_tls_io ldi_tls_write(struct ldi_conn *conn, const void *data,
    size_t len, size_t *done_out, struct ldi_failure *failure);
/* close_notify, as far as the socket takes it now. */
void ldi_tls_shutdown(struct ldi_conn *conn);
/* Without a word to the peer; plain conns, too. */
void ldi_tls_free(struct ldi_conn *conn);
/* The name that is asked for and verified, for sentences. */
const char *ldi_tls_host(const struct ld_endpoint *endpoint);

/* -- tickets.c ------------------------------------------------------------ */

/* The callback of SSL_CTX_sess_set_new_cb(). */
int ldi_tls_on_session(SSL *ssl, SSL_SESSION *session);
/* A conn that is about to shake hands: offer what is known of its peer. */
void ldi_tickets_offer(
    struct ldi_conn *conn, const struct ld_endpoint *endpoint);
/* The handshake is done: keep what may be used again. */
void ldi_tickets_keep(struct ldi_conn *conn);

/* -- tls_verify.c --------------------------------------------------------- */

/* The callback of SSL_CTX_set_verify(): fills conn->fault. */
int ldi_tls_on_verify(int ok, X509_STORE_CTX *ctx);
/* The class of an X509_V_ERR_*. */
enum ld_class ldi_tls_verify_class(int error);

/* -- tls_fault.c: each clears OpenSSL's errors ---------------------------- */

/* Of a handshake; left alone when *failure has a class already. */
void ldi_tls_describe_handshake(
    const struct ldi_conn *conn, struct ldi_failure *failure);
/* Of a read or write: `verb` is "read from" or "write to". */
void ldi_tls_describe_io(
    const struct ldi_conn *conn, const char *verb, struct ldi_failure *failure);

#endif /* LDI_NET_TLS_H */
