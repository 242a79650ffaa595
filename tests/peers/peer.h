/* SPDX-License-Identifier: MIT */
/*
 * peers/peer.h - a loopback server for tests: one thread, one connection at a
 * time, and a function that says how it behaves.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peer;

/* What is done with a connection; it is closed afterwards.  Blocking. */
typedef void peer_fn(int fd, void *arg);

enum peer_kind {
	PEER_IPV4, /* 127.0.0.1 */
	PEER_IPV6, /* ::1 */
	PEER_UNIX, /* a path of its own under /tmp */
};

/* NULL when this host cannot have such a socket. */
struct peer *peer_start(enum peer_kind kind, peer_fn *serve, void *arg);
/* Waits for the connection that is being served. */
void peer_stop(struct peer *peer);
uint16_t peer_port(const struct peer *peer);
const char *peer_path(const struct peer *peer);
/* Connections accepted so far. */
unsigned peer_accepted(const struct peer *peer);

/* A port of 127.0.0.1 at which nobody listens. */
uint16_t peer_dead_port(void);

/* -- ways to behave ------------------------------------------------------- */

peer_fn peer_echo;  /* until the client closes */
peer_fn peer_greet; /* says "hello", then echoes */
peer_fn peer_fin;   /* reads once, closes in order */
peer_fn peer_fin_at_once;
peer_fn peer_answer_fin;   /* reads once, answers "bye", closes */
peer_fn peer_reset;        /* reads once, cuts with RST */
peer_fn peer_answer_reset; /* the same; reads once more, cuts with RST */
peer_fn peer_sink;         /* reads all, then says how much: "12345\n" */
peer_fn peer_hold;         /* says nothing until the client closes */

/* true when all was sent. */
bool peer_send(int fd, const void *data, size_t len);
/* Make the close() to come an RST. */
void peer_cut(int fd);

#endif /* PEER_H */
