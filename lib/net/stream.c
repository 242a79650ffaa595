/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ld/time.h>

#include "net/stream.h"

/* Told instead of a failure for which there was no memory. */
static struct ldi_failure no_memory = { LD_CLASS_LOCAL_MEMORY,
	"out of memory" };

static void
drop_failure(struct ld_stream *stream)
{
	if (stream->failure != &no_memory)
		free(stream->failure);
	stream->failure = NULL;
}

/* Everything that a connection needed goes; the stream is idle. */
static void
make_idle(struct ld_stream *stream)
{
	ldi_task_cancel(&stream->wait);
	ldi_task_cancel(&stream->later);
	if (stream->name != NULL)
		ldi_name_put(stream->name);
	stream->name = NULL;
	stream->pin = NULL;
	if (stream->conn != NULL)
		ldi_conn_cut(stream->conn);
	stream->conn = NULL;
	ldi_transfer_forget(stream);
	drop_failure(stream);
	stream->endpoint = NULL;
	stream->state = LDI_STREAM_IDLE;
}

void
ldi_stream_end(struct ld_stream *stream, const struct ldi_failure *failure)
{
	uint64_t now_ns = ld_now_ns();

	stream->ended_ns = now_ns;
	make_idle(stream);
	/* `failure` is the caller's, not the stream's: it outlives this. */
	stream->ops->on_closed(
	    stream->owner, failure->cls, failure->text, now_ns);
}

void
ldi_stream_end_later(
    struct ld_stream *stream, const struct ldi_failure *failure)
{
	if (stream->failure != NULL)
		return;
	stream->failure = malloc(sizeof(*stream->failure));
	if (stream->failure == NULL)
		stream->failure = &no_memory;
	else
		*stream->failure = *failure;
	ldi_loop_defer(stream->loop, &stream->later);
}

void
ldi_stream_end_because(
    struct ld_stream *stream, const struct ldi_failure *failure)
{
	if (stream->failure != NULL && stream->failure != &no_memory)
		*stream->failure = *failure;
}

static void
run_later(struct ldi_task *task)
{
	struct ld_stream *stream = LDI_CONTAINER(task, struct ld_stream, later);
	struct ldi_conn *conn = stream->conn;
	struct ldi_failure failure;

	if (stream->state == LDI_STREAM_OPEN) {
		ldi_transfer_drain(conn);
		if (conn->stream == NULL) /* the codec cut it */
			return;
	}
	failure = *stream->failure;
	ldi_stream_end(stream, &failure);
}

enum ld_status
ld_stream_new(struct ld_loop *loop, const struct ld_stream_ops *ops,
    void *owner, struct ld_stream **stream_out, struct ld_err *err)
{
	struct ld_stream *stream = calloc(1, sizeof(*stream));

	if (stream == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for a stream");
	stream->loop = loop;
	stream->ops = ops;
	stream->owner = owner;
	ldi_list_init(&stream->wait.link);
	ldi_list_init(&stream->later.link);
	stream->later.run = run_later;
	*stream_out = stream;
	return LD_OK;
}

void
ld_stream_free(struct ld_stream *stream)
{
	if (stream == NULL)
		return;
	make_idle(stream);
	free(stream);
}

void
ld_stream_abort(struct ld_stream *stream)
{
	make_idle(stream);
}

static enum ld_status
check_endpoint(const struct ld_endpoint *endpoint, struct ld_err *err)
{
	struct sockaddr_un un;

	if (endpoint->unix_path != NULL) {
		if (strlen(endpoint->unix_path) >= sizeof(un.sun_path))
			return ld_err_set(err, LD_INVALID,
			    "path of a unix socket is longer than %zu bytes: "
			    "'%s'",
			    sizeof(un.sun_path) - 1, endpoint->unix_path);
		if (endpoint->tls != NULL && endpoint->tls_name == NULL &&
		    endpoint->host == NULL)
			return ld_err_set(err, LD_INVALID,
			    "TLS over unix socket '%s' needs a name to verify",
			    endpoint->unix_path);
		return LD_OK;
	}
	if (endpoint->host == NULL || endpoint->host[0] == '\0')
		return ld_err_set(err, LD_INVALID, "no host to connect to");
	if (endpoint->port == 0)
		return ld_err_set(err, LD_INVALID,
		    "port 0 of '%s' cannot be connected to", endpoint->host);
	return LD_OK;
}

enum ld_status
ld_stream_connect(struct ld_stream *stream, const struct ld_endpoint *endpoint,
    struct ld_err *err)
{
	struct ldi_failure failure;
	enum ld_status st;

	assert(stream->state == LDI_STREAM_IDLE);
	st = check_endpoint(endpoint, err);
	if (st != LD_OK)
		return st;
	stream->endpoint = endpoint;
	stream->next_addr = 0;
	stream->addr_errno = 0;
	stream->phase = LD_PHASE_DNS;
	stream->begin_ns = ld_now_ns();
	stream->open_ns = 0;
	stream->ended_ns = 0;
	if (!ldi_connect_begin(stream, &failure))
		ldi_stream_end_later(stream, &failure);
	return LD_OK;
}

static void
run_linger(struct ldi_task *task)
{
	static const struct ldi_failure closed = { LD_CLASS_NONE, "closed" };

	ldi_stream_end(LDI_CONTAINER(task, struct ld_stream, wait), &closed);
}

void
ld_stream_close(struct ld_stream *stream)
{
	static const struct ldi_failure closed = { LD_CLASS_NONE, "closed" };

	if (stream->state == LDI_STREAM_IDLE ||
	    stream->state == LDI_STREAM_CLOSING || stream->failure != NULL)
		return;
	if (stream->state != LDI_STREAM_OPEN) {
		make_idle(stream);
		/* Not idle for the codec until it was told. */
		stream->state = LDI_STREAM_CLOSING;
		ldi_stream_end_later(stream, &closed);
		return;
	}
	stream->state = LDI_STREAM_CLOSING;
	stream->wait.run = run_linger;
	ldi_loop_linger(stream->loop, &stream->wait);
	if (stream->out.n == 0)
		ldi_transfer_shutdown(stream->conn);
}

bool
ld_stream_is_open(const struct ld_stream *stream)
{
	return stream->state == LDI_STREAM_OPEN && stream->failure == NULL;
}

void
ld_stream_times(const struct ld_stream *stream, uint64_t now_ns,
    struct ld_stream_times *out)
{
	uint64_t at = now_ns;

	if (stream->ended_ns != 0 && stream->ended_ns < at)
		at = stream->ended_ns;
	if (at < stream->begin_ns)
		at = stream->begin_ns;
	memset(out, 0, sizeof(*out));
	out->begin_ns = stream->begin_ns;
	out->phase = stream->phase;
	if (stream->phase == LD_PHASE_DNS) {
		out->dns_ns = at - stream->begin_ns;
		return;
	}
	out->dns_ns = stream->resolved_ns - stream->begin_ns;
	if (stream->phase == LD_PHASE_CONNECT) {
		out->connect_ns =
		    at > stream->resolved_ns ? at - stream->resolved_ns : 0;
		return;
	}
	out->connect_ns = stream->connected_ns - stream->resolved_ns;
	if (stream->phase == LD_PHASE_TLS) {
		out->tls_ns =
		    at > stream->connected_ns ? at - stream->connected_ns : 0;
		return;
	}
	out->tls_ns = stream->open_ns - stream->connected_ns;
	out->open_ns = stream->open_ns;
}

void
ld_stream_take_bytes(
    struct ld_stream *stream, uint64_t *out_bytes, uint64_t *in_bytes)
{
	*out_bytes = stream->bytes_out;
	*in_bytes = stream->bytes_in;
	stream->bytes_out = stream->bytes_in = 0;
}

const char *
ld_stream_alpn(const struct ld_stream *stream, size_t *len_out)
{
	const unsigned char *name = NULL;
	unsigned len = 0;

	if (stream->conn != NULL && stream->conn->ssl != NULL)
		SSL_get0_alpn_selected(stream->conn->ssl, &name, &len);
	*len_out = len;
	return len > 0 ? (const char *)name : NULL;
}

bool
ld_stream_resumed(const struct ld_stream *stream)
{
	return stream->conn != NULL && stream->conn->ssl != NULL &&
	       SSL_session_reused(stream->conn->ssl) == 1;
}

const char *
ldi_conn_peer(const struct ldi_conn *conn, char buf[LDI_PEER_TEXT])
{
	struct sockaddr_un un;
	socklen_t len = sizeof(un);

	if (conn->addr.len > 0) {
		ldi_addr_text(&conn->addr, buf);
		return buf;
	}
	memset(&un, 0, sizeof(un));
	if (getpeername(conn->fd, (struct sockaddr *)&un, &len) == 0 &&
	    un.sun_path[0] != '\0')
		snprintf(buf, LDI_PEER_TEXT, "%.*s", (int)sizeof(un.sun_path),
		    un.sun_path);
	else
		snprintf(buf, LDI_PEER_TEXT, "the unix socket");
	return buf;
}
