/* SPDX-License-Identifier: MIT */
/*
 * CPU time of the client thread per round trip, the transport against bare
 * epoll: 100 connections, messages of 100 bytes, an echo thread on the other
 * core.  Rounds alternate, so that what disturbs the machine disturbs both.
 *
 * Usage: bench_stream [CONNECTIONS [SECONDS PER ROUND]]
 */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <ld/loop.h>
#include <ld/stream.h>
#include <ld/time.h>

#define MESSAGE 100
#define MAX_CONNECTIONS 5000
#define ROUNDS 7

static int n_conns = 100;
static uint64_t round_ns = LD_NS_PER_S / 2;
static uint16_t port;
static char message[MESSAGE];

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
pin(int core)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(core, &set);
	/* Without a second core the ratio still means something. */
	if (pthread_setaffinity_np(pthread_self(), sizeof(set), &set) != 0)
		fprintf(stderr, "bench_stream: cannot pin to core %d\n", core);
}

static void
no_delay(int fd)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static void
add(int epfd, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event) != 0)
		die("epoll_ctl");
}

/* -- the server ----------------------------------------------------------- */

static int listener, stop_pipe[2];

static void
echo(int fd)
{
	char buf[4096];
	ssize_t n = recv(fd, buf, sizeof(buf), 0);

	if (n <= 0)
		close(fd);
	else if (send(fd, buf, (size_t)n, MSG_NOSIGNAL) != n)
		die("echo");
}

static void *
serve(void *arg)
{
	struct epoll_event events[256];
	int epfd = epoll_create1(EPOLL_CLOEXEC);

	(void)arg;
	pin(1);
	add(epfd, listener);
	add(epfd, stop_pipe[0]);
	for (;;) {
		int n = epoll_wait(epfd, events, 256, -1);

		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd;

			if (fd == stop_pipe[0]) {
				close(epfd);
				return NULL;
			}
			if (fd != listener) {
				echo(fd);
				continue;
			}
			fd = accept4(
			    listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
			if (fd >= 0) {
				no_delay(fd);
				add(epfd, fd);
			}
		}
	}
}

static void
listen_loopback(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(in);

	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 ||
	    bind(listener, (struct sockaddr *)&in, sizeof(in)) != 0 ||
	    listen(listener, MAX_CONNECTIONS) != 0 ||
	    getsockname(listener, (struct sockaddr *)&in, &len) != 0)
		die("listen");
	port = ntohs(in.sin_port);
}

/* -- bare epoll ----------------------------------------------------------- */

static int bare_epfd, bare_fds[MAX_CONNECTIONS];

static void
bare_open(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	bare_epfd = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < n_conns; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd < 0 ||
		    connect(fd, (struct sockaddr *)&in, sizeof(in)) != 0)
			die("connect");
		no_delay(fd);
		add(bare_epfd, fd);
		bare_fds[i] = fd;
	}
}

/* Everything that a load generator cannot do without: the clock, too. */
static uint64_t
bare_round(uint64_t *trips_out)
{
	static char buf[65536];
	struct epoll_event events[1024];
	uint64_t end_ns = ld_now_ns() + round_ns, now_ns = 0, trips = 0;
	uint64_t cpu_ns = ld_thread_cpu_ns();
	int pending = n_conns;

	for (int i = 0; i < n_conns; i++)
		if (send(bare_fds[i], message, MESSAGE, MSG_NOSIGNAL) < 0)
			die("send");
	while (pending > 0) {
		int n = epoll_wait(bare_epfd, events, 1024, -1);

		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd;

			if (recv(fd, buf, sizeof(buf), 0) != MESSAGE)
				die("recv");
			now_ns = ld_now_ns();
			trips++;
			if (now_ns >= end_ns)
				pending--;
			else if (send(fd, message, MESSAGE, MSG_NOSIGNAL) < 0)
				die("send");
		}
	}
	*trips_out = trips;
	return ld_thread_cpu_ns() - cpu_ns;
}

/* -- the transport -------------------------------------------------------- */

static struct ld_loop *loop;
static struct ld_stream *streams[MAX_CONNECTIONS];
static uint64_t stream_end_ns, stream_trips;
static int stream_pending;

static void
ping(struct ld_stream *stream)
{
	struct iovec iov = { message, MESSAGE };

	if (ld_stream_write(stream, &iov, 1) != LD_WRITTEN)
		die("ld_stream_write");
}

static void
on_open(void *owner)
{
	(void)owner;
	stream_pending--;
}

static void
on_data(void *owner, const char *data, size_t len, uint64_t now_ns)
{
	struct ld_stream **stream = owner;

	(void)data;
	if (len != MESSAGE)
		die("on_data");
	stream_trips++;
	if (now_ns >= stream_end_ns)
		stream_pending--;
	else
		ping(*stream);
}

static void
on_written(void *owner, uint64_t now_ns)
{
	(void)owner;
	(void)now_ns;
}

static void
on_closed(void *owner, enum ld_class cls, const char *text, uint64_t now_ns)
{
	(void)owner;
	(void)cls;
	(void)now_ns;
	fprintf(stderr, "bench_stream: %s\n", text);
	exit(1);
}

static const struct ld_stream_ops ops = {
	.on_open = on_open,
	.on_data = on_data,
	.on_written = on_written,
	.on_closed = on_closed,
};

static void
stream_open(void)
{
	static struct ld_endpoint endpoint = { .host = "127.0.0.1" };
	struct ld_err err = LD_ERR_INIT;

	endpoint.port = port;
	if (ld_loop_new(&loop, &err) != LD_OK)
		die(err.text);
	stream_pending = n_conns;
	for (int i = 0; i < n_conns; i++)
		if (ld_stream_new(loop, &ops, &streams[i], &streams[i], &err) !=
			LD_OK ||
		    ld_stream_connect(streams[i], &endpoint, &err) != LD_OK)
			die(err.text);
	while (stream_pending > 0)
		uv_run(ld_loop_uv(loop), UV_RUN_ONCE);
}

static uint64_t
stream_round(uint64_t *trips_out)
{
	uint64_t cpu_ns = ld_thread_cpu_ns();

	stream_end_ns = ld_now_ns() + round_ns;
	stream_trips = 0;
	stream_pending = n_conns;
	for (int i = 0; i < n_conns; i++)
		ping(streams[i]);
	while (stream_pending > 0)
		uv_run(ld_loop_uv(loop), UV_RUN_ONCE);
	*trips_out = stream_trips;
	return ld_thread_cpu_ns() - cpu_ns;
}

/* -- rounds --------------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), compare);
	return values[ROUNDS / 2];
}

int
main(int argc, char **argv)
{
	double bare[ROUNDS], ours[ROUNDS], ratio[ROUNDS];
	pthread_t server;
	uint64_t trips;

	if (argc > 1)
		n_conns = atoi(argv[1]);
	if (argc > 2)
		round_ns = (uint64_t)(atof(argv[2]) * 1e9);
	if (n_conns < 1 || n_conns > MAX_CONNECTIONS || round_ns == 0)
		return 2;
	memset(message, 'm', sizeof(message));
	if (pipe(stop_pipe) != 0)
		die("pipe");
	listen_loopback();
	if (pthread_create(&server, NULL, serve, NULL) != 0)
		die("pthread_create");
	pin(0);
	bare_open();
	stream_open();
	for (int i = 0; i < ROUNDS; i++) {
		bare[i] = (double)bare_round(&trips);
		bare[i] /= (double)trips;
		ours[i] = (double)stream_round(&trips);
		ours[i] /= (double)trips;
		ratio[i] = ours[i] / bare[i];
	}
	printf("bare epoll %.0f ns, transport %.0f ns of CPU per round trip; "
	       "ratio %.3f (medians of %d, %d connections)\n",
	    median(bare), median(ours), median(ratio), ROUNDS, n_conns);

	for (int i = 0; i < n_conns; i++) {
		ld_stream_free(streams[i]);
		close(bare_fds[i]);
	}
	ld_loop_free(loop);
	close(bare_epfd);
	if (write(stop_pipe[1], "", 1) != 1)
		die("write");
	pthread_join(server, NULL);
	return 0;
}
