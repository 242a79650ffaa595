/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <uv.h>

#include "peers/client.h"

#define PATIENCE_MS 20000

static void
happened(struct client *client, enum client_moment moment)
{
	enum client_deed deed = client->deeds[moment];

	/* A codec need not be re-entrant. */
	assert_false(client->in_call);
	client->seen[moment]++;
	client->deeds[moment] = DO_NOTHING;
	switch (deed) {
	case DO_NOTHING:
		break;
	case DO_ABORT:
		ld_stream_abort(client->stream);
		break;
	case DO_FREE:
		ld_stream_free(client->stream);
		client->stream = NULL;
		break;
	case DO_CLOSE:
		ld_stream_close(client->stream);
		break;
	case DO_RECONNECT:
		ld_stream_abort(client->stream);
		client_connect(client);
		break;
	}
}

static void
on_open(void *owner)
{
	happened(owner, ON_OPEN);
}

static void
on_data(void *owner, const char *data, size_t len, uint64_t now_ns)
{
	struct client *client = owner;

	assert_true(len > 0);
	assert_true(now_ns >= client->last_ns);
	client->last_ns = now_ns;
	ld_buf_add(&client->data, data, len);
	assert_false(client->data.failed);
	happened(client, ON_DATA);
}

static void
on_written(void *owner, uint64_t now_ns)
{
	struct client *client = owner;

	client->last_ns = now_ns;
	happened(client, ON_WRITTEN);
}

static void
on_closed(void *owner, enum ld_class cls, const char *text, uint64_t now_ns)
{
	struct client *client = owner;

	client->last_ns = now_ns;
	client->cls = cls;
	snprintf(client->text, sizeof(client->text), "%s", text);
	assert_false(ld_stream_is_open(client->stream));
	happened(client, ON_CLOSED);
}

static const struct ld_stream_ops ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_written = on_written,
	.on_closed = on_closed,
};

void
client_init(struct client *client, struct ld_loop *loop)
{
	memset(client, 0, sizeof(*client));
	client->loop = loop;
	ld_buf_init(&client->data, (size_t)64 << 20);
	assert_int_equal(
	    ld_stream_new(loop, &ops, client, &client->stream, NULL), LD_OK);
}

void
client_clear(struct client *client)
{
	ld_stream_free(client->stream);
	client->stream = NULL;
	ld_buf_clear(&client->data);
}

void
client_connect(struct client *client)
{
	bool outer = client->in_call;
	struct ld_err err = LD_ERR_INIT;

	client->in_call = true;
	if (ld_stream_connect(client->stream, &client->endpoint, &err) != LD_OK)
		fail_msg("%s", err.text);
	client->in_call = outer;
}

enum ld_write
client_write(struct client *client, const char *data, size_t len)
{
	struct iovec iov = { (char *)(uintptr_t)data, len };
	enum ld_write got;

	client->in_call = true;
	got = ld_stream_write(client->stream, &iov, 1);
	client->in_call = false;
	return got;
}

static void
on_patience(uv_timer_t *timer)
{
	*(bool *)timer->data = true;
}

static void
run(struct ld_loop *loop, bool (*done)(const void *, size_t), const void *what,
    size_t want)
{
	uv_loop_t *uv = ld_loop_uv(loop);
	bool out = false;
	uv_timer_t timer;

	uv_timer_init(uv, &timer);
	timer.data = &out;
	uv_timer_start(&timer, on_patience, PATIENCE_MS, 0);
	while (!done(what, want) && !out)
		uv_run(uv, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(uv, UV_RUN_NOWAIT);
	if (out)
		fail_msg("what was waited for did not happen");
}

static bool
count_reached(const void *what, size_t want)
{
	return *(const unsigned *)what >= want;
}

void
client_run(struct ld_loop *loop, const unsigned *value, unsigned want)
{
	run(loop, count_reached, value, want);
}

static bool
bytes_reached(const void *what, size_t want)
{
	const struct client *client = what;

	return client->data.len >= want || client->seen[ON_CLOSED] > 0;
}

void
client_run_bytes(struct client *client, size_t want)
{
	run(client->loop, bytes_reached, client, want);
	if (client->data.len < want)
		fail_msg("closed before all data: %s", client->text);
}

void
client_settle(struct ld_loop *loop)
{
	for (int i = 0; i < 20; i++)
		uv_run(ld_loop_uv(loop), UV_RUN_NOWAIT);
}
