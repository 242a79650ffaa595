/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a command: makes its N-th call of one kind fail, or that and
 * all that follow.  $LD_TEST_FAIL is KIND:N:HOW:ERRNO, HOW being once or all
 * (short: once, a write of one byte); at the end $LD_TEST_COUNT gets how many
 * calls of the kind there were.  Counted are the calls that are made from
 * main() on, by us and by libraries, but for those that libc makes itself.
 */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum how { ONCE, ALL, SHORT };

static char kind[24];
static long nth;
static enum how how;
static int error;
static atomic_long calls;
static atomic_bool counting;
static const char *count_path;

static void
read_order(void)
{
	const char *order = getenv("LD_TEST_FAIL");
	char word[8] = "";

	if (order == NULL || sscanf(order, "%23[^:]:%ld:%7[^:]:%d", kind, &nth,
				 word, &error) != 4)
		return;
	how = strcmp(word, "all") == 0     ? ALL
	      : strcmp(word, "short") == 0 ? SHORT
					   : ONCE;
	count_path = getenv("LD_TEST_COUNT");
}

static void
write_count(void)
{
	char text[32];
	int fd, n;

	atomic_store(&counting, false);
	if (count_path == NULL)
		return;
	fd = open(count_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	n = snprintf(text, sizeof(text), "%ld\n", atomic_load(&calls));
	if (fd >= 0) {
		(void)!write(fd, text, (size_t)n);
		close(fd);
	}
}

/* Is it this call's turn?  errno is set then. */
static bool
fails(const char *what)
{
	long n;

	if (!atomic_load_explicit(&counting, memory_order_relaxed) ||
	    strcmp(what, kind) != 0)
		return false;
	n = atomic_fetch_add(&calls, 1) + 1;
	if (how == ALL ? n < nth : n != nth)
		return false;
	errno = error;
	return true;
}

/* For nth_malloc.c. */
EXPORT bool ld_test_fails_malloc(void);

bool
ld_test_fails_malloc(void)
{
	return fails("malloc");
}

static void *
real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* A pointer to the next function of that name, of the same type. */
#define NEXT(name)                                   \
	static __typeof__(name) *next;               \
	if (next == NULL) {                          \
		void *found = real(#name);           \
		memcpy(&next, &found, sizeof(next)); \
	}

/* -- from main() on ------------------------------------------------------- */

static int (*real_main)(int, char **, char **);

static int
our_main(int argc, char **argv, char **env)
{
	read_order();
	atexit(write_count);
	atomic_store(&counting, true);
	return real_main(argc, argv, env);
}

typedef int start_main_fn(int (*)(int, char **, char **), int, char **,
    void (*)(void), void (*)(void), void (*)(void), void *);
start_main_fn __libc_start_main;

EXPORT int
__libc_start_main(int (*main_fn)(int, char **, char **), int argc, char **argv,
    void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
    void *stack_end)
{
	start_main_fn *next;
	void *found = real("__libc_start_main");

	memcpy(&next, &found, sizeof(next));
	real_main = main_fn;
	return next(our_main, argc, argv, init, fini, rtld_fini, stack_end);
}

/* -- files and sockets ---------------------------------------------------- */

/* What libuv and we tell ourselves through a pipe or an eventfd cannot fail,
 * and libuv ends the process when it does. */
static bool
is_internal(int fd)
{
	struct stat sb;

	return fd > STDERR_FILENO && syscall(SYS_fstat, fd, &sb) == 0 &&
	       !S_ISREG(sb.st_mode) && !S_ISSOCK(sb.st_mode);
}

EXPORT ssize_t
read(int fd, void *data, size_t len)
{
	NEXT(read)
	return !is_internal(fd) && fails("read") ? -1 : next(fd, data, len);
}

EXPORT ssize_t
pread(int fd, void *data, size_t len, off_t at)
{
	NEXT(pread)
	return fails("read") ? -1 : next(fd, data, len, at);
}

EXPORT ssize_t
recv(int fd, void *data, size_t len, int flags)
{
	NEXT(recv)
	return fails("recv") ? -1 : next(fd, data, len, flags);
}

EXPORT ssize_t
write(int fd, const void *data, size_t len)
{
	NEXT(write)
	if (is_internal(fd) || !fails("write"))
		return next(fd, data, len);
	return how == SHORT && len > 0 ? next(fd, data, 1) : -1;
}

EXPORT ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	NEXT(pwrite)
	if (!fails("write"))
		return next(fd, data, len, at);
	return how == SHORT && len > 0 ? next(fd, data, 1, at) : -1;
}

EXPORT ssize_t
send(int fd, const void *data, size_t len, int flags)
{
	NEXT(send)
	if (!fails("send"))
		return next(fd, data, len, flags);
	return how == SHORT && len > 0 ? next(fd, data, 1, flags) : -1;
}

EXPORT ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
	NEXT(sendmsg)
	return fails("send") ? -1 : next(fd, message, flags);
}

static mode_t
mode_of(int flags, va_list args)
{
	return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;
}

EXPORT int
open(const char *path, int flags, ...)
{
	NEXT(open)
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return fails("open") ? -1 : next(path, flags, mode);
}

EXPORT int
socket(int domain, int type, int protocol)
{
	NEXT(socket)
	return fails("socket") ? -1 : next(domain, type, protocol);
}

EXPORT int
connect(int fd, const struct sockaddr *to, socklen_t len)
{
	NEXT(connect)
	return fails("connect") ? -1 : next(fd, to, len);
}

EXPORT int
fstat(int fd, struct stat *out)
{
	NEXT(fstat)
	return fails("fstat") ? -1 : next(fd, out);
}

/* -- the loop, and threads ------------------------------------------------ */

EXPORT int
epoll_create1(int flags)
{
	NEXT(epoll_create1)
	return fails("epoll_create") ? -1 : next(flags);
}

EXPORT int
eventfd(unsigned value, int flags)
{
	NEXT(eventfd)
	return fails("eventfd") ? -1 : next(value, flags);
}

EXPORT int
timerfd_create(int clock, int flags)
{
	NEXT(timerfd_create)
	return fails("timerfd") ? -1 : next(clock, flags);
}

EXPORT int
epoll_wait(int fd, struct epoll_event *events, int n, int timeout)
{
	NEXT(epoll_wait)
	return fails("epoll_wait") ? -1 : next(fd, events, n, timeout);
}

EXPORT int
epoll_pwait(int fd, struct epoll_event *events, int n, int timeout,
    const sigset_t *mask)
{
	NEXT(epoll_pwait)
	return fails("epoll_wait") ? -1 : next(fd, events, n, timeout, mask);
}

EXPORT int
pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    void *(*start)(void *), void *arg)
{
	NEXT(pthread_create)
	return fails("thread") ? error : next(thread, attr, start, arg);
}
