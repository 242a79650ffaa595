/* SPDX-License-Identifier: MIT */
/* A whole request, answered: in time, later, or badly. */
#include "config.h"

#include <string.h>

#include <ld/rng.h>
#include <ld/time.h>

#include "target/conn.h"

void
ldi_conn_refuse(struct ld_target *t, struct ldi_conn *c, unsigned status)
{
	t->counts.rejected++;
	c->refused = c->closing = true;
	ldi_reply_refuse(status, &t->out);
}

/* The answer at `before` of t->out becomes what a fault makes of it. */
static void
spoil(struct ld_target *t, struct ldi_conn *c, const struct ldi_reply *reply,
    size_t before)
{
	const struct ldi_fault *fault = &reply->fault;
	struct ldi_fault_answer whole = { .req = &t->req,
		.data = t->out.data + before,
		.len = t->out.len - before };
	struct ldi_script *script = ldi_script_new();
	const char *end =
	    whole.len > 0 ? memmem(whole.data, whole.len, "\r\n\r\n", 4) : NULL;

	if (script == NULL) {
		ldi_conn_close(t, c);
		return;
	}
	whole.head_len = end != NULL ? (size_t)(end - whole.data) + 4 : 0;
	script->end = fault->kind->end;
	ldi_script_wait(script, reply->delay_ns);
	fault->kind->build(fault, &whole, script);
	t->out.len = before;
	t->counts.faults[ldi_fault_index(fault->kind)]++;
	if (c->closing && script->end == LDI_SCRIPT_GO_ON)
		script->end = LDI_SCRIPT_CLOSE;
	c->closing = false;
	c->script = script;
	c->state = LDI_CONN_SCRIPT;
	if (script->failed)
		ldi_conn_close(t, c);
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

/* A fault of the command line may befall it: the same requests, in the order
 * in which they came, under the same seed. */
static const struct ldi_fault *
draw_fault(const struct ld_target *t)
{
	struct ld_rng_key key = { .seed = t->seed, .key = t->counts.requests };

	for (size_t i = 0; i < t->n_faults; i++) {
		const struct ldi_fault *fault = &t->faults[i];
		size_t len = strlen(fault->path);

		if (t->req.path.len >= len &&
		    memcmp(t->req.path.p, fault->path, len) == 0 &&
		    (fault->share >= 1 ||
			ld_rng_unit(&key, (uint32_t)i) < fault->share))
			return fault;
	}
	return NULL;
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
	if (t->n_faults > 0 && reply.fault.kind == NULL && !c->silent) {
		const struct ldi_fault *fault = draw_fault(t);

		if (fault != NULL)
			reply.fault = *fault;
	}
	c->served++;
	c->closing |=
	    reply.close || (reply.last != 0 && c->served >= reply.last);
	if (t->out.failed)
		ldi_conn_close(t, c);
	else if (reply.fault.kind != NULL)
		spoil(t, c, &reply, before);
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
	t->scheme = c->listener->kind->scheme;
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
