/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdlib.h>

#include "net/loop.h"
#include "net/resolve.h"

/* Runs before the loop polls.  What a task defers waits for the next turn, so
 * that one that always fails cannot keep the loop from its other work. */
static void
run_deferred(uv_idle_t *idle)
{
	struct ld_loop *loop = idle->data;
	struct ldi_link todo;
	struct ldi_link *link;

	ldi_list_move(&todo, &loop->deferred);
	while ((link = ldi_list_shift(&todo)) != NULL) {
		struct ldi_task *task =
		    LDI_CONTAINER(link, struct ldi_task, link);

		task->run(task);
	}
	if (ldi_list_alone(&loop->deferred))
		uv_idle_stop(&loop->idle);
}

void
ldi_loop_defer(struct ld_loop *loop, struct ldi_task *task)
{
	if (!ldi_list_alone(&task->link))
		return;
	ldi_list_append(&loop->deferred, &task->link);
	uv_idle_start(&loop->idle, run_deferred);
}

void
ldi_task_cancel(struct ldi_task *task)
{
	ldi_list_take(&task->link);
}

static void
run_lingering(uv_timer_t *timer)
{
	struct ld_loop *loop = timer->data;
	uint64_t now_ms = uv_now(&loop->uv);

	while (!ldi_list_alone(&loop->lingering)) {
		struct ldi_task *task =
		    LDI_CONTAINER(loop->lingering.next, struct ldi_task, link);

		if (task->due_ms > now_ms) {
			uv_timer_start(
			    timer, run_lingering, task->due_ms - now_ms, 0);
			return;
		}
		ldi_list_take(&task->link);
		task->run(task);
	}
}

/* All linger equally long, so the list is in order and one timer serves it. */
void
ldi_loop_linger(struct ld_loop *loop, struct ldi_task *task)
{
	task->due_ms = uv_now(&loop->uv) + LDI_LINGER_MS;
	ldi_list_append(&loop->lingering, &task->link);
	if (!uv_is_active((uv_handle_t *)&loop->linger))
		uv_timer_start(&loop->linger, run_lingering, LDI_LINGER_MS, 0);
}

char *
ldi_loop_join_buf(struct ld_loop *loop)
{
	if (loop->join_buf == NULL)
		loop->join_buf = malloc(LDI_JOIN_SIZE);
	return loop->join_buf;
}

static void
run_posts(uv_async_t *wake)
{
	struct ld_loop *loop = wake->data;
	struct ld_post *post;

	pthread_mutex_lock(&loop->post_lock);
	post = loop->post_head;
	loop->post_head = NULL;
	loop->post_tail = &loop->post_head;
	pthread_mutex_unlock(&loop->post_lock);
	while (post != NULL) {
		struct ld_post *next = post->next;

		post->run(post);
		post = next;
	}
}

void
ld_loop_post(struct ld_loop *loop, struct ld_post *post)
{
	post->next = NULL;
	pthread_mutex_lock(&loop->post_lock);
	*loop->post_tail = post;
	loop->post_tail = &post->next;
	/* Under the lock: once the post has run, its poster may be told to
	 * end and the loop freed. */
	uv_async_send(&loop->wake);
	pthread_mutex_unlock(&loop->post_lock);
}

static void
init_handles(struct ld_loop *loop)
{
	uv_idle_init(&loop->uv, &loop->idle);
	loop->idle.data = loop;
	ldi_list_init(&loop->deferred);
	uv_timer_init(&loop->uv, &loop->linger);
	loop->linger.data = loop;
	/* What lingers keeps the loop alive by its own handle; the timer would
	 * do so up to its time even when everything has gone. */
	uv_unref((uv_handle_t *)&loop->linger);
	ldi_list_init(&loop->lingering);
	for (unsigned i = 0; i < LDI_NAME_BUCKETS; i++)
		ldi_list_init(&loop->names[i]);
	loop->post_tail = &loop->post_head;
	loop->wake.data = loop;
	uv_unref((uv_handle_t *)&loop->wake);
}

enum ld_status
ld_loop_new(struct ld_loop **loop_out, struct ld_err *err)
{
	struct ld_loop *loop = calloc(1, sizeof(*loop));
	int rc;

	if (loop == NULL || (loop->recv_buf = malloc(LDI_RECV_SIZE)) == NULL) {
		free(loop);
		return ld_err_set(err, LD_NOMEM, "no memory for an event loop");
	}
	rc = uv_loop_init(&loop->uv);
	if (rc == 0) {
		rc = uv_async_init(&loop->uv, &loop->wake, run_posts);
		if (rc != 0)
			uv_loop_close(&loop->uv);
	}
	if (rc == 0) {
		rc = -pthread_mutex_init(&loop->post_lock, NULL);
		assert(rc == 0); /* a default mutex takes no resources */
	}
	if (rc != 0) {
		free(loop->recv_buf);
		free(loop);
		return ld_err_errno(err, -rc, "cannot make an event loop");
	}
	init_handles(loop);
	*loop_out = loop;
	return LD_OK;
}

void
ld_loop_free(struct ld_loop *loop)
{
	int rc;

	if (loop == NULL)
		return;
	assert(ldi_list_alone(&loop->deferred));
	assert(ldi_list_alone(&loop->lingering));
	ldi_names_cancel(loop);
	uv_close((uv_handle_t *)&loop->idle, NULL);
	uv_close((uv_handle_t *)&loop->linger, NULL);
	uv_close((uv_handle_t *)&loop->wake, NULL);
	while (loop->resolving > 0)
		uv_run(&loop->uv, UV_RUN_ONCE);
	uv_run(&loop->uv, UV_RUN_NOWAIT);
	ldi_names_free(loop);
	rc = uv_loop_close(&loop->uv);
	assert(rc == 0); /* a foreign handle was left open */
	(void)rc;
	pthread_mutex_destroy(&loop->post_lock);
	free(loop->join_buf);
	free(loop->recv_buf);
	free(loop);
}

void
ld_loop_pin(struct ld_loop *loop, const struct ld_pins *pins)
{
	loop->pins = pins;
}

struct uv_loop_s *
ld_loop_uv(struct ld_loop *loop)
{
	return &loop->uv;
}
