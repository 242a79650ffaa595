/* SPDX-License-Identifier: MIT */
/*
 * phase-server - a loopback server that is slow in one phase, and says by how
 * much.
 *
 *	phase-server accept|tls|send|ttfb|body MS
 *	phase-server port
 *
 * The first line of output is the port.  Then comes one line of JSON per
 * exchange: how long the phase took by this side's clock.  One connection at
 * a time, one exchange per connection.  `port` prints a port at which nobody
 * listens and ends.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "peers/peer.h"
#include "peers/tls_server.h"

#define BODY "half of it, then the other half"
#define BODY_LEN (sizeof(BODY) - 1)
/* Connections that fill a backlog of 0 are fewer than these. */
#define FILLERS 8
/* Small enough that a request of some MiB cannot hide in it. */
#define RECEIVE_BUFFER (64 << 10)
#define GIVE_UP_MS 20000

struct server {
	int listener;
	uint16_t port;
	long delay_ms;
	struct tls_server tls;
};

static _Noreturn void
fail(const char *what)
{
	fprintf(stderr, "phase-server: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void
sleep_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&ts, &ts) != 0 && errno == EINTR)
		continue;
}

static void
listen_at_loopback(struct server *s, int backlog)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sin);
	int small = RECEIVE_BUFFER;

	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->listener < 0 ||
	    setsockopt(s->listener, SOL_SOCKET, SO_RCVBUF, &small,
		sizeof(small)) != 0 ||
	    bind(s->listener, (struct sockaddr *)&sin, len) != 0 ||
	    listen(s->listener, backlog) != 0 ||
	    getsockname(s->listener, (struct sockaddr *)&sin, &len) != 0)
		fail("cannot listen");
	s->port = ntohs(sin.sin_port);
}

static void
say_port(uint16_t port)
{
	printf("%u\n", (unsigned)port);
	fflush(stdout);
}

static void
say_phase(const char *phase, uint64_t ns)
{
	printf("{\"phase\":\"%s\",\"ns\":%" PRIu64 "}\n", phase, ns);
	fflush(stdout);
}

static int
take(struct server *s)
{
	int on = 1, fd = accept(s->listener, NULL, NULL);

	if (fd < 0)
		fail("cannot accept");
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

/* -- talking -------------------------------------------------------------- */

/* How long the request behind a whole header is, or 0. */
static size_t
request_length(char *text, size_t len)
{
	const char *end, *length;

	text[len] = '\0';
	end = strstr(text, "\r\n\r\n");
	if (end == NULL)
		return 0;
	length = strcasestr(text, "\r\ncontent-length:");
	return (size_t)(end - text) + 4 +
	       (length == NULL || length > end
		       ? 0
		       : strtoul(length + 17, NULL, 10));
}

/* false when the client went away before the request was whole. */
static bool
read_request(int fd, SSL *ssl)
{
	static char text[64 << 10];
	size_t got = 0, want = 0, kept = 0;

	while (want == 0 || got < want) {
		char *at = want == 0 ? text + kept : text;
		size_t room = sizeof(text) - 1 - (want == 0 ? kept : 0);
		ssize_t n = ssl != NULL ? SSL_read(ssl, at, (int)room)
					: recv(fd, at, room, 0);

		if (n <= 0)
			return false;
		got += (size_t)n;
		if (want == 0) {
			kept += (size_t)n;
			want = request_length(text, kept);
		}
	}
	return true;
}

static void
put(int fd, SSL *ssl, const char *data, size_t len)
{
	if (ssl != NULL)
		(void)SSL_write(ssl, data, (int)len);
	else
		(void)peer_send(fd, data, len);
}

/* Returns how long the second half was held back. */
static uint64_t
answer(int fd, SSL *ssl, long between_ms)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n"
				   "Content-Length: 31\r\n\r\n";
	char text[sizeof(head) + BODY_LEN];
	size_t half = sizeof(head) - 1 + BODY_LEN / 2;
	size_t all = sizeof(head) - 1 + BODY_LEN;
	uint64_t sent_ns;

	_Static_assert(BODY_LEN == 31, "the head says how long the body is");
	memcpy(text, head, sizeof(head) - 1);
	memcpy(text + sizeof(head) - 1, BODY, BODY_LEN);
	if (between_ms == 0) {
		put(fd, ssl, text, all);
		return 0;
	}
	put(fd, ssl, text, half);
	sent_ns = now_ns();
	sleep_ms(between_ms);
	sent_ns = now_ns() - sent_ns;
	put(fd, ssl, text + half, all - half);
	return sent_ns;
}

/* -- slow in one phase ---------------------------------------------------- */

static void
slow_ttfb(struct server *s, int fd)
{
	uint64_t since_ns;

	if (!read_request(fd, NULL))
		return;
	since_ns = now_ns();
	sleep_ms(s->delay_ms);
	since_ns = now_ns() - since_ns;
	(void)answer(fd, NULL, 0);
	say_phase("ttfb", since_ns);
}

static void
slow_body(struct server *s, int fd)
{
	uint64_t took_ns;

	if (!read_request(fd, NULL))
		return;
	took_ns = answer(fd, NULL, s->delay_ms);
	say_phase("receive", took_ns);
}

/* The client can end sending once all but what buffers hold is read. */
static void
slow_send(struct server *s, int fd)
{
	uint64_t since_ns = now_ns();

	sleep_ms(s->delay_ms);
	if (!read_request(fd, NULL))
		return;
	since_ns = now_ns() - since_ns;
	(void)answer(fd, NULL, 0);
	say_phase("send", since_ns);
}

static void
slow_tls(struct server *s, int fd)
{
	SSL *ssl = SSL_new(s->tls.ctx);
	uint64_t since_ns = now_ns();

	if (ssl == NULL || SSL_set_fd(ssl, fd) != 1)
		fail("cannot set up TLS");
	sleep_ms(s->delay_ms);
	if (SSL_accept(ssl) == 1) {
		since_ns = now_ns() - since_ns;
		if (read_request(fd, ssl)) {
			(void)answer(fd, ssl, 0);
			say_phase("tls", since_ns);
		}
		SSL_shutdown(ssl);
	}
	SSL_free(ssl);
}

/* -- a full backlog ------------------------------------------------------- */

static int
start_connecting(uint16_t port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) != 0 &&
			  errno != EINPROGRESS))
		fail("cannot connect");
	return fd;
}

static bool
is_connected(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
		fail("TCP_INFO");
	return info.tcpi_state == TCP_ESTABLISHED;
}

/* Loopback handshakes end within connect() itself, so the first one that is
 * left waiting tells that the backlog is full; it is taken back. */
static int
fill_backlog(struct server *s)
{
	for (int n = 0; n < FILLERS; n++) {
		int fd = start_connecting(s->port);

		if (!is_connected(fd)) {
			close(fd);
			return n;
		}
	}
	errno = ENOTSUP;
	fail("the backlog has no end");
}

/* Is there a socket that has sent its SYN to us and waits? */
static bool
somebody_waits(uint16_t port)
{
	FILE *file = fopen("/proc/net/tcp", "r");
	char line[256];
	bool found = false;

	if (file == NULL)
		fail("/proc/net/tcp");
	while (!found && fgets(line, sizeof(line), file) != NULL) {
		unsigned to, state;

		found =
		    sscanf(line, " %*u: %*x:%*x %*x:%x %x", &to, &state) == 2 &&
		    to == port && state == TCP_SYN_SENT;
	}
	fclose(file);
	return found;
}

static void
slow_accept(struct server *s)
{
	int fillers = fill_backlog(s), fd;
	uint64_t since_ns;

	say_port(s->port);
	for (long ms = 0; !somebody_waits(s->port); ms++) {
		if (ms == GIVE_UP_MS)
			fail("nobody came");
		sleep_ms(1);
	}
	since_ns = now_ns();
	sleep_ms(s->delay_ms);
	for (int i = 0; i < fillers; i++)
		close(take(s));
	fd = take(s);
	since_ns = now_ns() - since_ns;
	if (read_request(fd, NULL))
		(void)answer(fd, NULL, 0);
	say_phase("connect", since_ns);
	close(fd);
}

/* -- which ---------------------------------------------------------------- */

typedef void serve_fn(struct server *s, int fd);

static const struct {
	const char *name;
	serve_fn *serve;
} kinds[] = {
	{ "tls", slow_tls },
	{ "send", slow_send },
	{ "ttfb", slow_ttfb },
	{ "body", slow_body },
};

static serve_fn *
find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].serve;
	fprintf(stderr, "phase-server: no kind '%s'\n", name);
	exit(2);
}

static void
make_identity(struct server *s)
{
	const struct tls_want want = { .name = "127.0.0.1",
		.san = "IP:127.0.0.1",
		.from_s = -3600,
		.to_s = 3600 };
	struct tls_identity identity = tls_identity_make(&want);

	tls_server_init(&s->tls, &identity);
	tls_identity_clear(&identity);
}

int
main(int argc, char **argv)
{
	struct server s = { .delay_ms = argc > 2 ? atol(argv[2]) : 0 };
	serve_fn *serve;

	if (argc == 2 && strcmp(argv[1], "port") == 0) {
		say_port(peer_dead_port());
		return 0;
	}
	if (argc != 3 || s.delay_ms < 1 || s.delay_ms > GIVE_UP_MS) {
		fprintf(stderr,
		    "usage: phase-server accept|tls|send|ttfb|body MS\n"
		    "       phase-server port\n");
		return 2;
	}
	if (strcmp(argv[1], "accept") == 0) {
		listen_at_loopback(&s, 0);
		slow_accept(&s);
		return 0;
	}
	serve = find_kind(argv[1]);
	make_identity(&s);
	listen_at_loopback(&s, 64);
	say_port(s.port);
	for (;;) {
		int fd = take(&s);

		serve(&s, fd);
		close(fd);
	}
}
