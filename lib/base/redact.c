/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/redact.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ld/limits.h>

#include "base/base64.h"
#include "base/redactor.h"

/* A word of a language is no longer. */
#define WORD_BYTES 16

struct ld_redactor *
ld_redactor_new(void)
{
	return calloc(1, sizeof(struct ld_redactor));
}

/* Freed memory is somebody else's next. */
static void
wipe(void *text, size_t len)
{
	if (text != NULL)
		explicit_bzero(text, len);
	free(text);
}

void
ld_redactor_free(struct ld_redactor *r)
{
	struct ldi_secret_value *value, *next;

	if (r == NULL)
		return;
	for (size_t i = 0; i < 256; i++)
		for (value = r->values[i]; value != NULL; value = next) {
			next = value->next;
			wipe(value, sizeof(*value) + value->len);
		}
	for (size_t i = 0; i < r->n_named; i++) {
		free(r->named[i].name);
		wipe(r->named[i].text, r->named[i].len);
	}
	free(r);
}

void
ld_redactor_show(struct ld_redactor *r)
{
	r->shows = true;
}

bool
ldi_redactor_shows(const struct ld_redactor *r)
{
	return r != NULL && r->shows;
}

enum ld_status
ldi_redactor_status(const struct ld_redactor *r, struct ld_err *err)
{
	return r != NULL && r->failed ? ld_err_set(err, LD_NOMEM, "secrets")
				      : LD_OK;
}

/* -- filling -------------------------------------------------------------- */

static void
add_value(struct ld_redactor *r, const char *text, size_t len)
{
	struct ldi_secret_value **list = &r->values[(unsigned char)*text],
				*value;

	for (value = *list; value != NULL; value = value->next)
		if (value->len == len && memcmp(value->room, text, len) == 0)
			return;
	if (r->n_values == LD_MAX_SECRET_VALUES) {
		r->failed = true;
		return;
	}
	value = malloc(sizeof(*value) + len);
	if (value == NULL) {
		r->failed = true;
		return;
	}
	memcpy(value->room, text, len);
	value->len = len;
	value->next = *list;
	*list = value;
	r->n_values++;
}

static void
to_url_alphabet(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '+' || text[i] == '/')
			text[i] = text[i] == '+' ? '-' : '_';
}

/* Whatever stands in front of it there. */
static void
add_base64(struct ld_redactor *r, const char *text, size_t len)
{
	size_t size = LDI_BASE64_PART(len);
	char *part = malloc(size);

	for (size_t before = 0; part != NULL && before < 3; before++) {
		size_t n = ldi_base64_part(part, text, len, before);

		add_value(r, part, n);
		to_url_alphabet(part, n);
		add_value(r, part, n);
	}
	r->failed = r->failed || part == NULL;
	wipe(part, size);
}

static void
add_secret(struct ld_redactor *r, const char *text, size_t len)
{
	add_value(r, text, len);
	add_base64(r, text, len);
}

static void
taint_part(struct ld_redactor *r, const char *text, size_t len)
{
	while (len > 0 && (*text == ' ' || *text == '"')) {
		text++;
		len--;
	}
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '"'))
		len--;
	if (len >= LDI_TAINT_MIN_BYTES && memmem(text, len, "${", 2) == NULL)
		add_secret(r, text, len);
}

/* "user:password" in base64 */
static void
taint_basic(struct ld_redactor *r, const char *text, size_t len)
{
	struct ld_buf pair;
	const char *colon;

	ld_buf_init(&pair, len + 4);
	if (ldi_base64_decode(&pair, text, len) && pair.len > 0) {
		colon = memchr(pair.data, ':', pair.len);
		if (colon != NULL)
			taint_part(r, colon + 1,
			    pair.len - (size_t)(colon + 1 - pair.data));
	}
	ld_buf_clear(&pair);
}

static void
taint_cookies(struct ld_redactor *r, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *stop = memchr(text, ';', (size_t)(end - text));
		const char *eq;

		stop = stop != NULL ? stop : end;
		eq = memchr(text, '=', (size_t)(stop - text));
		/* Padding of base64 is no value. */
		if (eq != NULL && eq + 1 < stop && eq[1] != '=')
			taint_part(r, eq + 1, (size_t)(stop - eq - 1));
		text = stop + 1;
	}
}

void
ldi_redactor_taint(struct ld_redactor *r, const char *text, size_t len)
{
	const char *blank = len > 0 ? memchr(text, ' ', len) : NULL;
	size_t word = blank != NULL ? (size_t)(blank - text) : 0;

	if (r == NULL || len == 0)
		return;
	taint_part(r, text, len);
	if (word > 0 && memchr(text, '=', word) == NULL &&
	    memchr(text, ';', word) == NULL) {
		taint_part(r, blank + 1, len - word - 1);
		if (word == 5 && strncasecmp(text, "basic", 5) == 0)
			taint_basic(r, blank + 1, len - word - 1);
	}
	taint_cookies(r, text, len);
}

/* "created_at" beside "sort_key" is a word that may stand anywhere: the name
 * hides it, and nothing else does. */
static bool
is_word(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isalpha((unsigned char)text[i]) &&
		    (text[i] == '\0' || strchr("_-.", text[i]) == NULL))
			return false;
	return len < WORD_BYTES;
}

void
ldi_redactor_scan(struct ld_redactor *r, const char *text, size_t len)
{
	size_t from = 0, at, n;

	if (r == NULL)
		return;
	while (ldi_secret_find(text, len, from, &at, &n)) {
		if (!is_word(text + at, n))
			ldi_redactor_taint(r, text + at, n);
		from = at + n;
	}
}

/* -- named secrets -------------------------------------------------------- */

static enum ld_status
check_named(const struct ld_redactor *r, const char *name, const char *value,
    size_t len, struct ld_err *err)
{
	const char *text;
	size_t n;

	if (ldi_redactor_find(r, name, &text, &n))
		return ld_err_set(err, LD_INVALID, "'%s' is given twice", name);
	if (r->n_named == LD_MAX_SECRETS)
		return ld_err_set(err, LD_INVALID,
		    "'%s': there are more than %d secrets", name,
		    LD_MAX_SECRETS);
	if (len == 0)
		return ld_err_set(err, LD_INVALID, "'%s' is empty", name);
	if (len < LD_MIN_SECRET_BYTES)
		return ld_err_set(err, LD_INVALID,
		    "'%s' is shorter than %d bytes: it could not be told from "
		    "other text, and would not be kept out of what is written",
		    name, LD_MIN_SECRET_BYTES);
	if (len > LD_MAX_SECRET_BYTES)
		return ld_err_set(err, LD_INVALID,
		    "'%s' is longer than %d bytes", name, LD_MAX_SECRET_BYTES);
	if (memchr(value, '\0', len) != NULL)
		return ld_err_set(
		    err, LD_INVALID, "'%s' has a NUL byte in it", name);
	return LD_OK;
}

enum ld_status
ld_redactor_secret(struct ld_redactor *r, const char *name, const char *value,
    size_t len, struct ld_err *err)
{
	struct ldi_secret_named *named = &r->named[r->n_named];
	enum ld_status st = check_named(r, name, value, len, err);

	if (st != LD_OK)
		return st;
	named->name = strdup(name);
	named->text = strndup(value, len);
	named->len = len;
	if (named->name == NULL || named->text == NULL) {
		free(named->name);
		wipe(named->text, len);
		return ld_err_set(err, LD_NOMEM, "a secret");
	}
	r->n_named++;
	add_secret(r, value, len);
	/* The lines of a key, and what "Bearer X" or a cookie holds. */
	ldi_redactor_taint(r, value, len);
	return ldi_redactor_status(r, err);
}

bool
ldi_redactor_find(const struct ld_redactor *r, const char *name,
    const char **text_out, size_t *len_out)
{
	for (size_t i = 0; r != NULL && i < r->n_named; i++)
		if (strcmp(r->named[i].name, name) == 0) {
			*text_out = r->named[i].text;
			*len_out = r->named[i].len;
			return true;
		}
	return false;
}

const char *
ldi_redactor_name(const struct ld_redactor *r, size_t i)
{
	return r != NULL && i < r->n_named ? r->named[i].name : NULL;
}
