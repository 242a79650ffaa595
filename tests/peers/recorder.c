/* SPDX-License-Identifier: MIT */
/*
 * recorder DIR [PATH]: a server that keeps what it is sent.
 *
 * Prints its port of 127.0.0.1 (or listens at the unix socket PATH and prints
 * that) and writes the bytes of each request, as they came, to DIR/N.head and
 * DIR/N.body, N from 1.  Every answer is 200 with a body of three bytes, but
 *
 *	/go/CODE/REST		CODE with Location: /REST
 *	/leave/CODE/REST	CODE with Location: http://localhost:PORT/REST
 *
 * and sets a cookie if the path holds "/cookie".  It is no model of a server:
 * it reads chunked bodies and "Expect: 100-continue", and shares no code with
 * anything it is used to judge.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_CLIENTS 32
#define MAX_REQUEST ((size_t)16 << 20)
#define MAX_PATH 4000

struct client {
	int fd;
	char *data;
	size_t len, cap;
	bool continued; /* told to go on */
};

struct recorder {
	const char *dir;
	unsigned port, n;
	int listener;
	struct client clients[MAX_CLIENTS];
	size_t n_clients;
};

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "recorder: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* -- listening ------------------------------------------------------------ */

static void
listen_tcp(struct recorder *r)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sin);

	r->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (r->listener < 0 ||
	    bind(r->listener, (struct sockaddr *)&sin, len) != 0 ||
	    listen(r->listener, MAX_CLIENTS) != 0 ||
	    getsockname(r->listener, (struct sockaddr *)&sin, &len) != 0)
		fail("cannot listen");
	r->port = ntohs(sin.sin_port);
	printf("%u\n", r->port);
	fflush(stdout);
}

static void
listen_unix(struct recorder *r, const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(sun.sun_path)) {
		errno = ENAMETOOLONG;
		fail(path);
	}
	strcpy(sun.sun_path, path);
	r->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (r->listener < 0 ||
	    bind(r->listener, (struct sockaddr *)&sun, sizeof(sun)) != 0 ||
	    listen(r->listener, MAX_CLIENTS) != 0)
		fail("cannot listen");
	printf("%s\n", path);
	fflush(stdout);
}

/* -- a request ------------------------------------------------------------ */

/* The value of a header within the head that ends at `end`, or NULL. */
static const char *
header(const char *head, const char *end, const char *name)
{
	size_t len = strlen(name);
	const char *line = memchr(head, '\n', (size_t)(end - head));

	while (line != NULL && end - line > (ptrdiff_t)len + 1) {
		line++;
		if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
			line += len + 1;
			return line + strspn(line, " \t");
		}
		line = memchr(line, '\n', (size_t)(end - line));
	}
	return NULL;
}

/* How long the chunked body at `p` is with its framing; 0 = not whole yet.
 * The data is NUL-terminated behind `end`. */
static size_t
chunked_length(const char *p, const char *end)
{
	const char *at = p;

	for (;;) {
		const char *line = memmem(at, (size_t)(end - at), "\r\n", 2);
		unsigned long size;

		if (line == NULL)
			return 0;
		size = strtoul(at, NULL, 16);
		if (size > MAX_REQUEST)
			fail("a chunk is too large");
		if ((size_t)(end - line) < size + 4)
			return 0;
		at = line + 2 + size + 2;
		if (size == 0)
			return (size_t)(at - p);
	}
}

/* Where the first request of a client ends, with the length of its head; 0 =
 * not whole yet. */
static size_t
request_length(struct client *c, size_t *head_out)
{
	const char *end, *value, *body;
	size_t len;

	c->data[c->len] = '\0';
	end = memmem(c->data, c->len, "\r\n\r\n", 4);
	if (end == NULL)
		return 0;
	body = end + 4;
	*head_out = (size_t)(body - c->data);
	value = header(c->data, end + 2, "expect");
	if (value != NULL && !c->continued) {
		static const char go[] = "HTTP/1.1 100 Continue\r\n\r\n";

		c->continued = true;
		if (send(c->fd, go, sizeof(go) - 1, MSG_NOSIGNAL) < 0)
			return 0;
	}
	if (header(c->data, end + 2, "transfer-encoding") != NULL) {
		len = chunked_length(body, c->data + c->len);
		return len > 0 ? *head_out + len : 0;
	}
	value = header(c->data, end + 2, "content-length");
	len = *head_out + (value != NULL ? strtoul(value, NULL, 10) : 0);
	return c->len >= len ? len : 0;
}

static void
keep(const struct recorder *r, const char *what, const char *data, size_t len)
{
	char path[MAX_PATH], done[MAX_PATH];
	FILE *file;

	snprintf(path, sizeof(path), "%s/new", r->dir);
	snprintf(done, sizeof(done), "%s/%u.%s", r->dir, r->n, what);
	file = fopen(path, "wb");
	if (file == NULL || fwrite(data, 1, len, file) != len ||
	    fclose(file) != 0 || rename(path, done) != 0)
		fail(done);
}

/* -- its answer ----------------------------------------------------------- */

/* "/go/302/rest": the code, and "/rest" into `rest`; 0 = another path. */
static int
redirect_of(const char *path, const char *word, char *rest, size_t size)
{
	size_t len = strlen(word), end;
	int code;

	if (strncmp(path, word, len) != 0)
		return 0;
	code = atoi(path + len);
	path += len + strspn(path + len, "0123456789");
	end = strcspn(path, " \r\n");
	if (code < 300 || code > 399 || end >= size)
		return 0;
	memcpy(rest, path, end);
	rest[end] = '\0';
	return code;
}

static void
answer(const struct recorder *r, const struct client *c)
{
	const char *path = memchr(c->data, ' ', c->len);
	char rest[MAX_PATH], text[2 * MAX_PATH];
	bool head = strncmp(c->data, "HEAD ", 5) == 0;
	int code, len;

	path = path != NULL ? path + 1 : "";
	len = snprintf(text, sizeof(text), "HTTP/1.1 ");
	if ((code = redirect_of(path, "/go/", rest, sizeof(rest))) != 0)
		len += snprintf(text + len, sizeof(text) - (size_t)len,
		    "%d Go\r\nLocation: %s\r\n", code, rest);
	else if ((code = redirect_of(path, "/leave/", rest, sizeof(rest))) != 0)
		len += snprintf(text + len, sizeof(text) - (size_t)len,
		    "%d Go\r\nLocation: http://localhost:%u%s\r\n", code,
		    r->port, rest);
	else
		len += snprintf(text + len, sizeof(text) - (size_t)len,
		    "200 OK\r\nContent-Type: text/plain\r\n");
	if (strstr(path, "/cookie") != NULL)
		len += snprintf(text + len, sizeof(text) - (size_t)len,
		    "Set-Cookie: from=server; Path=/\r\n");
	len += snprintf(text + len, sizeof(text) - (size_t)len,
	    "Content-Length: 3\r\n\r\n%s", head ? "" : "ok\n");
	if (send(c->fd, text, (size_t)len, MSG_NOSIGNAL) < 0 &&
	    errno != EPIPE && errno != ECONNRESET)
		fail("cannot answer");
}

/* -- clients -------------------------------------------------------------- */

static void
drop(struct recorder *r, size_t i)
{
	close(r->clients[i].fd);
	free(r->clients[i].data);
	r->clients[i] = r->clients[--r->n_clients];
}

static void
take(struct recorder *r)
{
	int fd = accept(r->listener, NULL, NULL);

	if (fd < 0)
		fail("cannot accept");
	if (r->n_clients == MAX_CLIENTS) {
		errno = EMFILE;
		fail("too many clients");
	}
	r->clients[r->n_clients++] = (struct client){ .fd = fd };
}

/* false when the client left. */
static bool
read_more(struct client *c)
{
	ssize_t n;

	if (c->cap - c->len < 65536) {
		c->cap = c->cap == 0 ? 131072 : c->cap * 2;
		c->data = c->cap <= MAX_REQUEST * 2
			      ? realloc(c->data, c->cap + 1)
			      : NULL;
		if (c->data == NULL) {
			errno = ENOMEM;
			fail("the request is too large");
		}
	}
	n = recv(c->fd, c->data + c->len, c->cap - c->len, 0);
	if (n <= 0)
		return false;
	c->len += (size_t)n;
	return true;
}

static void
serve(struct recorder *r, size_t i)
{
	struct client *c = &r->clients[i];
	size_t head = 0, len;

	if (!read_more(c)) {
		drop(r, i);
		return;
	}
	while ((len = request_length(c, &head)) > 0) {
		r->n++;
		keep(r, "body", c->data + head, len - head);
		keep(r, "head", c->data, head);
		answer(r, c);
		memmove(c->data, c->data + len, c->len - len);
		c->len -= len;
		c->continued = false;
	}
}

int
main(int argc, char **argv)
{
	struct recorder r = { .dir = argc > 1 ? argv[1] : NULL };

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: recorder DIR [PATH]\n");
		return 2;
	}
	if (argc == 3)
		listen_unix(&r, argv[2]);
	else
		listen_tcp(&r);
	for (;;) {
		struct pollfd fds[MAX_CLIENTS + 1] = { { .fd = r.listener,
		    .events = POLLIN } };
		size_t n = r.n_clients;

		for (size_t i = 0; i < n; i++)
			fds[i + 1] = (struct pollfd){ .fd = r.clients[i].fd,
				.events = POLLIN };
		if (poll(fds, n + 1, -1) < 0)
			fail("poll");
		for (size_t i = n; i > 0; i--)
			if (fds[i].revents != 0)
				serve(&r, i - 1);
		if (fds[0].revents != 0)
			take(&r);
	}
}
