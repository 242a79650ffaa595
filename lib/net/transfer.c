/* SPDX-License-Identifier: MIT */
/*
 * The hot path: per exchange one send() from ld_stream_write() and one recv()
 * per readiness event, no allocation, no watcher re-armed, the clock read once.
 */
#include "config.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <ld/time.h>

#include "net/stream.h"
#include "net/tls.h"

/* A socket that broke holds at most its receive buffer, of some MiB. */
#define MAX_DRAIN_READS 1024

static const struct ldi_failure closed_by_peer = { LD_CLASS_NONE,
	"the server closed the connection" };

static void
describe_errno(const struct ldi_conn *conn, int error, const char *verb,
    struct ldi_failure *failure)
{
	char peer[LDI_PEER_TEXT], why[LDI_ERRNO_TEXT];

	ldi_failure_set(failure, ldi_class_of_io(error), "%s %s: %s", verb,
	    ldi_conn_peer(conn, peer), ldi_errno_text(error, why));
}

/* -- reading -------------------------------------------------------------- */

enum got {
	GOT_DATA,
	GOT_NOTHING, /* for now */
	GOT_END,     /* *failure says how */
};

static void
deliver(struct ld_stream *stream, size_t len, uint64_t now_ns)
{
	/* What arrives while the codec waits for the end is of no use. */
	if (stream->state == LDI_STREAM_OPEN && !stream->dropping)
		stream->ops->on_data(
		    stream->owner, stream->loop->recv_buf, len, now_ns);
}

void
ldi_conn_fill(struct ldi_conn *conn)
{
	conn->drained = false;
	conn->reads = 0;
}

static enum got
read_plain(struct ldi_conn *conn, struct ldi_failure *failure)
{
	struct ld_stream *stream = conn->stream;
	ssize_t n = recv(conn->fd, stream->loop->recv_buf, LDI_RECV_SIZE, 0);

	if (n > 0) {
		stream->bytes_in += (size_t)n;
		deliver(stream, (size_t)n, ld_now_ns());
		return GOT_DATA;
	}
	if (n == 0) {
		*failure = closed_by_peer;
		return GOT_END;
	}
	if (errno == EAGAIN || errno == EINTR)
		return GOT_NOTHING;
	describe_errno(conn, errno, "read from", failure);
	return GOT_END;
}

/* One record; more may already be in OpenSSL's buffer. */
static enum got
read_tls(struct ldi_conn *conn, struct ldi_failure *failure)
{
	struct ld_stream *stream = conn->stream;
	size_t len;

	switch (ldi_tls_read(
	    conn, stream->loop->recv_buf, LDI_RECV_SIZE, &len, failure)) {
	case LDI_TLS_DONE:
		deliver(stream, len, ld_now_ns());
		return GOT_DATA;
	case LDI_TLS_WANT_READ:
		return GOT_NOTHING;
	case LDI_TLS_WANT_WRITE:
		/* A key update is to be answered, and the peer reads nothing:
		 * neither do we until it does. */
		conn->blocked = true;
		ldi_conn_watch(conn, UV_WRITABLE);
		return GOT_NOTHING;
	case LDI_TLS_END:
		*failure = closed_by_peer;
		return GOT_END;
	case LDI_TLS_FAILED:
		break;
	}
	return GOT_END;
}

/* After close_notify was sent nothing need be decrypted any more. */
static enum got
read_once(struct ldi_conn *conn, struct ldi_failure *failure)
{
	if (conn->ssl != NULL && conn->stream->state == LDI_STREAM_OPEN)
		return read_tls(conn, failure);
	return read_plain(conn, failure);
}

static void
end_reading(struct ld_stream *stream, struct ldi_failure *failure)
{
	/* All was sent, and how the peer goes after that is no matter. */
	if (stream->state == LDI_STREAM_CLOSING && stream->out.n == 0) {
		failure->cls = LD_CLASS_NONE;
		ldi_stream_end(stream, failure);
		return;
	}
	if (stream->failure != NULL) /* a write failed first */
		*failure = *stream->failure;
	ldi_stream_end(stream, failure);
}

void
ldi_transfer_buffered(struct ldi_conn *conn)
{
	struct ldi_failure failure;
	enum got got;

	conn->drained = true;
	do {
		got = read_tls(conn, &failure);
		if (conn->stream == NULL)
			return;
	} while (got == GOT_DATA && conn->stream->state == LDI_STREAM_OPEN);
	if (got == GOT_END)
		end_reading(conn->stream, &failure);
}

static void
read_ready(struct ldi_conn *conn)
{
	struct ldi_failure failure;
	enum got got;

	ldi_conn_fill(conn);
	do {
		got = read_once(conn, &failure);
		if (conn->stream == NULL) /* the codec cut it */
			return;
	} while (got == GOT_DATA && conn->ssl != NULL);
	if (got == GOT_END)
		end_reading(conn->stream, &failure);
}

void
ldi_transfer_drain(struct ldi_conn *conn)
{
	struct ldi_failure failure;
	enum got got;
	int n = 0;

	do {
		ldi_conn_fill(conn);
		got = read_once(conn, &failure);
	} while (
	    got == GOT_DATA && conn->stream != NULL && ++n < MAX_DRAIN_READS);
	/* An alert says why the write failed. */
	if (got == GOT_END && (failure.cls == LD_CLASS_TLS_CLIENT ||
				  failure.cls == LD_CLASS_TLS_HANDSHAKE))
		ldi_stream_end_because(conn->stream, &failure);
}

bool
ld_stream_drain(struct ld_stream *stream)
{
	struct ldi_failure failure;
	enum got got;
	int n = 0;

	stream->dropping = true;
	do {
		ldi_conn_fill(stream->conn);
		got = read_once(stream->conn, &failure);
	} while (got == GOT_DATA && ++n < MAX_DRAIN_READS);
	stream->dropping = false;
	return got != GOT_END;
}

static void
watch_again(struct ldi_conn *conn)
{
	bool writing = conn->stream->out.n > 0;

	ldi_conn_watch(conn, UV_READABLE | (writing ? UV_WRITABLE : 0));
}

/* The error is what a read meets behind the data that came before it. */
static void
read_broken(struct ldi_conn *conn)
{
	struct ldi_failure failure;
	socklen_t len = sizeof(int);
	enum got got = GOT_DATA;
	int error = 0;

	for (int n = 0; got == GOT_DATA && n < MAX_DRAIN_READS; n++) {
		ldi_conn_fill(conn);
		got = read_once(conn, &failure);
		if (conn->stream == NULL) /* the codec cut it */
			return;
	}
	if (got == GOT_NOTHING) {
		if (getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &error, &len) !=
		    0)
			error = errno;
		if (error != 0) {
			describe_errno(conn, error, "read from", &failure);
			got = GOT_END;
		}
	}
	if (got == GOT_END)
		end_reading(conn->stream, &failure);
	else
		watch_again(conn);
}

/* -- writing -------------------------------------------------------------- */

/* Rounds of one event or call, in fairness to the loop's other streams. */
#define MAX_PUTS 16

enum put {
	PUT_TAKEN,
	PUT_FULL, /* the kernel takes nothing now */
	PUT_FAILED,
};

static void
advance(struct iovec **iov, int *n, size_t len)
{
	while (*n > 0 && len >= (*iov)->iov_len) {
		len -= (*iov)->iov_len;
		(*iov)++;
		(*n)--;
	}
	if (len > 0) {
		(*iov)->iov_base = (char *)(*iov)->iov_base + len;
		(*iov)->iov_len -= len;
	}
}

static ssize_t
send_plain(int fd, const struct iovec *iov, int n)
{
	struct msghdr msg;

	if (n == 1)
		return send(fd, iov->iov_base, iov->iov_len, MSG_NOSIGNAL);
	memset(&msg, 0, sizeof(msg));
	msg.msg_iov = (struct iovec *)(uintptr_t)iov;
	msg.msg_iovlen = (size_t)(n < IOV_MAX ? n : IOV_MAX);
	return sendmsg(fd, &msg, MSG_NOSIGNAL);
}

static enum put
put_plain(struct ldi_conn *conn, const struct iovec *iov, int n,
    size_t *done_out, struct ldi_failure *failure)
{
	ssize_t sent = send_plain(conn->fd, iov, n);

	if (sent >= 0) {
		conn->stream->bytes_out += (size_t)sent;
		*done_out = (size_t)sent;
		return PUT_TAKEN;
	}
	if (errno == EAGAIN || errno == EINTR)
		return PUT_FULL;
	describe_errno(conn, errno, "write to", failure);
	return PUT_FAILED;
}

static size_t
join(char *to, const struct iovec *iov, int n)
{
	size_t len = 0;

	for (int i = 0; i < n && len < LDI_JOIN_SIZE; i++) {
		size_t part = iov[i].iov_len;

		if (part > LDI_JOIN_SIZE - len)
			part = LDI_JOIN_SIZE - len;
		if (part > 0)
			memcpy(to + len, iov[i].iov_base, part);
		len += part;
	}
	return len;
}

/* One record.  Small pieces are joined, so that a header and a body cost one
 * record and one system call.  After PUT_FULL OpenSSL wants the same bytes
 * again and gets them: the rest of a write changes only by what was taken. */
static enum put
put_tls(struct ldi_conn *conn, const struct iovec *iov, int n, size_t *done_out,
    struct ldi_failure *failure)
{
	const void *data = iov->iov_base;
	size_t len = iov->iov_len;
	char *buf;

	if (n > 1 && len < LDI_JOIN_SIZE) {
		buf = ldi_loop_join_buf(conn->stream->loop);
		if (buf != NULL) {
			len = join(buf, iov, n);
			data = buf;
		}
	}
	*done_out = 0;
	if (len == 0)
		return PUT_TAKEN;
	switch (ldi_tls_write(conn, data, len, done_out, failure)) {
	case LDI_TLS_DONE:
		return PUT_TAKEN;
	case LDI_TLS_WANT_READ: /* renegotiation, which is off */
	case LDI_TLS_WANT_WRITE:
		return PUT_FULL;
	case LDI_TLS_END:
	case LDI_TLS_FAILED:
		break;
	}
	return PUT_FAILED;
}

static enum put
put(struct ldi_conn *conn, const struct iovec *iov, int n, size_t *done_out,
    struct ldi_failure *failure)
{
	if (conn->ssl != NULL)
		return put_tls(conn, iov, n, done_out, failure);
	return put_plain(conn, iov, n, done_out, failure);
}

void
ldi_transfer_forget(struct ld_stream *stream)
{
	free(stream->out.block);
	stream->out.block = NULL;
	stream->out.n = 0;
}

static bool
keep(struct ld_stream *stream, const struct iovec *iov, int n)
{
	assert(n > 0);
	stream->out.iov = &stream->out.one;
	if (n > 1) {
		stream->out.block = malloc((size_t)n * sizeof(*iov));
		if (stream->out.block == NULL)
			return false;
		stream->out.iov = stream->out.block;
	}
	memcpy(stream->out.iov, iov, (size_t)n * sizeof(*iov));
	stream->out.n = n;
	return true;
}

/* Send of what is kept, as much as goes. */
static enum put
flush(struct ld_stream *stream, struct ldi_failure *failure)
{
	enum put got = PUT_TAKEN;
	size_t done;

	for (int i = 0; i < MAX_PUTS && stream->out.n > 0; i++) {
		got = put(stream->conn, stream->out.iov, stream->out.n, &done,
		    failure);
		if (got != PUT_TAKEN)
			break;
		advance(&stream->out.iov, &stream->out.n, done);
	}
	if (stream->out.n == 0)
		ldi_transfer_forget(stream);
	return got;
}

static size_t
total_of(const struct iovec *iov, int n)
{
	size_t total = 0;

	for (int i = 0; i < n; i++)
		total += iov[i].iov_len;
	return total;
}

/* The first try did not take all: keep the rest, and try on. */
static enum ld_write
write_rest(struct ld_stream *stream, const struct iovec *iov, int n,
    size_t done, bool full)
{
	struct ldi_failure failure;

	if (!keep(stream, iov, n)) {
		ldi_failure_set(&failure, LD_CLASS_LOCAL_MEMORY,
		    "no memory to keep a pending write");
		ldi_stream_end_later(stream, &failure);
		return LD_FAILED;
	}
	advance(&stream->out.iov, &stream->out.n, done);
	if (!full && flush(stream, &failure) == PUT_FAILED) {
		ldi_transfer_forget(stream);
		ldi_stream_end_later(stream, &failure);
		return LD_FAILED;
	}
	if (stream->out.n == 0)
		return LD_WRITTEN;
	ldi_conn_watch(stream->conn, UV_READABLE | UV_WRITABLE);
	return LD_PENDING;
}

enum ld_write
ld_stream_write(struct ld_stream *stream, const struct iovec *iov, int n)
{
	struct ldi_failure failure;
	size_t done = 0;
	enum put got;

	assert(stream->state == LDI_STREAM_OPEN && stream->out.n == 0);
	if (stream->failure != NULL)
		return LD_FAILED;
	if (n == 0)
		return LD_WRITTEN;
	got = put(stream->conn, iov, n, &done, &failure);
	if (got == PUT_FAILED) {
		ldi_stream_end_later(stream, &failure);
		return LD_FAILED;
	}
	if (got == PUT_TAKEN && done == total_of(iov, n))
		return LD_WRITTEN;
	return write_rest(stream, iov, n, done, got == PUT_FULL);
}

void
ldi_transfer_shutdown(struct ldi_conn *conn)
{
	if (conn->ssl != NULL)
		ldi_tls_shutdown(conn);
	/* Fails when the peer is gone already, which reading will show. */
	shutdown(conn->fd, SHUT_WR);
	ldi_conn_watch(conn, UV_READABLE);
}

static void
write_ready(struct ldi_conn *conn)
{
	struct ld_stream *stream = conn->stream;
	struct ldi_failure failure;

	if (flush(stream, &failure) == PUT_FAILED) {
		ldi_transfer_forget(stream);
		ldi_conn_watch(conn, UV_READABLE);
		/* Later, so that what the peer had sent before is read. */
		ldi_stream_end_later(stream, &failure);
		return;
	}
	if (stream->out.n > 0)
		return;
	if (stream->state == LDI_STREAM_CLOSING) {
		ldi_transfer_shutdown(conn);
		return;
	}
	ldi_conn_watch(conn, UV_READABLE);
	stream->ops->on_written(stream->owner, ld_now_ns());
}

/* -- readiness ------------------------------------------------------------ */

void
ldi_transfer_ready(struct ldi_conn *conn, bool broken, int events)
{
	if (broken) {
		read_broken(conn);
		return;
	}
	if ((events & UV_WRITABLE) != 0 && conn->stream->out.n > 0) {
		write_ready(conn);
		if (conn->stream == NULL) /* the codec cut it */
			return;
	}
	if ((events & UV_WRITABLE) != 0 && conn->blocked) {
		conn->blocked = false;
		watch_again(conn);
		events |= UV_READABLE;
	}
	if ((events & UV_READABLE) != 0)
		read_ready(conn);
}
