/* SPDX-License-Identifier: MIT */
/*
 * curl/curl.h - the driver's own structures: run, worker, shard, session, step.
 *
 *	curl.c      the table of the driver, and a task's step
 *	fields.c    header lines, as libcurl takes them
 *	shard.c     many users on one multi handle, and that on the loop
 *	socket.c    descriptors of a multi handle on the loop
 *	session.c   workers and their users: what the engine calls
 *	options.c   what libcurl is told before a request
 *	transfer.c  one request of an exchange, from its name to its end
 *	callbacks.c what libcurl asks and tells during one
 *	tls.c       what libcurl does not tell of TLS
 *	outcome.c   what the end of one means
 *
 * libcurl is the transport alone.  Requests are rendered, and answers read, by
 * what all HTTP drivers share (http/agent.h): header lines and the bytes of a
 * body come to the same reader as those of http1.
 */
#ifndef LDI_CURL_CURL_H
#define LDI_CURL_CURL_H

#include <curl/curl.h>
#include <uv.h>

#include <ld/adapt.h>
#include <ld/driver.h>

#include "http/agent.h"
#include "net/list.h"

/* A multi handle looks for a free connection one by one, so that a request
 * costs more the more there are: 16 us with 50, 39 us with 1000. */
#define LDI_CURL_SHARD_USERS 50

/* In the order of the choices of http_version. */
enum ldi_curl_version {
	LDI_CURL_1_1,
	LDI_CURL_1_0,
	LDI_CURL_AUTO, /* whatever the server chooses by ALPN */
	LDI_CURL_2,    /* nothing else */
};

struct ldi_curl_run {
	struct ld_tls_set *tls;
	bool resume; /* TLS sessions */
};

/* Of the loop: its handles outlive the worker. */
struct ldi_curl_turn {
	uv_prepare_t prepare;
	uv_idle_t idle; /* while a shard is to be called at once */
	uint64_t number;
};

struct ldi_curl_worker {
	struct ldi_curl_run *run;
	struct ld_loop *loop;
	struct ldi_agents agents;
	uint64_t users; /* that were ever opened */
	struct ldi_link shards;
	struct ldi_link busy;             /* shards that want to be looked at */
	struct ldi_curl_turn *turn;       /* looks at them */
	struct ldi_curl_socket **sockets; /* by descriptor */
	size_t n_sockets;
	struct ld_buf text; /* of an option, while it is set */
};

struct ldi_curl_shard {
	struct ldi_link link; /* in the worker's shards */
	struct ldi_link busy; /* in its list of those, or alone */
	struct ldi_curl_worker *worker;
	struct ld_tls *tls; /* libcurl does not tell two SSL_CTX apart */
	uint64_t number;    /* of those with the same `tls` */
	unsigned users;
	CURLM *multi;
	uv_timer_t timer;
	bool due;        /* libcurl is to be called now */
	uint64_t called; /* in which turn it was, last */
};

struct ldi_curl_step {
	struct ldi_request request;
	struct ld_tls *tls;
	const struct ld_template *proxy; /* NULL = none */
	unsigned version;                /* enum ldi_curl_version */
	struct curl_slist *fields;       /* of a constant request; else NULL */
	bool constant; /* all of what it sets stays, from one to the next */
};

enum ldi_curl_stage {
	LDI_CURL_RESOLVING,
	LDI_CURL_CONNECTING,
	LDI_CURL_HANDSHAKE, /* of TLS, to the server or to a proxy */
	LDI_CURL_WAITING,   /* libcurl sends, or has sent */
	LDI_CURL_RECEIVING,
};

/* Room for header lines that were rendered for one request. */
struct ldi_curl_fields {
	struct curl_slist *nodes;
	size_t cap;
};

struct ldi_curl_session {
	struct ldi_curl_worker *worker;
	struct ld_session *handle;
	uint64_t number; /* of users of the worker */
	struct ldi_agent agent;
	CURL *easy;
	char error[CURL_ERROR_SIZE];
	struct ldi_curl_shard *shard; /* that it was on last */
	bool keeps;  /* its handle has something of a user to itself */
	bool forget; /* of one who has gone */
	/* What the handle's options are for; NULL = nobody else. */
	const struct ldi_curl_step *prepared;
	struct ldi_curl_fields fields;
	struct ldi_sheet *lines; /* their text */
	struct curl_slist *pinned, *lead;
	struct ld_lookup *lookup;      /* NULL until a name is asked for */
	struct ldi_url_origin *origin; /* of a URL told late; the same */
	unsigned repeats; /* that libcurl counts, for the handle's life */

	/* Of the transfer. */
	enum ldi_curl_stage stage;
	unsigned issued;        /* times that libcurl began to send */
	size_t head_len;        /* of the request */
	uint64_t base;          /* bytes of requests before this one */
	bool answered;          /* a byte came since */
	bool http2;             /* so is the answer */
	uint64_t tls_ns;        /* when the handshake began; 0 = it did not */
	struct ssl_ctx_st *tls; /* of its connection; NULL = is not looked at */
	size_t trailers;        /* bytes of fields behind the body */
	enum ld_class cls;      /* why we ended it */
	const char *text;
	int errnum;           /* of a socket that could not be had */
	curl_socket_t opened; /* the last one that could be, */
	unsigned n_opened;    /* and how many for this transfer */
	int old_errnum;       /* libcurl tells of an errno until the next one */
};

static inline const struct ldi_curl_step *
ldi_curl_step_of(const struct ldi_curl_session *s)
{
	return s->agent.exchange->step;
}

static inline enum ld_status
ldi_curl_no_memory(struct ld_err *err)
{
	return ld_err_set(err, LD_NOMEM, "no memory for libcurl");
}

/* -- fields.c ------------------------------------------------------------- */

/* How many nodes the lines of a head take, at most. */
size_t ldi_curl_fields_count(const char *head, size_t len);
/* Fill them: `text` holds `len` bytes of a head, and is changed; `more` (or
 * NULL) is one more line.  Returns the list. */
struct ldi_curl_fields_how {
	bool host_given; /* by the plan, and not made of the URL */
	bool host_absent;
	bool has_body;
};
struct curl_slist *ldi_curl_fields_make(struct curl_slist *nodes, char *text,
    size_t len, char *more, const struct ldi_curl_fields_how *how);

/* -- shard.c -------------------------------------------------------------- */

/* The session's, for those settings.  NULL: memory is short. */
struct ldi_curl_shard *ldi_curl_shard_for(
    struct ldi_curl_session *s, struct ld_tls *tls);
void ldi_curl_shard_leave(struct ldi_curl_session *s);
/* A transfer was added: let it begin. */
void ldi_curl_shard_go(struct ldi_curl_shard *shard);
/* A descriptor is ready. */
void ldi_curl_shard_act(
    struct ldi_curl_shard *shard, curl_socket_t fd, int mask);
bool ldi_curl_shards_open(struct ldi_curl_worker *w);
void ldi_curl_shards_close(struct ldi_curl_worker *w);

/* -- socket.c ------------------------------------------------------------- */

int ldi_curl_on_socket(
    CURL *easy, curl_socket_t fd, int what, void *ctx, void *of_socket);
curl_socket_t ldi_curl_open_socket(
    void *ctx, curlsocktype purpose, struct curl_sockaddr *addr);
int ldi_curl_close_socket(void *ctx, curl_socket_t fd);
/* The session's is connected: libcurl will tell when it closes it. */
void ldi_curl_socket_know(struct ldi_curl_session *s);
/* Those that are left. */
void ldi_curl_sockets_close(struct ldi_curl_worker *w);

/* -- session.c ------------------------------------------------------------ */

ld_driver_worker_open_fn ldi_curl_worker_open;
ld_driver_worker_close_fn ldi_curl_worker_close;
ld_driver_open_fn ldi_curl_open;
ld_driver_start_fn ldi_curl_start;
ld_driver_cancel_fn ldi_curl_cancel;
ld_driver_close_fn ldi_curl_close;
ld_driver_fresh_fn ldi_curl_fresh;

/* -- options.c ------------------------------------------------------------ */

/* A handle with what never changes; NULL when memory is short. */
CURL *ldi_curl_easy_new(struct ldi_curl_session *s);
/* Is all that the handle needs to know the same as last time? */
bool ldi_curl_is_prepared(const struct ldi_curl_session *s);
/* Tell it of the agent's request, but for where its host is. */
enum ld_status ldi_curl_prepare(struct ldi_curl_session *s, struct ld_err *err);

/* -- transfer.c ----------------------------------------------------------- */

/* Send the agent's request. */
enum ld_status ldi_curl_transfer_begin(
    struct ldi_curl_session *s, struct ld_err *err);
/* libcurl is done with it. */
void ldi_curl_transfer_end(struct ldi_curl_session *s, CURLcode code);
/* The deadline. */
void ldi_curl_transfer_cancel(struct ldi_curl_session *s, uint64_t now_ns);

/* -- callbacks.c: those of an easy handle, ctx = the session -------------- */

int ldi_curl_on_request(
    void *ctx, char *to, char *from, int to_port, int from_port);
size_t ldi_curl_on_header(char *line, size_t size, size_t n, void *ctx);
size_t ldi_curl_on_body(char *data, size_t size, size_t n, void *ctx);
CURLcode ldi_curl_on_tls(CURL *easy, void *ssl_ctx, void *session);
/* Was the request that is on wholly handed to the kernel? */
bool ldi_curl_is_sent(const struct ldi_curl_session *s);
/* Is the body sent with the head, in one piece? */
bool ldi_curl_goes_with_head(const struct ldi_agent *a);
/* Has a byte of its answer come? */
bool ldi_curl_is_answered(const struct ldi_curl_session *s);
/* What passed before a request could be sent goes to its phases. */
void ldi_curl_count_connect(struct ldi_curl_session *s, uint64_t now_ns);

/* -- tls.c ---------------------------------------------------------------- */

/* Was HTTP/2 chosen for the connection? */
bool ldi_curl_tls_is_h2(struct ldi_curl_session *s);
/* The body ends with the stream: see how that ends. */
void ldi_curl_tls_watch_end(struct ldi_curl_session *s);
/* Was it ended in good order? */
bool ldi_curl_tls_is_ended(const struct ldi_curl_session *s);
/* Has the server refused the client certificate, or missed one? */
bool ldi_curl_tls_is_about_us(const struct ldi_curl_session *s);
void ldi_curl_tls_let_go(struct ldi_curl_session *s);

/* -- outcome.c ------------------------------------------------------------ */

/* NONE, or why it failed. */
enum ld_class ldi_curl_outcome(
    struct ldi_curl_session *s, CURLcode code, const char **text_out);
/* Of one that was cut at its deadline. */
enum ld_class ldi_curl_timeout(
    const struct ldi_curl_session *s, const char **text_out);

#endif /* LDI_CURL_CURL_H */
