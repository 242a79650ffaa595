/* SPDX-License-Identifier: MIT */
/*
 * peers/client.h - a stream under test, which notes what happens to it and
 * can be told to do something drastic inside a callback.
 */
#ifndef PEER_CLIENT_H
#define PEER_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/buf.h>
#include <ld/loop.h>
#include <ld/stream.h>

enum client_moment { ON_OPEN, ON_DATA, ON_WRITTEN, ON_CLOSED, N_MOMENTS };
enum client_deed { DO_NOTHING, DO_ABORT, DO_FREE, DO_CLOSE, DO_RECONNECT };

struct client {
	struct ld_loop *loop;
	struct ld_stream *stream;
	struct ld_endpoint endpoint;
	enum client_deed deeds[N_MOMENTS]; /* done once */
	unsigned seen[N_MOMENTS];
	bool in_call; /* the test is inside a call into the stream */
	struct ld_buf data;
	enum ld_class cls; /* of the last on_closed */
	char text[512];
	uint64_t last_ns;
};

/* cmocka assertions inside: a client that cannot be made fails the test. */
void client_init(struct client *client, struct ld_loop *loop);
void client_clear(struct client *client);
void client_connect(struct client *client);
enum ld_write client_write(struct client *client, const char *data, size_t len);

/* Run the loop until *value >= want; the test fails after 20 s. */
void client_run(struct ld_loop *loop, const unsigned *value, unsigned want);
/* Until there are so many bytes of data. */
void client_run_bytes(struct client *client, size_t want);
/* Let the loop do what it can do at once. */
void client_settle(struct ld_loop *loop);

#endif /* PEER_CLIENT_H */
