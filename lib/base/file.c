/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define READ_SIZE ((size_t)64 << 10)

/* Room for the next read: one byte more than what may be kept tells a file
 * that is too large from one that just fits. */
static enum ld_status
make_room(struct ld_buf *buf, const char *what, struct ld_err *err)
{
	size_t left = buf->max - buf->len;

	if (left > 0 &&
	    ld_buf_reserve(buf, left < READ_SIZE ? left : READ_SIZE) != LD_OK)
		return ld_err_set(err, LD_NOMEM, "no memory to read %s", what);
	return LD_OK;
}

static ssize_t
read_some(int fd, struct ld_buf *buf)
{
	char more;
	ssize_t got;

	do {
		if (buf->len < buf->max)
			got =
			    read(fd, buf->data + buf->len, buf->cap - buf->len);
		else
			got = read(fd, &more, 1);
	} while (got < 0 && errno == EINTR);
	return got;
}

/* Of a file whose size is known, all at once: growing a block would leave up
 * to as much again unused. */
static enum ld_status
make_room_for_all(
    int fd, struct ld_buf *buf, const char *what, struct ld_err *err)
{
	size_t left = buf->max - buf->len;
	struct stat info;

	if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) ||
	    (uintmax_t)info.st_size >= left ||
	    ld_buf_reserve(buf, (size_t)info.st_size + 1) == LD_OK)
		return LD_OK;
	return ld_err_set(err, LD_NOMEM, "no memory to read %s", what);
}

enum ld_status
ldi_file_read(int fd, struct ld_buf *buf, const char *what, struct ld_err *err)
{
	enum ld_status st = make_room_for_all(fd, buf, what, err);

	while (st == LD_OK) {
		ssize_t got;

		if (buf->len == buf->cap)
			st = make_room(buf, what, err);
		if (st != LD_OK)
			return st;
		got = read_some(fd, buf);
		if (got < 0)
			return ld_err_errno(err, errno, "cannot read %s", what);
		if (got == 0)
			return LD_OK;
		if (buf->len == buf->max)
			return ld_err_set(err, LD_INVALID,
			    "%s is larger than %zu MiB", what, buf->max >> 20);
		buf->len += (size_t)got;
	}
	return st;
}

int
ldi_file_unnamed(void)
{
	const char *dir = getenv("TMPDIR");
	char path[PATH_MAX];
	int fd;

	if (dir == NULL || *dir == '\0')
		dir = "/tmp";
	if (snprintf(path, sizeof(path), "%s/ld.XXXXXX", dir) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}
