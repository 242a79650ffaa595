/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/request.h"

#include <string.h>
#include <strings.h>

#include <ld/num.h>

#include "base/http_text.h"

bool
ldi_slice_is(struct ldi_slice slice, const char *text)
{
	return slice.len == strlen(text) &&
	       strncasecmp(slice.p, text, slice.len) == 0;
}

struct ldi_slice
ldi_target_header_get(const struct ldi_target_request *req, const char *name)
{
	for (size_t i = 0; i < req->n_headers; i++)
		if (ldi_slice_is(req->headers[i].name, name))
			return req->headers[i].value;
	return (struct ldi_slice){ NULL, 0 };
}

/* Does a comma-separated list hold `word`? */
static bool
list_has(struct ldi_slice list, const char *word)
{
	const char *p = list.p, *end = list.p + list.len;

	while (p < end) {
		const char *comma = memchr(p, ',', (size_t)(end - p));
		const char *stop = comma != NULL ? comma : end;
		const char *last = stop;

		while (p < last && (*p == ' ' || *p == '\t'))
			p++;
		while (last > p && (last[-1] == ' ' || last[-1] == '\t'))
			last--;
		if (ldi_slice_is(
			(struct ldi_slice){ p, (size_t)(last - p) }, word))
			return true;
		p = stop + 1;
	}
	return false;
}

static unsigned
method_bit(struct ldi_slice method)
{
	static const struct {
		const char *name;
		unsigned bit;
	} methods[] = {
		{ "GET", LDI_GET },
		{ "HEAD", LDI_HEAD },
		{ "POST", LDI_POST },
		{ "PUT", LDI_PUT },
		{ "PATCH", LDI_PATCH },
		{ "DELETE", LDI_DELETE },
		{ "OPTIONS", LDI_OPTIONS },
		{ "TRACE", LDI_TRACE },
	};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (method.len == strlen(methods[i].name) &&
		    memcmp(method.p, methods[i].name, method.len) == 0)
			return methods[i].bit;
	return 0;
}

/* Origin form, absolute form ("http://host/path") or "*". */
static unsigned
split_target(struct ldi_target_request *req)
{
	const char *p = req->target.p, *end = p + req->target.len, *mark;

	for (const char *c = p; c < end; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return 400;
	if (req->target.len > 7 && strncasecmp(p, "http://", 7) == 0) {
		p = memchr(p + 7, '/', (size_t)(end - p - 7));
		if (p == NULL)
			return 400;
	} else if (*p != '/' && !(req->target.len == 1 && *p == '*')) {
		return 400;
	}
	mark = memchr(p, '?', (size_t)(end - p));
	req->path =
	    (struct ldi_slice){ p, (size_t)((mark != NULL ? mark : end) - p) };
	req->query = (struct ldi_slice){ mark != NULL ? mark + 1 : end,
		mark != NULL ? (size_t)(end - mark - 1) : 0 };
	return 0;
}

static unsigned
parse_request_line(struct ldi_target_request *req, const char *line, size_t len)
{
	const char *end = line + len;
	const char *sp1 = memchr(line, ' ', len), *sp2;

	if (sp1 == NULL || !ldi_http_is_name(line, (size_t)(sp1 - line)))
		return 400;
	sp2 = memchr(sp1 + 1, ' ', (size_t)(end - sp1 - 1));
	if (sp2 == NULL || sp2 == sp1 + 1 || end - sp2 != 9 ||
	    memcmp(sp2 + 1, "HTTP/", 5) != 0)
		return 400;
	if (memcmp(sp2 + 6, "1.1", 3) != 0 && memcmp(sp2 + 6, "1.0", 3) != 0)
		return 505;
	req->http10 = end[-1] == '0';
	req->method = (struct ldi_slice){ line, (size_t)(sp1 - line) };
	req->method_bit = method_bit(req->method);
	req->target = (struct ldi_slice){ sp1 + 1, (size_t)(sp2 - sp1 - 1) };
	return split_target(req);
}

/* The headers that decide where the request ends. */
struct framing {
	bool host, length, te, close, keep_alive;
};

static unsigned
note_length(struct ldi_target_request *req, struct ldi_slice value,
    struct framing *seen)
{
	uint64_t length;

	if (ld_num_u64(value.p, value.len, &length, NULL) != LD_OK)
		return 400;
	if (seen->length && length != req->content_length)
		return 400;
	seen->length = true;
	req->content_length = length;
	return 0;
}

static unsigned
note_coding(struct ldi_target_request *req, struct ldi_slice value,
    struct framing *seen)
{
	if (seen->te || req->http10)
		return 400;
	seen->te = true;
	req->chunked = ldi_slice_is(value, "chunked");
	return req->chunked ? 0 : 501;
}

static unsigned
note_header(struct ldi_target_request *req, const struct ldi_target_header *h,
    struct framing *seen)
{
	switch (h->name.len) {
	case 4:
		if (!ldi_slice_is(h->name, "host"))
			return 0;
		if (seen->host)
			return 400;
		seen->host = true;
		req->host = h->value;
		return 0;
	case 6:
		if (ldi_slice_is(h->name, "expect"))
			req->expect_continue =
			    ldi_slice_is(h->value, "100-continue");
		return 0;
	case 10:
		if (ldi_slice_is(h->name, "connection")) {
			seen->close |= list_has(h->value, "close");
			seen->keep_alive |= list_has(h->value, "keep-alive");
		}
		return 0;
	case 12:
		if (ldi_slice_is(h->name, "content-type"))
			req->content_type = h->value;
		return 0;
	case 14:
		return ldi_slice_is(h->name, "content-length")
			   ? note_length(req, h->value, seen)
			   : 0;
	case 17:
		return ldi_slice_is(h->name, "transfer-encoding")
			   ? note_coding(req, h->value, seen)
			   : 0;
	default:
		return 0;
	}
}

static unsigned
parse_header_line(struct ldi_target_request *req, const char *line, size_t len,
    struct framing *seen)
{
	const char *colon = memchr(line, ':', len), *value, *end = line + len;
	struct ldi_target_header *h;

	if (colon == NULL || !ldi_http_is_name(line, (size_t)(colon - line)))
		return 400;
	if (req->n_headers == LDI_TARGET_MAX_HEADERS)
		return 431;
	value = colon + 1;
	while (value < end && (*value == ' ' || *value == '\t'))
		value++;
	while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (!ldi_http_is_value(value, (size_t)(end - value)))
		return 400;
	h = &req->headers[req->n_headers++];
	h->name = (struct ldi_slice){ line, (size_t)(colon - line) };
	h->value = (struct ldi_slice){ value, (size_t)(end - value) };
	return note_header(req, h, seen);
}

/* Every LF must stand behind a CR: otherwise a client that ends its lines
 * with LF alone would wait for ever. */
static bool
bare_lf(const char *data, size_t from, size_t len)
{
	const char *p = data + from, *end = data + len;

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		if (p == data || p[-1] != '\r')
			return true;
		p++;
	}
	return false;
}

static unsigned
find_end(
    const char *data, size_t len, size_t skip, size_t *scanned, size_t *end_out)
{
	size_t from = *scanned > skip + 3 ? *scanned - 3 : skip;
	const char *end =
	    from < len ? memmem(data + from, len - from, "\r\n\r\n", 4) : NULL;
	size_t upto = end != NULL ? (size_t)(end - data) + 4 : len;

	if (bare_lf(data, from, upto))
		return 400;
	*scanned = len;
	if (end == NULL)
		return len - skip >= LDI_TARGET_MAX_HEAD ? 431
							 : LDI_TARGET_MORE;
	*end_out = upto;
	return upto - skip > LDI_TARGET_MAX_HEAD ? 431 : 0;
}

static unsigned
check_framing(struct ldi_target_request *req, const struct framing *seen)
{
	if (seen->length && seen->te)
		return 400;
	if (!seen->host && !req->http10)
		return 400;
	if (req->content_length > LDI_TARGET_MAX_BODY)
		return 413;
	req->keep_alive = !seen->close && (!req->http10 || seen->keep_alive);
	return 0;
}

unsigned
ldi_target_request_parse(struct ldi_target_request *req, const char *data,
    size_t len, size_t *scanned)
{
	struct framing seen = { 0 };
	size_t skip = 0, end = 0;
	const char *p, *stop;
	unsigned status;

	/* RFC 9112, 2.2: an empty line in front is to be ignored. */
	while (skip < 4 && len - skip >= 2 && data[skip] == '\r' &&
	       data[skip + 1] == '\n')
		skip += 2;
	status = find_end(data, len, skip, scanned, &end);
	if (status != 0)
		return status;

	memset(req, 0, offsetof(struct ldi_target_request, headers));
	req->body = (struct ldi_slice){ NULL, 0 };
	req->head_len = end;
	req->raw = (struct ldi_slice){ data + skip, end - skip };
	stop = data + end - 2;
	for (p = data + skip; p < stop && status == 0;) {
		const char *eol = memchr(p, '\r', (size_t)(stop - p));

		if (eol == NULL || eol[1] != '\n')
			return 400;
		status =
		    p == data + skip
			? parse_request_line(req, p, (size_t)(eol - p))
			: parse_header_line(req, p, (size_t)(eol - p), &seen);
		p = eol + 2;
	}
	return status != 0 ? status : check_framing(req, &seen);
}
