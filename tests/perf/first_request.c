/* SPDX-License-Identifier: MIT */
/*
 * first_request COMMAND [ARG...]: run a command that sends an HTTP request to
 * $LOAD_DENSITY_TARGET, which is a socket of this program, and print how many
 * microseconds passed between fork() and the first byte that arrived.
 */
#include "config.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static int
listen_somewhere(char *url, size_t size)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, 16) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		return -1;
	snprintf(url, size, "http://127.0.0.1:%d", ntohs(at.sin_port));
	return fd;
}

/* The time of the first byte, or -1 when none came within ten seconds. */
static long long
first_byte(int fd)
{
	static const char answer[] =
	    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[4096];
	long long at;
	int peer;

	if (poll(&p, 1, 10000) != 1)
		return -1;
	peer = accept(fd, NULL, NULL);
	if (peer < 0 || read(peer, buf, sizeof(buf)) <= 0)
		return -1;
	at = now_us();
	if (write(peer, answer, sizeof(answer) - 1) < 0)
		return -1;
	shutdown(peer, SHUT_WR);
	while (read(peer, buf, sizeof(buf)) > 0)
		;
	close(peer);
	return at;
}

int
main(int argc, char **argv)
{
	char url[64];
	int fd = listen_somewhere(url, sizeof(url));
	long long begin, at;
	pid_t pid;

	if (argc < 2 || fd < 0) {
		fprintf(stderr, "usage: first_request COMMAND [ARG...]\n");
		return 2;
	}
	setenv("LOAD_DENSITY_TARGET", url, 1);
	begin = now_us();
	pid = fork();
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	at = first_byte(fd);
	waitpid(pid, NULL, 0);
	if (at < 0)
		return 1;
	printf("%lld\n", at - begin);
	return 0;
}
