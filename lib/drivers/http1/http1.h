/* SPDX-License-Identifier: MIT */
/* http1/http1.h - the driver's own structures: run, worker, session, step. */
#ifndef LDI_HTTP1_HTTP1_H
#define LDI_HTTP1_HTTP1_H

#include <ld/driver.h>
#include <ld/stream.h>

#include "http/agent.h"
#include "net/list.h"

/* Connections of one session: a flow that goes to and fro between a shop and
 * its log-in server keeps both. */
#define LDI_H1_LINKS 4

struct ldi_h1_run {
	struct ld_tls_set *tls;
	bool resume; /* TLS sessions */
};

struct ldi_h1_worker {
	struct ldi_h1_run *run;
	struct ld_loop *loop;
	struct ldi_agents agents;
	struct ldi_link expecting; /* sessions, in order of their time */
	struct uv_timer_s *timer;  /* for the first; NULL until needed */
};

struct ldi_h1_step {
	struct ldi_request request;
	struct ld_tls *tls; /* for https, which a redirect may lead to */
};

/* Where an exchange is. */
enum ldi_h1_stage {
	LDI_H1_CONNECTING,
	LDI_H1_SENDING,
	LDI_H1_EXPECTING, /* the head is out, the body waits for a 100 */
	LDI_H1_WAITING,
	LDI_H1_RECEIVING,
};

/* A connection of a session. */
struct ldi_h1_link {
	struct ldi_h1_session *session;
	struct ld_stream *stream;        /* NULL until it is first needed */
	const struct ldi_url_origin *at; /* NULL = not connected */
	struct ldi_url_origin *own;      /* what `at` is for a URL told late */
	struct ld_endpoint endpoint;
	uint32_t used; /* how many exchanges began before its last one */
	bool spoiled;  /* open, but not to be used again */
};

struct ldi_h1_session {
	struct ldi_h1_worker *worker;
	struct ld_session *handle;
	struct ldi_h1_link links[LDI_H1_LINKS];
	struct ldi_h1_link *link;   /* of this exchange, or of the last one */
	uint32_t uses;              /* of links */
	unsigned closing;           /* links whose end is waited for */
	struct ld_tickets *tickets; /* NULL until TLS is first spoken */

	struct ldi_agent agent;
	/* The exchange, if there is one. */
	enum ldi_h1_stage stage;
	bool reused;          /* the connection served an exchange before */
	bool sent;            /* the kernel has the whole request */
	struct ldi_link held; /* while EXPECTING, in the worker's list */
	uint64_t held_ms;     /* until then, in uv_now() */
};

/* link.c: one that is open, leads there, and may be used; NULL = none does. */
struct ldi_h1_link *ldi_h1_link_find(struct ldi_h1_session *s,
    const struct ldi_url_origin *to, const struct ld_tls *tls);
/* Connect one: that to the same place, else one that is free, else the one
 * whose last use lies furthest back.  *link_out is set unless memory for it
 * was short; link->at is `to`, or a copy of it when that is the worker's. */
enum ld_status ldi_h1_link_connect(struct ldi_h1_session *s,
    const struct ldi_url_origin *to, struct ld_tls *tls,
    struct ldi_h1_link **link_out, struct ld_err *err);
/* Once more, to where it led. */
enum ld_status ldi_h1_link_reconnect(
    struct ldi_h1_link *link, struct ld_err *err);
void ldi_h1_link_cut(struct ldi_h1_link *link);
void ldi_h1_link_free(struct ldi_h1_link *link);

/* exchange.c: the callbacks of a link's stream. */
extern const struct ld_stream_ops ldi_h1_stream_ops;
/* Begin to send s->out, connecting if need be. */
enum ld_status ldi_h1_exchange_begin(
    struct ldi_h1_session *s, struct ld_err *err);
/* Send the body that was held back. */
void ldi_h1_exchange_body(struct ldi_h1_session *s);
void ldi_h1_exchange_cancel(struct ldi_h1_session *s, uint64_t now_ns);

/* expect.c: a session begins to wait for a 100; false: it cannot.  It ends, by
 * whatever it is ended, with ldi_list_take(). */
bool ldi_h1_expect_begin(struct ldi_h1_session *s);
void ldi_h1_expect_close(struct ldi_h1_worker *worker);

/* session.c: the last link that was waited for has ended. */
void ldi_h1_session_closed(struct ldi_h1_session *s);
ld_driver_open_fn ldi_h1_open;
ld_driver_start_fn ldi_h1_start;
ld_driver_cancel_fn ldi_h1_cancel;
ld_driver_close_fn ldi_h1_close;
ld_driver_fresh_fn ldi_h1_fresh;
ld_driver_worker_open_fn ldi_h1_worker_open;
ld_driver_worker_close_fn ldi_h1_worker_close;

#endif /* LDI_HTTP1_HTTP1_H */
