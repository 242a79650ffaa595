/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ld/datagram.h>
#include <ld/time.h>

#include "net/failure.h"
#include "net/loop.h"
#include "net/pins.h"
#include "net/resolve.h"

/* Datagrams that are read at once, and that are dropped at once. */
#define MAX_READS 64
#define MAX_DROPPED 4096

/* One socket and its watcher, which outlives its owner. */
struct plug {
	uv_poll_t poll;
	struct ld_datagram *datagram; /* NULL once cut */
	int fd;
};

struct ld_datagram {
	struct ld_loop *loop;
	const struct ld_datagram_ops *ops;
	void *owner;
	struct plug *plug; /* NULL = not open */
	const char *host;
	uint16_t port;
	struct ldi_addr peer;
	struct ldi_name *name; /* while it is asked for */
	uint64_t begin_ns, resolved_ns, open_ns;
	struct ldi_task wait;  /* for the name */
	struct ldi_task later; /* on_open, or the end, to be told */
	struct ldi_failure failure;
};

/* -- the socket ----------------------------------------------------------- */

static void
on_plug_closed(uv_handle_t *handle)
{
	free(LDI_CONTAINER(handle, struct plug, poll));
}

static void
cut(struct ld_datagram *d)
{
	struct plug *plug = d->plug;

	d->plug = NULL;
	if (plug == NULL)
		return;
	plug->datagram = NULL;
	uv_close((uv_handle_t *)&plug->poll, on_plug_closed);
	close(plug->fd);
}

static void
end(struct ld_datagram *d, const struct ldi_failure *failure)
{
	struct ldi_failure told = *failure;

	cut(d);
	d->ops->on_closed(d->owner, told.cls, told.text, ld_now_ns());
}

static void
end_by_errno(struct ld_datagram *d, const char *verb, int error)
{
	char text[LDI_ADDR_TEXT], why[LDI_ERRNO_TEXT];

	ldi_addr_text(&d->peer, text);
	ldi_failure_set(&d->failure, ldi_class_of_connect(error), "%s %s: %s",
	    verb, text, ldi_errno_text(error, why));
	end(d, &d->failure);
}

/* What is there now, one datagram after the other; the owner may cut it. */
static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct plug *plug = LDI_CONTAINER(poll, struct plug, poll);
	struct ld_datagram *d = plug->datagram;
	ssize_t n;

	(void)status, (void)events;
	/* A flood leaves the loop its turn. */
	for (unsigned i = 0; i < MAX_READS && d != NULL && d->plug == plug;
	     i++) {
		char *buf = d->loop->recv_buf;

		n = recv(plug->fd, buf, LDI_RECV_SIZE, 0);
		if (n >= 0) {
			d->ops->on_data(d->owner, buf, (size_t)n, ld_now_ns());
			d = plug->datagram;
		} else if (errno != EINTR) {
			if (errno != EAGAIN && errno != EWOULDBLOCK)
				end_by_errno(d, "receive from", errno);
			return;
		}
	}
}

/* 0, or an errno. */
static int
plug_in(struct ld_datagram *d, int fd)
{
	struct plug *plug = calloc(1, sizeof(*plug));
	int rc = plug == NULL ? ENOMEM
			      : -uv_poll_init(&d->loop->uv, &plug->poll, fd);

	if (rc != 0) {
		free(plug);
		return rc;
	}
	plug->fd = fd;
	plug->datagram = d;
	d->plug = plug;
	uv_poll_start(&plug->poll, UV_READABLE, on_ready);
	return 0;
}

static int
open_socket(struct ld_datagram *d, const struct ldi_addr *addr)
{
	int family = addr->u.sa.sa_family, rc;
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	d->peer = *addr;
	rc = ldi_sources_bind(
	    ldi_pins_sources(d->loop->pins), family, fd, &d->loop->next_source);
	if (rc == 0 && connect(fd, &addr->u.sa, addr->len) != 0)
		rc = errno;
	if (rc == 0)
		rc = plug_in(d, fd);
	if (rc != 0)
		close(fd);
	return rc;
}

/* -- opening -------------------------------------------------------------- */

/* The first of them that a socket can be had for. */
static void
open_first(struct ld_datagram *d, const struct ldi_addr *addrs, unsigned n)
{
	char text[LDI_ADDR_TEXT], why[LDI_ERRNO_TEXT];
	int rc = EADDRNOTAVAIL;

	for (unsigned i = 0; i < n && d->plug == NULL; i++) {
		struct ldi_addr addr = addrs[i];

		if (addr.u.sa.sa_family == AF_INET)
			addr.u.in.sin_port = htons(d->port);
		else
			addr.u.in6.sin6_port = htons(d->port);
		rc = open_socket(d, &addr);
	}
	d->open_ns = d->plug != NULL ? ld_now_ns() : 0;
	if (d->plug != NULL)
		return;
	ldi_addr_text(&d->peer, text);
	ldi_failure_set(&d->failure, ldi_class_of_connect(rc),
	    "datagrams to %s: %s", text, ldi_errno_text(rc, why));
}

static void
open_named(struct ld_datagram *d)
{
	struct ldi_name *name = d->name;

	d->name = NULL;
	if (name->state == LDI_NAME_FAILED)
		ldi_failure_set(&d->failure, ldi_name_class(name),
		    "resolve %.200s: %s", name->host, ldi_name_why(name));
	else
		open_first(d, name->addrs, name->n_addrs);
	ldi_name_put(name);
}

static void
tell(struct ldi_task *task)
{
	struct ld_datagram *d = LDI_CONTAINER(task, struct ld_datagram, later);

	if (d->plug != NULL)
		d->ops->on_open(d->owner);
	else
		end(d, &d->failure);
}

static void
on_name(struct ldi_task *task)
{
	struct ld_datagram *d = LDI_CONTAINER(task, struct ld_datagram, wait);

	d->resolved_ns = ld_now_ns();
	open_named(d);
	tell(&d->later);
}

enum ld_status
ld_datagram_open(struct ld_datagram *d, const struct ld_endpoint *endpoint,
    struct ld_err *err)
{
	const struct ldi_pin *pin;
	struct ldi_addr literal;

	d->host = endpoint->host;
	d->port = endpoint->port;
	d->begin_ns = d->resolved_ns = ld_now_ns();
	d->open_ns = 0;
	ldi_pins_lead(d->loop->pins, &d->host, &d->port);
	pin = ldi_pins_find(d->loop->pins, d->host, d->port);
	if (pin != NULL) {
		open_first(d, pin->addrs, pin->n_addrs);
	} else if (ldi_addr_literal(&literal, d->host, d->port)) {
		open_first(d, &literal, 1);
	} else {
		d->name = ldi_name_get(d->loop, d->host, d->begin_ns);
		if (d->name == NULL)
			return ld_err_set(
			    err, LD_NOMEM, "no memory for a name");
		if (d->name->state == LDI_NAME_ASKING) {
			ldi_list_append(&d->name->waiters, &d->wait.link);
			return LD_OK;
		}
		open_named(d);
	}
	ldi_loop_defer(d->loop, &d->later);
	return LD_OK;
}

bool
ld_datagram_is_open(const struct ld_datagram *d)
{
	return d->plug != NULL;
}

/* -- use ------------------------------------------------------------------ */

enum ld_class
ld_datagram_send(struct ld_datagram *d, const void *data, size_t len)
{
	ssize_t n;

	do
		n = send(d->plug->fd, data, len, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return LD_CLASS_NONE;
	if (errno == EMSGSIZE)
		return LD_CLASS_VALUE;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return LD_CLASS_LOCAL_MEMORY;
	return ldi_class_of_connect(errno);
}

void
ld_datagram_drain(struct ld_datagram *d)
{
	unsigned i = 0;
	ssize_t n;

	do
		n = recv(d->plug->fd, d->loop->recv_buf, LDI_RECV_SIZE, 0);
	while (++i < MAX_DROPPED &&
	       (n >= 0 || errno == EINTR || errno == ECONNREFUSED));
}

void
ld_datagram_abort(struct ld_datagram *d)
{
	ldi_task_cancel(&d->wait);
	ldi_task_cancel(&d->later);
	if (d->name != NULL)
		ldi_name_put(d->name);
	d->name = NULL;
	cut(d);
}

void
ld_datagram_times(
    const struct ld_datagram *d, uint64_t now_ns, struct ld_stream_times *out)
{
	uint64_t resolved_ns = d->name != NULL ? now_ns : d->resolved_ns;
	uint64_t open_ns = d->open_ns != 0 ? d->open_ns : now_ns;

	*out = (struct ld_stream_times){ .begin_ns = d->begin_ns,
		.dns_ns = resolved_ns - d->begin_ns,
		.open_ns = d->open_ns,
		.phase = d->name != NULL   ? LD_PHASE_DNS
			 : d->open_ns == 0 ? LD_PHASE_CONNECT
					   : LD_PHASE_SEND };
	if (open_ns > resolved_ns)
		out->connect_ns = open_ns - resolved_ns;
}

enum ld_status
ld_datagram_new(struct ld_loop *loop, const struct ld_datagram_ops *ops,
    void *owner, struct ld_datagram **datagram_out, struct ld_err *err)
{
	struct ld_datagram *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return ld_err_set(err, LD_NOMEM, "no memory for datagrams");
	d->loop = loop;
	d->ops = ops;
	d->owner = owner;
	d->wait.run = on_name;
	d->later.run = tell;
	ldi_list_init(&d->wait.link);
	ldi_list_init(&d->later.link);
	*datagram_out = d;
	return LD_OK;
}

void
ld_datagram_free(struct ld_datagram *d)
{
	if (d == NULL)
		return;
	ld_datagram_abort(d);
	free(d);
}
