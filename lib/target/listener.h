/* SPDX-License-Identifier: MIT */
/*
 * target/listener.h - the ports of a server, and what happens at each.
 *
 * A port is ordered by a text, KIND or KIND:PORT, where https-cut takes
 * parameters: "https-cut?at=300&as=reset:8443".  The kinds are one table.
 */
#ifndef LDI_TARGET_LISTENER_H
#define LDI_TARGET_LISTENER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/err.h>

#include "target/authority.h"
#include "target/script.h"

#define LDI_LISTENERS_MAX 32
/* Connections of our own that fill a queue. */
#define LDI_LISTENER_FILL 4

enum ldi_listener_does {
	LDI_LISTENER_HTTP,
	LDI_LISTENER_ECHO,  /* what comes goes back */
	LDI_LISTENER_UDP,   /* so does a datagram */
	LDI_LISTENER_SAY,   /* a text, whatever came, then the end */
	LDI_LISTENER_CLOSE, /* accepts, and ends it */
	LDI_LISTENER_RESET,
	LDI_LISTENER_STALL,
	LDI_LISTENER_NONE, /* nobody listens */
	LDI_LISTENER_FULL, /* the queue is full: no SYN is answered */
};

struct ldi_listener_kind {
	const char *name, *scheme;
	enum ldi_listener_does does;
	bool tls;
	bool old;    /* nothing newer than TLS 1.1 */
	bool abrupt; /* ends without saying so */
	bool cut;    /* takes at and as */
	enum ldi_issued_fault identity;
	const char *say;
	size_t say_len;
	const char *help;
};

struct ldi_listener {
	const struct ldi_listener_kind *kind;
	int fd; /* -1 = none */
	uint16_t port;
	char url[96];
	SSL_CTX *ctx; /* NULL = plain */
	bool paused;  /* not accepting: descriptors have run out */
	int fill[LDI_LISTENER_FILL];
	/* The wire ends behind so many bytes of ours. */
	uint64_t cut_at;
	enum ldi_script_end cut_end;
	/* What it saw. */
	uint64_t connections, datagrams, bytes_in, bytes_out;
};

/* NULL behind the last. */
const struct ldi_listener_kind *const *ldi_listener_kinds(void);

union ldi_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};
/* A loopback address, without a port; NULL is 127.0.0.1. */
enum ld_status ldi_address_read(union ldi_address *address, const char *text,
    socklen_t *len_out, struct ld_err *err);

void ldi_listener_init(struct ldi_listener *listener);
/* Kind, port and parameters of a text. */
enum ld_status ldi_listener_read(
    struct ldi_listener *listener, const char *text, struct ld_err *err);
/* Bind it, at `address` and its own port, 0 taking a free one. */
enum ld_status ldi_listener_open(struct ldi_listener *listener,
    const union ldi_address *address, int backlog, struct ld_err *err);
void ldi_listener_close(struct ldi_listener *listener);

/* Does somebody have to look at it? */
bool ldi_listener_watched(const struct ldi_listener *listener);
/* UDP: give back what came, some datagrams at a time. */
void ldi_listener_echo(
    struct ldi_listener *listener, char *room, size_t room_len);

#endif /* LDI_TARGET_LISTENER_H */
