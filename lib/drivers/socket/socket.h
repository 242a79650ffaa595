/* SPDX-License-Identifier: MIT */
/*
 * socket/socket.h - bytes to a socket, and what comes back: socket_user.
 *
 *	socket.c    the table of the driver, and a task's step
 *	payload.c   hexadecimal bytes, and where a target leads
 *	session.c   a user's exchange, whatever it goes over
 *	stream.c    TCP, TLS, unix sockets
 *	datagram.c  UDP
 */
#ifndef LDI_SOCKET_SOCKET_H
#define LDI_SOCKET_SOCKET_H

#include <ld/buf.h>
#include <ld/datagram.h>
#include <ld/driver.h>
#include <ld/limits.h>
#include <ld/stream.h>

/* In the order of the choices of `protocol`. */
enum ldi_socket_protocol { LDI_SOCKET_TCP, LDI_SOCKET_UDP, LDI_SOCKET_N };

#define LDI_SOCKET_HOST_SIZE 256

/* Where to: host and port, or a path. */
struct ldi_socket_target {
	char host[LDI_SOCKET_HOST_SIZE]; /* a path, if `of_unix` */
	uint16_t port;
	bool of_unix;
};

struct ldi_socket_step {
	enum ldi_socket_protocol protocol;
	const struct ld_template *target;
	struct ldi_socket_target at; /* host "" = told at the exchange */
	const struct ld_template *payload;
	bool is_hex;
	const char *bytes; /* of a constant payload; NULL = it is none */
	size_t n_bytes;
	size_t want; /* bytes of an answer, at most; 0 = none is read */
	const struct ld_template *expected; /* ends it; NULL = nothing does */
	bool keep_open;
	struct ld_tls *tls; /* NULL = plain */
};

struct ldi_socket_run {
	struct ld_tls_set *tls;
	bool resume; /* TLS sessions */
};

struct ldi_socket_worker {
	struct ldi_socket_run *run;
	struct ld_loop *loop;
};

enum ldi_socket_stage {
	LDI_SOCKET_CONNECTING,
	LDI_SOCKET_SENDING,
	LDI_SOCKET_WAITING,
	LDI_SOCKET_RECEIVING,
};

struct ldi_socket_session;

/* What differs between streams and datagrams. */
struct ldi_socket_ops {
	/* To s->at: ends in ldi_socket_opened(), or in _failed(). */
	enum ld_status (*connect)(
	    struct ldi_socket_session *s, struct ld_err *err);
	bool (*is_open)(const struct ldi_socket_session *s);
	/* Forget what came since the last answer; false: it is closed. */
	bool (*drain)(struct ldi_socket_session *s);
	/* s->bytes: ends in ldi_socket_sent(), or in _failed(). */
	void (*send)(struct ldi_socket_session *s);
	void (*times)(const struct ldi_socket_session *s, uint64_t now_ns,
	    struct ld_stream_times *out);
	void (*take_bytes)(struct ldi_socket_session *s);
	void (*cut)(struct ldi_socket_session *s);
};

extern const struct ldi_socket_ops ldi_socket_stream;
extern const struct ldi_socket_ops ldi_socket_datagram;

struct ldi_socket_session {
	struct ldi_socket_worker *worker;
	struct ld_session *handle;
	struct ld_stream *stream;     /* NULL until it is first needed */
	struct ld_datagram *datagram; /* the same */
	struct ld_tickets *tickets;
	/* What is open, or was: to connect again there means to be free. */
	const struct ldi_socket_ops *ops; /* NULL = nothing */
	struct ldi_socket_target at;
	struct ld_endpoint endpoint;

	/* The exchange; NULL = none is on. */
	struct ld_exchange *exchange;
	enum ldi_socket_stage stage;
	uint64_t mark_ns; /* where the current phase began */
	const char *bytes;
	size_t n_bytes;
	struct ld_buf payload, expected; /* as rendered */
	struct ld_buf answer;            /* if it is looked at */
	size_t received;
};

/* -- payload.c ------------------------------------------------------------ */

/* Is the payload written in hexadecimal, whatever its placeholders are? */
bool ldi_socket_is_hex(const struct ld_template *payload);
/* "hex:00 ff" to its bytes, in place; NULL, or what is wrong with it. */
const char *ldi_socket_unhex(char *text, size_t *len);
/* HOST:PORT, [IPv6]:PORT, unix:PATH; NULL, or what is wrong with it. */
const char *ldi_socket_target_read(
    const char *text, size_t len, struct ldi_socket_target *out);

/* -- session.c ------------------------------------------------------------ */

void ldi_socket_opened(struct ldi_socket_session *s);
void ldi_socket_sent(struct ldi_socket_session *s, uint64_t now_ns);
/* `whole`: no more belongs to it, as with a datagram. */
void ldi_socket_data(struct ldi_socket_session *s, const char *data, size_t len,
    uint64_t now_ns, bool whole);
/* The peer ended it in good order, or else the class says why. */
void ldi_socket_ended(struct ldi_socket_session *s, enum ld_class cls,
    const char *text, uint64_t now_ns);

ld_driver_open_fn ldi_socket_open;
ld_driver_start_fn ldi_socket_start;
ld_driver_cancel_fn ldi_socket_cancel;
ld_driver_close_fn ldi_socket_close;
ld_driver_fresh_fn ldi_socket_fresh;

#endif /* LDI_SOCKET_SOCKET_H */
