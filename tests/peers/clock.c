/* SPDX-License-Identifier: MIT */
/*
 * A preloaded clock that somebody sets, and a host that sleeps: seconds that
 * the file named by LD_TEST_CLOCK adds, "WALL SUSPENDED", to the wall clock
 * and to the clock that counts suspension.  The monotonic clock is left alone.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void
read_offsets(long *wall, long *suspended)
{
	const char *path = getenv("LD_TEST_CLOCK");
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	char text[64];
	ssize_t n;

	*wall = *suspended = 0;
	if (fd < 0)
		return;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	if (sscanf(text, "%ld %ld", wall, suspended) != 2)
		*wall = *suspended = 0;
}

__attribute__((visibility("default"))) int
clock_gettime(clockid_t clock, struct timespec *out)
{
	int before = errno;
	long wall, suspended;

	if (syscall(SYS_clock_gettime, clock, out) != 0)
		return -1;
	if (clock != CLOCK_REALTIME && clock != CLOCK_BOOTTIME)
		return 0;
	read_offsets(&wall, &suspended);
	out->tv_sec += suspended;
	if (clock == CLOCK_REALTIME)
		out->tv_sec += wall;
	errno = before;
	return 0;
}
