/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ld/time.h>

#include "net/stream.h"
#include "net/tls.h"

/* -- one socket ----------------------------------------------------------- */

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct ldi_conn *conn = LDI_CONTAINER(poll, struct ldi_conn, poll);
	struct ld_stream *stream = conn->stream;

	/* The socket has an error pending; libuv stopped the watcher. */
	if (status < 0)
		conn->watched = 0;
	switch (stream->state) {
	case LDI_STREAM_OPEN:
	case LDI_STREAM_CLOSING:
		ldi_transfer_ready(conn, status < 0, events);
		break;
	case LDI_STREAM_HANDSHAKE:
		ldi_conn_fill(conn);
		ldi_handshake_ready(stream);
		break;
	case LDI_STREAM_CONNECTING:
		ldi_connect_ready(stream);
		break;
	case LDI_STREAM_RESOLVING:
	case LDI_STREAM_IDLE:
		break; /* they have no conn */
	}
}

void
ldi_conn_watch(struct ldi_conn *conn, int events)
{
	if (conn->watched == events)
		return;
	conn->watched = events;
	/* Fails only for a handle that is being closed. */
	uv_poll_start(&conn->poll, events, on_ready);
}

static void
on_conn_closed(uv_handle_t *handle)
{
	free(LDI_CONTAINER(handle, struct ldi_conn, poll));
}

void
ldi_conn_cut(struct ldi_conn *conn)
{
	conn->stream = NULL;
	ldi_tls_free(conn);
	/* The watcher lets go of the descriptor here, not in its callback. */
	uv_close((uv_handle_t *)&conn->poll, on_conn_closed);
	close(conn->fd);
}

/* EADDRNOTAVAIL says that the source ports are used up, or that this host has
 * no address of the target's kind at all.  Datagrams have ports of their own,
 * so a datagram socket tells the two apart. */
static bool
has_source_address(const struct sockaddr *sa, socklen_t len)
{
	int fd = socket(sa->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool has = true;

	if (fd >= 0) {
		has = connect(fd, sa, len) == 0 || errno != EADDRNOTAVAIL;
		close(fd);
	}
	return has;
}

/* A socket on its way to the address; 0, or an errno and -1 in *fd_out. */
static int
open_socket(
    struct ld_loop *loop, const struct sockaddr *sa, socklen_t len, int *fd_out)
{
	bool inet = sa->sa_family != AF_UNIX;
	int fd, one = 1, rc = 0;

	*fd_out = -1;
	fd = socket(
	    sa->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	if (inet &&
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0)
		rc = errno;
	if (inet && rc == 0)
		rc = ldi_sources_bind(ldi_pins_sources(loop->pins),
		    sa->sa_family, fd, &loop->next_source);
	if (rc == 0 && connect(fd, sa, len) != 0 && errno != EINPROGRESS)
		rc = errno;
	if (inet && rc == EAGAIN) /* Linux' other word for no free port */
		rc = EADDRNOTAVAIL;
	if (inet && rc == EADDRNOTAVAIL && !has_source_address(sa, len))
		rc = ENETUNREACH;
	if (rc != 0)
		close(fd);
	else
		*fd_out = fd;
	return rc;
}

/* stream->conn, connecting: 0, or an errno. */
static int
open_conn(struct ld_stream *stream, const struct sockaddr *sa, socklen_t len)
{
	struct ldi_conn *conn = calloc(1, sizeof(*conn));
	int rc;

	if (conn == NULL)
		return ENOMEM;
	rc = open_socket(stream->loop, sa, len, &conn->fd);
	if (rc != 0) {
		free(conn);
		return rc;
	}
	rc = uv_poll_init(&stream->loop->uv, &conn->poll, conn->fd);
	if (rc != 0) {
		close(conn->fd);
		free(conn);
		return -rc;
	}
	if (sa->sa_family != AF_UNIX) {
		memcpy(&conn->addr.u, sa, len);
		conn->addr.len = len;
	}
	conn->stream = stream;
	stream->conn = conn;
	ldi_conn_watch(conn, UV_WRITABLE);
	return 0;
}

/*
 * A client that asks often enough for a local port where nobody listens
 * meets itself one day: its source port is drawn from the same range, and
 * TCP lets both ends open at once.  Only loopback targets can do that.
 */
static bool
is_self(const struct ldi_conn *conn)
{
	struct ldi_addr self = { .len = sizeof(self.u) };
	const struct ldi_addr *peer = &conn->addr;

	if (peer->len == 0 || getsockname(conn->fd, &self.u.sa, &self.len) != 0)
		return false;
	if (peer->u.sa.sa_family == AF_INET)
		return self.u.in.sin_port == peer->u.in.sin_port &&
		       self.u.in.sin_addr.s_addr == peer->u.in.sin_addr.s_addr;
	return self.u.in6.sin6_port == peer->u.in6.sin6_port &&
	       memcmp(&self.u.in6.sin6_addr, &peer->u.in6.sin6_addr,
		   sizeof(self.u.in6.sin6_addr)) == 0;
}

static int
connect_result(const struct ldi_conn *conn)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		return errno;
	if (error == 0 && is_self(conn))
		return ECONNREFUSED;
	return error;
}

/* -- one address after the other ------------------------------------------ */

static unsigned
n_addrs(const struct ld_stream *stream)
{
	if (stream->pin != NULL)
		return stream->pin->n_addrs;
	return stream->name != NULL ? stream->name->n_addrs : 1;
}

static void
nth_addr(const struct ld_stream *stream, unsigned i, struct ldi_addr *out)
{
	in_port_t port = htons(stream->port);

	if (stream->pin != NULL)
		*out = stream->pin->addrs[i];
	else if (stream->name != NULL)
		*out = stream->name->addrs[i];
	else
		*out = stream->literal;
	if (out->u.sa.sa_family == AF_INET)
		out->u.in.sin_port = port;
	else
		out->u.in6.sin6_port = port;
}

static int
open_nth(struct ld_stream *stream, unsigned i)
{
	const char *path = stream->endpoint->unix_path;
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct ldi_addr addr;

	if (path != NULL) {
		memcpy(un.sun_path, path, strlen(path) + 1);
		return open_conn(stream, (struct sockaddr *)&un, sizeof(un));
	}
	nth_addr(stream, i, &addr);
	return open_conn(stream, &addr.u.sa, addr.len);
}

/* Of several addresses the last failure is told, but that a host lacks a
 * route (to IPv6, most often) says less than any other. */
static void
note_errno(struct ld_stream *stream, int error)
{
	if (stream->addr_errno != 0 &&
	    ldi_class_of_connect(error) == LD_CLASS_UNREACHABLE)
		return;
	stream->addr_errno = error;
	stream->addr_place = stream->next_addr - 1;
}

/* "connect to localhost (127.0.0.1:80): connection refused" */
static void
describe(struct ld_stream *stream, struct ldi_failure *failure)
{
	const struct ld_endpoint *endpoint = stream->endpoint;
	enum ld_class cls = ldi_class_of_connect(stream->addr_errno);
	char why[LDI_ERRNO_TEXT], text[LDI_ADDR_TEXT];
	struct ldi_addr addr;

	ldi_errno_text(stream->addr_errno, why);
	if (endpoint->unix_path != NULL) {
		ldi_failure_set(failure, cls, "connect to %s: %s",
		    endpoint->unix_path, why);
		return;
	}
	nth_addr(stream, stream->addr_place, &addr);
	ldi_addr_text(&addr, text);
	if (stream->name == NULL && stream->pin == NULL)
		ldi_failure_set(failure, cls, "connect to %s: %s", text, why);
	else
		ldi_failure_set(failure, cls, "connect to %.200s (%s): %s",
		    stream->host, text, why);
}

/* What this host is short of, another address will not mend. */
static bool
is_hopeless(int error)
{
	enum ld_class cls = ldi_class_of_connect(error);

	return cls == LD_CLASS_LOCAL_FILES || cls == LD_CLASS_LOCAL_MEMORY;
}

static bool
try_next(struct ld_stream *stream, struct ldi_failure *failure)
{
	stream->state = LDI_STREAM_CONNECTING;
	while (stream->next_addr < n_addrs(stream)) {
		int error = open_nth(stream, stream->next_addr++);

		if (error == 0)
			return true;
		note_errno(stream, error);
		if (is_hopeless(error))
			break;
	}
	describe(stream, failure);
	return false;
}

/* -- the name ------------------------------------------------------------- */

static bool
resolved(struct ld_stream *stream, struct ldi_failure *failure)
{
	const struct ldi_name *name = stream->name;

	if (name != NULL && name->state == LDI_NAME_FAILED) {
		ldi_failure_set(failure, ldi_name_class(name),
		    "resolve %.200s: %s", name->host, ldi_name_why(name));
		return false;
	}
	stream->phase = LD_PHASE_CONNECT;
	return try_next(stream, failure);
}

static void
on_name(struct ldi_task *task)
{
	struct ld_stream *stream = LDI_CONTAINER(task, struct ld_stream, wait);
	struct ldi_failure failure;

	stream->resolved_ns = ld_now_ns();
	if (!resolved(stream, &failure))
		ldi_stream_end(stream, &failure);
}

bool
ldi_connect_begin(struct ld_stream *stream, struct ldi_failure *failure)
{
	const struct ld_endpoint *endpoint = stream->endpoint;

	/* Known addresses take no time to find: the phase is 0, exactly. */
	stream->state = LDI_STREAM_RESOLVING;
	stream->resolved_ns = stream->begin_ns;
	stream->pin = NULL;
	if (endpoint->unix_path != NULL)
		return resolved(stream, failure);
	stream->host = endpoint->host;
	stream->port = endpoint->port;
	ldi_pins_lead(stream->loop->pins, &stream->host, &stream->port);
	stream->pin =
	    ldi_pins_find(stream->loop->pins, stream->host, stream->port);
	if (stream->pin != NULL ||
	    ldi_addr_literal(&stream->literal, stream->host, stream->port))
		return resolved(stream, failure);

	stream->name =
	    ldi_name_get(stream->loop, stream->host, stream->begin_ns);
	if (stream->name == NULL) {
		ldi_failure_set(failure, LD_CLASS_LOCAL_MEMORY,
		    "resolve %.200s: out of memory", stream->host);
		return false;
	}
	if (stream->name->state != LDI_NAME_ASKING)
		return resolved(stream, failure);
	stream->wait.run = on_name;
	ldi_list_append(&stream->name->waiters, &stream->wait.link);
	return true;
}

/* -- connected ------------------------------------------------------------ */

static void
opened(struct ld_stream *stream, uint64_t now_ns)
{
	struct ldi_conn *conn = stream->conn;

	stream->state = LDI_STREAM_OPEN;
	stream->phase = LD_PHASE_SEND;
	stream->open_ns = now_ns;
	stream->endpoint = NULL;
	stream->pin = NULL;
	if (stream->name != NULL)
		ldi_name_put(stream->name);
	stream->name = NULL;
	ldi_conn_watch(conn, UV_READABLE);
	stream->ops->on_open(stream->owner);
	/* The peer's first data may have come with its last handshake bytes. */
	if (conn->stream != NULL && conn->ssl != NULL)
		ldi_transfer_buffered(conn);
}

void
ldi_handshake_ready(struct ld_stream *stream)
{
	struct ldi_conn *conn = stream->conn;
	struct ldi_failure failure;

	switch (ldi_tls_handshake(conn, &failure)) {
	case LDI_TLS_DONE:
		opened(stream, ld_now_ns());
		break;
	case LDI_TLS_WANT_READ:
		ldi_conn_watch(conn, UV_READABLE);
		break;
	case LDI_TLS_WANT_WRITE:
		ldi_conn_watch(conn, UV_WRITABLE);
		break;
	case LDI_TLS_END:
	case LDI_TLS_FAILED:
		ldi_stream_end(stream, &failure);
		break;
	}
}

void
ldi_connect_ready(struct ld_stream *stream)
{
	int error = connect_result(stream->conn);
	struct ldi_failure failure;

	if (error != 0) {
		note_errno(stream, error);
		ldi_conn_cut(stream->conn);
		stream->conn = NULL;
		if (!try_next(stream, &failure))
			ldi_stream_end(stream, &failure);
		return;
	}
	stream->connected_ns = ld_now_ns();
	if (stream->endpoint->tls == NULL) {
		opened(stream, stream->connected_ns);
		return;
	}
	stream->phase = LD_PHASE_TLS;
	stream->state = LDI_STREAM_HANDSHAKE;
	if (ldi_tls_attach(stream->conn, stream->endpoint, &failure))
		ldi_handshake_ready(stream);
	else
		ldi_stream_end(stream, &failure);
}
