/* SPDX-License-Identifier: MIT */
/*
 * Expect: 100-continue.  A server that never says 100 gets the body all the
 * same (RFC 9110, 10.1.1); all wait equally long, so the list is in order and
 * one timer serves it.
 */
#include "config.h"

#include <stdlib.h>
#include <uv.h>

#include "drivers/http1/http1.h"

/* As curl has it. */
#define WAIT_MS 1000

static void
on_time(uv_timer_t *timer)
{
	struct ldi_h1_worker *w = timer->data;
	uint64_t now_ms = uv_now(timer->loop);

	while (!ldi_list_alone(&w->expecting)) {
		struct ldi_h1_session *s = LDI_CONTAINER(
		    w->expecting.next, struct ldi_h1_session, held);

		if (s->held_ms > now_ms) {
			uv_timer_start(timer, on_time, s->held_ms - now_ms, 0);
			return;
		}
		ldi_list_take(&s->held);
		ldi_h1_exchange_body(s);
	}
}

static bool
make_timer(struct ldi_h1_worker *w)
{
	if (w->timer != NULL)
		return true;
	w->timer = malloc(sizeof(*w->timer));
	if (w->timer == NULL)
		return false;
	uv_timer_init(ld_loop_uv(w->loop), w->timer);
	w->timer->data = w;
	/* The connection is what keeps the loop alive. */
	uv_unref((uv_handle_t *)w->timer);
	return true;
}

bool
ldi_h1_expect_begin(struct ldi_h1_session *s)
{
	struct ldi_h1_worker *w = s->worker;

	if (!make_timer(w))
		return false;
	s->held_ms = uv_now(ld_loop_uv(w->loop)) + WAIT_MS;
	ldi_list_append(&w->expecting, &s->held);
	if (!uv_is_active((uv_handle_t *)w->timer))
		uv_timer_start(w->timer, on_time, WAIT_MS, 0);
	return true;
}

static void
free_timer(uv_handle_t *handle)
{
	free(handle);
}

void
ldi_h1_expect_close(struct ldi_h1_worker *worker)
{
	/* Freed by the loop, which outlives the worker. */
	if (worker->timer != NULL)
		uv_close((uv_handle_t *)worker->timer, free_timer);
	worker->timer = NULL;
}
