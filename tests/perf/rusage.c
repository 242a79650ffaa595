/* SPDX-License-Identifier: MIT */
/*
 * rusage CPU COMMAND [ARG...]: run a command on one processor (- = any) and
 * write to descriptor 3, or stderr when there is none, one line:
 * user and system microseconds, peak resident KiB, wall microseconds, exit
 * status.  Threads are included, children that the command waited for too.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long
wall_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void
pin(const char *cpu)
{
	cpu_set_t set;

	if (strcmp(cpu, "-") == 0)
		return;
	CPU_ZERO(&set);
	CPU_SET((int)strtol(cpu, NULL, 10), &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		perror("rusage: sched_setaffinity");
}

int
main(int argc, char **argv)
{
	int out = fcntl(3, F_GETFD) >= 0 ? 3 : 2;
	struct rusage ru;
	long long begin;
	int status;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: rusage CPU COMMAND [ARG...]\n");
		return 2;
	}
	begin = wall_us();
	pid = fork();
	if (pid == 0) {
		if (out == 3)
			fcntl(3, F_SETFD, FD_CLOEXEC);
		pin(argv[1]);
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (pid < 0)
		return 2;
	while (wait4(pid, &status, 0, &ru) < 0) {
		if (errno != EINTR)
			return 2;
	}
	dprintf(out, "%lld %lld %ld %lld %d\n",
	    ru.ru_utime.tv_sec * 1000000LL + ru.ru_utime.tv_usec,
	    ru.ru_stime.tv_sec * 1000000LL + ru.ru_stime.tv_usec, ru.ru_maxrss,
	    wall_us() - begin,
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
