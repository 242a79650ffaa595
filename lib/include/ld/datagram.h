/* SPDX-License-Identifier: MIT */
/*
 * ld/datagram.h - datagrams to one peer, and those that it sends: UDP.
 *
 * The counterpart of ld/stream.h: names (off the loop, cached per loop), pins
 * and source addresses are dealt with as there.  Of several addresses of a
 * name the first that can be had is the peer: nobody says whether it listens.
 *
 * Life        ld_datagram_new() -> ld_datagram_open() -> on_open -> sends and
 *             data -> on_closed, or ld_datagram_abort().  Then it may be
 *             opened once more.  ld_datagram_free() at any time, from a
 *             callback too; no callback follows it.
 * Callbacks   come from the loop's thread, never from inside a call.
 * Errors      what went wrong with opening is told by on_closed, always.  A
 *             peer's host that says that nobody listens there ends it, too
 *             (LD_CLASS_REFUSED).
 */
#ifndef LD_DATAGRAM_H
#define LD_DATAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/err.h>
#include <ld/ledger.h>
#include <ld/loop.h>
#include <ld/stream.h>

/* What a datagram of UDP over IPv4 may hold, at most. */
#define LD_DATAGRAM_MAX 65507

struct ld_datagram;

struct ld_datagram_ops {
	void (*on_open)(void *owner);
	/* One datagram, perhaps of 0 bytes, valid during the call. */
	void (*on_data)(
	    void *owner, const char *data, size_t len, uint64_t now_ns);
	void (*on_closed)(
	    void *owner, enum ld_class cls, const char *text, uint64_t now_ns);
};

LD_API enum ld_status ld_datagram_new(struct ld_loop *loop,
    const struct ld_datagram_ops *ops, void *owner,
    struct ld_datagram **datagram_out, struct ld_err *err);
/* NULL is allowed. */
LD_API void ld_datagram_free(struct ld_datagram *datagram);

/* Of the endpoint host and port are looked at; it must stay valid until
 * on_open or on_closed. */
LD_API enum ld_status ld_datagram_open(struct ld_datagram *datagram,
    const struct ld_endpoint *endpoint, struct ld_err *err);
LD_API bool ld_datagram_is_open(const struct ld_datagram *datagram);
/* Send one, at once.  LD_CLASS_NONE, or why not: LOCAL_MEMORY when the
 * kernel's buffer is full, REFUSED when an earlier one came to nobody, VALUE
 * when it is too long. */
LD_API enum ld_class ld_datagram_send(
    struct ld_datagram *datagram, const void *data, size_t len);
/* Read and forget what has come so far. */
LD_API void ld_datagram_drain(struct ld_datagram *datagram);
/* No callback follows; it is idle. */
LD_API void ld_datagram_abort(struct ld_datagram *datagram);

/* As ld_stream_times(). */
LD_API void ld_datagram_times(const struct ld_datagram *datagram,
    uint64_t now_ns, struct ld_stream_times *out);

#endif /* LD_DATAGRAM_H */
