/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ld/num.h>

#include "target/form.h"
#include "target/listener.h"

#define BATCH 64

#define SAID(text) .say = (text), .say_len = sizeof(text) - 1

/* clang-format off */
static const struct ldi_listener_kind kinds[] = {
	{ "http", "http", LDI_LISTENER_HTTP, .help = "HTTP, as at the first port" },
	{ "https", "https", LDI_LISTENER_HTTP, .tls = true,
	  .help = "the same over TLS, with a certificate for localhost" },
	{ "https-expired", "https", LDI_LISTENER_HTTP, .tls = true,
	  .identity = LDI_ISSUED_EXPIRED,
	  .help = "the certificate was valid until an hour ago" },
	{ "https-early", "https", LDI_LISTENER_HTTP, .tls = true,
	  .identity = LDI_ISSUED_EARLY,
	  .help = "the certificate is valid from tomorrow on" },
	{ "https-name", "https", LDI_LISTENER_HTTP, .tls = true,
	  .identity = LDI_ISSUED_NAME,
	  .help = "the certificate is for elsewhere.invalid" },
	{ "https-self", "https", LDI_LISTENER_HTTP, .tls = true,
	  .identity = LDI_ISSUED_SELF,
	  .help = "the certificate is signed by itself" },
	{ "https-issuer", "https", LDI_LISTENER_HTTP, .tls = true,
	  .identity = LDI_ISSUED_ISSUER,
	  .help = "the certificate is of an authority that nobody has" },
	{ "https-old", "https", LDI_LISTENER_HTTP, .tls = true, .old = true,
	  .help = "TLS 1.1 and nothing newer" },
	{ "https-abrupt", "https", LDI_LISTENER_HTTP, .tls = true,
	  .abrupt = true,
	  .help = "connections end without close_notify" },
	{ "https-cut", "https", LDI_LISTENER_HTTP, .tls = true, .cut = true,
	  .help = "the wire ends behind at bytes, as a close, reset or stall" },
	{ "https-text", "https", LDI_LISTENER_SAY,
	  SAID("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
	       "Content-Length: 0\r\n\r\n"),
	  .help = "plain text instead of a handshake" },
	{ "https-alert", "https", LDI_LISTENER_SAY,
	  SAID("\x15\x03\x03\x00\x02\x02\x28"),
	  .help = "the alert handshake_failure instead of a handshake" },
	{ "close", "tcp", LDI_LISTENER_CLOSE,
	  .help = "accepts, and ends the connection" },
	{ "reset", "tcp", LDI_LISTENER_RESET,
	  .help = "accepts, and resets it" },
	{ "stall", "tcp", LDI_LISTENER_STALL,
	  .help = "accepts, and says nothing, ever" },
	{ "refuse", "tcp", LDI_LISTENER_NONE,
	  .help = "a port of which nobody takes connections" },
	{ "full", "tcp", LDI_LISTENER_FULL,
	  .help = "a full queue: connecting gets no answer" },
	{ "tcp", "tcp", LDI_LISTENER_ECHO,
	  .help = "TCP that gives back what it is sent" },
	{ "tls", "tls", LDI_LISTENER_ECHO, .tls = true,
	  .help = "the same over TLS" },
	{ "udp", "udp", LDI_LISTENER_UDP,
	  .help = "UDP that gives back each datagram" },
};
/* clang-format on */

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

const struct ldi_listener_kind *const *
ldi_listener_kinds(void)
{
	static const struct ldi_listener_kind *list[N_KINDS + 1];

	for (size_t i = 0; i < N_KINDS; i++)
		list[i] = &kinds[i];
	return list;
}

void
ldi_listener_init(struct ldi_listener *listener)
{
	*listener = (struct ldi_listener){ .kind = &kinds[0],
		.fd = -1,
		.cut_at = UINT64_MAX,
		.cut_end = LDI_SCRIPT_CLOSE };
	for (int i = 0; i < LDI_LISTENER_FILL; i++)
		listener->fill[i] = -1;
}

/* -- what is wanted ------------------------------------------------------- */

static enum ld_status
find_kind(
    struct ldi_listener *listener, struct ldi_slice name, struct ld_err *err)
{
	char word[40];
	const char *near;

	if (name.len == 0 || name.len >= sizeof(word))
		return ld_err_set(err, LD_INVALID, "'%.*s' is no kind of port",
		    name.len > 60 ? 60 : (int)name.len, name.p);
	memcpy(word, name.p, name.len);
	word[name.len] = '\0';
	for (size_t i = 0; i < N_KINDS; i++)
		if (strcmp(word, kinds[i].name) == 0) {
			listener->kind = &kinds[i];
			return LD_OK;
		}
	near = ld_err_nearest(word, &kinds[0].name, N_KINDS, sizeof(kinds[0]));
	if (near != NULL)
		return ld_err_set(err, LD_INVALID,
		    "there is no kind of port '%s'; did you mean '%s'?", word,
		    near);
	return ld_err_set(
	    err, LD_INVALID, "there is no kind of port '%s'", word);
}

static enum ld_status
read_param(struct ldi_listener *listener, struct ldi_slice name,
    struct ldi_slice value, struct ld_err *err)
{
	static const struct {
		const char *name;
		enum ldi_script_end end;
	} ends[] = { { "close", LDI_SCRIPT_CLOSE },
		{ "reset", LDI_SCRIPT_RESET }, { "stall", LDI_SCRIPT_STALL } };

	if (listener->kind->cut && ldi_slice_is(name, "at"))
		return ld_num_u64(value.p, value.len, &listener->cut_at, err);
	for (size_t i = 0; listener->kind->cut && ldi_slice_is(name, "as") &&
			   i < sizeof(ends) / sizeof(ends[0]);
	     i++)
		if (ldi_slice_is(value, ends[i].name)) {
			listener->cut_end = ends[i].end;
			return LD_OK;
		}
	return ld_err_set(err, LD_INVALID, "%s takes no '%.*s=%.*s'",
	    listener->kind->name, name.len > 40 ? 40 : (int)name.len, name.p,
	    value.len > 40 ? 40 : (int)value.len, value.p);
}

static enum ld_status
read_params(
    struct ldi_listener *listener, struct ldi_slice params, struct ld_err *err)
{
	struct ldi_pairs pairs;
	enum ld_status st = LD_OK;

	if (listener->kind->cut)
		listener->cut_at = 0;
	ldi_pairs_init(&pairs);
	ldi_pairs_urlencoded(&pairs, params);
	if (pairs.text.failed)
		st = ld_err_set(err, LD_NOMEM, "a port");
	for (size_t i = 0; i < pairs.n && st == LD_OK; i++)
		st = read_param(listener, ldi_pairs_name(&pairs, i),
		    ldi_pairs_value(&pairs, i), err);
	ldi_pairs_clear(&pairs);
	return st;
}

enum ld_status
ldi_listener_read(
    struct ldi_listener *listener, const char *text, struct ld_err *err)
{
	const char *colon = strrchr(text, ':'), *mark = strchr(text, '?');
	size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);
	size_t name =
	    mark != NULL && mark < text + len ? (size_t)(mark - text) : len;
	struct ldi_slice params = { text + name + 1,
		name < len ? len - name - 1 : 0 };
	uint64_t port = 0;
	enum ld_status st =
	    find_kind(listener, (struct ldi_slice){ text, name }, err);

	if (st == LD_OK)
		st = read_params(listener, params, err);
	if (st == LD_OK && colon != NULL)
		st = ld_num_u64(colon + 1, strlen(colon + 1), &port, err);
	if (st == LD_OK && port > 65535)
		st = ld_err_set(err, LD_INVALID, "'%s' is no port", colon + 1);
	listener->port = (uint16_t)port;
	return st;
}

/* -- the socket ----------------------------------------------------------- */

enum ld_status
ldi_address_read(union ldi_address *address, const char *text,
    socklen_t *len_out, struct ld_err *err)
{
	if (text == NULL || strcmp(text, "localhost") == 0)
		text = "127.0.0.1";
	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &address->v4.sin_addr) == 1) {
		address->v4.sin_family = AF_INET;
		*len_out = sizeof(address->v4);
		if (ntohl(address->v4.sin_addr.s_addr) >> 24 == 127)
			return LD_OK;
	} else if (inet_pton(AF_INET6, text, &address->v6.sin6_addr) == 1) {
		address->v6.sin6_family = AF_INET6;
		*len_out = sizeof(address->v6);
		if (IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr))
			return LD_OK;
	} else {
		return ld_err_set(
		    err, LD_INVALID, "'%s' is not an IP address", text);
	}
	return ld_err_set(err, LD_INVALID,
	    "'%s' is not a loopback address: this server echoes what it is "
	    "sent and serves nobody else",
	    text);
}

static const char *
address_text(const union ldi_address *address, char text[INET6_ADDRSTRLEN])
{
	const void *at = address->any.sa_family == AF_INET6
			     ? (const void *)&address->v6.sin6_addr
			     : (const void *)&address->v4.sin_addr;

	return inet_ntop(address->any.sa_family, at, text, INET6_ADDRSTRLEN);
}

static void
note_url(struct ldi_listener *listener, const union ldi_address *address)
{
	bool v6 = address->any.sa_family == AF_INET6;
	char text[INET6_ADDRSTRLEN];

	listener->port =
	    ntohs(v6 ? address->v6.sin6_port : address->v4.sin_port);
	snprintf(listener->url, sizeof(listener->url),
	    v6 ? "%s://[%s]:%u" : "%s://%s:%u", listener->kind->scheme,
	    address_text(address, text), (unsigned)listener->port);
}

/* Fill the queue: what comes then is not answered. */
static bool
fill_queue(struct ldi_listener *listener, const union ldi_address *address,
    socklen_t len)
{
	for (int i = 0; i < LDI_LISTENER_FILL; i++) {
		listener->fill[i] = socket(address->any.sa_family,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (listener->fill[i] < 0 ||
		    (connect(listener->fill[i], &address->any, len) != 0 &&
			errno != EINPROGRESS))
			return false;
	}
	return true;
}

static bool
prepare(struct ldi_listener *listener, union ldi_address *address,
    socklen_t len, int backlog)
{
	int on = 1, fd = listener->fd;
	enum ldi_listener_does does = listener->kind->does;

	if (does != LDI_LISTENER_UDP) {
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		/* Accepted sockets inherit it. */
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	}
	if (bind(fd, &address->any, len) != 0)
		return false;
	if (does == LDI_LISTENER_FULL)
		backlog = 0;
	if (does != LDI_LISTENER_UDP && does != LDI_LISTENER_NONE &&
	    listen(fd, backlog) != 0)
		return false;
	return getsockname(fd, &address->any, &len) == 0 &&
	       (does != LDI_LISTENER_FULL ||
		   fill_queue(listener, address, len));
}

enum ld_status
ldi_listener_open(struct ldi_listener *listener,
    const union ldi_address *address, int backlog, struct ld_err *err)
{
	bool v6 = address->any.sa_family == AF_INET6;
	bool udp = listener->kind->does == LDI_LISTENER_UDP;
	union ldi_address at = *address;
	char text[INET6_ADDRSTRLEN];

	if (v6)
		at.v6.sin6_port = htons(listener->port);
	else
		at.v4.sin_port = htons(listener->port);
	listener->fd = socket(at.any.sa_family,
	    (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener->fd < 0)
		return ld_err_errno(err, errno, "cannot make a socket");
	if (!prepare(
		listener, &at, v6 ? sizeof(at.v6) : sizeof(at.v4), backlog))
		return ld_err_errno(err, errno, "cannot listen on %s port %u",
		    address_text(&at, text), (unsigned)listener->port);
	note_url(listener, &at);
	return LD_OK;
}

void
ldi_listener_close(struct ldi_listener *listener)
{
	for (int i = 0; i < LDI_LISTENER_FILL; i++)
		if (listener->fill[i] >= 0)
			close(listener->fill[i]);
	if (listener->fd >= 0)
		close(listener->fd);
	SSL_CTX_free(listener->ctx);
	ldi_listener_init(listener);
}

bool
ldi_listener_watched(const struct ldi_listener *listener)
{
	return listener->kind->does != LDI_LISTENER_NONE &&
	       listener->kind->does != LDI_LISTENER_FULL;
}

void
ldi_listener_echo(struct ldi_listener *listener, char *room, size_t room_len)
{
	for (int i = 0; i < BATCH; i++) {
		union ldi_address peer;
		socklen_t len = sizeof(peer);
		ssize_t n =
		    recvfrom(listener->fd, room, room_len, 0, &peer.any, &len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		listener->datagrams++;
		listener->bytes_in += (uint64_t)n;
		/* As any server: what finds no room is lost. */
		n = sendto(listener->fd, room, (size_t)n, MSG_NOSIGNAL,
		    &peer.any, len);
		if (n > 0)
			listener->bytes_out += (uint64_t)n;
	}
}
