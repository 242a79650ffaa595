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

#include "target/conn.h"

/* Drips are at least this far apart. */
#define DRIP_NS LD_NS_PER_MS

static void settle(struct ld_target *t, struct ldi_conn *c);

/* -- life ----------------------------------------------------------------- */

void
ldi_conn_set_counted(struct ld_target *t, struct ldi_conn *c, bool counted)
{
	if (c->counted == counted)
		return;
	c->counted = counted;
	t->counts.connections += counted ? 1 : UINT64_MAX;
	t->counts.open += counted ? 1 : UINT64_MAX;
}

static void
list(struct ld_target *t, struct ldi_conn *c)
{
	c->next = t->conns;
	if (c->next != NULL)
		c->next->prev = c;
	t->conns = c;
}

/* What its port does with it. */
static bool
assign(struct ld_target *t, struct ldi_conn *c)
{
	const struct ldi_listener *l = c->listener;

	if (l->ctx != NULL) {
		c->seal = ldi_seal_new(l->ctx);
		if (c->seal == NULL)
			return false;
	}
	if (l->kind->does == LDI_LISTENER_HTTP) {
		ldi_conn_set_counted(t, c, true);
	} else if (l->kind->does == LDI_LISTENER_ECHO) {
		c->state = LDI_CONN_ECHO;
	} else if (l->kind->does == LDI_LISTENER_STALL) {
		c->state = LDI_CONN_DEAF;
	} else {
		c->script = ldi_script_new();
		if (c->script == NULL)
			return false;
		ldi_script_send(c->script, l->kind->say, l->kind->say_len);
		c->script->end = LDI_SCRIPT_CLOSE;
		c->state = LDI_CONN_SCRIPT;
		c->refused = true; /* what it was sent is not read */
	}
	return true;
}

static void
set_linger(int fd)
{
	struct linger hard = { .l_onoff = 1, .l_linger = 0 };

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
}

void
ldi_conn_new(struct ld_target *t, struct ldi_listener *l, int fd)
{
	struct ldi_conn *c = NULL;
	struct epoll_event ev = { .events = EPOLLIN };

	l->connections++;
	if (l->kind->does == LDI_LISTENER_RESET)
		set_linger(fd);
	else if (l->kind->does != LDI_LISTENER_CLOSE)
		c = calloc(1, sizeof(*c));
	ev.data.ptr = c;
	if (c == NULL || epoll_ctl(t->epoll_fd, EPOLL_CTL_ADD, fd, &ev) != 0) {
		close(fd);
		free(c);
		return;
	}
	c->fd = fd;
	c->listener = l;
	c->interest = EPOLLIN;
	ld_buf_init(&c->in,
	    LDI_TARGET_MAX_HEAD + LDI_TARGET_MAX_BODY + 4 * LDI_TARGET_SCRATCH);
	ld_buf_init(&c->out, 2 * LDI_TARGET_MAX_REPLY);
	ld_buf_init(&c->held, LDI_TARGET_MAX_REPLY);
	list(t, c);
	if (!assign(t, c))
		ldi_conn_close(t, c);
	else
		settle(t, c);
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
	ldi_script_free(c->script);
	c->script = NULL;
	ldi_seal_free(c->seal);
	c->seal = NULL;
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

void
ldi_conn_set_timer(struct ld_target *t, struct ldi_conn *c, uint64_t due_ns)
{
	if (!ldi_timer_set(&t->timers, &c->timer, due_ns))
		ldi_conn_close(t, c);
}

void
ldi_conn_reset(struct ld_target *t, struct ldi_conn *c)
{
	if (c->fd >= 0)
		set_linger(c->fd);
	ldi_conn_close(t, c);
}

/* -- sending -------------------------------------------------------------- */

bool
ldi_conn_pending(const struct ldi_conn *c)
{
	return c->out.len > c->out_off;
}

/* The wire has carried as much as its port lets it. */
static void
cut(struct ld_target *t, struct ldi_conn *c)
{
	enum ldi_script_end end = c->listener->cut_end;

	c->muted = true;
	if (end == LDI_SCRIPT_RESET) {
		ldi_conn_reset(t, c);
		return;
	}
	if (end == LDI_SCRIPT_CLOSE)
		(void)shutdown(c->fd, SHUT_WR);
	c->state = LDI_CONN_DEAF;
}

/* How many of the bytes the kernel took; closes the connection on errors. */
static size_t
send_plain(struct ld_target *t, struct ldi_conn *c, const char *p, size_t len)
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
	c->wire_out += done;
	if (!c->silent)
		t->counts.bytes_out += done;
	return done;
}

/* The same; what lies behind a cut is gone as if it had been taken. */
static size_t
send_some(struct ld_target *t, struct ldi_conn *c, const char *p, size_t len)
{
	uint64_t left = c->listener->cut_at - c->wire_out;
	size_t done;

	if (c->muted)
		return len;
	done = send_plain(t, c, p, len < left ? len : (size_t)left);
	if (c->fd < 0 || done < left)
		return done;
	cut(t, c);
	return len;
}

/* What is in t->out, as it goes over the wire. */
static void
seal_output(struct ld_target *t, struct ldi_conn *c)
{
	struct ld_buf plain = t->out;

	if (c->seal == NULL)
		return;
	ld_buf_reset(&t->sealed);
	ldi_seal_write(c->seal, plain.data, plain.len, &t->sealed);
	t->out = t->sealed;
	t->sealed = plain;
}

/* Send what is left over, then what was just written to t->out. */
void
ldi_conn_flush(struct ld_target *t, struct ldi_conn *c)
{
	size_t done = 0;

	seal_output(t, c);
	if (ldi_conn_pending(c)) {
		c->out_off += send_some(
		    t, c, c->out.data + c->out_off, c->out.len - c->out_off);
		if (c->fd >= 0 && !ldi_conn_pending(c)) {
			ld_buf_clear(&c->out);
			c->out_off = 0;
		}
	}
	if (c->fd >= 0 && t->out.len > 0 && !ldi_conn_pending(c))
		done = send_some(t, c, t->out.data, t->out.len);
	if (c->fd >= 0 && done < t->out.len) {
		ld_buf_add(&c->out, t->out.data + done, t->out.len - done);
		if (c->out.failed)
			ldi_conn_close(t, c);
	}
	if (t->out.cap > LDI_CONN_KEEP)
		ld_buf_clear(&t->out);
	ld_buf_reset(&t->out);
	if (c->fd >= 0 && !ldi_conn_pending(c))
		c->silent = false;
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

/* TLS says that nothing follows, unless its port is rude; true when that is
 * on the wire. */
static bool
say_farewell(struct ld_target *t, struct ldi_conn *c)
{
	if (c->seal == NULL || c->farewell || c->listener->kind->abrupt)
		return true;
	c->farewell = true;
	ldi_seal_end(c->seal);
	ldi_conn_flush(t, c);
	return c->fd >= 0 && !ldi_conn_pending(c);
}

/* All is answered and sent.  Closing with input unread would make the kernel
 * send RST, which can destroy the answer on its way: so end our side only,
 * and read on for a while. */
static void
end(struct ld_target *t, struct ldi_conn *c)
{
	if (!say_farewell(t, c)) {
		if (c->fd >= 0)
			set_interest(t, c, EPOLLOUT);
		return;
	}
	if (!c->refused && c->in.len == 0) {
		ldi_conn_close(t, c);
		return;
	}
	ld_buf_clear(&c->in);
	(void)shutdown(c->fd, SHUT_WR);
	c->state = LDI_CONN_LINGER;
	set_interest(t, c, EPOLLIN);
	if (c->fd >= 0)
		ldi_conn_set_timer(t, c, ld_now_ns() + LDI_TARGET_LINGER_NS);
}

static void
settle(struct ld_target *t, struct ldi_conn *c)
{
	if (t->out.len > 0 ||
	    (c->fd >= 0 && c->seal != NULL && ldi_seal_has_output(c->seal)))
		ldi_conn_flush(t, c);
	if (c->fd < 0 || c->state == LDI_CONN_LINGER)
		return;
	if (c->state == LDI_CONN_DEAF)
		set_interest(t, c, EPOLLIN);
	else if (ldi_conn_pending(c) ||
		 (c->state == LDI_CONN_SCRIPT && c->timer.place == 0))
		set_interest(t, c, EPOLLOUT);
	else if (c->state == LDI_CONN_SCRIPT)
		set_interest(t, c, EPOLLRDHUP);
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
	if (c->state == LDI_CONN_LINGER || c->state == LDI_CONN_DEAF) {
		ldi_conn_discard(t, c);
		return;
	}
	if ((c->state == LDI_CONN_WAITING || c->state == LDI_CONN_SCRIPT) &&
	    (events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP))) {
		ldi_conn_close(t, c);
		return;
	}
	if (c->state == LDI_CONN_SCRIPT) {
		ldi_conn_play(t, c);
	} else if (ldi_conn_pending(c)) {
		ldi_conn_flush(t, c);
		if (c->fd >= 0 && c->state == LDI_CONN_READING)
			ldi_conn_process(t, c);
	} else if (c->state == LDI_CONN_ECHO) {
		ldi_conn_echo(t, c);
	} else {
		ldi_conn_read(t, c);
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
	if (c->state == LDI_CONN_SCRIPT) {
		ldi_conn_play(t, c);
		settle(t, c);
		return;
	}
	if (c->held.len > 0) {
		ld_buf_add(&t->out, c->held.data, c->held.len);
		ld_buf_clear(&c->held);
		c->drip_start_ns = now_ns;
	}
	if (drip(t, c, now_ns)) {
		c->state = LDI_CONN_READING;
		ldi_conn_flush(t, c);
		if (c->fd >= 0)
			ldi_conn_process(t, c);
	} else {
		uint64_t step_ns = c->drip_ns / c->drip_bytes;

		ldi_conn_set_timer(
		    t, c, now_ns + (step_ns > DRIP_NS ? step_ns : DRIP_NS));
	}
	if (c->fd >= 0)
		settle(t, c);
}
