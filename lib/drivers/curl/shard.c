/* SPDX-License-Identifier: MIT */
/*
 * Many users on one multi handle, and that on the loop.
 *
 * libcurl's calls do not nest, and the engine may begin an exchange from
 * wherever one ends.  So messages are read only by drain(), which runs outside
 * of libcurl; what a new transfer brings about beside its own start waits for
 * the end of the turn of the loop.
 */
#include "config.h"

#include <stdlib.h>

#include "drivers/curl/curl.h"

/* Connections that stay open for later: some for each user. */
#define MAX_IDLE ((long)4 * LDI_CURL_SHARD_USERS)

static void
want_look(struct ldi_curl_shard *shard)
{
	if (ldi_list_alone(&shard->busy))
		ldi_list_append(&shard->worker->busy, &shard->busy);
}

static void
call(struct ldi_curl_shard *shard, curl_socket_t fd, int mask)
{
	int running;

	shard->due = false;
	shard->called = shard->worker->turn->number;
	(void)curl_multi_socket_action(shard->multi, fd, mask, &running);
	want_look(shard);
}

static void
drain(struct ldi_curl_shard *shard)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(shard->multi, &left)) != NULL) {
		struct ldi_curl_session *s = NULL;
		CURLcode code = message->data.result;

		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &s);
		ldi_curl_transfer_end(s, code);
	}
}

static void
free_shard(uv_handle_t *timer)
{
	free(LDI_CONTAINER(timer, struct ldi_curl_shard, timer));
}

static void
end_shard(struct ldi_curl_shard *shard)
{
	ldi_list_take(&shard->busy);
	ldi_list_take(&shard->link);
	curl_multi_cleanup(shard->multi);
	uv_close((uv_handle_t *)&shard->timer, free_shard);
}

/* That it runs keeps the loop from waiting. */
static void
on_idle(uv_idle_t *idle)
{
	(void)idle;
}

/* One whose users have all gone is ended, and its connections with it. */
static void
look(struct ldi_curl_shard *shard)
{
	shard->users++; /* it stays while we look */
	ldi_list_take(&shard->busy);
	drain(shard);
	if (--shard->users == 0) {
		end_shard(shard);
	} else if (shard->due) {
		/* A server that sends faster than we read must not keep the
		 * loop from its deadlines: on with it on the next turn, which
		 * comes at once. */
		want_look(shard);
		uv_idle_start(&shard->worker->turn->idle, on_idle);
	}
}

static void
on_turn(uv_prepare_t *prepare)
{
	struct ldi_curl_worker *w = prepare->data;
	struct ldi_link todo, *link;

	uv_idle_stop(&w->turn->idle);
	w->turn->number++;
	ldi_list_init(&todo);
	ldi_list_move(&todo, &w->busy);
	while ((link = ldi_list_shift(&todo)) != NULL) {
		struct ldi_curl_shard *shard =
		    LDI_CONTAINER(link, struct ldi_curl_shard, busy);

		if (shard->due)
			call(shard, CURL_SOCKET_TIMEOUT, 0);
		look(shard);
	}
}

void
ldi_curl_shard_go(struct ldi_curl_shard *shard)
{
	if (shard->due)
		call(shard, CURL_SOCKET_TIMEOUT, 0);
}

void
ldi_curl_shard_act(struct ldi_curl_shard *shard, curl_socket_t fd, int mask)
{
	/*
	 * Each call goes on with all transfers that have more to read: one a
	 * turn, when there are such, or many fast servers make it their square.
	 * The descriptor is ready the next turn, too.
	 */
	if (shard->due && shard->called == shard->worker->turn->number)
		return;
	call(shard, fd, mask);
	look(shard);
}

/* -- the timer ------------------------------------------------------------ */

static void
on_time(uv_timer_t *timer)
{
	ldi_curl_shard_act(LDI_CONTAINER(timer, struct ldi_curl_shard, timer),
	    CURL_SOCKET_TIMEOUT, 0);
}

static int
on_timer(CURLM *multi, long ms, void *ctx)
{
	struct ldi_curl_shard *shard = ctx;

	(void)multi;
	shard->due = ms == 0;
	if (ms > 0)
		uv_timer_start(&shard->timer, on_time, (uint64_t)ms, 0);
	else
		uv_timer_stop(&shard->timer);
	if (ms == 0)
		want_look(shard);
	return 0;
}

/* -- shards of a worker --------------------------------------------------- */

static struct ldi_curl_shard *
make_shard(struct ldi_curl_worker *w, struct ld_tls *tls, uint64_t number)
{
	struct ldi_curl_shard *shard = calloc(1, sizeof(*shard));

	if (shard == NULL)
		return NULL;
	shard->multi = curl_multi_init();
	if (shard->multi == NULL) {
		free(shard);
		return NULL;
	}
	shard->worker = w;
	shard->tls = tls;
	shard->number = number;
	ldi_list_init(&shard->busy);
	ldi_list_append(&w->shards, &shard->link);
	uv_timer_init(ld_loop_uv(w->loop), &shard->timer);
	curl_multi_setopt(
	    shard->multi, CURLMOPT_SOCKETFUNCTION, ldi_curl_on_socket);
	curl_multi_setopt(shard->multi, CURLMOPT_SOCKETDATA, shard);
	curl_multi_setopt(shard->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(shard->multi, CURLMOPT_TIMERDATA, shard);
	curl_multi_setopt(shard->multi, CURLMOPT_MAXCONNECTS, MAX_IDLE);
	/* A connection carries one exchange at a time: users do not wait for
	 * each other. */
	curl_multi_setopt(shard->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
	return shard;
}

struct ldi_curl_shard *
ldi_curl_shard_for(struct ldi_curl_session *s, struct ld_tls *tls)
{
	struct ldi_curl_worker *w = s->worker;
	uint64_t number = s->number / LDI_CURL_SHARD_USERS;
	struct ldi_curl_shard *shard = s->shard;

	if (shard != NULL && shard->tls == tls)
		return shard;
	for (struct ldi_link *at = w->shards.next; at != &w->shards;
	     at = at->next) {
		shard = LDI_CONTAINER(at, struct ldi_curl_shard, link);
		if (shard->tls == tls && shard->number == number)
			break;
		shard = NULL;
	}
	if (shard == NULL)
		shard = make_shard(w, tls, number);
	if (shard == NULL)
		return NULL;
	shard->users++;
	ldi_curl_shard_leave(s);
	s->shard = shard;
	return shard;
}

void
ldi_curl_shard_leave(struct ldi_curl_session *s)
{
	struct ldi_curl_shard *shard = s->shard;

	s->shard = NULL;
	if (shard != NULL && --shard->users == 0)
		want_look(shard);
}

bool
ldi_curl_shards_open(struct ldi_curl_worker *w)
{
	ldi_list_init(&w->shards);
	ldi_list_init(&w->busy);
	w->turn = calloc(1, sizeof(*w->turn));
	if (w->turn == NULL)
		return false;
	uv_prepare_init(ld_loop_uv(w->loop), &w->turn->prepare);
	uv_idle_init(ld_loop_uv(w->loop), &w->turn->idle);
	w->turn->prepare.data = w;
	w->turn->idle.data = w->turn;
	uv_prepare_start(&w->turn->prepare, on_turn);
	/* Descriptors are what keeps the loop alive. */
	uv_unref((uv_handle_t *)&w->turn->prepare);
	uv_unref((uv_handle_t *)&w->turn->idle);
	return true;
}

/* The idle handle is the last of the two to be closed. */
static void
free_turn(uv_handle_t *idle)
{
	free(idle->data);
}

void
ldi_curl_shards_close(struct ldi_curl_worker *w)
{
	while (!ldi_list_alone(&w->shards))
		end_shard(
		    LDI_CONTAINER(w->shards.next, struct ldi_curl_shard, link));
	/* Freed by the loop, which outlives the worker. */
	if (w->turn != NULL) {
		uv_close((uv_handle_t *)&w->turn->idle, free_turn);
		uv_close((uv_handle_t *)&w->turn->prepare, NULL);
	}
	w->turn = NULL;
}
