/* SPDX-License-Identifier: MIT */
/* What is said of a request before it is ever sent. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "http/request.h"

/* May this request need TLS?  One that may be redirected does, and so does a
 * URL told at the exchange, unless it visibly begins with another scheme. */
static bool
may_use_tls(const struct ldi_request *r)
{
	const char *text;
	size_t len;

	if (r->follow)
		return true;
	if (r->origin != NULL)
		return r->origin->tls;
	ld_template_prefix(r->url, &text, &len);
	return len < 5 || strncasecmp(text, "http", 4) != 0 ||
	       (text[4] != ':' && text[4] != '+');
}

/* "https://host:port", for people. */
static const char *
target_name(const struct ldi_request *r, struct ld_compile *cc)
{
	const struct ldi_url_origin *to = r->origin;
	struct ld_buf buf;
	char *name;

	if (to == NULL)
		return ld_template_shape(r->url);
	ld_buf_init(&buf, LD_MAX_HEADER_BYTES);
	if (to->unix_path[0] != '\0')
		ld_buf_addf(&buf, "unix:%s", to->unix_path);
	else
		ld_buf_addf(
		    &buf, "%s://%s", to->tls ? "https" : "http", to->authority);
	name = buf.failed ? NULL : ld_compile_strdup(cc, ld_buf_str(&buf));
	ld_buf_clear(&buf);
	return name;
}

/* Will it need TLS for certain, wherever its placeholders lead? */
bool
ldi_request_begins_with_tls(const struct ldi_request *r)
{
	const char *text;
	size_t len;

	if (r->origin != NULL)
		return r->origin->tls;
	ld_template_prefix(r->url, &text, &len);
	return len >= 6 && strncasecmp(text, "https:", 6) == 0;
}

enum ld_status
ldi_request_describe(const struct ldi_request *r, bool insecure,
    struct ld_compile *cc, struct ld_step_info *info, struct ld_err *err)
{
	info->tls_unverified = insecure && may_use_tls(r);
	info->request_type = r->method;
	info->name = ld_template_shape(r->url);
	info->target = target_name(r, cc);
	return info->target != NULL ? LD_OK
				    : ld_err_set(err, LD_NOMEM, "request");
}
