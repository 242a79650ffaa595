/* SPDX-License-Identifier: MIT */
/*
 * Recordings of browsers and proxies (HTTP Archive 1.2).  Every entry that
 * can be sent again becomes a task, in order; what cannot is a loss.
 */
#include "config.h"

#include "importers/har.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ld/limits.h>

#include "base/map.h"
#include "importers/importers.h"
#include "importers/origin.h"

/* -- shared --------------------------------------------------------------- */

void
ldi_har_loss(struct ldi_har *har, const char *path, long index,
    const char *what, const char *why)
{
	ld_buf_reset(&har->place);
	ld_buf_addf(&har->place, "log.entries[%u]%s", har->entry, path);
	if (index >= 0)
		ld_buf_addf(&har->place, "[%ld]", index);
	what = what != NULL ? what : "something";
	if (ld_buf_str(&har->place) != NULL)
		ldi_sink_loss(har->sink, ld_buf_str(&har->place), what, why);
	else
		har->sink->out->failed = true;
}

bool
ldi_har_text(struct ldi_har *har, ld_json_ref object, const char *name,
    struct ld_buf *out)
{
	ld_json_ref ref = ld_json_get(har->doc, object, name);
	enum ld_json_kind kind = ld_json_kind(har->doc, ref);

	if (kind != LD_JSON_STRING && kind != LD_JSON_NUMBER)
		return false;
	ld_json_text(har->doc, ref, out);
	return true;
}

/* -- the URL -------------------------------------------------------------- */

/* Some recorders give the query beside the URL only. */
static void
add_query(struct ldi_har *har, ld_json_ref request)
{
	ld_json_ref list = ld_json_get(har->doc, request, "queryString");
	const char *mark =
	    har->url.len > 0 ? memchr(har->url.data, '?', har->url.len) : NULL;
	struct ldi_har_pairs *pairs = &har->pairs;

	if (mark != NULL || ld_json_kind(har->doc, list) != LD_JSON_ARRAY)
		return;
	ldi_har_pairs_reset(pairs);
	for (ld_json_ref at = ld_json_first(har->doc, list); at != LD_JSON_NONE;
	     at = ld_json_next(har->doc, list, at)) {
		if (ldi_har_pair_begin(pairs) == NULL)
			return;
		(void)ldi_har_text(har, at, "name", &pairs->text);
		ldi_har_pair_value(pairs);
		(void)ldi_har_text(har, at, "value", &pairs->text);
		ldi_har_pair_end(pairs);
		/* Recorders write such a pair for "?a=1&". */
		if (pairs->list[pairs->n - 1].name_len == 0 &&
		    pairs->list[pairs->n - 1].value_len == 0)
			pairs->n--;
	}
	if (pairs->n > 0) {
		ld_buf_addc(&har->url, '?');
		ldi_har_pairs_encode(pairs, &har->url);
	}
}

/* Where "user:password@" in front of the host begins and how long it is; 0 for
 * none. */
static size_t
find_user(const struct ld_buf *url, size_t *at_out)
{
	const char *text = url->data, *slash, *user_end = NULL;
	size_t at, i;

	slash = url->len > 0 ? memchr(text, '/', url->len) : NULL;
	at = slash != NULL ? (size_t)(slash - text) + 2 : 0;
	if (at < 3 || at > url->len || slash[-1] != ':' || slash[1] != '/')
		return 0;
	for (i = at; i < url->len && strchr("/?#", text[i]) == NULL; i++)
		if (text[i] == '@')
			user_end = text + i + 1;
	*at_out = at;
	return user_end != NULL ? (size_t)(user_end - text) - at : 0;
}

/* No password belongs into a plan, and a client sends it as a header. */
static void
drop_user(struct ldi_har *har)
{
	size_t at = 0, len = find_user(&har->url, &at);

	har->had_user = len > 0;
	if (len == 0)
		return;
	memmove(har->url.data + at, har->url.data + at + len,
	    har->url.len - at - len);
	har->url.len -= len;
}

/* Into har->url: without user, fragment, blanks and bytes beyond ASCII encoded,
 * as browsers send it. */
static bool
read_url(struct ldi_har *har, ld_json_ref request)
{
	struct ld_buf *raw = &har->scratch;

	ld_buf_reset(raw);
	ld_buf_reset(&har->url);
	if (!ldi_har_text(har, request, "url", raw))
		return false;
	for (size_t i = 0; i < raw->len && raw->data[i] != '#'; i++) {
		unsigned char c = (unsigned char)raw->data[i];

		if (c == ' ' || c >= 0x7f)
			ldi_har_percent(raw->data + i, 1, &har->url);
		else
			ld_buf_addc(&har->url, (char)c);
	}
	drop_user(har);
	add_query(har, request);
	return har->url.len > 0;
}

static bool
begins(const char *text, const char *prefix)
{
	return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

/* Why a URL (NUL-terminated) cannot be sent to; NULL = it can. */
static const char *
url_fault(const struct ldi_har *har, const char *url)
{
	const char *host;

	for (size_t i = 0; i < har->url.len; i++)
		if ((unsigned char)url[i] < ' ')
			return "its URL holds control characters";
	if (har->url.len > LDI_HAR_MAX_URL)
		return "its URL is longer than 64 KiB";
	if (begins(url, "ws:") || begins(url, "wss:"))
		return "it is a WebSocket, whose messages are no HTTP requests";
	if (begins(url, "data:") || begins(url, "blob:"))
		return "its URL holds the data itself: nothing was sent";
	if (url[0] == '/' && url[1] != '/')
		return NULL;
	if (!begins(url, "http://") && !begins(url, "https://"))
		return "its URL is neither http nor https";
	host = strstr(url, "://") + 3;
	return *host == '\0' || strchr("/?:", *host) != NULL
		   ? "its URL names no host"
		   : NULL;
}

/* "GET /path?query" into har->name. */
static void
make_name(struct ldi_har *har, const char *method, const char *url)
{
	const char *path = url;

	ld_buf_reset(&har->name);
	for (; *method != '\0'; method++)
		ld_buf_addc(&har->name, (char)(*method >= 'a' && *method <= 'z'
						   ? *method - 'a' + 'A'
						   : *method));
	ld_buf_addc(&har->name, ' ');
	if (*url != '/')
		path = strpbrk(strstr(url, "://") + 3, "/?");
	if (path == NULL || *path != '/')
		ld_buf_addc(&har->name, '/');
	if (path != NULL)
		ld_buf_adds(&har->name, path);
}

/* -- the task ------------------------------------------------------------- */

/* The method in lower case, or NULL. */
static const char *
read_method(struct ldi_har *har, ld_json_ref request)
{
	static const char *const methods[] = { "get", "post", "put", "patch",
		"delete", "head", "options" };
	const char *text;

	ld_buf_reset(&har->scratch);
	if (!ldi_har_text(har, request, "method", &har->scratch) ||
	    har->scratch.len == 0) {
		ldi_har_loss(
		    har, ".request", -1, "the entry", "it has no method");
		return NULL;
	}
	text = ld_buf_str(&har->scratch);
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (text != NULL && strlen(text) == har->scratch.len &&
		    strcasecmp(text, methods[i]) == 0)
			return methods[i];
	ldi_har_loss(har, ".request.method", -1, "the entry",
	    "a task is get, post, put, patch, delete, head or options");
	return NULL;
}

/* The recorded status is what a replay must get.  A redirect that was
 * recorded is not followed: the request it led to is an entry of its own. */
static void
put_status(struct ldi_har *har, ld_json_ref entry, struct ld_json_out *out)
{
	ld_json_ref response = ld_json_get(har->doc, entry, "response");
	uint64_t status;

	if (!ld_json_u64(
		har->doc, ld_json_get(har->doc, response, "status"), &status) ||
	    status < 100 || status > 999)
		return;
	ld_json_out_key(out, "assertions");
	ld_json_out_array(out);
	ld_json_out_object(out);
	ld_json_out_key(out, "type");
	ld_json_out_string(out, "status_code");
	ld_json_out_key(out, "value");
	ld_json_out_u64(out, status);
	ld_json_out_end(out);
	ld_json_out_end(out);
	if ((status >= 301 && status <= 303) || status == 307 ||
	    status == 308) {
		ld_json_out_key(out, "allow_redirects");
		ld_json_out_bool(out, false);
	}
}

static void
put_text(struct ldi_har *har, struct ld_json_out *out, const char *key,
    const struct ld_buf *text)
{
	ld_json_out_key(out, key);
	ldi_sink_text(har->sink, out, text->data, text->len);
}

static void
put_task(struct ldi_har *har, ld_json_ref entry, ld_json_ref request,
    const char *method)
{
	struct ld_json_out *out = ldi_sink_task(har->sink);

	ld_json_out_key(out, "method");
	ld_json_out_string(out, method);
	ld_json_out_key(out, "request_url");
	ldi_sink_url(har->sink, out, har->url.data, har->url.len);
	put_text(har, out, "name", &har->name);
	ldi_har_headers_write(har, request, out);
	ldi_har_body_write(har, out);
	put_status(har, entry, out);
	ldi_sink_task_end(har->sink);
}

static bool
is_websocket(struct ldi_har *har, ld_json_ref entry)
{
	const struct ld_json *doc = har->doc;

	return ld_json_is(doc, ld_json_get(doc, entry, "_resourceType"),
		   "websocket") ||
	       ld_json_get(doc, entry, "_webSocketMessages") != LD_JSON_NONE;
}

/* What har-to-k6 adds to recordings, and tasks do otherwise. */
static void
tell_extensions(struct ldi_har *har, ld_json_ref entry)
{
	static const struct {
		const char *name, *path;
	} extensions[] = {
		{ "checks", ".checks" },
		{ "variables", ".variables" },
		{ "sleep", ".sleep" },
	};

	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]);
	     i++) {
		ld_json_ref list =
		    ld_json_get(har->doc, entry, extensions[i].name);

		if (ld_json_kind(har->doc, list) == LD_JSON_ARRAY &&
		    ld_json_count(har->doc, list) > 0)
			ldi_har_loss(har, extensions[i].path, -1,
			    extensions[i].name,
			    "this is no part of HAR and has to be written by "
			    "hand");
	}
}

static void
import_entry(struct ldi_har *har, ld_json_ref entry)
{
	ld_json_ref request = ld_json_get(har->doc, entry, "request");
	const char *url, *method, *fault;

	if (ld_json_kind(har->doc, entry) != LD_JSON_OBJECT ||
	    ld_json_kind(har->doc, request) != LD_JSON_OBJECT) {
		ldi_har_loss(har, "", -1, "the entry", "it has no request");
		return;
	}
	url = read_url(har, request) ? ld_buf_str(&har->url) : NULL;
	if (url == NULL) {
		ldi_har_loss(har, ".request", -1, "the entry", "it has no URL");
		return;
	}
	fault = url_fault(har, url);
	if (!ldi_sink_wants(har->sink, url))
		return;
	if (fault == NULL && is_websocket(har, entry))
		fault =
		    "it is a WebSocket, whose messages are no HTTP requests";
	if (fault != NULL) {
		ldi_har_loss(har, ".request.url", -1, "the entry", fault);
		return;
	}
	method = read_method(har, request);
	if (method == NULL || !ldi_har_body_read(har, request))
		return;
	tell_extensions(har, entry);
	if (har->had_user)
		ldi_har_loss(har, ".request.url", -1, "user and password",
		    "a plan gives them as an Authorization header");
	make_name(har, method, url);
	put_task(har, entry, request, method);
}

/* -- the origin ----------------------------------------------------------- */

/* The origin of the URL of an entry that can be sent; p is NULL for none. */
static const char *
entry_origin(struct ldi_har *har, ld_json_ref entry, size_t *len_out)
{
	ld_json_ref request = ld_json_get(har->doc, entry, "request");
	const char *url = read_url(har, request) ? ld_buf_str(&har->url) : NULL;

	if (url == NULL || url_fault(har, url) != NULL ||
	    !ldi_sink_wants(har->sink, url))
		return NULL;
	*len_out = ldi_origin_length(url);
	return *len_out > 0 ? url : NULL;
}

/* What --base stands for: the origin that most entries go to. */
static void
find_origin(struct ldi_har *har, ld_json_ref entries)
{
	struct ldi_map *origins = ldi_map_new();
	bool ok = origins != NULL;
	const char *text;
	size_t len;

	for (ld_json_ref at = ld_json_first(har->doc, entries);
	     ok && at != LD_JSON_NONE;
	     at = ld_json_next(har->doc, entries, at)) {
		text = entry_origin(har, at, &len);
		ok = text == NULL || ldi_origin_count(origins, text, len);
	}
	text = ok ? ldi_origin_most(origins, &len) : NULL;
	if (text != NULL)
		ldi_sink_origin(har->sink, text, len);
	if (!ok)
		har->sink->out->failed = true;
	ldi_map_free(origins);
}

/* -- the document --------------------------------------------------------- */

static bool
failed(const struct ldi_har *har)
{
	return har->place.failed || har->url.failed || har->name.failed ||
	       har->text.failed || har->scratch.failed || har->type.failed ||
	       har->pairs.text.failed || har->sent.text.failed ||
	       har->headers.text.failed || har->sink->out->failed;
}

static void
har_open(
    struct ldi_har *har, const struct ld_json *doc, struct ld_import_sink *sink)
{
	memset(har, 0, sizeof(*har));
	har->doc = doc;
	har->sink = sink;
	ld_buf_init(&har->place, 256);
	ld_buf_init(&har->url, LD_MAX_DOCUMENT);
	ld_buf_init(&har->name, LD_MAX_DOCUMENT);
	ld_buf_init(&har->text, LD_MAX_DOCUMENT);
	ld_buf_init(&har->scratch, LD_MAX_DOCUMENT);
	ld_buf_init(&har->type, LD_MAX_DOCUMENT);
	ld_json_init(&har->json);
	ldi_har_pairs_init(&har->pairs);
	ldi_har_pairs_init(&har->sent);
	ldi_har_pairs_init(&har->headers);
}

static void
har_close(struct ldi_har *har)
{
	ld_buf_clear(&har->place);
	ld_buf_clear(&har->url);
	ld_buf_clear(&har->name);
	ld_buf_clear(&har->text);
	ld_buf_clear(&har->scratch);
	ld_buf_clear(&har->type);
	ld_json_clear(&har->json);
	ldi_har_pairs_clear(&har->pairs);
	ldi_har_pairs_clear(&har->sent);
	ldi_har_pairs_clear(&har->headers);
}

static enum ld_status
import_entries(const struct ld_json *doc, ld_json_ref entries,
    struct ld_import_sink *sink, struct ld_err *err)
{
	struct ldi_har har;
	bool whole = true;

	har_open(&har, doc, sink);
	if (sink->options->base != NULL)
		find_origin(&har, entries);
	for (ld_json_ref at = ld_json_first(doc, entries);
	     at != LD_JSON_NONE && whole;
	     at = ld_json_next(doc, entries, at), har.entry++) {
		import_entry(&har, at);
		whole = !failed(&har);
	}
	har_close(&har);
	return whole ? LD_OK
		     : ld_err_set(err, LD_NOMEM,
			   "the recording is too large to be imported");
}

/* The entries of a recording. */
static enum ld_status
find_entries(const struct ld_json *doc, const char *name,
    ld_json_ref *entries_out, struct ld_err *err)
{
	ld_json_ref log = ld_json_get(doc, LD_JSON_ROOT, "log");
	ld_json_ref entries = ld_json_get(doc, log, "entries"), at = entries;
	unsigned line, column;
	enum ld_status status;

	*entries_out = entries;
	if (ld_json_kind(doc, entries) == LD_JSON_ARRAY)
		return LD_OK;
	if (at == LD_JSON_NONE)
		at = log != LD_JSON_NONE ? log : LD_JSON_ROOT;
	status = ld_err_set(err, LD_INVALID,
	    "this is no HAR recording: it has no array 'log.entries'");
	ld_json_place(doc, at, &line, &column);
	ld_err_place(err, name, line, column);
	return status;
}

static enum ld_status
import_har(const char *name, const char *text, size_t len,
    const struct ld_import_options *options, struct ld_import_sink *sink,
    struct ld_err *err)
{
	struct ld_json doc;
	ld_json_ref entries;
	enum ld_status status;

	(void)options;
	ld_json_init(&doc);
	status = ld_json_parse(&doc, text, len, LD_JSON_ALLOW_BOM, err);
	if (status == LD_OK)
		status = find_entries(&doc, name, &entries, err);
	else if (err != NULL)
		ld_err_place(err, name, err->line, err->column);
	if (status == LD_OK)
		status = import_entries(&doc, entries, sink, err);
	ld_json_clear(&doc);
	return status;
}

const struct ld_importer ldi_importer_har = {
	.name = "har",
	.summary = "HTTP Archive: what browsers and proxies record",
	.import = import_har,
};
