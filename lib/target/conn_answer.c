/* SPDX-License-Identifier: MIT */
/* A whole request, answered: in time, later, or badly. */
#include "config.h"

#include <sys/socket.h>

#include <ld/time.h>

#include "target/conn.h"

void
ldi_conn_refuse(struct ld_target *t, struct ldi_conn *c, unsigned status)
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
		ldi_conn_flush(t, c);
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
		ldi_conn_set_timer(t, c, ld_now_ns() + reply->delay_ns);
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
	if (t->body.cap > LDI_CONN_KEEP)
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
	ldi_conn_set_counted(t, c, true);
	ldi_target_count(&t->counts, &t->req);
	t->counts.bytes_in += c->raw_len;
	ldi_target_log(&t->counts, &t->req, &t->aux);
	if (t->aux.cap > LDI_CONN_KEEP)
		ld_buf_clear(&t->aux);
}

bool
ldi_conn_serve(struct ld_target *t, struct ldi_conn *c)
{
	struct ldi_slice tail = { NULL, 0 };
	const struct ldi_route *route = ldi_route_find(&t->req, &tail);

	t->asking_fd = c->fd;
	if (route == NULL || !(route->flags & LDI_ROUTE_CONTROL)) {
		count(t, c);
		answer(t, c, route, tail);
		return true;
	}
	/* Asking does not count: such an answer goes out alone, so that its
	 * bytes can be told from others. */
	ldi_conn_flush(t, c);
	if (c->fd < 0 || ldi_conn_pending(c))
		return false;
	ldi_conn_set_counted(t, c, false);
	c->silent = true;
	answer(t, c, route, tail);
	if (c->fd >= 0)
		ldi_conn_flush(t, c);
	return true;
}

void
ldi_conn_serve_head(struct ld_target *t, struct ldi_conn *c)
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
		ldi_conn_flush(t, c);
	}
}
