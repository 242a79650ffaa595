/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <strings.h>

#include <ld/err.h>

#include "http/method.h"

/* The registry of RFC 9110, 16.1.  CONNECT is left out, for it is answered
 * by a tunnel, and so is PRI, which is no request. */
/* clang-format off */
static const struct ldi_method methods[] = {
	{ "GET", true, false },
	{ "POST", false, true },
	{ "PUT", true, true },
	{ "PATCH", false, true },
	{ "DELETE", true, false },
	{ "HEAD", true, false },
	{ "OPTIONS", true, false },
	{ "TRACE", true, false },
	{ "ACL", true, false },
	{ "BASELINE-CONTROL", true, false },
	{ "BIND", true, false },
	{ "CHECKIN", true, false },
	{ "CHECKOUT", true, false },
	{ "COPY", true, false },
	{ "LABEL", true, false },
	{ "LINK", true, false },
	{ "LOCK", false, false },
	{ "MERGE", true, false },
	{ "MKACTIVITY", true, false },
	{ "MKCALENDAR", true, false },
	{ "MKCOL", true, false },
	{ "MKREDIRECTREF", true, false },
	{ "MKWORKSPACE", true, false },
	{ "MOVE", true, false },
	{ "ORDERPATCH", true, false },
	{ "PROPFIND", true, false },
	{ "PROPPATCH", true, false },
	{ "REBIND", true, false },
	{ "REPORT", true, false },
	{ "SEARCH", true, false },
	{ "UNBIND", true, false },
	{ "UNCHECKOUT", true, false },
	{ "UNLINK", true, false },
	{ "UNLOCK", true, false },
	{ "UPDATE", true, false },
	{ "UPDATEREDIRECTREF", true, false },
	{ "VERSION-CONTROL", true, false },
};
/* clang-format on */

#define N (sizeof(methods) / sizeof(methods[0]))

const struct ldi_method *
ldi_method_find(const char *name)
{
	for (size_t i = 0; i < N; i++)
		if (strcasecmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

const char *
ldi_method_nearest(const char *name)
{
	char upper[32];
	size_t len = 0;

	for (; name[len] != '\0'; len++) {
		if (len == sizeof(upper) - 1)
			return NULL;
		upper[len] = name[len] >= 'a' && name[len] <= 'z'
				 ? (char)(name[len] - 'a' + 'A')
				 : name[len];
	}
	upper[len] = '\0';
	return ld_err_nearest(upper, &methods[0].name, N, sizeof(methods[0]));
}
