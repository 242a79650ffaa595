/* SPDX-License-Identifier: MIT */
/* Header fields: those of the plan, those that go with every request, and
 * what `auth` and `cookies` make of themselves. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/http_text.h"
#include "http/request.h"
#include "http/cookie.h"

#ifdef HAVE_BROTLI
#define ACCEPT_ENCODING "gzip, deflate, br"
#else
#define ACCEPT_ENCODING "gzip, deflate"
#endif

/* A header section under construction. */
struct section {
	struct ldi_request *r;
	struct ldi_request_writer w;
	/* What a request carries unless the plan says otherwise. */
	bool user_agent, accept, accept_encoding, content_type;
	bool auth;       /* replaces Authorization among the headers */
	bool keep_alive; /* was asked for */
};

/* -- headers -------------------------------------------------------------- */

static enum ld_status
check_name(const struct ld_pair *pair, const char **name_out, size_t *len_out,
    struct ld_err *err)
{
	if (!ld_template_constant(pair->key, name_out, len_out))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "the name of a header holds a placeholder: '%s'",
		    ld_template_shape(pair->key));
	if (!ldi_http_is_name(*name_out, *len_out))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "'%s' is no name of a header", *name_out);
	return LD_OK;
}

static enum ld_status
take_host(struct section *s, const struct ld_pair *pair, struct ld_err *err)
{
	if (s->r->host_given)
		return ld_node_error(
		    pair->node, err, LD_INVALID, "two Host headers");
	s->r->host_given = true;
	return LD_OK;
}

static enum ld_status
take_connection(struct section *s, const struct ld_pair *pair, bool *skip,
    struct ld_err *err)
{
	const char *value;
	size_t len;
	bool close = false;

	if (ld_template_constant(pair->value, &value, &len)) {
		close = ldi_http_same(value, len, "close");
		s->keep_alive = ldi_http_same(value, len, "keep-alive");
	}
	if (!close && !s->keep_alive)
		return ld_node_error(pair->node, err, LD_INVALID,
		    "header 'Connection' is either 'keep-alive' or 'close'");
	s->r->close |= close;
	*skip = s->keep_alive && !s->r->http10;
	return LD_OK;
}

static enum ld_status
take_expect(struct section *s, const struct ld_pair *pair, struct ld_err *err)
{
	const char *value;
	size_t len;

	if (!ld_template_constant(pair->value, &value, &len) ||
	    !ldi_http_same(value, len, "100-continue"))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "header 'Expect' is '100-continue' and nothing else");
	if (s->r->http10)
		return ld_node_error(pair->node, err, LD_INVALID,
		    "HTTP/1.0 has no 'Expect: 100-continue'");
	if (s->r->body.n == 0)
		return ld_node_error(pair->node, err, LD_INVALID,
		    "'Expect: 100-continue' wants a body, and there is none");
	s->r->expect = true;
	return LD_OK;
}

/* Those on which the framing of requests depends are ours. */
static enum ld_status
check_framing(struct section *s, const struct ld_pair *pair, const char *name,
    size_t len, bool *skip, struct ld_err *err)
{
	if (ldi_http_same(name, len, "host"))
		return take_host(s, pair, err);
	if (ldi_http_same(name, len, "connection"))
		return take_connection(s, pair, skip, err);
	if (ldi_http_same(name, len, "expect"))
		return take_expect(s, pair, err);
	if (ldi_http_same(name, len, "content-length") ||
	    ldi_http_same(name, len, "transfer-encoding"))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "header '%s' is made from the body and cannot be given",
		    name);
	if (ldi_http_same(name, len, "authorization"))
		*skip = s->auth;
	else if (ldi_http_same(name, len, "cookie"))
		s->r->cookie_given = true;
	return LD_OK;
}

/* It is given, or is not to be sent: not ours to add. */
static void
note_given(struct section *s, const char *name, size_t len)
{
	if (ldi_http_same(name, len, "user-agent"))
		s->user_agent = false;
	else if (ldi_http_same(name, len, "accept"))
		s->accept = false;
	else if (ldi_http_same(name, len, "accept-encoding"))
		s->accept_encoding = false;
	else if (ldi_http_same(name, len, "content-type"))
		s->content_type = false;
}

static enum ld_status
add_field(struct section *s, const char *name,
    const struct ldi_request_piece *value, struct ld_node node,
    struct ld_err *err)
{
	struct ldi_request_piece piece = *value;
	char text[200];
	enum ld_status st;

	snprintf(text, sizeof(text), "header '%.180s'", name);
	piece.name = ld_compile_strdup(s->w.cc, text);
	if (piece.name == NULL)
		return ld_err_set(err, LD_NOMEM, "request");
	ld_buf_adds(&s->w.literal, name);
	ld_buf_adds(&s->w.literal, ": ");
	st = ldi_request_writer_value(&s->w, &piece, node, err);
	ld_buf_adds(&s->w.literal, "\r\n");
	return st;
}

static enum ld_status
compile_header(
    struct section *s, const struct ld_pair *pair, struct ld_err *err)
{
	struct ldi_request_piece value = { .encoding = LDI_REQUEST_FIELD,
		.tpl = pair->value };
	const char *name;
	size_t len;
	bool skip = false;
	enum ld_status st = check_name(pair, &name, &len, err);

	if (st != LD_OK)
		return st;
	note_given(s, name, len);
	if (pair->value == NULL) {
		s->r->host_absent |= ldi_http_same(name, len, "host");
		if (ldi_http_same(name, len, "cookie"))
			s->r->cookie_given = s->r->cookie_absent = true;
		return LD_OK;
	}
	st = check_framing(s, pair, name, len, &skip, err);
	return st != LD_OK || skip
		   ? st
		   : add_field(s, name, &value, pair->node, err);
}

static void
add_defaults(struct section *s, const char *type)
{
	struct ld_buf *out = &s->w.literal;

	if (s->user_agent)
		ld_buf_adds(out, "User-Agent: ld-run/" PACKAGE_VERSION "\r\n");
	if (s->accept)
		ld_buf_adds(
		    out, type != NULL && strcmp(type, "application/json") == 0
			     ? "Accept: application/json\r\n"
			     : "Accept: */*\r\n");
	if (s->accept_encoding)
		ld_buf_adds(out, "Accept-Encoding: " ACCEPT_ENCODING "\r\n");
	if (s->content_type && type != NULL)
		ld_buf_addf(out, "Content-Type: %s\r\n", type);
}

/* -- auth ----------------------------------------------------------------- */

enum auth_type { AUTH_BASIC, AUTH_BEARER, AUTH_DIGEST };

struct auth {
	unsigned type;
	const struct ld_template *username, *password, *token;
};

static const char *const auth_types[] = { "basic", "bearer", "digest", NULL };

static const struct ld_field auth_fields[] = {
	{ .name = "type",
	    .kind = LD_FIELD_CHOICE,
	    .flags = LD_FIELD_REQUIRED,
	    .offset = LD_FIELD_OFFSET(struct auth, type, LD_FIELD_TYPE_CHOICE),
	    .seen_offset = LD_FIELD_NO_SEEN,
	    .choices = auth_types,
	    .help = "the scheme, in any case" },
	LD_FIELD(TEXT, struct auth, username, "username", NULL,
	    "user name of basic and digest"),
	LD_FIELD_HIDDEN(TEXT, struct auth, password, "password", NULL,
	    "password of basic and digest; none is an empty one"),
	LD_FIELD_HIDDEN(
	    TEXT, struct auth, token, "token", NULL, "token of bearer"),
	LD_FIELD_END,
};

static enum ld_status
check_auth(const struct auth *a, struct ld_node node, struct ld_err *err)
{
	bool bearer = a->type == AUTH_BEARER;

	if (!bearer && a->token != NULL)
		return ld_node_error(ldi_request_place(node, "token", "token"),
		    err, LD_INVALID, "'token' has no effect with type %s",
		    auth_types[a->type]);
	if (bearer && (a->username != NULL || a->password != NULL))
		return ld_node_error(node, err, LD_INVALID,
		    "user name and password have no effect with type bearer");
	if (bearer && a->token == NULL)
		return ld_node_error(
		    node, err, LD_INVALID, "'token' is missing");
	if (!bearer && a->username == NULL)
		return ld_node_error(
		    node, err, LD_INVALID, "'username' is missing");
	return LD_OK;
}

/* Nothing of it may be said in an error: what renders names the header. */
static enum ld_status
compile_auth(struct section *s, struct ld_node node, struct ld_err *err)
{
	struct auth a = { 0 };
	struct ldi_request_piece value = { .encoding = LDI_REQUEST_BASIC };
	enum ld_status st =
	    ld_compile_fields(s->w.cc, node, auth_fields, &a, err);

	if (st == LD_OK)
		st = check_auth(&a, node, err);
	if (st != LD_OK)
		return st;
	if (a.type == AUTH_DIGEST) {
		s->r->digest_user = a.username;
		s->r->digest_password = a.password;
		return LD_OK;
	}
	value.tpl = a.type == AUTH_BASIC ? a.username : a.token;
	value.more = a.password;
	if (a.type == AUTH_BEARER)
		value.encoding = LDI_REQUEST_BEARER;
	return add_field(s, "Authorization", &value, node, err);
}

/* -- cookies -------------------------------------------------------------- */

static enum ld_status
check_cookie(const struct ld_pair *pair, struct ld_err *err)
{
	const char *text;
	size_t len;

	if (ld_template_constant(pair->key, &text, &len) &&
	    !ldi_cookie_is_name(text, len))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "'%s' is no name of a cookie", text);
	if (ld_template_constant(pair->value, &text, &len) &&
	    !ldi_cookie_is_value(text, len))
		return ld_node_error(pair->node, err, LD_INVALID,
		    "the value of cookie '%s' holds a semicolon or a control "
		    "character",
		    ld_template_shape(pair->key));
	return LD_OK;
}

static enum ld_status
compile_cookies(struct section *s, struct ld_node node, struct ld_err *err)
{
	struct ldi_request_piece value = { .encoding = LDI_REQUEST_FIELD };
	enum ld_status st = LD_OK;

	if (s->r->cookie_given)
		return ld_node_error(node, err, LD_INVALID,
		    "'cookies' and a header 'Cookie' exclude each other");
	if (ld_json_kind(node.json, node.ref) == LD_JSON_STRING) {
		st = ld_compile_text(s->w.cc, node, &value.tpl, err);
		s->r->cookie_given = true;
		if (st == LD_OK)
			st = ld_compile_secret(s->w.cc, value.tpl, err);
		return st == LD_OK ? add_field(s, "Cookie", &value, node, err)
				   : st;
	}
	if (ld_json_kind(node.json, node.ref) != LD_JSON_OBJECT)
		return ld_node_error(node, err, LD_INVALID,
		    "'cookies' is an object of names and values, or a string "
		    "that is sent as it stands, not %s",
		    ld_json_kind_name(ld_json_kind(node.json, node.ref)));
	st = ld_compile_pairs(s->w.cc, node, &s->r->cookies, err);
	for (size_t i = 0; st == LD_OK && i < s->r->cookies.n; i++) {
		st = ld_compile_secret(
		    s->w.cc, s->r->cookies.items[i].value, err);
		if (st == LD_OK)
			st = check_cookie(&s->r->cookies.items[i], err);
	}
	return st;
}

/* -- all of it ------------------------------------------------------------ */

enum ld_status
ldi_request_headers_compile(struct ldi_request *r, const struct ld_task *task,
    struct ld_compile *cc, const struct ldi_request_type *type,
    struct ld_err *err)
{
	const struct ldi_request_task *t = task->fields;
	struct section s = { .r = r,
		.user_agent = true,
		.accept = true,
		.accept_encoding = true,
		.content_type = true,
		.auth = ldi_request_is_given(t->auth) };
	enum ld_status st = LD_OK;

	ldi_request_writer_open(&s.w, cc);
	for (size_t i = 0; i < t->headers.n && st == LD_OK; i++)
		st = compile_header(&s, &t->headers.items[i], err);
	if (st == LD_OK && s.auth)
		st = compile_auth(&s, t->auth, err);
	if (st == LD_OK && ldi_request_is_given(t->cookies))
		st = compile_cookies(&s, t->cookies, err);
	if (st == LD_OK && r->host_given && r->host_absent)
		st = ld_node_error(
		    task->node, err, LD_INVALID, "two Host headers");
	if (st == LD_OK)
		add_defaults(&s, type->text);
	/* What HTTP/1.1 takes for granted, 1.0 must be asked for. */
	r->close |= r->http10 && !s.keep_alive;
	return ldi_request_writer_close(&s.w, st, &r->fields, err);
}
