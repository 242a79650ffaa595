/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/http_text.h"
#include "base/utf8.h"
#include "importers/curl_headers.h"

/* A body beyond this is announced with Expect. */
#define EXPECT_BYTES ((uint64_t)1 << 20)

/* -- what the user gives -------------------------------------------------- */

static enum ld_status
push(struct ldi_curl *curl, struct ldi_curl_fields *fields,
    const struct ldi_curl_field *field)
{
	if (fields->n == fields->cap) {
		size_t cap = fields->cap > 0 ? fields->cap * 2 : 16;
		struct ldi_curl_field *list =
		    ldi_arena_array(curl->arena, cap, sizeof(*list));

		if (list == NULL)
			return ldi_curl_nomem(curl);
		if (fields->n > 0)
			memcpy(list, fields->list, fields->n * sizeof(*list));
		fields->list = list;
		fields->cap = cap;
	}
	fields->list[fields->n++] = *field;
	return LD_OK;
}

static bool
is_name(const struct ldi_curl_field *field, const char *name)
{
	return strlen(name) == field->name_len &&
	       strncasecmp(field->name, name, field->name_len) == 0;
}

static void
trim(const char **text, size_t *len)
{
	while (*len > 0 && (**text == ' ' || **text == '\t')) {
		++*text;
		--*len;
	}
	while (*len > 0 && strchr(" \t\r\n", (*text)[*len - 1]) != NULL &&
	       (*text)[*len - 1] != '\0')
		--*len;
}

/* "Name: value", "Name:" takes one away, "Name;" sends an empty one. */
static enum ld_status
read_line(struct ldi_curl *curl, const struct ldi_curl_place *at,
    const char *text, size_t len, struct ldi_curl_fields *out)
{
	struct ldi_curl_field field = { .name = text, .at = *at };
	const char *mark = len > 0 ? memchr(text, ':', len) : NULL;
	bool semicolon = mark == NULL && len > 0;

	if (semicolon)
		mark = memchr(text, ';', len);
	if (mark == NULL || mark == text)
		return len == 0 ? LD_OK
				: ldi_curl_lose(curl, at, "a header",
				      "curl sends none without a name and a "
				      "colon");
	field.name_len = (size_t)(mark - text);
	field.value = mark + 1;
	field.value_len = len - field.name_len - 1;
	trim(&field.value, &field.value_len);
	if (semicolon && field.value_len > 0)
		return ldi_curl_lose(curl, at, "a header",
		    "curl sends none with something behind its semicolon");
	if (!semicolon && field.value_len == 0)
		field.value = NULL;
	return push(curl, out, &field);
}

static enum ld_status
read_file(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_word *word, struct ldi_curl_fields *out)
{
	struct ldi_curl_word copy;
	struct ld_buf text;
	enum ld_status st;

	st = ldi_curl_plain(curl, word, "the name of a file");
	ld_buf_init(&text, LDI_CURL_MAX_TEXT);
	if (st == LD_OK)
		st = ldi_curl_body_read(
		    curl, op, word, word->text + 1, &text, NULL, NULL);
	if (st == LD_OK && text.len > 0 &&
	    memchr(text.data, '\0', text.len) != NULL)
		st = ldi_curl_error(curl, &word->at,
		    "'%s': a file of headers holds no NUL", word->text + 1);
	if (st == LD_OK)
		st = ldi_curl_word(curl, &copy, text.data, text.len, &word->at);
	for (size_t i = 0; st == LD_OK && i < text.len;) {
		const char *eol = memchr(copy.text + i, '\n', text.len - i);
		size_t len =
		    eol != NULL ? (size_t)(eol - copy.text) - i : text.len - i;

		st = read_line(curl, &word->at, copy.text + i, len, out);
		i += len + 1;
	}
	ld_buf_clear(&text);
	return st;
}

enum ld_status
ldi_curl_headers_read(struct ldi_curl *curl, const struct ldi_curl_op *op,
    struct ldi_curl_fields *custom)
{
	enum ld_status st = LD_OK;
	bool json = false;

	for (size_t i = 0; i < op->headers.n && st == LD_OK; i++) {
		const struct ldi_curl_word *word = &op->headers.list[i];

		st = word->text[0] == '@' ? read_file(curl, op, word, custom)
					  : read_line(curl, &word->at,
						word->text, word->len, custom);
	}
	for (size_t i = 0; i < op->data.n; i++)
		json = json || op->data.list[i].kind == LDI_CURL_DATA_JSON;
	if (st == LD_OK && json &&
	    !ldi_curl_headers_find(custom, "Content-Type", NULL, NULL))
		st = read_line(curl, &op->at, "Content-Type: application/json",
		    30, custom);
	if (st == LD_OK && json &&
	    !ldi_curl_headers_find(custom, "Accept", NULL, NULL))
		st = read_line(
		    curl, &op->at, "Accept: application/json", 24, custom);
	return st;
}

bool
ldi_curl_headers_find(const struct ldi_curl_fields *custom, const char *name,
    const char **value_out, size_t *len_out)
{
	for (size_t i = 0; i < custom->n; i++) {
		if (!is_name(&custom->list[i], name))
			continue;
		if (value_out != NULL) {
			*value_out = custom->list[i].value;
			*len_out = custom->list[i].value_len;
		}
		return true;
	}
	return false;
}

/* -- what curl adds ------------------------------------------------------- */

struct maker {
	struct ldi_curl *curl;
	const struct ldi_curl_op *op;
	const struct ldi_curl_fields *custom;
	const struct ldi_curl_request *request;
	struct ldi_curl_fields *out;
};

/* One of curl's own, or NULL to have ld-run send none, unless the user gives
 * it. */
static enum ld_status
add(struct maker *m, const char *name, const char *value, size_t len)
{
	struct ldi_curl_field field = { .name = name,
		.name_len = strlen(name),
		.value = value,
		.value_len = len,
		.at = m->op->at };

	return ldi_curl_headers_find(m->custom, name, NULL, NULL)
		   ? LD_OK
		   : push(m->curl, m->out, &field);
}

static enum ld_status
add_text(struct maker *m, const char *name, const struct ld_buf *text)
{
	struct ldi_curl_word word;
	enum ld_status st = text->failed
				? ldi_curl_nomem(m->curl)
				: ldi_curl_word(m->curl, &word, text->data,
				      text->len, &m->op->at);

	return st == LD_OK ? add(m, name, word.text, word.len) : st;
}

static enum ld_status
add_range(struct maker *m)
{
	const struct ldi_curl_word *range = &m->op->range;
	const struct ldi_curl_body *body = m->request->body;
	uint64_t size = body->path != NULL ? body->size : body->bytes.len;
	struct ld_buf text;
	enum ld_status st = LD_OK;

	if (range->text == NULL)
		return LD_OK;
	ld_buf_init(&text, LDI_CURL_MAX_TEXT);
	ld_buf_adds(&text, m->request->get ? "bytes=" : "bytes ");
	ld_buf_add(&text, range->text, range->len);
	/* "500" means "from 500 on". */
	if (range->len > 0 && strspn(range->text, "0123456789") == range->len)
		ld_buf_addc(&text, '-');
	if (!m->request->get)
		ld_buf_addf(&text, "/%llu", (unsigned long long)size);
	if (!m->request->get && body->form != NULL)
		st = ldi_curl_lose(m->curl, &range->at, "--range",
		    "curl would send it with the length of the form");
	else
		st = add_text(
		    m, m->request->get ? "Range" : "Content-Range", &text);
	ld_buf_clear(&text);
	return st;
}

static enum ld_status
add_agent(struct maker *m)
{
	static const char agent[] = "curl/" LDI_CURL_VERSION;
	const struct ldi_curl_word *given = &m->op->user_agent;

	if (given->text == NULL)
		return add(m, "User-Agent", agent, sizeof(agent) - 1);
	return add(
	    m, "User-Agent", given->len > 0 ? given->text : NULL, given->len);
}

static enum ld_status
add_referer(struct maker *m)
{
	const struct ldi_curl_word *referer = &m->op->referer;
	size_t len = referer->len;
	enum ld_status st = LD_OK;

	if (len >= 5 && memcmp(referer->text + len - 5, ";auto", 5) == 0) {
		len -= 5;
		st = ldi_curl_lose(m->curl, &referer->at, "--referer ;auto",
		    "a redirect gets no Referer of its own");
	}
	return st == LD_OK && len > 0 ? add(m, "Referer", referer->text, len)
				      : st;
}

/* --time-cond: a date, or a file that has one. */
static enum ld_status
add_time(struct maker *m)
{
	const struct ldi_curl_word *word = &m->op->time_cond;
	const char *text = word->text, *name = "If-Modified-Since";
	struct stat info;
	struct ld_buf date;
	int64_t seconds;
	enum ld_status st;

	if (text == NULL)
		return LD_OK;
	if (*text == '-') {
		name = "If-Unmodified-Since";
		text++;
	} else if (*text == '+' || *text == '=') {
		name = *text == '=' ? "Last-Modified" : name;
		text++;
	}
	if (!ldi_curl_date_read(text, &seconds)) {
		if (m->curl->options->no_files || stat(text, &info) != 0)
			return ldi_curl_lose(m->curl, &word->at, "--time-cond",
			    "it is neither a date nor a file");
		seconds = info.st_mtime;
	}
	ld_buf_init(&date, 64);
	ldi_curl_date_add(&date, seconds);
	st = add_text(m, name, &date);
	ld_buf_clear(&date);
	return st;
}

/* -- the user's own among them -------------------------------------------- */

/* Why a plan cannot send it; NULL = it can. */
static const char *
fault(const struct maker *m, const struct ldi_curl_field *f)
{
	const struct ldi_curl_body *body = m->request->body;
	char length[24];

	if (!ldi_http_is_name(f->name, f->name_len))
		return "HTTP does not allow this as a name";
	if (is_name(f, "Content-Length")) {
		snprintf(length, sizeof(length), "%zu", body->bytes.len);
		return body->given && body->form == NULL && f->value != NULL &&
			       strlen(length) == f->value_len &&
			       memcmp(length, f->value, f->value_len) == 0
			   ? ""
			   : "it is made from the body";
	}
	if (is_name(f, "Transfer-Encoding"))
		return "a body is sent with its length";
	if (f->value == NULL)
		return NULL;
	if (is_name(f, "Connection") &&
	    !(f->value_len == 5 && strncasecmp(f->value, "close", 5) == 0) &&
	    !(f->value_len == 10 &&
		strncasecmp(f->value, "keep-alive", 10) == 0))
		return "a plan says close or keep-alive";
	if (!ldi_utf8_valid(f->value, f->value_len))
		return "its value is not UTF-8, and a plan holds text";
	for (size_t i = 0; i < f->value_len; i++)
		if (f->value[i] != '\0' && !ldi_http_is_value(f->value + i, 1))
			return "its value holds control characters";
	return NULL;
}

/* Of the headers that are taken away, those that ld-run would send. */
static bool
is_default(const struct ldi_curl_field *f)
{
	return is_name(f, "User-Agent") || is_name(f, "Accept") ||
	       is_name(f, "Host") || is_name(f, "Accept-Encoding") ||
	       is_name(f, "Content-Type");
}

/* A header that comes once more with a value keeps it. */
static bool
is_repeated(const struct ldi_curl_fields *custom, size_t i)
{
	for (size_t k = 0; k < custom->n; k++)
		if (k != i && custom->list[k].value != NULL &&
		    custom->list[k].name_len == custom->list[i].name_len &&
		    strncasecmp(custom->list[k].name, custom->list[i].name,
			custom->list[i].name_len) == 0)
			return true;
	return false;
}

static enum ld_status
add_custom(struct maker *m, size_t i)
{
	const struct ldi_curl_field *f = &m->custom->list[i];
	const char *why = fault(m, f);
	enum ld_status st = LD_OK;
	struct ld_buf what;

	if (why == NULL) {
		if (f->value == NULL &&
		    (!is_default(f) || is_repeated(m->custom, i)))
			return LD_OK;
		if (m->request->body_fields && is_name(f, "Content-Type"))
			return LD_OK; /* it comes with its boundary */
		return push(m->curl, m->out, f);
	}
	if (*why == '\0')
		return LD_OK;
	ld_buf_init(&what, LDI_CURL_MAX_TEXT);
	ld_buf_adds(&what, "header ");
	ld_buf_add(&what, f->name, f->name_len < 80 ? f->name_len : 80);
	st = ldi_curl_lose(m->curl, &f->at,
	    ld_buf_str(&what) != NULL ? what.data : "a header", why);
	ld_buf_clear(&what);
	return st;
}

static enum ld_status
add_body_fields(struct maker *m)
{
	const struct ldi_curl_request *r = m->request;
	const struct ldi_curl_body *body = r->body;
	uint64_t size = body->path != NULL ? body->size : body->bytes.len;
	enum ld_status st = LD_OK;

	for (const struct ldi_curl_part *p = body->form; p != NULL; p = p->next)
		size += p->len + (p->path != NULL ? p->size : 0);
	if (!body->given)
		return LD_OK;
	if (!r->body_fields)
		st = add(m, "Content-Type", r->type,
		    r->type != NULL ? strlen(r->type) : 0);
	if (st == LD_OK && m->op->http_version != '0' &&
	    (r->upload || size > EXPECT_BYTES))
		st = add(m, "Expect", "100-continue", 12);
	return st;
}

enum ld_status
ldi_curl_headers_make(struct ldi_curl *curl, const struct ldi_curl_op *op,
    const struct ldi_curl_fields *custom,
    const struct ldi_curl_request *request, struct ldi_curl_fields *out)
{
	struct maker m = { .curl = curl,
		.op = op,
		.custom = custom,
		.request = request,
		.out = out };
	static const char codings[] = "deflate, gzip, br";
	enum ld_status st = LD_OK;

	if (request->host != NULL)
		st = add(&m, "Host", request->host, strlen(request->host));
	if (st == LD_OK)
		st = add_range(&m);
	if (st == LD_OK)
		st = add_agent(&m);
	if (st == LD_OK)
		st = add(&m, "Accept", "*/*", 3);
	if (st == LD_OK)
		st = add(&m, "Accept-Encoding", op->compressed ? codings : NULL,
		    sizeof(codings) - 1);
	if (st == LD_OK)
		st = add_referer(&m);
	if (st == LD_OK)
		st = add_time(&m);
	if (st == LD_OK && (op->location || op->trusted) &&
	    op->cookies.n == 0 && op->cookie_jar.text == NULL)
		st = add(&m, "Cookie", NULL, 0);
	for (size_t i = 0; i < custom->n && st == LD_OK; i++)
		st = add_custom(&m, i);
	return st == LD_OK ? add_body_fields(&m) : st;
}
