/* SPDX-License-Identifier: MIT */
/*
 * Endpoints that send the client elsewhere, or ask who it is.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "target/handlers.h"

#define MAX_REDIRECTS 1000

void
ldi_serve_redirect(struct ldi_call *call)
{
	uint64_t n;

	if (!ldi_answer_number(call, MAX_REDIRECTS, &n))
		return;
	call->reply->status = 302;
	if (n <= 1)
		ld_buf_adds(call->reply->head, "Location: /get\r\n");
	else
		ld_buf_addf(call->reply->head, "Location: /redirect/%llu\r\n",
		    (unsigned long long)n - 1);
}

void
ldi_serve_redirect_to(struct ldi_call *call)
{
	static const struct ldi_slice location = { "Location", 8 };
	struct ldi_pairs query;
	struct ldi_slice url;
	double code;

	ldi_pairs_init(&query);
	ldi_pairs_urlencoded(&query, call->req->query);
	url = ldi_pairs_get(&query, "url");
	if (!ldi_answer_query(&query, "status_code", 302, 399, &code) ||
	    code < 300 || url.p == NULL ||
	    !ldi_answer_header(call, location, url))
		ldi_reply_error(call->reply, 400,
		    "want url=..., and status_code from 300 to 399");
	else
		call->reply->status = (unsigned)code;
	ldi_pairs_clear(&query);
}

/* -- cookies -------------------------------------------------------------- */

static bool
cookie_ok(struct ldi_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c <= ' ' || c >= 0x7f || c == ';' || c == ',' || c == '"')
			return false;
	}
	return true;
}

static void
serve_cookies(struct ldi_call *call, const char *attributes)
{
	struct ld_buf *head = call->reply->head;
	struct ldi_pairs query;
	bool ok = true;

	ldi_pairs_init(&query);
	ldi_pairs_urlencoded(&query, call->req->query);
	for (size_t i = 0; i < query.n && ok; i++) {
		const struct ldi_pair *pair = &query.list[i];
		struct ldi_slice name = { query.text.data + pair->name,
			pair->name_len };
		struct ldi_slice value = { query.text.data + pair->value,
			pair->value_len };

		ok = name.len > 0 && memchr(name.p, '=', name.len) == NULL &&
		     cookie_ok(name) && cookie_ok(value);
		ld_buf_adds(head, "Set-Cookie: ");
		ld_buf_add(head, name.p, name.len);
		ld_buf_addc(head, '=');
		ld_buf_add(head, value.p, value.len);
		ld_buf_adds(head, attributes);
	}
	ldi_pairs_clear(&query);
	if (!ok) {
		ld_buf_reset(head);
		ldi_reply_error(
		    call->reply, 400, "this cannot stand in a cookie");
		return;
	}
	call->reply->status = 302;
	ld_buf_adds(head, "Location: /cookies\r\n");
}

void
ldi_serve_set_cookies(struct ldi_call *call)
{
	serve_cookies(call, "; Path=/\r\n");
}

void
ldi_serve_delete_cookies(struct ldi_call *call)
{
	serve_cookies(call, "; Path=/; Max-Age=0\r\n");
}

/* -- credentials ---------------------------------------------------------- */

static void
unauthorized(struct ldi_call *call, const char *challenge)
{
	ldi_reply_error(call->reply, 401, "not authorized");
	ld_buf_addf(call->reply->head, "WWW-Authenticate: %s\r\n", challenge);
}

/* What stands behind "Basic " or "Bearer "; p is NULL for anything else. */
static struct ldi_slice
credentials(const struct ldi_target_request *req, const char *scheme)
{
	struct ldi_slice value = ldi_target_header_get(req, "authorization");
	size_t len = strlen(scheme);

	if (value.len <= len || strncasecmp(value.p, scheme, len) != 0)
		return (struct ldi_slice){ NULL, 0 };
	return (struct ldi_slice){ value.p + len, value.len - len };
}

/* /basic-auth/USER/PASSWORD */
void
ldi_serve_basic_auth(struct ldi_call *call)
{
	struct ldi_slice given = credentials(call->req, "Basic ");
	const char *slash = memchr(call->tail.p, '/', call->tail.len);
	struct ldi_slice user, password;
	struct ld_buf plain, coded;
	struct ld_json_out out;
	size_t user_len;

	if (slash == NULL) {
		ldi_reply_error(
		    call->reply, 404, "want /basic-auth/USER/PASSWORD");
		return;
	}
	user =
	    (struct ldi_slice){ call->tail.p, (size_t)(slash - call->tail.p) };
	password =
	    (struct ldi_slice){ slash + 1, call->tail.len - user.len - 1 };
	ld_buf_init(&plain, LDI_TARGET_MAX_HEAD);
	ld_buf_init(&coded, 2 * LDI_TARGET_MAX_HEAD);
	ldi_percent_decode(user, false, &plain);
	user_len = plain.len;
	ld_buf_addc(&plain, ':');
	ldi_percent_decode(password, false, &plain);
	ldi_base64_add(&coded, plain.data, plain.len);
	if (given.p == NULL || given.len != coded.len ||
	    memcmp(given.p, coded.data, coded.len) != 0) {
		unauthorized(call, "Basic realm=\"ld-target\"");
	} else {
		ldi_answer_begin(call, &out);
		ld_json_out_key(&out, "authenticated");
		ld_json_out_bool(&out, true);
		ld_json_out_key(&out, "user");
		ld_json_out_stringn(&out, plain.data, user_len);
		ldi_answer_end(call, &out);
	}
	ld_buf_clear(&plain);
	ld_buf_clear(&coded);
}

void
ldi_serve_bearer(struct ldi_call *call)
{
	struct ldi_slice token = credentials(call->req, "Bearer ");
	struct ld_json_out out;

	if (token.p == NULL) {
		unauthorized(call, "Bearer");
		return;
	}
	ldi_answer_begin(call, &out);
	ld_json_out_key(&out, "authenticated");
	ld_json_out_bool(&out, true);
	ld_json_out_key(&out, "token");
	ld_json_out_stringn(&out, token.p, token.len);
	ldi_answer_end(call, &out);
}
