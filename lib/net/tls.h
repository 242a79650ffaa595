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

enum ldi_tls_io {
	LDI_TLS_DONE,
	LDI_TLS_WANT_READ,
	LDI_TLS_WANT_WRITE,
	LDI_TLS_END, /* close_notify */
	LDI_TLS_FAILED,
};

/* The shared context, made on first use; NULL with *failure filled. */
SSL_CTX *ldi_tls_ctx(struct ld_tls *tls, struct ldi_failure *failure);
bool ldi_tls_verifies(const struct ld_tls *tls);

/* Put TLS on a connected conn: SNI, the name to verify.  false: *failure. */
bool ldi_tls_attach(struct ldi_conn *conn, const struct ld_endpoint *endpoint,
    struct ldi_failure *failure);
enum ldi_tls_io ldi_tls_handshake(
    struct ldi_conn *conn, const char *host, struct ldi_failure *failure);
enum ldi_tls_io ldi_tls_read(struct ldi_conn *conn, char *buf, size_t size,
    size_t *len_out, struct ldi_failure *failure);
enum ldi_tls_io ldi_tls_write(struct ldi_conn *conn, const void *data,
    size_t len, size_t *done_out, struct ldi_failure *failure);
/* close_notify, as far as the socket takes it now. */
void ldi_tls_shutdown(struct ldi_conn *conn);

#endif /* LDI_NET_TLS_H */
