/* SPDX-License-Identifier: MIT */
/* One exchange as the members of a task. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include <ld/limits.h>
#include <ld/num.h>
#include <ld/time.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "importers/curl_emit.h"

struct writer {
	struct ldi_curl *curl;
	struct ldi_curl_exchange *x;
	struct ld_json_out *out;
};

/* -- text ----------------------------------------------------------------- */

/* Text whose markers (curl.h) become placeholders. */
static void
put_marked(struct writer *w, const char *text, size_t len)
{
	struct ld_import_sink *sink = w->curl->sink;
	bool name = false;
	struct ld_buf buf;

	if (len == 0 || memchr(text, '\0', len) == NULL) {
		ldi_sink_text(sink, w->out, text, len);
		return;
	}
	ld_buf_init(&buf, sink->task.max);
	for (size_t i = 0; i <= len; name = !name) {
		const char *end =
		    i < len ? memchr(text + i, '\0', len - i) : NULL;
		size_t n = (end != NULL ? (size_t)(end - text) : len) - i;

		if (name)
			ld_buf_addf(&buf, "${env.%.*s}", (int)n, text + i);
		else
			ldi_sink_text_add(sink, &buf, text + i, n);
		i += n + 1;
	}
	if (buf.failed)
		sink->out->failed = true;
	else
		ld_json_out_stringn(w->out, buf.data, buf.len);
	ld_buf_clear(&buf);
}

static void
put_word(struct writer *w, const char *key, const char *text, size_t len)
{
	ld_json_out_key(w->out, key);
	put_marked(w, text, len);
}

static void
put_text(struct writer *w, const char *key, const char *text)
{
	put_word(w, key, text, strlen(text));
}

static void
put_bool(struct writer *w, const char *key, bool value)
{
	ld_json_out_key(w->out, key);
	ld_json_out_bool(w->out, value);
}

static void
put_base64(struct writer *w, const char *key, const char *data, size_t len)
{
	struct ld_buf text;

	ld_buf_init(&text, w->curl->sink->task.max);
	ldi_base64_add(&text, data, len);
	ld_json_out_key(w->out, key);
	ld_json_out_stringn(w->out, text.len > 0 ? text.data : "", text.len);
	if (text.failed)
		w->curl->sink->out->failed = true;
	ld_buf_clear(&text);
}

static bool
is_text(const char *text, size_t len)
{
	return len == 0 || ldi_utf8_valid(text, len);
}

/* -- headers -------------------------------------------------------------- */

static bool
same_name(const struct ldi_curl_field *a, const struct ldi_curl_field *b)
{
	return a->name_len == b->name_len &&
	       strncasecmp(a->name, b->name, a->name_len) == 0;
}

/* How many fields from i on have its name; 0 = an earlier one has it. */
static size_t
count_name(const struct ldi_curl_fields *fields, size_t i)
{
	size_t n = 0;

	for (size_t k = 0; k < i; k++)
		if (same_name(&fields->list[k], &fields->list[i]))
			return 0;
	for (size_t k = i; k < fields->n; k++)
		n += same_name(&fields->list[k], &fields->list[i]);
	return n;
}

static void
put_value(struct writer *w, const struct ldi_curl_field *f)
{
	if (f->value == NULL)
		ld_json_out_null(w->out);
	else
		put_marked(w, f->value, f->value_len);
}

static void
put_headers(struct writer *w)
{
	const struct ldi_curl_fields *fields = &w->x->fields;

	if (fields->n == 0)
		return;
	ld_json_out_key(w->out, "headers");
	ld_json_out_object(w->out);
	for (size_t i = 0; i < fields->n; i++) {
		const struct ldi_curl_field *f = &fields->list[i];
		size_t n = count_name(fields, i);

		if (n == 0)
			continue;
		ld_json_out_keyn(w->out, f->name, f->name_len);
		if (n == 1) {
			put_value(w, f);
			continue;
		}
		ld_json_out_array(w->out);
		for (size_t k = i; k < fields->n; k++)
			if (same_name(&fields->list[k], f))
				put_value(w, &fields->list[k]);
		ld_json_out_end(w->out);
	}
	ld_json_out_end(w->out);
}

/* -- credentials ---------------------------------------------------------- */

static void
put_pair(struct writer *w, const char *user, size_t user_len,
    const char *password, size_t password_len)
{
	ld_json_out_key(w->out, "auth");
	ld_json_out_object(w->out);
	put_text(w, "type", w->x->op->digest ? "digest" : "basic");
	put_word(w, "username", user, user_len);
	put_word(w, "password", password, password_len);
	ld_json_out_end(w->out);
}

static enum ld_status
put_user(struct writer *w)
{
	const struct ldi_curl_word *user = &w->x->op->user;
	const char *colon = memchr(user->text, ':', user->len);
	size_t len = colon != NULL ? (size_t)(colon - user->text) : user->len;

	if (!is_text(user->text, user->len))
		return ldi_curl_lose(w->curl, &user->at, "--user",
		    "it is not UTF-8, and a plan holds text");
	put_pair(w, user->text, len, colon != NULL ? colon + 1 : "",
	    colon != NULL ? user->len - len - 1 : 0);
	if (colon != NULL)
		return LD_OK;
	return ldi_curl_lose(w->curl, &user->at, "the password",
	    "curl would ask for it, and it is not in the command");
}

/* A header of the user's own replaces them all. */
static enum ld_status
put_auth(struct writer *w)
{
	const struct ldi_curl_op *op = w->x->op;
	const struct ldi_curl_url *url = &w->x->url;

	if (ldi_curl_headers_find(&w->x->custom, "Authorization", NULL, NULL))
		return LD_OK;
	if (op->bearer.text != NULL) {
		if (!is_text(op->bearer.text, op->bearer.len))
			return ldi_curl_lose(w->curl, &op->bearer.at,
			    "--oauth2-bearer",
			    "it is not UTF-8, and a plan holds text");
		ld_json_out_key(w->out, "auth");
		ld_json_out_object(w->out);
		put_text(w, "type", "bearer");
		put_word(w, "token", op->bearer.text, op->bearer.len);
		ld_json_out_end(w->out);
		return LD_OK;
	}
	if (op->digest && !ldi_curl_wants_more(w->curl))
		return ldi_curl_lose(w->curl, &op->at, "--digest",
		    "the user type that was asked for has no digest");
	if (op->auth_lost)
		return op->user.text == NULL
			   ? LD_OK
			   : ldi_curl_lose(w->curl, &op->user.at, "--user",
				 "a plan sends Basic, Digest and Bearer "
				 "credentials only");
	if (op->user.text != NULL)
		return put_user(w);
	if (!url->has_user)
		return LD_OK;
	if (!is_text(url->user.data, url->user.len) ||
	    !is_text(url->password.data, url->password.len))
		return ldi_curl_lose(w->curl, &op->at, "the user of the URL",
		    "it is not UTF-8, and a plan holds text");
	put_pair(w, url->user.data, url->user.len, url->password.data,
	    url->password.len);
	return LD_OK;
}

static enum ld_status
put_cookies(struct writer *w)
{
	const struct ld_buf *cookies = &w->x->cookies;

	if (cookies->len == 0 ||
	    ldi_curl_headers_find(&w->x->custom, "Cookie", NULL, NULL))
		return LD_OK;
	if (!is_text(cookies->data, cookies->len))
		return ldi_curl_lose(w->curl, &w->x->op->cookies.list[0].at,
		    "--cookie", "it is not UTF-8, and a plan holds text");
	put_word(w, "cookies", cookies->data, cookies->len);
	return LD_OK;
}

/* -- bodies --------------------------------------------------------------- */

static void
put_part_headers(struct writer *w, const struct ldi_curl_part *part)
{
	ld_json_out_key(w->out, "headers");
	ld_json_out_object(w->out);
	for (size_t i = 0; i < part->headers.n; i++) {
		const struct ldi_curl_word *word = &part->headers.list[i];
		size_t len = strcspn(word->text, ":");
		size_t skip = len + 1;

		while (skip < word->len && word->text[skip] == ' ')
			skip++;
		ld_json_out_keyn(w->out, word->text, len);
		put_marked(w, word->text + skip, word->len - skip);
	}
	ld_json_out_end(w->out);
}

static void
put_part(struct writer *w, const struct ldi_curl_part *part)
{
	const char *type = ldi_curl_multipart_type(part);

	ld_json_out_object(w->out);
	put_word(w, "name", part->name.text, part->name.len);
	if (part->path != NULL)
		put_text(w, "path", part->path);
	else if (is_text(part->bytes, part->len) &&
		 (!part->binary || part->len == 0 ||
		     memchr(part->bytes, '\0', part->len) == NULL))
		put_word(w, "content", part->bytes, part->len);
	else
		put_base64(w, "base64", part->bytes, part->len);
	if (part->filename.text != NULL)
		put_word(
		    w, "filename", part->filename.text, part->filename.len);
	if (type != NULL)
		put_text(w, "type", type);
	if (part->headers.n > 0)
		put_part_headers(w, part);
	ld_json_out_end(w->out);
}

static enum ld_status
put_body(struct writer *w)
{
	const struct ldi_curl_body *body = &w->x->body;
	const char *data = body->bytes.len > 0 ? body->bytes.data : "";
	size_t len = body->bytes.len;
	bool nul = len > 0 && memchr(data, '\0', len) != NULL;

	if (!body->given)
		return LD_OK;
	if (body->form != NULL) {
		ld_json_out_key(w->out, "files");
		ld_json_out_array(w->out);
		for (const struct ldi_curl_part *part = body->form;
		     part != NULL; part = part->next)
			put_part(w, part);
		ld_json_out_end(w->out);
	} else if (body->path != NULL) {
		put_text(w, "data_file", body->path);
	} else if (is_text(data, len) && !(body->binary && nul)) {
		put_word(w, "data", data, len);
	} else if (nul && !body->binary) {
		return ldi_curl_error(w->curl, &w->x->op->at,
		    "a body that is not UTF-8 cannot hold a variable of the "
		    "shell");
	} else {
		put_base64(w, "data_base64", data, len);
	}
	return LD_OK;
}

/* -- proxies -------------------------------------------------------------- */

static enum ld_status
put_proxy(struct writer *w)
{
	const struct ldi_curl_op *op = w->x->op;
	const struct ldi_curl_word *proxy = &op->proxy;
	struct ld_buf url;

	if (proxy->text == NULL || proxy->len == 0)
		return LD_OK;
	if (!ldi_curl_wants_more(w->curl))
		return ldi_curl_lose(w->curl, &proxy->at, "--proxy",
		    "the user type that was asked for has no proxy");
	if (!is_text(proxy->text, proxy->len) ||
	    (op->proxy_user.text != NULL &&
		!is_text(op->proxy_user.text, op->proxy_user.len)))
		return ldi_curl_lose(w->curl, &proxy->at, "--proxy",
		    "it is not UTF-8, and a plan holds text");
	ld_buf_init(&url, LD_MAX_REQUEST_BYTES);
	ldi_curl_proxy_url(op, &url);
	if (!url.failed)
		put_word(w, "proxy", url.data, url.len);
	ld_buf_clear(&url);
	return url.failed ? ldi_curl_nomem(w->curl) : LD_OK;
}

/* -- redirects, TLS, time ------------------------------------------------- */

static enum ld_status
put_max_redirects(struct writer *w)
{
	const struct ldi_curl_word *word = &w->x->op->max_redirs;
	uint64_t hops = 50;
	enum ld_status st;

	if (word->text != NULL && strcmp(word->text, "-1") == 0) {
		hops = LDI_CURL_MAX_HOPS;
		st = ldi_curl_lose(w->curl, &word->at, "--max-redirs",
		    "a plan has a bound, of 1000 at most");
	} else if (word->text != NULL) {
		st = ldi_curl_plain(w->curl, word, "--max-redirs");
		if (st == LD_OK &&
		    (ld_num_u64(word->text, word->len, &hops, NULL) != LD_OK ||
			hops > LDI_CURL_MAX_HOPS))
			st = ldi_curl_error(w->curl, &word->at,
			    "--max-redirs: '%s' is no number up to %d",
			    word->text, LDI_CURL_MAX_HOPS);
	} else {
		st = LD_OK;
	}
	if (st != LD_OK)
		return st;
	ld_json_out_key(w->out, "max_redirects");
	ld_json_out_u64(w->out, hops);
	return LD_OK;
}

static enum ld_status
put_redirects(struct writer *w)
{
	const struct ldi_curl_op *op = w->x->op;
	const bool keep[] = { op->post301, op->post302, op->post303 };
	bool any = false;
	enum ld_status st;

	put_bool(w, "allow_redirects", op->location || op->trusted);
	if (!op->location && !op->trusted)
		return LD_OK;
	st = put_max_redirects(w);
	if (op->trusted)
		put_bool(w, "trust_redirects", true);
	for (unsigned i = 0; i < 3; i++) {
		if (!keep[i])
			continue;
		if (!any) {
			ld_json_out_key(w->out, "redirect_post");
			ld_json_out_array(w->out);
		}
		any = true;
		ld_json_out_u64(w->out, 301 + i);
	}
	if (any)
		ld_json_out_end(w->out);
	return st;
}

/* "file:password", where a backslash keeps a colon in the name. */
static enum ld_status
split_cert(struct writer *w, struct ldi_curl_word *file_out,
    struct ldi_curl_word *pass_out)
{
	const struct ldi_curl_word *cert = &w->x->op->cert;
	const char *p = cert->text;
	struct ld_buf name;
	enum ld_status st;

	ld_buf_init(&name, LDI_CURL_MAX_TEXT);
	for (; *p != '\0' && *p != ':'; p++) {
		if (*p == '\\' && (p[1] == ':' || p[1] == '\\'))
			p++;
		ld_buf_addc(&name, *p);
	}
	*pass_out = (struct ldi_curl_word){ 0 };
	if (*p == ':')
		*pass_out = (struct ldi_curl_word){ .text = p + 1,
			.len = cert->len - (size_t)(p + 1 - cert->text),
			.at = cert->at };
	st = name.failed ? ldi_curl_nomem(w->curl)
			 : ldi_curl_word(w->curl, file_out, name.data, name.len,
			       &cert->at);
	ld_buf_clear(&name);
	return st;
}

static bool
is_pem(const struct ldi_curl_word *type)
{
	return type->text == NULL || strcasecmp(type->text, "PEM") == 0;
}

static enum ld_status
put_cert(struct writer *w)
{
	const struct ldi_curl_op *op = w->x->op;
	struct ldi_curl_word file, pass;
	enum ld_status st;

	if (!is_pem(&op->cert_type) || !is_pem(&op->key_type))
		return ldi_curl_lose(w->curl, &op->cert.at, "--cert",
		    "a plan takes certificates and keys in PEM");
	st = ldi_curl_plain(w->curl, &op->cert, "--cert");
	if (st == LD_OK && op->key.text != NULL)
		st = ldi_curl_plain(w->curl, &op->key, "--key");
	if (st == LD_OK)
		st = split_cert(w, &file, &pass);
	if (st != LD_OK)
		return st;
	if (op->pass.text != NULL)
		pass = op->pass;
	ld_json_out_key(w->out, "cert");
	if (op->key.text == NULL && pass.text == NULL) {
		put_marked(w, file.text, file.len);
		return LD_OK;
	}
	ld_json_out_object(w->out);
	put_word(w, "cert", file.text, file.len);
	if (op->key.text != NULL)
		put_word(w, "key", op->key.text, op->key.len);
	if (pass.text != NULL)
		put_word(w, "password", pass.text, pass.len);
	ld_json_out_end(w->out);
	return LD_OK;
}

/* Only where TLS may be spoken: else it would only mark the run. */
static enum ld_status
put_tls(struct writer *w)
{
	const struct ldi_curl_op *op = w->x->op;
	const struct ldi_curl_url *url = &w->x->url;
	enum ld_status st = LD_OK;

	if (!url->https && !url->variable && !op->location && !op->trusted)
		return LD_OK;
	if (op->insecure) {
		put_bool(w, "verify", false);
	} else if (op->cacert.text != NULL) {
		st = ldi_curl_plain(w->curl, &op->cacert, "--cacert");
		if (st == LD_OK)
			put_text(w, "verify", op->cacert.text);
	}
	return st == LD_OK && op->cert.text != NULL ? put_cert(w) : st;
}

static enum ld_status
put_timeout(struct writer *w)
{
	const struct ldi_curl_word *word = &w->x->op->max_time;
	uint64_t ns;
	enum ld_status st;

	if (word->text == NULL)
		return LD_OK;
	st = ldi_curl_plain(w->curl, word, "--max-time");
	if (st != LD_OK)
		return st;
	if (strspn(word->text, "0123456789.") != word->len ||
	    ld_duration_parse(word->text, word->len, &ns, NULL) != LD_OK)
		return ldi_curl_error(w->curl, &word->at,
		    "--max-time: '%s' is no number of seconds", word->text);
	if (ns == 0)
		return ldi_curl_lose(w->curl, &word->at, "--max-time",
		    "an exchange is always bounded, by 60 seconds if nothing "
		    "is said");
	ld_json_out_key(w->out, "timeout");
	ld_json_out_double(w->out, (double)ns / 1e9);
	return LD_OK;
}

/* -- all of it ------------------------------------------------------------ */

static void
put_url(struct writer *w)
{
	const struct ldi_curl_exchange *x = w->x;
	const struct ldi_curl_word *target = &x->op->request_target;

	ld_json_out_key(w->out, "method");
	ld_json_out_string(w->out, x->method);
	ld_json_out_key(w->out, "request_url");
	if (x->url.variable)
		put_marked(w, x->url.text.data, x->url.text.len);
	else
		ldi_sink_url(
		    w->curl->sink, w->out, x->url.text.data, x->url.text.len);
	if (target->text != NULL)
		put_word(w, "request_target", target->text, target->len);
	else if (x->url.odd)
		put_word(
		    w, "request_target", x->url.target.data, x->url.target.len);
}

enum ld_status
ldi_curl_write(struct ldi_curl *curl, struct ldi_curl_exchange *x)
{
	struct writer w = { .curl = curl, .x = x };
	enum ld_status st;

	w.out = ldi_sink_task(curl->sink);
	put_url(&w);
	put_headers(&w);
	st = put_auth(&w);
	if (st == LD_OK)
		st = put_cookies(&w);
	if (st == LD_OK)
		st = put_body(&w);
	if (st == LD_OK)
		st = put_redirects(&w);
	if (st == LD_OK && x->op->http_version == '0')
		put_text(&w, "http_version", "1.0");
	if (st == LD_OK && x->op->http_version == '1' &&
	    ldi_curl_wants_more(curl))
		put_text(&w, "http_version", "1.1");
	if (st == LD_OK)
		st = put_proxy(&w);
	if (st == LD_OK)
		st = put_tls(&w);
	if (st == LD_OK)
		st = put_timeout(&w);
	if (st == LD_OK)
		ldi_sink_task_end(curl->sink);
	return st;
}
