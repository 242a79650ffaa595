/* SPDX-License-Identifier: MIT */
/* UDP: a payload is one datagram, and so is an answer, unless more of them are
 * read until one holds what is expected. */
#include "config.h"

#include <ld/time.h>

#include "drivers/socket/socket.h"

static void
on_open(void *owner)
{
	ldi_socket_opened(owner);
}

static void
on_data(void *owner, const char *data, size_t len, uint64_t now_ns)
{
	struct ldi_socket_session *s = owner;

	if (s->exchange != NULL)
		s->exchange->bytes_in += len;
	ldi_socket_data(s, data, len, now_ns, true);
}

static void
on_closed(void *owner, enum ld_class cls, const char *text, uint64_t now_ns)
{
	ldi_socket_ended(owner, cls, text, now_ns);
}

static const struct ld_datagram_ops callbacks = {
	.on_open = on_open,
	.on_data = on_data,
	.on_closed = on_closed,
};

static enum ld_status
datagram_connect(struct ldi_socket_session *s, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	if (s->datagram == NULL)
		st = ld_datagram_new(
		    s->worker->loop, &callbacks, s, &s->datagram, err);
	return st == LD_OK ? ld_datagram_open(s->datagram, &s->endpoint, err)
			   : st;
}

static bool
datagram_is_open(const struct ldi_socket_session *s)
{
	return ld_datagram_is_open(s->datagram);
}

static bool
datagram_drain(struct ldi_socket_session *s)
{
	ld_datagram_drain(s->datagram);
	return true;
}

static const char *
why(enum ld_class cls)
{
	if (cls == LD_CLASS_VALUE)
		return "the payload is too long for a datagram";
	return cls == LD_CLASS_REFUSED ? "nobody takes datagrams there"
				       : "the datagram could not be sent";
}

static void
datagram_send(struct ldi_socket_session *s)
{
	enum ld_class cls;

	cls = ld_datagram_send(s->datagram, s->bytes, s->n_bytes);
	if (cls == LD_CLASS_NONE) {
		s->exchange->bytes_out += s->n_bytes;
		ldi_socket_sent(s, 0);
	} else {
		ldi_socket_ended(s, cls, why(cls), ld_now_ns());
	}
}

static void
datagram_times(const struct ldi_socket_session *s, uint64_t now_ns,
    struct ld_stream_times *out)
{
	ld_datagram_times(s->datagram, now_ns, out);
}

static void
datagram_take_bytes(struct ldi_socket_session *s)
{
	(void)s; /* counted as they go */
}

static void
datagram_cut(struct ldi_socket_session *s)
{
	if (s->datagram != NULL)
		ld_datagram_abort(s->datagram);
}

const struct ldi_socket_ops ldi_socket_datagram = {
	.connect = datagram_connect,
	.is_open = datagram_is_open,
	.drain = datagram_drain,
	.send = datagram_send,
	.times = datagram_times,
	.take_bytes = datagram_take_bytes,
	.cut = datagram_cut,
};
