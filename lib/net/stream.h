/* SPDX-License-Identifier: MIT */
/*
 * net/stream.h - the two halves of a stream, and who calls whom.
 *
 * struct ld_stream is what a codec holds; struct ldi_conn is one socket and its
 * watcher.  libuv closes watchers later than it is told to, so a conn
 * outlives its stream: cutting one clears conn->stream, and whoever calls a
 * codec looks at that afterwards, for the codec may have cut it.
 *
 *	stream.c    life: new, connect, close, abort, free, the end
 *	connect.c   name -> addresses -> socket -> handshake -> on_open
 *	transfer.c  readiness -> on_data, writes -> on_written
 *	tls.c       one SSL_CTX for many
 *	tls_conn.c  one SSL on a conn; tls_verify.c, tls_fault.c: its failures
 */
#ifndef LDI_NET_STREAM_H
#define LDI_NET_STREAM_H

#include <openssl/ssl.h>

#include <ld/stream.h>

#include "net/failure.h"
#include "net/loop.h"
#include "net/pins.h"
#include "net/resolve.h"

struct ldi_conn {
	uv_poll_t poll;
	struct ld_stream *stream; /* NULL once cut */
	SSL *ssl;                 /* NULL = plain */
	int fd;
	int watched;        /* UV_READABLE | UV_WRITABLE */
	int io_errno;       /* TLS: what its last failing system call said */
	unsigned reads;     /* TLS: recv()s in this event */
	size_t quiet_bytes; /* TLS: received since the last data */
	bool blocked;       /* TLS: reading waits until it can write */
	bool drained;       /* TLS: nothing more to recv() in this event */
	bool eof;           /* TLS: the peer's FIN was read */
	bool heard;         /* TLS: the peer has sent data */
	struct ld_tickets *tickets; /* TLS: NULL = keep no sessions */
	unsigned ticket;            /* TLS: which, and in what state it was */
	uint64_t ticket_stamp;
	bool asked;                /* TLS: the peer wants our certificate */
	struct ldi_failure *fault; /* TLS: of the handshake, while it moves */
	struct ldi_addr addr;      /* len 0: a unix socket */
};

enum ldi_stream_state {
	LDI_STREAM_IDLE,
	LDI_STREAM_RESOLVING,
	LDI_STREAM_CONNECTING,
	LDI_STREAM_HANDSHAKE,
	LDI_STREAM_OPEN,
	LDI_STREAM_CLOSING,
};

struct ld_stream {
	struct ld_loop *loop;
	const struct ld_stream_ops *ops;
	void *owner;
	struct ldi_conn *conn; /* NULL while idle or resolving */
	enum ldi_stream_state state;
	uint64_t bytes_out, bytes_in;
	bool dropping; /* what is read now */

	/* The rest of a pending write; out.n == 0: none. */
	struct {
		struct iovec *iov; /* &one, or inside `block` */
		int n;
		struct iovec one, *block;
	} out;

	/* Connecting. */
	const struct ld_endpoint *endpoint;
	const char *host; /* where to: the endpoint's, unless pins say other */
	uint16_t port;
	struct ldi_name *name; /* NULL: pinned, or a literal address */
	const struct ldi_pin *pin;
	struct ldi_addr literal;
	unsigned next_addr;
	int addr_errno; /* of the address that says most, and its place */
	unsigned addr_place;
	enum ld_phase phase;
	uint64_t begin_ns, resolved_ns, connected_ns, open_ns, ended_ns;

	struct ldi_task wait;        /* for a name, or for the peer's FIN */
	struct ldi_task later;       /* the end, to be told by the loop */
	struct ldi_failure *failure; /* not yet told; NULL = none */
};

/* -- stream.c ------------------------------------------------------------- */

/* Tell the codec that it is over, now: only from the loop. */
void ldi_stream_end(
    struct ld_stream *stream, const struct ldi_failure *failure);
/* Have the loop tell it; of several failures the first counts. */
void ldi_stream_end_later(
    struct ld_stream *stream, const struct ldi_failure *failure);
/* Of one that is to end: this was why. */
void ldi_stream_end_because(
    struct ld_stream *stream, const struct ldi_failure *failure);
/* The peer's name for sentences, e.g. "127.0.0.1:80". */
#define LDI_PEER_TEXT 160
const char *ldi_conn_peer(const struct ldi_conn *conn, char buf[LDI_PEER_TEXT]);

/* -- connect.c ------------------------------------------------------------ */

/* false with *failure filled when it failed already. */
bool ldi_connect_begin(struct ld_stream *stream, struct ldi_failure *failure);
void ldi_connect_ready(struct ld_stream *stream);
void ldi_handshake_ready(struct ld_stream *stream);
void ldi_conn_watch(struct ldi_conn *conn, int events);
void ldi_conn_cut(struct ldi_conn *conn);

/* -- transfer.c ----------------------------------------------------------- */

/* May the conn recv() again? */
void ldi_conn_fill(struct ldi_conn *conn);
/* The socket of an open or closing stream is ready, or broken. */
void ldi_transfer_ready(struct ldi_conn *conn, bool broken, int events);
/* Read what TLS has already taken from the socket. */
void ldi_transfer_buffered(struct ldi_conn *conn);
/* Hand over what arrived before a write failed. */
void ldi_transfer_drain(struct ldi_conn *conn);
void ldi_transfer_forget(struct ld_stream *stream);
/* close_notify and FIN. */
void ldi_transfer_shutdown(struct ldi_conn *conn);

#endif /* LDI_NET_STREAM_H */
