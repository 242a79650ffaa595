/* SPDX-License-Identifier: MIT */
/*
 * Framing: where the head ends, where the body ends.
 *
 * A head is read line by line.  While it lies whole in one piece its lines
 * are read in place; otherwise what has come of it goes to the buffer, and
 * each further line is read there.  Checks are made per line and in the same
 * order in both cases, which is why splits cannot change a result.
 *
 * A chunked body, after RFC 9112, 7.1:
 *
 *	SIZE -> [EXTENSION] -> SIZE_LF -> CHUNK -> CHUNK_CR -> CHUNK_LF -> SIZE
 *	                          size 0 -> TRAILER -> LAST_LF -> DONE
 *	TRAILER -> TRAILER_NAME -> TRAILER_VALUE -> TRAILER_LF -> TRAILER
 */
#include "config.h"

#include <string.h>

#include "base/http_text.h"
#include "http/response.h"

static const char prefix[] = "HTTP/1.";
#define PREFIX_LEN (sizeof(prefix) - 1)

/* As before any byte of a head, but for what bounds them all. */
static void
begin_head(struct ldi_response *a)
{
	a->state = LDI_RESPONSE_HEAD;
	a->status = -1;
	a->minor0 = a->chunked = a->has_length = a->has_coding = false;
	a->close_token = a->keep_token = a->marked = false;
	a->coding = LDI_CODING_IDENTITY;
	a->head_lines_at = a->lines;
	a->left = 0;
	a->line_off = 0;
	a->head_kept = false;
	a->head_len = 0;
	a->head_view = NULL;
}

void
ldi_response_begin(struct ldi_response *a)
{
	a->cls = LD_CLASS_NONE;
	a->text = NULL;
	a->keep_alive = a->continued = false;
	a->body_len = 0;
	a->started = false;
	a->interims = 0;
	a->lines = 0;
	a->head_bytes = 0;
	a->extensions = 0;
	a->digits = 0;
	a->kept = NULL;
	a->body_off = a->body_kept = a->body_view_len = 0;
	a->body_view = NULL;
	begin_head(a);
}

static bool
protocol(struct ldi_response *a, const char *text)
{
	return ldi_response_break(a, LD_CLASS_PROTOCOL, text);
}

static bool
keep(struct ldi_response *a, const char *data, size_t len)
{
	if (a->kept == NULL)
		a->kept = a->buffer(a->ctx);
	if (a->kept != NULL) {
		ld_buf_add(a->kept, data, len);
		if (!a->kept->failed)
			return true;
	}
	return ldi_response_break(
	    a, LD_CLASS_LOCAL_MEMORY, "no memory to keep the answer");
}

/* What a view will no longer show after this piece goes to the buffer. */
static bool
keep_views(struct ldi_response *a)
{
	if (a->keep_head && !a->head_kept) {
		if (!keep(a, a->head_view, a->head_len))
			return false;
		a->head_kept = true;
	}
	if (a->body_view != NULL) {
		if (a->kept != NULL)
			a->body_off = a->kept->len;
		if (!keep(a, a->body_view, a->body_view_len))
			return false;
		a->body_kept = a->body_view_len;
		a->body_view = NULL;
	}
	return true;
}

static bool
add_body(struct ldi_response *a, const char *data, size_t len)
{
	a->body_len += len;
	if (a->body_len > LD_MAX_BODY_BYTES)
		return ldi_response_break(a, LD_CLASS_BODY_TOO_LARGE,
		    "the body is over the limit of 64 MiB");
	if (!a->keep_body)
		return true;
	if (a->body_len > LD_MAX_BODY_KEPT)
		return ldi_response_break(a, LD_CLASS_BODY_TOO_LARGE,
		    "the body is over the 16 MiB that can be kept to look at");
	if (a->body_kept == 0 && a->body_view == NULL) {
		a->body_view = data;
		a->body_view_len = len;
		return !a->copy || keep_views(a);
	}
	if (!keep_views(a) || !keep(a, data, len))
		return false;
	a->body_kept += len;
	return true;
}

/* -- head ----------------------------------------------------------------- */

/* The head is read: what follows? */
static bool
frame(struct ldi_response *a)
{
	if (a->chunked && (a->has_length || a->minor0))
		return protocol(
		    a, a->minor0 ? "Transfer-Encoding in an HTTP/1.0 answer"
				 : "both Transfer-Encoding and Content-Length");
	a->keep_alive = !a->close_token && (!a->minor0 || a->keep_token);
	if (a->to_head || a->status == 204 || a->status == 304) {
		a->state = LDI_RESPONSE_DONE;
	} else if (a->chunked) {
		a->left = 0;
		a->state = LDI_RESPONSE_SIZE;
	} else if (!a->has_length) {
		a->keep_alive = false;
		a->state = LDI_RESPONSE_UNTIL_EOF;
	} else if (a->left > LD_MAX_BODY_BYTES) {
		return ldi_response_break(a, LD_CLASS_BODY_TOO_LARGE,
		    "Content-Length is over the limit of 64 MiB");
	} else {
		a->state =
		    a->left == 0 ? LDI_RESPONSE_DONE : LDI_RESPONSE_LENGTH;
	}
	return true;
}

/* An empty line.  `head` is NULL when the head stands in the buffer. */
static bool
end_head(struct ldi_response *a, const char *head, size_t len)
{
	if (a->lines == a->head_lines_at)
		return protocol(a, "the answer begins with an empty line");
	if (a->status >= 200) {
		a->head_view = head;
		a->head_len = head != NULL ? len : a->kept->len;
		if (a->marked && a->on_head != NULL && !a->on_head(a->ctx))
			return ldi_response_break(a, LD_CLASS_LOCAL_MEMORY,
			    "no memory to keep the answer's cookies");
		return frame(a);
	}
	if (a->status == 101)
		return protocol(a, "switched protocols without being asked");
	a->continued |= a->status == 100;
	if (++a->interims > LD_MAX_INTERIM)
		return protocol(a, "more than 16 interim answers");
	if (a->kept != NULL)
		ld_buf_reset(a->kept);
	begin_head(a);
	return true;
}

/* What can be said of a line before its end, too; `more` bytes of it are new.
 */
static bool
check_line(struct ldi_response *a, const char *line, size_t len, size_t more)
{
	a->head_bytes += more;
	if (a->lines == a->head_lines_at && len > 0 && line[0] != '\r' &&
	    line[0] != '\n' &&
	    memcmp(line, prefix, len < PREFIX_LEN ? len : PREFIX_LEN) != 0)
		return protocol(a, "the answer does not begin as HTTP/1 does");
	if (a->head_bytes > LD_MAX_HEADER_BYTES)
		return ldi_response_break(a, LD_CLASS_HEADER_TOO_LARGE,
		    "the header is over the limit of 256 KiB");
	return true;
}

/* A whole line, `len` without its LF. */
static bool
take_line(struct ldi_response *a, const char *line, size_t len)
{
	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (a->lines++ == a->head_lines_at)
		return ldi_response_status_line(a, line, len);
	if (a->lines > LD_MAX_HEADER_LINES)
		return ldi_response_break(a, LD_CLASS_HEADER_TOO_LARGE,
		    "the header has more than 1000 lines");
	return ldi_response_field_line(a, line, len);
}

static bool
is_empty(const char *line, size_t len)
{
	return len == 0 || (len == 1 && line[0] == '\r');
}

/* The piece ends within the line that begins at data + from. */
static void
keep_line(struct ldi_response *a, const char *data, size_t from, size_t len)
{
	if (a->head_kept) {
		if (keep(a, data, len))
			check_line(a, a->kept->data + a->line_off,
			    a->kept->len - a->line_off, len);
		return;
	}
	if (!check_line(a, data + from, len - from, len - from) ||
	    !keep(a, data, len))
		return;
	a->head_kept = true;
	a->line_off = from;
}

/* Lines that lie in the buffer, or end there. */
static bool
kept_line(struct ldi_response *a, const char *data, size_t len)
{
	const char *line;
	size_t n;

	if (!keep(a, data, len))
		return false;
	line = a->kept->data + a->line_off;
	n = a->kept->len - a->line_off;
	a->line_off = a->kept->len;
	if (!check_line(a, line, n, len))
		return false;
	return is_empty(line, n - 1) ? end_head(a, NULL, 0)
				     : take_line(a, line, n - 1);
}

/* Returns how much of the piece was head. */
static size_t
feed_head(struct ldi_response *a, const char *data, size_t len)
{
	size_t pos = 0, start = 0;

	while (a->state == LDI_RESPONSE_HEAD) {
		const char *line = data + pos, *lf;
		size_t n;
		bool ok;

		lf = pos < len ? memchr(line, '\n', len - pos) : NULL;
		if (lf == NULL) {
			if (pos < len || start < pos)
				keep_line(
				    a, data + start, pos - start, len - start);
			return len;
		}
		n = (size_t)(lf - line);
		pos += n + 1;
		if (a->head_kept) {
			ok = kept_line(a, line, n + 1);
			start = pos;
		} else if (!check_line(a, line, n + 1, n + 1)) {
			ok = false;
		} else if (is_empty(line, n)) {
			ok = end_head(a, data + start, pos - start);
			start = pos;
		} else {
			ok = take_line(a, line, n);
		}
		if (!ok)
			break;
	}
	return pos;
}

/* -- chunks --------------------------------------------------------------- */

/* More digits than a size can have, and blanks behind it, end the digits. */
#define NO_MORE_DIGITS 16

static bool
feed_size(struct ldi_response *a, char c)
{
	int digit = ldi_hex_value(c);

	if (digit >= 0 && a->digits < NO_MORE_DIGITS &&
	    a->left <= (UINT64_MAX >> 4)) {
		a->left = a->left << 4 | (uint64_t)digit;
		a->digits++;
		return true;
	}
	if (digit >= 0 || a->digits == 0)
		return protocol(a, "a chunk's size is no proper number");
	if (c == '\r') {
		a->state = LDI_RESPONSE_SIZE_LF;
	} else if (c == ';') {
		a->state = LDI_RESPONSE_EXTENSION;
	} else if (c == ' ' || c == '\t') {
		a->digits = NO_MORE_DIGITS;
		if (++a->extensions > LDI_RESPONSE_MAX_EXTENSIONS)
			return protocol(a, "chunk extensions without end");
	} else {
		return protocol(a, "a chunk's size is no proper number");
	}
	return true;
}

static bool
feed_extension(struct ldi_response *a, char c)
{
	if (c == '\r') {
		a->state = LDI_RESPONSE_SIZE_LF;
		return true;
	}
	if (!ldi_http_is_value(&c, 1))
		return protocol(a, "a control character in a chunk's size");
	if (++a->extensions > LDI_RESPONSE_MAX_EXTENSIONS)
		return protocol(a, "chunk extensions without end");
	return true;
}

static bool
end_size(struct ldi_response *a, char c)
{
	if (c != '\n')
		return protocol(a, "a chunk's size does not end with CR LF");
	a->digits = 0;
	if (a->left == 0) {
		a->state = LDI_RESPONSE_TRAILER;
	} else if (a->left > LD_MAX_BODY_BYTES ||
		   a->body_len + a->left > LD_MAX_BODY_BYTES) {
		return ldi_response_break(a, LD_CLASS_BODY_TOO_LARGE,
		    "the body is over the limit of 64 MiB");
	} else {
		a->state = LDI_RESPONSE_CHUNK;
	}
	return true;
}

static bool
feed_trailer(struct ldi_response *a, char c)
{
	if (++a->head_bytes > LD_MAX_HEADER_BYTES)
		return ldi_response_break(a, LD_CLASS_HEADER_TOO_LARGE,
		    "header and trailers are over the limit of 256 KiB");
	if (a->state == LDI_RESPONSE_TRAILER && c == '\r') {
		a->state = LDI_RESPONSE_LAST_LF;
	} else if (a->state == LDI_RESPONSE_TRAILER) {
		if (++a->lines > LD_MAX_HEADER_LINES)
			return ldi_response_break(a, LD_CLASS_HEADER_TOO_LARGE,
			    "header and trailers have more than 1000 lines");
		if (!ldi_http_is_token((unsigned char)c))
			return protocol(a, "a malformed trailer");
		a->state = LDI_RESPONSE_TRAILER_NAME;
	} else if (a->state == LDI_RESPONSE_TRAILER_NAME) {
		if (c == ':')
			a->state = LDI_RESPONSE_TRAILER_VALUE;
		else if (!ldi_http_is_token((unsigned char)c))
			return protocol(a, "a malformed trailer");
	} else if (c == '\r') {
		a->state = LDI_RESPONSE_TRAILER_LF;
	} else if (!ldi_http_is_value(&c, 1)) {
		return protocol(a, "a malformed trailer");
	}
	return true;
}

static bool
want(struct ldi_response *a, bool ok, enum ldi_response_state next)
{
	if (!ok)
		return protocol(a, "a chunk does not end with CR LF");
	a->state = next;
	return true;
}

static void
feed_chunk_byte(struct ldi_response *a, char c)
{
	switch (a->state) {
	case LDI_RESPONSE_SIZE:
		feed_size(a, c);
		break;
	case LDI_RESPONSE_EXTENSION:
		feed_extension(a, c);
		break;
	case LDI_RESPONSE_SIZE_LF:
		end_size(a, c);
		break;
	case LDI_RESPONSE_CHUNK_CR:
		want(a, c == '\r', LDI_RESPONSE_CHUNK_LF);
		break;
	case LDI_RESPONSE_CHUNK_LF:
		want(a, c == '\n', LDI_RESPONSE_SIZE);
		break;
	case LDI_RESPONSE_TRAILER:
	case LDI_RESPONSE_TRAILER_NAME:
	case LDI_RESPONSE_TRAILER_VALUE:
		feed_trailer(a, c);
		break;
	case LDI_RESPONSE_TRAILER_LF:
		want(a, c == '\n', LDI_RESPONSE_TRAILER);
		break;
	case LDI_RESPONSE_LAST_LF:
		want(a, c == '\n', LDI_RESPONSE_DONE);
		break;
	case LDI_RESPONSE_HEAD:
	case LDI_RESPONSE_LENGTH:
	case LDI_RESPONSE_UNTIL_EOF:
	case LDI_RESPONSE_CHUNK:
	case LDI_RESPONSE_DONE:
	case LDI_RESPONSE_BROKEN:
		break;
	}
}

/* -- body ----------------------------------------------------------------- */

/* Body bytes that need no look: returns how many were taken. */
static size_t
feed_run(struct ldi_response *a, const char *data, size_t len)
{
	size_t n = len;

	if (a->state != LDI_RESPONSE_UNTIL_EOF && n > a->left)
		n = (size_t)a->left;
	if (!add_body(a, data, n) || a->state == LDI_RESPONSE_UNTIL_EOF)
		return n;
	a->left -= n;
	if (a->left == 0)
		a->state = a->state == LDI_RESPONSE_CHUNK
			       ? LDI_RESPONSE_CHUNK_CR
			       : LDI_RESPONSE_DONE;
	return n;
}

void
ldi_response_feed(
    struct ldi_response *a, const char *data, size_t len, size_t *used_out)
{
	size_t pos = 0;

	if (len > 0)
		a->started = true;
	if (a->state == LDI_RESPONSE_HEAD)
		pos = feed_head(a, data, len);
	while (pos < len && a->state < LDI_RESPONSE_DONE) {
		if (a->state == LDI_RESPONSE_LENGTH ||
		    a->state == LDI_RESPONSE_CHUNK ||
		    a->state == LDI_RESPONSE_UNTIL_EOF)
			pos += feed_run(a, data + pos, len - pos);
		else
			feed_chunk_byte(a, data[pos++]);
	}
	if (a->state != LDI_RESPONSE_HEAD && a->state < LDI_RESPONSE_DONE)
		keep_views(a);
	*used_out = pos;
}

void
ldi_response_eof(struct ldi_response *a, enum ld_class cls)
{
	if (a->state >= LDI_RESPONSE_DONE)
		return;
	if (!a->started)
		ldi_response_break(a,
		    cls != LD_CLASS_NONE ? cls : LD_CLASS_CLOSED_EARLY,
		    "the connection was closed before an answer began");
	else if (cls != LD_CLASS_NONE)
		ldi_response_break(
		    a, cls, "the connection broke in the middle of the answer");
	else if (a->state == LDI_RESPONSE_UNTIL_EOF)
		a->state = LDI_RESPONSE_DONE;
	else
		ldi_response_break(a, LD_CLASS_TRUNCATED,
		    a->state == LDI_RESPONSE_HEAD
			? "the answer ended within its header"
			: "the body ended before its stated length");
}

const char *
ldi_response_head(const struct ldi_response *a, size_t *len_out)
{
	*len_out = a->head_len;
	return a->head_kept ? a->kept->data : a->head_view;
}

const char *
ldi_response_body(const struct ldi_response *a, size_t *len_out)
{
	if (a->body_kept > 0) {
		*len_out = a->body_kept;
		return a->kept->data + a->body_off;
	}
	*len_out = a->body_view != NULL ? a->body_view_len : 0;
	return a->body_view != NULL ? a->body_view : "";
}
