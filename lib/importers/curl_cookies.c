/* SPDX-License-Identifier: MIT */
/*
 * --cookie: text that is sent as it is, and files as browsers and curl keep
 * them (a cookie a line, seven columns), of which those are sent that belong
 * to the URL.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "importers/curl_headers.h"
#include "importers/curl_url.h"

#define MAX_COOKIES 1000 /* of a file */
#define MAX_SENT 150     /* as curl has it */

struct cookie {
	char *domain, *path, *name, *value;
	bool tail, secure;
	int64_t expires; /* 0 = with the session */
	size_t number;   /* in the file */
};

struct jar {
	struct cookie list[MAX_COOKIES];
	size_t n;
};

/* -- files ---------------------------------------------------------------- */

/* Cut a column off; NULL behind the last. */
static char *
column(char **line)
{
	char *from = *line, *tab;

	if (from == NULL)
		return NULL;
	tab = strchr(from, '\t');
	if (tab != NULL)
		*tab++ = '\0';
	*line = tab;
	return from;
}

static bool
is_true(const char *text)
{
	return text != NULL && strcasecmp(text, "TRUE") == 0;
}

/* false = the line is none. */
static bool
read_line(char *line, struct cookie *c)
{
	char *tail, *secure, *expires, *end;

	if (strncmp(line, "#HttpOnly_", 10) == 0)
		line += 10;
	if (*line == '#' || *line == '\0')
		return false;
	c->domain = column(&line);
	tail = column(&line);
	c->path = column(&line);
	secure = column(&line);
	expires = column(&line);
	c->name = column(&line);
	c->value = column(&line);
	if (c->name == NULL)
		return false;
	if (c->value == NULL)
		c->value = c->name + strlen(c->name);
	c->domain += *c->domain == '.';
	c->tail = is_true(tail);
	c->secure = is_true(secure);
	c->expires = strtoll(expires, &end, 10);
	return *end == '\0';
}

static void
cut_line(char *line)
{
	size_t len = strlen(line);

	while (len > 0 && line[len - 1] == '\r')
		line[--len] = '\0';
}

static enum ld_status
read_jar(struct ldi_curl *curl, const struct ldi_curl_word *word, char *text,
    struct jar *jar)
{
	while (text != NULL && *text != '\0') {
		char *next = strchr(text, '\n');
		struct cookie *c = &jar->list[jar->n];

		if (next != NULL)
			*next++ = '\0';
		cut_line(text);
		if (jar->n == MAX_COOKIES)
			return ldi_curl_lose(curl, &word->at, "cookies",
			    "the file holds more than 1000");
		if (strncasecmp(text, "Set-Cookie:", 11) == 0) {
			enum ld_status st = ldi_curl_lose(curl, &word->at,
			    "a cookie",
			    "it stands in the file as a header of an answer");
			if (st != LD_OK)
				return st;
		} else if (read_line(text, c)) {
			c->number = jar->n++;
		}
		text = next;
	}
	return LD_OK;
}

/* -- which of them -------------------------------------------------------- */

static bool
domain_fits(const struct cookie *c, const char *host)
{
	size_t len = strlen(c->domain), host_len = strlen(host);

	if (strcasecmp(c->domain, host) == 0)
		return true;
	return c->tail && host_len > len + 1 &&
	       strcasecmp(host + host_len - len, c->domain) == 0 &&
	       host[host_len - len - 1] == '.' &&
	       strspn(host, "0123456789.") != host_len;
}

static bool
path_fits(const struct cookie *c, const struct ld_buf *target)
{
	size_t len = strlen(c->path);
	size_t path_len = 0;

	while (path_len < target->len && target->data[path_len] != '?')
		path_len++;
	if (len == 0 || (len == 1 && c->path[0] == '/'))
		return true;
	if (c->path[len - 1] == '/')
		len--;
	return path_len >= len && memcmp(target->data, c->path, len) == 0 &&
	       (path_len == len || target->data[len] == '/');
}

static bool
is_local(const char *host)
{
	return strcasecmp(host, "localhost") == 0 ||
	       strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0;
}

/* Longer paths first, then longer domains and names, then the newer. */
static int
compare(const void *left, const void *right)
{
	const struct cookie *a = left, *b = right;
	size_t a_len[] = { strlen(a->path), strlen(a->domain),
		strlen(a->name) };
	size_t b_len[] = { strlen(b->path), strlen(b->domain),
		strlen(b->name) };

	for (size_t i = 0; i < 3; i++)
		if (a_len[i] != b_len[i])
			return a_len[i] < b_len[i] ? 1 : -1;
	return a->number < b->number ? 1 : -1;
}

/* The last of several with one name, domain and path is the one, and as old
 * as the first. */
static bool
is_replaced(struct jar *jar, size_t i)
{
	const struct cookie *a = &jar->list[i];

	for (size_t k = i + 1; k < jar->n; k++) {
		struct cookie *b = &jar->list[k];

		if (strcmp(a->name, b->name) != 0 ||
		    strcmp(a->path, b->path) != 0 ||
		    strcasecmp(a->domain, b->domain) != 0)
			continue;
		b->number = a->number;
		return true;
	}
	return false;
}

static void
choose(const struct ldi_curl_op *op, const struct ldi_curl_url *url,
    struct jar *jar)
{
	const char *host = url->host.data; /* terminated by the caller */
	int64_t now = ldi_curl_date_now();
	size_t kept = 0;

	for (size_t i = 0; i < jar->n; i++) {
		const struct cookie c = jar->list[i];
		bool dead = c.expires == 0 ? op->junk_session : c.expires < now;

		if (!is_replaced(jar, i) && !dead && domain_fits(&c, host) &&
		    path_fits(&c, &url->target) &&
		    (!c.secure || url->https || is_local(host)))
			jar->list[kept++] = c;
	}
	jar->n = kept;
	if (kept > 1)
		qsort(jar->list, kept, sizeof(jar->list[0]), compare);
	if (jar->n > MAX_SENT)
		jar->n = MAX_SENT;
}

/* -- the whole ------------------------------------------------------------ */

static enum ld_status
add_file(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_word *word, const struct ldi_curl_url *url,
    struct jar *jar)
{
	const char *path = word->text + (word->text[0] == '@');
	struct ldi_curl_word copy;
	struct ld_err err = LD_ERR_INIT, *outer = curl->err;
	struct ld_buf text;
	enum ld_status st;

	if (*path == '\0')
		return LD_OK; /* -b "" only wants cookies to be kept */
	st = ldi_curl_plain(curl, word, "the name of a file");
	if (st != LD_OK)
		return st;
	if (url->variable)
		return ldi_curl_lose(curl, &word->at, "--cookie",
		    "whether a cookie of a file belongs to a URL with a "
		    "variable is not known");
	ld_buf_init(&text, LDI_CURL_MAX_TEXT);
	curl->err = &err;
	st = ldi_curl_body_read(curl, op, word, path, &text, NULL, NULL);
	curl->err = outer;
	if (st != LD_OK)
		/* curl goes on without, for it may be written later */
		st = ldi_curl_lose(curl, &word->at, "--cookie", err.text);
	else
		st = ldi_curl_word(curl, &copy, text.data, text.len, &word->at);
	if (st == LD_OK && text.len > 0)
		st = read_jar(curl, word,
		    ldi_arena_strndup(curl->arena, copy.text, copy.len), jar);
	ld_buf_clear(&text);
	return st;
}

static enum ld_status
add_files(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_url *url, struct ld_buf *out)
{
	struct jar *jar = calloc(1, sizeof(*jar));
	enum ld_status st = LD_OK;

	if (jar == NULL)
		return ldi_curl_nomem(curl);
	for (size_t i = 0; i < op->cookies.n && st == LD_OK; i++)
		if (memchr(op->cookies.list[i].text, '=',
			op->cookies.list[i].len) == NULL)
			st = add_file(curl, op, &op->cookies.list[i], url, jar);
	if (st == LD_OK && jar->n > 0)
		choose(op, url, jar);
	for (size_t i = 0; st == LD_OK && i < jar->n; i++)
		ld_buf_addf(out, "%s%s=%s", i > 0 ? "; " : "",
		    jar->list[i].name, jar->list[i].value);
	free(jar);
	return st;
}

enum ld_status
ldi_curl_cookies_make(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_url *url, struct ld_buf *out)
{
	enum ld_status st = add_files(curl, op, url, out);
	bool first = true;

	for (size_t i = 0; i < op->cookies.n && st == LD_OK; i++) {
		const struct ldi_curl_word *word = &op->cookies.list[i];

		if (memchr(word->text, '=', word->len) == NULL)
			continue;
		if (!first)
			ld_buf_addc(out, ';');
		else if (out->len > 0)
			ld_buf_adds(out, "; ");
		ld_buf_add(out, word->text, word->len);
		first = false;
	}
	return st == LD_OK && out->failed ? ldi_curl_nomem(curl) : st;
}
