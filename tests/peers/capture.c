/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into the commands by tests/run-bats: keeps a copy of the streams
 * that they write and of the plans that ld-run reads, so that real input and
 * output can be held against the schemas.  The process, its descriptors and
 * what it writes stay as they are; a copy is appended with a descriptor that
 * lives for that moment only.
 *
 * In $LD_TEST_STREAMS, for the process ID of a command:
 *	ID.cmd     its command line, NUL-separated
 *	ID.exit    its exit status, unless a signal ended it
 *	ID-N.out   the first COPY_BYTES of the N-th stream written
 *	ID-N.t0, ID-N.t1   behind those, alternately: the last bytes are there
 *	ID-N.in    the first COPY_BYTES of the N-th JSON text read
 */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_BYTES ((size_t)512 << 10)
#define MAX_FDS 1024

typedef ssize_t read_fn(int fd, void *data, size_t len);
typedef ssize_t write_fn(int fd, const void *data, size_t len);
typedef int close_fn(int fd);

ssize_t read(int fd, void *data, size_t len);
ssize_t write(int fd, const void *data, size_t len);
int close(int fd);

/* What goes through a descriptor, until it is closed. */
static struct flow {
	enum { FLOW_NEW, FLOW_LEFT, FLOW_KEPT } state;
	unsigned serial;
	size_t bytes;
} flows[2][MAX_FDS]; /* read, written */

enum { READ, WRITTEN };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static read_fn *real_read;
static write_fn *real_write;
static close_fn *real_close;
static char prefix[4096]; /* DIRECTORY/ID; empty = keep nothing */
static bool keeps_input;
static unsigned serials;

static void
append(const char *suffix, bool anew, const void *data, size_t len)
{
	char path[sizeof(prefix) + 64];
	int saved = errno, fd;

	snprintf(path, sizeof(path), "%s%s", prefix, suffix);
	fd = open(path,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (anew ? O_TRUNC : 0),
	    0600);
	if (fd >= 0) {
		(void)!real_write(fd, data, len);
		real_close(fd);
	}
	errno = saved;
}

/* Is it the start of a JSON text, in a file with a name, or a pipe? */
static bool
is_wanted(int fd, const char *data, size_t len)
{
	struct stat info;

	if (len > 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		return true;
	if (len == 0 || strchr("{[ \t\r\n", *data) == NULL || *data == '\0')
		return false;
	return fstat(fd, &info) == 0 &&
	       (S_ISFIFO(info.st_mode) || S_ISCHR(info.st_mode) ||
		   (S_ISREG(info.st_mode) && info.st_nlink > 0));
}

static void
keep(struct flow *flow, const char *what, const char *data, size_t len)
{
	char suffix[64];
	size_t room = flow->bytes < COPY_BYTES ? COPY_BYTES - flow->bytes : 0;
	size_t now = len < room ? len : room, tail;

	snprintf(suffix, sizeof(suffix), "-%u.%s", flow->serial, what);
	if (now > 0)
		append(suffix, false, data, now);
	flow->bytes += now;
	data += now;
	len -= now;
	if (len == 0 || strcmp(what, "out") != 0)
		return;
	tail = flow->bytes / COPY_BYTES;
	snprintf(suffix, sizeof(suffix), "-%u.t%zu", flow->serial, tail % 2);
	append(suffix, flow->bytes % COPY_BYTES == 0, data, len);
	flow->bytes += len;
	/* A tail begins at a boundary, however long the one before became. */
	if (flow->bytes / COPY_BYTES != tail)
		flow->bytes -= flow->bytes % COPY_BYTES;
}

static void
see(int way, int fd, const char *data, ssize_t len)
{
	struct flow *flow;

	if (prefix[0] == '\0' || len <= 0 || fd < 0 || fd >= MAX_FDS ||
	    fd == STDERR_FILENO || (way == READ && !keeps_input))
		return;
	pthread_mutex_lock(&lock);
	flow = &flows[way][fd];
	if (flow->state == FLOW_NEW) {
		flow->state =
		    is_wanted(fd, data, (size_t)len) ? FLOW_KEPT : FLOW_LEFT;
		flow->bytes = 0;
		flow->serial = serials++;
	}
	if (flow->state == FLOW_KEPT)
		keep(flow, way == READ ? "in" : "out", data, (size_t)len);
	pthread_mutex_unlock(&lock);
}

static void
find_real(void)
{
	if (real_read == NULL)
		*(void **)&real_read = dlsym(RTLD_NEXT, "read");
	if (real_write == NULL)
		*(void **)&real_write = dlsym(RTLD_NEXT, "write");
	if (real_close == NULL)
		*(void **)&real_close = dlsym(RTLD_NEXT, "close");
}

__attribute__((visibility("default"))) ssize_t
read(int fd, void *data, size_t len)
{
	ssize_t n;

	find_real();
	n = real_read(fd, data, len);
	see(READ, fd, data, n);
	return n;
}

__attribute__((visibility("default"))) ssize_t
write(int fd, const void *data, size_t len)
{
	ssize_t n;

	find_real();
	n = real_write(fd, data, len);
	see(WRITTEN, fd, data, n);
	return n;
}

__attribute__((visibility("default"))) int
close(int fd)
{
	find_real();
	if (fd >= 0 && fd < MAX_FDS && prefix[0] != '\0') {
		pthread_mutex_lock(&lock);
		flows[READ][fd].state = flows[WRITTEN][fd].state = FLOW_NEW;
		pthread_mutex_unlock(&lock);
	}
	return real_close(fd);
}

static void
at_exit(int status, void *unused)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", status & 255);

	(void)unused;
	if (prefix[0] != '\0')
		append(".exit", true, text, (size_t)n);
}

/* libtool runs an uninstalled command under the name "lt-ld-run". */
static bool
is_command(const char *name)
{
	static const char *const names[] = { "ld-run", "ld-import",
		"ld-report" };

	if (strncmp(name, "lt-", 3) == 0)
		name += 3;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0) {
			keeps_input = i == 0;
			return true;
		}
	return false;
}

static void
note_command(void)
{
	char line[1 << 16];
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : real_read(fd, line, sizeof(line));

	if (fd >= 0)
		real_close(fd);
	if (n > 0)
		append(".cmd", true, line, (size_t)n);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *directory = getenv("LD_TEST_STREAMS");
	int saved = errno;

	find_real();
	if (directory != NULL && is_command(program_invocation_short_name)) {
		snprintf(prefix, sizeof(prefix) - 64, "%s/%ld", directory,
		    (long)getpid());
		note_command();
		on_exit(at_exit, NULL);
	}
	errno = saved;
}
