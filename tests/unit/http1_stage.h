/* SPDX-License-Identifier: MIT */
/*
 * unit/http1_stage.h - the HTTP/1 driver between a server that keeps to a
 * script and a stand-in for the engine.
 */
#ifndef UNIT_HTTP1_STAGE_H
#define UNIT_HTTP1_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <ld/time.h>

#include "drivers/http1/http1.h"
#include "peers/client.h"
#include "peers/peer.h"

/* What is done with the n-th request that the server gets. */
enum deed {
	STAY,      /* answer; the connection stays */
	FIN,       /* answer, close */
	RESET,     /* answer, cut */
	DRIP,      /* answer, a byte at a time */
	FIN_LATER, /* answer, close when the next request has come */
	SILENT,    /* answer, then nothing until the client closes */
	UNREAD,    /* answer before the request is read, read nothing */
};

struct act {
	enum deed deed;
	const char *answer;
	size_t len; /* 0 = strlen */
};

struct http1_script {
	const struct act *acts;
	unsigned n;
	atomic_uint requests;
	atomic_bool over; /* UNREAD may close */
};
extern struct http1_script script;

/* What the driver told the engine. */
struct http1_outcome {
	unsigned finished, closed;
	enum ld_class cls;
	char text[256], body[256], header[256];
	int32_t status;
	bool status_failed;
	size_t body_len;
};
extern struct http1_outcome got;

/* A template, as far as rendering goes: one text that tests may change. */
struct ld_template {
	const char *text;
};

extern struct ld_loop *h1_loop;
extern struct peer *h1_peer;
extern struct ldi_h1_run run;
extern struct ldi_h1_worker worker;
extern struct ldi_h1_session session;
extern struct ldi_h1_step step;
extern struct ldi_url_origin origin;
extern struct ld_exchange exchange;

#define GET_HEAD "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
#define POST_HEAD "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
#define OK11 "HTTP/1.1 200 OK\r\n"
#define HELLO OK11 "Content-Length: 5\r\n\r\nhello"

/* What `step` sends: a head without a body. */
void stage_request(const char *method, const char *text);

/* Of each test. */
int http1_setup(void **state);
int http1_teardown(void **state);

/* Start the server, and lead the session to it. */
void play_on(enum peer_kind kind, const struct act *acts, unsigned n);

/* Start an exchange of `step`. */
enum ld_status begin(void);
void check_phases(void);

/* Start one and wait for its finish. */
void exchange_once(void);

/* What the last exchange came to. */
void expect(enum ld_class cls, int status, unsigned attempts, unsigned wire);
void expect_ok(const char *body);
#define PLAY(acts) play_on(PEER_IPV4, acts, sizeof(acts) / sizeof(acts[0]))

#endif /* UNIT_HTTP1_STAGE_H */
