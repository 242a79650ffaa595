/* SPDX-License-Identifier: MIT */
/*
 * A connection reads requests one after another and answers each before it
 * looks at the next, so answers are in order.  It stops reading while an
 * answer waits for its time or for the kernel: what a client pipelines stays
 * in the client's own socket buffer.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ld/time.h>

#include "target/server.h"

/* Answers of pipelined requests are sent together up to this. */
#define FLUSH_AT ((size_t)256 << 10)
/* Shared and private buffers that grew beyond this are given back. */
#define KEEP ((size_t)1 << 20)
#define KEEP_CONN ((size_t)16 << 10)
/* Drips are at least this far apart. */
#define DRIP_NS LD_NS_PER_MS

/* -- life ----------------------------------------------------------------- */

static void
set_counted(struct ld_target *t, struct ldi_conn *c, bool counted)
{
	if (c->counted == counted)
		return;
	c->counted = counted;
	t->counts.connections += counted ? 1 : UINT64_MAX;
	t->counts.open += counted ? 1 : UINT64_MAX;
}

struct ldi_conn *
ldi_conn_new(struct ld_target *t, int fd)
{
	struct ldi_conn *c = calloc(1, sizeof(*c));
	struct epoll_event ev = { .events = EPOLLIN };

	if (c == NULL)
		return NULL;
	ev.data.ptr = c;
	if (epoll_ctl(t->epoll_fd, EPOLL_CTL_ADD, fd, &ev) != 0) {
		free(c);
		return NULL;
	}
	c->fd = fd;
	c->interest = EPOLLIN;
	ld_buf_init(&c->in,
	    LDI_TARGET_MAX_HEAD + LDI_TARGET_MAX_BODY + 4 * LDI_TARGET_SCRATCH);
	ld_buf_init(&c->out, 2 * LDI_TARGET_MAX_REPLY);
	ld_buf_init(&c->held, LDI_TARGET_MAX_REPLY);
	set_counted(t, c, true);
	c->next = t->conns;
	if (c->next != NULL)
		c->next->prev = c;
	t->conns = c;
	return c;
}

void
ldi_conn_close(struct ld_target *t, struct ldi_conn *c)
{
	if (c->fd < 0)
		return;
	close(c->fd);
	c->fd = -1;
	if (c->counted)
		t->counts.open--;
	ldi_timer_unset(&t->timers, &c->timer);
	ld_buf_clear(&c->in);
	ld_buf_clear(&c->out);
	ld_buf_clear(&c->held);
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		t->conns = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	c->next = t->dead;
	t->dead = c;
}

static void
set_timer(struct ld_target *t, struct ldi_conn *c, uint64_t due_ns)
{
	if (!ldi_timer_set(&t->timers, &c->timer, due_ns))
		ldi_conn_close(t, c);
}

/* -- sending -------------------------------------------------------------- */

static bool
pending(const struct ldi_conn *c)
{
	return c->out.len > c->out_off;
}

/* How many of the bytes the kernel took; closes the connection on errors. */
static size_t
send_some(struct ld_target *t, struct ldi_conn *c, const char *p, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = send(c->fd, p + done, len - done, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			if (errno != EAGAIN && errno != EWOULDBLOCK)
				ldi_conn_close(t, c);
			break;
		}
		done += (size_t)n;
	}
	if (!c->silent)
		t->counts.bytes_out += done;
	return done;
}

/* Send what is left over, then what was just written to t->out. */
static void
flush(struct ld_target *t, struct ldi_conn *c)
{
	size_t done = 0;

	if (pending(c)) {
		c->out_off += send_some(
		    t, c, c->out.data + c->out_off, c->out.len - c->out_off);
		if (c->fd >= 0 && !pending(c)) {
			ld_buf_clear(&c->out);
			c->out_off = 0;
		}
	}
	if (c->fd >= 0 && t->out.len > 0 && !pending(c))
		done = send_some(t, c, t->out.data, t->out.len);
	if (c->fd >= 0 && done < t->out.len) {
		ld_buf_add(&c->out, t->out.data + done, t->out.len - done);
		if (c->out.failed)
			ldi_conn_close(t, c);
	}
	if (t->out.cap > KEEP)
		ld_buf_clear(&t->out);
	ld_buf_reset(&t->out);
	if (c->fd >= 0 && !pending(c))
		c->silent = false;
}

/* -- answering ------------------------------------------------------------ */

static void
refuse(struct ld_target *t, struct ldi_conn *c, unsigned status)
{
	t->counts.rejected++;
	c->refused = c->closing = true;
	ldi_reply_refuse(status, &t->out);
}

static void
apply_fault(struct ld_target *t, struct ldi_conn *c,
    const struct ldi_reply *reply, size_t before)
{
	struct linger hard = { .l_onoff = 1, .l_linger = 0 };

	switch (reply->fault) {
	case LDI_FAULT_NONE:
		return;
	case LDI_FAULT_TRUNCATE:
		t->out.len -= reply->body->len / 2;
		break;
	case LDI_FAULT_GARBAGE:
		t->out.len = before;
		ld_buf_adds(&t->out, "\x01\x02this is not HTTP\r\n\r\n");
		break;
	case LDI_FAULT_CLOSE:
		t->out.len = before;
		break;
	case LDI_FAULT_RESET:
		t->out.len = before;
		flush(t, c);
		if (c->fd >= 0)
			(void)setsockopt(
			    c->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
		ldi_conn_close(t, c);
		return;
	case LDI_FAULT_STALL:
		t->out.len = before;
		c->state = LDI_CONN_WAITING;
		return;
	}
	c->closing = true;
}

/* Keep the answer at `before` of t->out back until its time. */
static void
hold(struct ld_target *t, struct ldi_conn *c, const struct ldi_reply *reply,
    size_t before)
{
	ld_buf_reset(&c->held);
	ld_buf_add(&c->held, t->out.data + before, t->out.len - before);
	t->out.len = before;
	c->state = LDI_CONN_WAITING;
	c->drip_bytes = reply->drip_bytes;
	c->drip_ns = reply->drip_ns;
	c->drip_sent = 0;
	if (c->held.failed)
		ldi_conn_close(t, c);
	else
		set_timer(t, c, ld_now_ns() + reply->delay_ns);
}

static void
answer(struct ld_target *t, struct ldi_conn *c, const struct ldi_route *route,
    struct ldi_slice tail)
{
	struct ldi_reply reply = {
		.status = 200, .head = &t->head, .body = &t->body
	};
	struct ldi_call call = { t, &t->req, tail, &reply };
	size_t before = t->out.len;

	ld_buf_reset(&t->head);
	ld_buf_reset(&t->body);
	reply.close = !t->req.keep_alive;
	ldi_route_run(route, &call);
	ldi_reply_write(&reply, &t->req, &t->out);
	if (t->body.cap > KEEP)
		ld_buf_clear(&t->body);
	if (t->req.method_bit == LDI_HEAD)
		reply.drip_bytes = 0;
	c->served++;
	c->closing |=
	    reply.close || (reply.last != 0 && c->served >= reply.last);
	if (t->out.failed)
		ldi_conn_close(t, c);
	else if (reply.fault != LDI_FAULT_NONE)
		apply_fault(t, c, &reply, before);
	else if (reply.delay_ns > 0 || reply.drip_bytes > 0)
		hold(t, c, &reply, before);
}

static void
count(struct ld_target *t, struct ldi_conn *c)
{
	set_counted(t, c, true);
	ldi_target_count(&t->counts, &t->req);
	t->counts.bytes_in += c->raw_len;
	ldi_target_log(&t->counts, &t->req, &t->aux);
	if (t->aux.cap > KEEP)
		ld_buf_clear(&t->aux);
}

/* The request in t->req is whole.  false: not now, the kernel must first take
 * what was answered before. */
static bool
serve(struct ld_target *t, struct ldi_conn *c)
{
	struct ldi_slice tail = { NULL, 0 };
	const struct ldi_route *route = ldi_route_find(&t->req, &tail);

	if (route == NULL || !(route->flags & LDI_ROUTE_CONTROL)) {
		count(t, c);
		answer(t, c, route, tail);
		return true;
	}
	/* Asking does not count: such an answer goes out alone, so that its
	 * bytes can be told from others. */
	flush(t, c);
	if (c->fd < 0 || pending(c))
		return false;
	set_counted(t, c, false);
	c->silent = true;
	answer(t, c, route, tail);
	if (c->fd >= 0)
		flush(t, c);
	return true;
}

/* -- reading -------------------------------------------------------------- */

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

/* The head is there, and the body is not. */
static void
serve_head(struct ld_target *t, struct ldi_conn *c)
{
	struct ldi_slice tail = { NULL, 0 };
	const struct ldi_route *route = ldi_route_find(&t->req, &tail);
	unsigned flags = route != NULL ? route->flags : 0;

	if (flags & LDI_ROUTE_EARLY) {
		t->counts.rejected++; /* it never arrives as a whole */
		c->refused = true;
		t->req.keep_alive = false;
		answer(t, c, route, tail);
	} else if (t->req.expect_continue && !(flags & LDI_ROUTE_MUTE)) {
		ld_buf_adds(&t->out, "HTTP/1.1 100 Continue\r\n\r\n");
		flush(t, c);
	}
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
			serve_head(t, c);
		return 0;
	}
	if (status != 0) {
		refuse(t, c, status);
		return 0;
	}
	t->req.body = (struct ldi_slice){ data + c->head_len, c->body_len };
	if (!serve(t, c))
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

	while (pos < *len && c->fd >= 0 && !c->closing && !pending(c) &&
	       c->state == LDI_CONN_READING) {
		size_t left = *len - pos;
		size_t n = take_request(t, c, data + pos, &left);

		*len = pos + left;
		if (n == 0)
			break;
		pos += n;
		if (t->out.len >= FLUSH_AT)
			flush(t, c);
	}
	return pos;
}

/* Serve what the connection has kept. */
static void
process(struct ld_target *t, struct ldi_conn *c)
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
receive(struct ld_target *t, struct ldi_conn *c, char *data, size_t room)
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
		process(t, c);
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

static void
discard(struct ld_target *t, struct ldi_conn *c)
{
	ssize_t n = recv(c->fd, t->scratch, LDI_TARGET_SCRATCH, 0);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		ldi_conn_close(t, c);
}

/* -- events --------------------------------------------------------------- */

static void
set_interest(struct ld_target *t, struct ldi_conn *c, unsigned interest)
{
	struct epoll_event ev = { .events = interest, .data.ptr = c };

	if (c->interest == interest)
		return;
	c->interest = interest;
	if (epoll_ctl(t->epoll_fd, EPOLL_CTL_MOD, c->fd, &ev) != 0)
		ldi_conn_close(t, c);
}

/* All is answered and sent.  Closing with input unread would make the kernel
 * send RST, which can destroy the answer on its way: so end our side only,
 * and read on for a while. */
static void
end(struct ld_target *t, struct ldi_conn *c)
{
	if (!c->refused && c->in.len == 0) {
		ldi_conn_close(t, c);
		return;
	}
	ld_buf_clear(&c->in);
	(void)shutdown(c->fd, SHUT_WR);
	c->state = LDI_CONN_LINGER;
	set_interest(t, c, EPOLLIN);
	if (c->fd >= 0)
		set_timer(t, c, ld_now_ns() + LDI_TARGET_LINGER_NS);
}

static void
settle(struct ld_target *t, struct ldi_conn *c)
{
	if (t->out.len > 0)
		flush(t, c);
	if (c->fd < 0 || c->state == LDI_CONN_LINGER)
		return;
	if (pending(c))
		set_interest(t, c, EPOLLOUT);
	else if (c->state == LDI_CONN_WAITING)
		set_interest(t, c, c->timer.place == 0 ? EPOLLRDHUP : 0);
	else if (c->closing)
		end(t, c);
	else
		set_interest(t, c, EPOLLIN);
}

void
ldi_conn_event(struct ld_target *t, struct ldi_conn *c, unsigned events)
{
	if (c->fd < 0)
		return;
	ld_buf_reset(&t->out);
	if (c->state == LDI_CONN_LINGER) {
		discard(t, c);
		return;
	}
	if (c->state == LDI_CONN_WAITING &&
	    (events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP))) {
		ldi_conn_close(t, c);
		return;
	}
	if (pending(c)) {
		flush(t, c);
		if (c->fd >= 0)
			process(t, c);
	} else if (c->in.len > 0) {
		read_private(t, c);
	} else {
		read_shared(t, c);
	}
	settle(t, c);
}

/* What of the drip is due by now; true when that was the last. */
static bool
drip(struct ld_target *t, struct ldi_conn *c, uint64_t now_ns)
{
	uint64_t elapsed_ns = now_ns - c->drip_start_ns, due = c->drip_bytes;

	if (elapsed_ns < c->drip_ns)
		due = c->drip_bytes * (elapsed_ns / LD_NS_PER_US) /
		      (c->drip_ns / LD_NS_PER_US + 1);
	for (; c->drip_sent < due; c->drip_sent++)
		ld_buf_addc(&t->out, '*');
	return c->drip_sent == c->drip_bytes;
}

void
ldi_conn_due(struct ld_target *t, struct ldi_conn *c, uint64_t now_ns)
{
	if (c->state == LDI_CONN_LINGER) {
		ldi_conn_close(t, c);
		return;
	}
	ld_buf_reset(&t->out);
	if (c->held.len > 0) {
		ld_buf_add(&t->out, c->held.data, c->held.len);
		ld_buf_clear(&c->held);
		c->drip_start_ns = now_ns;
	}
	if (drip(t, c, now_ns)) {
		c->state = LDI_CONN_READING;
		flush(t, c);
		if (c->fd >= 0)
			process(t, c);
	} else {
		uint64_t step_ns = c->drip_ns / c->drip_bytes;

		set_timer(
		    t, c, now_ns + (step_ns > DRIP_NS ? step_ns : DRIP_NS));
	}
	if (c->fd >= 0)
		settle(t, c);
}
