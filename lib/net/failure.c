/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <uv.h>

#include "net/failure.h"

void
ldi_failure_set(
    struct ldi_failure *failure, enum ld_class cls, const char *fmt, ...)
{
	va_list args;

	failure->cls = cls;
	va_start(args, fmt);
	vsnprintf(failure->text, sizeof(failure->text), fmt, args);
	va_end(args);
}

const char *
ldi_errno_text(int errnum, char buf[LDI_ERRNO_TEXT])
{
	return uv_strerror_r(
	    uv_translate_sys_error(errnum), buf, LDI_ERRNO_TEXT);
}

struct errno_class {
	int errnum;
	enum ld_class connecting, open;
};

static const struct errno_class errno_classes[] = {
	{ ECONNREFUSED, LD_CLASS_REFUSED, LD_CLASS_RESET },
	{ ENOENT, LD_CLASS_REFUSED, LD_CLASS_LOCAL_OTHER }, /* unix path */
	{ EAGAIN, LD_CLASS_REFUSED, LD_CLASS_LOCAL_OTHER }, /* unix backlog */
	{ ECONNRESET, LD_CLASS_RESET, LD_CLASS_RESET },
	{ ECONNABORTED, LD_CLASS_RESET, LD_CLASS_RESET },
	{ EPIPE, LD_CLASS_RESET, LD_CLASS_RESET },
	{ ENOTCONN, LD_CLASS_RESET, LD_CLASS_RESET },
	{ EHOSTUNREACH, LD_CLASS_UNREACHABLE, LD_CLASS_UNREACHABLE },
	{ ENETUNREACH, LD_CLASS_UNREACHABLE, LD_CLASS_UNREACHABLE },
	{ EHOSTDOWN, LD_CLASS_UNREACHABLE, LD_CLASS_UNREACHABLE },
	{ ENETDOWN, LD_CLASS_UNREACHABLE, LD_CLASS_UNREACHABLE },
	{ ETIMEDOUT, LD_CLASS_TIMEOUT_CONNECT, LD_CLASS_RESET },
	{ EADDRNOTAVAIL, LD_CLASS_LOCAL_PORTS, LD_CLASS_LOCAL_PORTS },
	{ EMFILE, LD_CLASS_LOCAL_FILES, LD_CLASS_LOCAL_FILES },
	{ ENFILE, LD_CLASS_LOCAL_FILES, LD_CLASS_LOCAL_FILES },
	{ ENOMEM, LD_CLASS_LOCAL_MEMORY, LD_CLASS_LOCAL_MEMORY },
	{ ENOBUFS, LD_CLASS_LOCAL_MEMORY, LD_CLASS_LOCAL_MEMORY },
};

static const struct errno_class *
find_errno(int errnum)
{
	static const struct errno_class other = { 0, LD_CLASS_LOCAL_OTHER,
		LD_CLASS_LOCAL_OTHER };
	size_t n = sizeof(errno_classes) / sizeof(errno_classes[0]);

	for (size_t i = 0; i < n; i++)
		if (errno_classes[i].errnum == errnum)
			return &errno_classes[i];
	return &other;
}

enum ld_class
ldi_class_of_connect(int errnum)
{
	return find_errno(errnum)->connecting;
}

enum ld_class
ldi_class_of_io(int errnum)
{
	return find_errno(errnum)->open;
}
