/* SPDX-License-Identifier: MIT */
/* TCP, TLS and unix sockets. */
#include "config.h"

#include "drivers/socket/socket.h"

static void
on_open(void *owner)
{
	ldi_socket_opened(owner);
}

static void
on_data(void *owner, const char *data, size_t len, uint64_t now_ns)
{
	ldi_socket_data(owner, data, len, now_ns, false);
}

static void
on_written(void *owner, uint64_t now_ns)
{
	ldi_socket_sent(owner, now_ns);
}

static void
on_closed(void *owner, enum ld_class cls, const char *text, uint64_t now_ns)
{
	ldi_socket_ended(owner, cls, text, now_ns);
}

static const struct ld_stream_ops callbacks = {
	.on_open = on_open,
	.on_data = on_data,
	.on_written = on_written,
	.on_closed = on_closed,
};

static enum ld_status
stream_connect(struct ldi_socket_session *s, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	if (s->stream == NULL)
		st = ld_stream_new(
		    s->worker->loop, &callbacks, s, &s->stream, err);
	/* Without memory for them every handshake is a full one. */
	if (s->endpoint.tls != NULL && s->tickets == NULL &&
	    s->worker->run->resume)
		s->tickets = ld_tickets_new();
	s->endpoint.tickets = s->tickets;
	return st == LD_OK ? ld_stream_connect(s->stream, &s->endpoint, err)
			   : st;
}

static bool
stream_is_open(const struct ldi_socket_session *s)
{
	return ld_stream_is_open(s->stream);
}

static bool
stream_drain(struct ldi_socket_session *s)
{
	uint64_t out = 0, in = 0;
	bool open = ld_stream_drain(s->stream);

	/* They are no bytes of the exchange that begins. */
	ld_stream_take_bytes(s->stream, &out, &in);
	return open;
}

static void
stream_send(struct ldi_socket_session *s)
{
	union {
		const char *bytes;
		void *base; /* writev() does not write there */
	} alias = { .bytes = s->bytes };
	const struct iovec iov = { alias.base, s->n_bytes };

	if (s->n_bytes == 0 ||
	    ld_stream_write(s->stream, &iov, 1) == LD_WRITTEN)
		ldi_socket_sent(s, 0);
}

static void
stream_times(const struct ldi_socket_session *s, uint64_t now_ns,
    struct ld_stream_times *out)
{
	ld_stream_times(s->stream, now_ns, out);
}

static void
stream_take_bytes(struct ldi_socket_session *s)
{
	uint64_t out = 0, in = 0;

	ld_stream_take_bytes(s->stream, &out, &in);
	s->exchange->bytes_out += out;
	s->exchange->bytes_in += in;
}

static void
stream_cut(struct ldi_socket_session *s)
{
	if (s->stream != NULL)
		ld_stream_abort(s->stream);
}

const struct ldi_socket_ops ldi_socket_stream = {
	.connect = stream_connect,
	.is_open = stream_is_open,
	.drain = stream_drain,
	.send = stream_send,
	.times = stream_times,
	.take_bytes = stream_take_bytes,
	.cut = stream_cut,
};
