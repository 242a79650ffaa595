/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "peers/peer.h"

struct peer {
	int listener;
	uint16_t port;
	char path[108];
	pthread_t thread;
	peer_fn *serve;
	void *arg;
	atomic_uint accepted;
	atomic_bool stopping;
};

static void *
serve_all(void *arg)
{
	struct peer *peer = arg;
	sigset_t pipe;
	int fd;

	/* Here only: that the client raises none is for tests to see. */
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, NULL);
	while ((fd = accept(peer->listener, NULL, NULL)) >= 0) {
		if (atomic_load(&peer->stopping)) {
			close(fd);
			break;
		}
		atomic_fetch_add(&peer->accepted, 1);
		peer->serve(fd, peer->arg);
		close(fd);
	}
	return NULL;
}

static int
listen_on(struct sockaddr *sa, socklen_t len)
{
	int fd = socket(sa->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, sa, len) != 0 || listen(fd, 512) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int
listen_ip(int family, uint16_t *port_out)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr *sa = family == AF_INET ? (struct sockaddr *)&in
						: (struct sockaddr *)&in6;
	socklen_t len = family == AF_INET ? sizeof(in) : sizeof(in6);
	int fd = listen_on(sa, len);

	if (fd < 0 || getsockname(fd, sa, &len) != 0)
		return -1;
	*port_out = ntohs(family == AF_INET ? in.sin_port : in6.sin6_port);
	return fd;
}

static int
listen_unix(char path[108])
{
	static atomic_uint count;
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	snprintf(path, 108, "/tmp/ld-peer-%ld-%u.sock", (long)getpid(),
	    atomic_fetch_add(&count, 1));
	unlink(path);
	memcpy(un.sun_path, path, strlen(path) + 1);
	return listen_on((struct sockaddr *)&un, sizeof(un));
}

struct peer *
peer_start(enum peer_kind kind, peer_fn *serve, void *arg)
{
	struct peer *peer = calloc(1, sizeof(*peer));

	if (peer == NULL)
		abort();
	if (kind == PEER_UNIX)
		peer->listener = listen_unix(peer->path);
	else
		peer->listener = listen_ip(
		    kind == PEER_IPV4 ? AF_INET : AF_INET6, &peer->port);
	if (peer->listener < 0) {
		free(peer);
		return NULL;
	}
	peer->serve = serve;
	peer->arg = arg;
	if (pthread_create(&peer->thread, NULL, serve_all, peer) != 0)
		abort();
	return peer;
}

void
peer_stop(struct peer *peer)
{
	if (peer == NULL)
		return;
	atomic_store(&peer->stopping, true);
	shutdown(peer->listener, SHUT_RDWR);
	pthread_join(peer->thread, NULL);
	close(peer->listener);
	if (peer->path[0] != '\0')
		unlink(peer->path);
	free(peer);
}

uint16_t
peer_port(const struct peer *peer)
{
	return peer->port;
}

const char *
peer_path(const struct peer *peer)
{
	return peer->path;
}

unsigned
peer_accepted(const struct peer *peer)
{
	return atomic_load(&peer->accepted);
}

uint16_t
peer_dead_port(void)
{
	uint16_t port = 0;
	int fd = listen_ip(AF_INET, &port);

	if (fd < 0)
		abort();
	close(fd);
	return port;
}

/* -- ways to behave ------------------------------------------------------- */

bool
peer_send(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

void
peer_cut(int fd)
{
	struct linger cut = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &cut, sizeof(cut));
}

void
peer_echo(int fd, void *arg)
{
	char buf[16384];
	ssize_t n;

	(void)arg;
	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0)
		if (!peer_send(fd, buf, (size_t)n))
			return;
}

void
peer_greet(int fd, void *arg)
{
	if (peer_send(fd, "hello", 5))
		peer_echo(fd, arg);
}

static void
read_once(int fd)
{
	char buf[4096];

	if (recv(fd, buf, sizeof(buf), 0) < 0)
		return;
}

void
peer_fin(int fd, void *arg)
{
	(void)arg;
	read_once(fd);
}

void
peer_fin_at_once(int fd, void *arg)
{
	(void)fd;
	(void)arg;
}

void
peer_answer_fin(int fd, void *arg)
{
	(void)arg;
	read_once(fd);
	peer_send(fd, "bye", 3);
}

void
peer_reset(int fd, void *arg)
{
	(void)arg;
	read_once(fd);
	peer_cut(fd);
}

void
peer_answer_reset(int fd, void *arg)
{
	(void)arg;
	read_once(fd);
	peer_send(fd, "bye", 3);
	read_once(fd);
	peer_cut(fd);
}

void
peer_sink(int fd, void *arg)
{
	char buf[16384];
	unsigned long long total = 0;
	ssize_t n;
	int len;

	(void)arg;
	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0) {
		total += (unsigned long long)n;
		if (buf[n - 1] == '\n') {
			len = snprintf(buf, sizeof(buf), "%llu\n", total);
			if (!peer_send(fd, buf, (size_t)len))
				return;
		}
	}
}

void
peer_hold(int fd, void *arg)
{
	char buf[256];

	(void)arg;
	while (recv(fd, buf, sizeof(buf), 0) > 0)
		continue;
}
