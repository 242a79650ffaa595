/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/secret.h"

#include <string.h>
#include <strings.h>

/* What a name ends in: "token" is also "access_token" and "csrf-token",
 * "cookie" is also "Set-Cookie". */
static const char *const endings[] = {
	"token",
	"key",
	"secret",
	"password",
	"passwd",
	"pwd",
	"passphrase",
	"signature",
	"sig",
	"auth",
	"authorization",
	"authentication-info",
	"cookie",
	"session",
	"sessionid",
	"credential",
	"credentials",
	"jwt",
};

bool
ldi_secret_name(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t n = strlen(endings[i]);
		const char *end = name + len - n;

		if (len < n || strncasecmp(end, endings[i], n) != 0)
			continue;
		/* A word of its own, or behind one: not "monkey". */
		if (len == n || strchr("_-.[", end[-1]) != NULL ||
		    (end[0] >= 'A' && end[0] <= 'Z' && end[-1] >= 'a'))
			return true;
		if (len == n + 3 && strncasecmp(name, "api", 3) == 0)
			return true;
	}
	return false;
}
