/* SPDX-License-Identifier: MIT */
/* Between the user's jar and requests and answers. */
#include "config.h"

#include <ld/time.h>

#include "drivers/http1/http1.h"

static struct ldi_jar_url
url_of(const struct ldi_h1_session *s)
{
	return (struct ldi_jar_url){ s->out.origin, s->out.target,
		s->out.target_len };
}

/* Nothing of the value may be said. */
static enum ld_status
refuse(const struct ld_pair *pair, const char *why, struct ld_err *err)
{
	return ld_err_set(err, LD_INVALID, "cookie '%s': %s",
	    ld_template_shape(pair->key), why);
}

static enum ld_status
give(struct ldi_h1_session *s, const struct ld_pair *pair, struct ld_err *err)
{
	struct ldi_jar_url url = url_of(s);
	struct ld_buf *text = &s->worker->scratch;
	struct ld_scope *scope = s->exchange->scope;
	const char *value;
	size_t name_len, len;
	enum ld_status st;

	ld_buf_reset(text);
	st = ld_template_render(pair->key, scope, text, err);
	name_len = text->len;
	if (st == LD_OK)
		st = ld_template_render(pair->value, scope, text, err);
	if (st == LD_OK)
		st = ld_buf_status(text, "cookie", err);
	if (st != LD_OK)
		return st;
	len = text->len - name_len;
	if (name_len == 0 || !ldi_cookie_is_name(text->data, name_len))
		return refuse(pair, "this is no name of one", err);
	value = text->data + name_len;
	if (!ldi_cookie_is_value(value, len))
		return refuse(pair,
		    "the value holds a semicolon or a control character", err);
	st = ldi_jar_give(&s->jar, &url, text->data, name_len, value, len);
	if (st == LD_INVALID)
		return refuse(pair, "it is over 4096 bytes", err);
	return st == LD_OK ? LD_OK : ld_err_set(err, st, "cookies");
}

enum ld_status
ldi_h1_cookies_give(struct ldi_h1_session *s, struct ld_err *err)
{
	const struct ldi_h1_step *step = s->exchange->step;
	const struct ld_pairs *cookies = &step->request.cookies;
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < cookies->n; i++)
		st = give(s, &cookies->items[i], err);
	return st;
}

enum ld_status
ldi_h1_cookies_take(struct ldi_h1_session *s, struct ld_err *err)
{
	const struct ldi_h1_step *step = s->exchange->step;
	struct ldi_jar_url url = url_of(s);
	enum ld_status st;

	s->cookie_len = 0;
	if (s->jar.n == 0 || step->request.cookie_absent ||
	    (step->request.cookie_given && !s->hop.no_credentials))
		return LD_OK;
	st = ldi_jar_header(
	    &s->jar, &url, s->mark_ns, &s->cookie, &s->cookie_len);
	return st == LD_OK ? LD_OK : ld_err_set(err, st, "cookies");
}

bool
ldi_h1_cookies_keep(struct ldi_h1_session *s, const char *head, size_t len)
{
	const struct ldi_jar_time now = { s->mark_ns, ld_wall_second() };
	struct ldi_jar_url url = url_of(s);
	const char *value;
	size_t pos = 0, value_len;

	while ((value = ldi_response_field(
		    head, len, "set-cookie", &pos, &value_len)) != NULL)
		if (ldi_jar_store(&s->jar, &url, value, value_len, &now) !=
		    LD_OK)
			return false;
	return true;
}
