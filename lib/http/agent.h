/* SPDX-License-Identifier: MIT */
/*
 * http/agent.h - a user agent: what a user of HTTP keeps, and an exchange of
 * it from the task to the reply, apart from the transport.
 *
 *	agent.c          the request of an exchange, the head of an answer
 *	agent_cookies.c  between the jar and both
 *	agent_hop.c      the request behind a redirect
 *	agent_reply.c    the end of an exchange
 *	sheet.c          buffers
 *
 * A driver embeds an agent in its session.  It begins an exchange, sends
 * `out`, feeds `answer`, and finishes, or goes on with a hop:
 *
 *	ldi_agent_begin -> ldi_agent_cookies_take -> send out, feed answer
 *	      -> ldi_agent_hop_is_due -> ldi_agent_hop_make -> cookies_take ...
 *	      -> ldi_agent_finish
 *
 * Threads     the worker's.
 */
#ifndef LDI_HTTP_AGENT_H
#define LDI_HTTP_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>
#include <ld/driver.h>

#include "http/coding.h"
#include "http/jar.h"
#include "http/request.h"
#include "http/response.h"

/* Joined header values that may be looked at side by side. */
#define LDI_AGENT_JOINS 4

/* A buffer that one exchange borrows from its worker, so that an idle
 * session holds none. */
struct ldi_sheet {
	struct ld_buf buf;
	struct ldi_sheet *next;
};

/* What the agents of one worker share. */
struct ldi_agents {
	struct ldi_sheet *free;
	size_t n_free;
	struct ld_buf scratch;        /* while rendering */
	struct ldi_url_origin origin; /* of a URL told at the exchange */
	struct ld_buf target;         /* where a redirect leads, there */
	struct ldi_coding_decoder decoder;
	struct ld_buf joins[LDI_AGENT_JOINS];
	unsigned join;
};

struct ldi_agent {
	struct ldi_agents *shared;
	struct ldi_jar jar; /* the user's */

	/* The exchange; NULL = none is on. */
	struct ld_exchange *exchange;
	const struct ldi_request *request;
	uint64_t mark_ns; /* where the current phase began */
	bool expecting;   /* the body waits for a 100 */
	struct ldi_request_rendered out;
	struct ldi_request_hop hop; /* what redirects have changed */
	const char *cookie; /* the header line of the jar, and the end of */
	size_t cookie_len;  /* the head; 0 = none goes along */
	/* What was rendered first, and last; the answer; its Location, if that
	 * is to be followed. */
	struct ldi_sheet *out_sheet, *hop_sheet, *kept_sheet, *location;
	struct ldi_response answer;
};

/* -- sheet.c -------------------------------------------------------------- */

void ldi_agents_init(struct ldi_agents *agents); /* zeroed */
void ldi_agents_clear(struct ldi_agents *agents);
/* NULL when memory is short; the buffer is empty. */
struct ldi_sheet *ldi_sheet_take(struct ldi_agents *agents, size_t max);
/* NULL is allowed. */
void ldi_sheet_give(struct ldi_agents *agents, struct ldi_sheet *sheet);

/* -- agent.c -------------------------------------------------------------- */

void ldi_agent_init(struct ldi_agent *a, struct ldi_agents *shared);
void ldi_agent_clear(struct ldi_agent *a);
/* Render the request.  After a failure there is no exchange. */
enum ld_status ldi_agent_begin(struct ldi_agent *a,
    struct ld_exchange *exchange, const struct ldi_request *request,
    struct ld_err *err);
/* There is none after all. */
void ldi_agent_drop(struct ldi_agent *a);
/* May what is sent now be sent twice?  What a redirect made of it is a GET,
 * else it is as it was. */
bool ldi_agent_is_idempotent(const struct ldi_agent *a);
/* Be ready for an answer. */
void ldi_agent_listen(struct ldi_agent *a);
/* The phase lasts until now, when the next one begins: phases never overlap,
 * and what is repeated is a sum. */
void ldi_agent_advance(
    struct ldi_agent *a, enum ld_phase phase, uint64_t now_ns);

/* -- agent_cookies.c: put those of the plan into the jar ------------------ */

enum ld_status ldi_agent_cookies_give(struct ldi_agent *a, struct ld_err *err);
/* Fill a->cookie for a->out. */
enum ld_status ldi_agent_cookies_take(struct ldi_agent *a, struct ld_err *err);
/* Those of an answer.  False: out of memory. */
bool ldi_agent_cookies_keep(struct ldi_agent *a, const char *head, size_t len);

/* -- agent_hop.c: a new exchange begins ----------------------------------- */

void ldi_agent_hop_reset(struct ldi_agent *a);
/* The answer is a step on the way: a redirect, or a refused expectation. */
bool ldi_agent_hop_is_due(const struct ldi_agent *a);
/* Make the request that comes next of a->out.  The class, and why, when there
 * can be none. */
enum ld_class ldi_agent_hop_make(struct ldi_agent *a, struct ld_err *err);

/* -- agent_reply.c -------------------------------------------------------- */

/* Give back what the exchange has borrowed. */
void ldi_agent_sheets_give(struct ldi_agent *a);
/* End the exchange; the connection has been dealt with.  The next one may
 * begin, and the session be closed, before this returns. */
void ldi_agent_finish(
    struct ldi_agent *a, enum ld_class cls, const char *text, uint64_t now_ns);

#endif /* LDI_HTTP_AGENT_H */
