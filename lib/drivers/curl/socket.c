/* SPDX-License-Identifier: MIT */
/*
 * Descriptors of a multi handle on the loop, with lazy interest.
 *
 * libcurl wants to hear of a connection during a transfer and not between two.
 * Telling the kernel both times costs as much as the request, so a watcher
 * stays as it is when libcurl loses interest, and is stopped when something
 * happens that nobody waits for: a server that closes an idle connection, of
 * which libcurl learns when it would use it.
 *
 * That holds for sockets of which we are told when they are closed:
 * libcurl 7.88 says nothing of those that it gives up while they connect.
 * These, and the pipe of a thread that looks up a name, are watched as libcurl
 * says.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <ld/adapt.h>

#include "drivers/curl/curl.h"

struct ldi_curl_socket {
	uv_poll_t poll;
	struct ldi_curl_shard *shard; /* NULL until libcurl asks for it */
	curl_socket_t fd;
	int wanted, armed;
	bool known; /* we shall be told when it is closed */
};

static void
free_socket(uv_handle_t *poll)
{
	free(LDI_CONTAINER(poll, struct ldi_curl_socket, poll));
}

static bool
make_room(struct ldi_curl_worker *w, curl_socket_t fd)
{
	size_t n = w->n_sockets == 0 ? 64 : w->n_sockets;
	struct ldi_curl_socket **more;

	while (n <= (size_t)fd)
		n *= 2;
	if (n == w->n_sockets)
		return true;
	more = realloc(w->sockets, n * sizeof(struct ldi_curl_socket *));
	if (more == NULL)
		return false;
	for (size_t i = w->n_sockets; i < n; i++)
		more[i] = NULL;
	w->sockets = more;
	w->n_sockets = n;
	return true;
}

static void
end_socket(struct ldi_curl_worker *w, curl_socket_t fd)
{
	struct ldi_curl_socket *socket =
	    (size_t)fd < w->n_sockets ? w->sockets[fd] : NULL;

	if (socket == NULL)
		return;
	w->sockets[fd] = NULL;
	uv_close((uv_handle_t *)&socket->poll, free_socket);
}

static struct ldi_curl_socket *
make_socket(struct ldi_curl_worker *w, curl_socket_t fd)
{
	struct ldi_curl_socket *socket;

	if (!make_room(w, fd))
		return NULL;
	end_socket(w, fd); /* of a descriptor that was closed since */
	socket = calloc(1, sizeof(*socket));
	if (socket == NULL)
		return NULL;
	if (uv_poll_init(ld_loop_uv(w->loop), &socket->poll, fd) != 0) {
		free(socket);
		return NULL;
	}
	socket->fd = fd;
	w->sockets[fd] = socket;
	return socket;
}

/* -- readiness ------------------------------------------------------------ */

static void arm(struct ldi_curl_socket *socket, int events);

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct ldi_curl_socket *socket =
	    LDI_CONTAINER(poll, struct ldi_curl_socket, poll);
	int mask = 0;

	if (status < 0)
		events = UV_READABLE | UV_WRITABLE;
	events &= socket->wanted;
	if (events == 0) {
		arm(socket, socket->wanted);
		return;
	}
	if ((events & UV_READABLE) != 0)
		mask |= CURL_CSELECT_IN;
	if ((events & UV_WRITABLE) != 0)
		mask |= CURL_CSELECT_OUT;
	if (status < 0)
		mask |= CURL_CSELECT_ERR;
	ldi_curl_shard_act(socket->shard, socket->fd, mask);
}

static void
arm(struct ldi_curl_socket *socket, int events)
{
	socket->armed = events;
	if (events == 0)
		uv_poll_stop(&socket->poll);
	else
		uv_poll_start(&socket->poll, events, on_ready);
}

static int
events_of(int what)
{
	switch (what) {
	case CURL_POLL_IN:
		return UV_READABLE;
	case CURL_POLL_OUT:
		return UV_WRITABLE;
	case CURL_POLL_INOUT:
		return UV_READABLE | UV_WRITABLE;
	default:
		return 0;
	}
}

int
ldi_curl_on_socket(
    CURL *easy, curl_socket_t fd, int what, void *ctx, void *of_socket)
{
	struct ldi_curl_shard *shard = ctx;
	struct ldi_curl_worker *w = shard->worker;
	struct ldi_curl_socket *socket =
	    (size_t)fd < w->n_sockets ? w->sockets[fd] : NULL;
	int wanted = events_of(what);

	(void)easy;
	(void)of_socket;
	if (socket == NULL && wanted == 0)
		return 0;
	if (socket == NULL)
		socket = make_socket(w, fd);
	if (socket == NULL)
		return -1;
	socket->shard = shard;
	socket->wanted = wanted;
	if (wanted == 0 && !socket->known) {
		end_socket(w, fd);
		return 0;
	}
	/* To write is wanted rarely, and comes true at once. */
	if ((socket->armed & wanted) != wanted ||
	    (socket->armed & ~wanted & UV_WRITABLE) != 0)
		arm(socket, wanted != 0 ? wanted | UV_READABLE : 0);
	return 0;
}

void
ldi_curl_socket_know(struct ldi_curl_session *s)
{
	struct ldi_curl_worker *w = s->worker;
	curl_socket_t fd = s->opened;

	/* Of several addresses that were tried one has won: which, libcurl
	 * does not tell yet. */
	if (s->n_opened != 1)
		return;
	/* It may have lost interest between connecting and sending. */
	if (w->sockets[fd] == NULL && make_socket(w, fd) == NULL)
		return;
	w->sockets[fd]->known = true;
}

void
ldi_curl_sockets_close(struct ldi_curl_worker *w)
{
	for (size_t fd = 0; fd < w->n_sockets; fd++)
		end_socket(w, (curl_socket_t)fd);
	free(w->sockets);
	w->sockets = NULL;
	w->n_sockets = 0;
}

/* -- sockets of ours ------------------------------------------------------ */

curl_socket_t
ldi_curl_open_socket(
    void *ctx, curlsocktype purpose, struct curl_sockaddr *addr)
{
	struct ldi_curl_session *s = ctx;
	struct ldi_curl_worker *w = s->worker;
	int fd =
	    socket(addr->family, addr->socktype | SOCK_CLOEXEC, addr->protocol);

	(void)purpose;
	s->errnum = fd < 0 ? errno : 0;
	if (fd < 0)
		return CURL_SOCKET_BAD;
	if (addr->family != AF_UNIX)
		s->errnum = ld_loop_bind(w->loop, addr->family, fd);
	if (s->errnum == 0 && make_socket(w, fd) == NULL)
		s->errnum = ENOMEM;
	if (s->errnum == 0) {
		s->opened = fd;
		s->n_opened++;
		return fd;
	}
	close(fd);
	return CURL_SOCKET_BAD;
}

int
ldi_curl_close_socket(void *ctx, curl_socket_t fd)
{
	end_socket(ctx, fd);
	return close(fd);
}
