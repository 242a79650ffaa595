/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <uv.h>

#include "peers/fixture.h"

struct ld_loop *loop;
struct client client;
struct peer *peer;

int
fixture_setup(void **state)
{
	(void)state;
	peer = NULL;
	assert_int_equal(ld_loop_new(&loop, NULL), LD_OK);
	client_init(&client, loop);
	return 0;
}

int
fixture_teardown(void **state)
{
	(void)state;
	client_clear(&client);
	ld_loop_free(loop);
	peer_stop(peer);
	return 0;
}

void
serve(enum peer_kind kind, peer_fn *fn, void *arg)
{
	peer = peer_start(kind, fn, arg);
	if (peer == NULL) {
		print_message("no such socket on this host\n");
		skip();
	}
	client.endpoint.host = kind == PEER_IPV6 ? "::1" : "127.0.0.1";
	client.endpoint.port = peer_port(peer);
	if (kind == PEER_UNIX)
		client.endpoint.unix_path = peer_path(peer);
}

void
open_client(void)
{
	unsigned opened = client.seen[ON_OPEN];
	unsigned closed = client.seen[ON_CLOSED];

	client_connect(&client);
	while (
	    client.seen[ON_OPEN] == opened && client.seen[ON_CLOSED] == closed)
		uv_run(ld_loop_uv(loop), UV_RUN_ONCE);
	if (client.seen[ON_OPEN] == opened)
		fail_msg("%s", client.text);
}

void
expect_closed(enum ld_class cls, const char *text)
{
	client_run(loop, &client.seen[ON_CLOSED], 1);
	assert_string_equal(client.text, text);
	assert_int_equal(client.cls, cls);
	client_settle(loop);
	assert_int_equal(client.seen[ON_CLOSED], 1);
}
