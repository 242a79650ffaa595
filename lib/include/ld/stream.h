/* SPDX-License-Identifier: MIT */
/*
 * ld/stream.h - one byte stream to a peer: TCP, unix socket, TLS over either.
 *
 * Completion-shaped: a codec never sees a descriptor or readiness, only bytes
 * that arrived, writes that completed, and the end.  Connecting, name
 * resolution (off the loop, cached per loop), TLS with verification, phase
 * stamps and failure classes live here.  Deadlines are the engine's: it
 * cancels an exchange, and the driver then aborts the stream.
 *
 * Life        ld_stream_new() -> ld_stream_connect() -> on_open -> data and
 *             writes -> on_closed.  After on_closed the stream is idle again
 *             and may be connected once more (a keep-alive client does).
 *             ld_stream_free() may be called at any time, from a callback
 *             too; no callback follows it.
 * Callbacks   come from the loop's thread, never from inside a call of the
 *             codec into the stream: a codec need not be re-entrant.
 * Memory      idle: under 1 KiB; TLS keeps no buffers while idle.
 * Errors      a failing connect is reported by on_closed, always; a call
 *             returns an error only for what is wrong before anything began.
 */
#ifndef LD_STREAM_H
#define LD_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include <ld/api.h>
#include <ld/err.h>
#include <ld/ledger.h>
#include <ld/loop.h>
#include <ld/tls.h>

/* -- where to ------------------------------------------------------------- */

/* Plain data; strings are borrowed for as long as the endpoint is used.  A
 * name's addresses, those that it is pinned to (ld/pins.h) or those that it
 * resolves to, are tried one after the other in their order until one
 * accepts. */
struct ld_endpoint {
	const char *host; /* name or literal address; IPv6 without [] */
	uint16_t port;
	const char *unix_path; /* instead of host and port; or NULL */
	struct ld_tls *tls;    /* NULL = plain */
	const char *tls_name;  /* for SNI and verification; NULL = host */
	/* Sessions to resume, which must outlive the stream; NULL = none. */
	struct ld_tickets *tickets;
};

/* -- the stream ----------------------------------------------------------- */

struct ld_stream;

struct ld_stream_ops {
	/* Connected, and the TLS handshake is done. */
	void (*on_open)(void *owner);
	/* `len` > 0 bytes, valid during the call; `now_ns` was read right after
	 * they were. */
	void (*on_data)(
	    void *owner, const char *data, size_t len, uint64_t now_ns);
	/* A pending write was wholly handed to the kernel. */
	void (*on_written)(void *owner, uint64_t now_ns);
	/* The end, exactly once per ld_stream_connect() unless the stream was
	 * aborted or freed.  LD_CLASS_NONE is an orderly end by the peer (FIN,
	 * with close_notify under TLS); a TLS stream cut without close_notify
	 * is LD_CLASS_TRUNCATED.  `text` is a sentence for people. */
	void (*on_closed)(
	    void *owner, enum ld_class cls, const char *text, uint64_t now_ns);
};

LD_API enum ld_status ld_stream_new(struct ld_loop *loop,
    const struct ld_stream_ops *ops, void *owner, struct ld_stream **stream_out,
    struct ld_err *err);
/* Cuts what is open, without a word to the peer; NULL is allowed. */
LD_API void ld_stream_free(struct ld_stream *stream);

/* Begin to connect an idle stream; ends in on_open or on_closed.  The
 * endpoint must stay valid until then. */
LD_API enum ld_status ld_stream_connect(struct ld_stream *stream,
    const struct ld_endpoint *endpoint, struct ld_err *err);

enum ld_write {
	LD_WRITTEN, /* all of it is with the kernel */
	LD_PENDING, /* on_written will say so; keep the bytes until then */
	LD_FAILED,  /* on_closed will say why */
};

/* Send on an open stream; at most one write may be pending.  Tries at once, so
 * the common request costs one system call.  `iov` itself is copied if need
 * be.  After a failure what the peer had sent before still comes as on_data,
 * ahead of on_closed. */
LD_API enum ld_write ld_stream_write(
    struct ld_stream *stream, const struct iovec *iov, int n);

/* Read and forget what an open stream has received so far: what came behind an
 * answer is not the next one.  False: it has been closed, which on_closed will
 * say, too, unless the stream is aborted first. */
LD_API bool ld_stream_drain(struct ld_stream *stream);

/* Cut the connection now; no callback follows, the stream is idle. */
LD_API void ld_stream_abort(struct ld_stream *stream);
/* Orderly: the pending write, close_notify, FIN, a wait of at most 1 s for
 * theirs, while what still arrives is dropped; then on_closed.  An idle stream
 * stays so, without a callback. */
LD_API void ld_stream_close(struct ld_stream *stream);

LD_API bool ld_stream_is_open(const struct ld_stream *stream);

/* The protocol that both sides chose (ALPN), not terminated; NULL = none. */
LD_API const char *ld_stream_alpn(
    const struct ld_stream *stream, size_t *len_out);

/* Did the TLS handshake resume a session, so that no certificate was shown? */
LD_API bool ld_stream_resumed(const struct ld_stream *stream);

/* What the last ld_stream_connect() took, in ns; the phases that have not
 * ended yet count up to `now_ns`, so that a deadline can tell where it hit.
 * Exact: begin_ns + dns_ns + connect_ns + tls_ns is open_ns. */
struct ld_stream_times {
	uint64_t begin_ns; /* when it was called, monotonic */
	uint64_t dns_ns, connect_ns, tls_ns;
	uint64_t open_ns; /* 0 = has not been open */
	/* DNS, CONNECT or TLS on the way (or where it failed), else SEND. */
	enum ld_phase phase;
};
LD_API void ld_stream_times(const struct ld_stream *stream, uint64_t now_ns,
    struct ld_stream_times *out);

/* Bytes on the wire since the last call, both ways (TLS records as such). */
LD_API void ld_stream_take_bytes(
    struct ld_stream *stream, uint64_t *out_bytes, uint64_t *in_bytes);

#endif /* LD_STREAM_H */
