/* SPDX-License-Identifier: MIT */
/*
 * peers/fixture.h - a loop, a client and a server, new for every test.
 */
#ifndef PEER_FIXTURE_H
#define PEER_FIXTURE_H

#include "peers/client.h"
#include "peers/peer.h"

extern struct ld_loop *loop;
extern struct client client;
extern struct peer *peer; /* NULL until served */

int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Start the server and aim the client at it; skips the test when this host
 * has no such sockets. */
void serve(enum peer_kind kind, peer_fn *fn, void *arg);
/* Fails the test with the reason when it does not open. */
void open_client(void);
/* The end comes, once, and is this one. */
void expect_closed(enum ld_class cls, const char *text);

#endif /* PEER_FIXTURE_H */
