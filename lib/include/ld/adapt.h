/* SPDX-License-Identifier: MIT */
/*
 * ld/adapt.h - for a driver whose protocol library opens its own sockets: the
 * rules that a stream (ld/stream.h) goes by, to be handed to the library.
 *
 * Threads     the loop's; those of settings and classes may be used by any.
 */
#ifndef LD_ADAPT_H
#define LD_ADAPT_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>
#include <ld/ledger.h>
#include <ld/loop.h>
#include <ld/tls.h>

/* -- where to, and where from (ld/pins.h) --------------------------------- */

/* What a connection for *host and *port leads to instead, if it does; the text
 * is the loop's. */
LD_API void ld_loop_lead(
    const struct ld_loop *loop, const char **host, uint16_t *port);
/* Append the addresses that a name is pinned to, with a comma between two and
 * IPv6 in []; false: it is not pinned. */
LD_API bool ld_loop_pinned(const struct ld_loop *loop, const char *host,
    uint16_t port, struct ld_buf *out);
/*
 * The addresses of a name, as streams find them: off the loop, once for all
 * who ask on this loop, and held for the run.  One look-up has one name at a
 * time; `done` comes from the loop, never from inside a call, and not behind
 * ld_lookup_cancel() or _free().
 */
struct ld_lookup;
typedef void ld_lookup_done_fn(void *owner);
LD_API enum ld_status ld_lookup_new(struct ld_loop *loop,
    ld_lookup_done_fn *done, void *owner, struct ld_lookup **lookup_out,
    struct ld_err *err);
LD_API void ld_lookup_free(struct ld_lookup *lookup); /* NULL is allowed */
/* *pending_out: `done` will come.  Else it is known already. */
LD_API enum ld_status ld_lookup_begin(struct ld_lookup *lookup,
    const char *host, bool *pending_out, struct ld_err *err);
LD_API void ld_lookup_cancel(struct ld_lookup *lookup);
/* NONE: the addresses are appended, as by ld_loop_pinned().  Else *text_out
 * says why there are none, until the look-up is used again. */
LD_API enum ld_class ld_lookup_result(
    struct ld_lookup *lookup, struct ld_buf *out, const char **text_out);
/* A literal address, which is not looked up? */
LD_API bool ld_is_address(const char *host);
/* Bind a new socket to the next source address of its family, if there are
 * any to take; 0, or an errno. */
LD_API int ld_loop_bind(struct ld_loop *loop, int family, int fd);

/* -- TLS ------------------------------------------------------------------ */

struct ssl_ctx_st;

/* Are certificates verified? */
LD_API bool ld_tls_verifies(const struct ld_tls *tls);
/* Give a library's own SSL_CTX our authorities, which stay shared, the client
 * certificate, and the least version; verification, by certificate and name,
 * is the library's to switch on. */
LD_API enum ld_status ld_tls_apply(
    struct ld_tls *tls, struct ssl_ctx_st *ctx, struct ld_err *err);

/* Does an alert of the server say that our certificate will not do, given that
 * it asked for one? */
LD_API bool ld_tls_alert_is_about_client(int alert);

/* -- classes -------------------------------------------------------------- */

/* Of a failing connect(), and of a failing send() or recv(). */
LD_API enum ld_class ld_class_of_connect(int errnum);
LD_API enum ld_class ld_class_of_io(int errnum);
/* Of an X509_V_ERR_*. */
LD_API enum ld_class ld_class_of_verify(long error);

#endif /* LD_ADAPT_H */
