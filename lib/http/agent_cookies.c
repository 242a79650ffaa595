/* SPDX-License-Identifier: MIT */
/* Between the user's jar and requests and answers. */
#include "config.h"

#include <ld/time.h>

#include "http/agent.h"

static struct ldi_jar_url
url_of(const struct ldi_agent *a)
{
	return (struct ldi_jar_url){ a->out.origin, a->out.target,
		a->out.target_len };
}

/* Nothing of the value may be said. */
static enum ld_status
refuse(const struct ld_pair *pair, const char *why, struct ld_err *err)
{
	return ld_err_set(err, LD_INVALID, "cookie '%s': %s",
	    ld_template_shape(pair->key), why);
}

static enum ld_status
give(struct ldi_agent *a, const struct ld_pair *pair, struct ld_err *err)
{
	struct ldi_jar_url url = url_of(a);
	struct ld_buf *text = &a->shared->scratch;
	struct ld_scope *scope = a->exchange->scope;
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
	st = ldi_jar_give(&a->jar, &url, text->data, name_len, value, len);
	if (st == LD_INVALID)
		return refuse(pair, "it is over 4096 bytes", err);
	return st == LD_OK ? LD_OK : ld_err_set(err, st, "cookies");
}

enum ld_status
ldi_agent_cookies_give(struct ldi_agent *a, struct ld_err *err)
{
	const struct ld_pairs *cookies = &a->request->cookies;
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < cookies->n; i++)
		st = give(a, &cookies->items[i], err);
	return st;
}

enum ld_status
ldi_agent_cookies_take(struct ldi_agent *a, struct ld_err *err)
{
	struct ldi_jar_url url = url_of(a);
	enum ld_status st;

	a->cookie_len = 0;
	if (a->jar.n == 0 || a->request->cookie_absent ||
	    (a->request->cookie_given && !a->hop.no_credentials))
		return LD_OK;
	st = ldi_jar_header(
	    &a->jar, &url, a->mark_ns, &a->cookie, &a->cookie_len);
	return st == LD_OK ? LD_OK : ld_err_set(err, st, "cookies");
}

bool
ldi_agent_cookies_keep(struct ldi_agent *a, const char *head, size_t len)
{
	const struct ldi_jar_time now = { a->mark_ns, ld_wall_second() };
	struct ldi_jar_url url = url_of(a);
	const char *value;
	size_t pos = 0, value_len;

	while ((value = ldi_response_field(
		    head, len, "set-cookie", &pos, &value_len)) != NULL)
		if (ldi_jar_store(&a->jar, &url, value, value_len, &now) !=
		    LD_OK)
			return false;
	return true;
}
