/* SPDX-License-Identifier: MIT */
/*
 * target/seal.h - TLS of a connection, as a filter: bytes of the wire in,
 * plain ones out, and the other way.  It never touches the socket, so that
 * a fault can be put at any byte of the handshake.
 *
 * Threads     the server's only; nothing of OpenSSL's error queue is left.
 */
#ifndef LDI_TARGET_SEAL_H
#define LDI_TARGET_SEAL_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/ssl.h>

#include <ld/buf.h>
#include <ld/err.h>

#include "target/authority.h"

struct ldi_seal;

/* A server's context with that certificate; `old`: nothing newer than TLS 1.1,
 * which no client takes any more. */
enum ld_status ldi_seal_context(const struct ldi_issued *identity, bool old,
    SSL_CTX **ctx_out, struct ld_err *err);

struct ldi_seal *ldi_seal_new(SSL_CTX *ctx);
void ldi_seal_free(struct ldi_seal *seal);

/* Take what came; false when memory is short. */
bool ldi_seal_feed(struct ldi_seal *seal, const char *data, size_t len);
/* What of it is plain text, up to `room` bytes.  0 = no more now; -1 = the
 * peer broke the rules, or has ended. */
long ldi_seal_read(struct ldi_seal *seal, char *data, size_t room);
/* Seal plain text, behind what the handshake has to say. */
void ldi_seal_write(
    struct ldi_seal *seal, const char *data, size_t len, struct ld_buf *out);
/* What is to go out without any text: parts of the handshake, alerts. */
void ldi_seal_drain(struct ldi_seal *seal, struct ld_buf *out);
bool ldi_seal_has_output(const struct ldi_seal *seal);
/* Say that nothing follows. */
void ldi_seal_end(struct ldi_seal *seal);

#endif /* LDI_TARGET_SEAL_H */
