/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "base/base64.h"
#include "base/http_text.h"
#include "http/auth.h"

const char *
ldi_auth_basic_add(
    struct ld_buf *out, const char *pair, size_t user_len, size_t len)
{
	if (memchr(pair, ':', user_len) != NULL)
		return "a user name with a colon in it cannot be sent";
	if (!ldi_http_is_value(pair, len))
		return "user name or password holds a control character";
	ld_buf_adds(out, "Basic ");
	ldi_base64_add(out, pair, len);
	return NULL;
}

const char *
ldi_auth_bearer_add(struct ld_buf *out, const char *token, size_t len)
{
	if (len == 0)
		return "the token is empty";
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)token[i] <= ' ' ||
		    (unsigned char)token[i] >= 0x7f)
			return "the token holds a blank or another character "
			       "that none has";
	ld_buf_adds(out, "Bearer ");
	ld_buf_add(out, token, len);
	return NULL;
}
