/* SPDX-License-Identifier: MIT */
/*
 * Bytes to requests.  What is not whole yet is kept per connection; what is, is
 * served from where it arrived.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "target/conn.h"

/* Answers of pipelined requests are sent together up to this. */
#define FLUSH_AT ((size_t)256 << 10)
/* A private buffer that grew beyond this is given back. */
/* Of TLS, at once. */
#define WIRE ((size_t)16 << 10)
#define KEEP_CONN ((size_t)16 << 10)

static unsigned
read_head(struct ld_target *t, struct ldi_conn *c, const char *data, size_t len)
{
	unsigned status =
	    ldi_target_request_parse(&t->req, data, len, &c->scanned);

	if (status != 0)
		return status;
	c->have_head = true;
	c->head_len = c->raw_len = t->req.head_len;
	c->body_len = 0;
	memset(&c->chunks, 0, sizeof(c->chunks));
	return 0;
}

/*
 * Bring the body behind the head at `data` to its end; c->used is then what
 * the request takes of `data`.  A chunked body is decoded in place: *len
 * shrinks by its framing as long as there is more to come.
 */
static unsigned
read_body(struct ld_target *t, struct ldi_conn *c, char *data, size_t *len)
{
	size_t start = c->head_len + c->body_len, decoded, used;
	unsigned status;

	if (!t->req.chunked) {
		if (*len - c->head_len < t->req.content_length)
			return LDI_TARGET_MORE;
		c->body_len = (size_t)t->req.content_length;
		c->raw_len = c->used = c->head_len + c->body_len;
		return 0;
	}
	status = ldi_target_chunks_decode(&c->chunks, data + start,
	    *len - start, c->body_len, &decoded, &used);
	c->body_len += decoded;
	c->raw_len += used;
	c->used = start + used;
	if (status == LDI_TARGET_MORE)
		*len = start + decoded;
	return status;
}

/* Bring the request at `data` to its end, if its bytes are there.  Slices of
 * t->req are found anew each time: the bytes may have moved. */
static unsigned
complete(struct ld_target *t, struct ldi_conn *c, char *data, size_t *len)
{
	size_t scanned = 0;
	unsigned status = c->have_head ? ldi_target_request_parse(&t->req, data,
					     c->head_len, &scanned)
				       : read_head(t, c, data, *len);

	if (status != 0 || c->whole)
		return status;
	status = read_body(t, c, data, len);
	c->whole = status == 0;
	return status;
}

/* One request from the front of `data`; how many bytes it took, 0 when there
 * is none to be taken now. */
static size_t
take_request(struct ld_target *t, struct ldi_conn *c, char *data, size_t *len)
{
	bool fresh = !c->have_head;
	unsigned status = complete(t, c, data, len);

	if (status == LDI_TARGET_MORE) {
		if (fresh && c->have_head)
			ldi_conn_serve_head(t, c);
		return 0;
	}
	if (status != 0) {
		ldi_conn_refuse(t, c, status);
		return 0;
	}
	t->req.body = (struct ldi_slice){ data + c->head_len, c->body_len };
	if (!ldi_conn_serve(t, c))
		return 0;
	c->have_head = c->whole = false;
	c->scanned = 0;
	return c->used;
}

/* Serve what `data` holds; returns how much was taken from its front. */
static size_t
consume(struct ld_target *t, struct ldi_conn *c, char *data, size_t *len)
{
	size_t pos = 0;

	while (pos < *len && c->fd >= 0 && !c->closing &&
	       !ldi_conn_pending(c) && c->state == LDI_CONN_READING) {
		size_t left = *len - pos;
		size_t n = take_request(t, c, data + pos, &left);

		*len = pos + left;
		if (n == 0)
			break;
		pos += n;
		if (t->out.len >= FLUSH_AT)
			ldi_conn_flush(t, c);
	}
	return pos;
}

void
ldi_conn_process(struct ld_target *t, struct ldi_conn *c)
{
	size_t len = c->in.len, used;

	if (len == 0)
		return;
	used = consume(t, c, c->in.data, &len);
	if (c->fd < 0)
		return;
	c->in.len = len;
	ld_buf_drop(&c->in, used);
	if (c->in.len == 0 && c->in.cap > KEEP_CONN)
		ld_buf_clear(&c->in);
}

/* recv() into `data`; 0 when there is nothing to go on with. */
static size_t
receive_plain(struct ld_target *t, struct ldi_conn *c, char *data, size_t room)
{
	ssize_t n;

	do
		n = recv(c->fd, data, room, 0);
	while (n < 0 && errno == EINTR);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK))
		ldi_conn_close(t, c);
	if (n <= 0)
		return 0;
	return (size_t)n;
}

/* What the seal holds never needs more room than `data` has: it gets less
 * from the wire at once. */
static size_t
receive(struct ld_target *t, struct ldi_conn *c, char *data, size_t room)
{
	char wire[WIRE];
	size_t n, have = 0;
	long part = 1;

	if (c->seal == NULL)
		return receive_plain(t, c, data, room);
	n = receive_plain(t, c, wire, sizeof(wire));
	if (n == 0)
		return 0;
	if (!ldi_seal_feed(c->seal, wire, n)) {
		ldi_conn_close(t, c);
		return 0;
	}
	while (part > 0 && have < room) {
		part = ldi_seal_read(c->seal, data + have, room - have);
		if (part > 0)
			have += (size_t)part;
	}
	if (part >= 0 || have > 0)
		return have;
	/* The handshake failed, or the peer ended it: say why, and go. */
	c->closing = c->refused = c->farewell = true;
	return 0;
}

static void
read_private(struct ld_target *t, struct ldi_conn *c)
{
	if (ld_buf_reserve(&c->in, LDI_TARGET_SCRATCH) != LD_OK) {
		ldi_conn_close(t, c);
		return;
	}
	c->in.len +=
	    receive(t, c, c->in.data + c->in.len, c->in.cap - c->in.len);
	if (c->fd >= 0)
		ldi_conn_process(t, c);
}

static void
read_shared(struct ld_target *t, struct ldi_conn *c)
{
	size_t len = receive(t, c, t->scratch, LDI_TARGET_SCRATCH), used;

	if (len == 0)
		return;
	used = consume(t, c, t->scratch, &len);
	if (c->fd < 0 || used == len)
		return;
	ld_buf_add(&c->in, t->scratch + used, len - used);
	if (c->in.failed)
		ldi_conn_close(t, c);
}

void
ldi_conn_read(struct ld_target *t, struct ldi_conn *c)
{
	if (c->in.len > 0)
		read_private(t, c);
	else
		read_shared(t, c);
}

void
ldi_conn_discard(struct ld_target *t, struct ldi_conn *c)
{
	ssize_t n = recv(c->fd, t->scratch, LDI_TARGET_SCRATCH, 0);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		ldi_conn_close(t, c);
}

void
ldi_conn_echo(struct ld_target *t, struct ldi_conn *c)
{
	size_t len = receive(t, c, t->scratch, LDI_TARGET_SCRATCH);

	c->listener->bytes_in += len;
	c->listener->bytes_out += len;
	ld_buf_add(&t->out, t->scratch, len);
}
