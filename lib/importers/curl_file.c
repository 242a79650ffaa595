/* SPDX-License-Identifier: MIT */
/* Files that a command line names.  Only regular ones: a device has no end,
 * and a pipe may never begin. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "importers/curl.h"

/* The open file, or -1 and the error. */
static int
open_regular(struct ldi_curl *curl, const struct ldi_curl_word *name,
    const char *path, struct stat *st_out)
{
	int fd;

	if (curl->options->no_files) {
		(void)ldi_curl_error(curl, &name->at,
		    "'%s' is a file, and none is to be read", path);
		return -1;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, st_out) != 0)
		(void)ldi_curl_error(curl, &name->at, "'%s' cannot be read: %s",
		    path, strerror(errno));
	else if (!S_ISREG(st_out->st_mode))
		(void)ldi_curl_error(
		    curl, &name->at, "'%s' is no regular file", path);
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static enum ld_status
read_all(struct ldi_curl *curl, const struct ldi_curl_word *name,
    const char *path, int fd, struct ld_buf *out)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf bytes;
	enum ld_status st;

	ld_buf_init(&bytes, LDI_CURL_MAX_FILE);
	st = ldi_file_read(fd, &bytes, path, &err);
	if (st == LD_OK)
		ld_buf_add(out, bytes.data, bytes.len);
	ld_buf_clear(&bytes);
	if (st != LD_OK)
		return ldi_curl_error(curl, &name->at, "%s", err.text);
	return out->failed ? ldi_curl_nomem(curl) : LD_OK;
}

enum ld_status
ldi_curl_file_read(struct ldi_curl *curl, const struct ldi_curl_word *name,
    const char *path, struct ld_buf *out)
{
	struct stat info;
	enum ld_status st;
	int fd = open_regular(curl, name, path, &info);

	if (fd < 0)
		return LD_INVALID;
	st = read_all(curl, name, path, fd, out);
	close(fd);
	return st;
}

enum ld_status
ldi_curl_file_embed(struct ldi_curl *curl, const struct ldi_curl_word *name,
    const char *path, struct ld_buf *out, uint64_t *size_out)
{
	struct stat info;
	enum ld_status st = LD_OK;
	int fd = open_regular(curl, name, path, &info);

	if (fd < 0)
		return LD_INVALID;
	*size_out = (uint64_t)info.st_size;
	if (*size_out <= LDI_CURL_MAX_EMBED)
		st = read_all(curl, name, path, fd, out);
	close(fd);
	return st;
}
