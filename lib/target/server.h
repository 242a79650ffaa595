/* SPDX-License-Identifier: MIT */
/*
 * target/server.h - the loop, its connections, and how an answer is made.
 *
 * One thread runs everything here.  It holds `lock` while it works and lets
 * it go while it waits, so that counts can be read from outside between two
 * batches of events.
 *
 * A request costs one recv and one send: reads go to a buffer shared by all
 * connections, answers to another, and only what is not whole, or not taken
 * by the kernel, is kept per connection.
 */
#ifndef LDI_TARGET_SERVER_H
#define LDI_TARGET_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>
#include <ld/json.h>

#include "target/count.h"
#include "target/fault.h"
#include "target/listener.h"
#include "target/request.h"
#include "target/seal.h"
#include "target/timer.h"

#define LDI_TARGET_SCRATCH ((size_t)64 << 10)
/* An answer; an echoed body of 64 MiB, escaped, stays below. */
#define LDI_TARGET_MAX_REPLY ((size_t)512 << 20)
/* How long a connection that is being refused may go on talking. */
#define LDI_TARGET_LINGER_NS UINT64_C(1000000000)

enum ldi_conn_state {
	LDI_CONN_READING,
	LDI_CONN_WAITING, /* for its timer: a delay, or a drip */
	LDI_CONN_SCRIPT,  /* sends what `script` says */
	LDI_CONN_DEAF,    /* our side has ended; reads until the peer ends */
	LDI_CONN_ECHO,    /* gives back what it reads */
	LDI_CONN_LINGER,  /* answered and shut; reads until the peer ends */
};

struct ldi_conn {
	int fd; /* -1 = closed, freed at the end of the batch */
	struct ldi_listener *listener;
	struct ldi_seal *seal; /* NULL = plain */
	uint64_t wire_out;     /* bytes that went to the wire */
	enum ldi_conn_state state;
	unsigned interest; /* what epoll was told */
	bool have_head;    /* `head_len` and what follows describe it */
	bool whole;        /* ... and its body is there */
	bool closing;      /* after the answer on its way */
	bool refused;      /* closing, with input left unread */
	bool silent;       /* the answer on its way does not count */
	bool counted;      /* in `connections` and `open` */
	bool muted;        /* its wire is cut: nothing goes out any more */
	bool farewell;     /* TLS was told that nothing follows */
	size_t scanned;    /* see ldi_target_request_parse() */
	size_t head_len, body_len;
	size_t raw_len;  /* on the wire, framing included */
	size_t used;     /* of the buffer, once whole */
	uint64_t served; /* answers */
	struct ldi_target_chunks chunks;
	struct ld_buf in;  /* a request that is not whole yet */
	struct ld_buf out; /* what the kernel did not take yet */
	size_t out_off;
	struct ld_buf held; /* an answer that waits for its time */
	struct ldi_timer timer;
	struct ldi_script *script; /* NULL = none */
	uint64_t drip_bytes, drip_sent, drip_start_ns, drip_ns;
	struct ldi_conn *prev, *next; /* of all; `next` also of the dead */
};

struct ld_target {
	pthread_t thread;
	pthread_mutex_t lock;
	bool stop;   /* guarded by lock */
	bool paused; /* some port is not accepting */
	int epoll_fd, wake_fd, timer_fd;
	/* The first is plain HTTP. */
	struct ldi_listener listeners[LDI_LISTENERS_MAX];
	size_t n_listeners;
	struct ldi_issued ca; /* NULL members: nothing has TLS */
	char authority[64];   /* "127.0.0.1:8080", for requests without Host */
	int asking_fd;        /* whose request is being served */
	const char *scheme;   /* of the request being served */
	uint64_t frozen_until_ns;
	uint64_t timer_armed_ns; /* what timer_fd is set to; 0 = nothing */
	struct ldi_timers timers;
	struct ldi_conn *conns, *dead;
	struct ldi_target_counts counts;
	uint64_t random; /* draws so far */
	uint64_t seed;
	struct ldi_fault faults[LDI_FAULTS_MAX]; /* of all requests */
	size_t n_faults;
	/* Reused by every request. */
	char *scratch;
	struct ld_buf out, head, body, aux, sealed;
	struct ld_json json;
	struct ldi_target_request req;
};

/* -- target.c ------------------------------------------------------------- */

/* Its lock is held. */
void ldi_target_say_counts(const struct ld_target *t, struct ld_buf *out);

/* -- conn.c --------------------------------------------------------------- */

/* Takes the descriptor, whatever becomes of it. */
void ldi_conn_new(struct ld_target *t, struct ldi_listener *listener, int fd);
void ldi_conn_close(struct ld_target *t, struct ldi_conn *c);
void ldi_conn_event(struct ld_target *t, struct ldi_conn *c, unsigned events);
void ldi_conn_due(struct ld_target *t, struct ldi_conn *c, uint64_t now_ns);

/* -- reply.c -------------------------------------------------------------- */

struct ldi_reply {
	unsigned status;
	const char *type;    /* NULL = no Content-Type */
	struct ld_buf *head; /* further header lines, each with its CRLF */
	struct ld_buf *body;
	bool framed; /* the body is chunked already */
	bool close;
	uint64_t last; /* of its connection, if so many were served; 0 = no */
	struct ldi_fault fault; /* .kind NULL = none */
	uint64_t delay_ns;
	uint64_t drip_bytes, drip_ns; /* instead of the body */
};

const char *ldi_reply_reason(unsigned status);
/* Append the whole answer to `req`, bodyless where HTTP says so. */
void ldi_reply_write(const struct ldi_reply *reply,
    const struct ldi_target_request *req, struct ld_buf *out);
/* Append a refusal; there is no request to answer. */
void ldi_reply_refuse(unsigned status, struct ld_buf *out);
/* {"error": text} */
void ldi_reply_error(
    struct ldi_reply *reply, unsigned status, const char *text);

/* -- route.c -------------------------------------------------------------- */

struct ldi_call {
	struct ld_target *t;
	const struct ldi_target_request *req;
	struct ldi_slice tail; /* of the path, behind the route's prefix */
	struct ldi_reply *reply;
};

typedef void ldi_handler_fn(struct ldi_call *call);

enum ldi_route_flags {
	LDI_ROUTE_CONTROL = 1 << 0, /* asks about the counts: not counted */
	LDI_ROUTE_EARLY = 1 << 1, /* answers when the head is there, if the body
				     is not */
	LDI_ROUTE_MUTE = 1 << 2,  /* sends no 100 */
};

struct ldi_route {
	const char *path; /* a '/' at its end: a prefix */
	unsigned methods; /* enum ldi_target_method */
	unsigned flags;   /* enum ldi_route_flags */
	ldi_handler_fn *handler;
};

/* NULL when no route has the path. */
const struct ldi_route *ldi_route_find(
    const struct ldi_target_request *req, struct ldi_slice *tail_out);
/* Runs the route, or answers 404 and 405. */
void ldi_route_run(const struct ldi_route *route, struct ldi_call *call);

#endif /* LDI_TARGET_SERVER_H */
