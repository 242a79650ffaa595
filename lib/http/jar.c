/* SPDX-License-Identifier: MIT */
/*
 * The store: which cookies there are, in which order, and for how long.
 * cookie.c reads Set-Cookie.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "http/cookie.h"
#include "http/jar.h"

/* A spare block that is larger is given back. */
#define KEEP_SPARE 512
#define PREFIX "Cookie: "

/* The text is name, value, domain and path, one behind the other. */
struct ldi_cookie {
	uint64_t expires_ns; /* UINT64_MAX = with the session */
	uint64_t created;
	uint32_t cap; /* of text */
	uint16_t name_len, value_len, domain_len, path_len;
	bool host_only, secure;
	char text[];
};

struct ldi_jar_cache {
	struct ld_buf header;
	struct ld_buf host, path; /* whom it was made for */
	bool secure;
	bool any_path; /* all cookies were for all paths */
	bool stale;    /* the jar has changed since */
};

static size_t
text_len(const struct ldi_cookie *c)
{
	return (size_t)c->name_len + c->value_len + c->domain_len + c->path_len;
}

static const char *
domain_of(const struct ldi_cookie *c)
{
	return c->text + c->name_len + c->value_len;
}

static const char *
path_of(const struct ldi_cookie *c)
{
	return domain_of(c) + c->domain_len;
}

static bool
equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
	return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

/* -- life ----------------------------------------------------------------- */

void
ldi_jar_init(struct ldi_jar *jar)
{
	memset(jar, 0, sizeof(*jar));
	jar->expires_ns = UINT64_MAX;
}

static void
touch(struct ldi_jar *jar)
{
	if (jar->cache != NULL)
		jar->cache->stale = true;
}

/* Take the cookie out; its block becomes a spare. */
static void
take_out(struct ldi_jar *jar, uint32_t i)
{
	struct ldi_cookie *c = jar->cookies[i];

	jar->bytes -= (uint32_t)text_len(c);
	jar->n--;
	memmove(&jar->cookies[i], &jar->cookies[i + 1],
	    (jar->n - i) * sizeof(struct ldi_cookie *));
	jar->cookies[jar->n] = c;
	if (c->cap > KEEP_SPARE) {
		free(c);
		jar->cookies[jar->n] = jar->cookies[--jar->held];
	}
	touch(jar);
}

void
ldi_jar_empty(struct ldi_jar *jar)
{
	while (jar->n > 0)
		take_out(jar, jar->n - 1);
	jar->expires_ns = UINT64_MAX;
}

void
ldi_jar_clear(struct ldi_jar *jar)
{
	for (uint32_t i = 0; i < jar->held; i++)
		free(jar->cookies[i]);
	free(jar->cookies);
	if (jar->cache != NULL) {
		ld_buf_clear(&jar->cache->header);
		ld_buf_clear(&jar->cache->host);
		ld_buf_clear(&jar->cache->path);
		free(jar->cache);
	}
	ldi_jar_init(jar);
}

/* -- putting in ----------------------------------------------------------- */

static void
find_next_end(struct ldi_jar *jar)
{
	jar->expires_ns = UINT64_MAX;
	for (uint32_t i = 0; i < jar->n; i++)
		if (jar->cookies[i]->expires_ns < jar->expires_ns)
			jar->expires_ns = jar->cookies[i]->expires_ns;
}

static void
drop_expired(struct ldi_jar *jar, uint64_t now_ns)
{
	if (now_ns < jar->expires_ns)
		return;
	for (uint32_t i = jar->n; i-- > 0;)
		if (jar->cookies[i]->expires_ns <= now_ns)
			take_out(jar, i);
	find_next_end(jar);
}

static void
drop_oldest(struct ldi_jar *jar)
{
	uint32_t oldest = 0;

	for (uint32_t i = 1; i < jar->n; i++)
		if (jar->cookies[i]->created < jar->cookies[oldest]->created)
			oldest = i;
	take_out(jar, oldest);
}

/* The one that a new one replaces; jar->n = there is none. */
static uint32_t
find(const struct ldi_jar *jar, const struct ldi_cookie_text *t)
{
	uint32_t i = 0;

	for (; i < jar->n; i++) {
		const struct ldi_cookie *c = jar->cookies[i];

		if (c->host_only == t->host_only &&
		    equal(c->text, c->name_len, t->name, t->name_len) &&
		    equal(path_of(c), c->path_len, t->path, t->path_len) &&
		    equal(
			domain_of(c), c->domain_len, t->domain, t->domain_len))
			break;
	}
	return i;
}

/* A block with room for the text, in place of `old`, which may be NULL. */
static struct ldi_cookie *
make_room(struct ldi_cookie *old, size_t len)
{
	struct ldi_cookie *c;
	size_t cap = len < 64 ? 64 : len + len / 4;

	if (old != NULL && old->cap >= len)
		return old;
	c = realloc(old, sizeof(*c) + cap);
	if (c != NULL)
		c->cap = (uint32_t)cap;
	return c;
}

static void
fill(struct ldi_cookie *c, const struct ldi_cookie_text *t)
{
	char *at = c->text;

	c->name_len = (uint16_t)t->name_len;
	c->value_len = (uint16_t)t->value_len;
	c->domain_len = (uint16_t)t->domain_len;
	c->path_len = (uint16_t)t->path_len;
	c->host_only = t->host_only;
	c->secure = t->secure;
	c->expires_ns = t->expires_ns;
	memcpy(at, t->name, t->name_len);
	at += t->name_len;
	if (t->value_len > 0)
		memcpy(at, t->value, t->value_len);
	at += t->value_len;
	memcpy(at, t->domain, t->domain_len);
	memcpy(at + t->domain_len, t->path, t->path_len);
}

/* The steady state: the same cookie again. */
static bool
is_same(const struct ldi_cookie *c, const struct ldi_cookie_text *t)
{
	return c->secure == t->secure &&
	       equal(
		   c->text + c->name_len, c->value_len, t->value, t->value_len);
}

static enum ld_status
replace(struct ldi_jar *jar, uint32_t i, const struct ldi_cookie_text *t)
{
	struct ldi_cookie *c = jar->cookies[i];
	size_t old = text_len(c), len = ldi_cookie_text_len(t);

	if (!is_same(c, t)) {
		c = make_room(c, len);
		if (c == NULL)
			return LD_NOMEM;
		jar->cookies[i] = c;
		jar->bytes += (uint32_t)(len - old);
		fill(c, t);
		touch(jar);
	}
	c->expires_ns = t->expires_ns;
	return LD_OK;
}

/* Room for one pointer more. */
static bool
grow(struct ldi_jar *jar)
{
	uint32_t cap = jar->cap == 0 ? 4 : 2 * jar->cap;
	struct ldi_cookie **cookies;

	if (jar->held < jar->cap)
		return true;
	cookies = realloc(jar->cookies, cap * sizeof(*cookies));
	if (cookies == NULL)
		return false;
	jar->cookies = cookies;
	jar->cap = cap;
	return true;
}

static enum ld_status
add(struct ldi_jar *jar, const struct ldi_cookie_text *t)
{
	size_t len = ldi_cookie_text_len(t);
	struct ldi_cookie *c, *spare = NULL;
	uint32_t at = 0;

	if (jar->held > jar->n)
		spare = jar->cookies[jar->n];
	else if (!grow(jar))
		return LD_NOMEM;
	c = make_room(spare, len);
	if (c == NULL)
		return LD_NOMEM;
	jar->held += spare == NULL;
	fill(c, t);
	c->created = jar->created++;
	while (at < jar->n && jar->cookies[at]->path_len >= c->path_len)
		at++;
	memmove(&jar->cookies[at + 1], &jar->cookies[at],
	    (jar->n - at) * sizeof(struct ldi_cookie *));
	jar->cookies[at] = c;
	jar->n++;
	jar->bytes += (uint32_t)len;
	touch(jar);
	return LD_OK;
}

static enum ld_status
put(struct ldi_jar *jar, const struct ldi_cookie_text *t, uint64_t now_ns)
{
	uint32_t i = find(jar, t);
	enum ld_status st;

	if (i < jar->n) {
		st = replace(jar, i, t);
	} else {
		drop_expired(jar, now_ns);
		st = add(jar, t);
	}
	while (jar->n > LD_MAX_COOKIES ||
	       (jar->n > 1 && jar->bytes > LD_MAX_COOKIE_TOTAL))
		drop_oldest(jar);
	find_next_end(jar);
	return st;
}

/* A page that came in the clear may not plant, or replace, what only secure
 * ones are to set. */
static bool
would_shadow(const struct ldi_jar *jar, const struct ldi_cookie_text *t)
{
	for (uint32_t i = 0; i < jar->n; i++) {
		const struct ldi_cookie *c = jar->cookies[i];

		if (c->secure &&
		    equal(c->text, c->name_len, t->name, t->name_len) &&
		    (ldi_cookie_domain_match(domain_of(c), c->domain_len,
			 t->domain, t->domain_len) ||
			ldi_cookie_domain_match(t->domain, t->domain_len,
			    domain_of(c), c->domain_len)) &&
		    ldi_cookie_path_match(
			t->path, t->path_len, path_of(c), c->path_len))
			return true;
	}
	return false;
}

enum ld_status
ldi_jar_store(struct ldi_jar *jar, const struct ldi_jar_url *from,
    const char *value, size_t len, const struct ldi_jar_time *now)
{
	struct ldi_cookie_text t;
	uint32_t i;

	if (!ldi_cookie_parse(&t, from, value, len, now))
		return LD_OK;
	if (!t.secure && !ldi_cookie_is_safe(from->origin) &&
	    would_shadow(jar, &t))
		return LD_OK;
	if (t.expires_ns > now->now_ns)
		return put(jar, &t, now->now_ns);
	i = find(jar, &t);
	if (i < jar->n)
		take_out(jar, i);
	find_next_end(jar);
	return LD_OK;
}

enum ld_status
ldi_jar_give(struct ldi_jar *jar, const struct ldi_jar_url *to,
    const char *name, size_t name_len, const char *value, size_t len)
{
	struct ldi_cookie_text t = { .name = name,
		.name_len = name_len,
		.value = value,
		.value_len = len,
		.path = "/",
		.path_len = 1,
		.host_only = true,
		.expires_ns = UINT64_MAX };

	if (name_len + len > LD_MAX_COOKIE_BYTES)
		return LD_INVALID;
	t.domain = ldi_cookie_host(to->origin, &t.domain_len);
	return put(jar, &t, 0);
}

/* -- sending -------------------------------------------------------------- */

static bool
goes_to(const struct ldi_cookie *c, const char *host, size_t host_len,
    const char *path, size_t path_len, bool secure)
{
	if (c->secure && !secure)
		return false;
	if (c->host_only ? !equal(domain_of(c), c->domain_len, host, host_len)
			 : !ldi_cookie_domain_match(
			       host, host_len, domain_of(c), c->domain_len))
		return false;
	return ldi_cookie_path_match(path, path_len, path_of(c), c->path_len);
}

static bool
make_cache(struct ldi_jar *jar)
{
	if (jar->cache != NULL)
		return true;
	jar->cache = calloc(1, sizeof(*jar->cache));
	if (jar->cache == NULL)
		return false;
	/* "; " between two, "=" within each. */
	ld_buf_init(
	    &jar->cache->header, LD_MAX_COOKIE_TOTAL + 3 * LD_MAX_COOKIES + 64);
	ld_buf_init(&jar->cache->host, LDI_URL_HOST_SIZE);
	ld_buf_init(&jar->cache->path, LD_MAX_REQUEST_BYTES);
	jar->cache->stale = true;
	return true;
}

static bool
is_cached(const struct ldi_jar_cache *cache, const char *host, size_t host_len,
    const char *path, size_t path_len, bool secure)
{
	return !cache->stale && cache->secure == secure &&
	       equal(cache->host.data, cache->host.len, host, host_len) &&
	       (cache->any_path ||
		   equal(cache->path.data, cache->path.len, path, path_len));
}

static void
write_header(struct ldi_jar *jar, const char *host, size_t host_len,
    const char *path, size_t path_len, bool secure)
{
	struct ldi_jar_cache *cache = jar->cache;
	struct ld_buf *out = &cache->header;

	ld_buf_reset(out);
	cache->any_path = true;
	for (uint32_t i = 0; i < jar->n; i++) {
		const struct ldi_cookie *c = jar->cookies[i];

		cache->any_path = cache->any_path && c->path_len == 1;
		if (!goes_to(c, host, host_len, path, path_len, secure))
			continue;
		ld_buf_adds(out, out->len == 0 ? PREFIX : "; ");
		ld_buf_add(out, c->text, c->name_len);
		ld_buf_addc(out, '=');
		ld_buf_add(out, c->text + c->name_len, c->value_len);
	}
	if (out->len > 0)
		ld_buf_adds(out, "\r\n\r\n");
	ld_buf_reset(&cache->host);
	ld_buf_add(&cache->host, host, host_len);
	ld_buf_reset(&cache->path);
	if (!cache->any_path)
		ld_buf_add(&cache->path, path, path_len);
	cache->secure = secure;
	cache->stale = out->failed || cache->host.failed || cache->path.failed;
}

enum ld_status
ldi_jar_header(struct ldi_jar *jar, const struct ldi_jar_url *to,
    uint64_t now_ns, const char **text_out, size_t *len_out)
{
	const char *host, *query;
	size_t host_len, path_len = to->len;
	bool secure;

	*text_out = NULL;
	*len_out = 0;
	if (jar->n == 0)
		return LD_OK;
	drop_expired(jar, now_ns);
	if (!make_cache(jar))
		return LD_NOMEM;
	host = ldi_cookie_host(to->origin, &host_len);
	secure = ldi_cookie_is_safe(to->origin);
	query = memchr(to->target, '?', to->len);
	if (query != NULL)
		path_len = (size_t)(query - to->target);
	if (!is_cached(
		jar->cache, host, host_len, to->target, path_len, secure))
		write_header(jar, host, host_len, to->target, path_len, secure);
	if (jar->cache->header.failed)
		return LD_NOMEM;
	*text_out = jar->cache->header.data;
	*len_out = jar->cache->header.len;
	return LD_OK;
}

size_t
ldi_jar_values(const struct ldi_jar *jar, struct ld_str *out, size_t max)
{
	size_t n = 0;

	for (; n < jar->n && n < max; n++) {
		out[n].data = jar->cookies[n]->text + jar->cookies[n]->name_len;
		out[n].len = jar->cookies[n]->value_len;
	}
	return n;
}
