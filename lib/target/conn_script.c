/* SPDX-License-Identifier: MIT */
/*
 * A connection that plays a script.  One turn sends what the kernel takes
 * of at most TURN bytes, so that an endless answer leaves room for others.
 */
#include "config.h"

#include <sys/socket.h>

#include <ld/time.h>

#include "target/conn.h"

#define TURN ((size_t)256 << 10)

static void
end_script(struct ld_target *t, struct ldi_conn *c)
{
	enum ldi_script_end end = c->script->end;

	ldi_script_free(c->script);
	c->script = NULL;
	switch (end) {
	case LDI_SCRIPT_GO_ON:
		c->state = LDI_CONN_READING;
		ldi_conn_process(t, c);
		return;
	case LDI_SCRIPT_CLOSE:
		c->state = LDI_CONN_READING;
		c->closing = true;
		return;
	case LDI_SCRIPT_RESET:
		ldi_conn_reset(t, c);
		return;
	case LDI_SCRIPT_HALF:
		(void)shutdown(c->fd, SHUT_WR);
		c->state = LDI_CONN_DEAF;
		return;
	case LDI_SCRIPT_STALL:
		c->state = LDI_CONN_WAITING;
		return;
	}
}

static const struct ldi_step *
step_of(const struct ldi_script *script)
{
	return script->now < script->n ? &script->steps[script->now] : NULL;
}

static void
next_step(struct ldi_script *script)
{
	script->now++;
	script->round = 0;
	script->sent = 0;
	script->waited = false;
}

/* Append up to `room` bytes of the step to t->out; true when it is done. */
static bool
add_bytes(struct ld_target *t, struct ldi_script *script,
    const struct ldi_step *step, size_t room)
{
	while (script->round < step->times && step->len > 0) {
		size_t n = step->len - script->sent;

		if (room == 0)
			return false;
		if (n > room)
			n = room;
		ld_buf_add(
		    &t->out, script->bytes.data + step->at + script->sent, n);
		room -= n;
		script->sent += n;
		if (script->sent == step->len) {
			script->sent = 0;
			script->round++;
		}
	}
	return true;
}

/* One step further; false when it has to wait, for a time or for the kernel. */
static bool
play_step(struct ld_target *t, struct ldi_conn *c, size_t *room)
{
	struct ldi_script *script = c->script;
	const struct ldi_step *step = step_of(script);
	size_t before = t->out.len, most = step->every_ns > 0 ? 1 : *room;
	bool done;

	if (step->wait_ns > 0 && !script->waited) {
		script->waited = true;
		ldi_conn_set_timer(t, c, ld_now_ns() + step->wait_ns);
		return false;
	}
	done = add_bytes(t, script, step, most);
	*room -= t->out.len - before;
	ldi_conn_flush(t, c);
	if (c->fd < 0)
		return false;
	if (done)
		next_step(script);
	else if (step->every_ns > 0)
		ldi_conn_set_timer(t, c, ld_now_ns() + step->every_ns);
	return c->fd >= 0 && !ldi_conn_pending(c) && c->timer.place == 0 &&
	       *room > 0;
}

void
ldi_conn_play(struct ld_target *t, struct ldi_conn *c)
{
	size_t room = TURN;

	if (ldi_conn_pending(c))
		ldi_conn_flush(t, c);
	while (c->fd >= 0 && !ldi_conn_pending(c) && step_of(c->script) != NULL)
		if (!play_step(t, c, &room))
			return;
	if (c->fd >= 0 && !ldi_conn_pending(c))
		end_script(t, c);
}
