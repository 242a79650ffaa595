/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include <ld/limits.h>

#include "base/file.h"
#include "net/failure.h"
#include "net/pem.h"

enum ld_status
ldi_pem_read(
    const char *file, const char *what, struct ld_buf *buf, struct ld_err *err)
{
	char why[LDI_ERRNO_TEXT], name[300];
	enum ld_status st;
	int fd;

	ld_buf_init(buf, LD_MAX_PEM_BYTES);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ld_err_set(err, LD_INVALID, "%s '%.200s': %s", what,
		    file, ldi_errno_text(errno, why));
	snprintf(name, sizeof(name), "%s '%.200s'", what, file);
	st = ldi_file_read(fd, buf, name, err);
	close(fd);
	if (st == LD_IO) { /* a directory, say: not the file that is meant */
		st = LD_INVALID;
		if (err != NULL)
			err->status = st;
	}
	return st;
}

void
ldi_pem_forget(struct ld_buf *buf)
{
	OPENSSL_cleanse(buf->data, buf->cap);
	ld_buf_clear(buf);
}

enum ld_status
ldi_pem_refuse(const char *file, const char *what, struct ld_err *err)
{
	unsigned long code = ERR_peek_error();
	const char *reason = ERR_reason_error_string(code);
	char buf[160];

	if (reason == NULL) {
		ERR_error_string_n(code, buf, sizeof(buf));
		reason = buf;
	}
	ERR_clear_error();
	return ld_err_set(err, LD_INVALID, "%s '%.200s' cannot be used: %s",
	    what, file, reason);
}
