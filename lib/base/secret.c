/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/secret.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* What a name ends in: "token" is also "access_token" and "csrf-token",
 * "cookie" is also "Set-Cookie". */
static const char *const endings[] = {
	"token",
	"key",
	"secret",
	"password",
	"passwd",
	"pwd",
	"passphrase",
	"signature",
	"sig",
	"auth",
	"authorization",
	"authentication-info",
	"cookie",
	"session",
	"sessionid",
	"credential",
	"credentials",
	"jwt",
};

bool
ldi_secret_name(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t n = strlen(endings[i]);
		const char *end = name + len - n;

		if (len < n || strncasecmp(end, endings[i], n) != 0)
			continue;
		/* A word of its own, or behind one: not "monkey". */
		if (len == n || strchr("_-.[", end[-1]) != NULL ||
		    (end[0] >= 'A' && end[0] <= 'Z' && end[-1] >= 'a'))
			return true;
		if (len == n + 3 && strncasecmp(name, "api", 3) == 0)
			return true;
	}
	return false;
}

/* -- values in text ------------------------------------------------------- */

/* Longer names are nobody's. */
#define NAME_MAX_BYTES 64
/* Shorter words behind "Bearer" are words. */
#define TOKEN_MIN 8

struct range {
	const char *at, *end;
};

static bool
is_name_byte(char c)
{
	return isalnum((unsigned char)c) || (c != '\0' && strchr("_-.[]", c));
}

/* The name that ends at `end`, which is not before `begin`. */
static struct range
name_before(const char *begin, const char *end)
{
	struct range name = { end, end };

	while (name.at > begin && end - name.at < NAME_MAX_BYTES &&
	       is_name_byte(name.at[-1]))
		name.at--;
	/* "%3Ftoken" */
	if (name.at > begin && name.at[-1] == '%' && end - name.at > 2)
		name.at += 2;
	/* "ids[token]" is asked for without its bracket. */
	if (name.end > name.at && name.end[-1] == ']')
		name.end--;
	return name;
}

static bool
is_secret(struct range name)
{
	return name.end > name.at &&
	       ldi_secret_name(name.at, (size_t)(name.end - name.at));
}

/* A quote, with the backslashes that a text inside a text has before it. */
static const char *
quote_at(const char *at, const char *end)
{
	while (at < end && *at == '\\')
		at++;
	return at < end && (*at == '"' || *at == '\'') ? at : NULL;
}

/* Behind an opening quote with so many backslashes: up to the same one that
 * has no more of them, which would be one inside. */
static struct range
quoted(const char *open, const char *end, size_t slashes)
{
	struct range value = { open + 1, open + 1 };
	size_t before = 0;

	for (; value.end < end; value.end++) {
		if (*value.end == *open && before <= slashes)
			break;
		before = *value.end == '\\' ? before + 1 : 0;
		/* "\\" is a backslash, and what follows it is not escaped. */
		if (slashes == 0 && before == 2)
			before = 0;
	}
	value.end -= value.end < end ? before : 0;
	return value;
}

static struct range
until(const char *at, const char *end, const char *stops)
{
	struct range value = { at, at };

	while (value.end < end && *value.end != '\0' &&
	       strchr(stops, *value.end) == NULL &&
	       !(end - value.end >= 3 && strncasecmp(value.end, "%26", 3) == 0))
		value.end++;
	return value;
}

/* name=value, name%3Dvalue, name="value" */
static struct range
pair_value(const char *begin, const char *at, const char *end, size_t separator)
{
	const char *value = at + separator, *quote;

	if (!is_secret(name_before(begin, at)))
		return (struct range){ NULL, NULL };
	quote = quote_at(value, end);
	if (quote != NULL)
		return quoted(quote, end, (size_t)(quote - value));
	return until(value, end, "&;# \t\r\n\"'<>,)}\\");
}

/* "name": "value", 'name': 'value', "name": 12 */
static struct range
member_value(const char *begin, const char *at, const char *end)
{
	const char *close = at - 1, *value = at + 1, *quote;
	struct range name;

	while (close > begin && *close == ' ')
		close--;
	if (close <= begin || (*close != '"' && *close != '\''))
		return (struct range){ NULL, NULL };
	while (close > begin && close[-1] == '\\')
		close--;
	name = name_before(begin, close);
	if (!is_secret(name))
		return (struct range){ NULL, NULL };
	while (value < end && *value == ' ')
		value++;
	quote = quote_at(value, end);
	if (quote != NULL)
		return quoted(quote, end, (size_t)(quote - value));
	/* What is inside an object or an array has names of its own. */
	return until(value, end, ", \t\r\n}]{[");
}

/* A line of a header, at the begin of a line or a quotation: elsewhere a word
 * and a colon are prose. */
static struct range
header_value(const char *begin, const char *at, const char *end)
{
	struct range name = name_before(begin, at);

	if (end - at < 2 || at[1] != ' ' || !is_secret(name) ||
	    (name.at > begin && strchr("\n'\"`{,", name.at[-1]) == NULL))
		return (struct range){ NULL, NULL };
	return until(at + 2, end, "\r\n\"'");
}

/* scheme://user:password@host, or what stands alone before the @ */
static struct range
userinfo(const char *at, const char *end)
{
	struct range all = until(at + 3, end, "/?# \t\r\n\"'<>\\");
	const char *sign = all.end, *colon;

	while (sign > all.at && *sign != '@')
		sign--;
	if (sign == all.at || sign == end || *sign != '@')
		return (struct range){ NULL, NULL };
	colon = memchr(all.at, ':', (size_t)(sign - all.at));
	return (struct range){ colon != NULL ? colon + 1 : all.at, sign };
}

static bool
is_word(const char *begin, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - begin) >= n &&
	       strncasecmp(end - n, word, n) == 0 &&
	       ((size_t)(end - begin) == n ||
		   !isalnum((unsigned char)end[-(ptrdiff_t)n - 1]));
}

/* "Bearer TOKEN": what is no word of a language. */
static struct range
credentials(const char *begin, const char *at, const char *end)
{
	struct range value = { at + 1, at + 1 };
	bool odd = false;

	if (!is_word(begin, at, "bearer") && !is_word(begin, at, "basic"))
		return (struct range){ NULL, NULL };
	while (value.end < end &&
	       (isalnum((unsigned char)*value.end) ||
		   (*value.end != '\0' && strchr("._~+/=-", *value.end)))) {
		odd = odd || !isalpha((unsigned char)*value.end);
		value.end++;
	}
	if (!odd || value.end - value.at < TOKEN_MIN)
		return (struct range){ NULL, NULL };
	return value;
}

static struct range
value_behind(const char *text, const char *at, const char *end)
{
	struct range value = { NULL, NULL };

	switch (*at) {
	case '=':
		return pair_value(text, at, end, 1);
	case '%':
		if (end - at > 3 && strncasecmp(at, "%3d", 3) == 0)
			return pair_value(text, at, end, 3);
		return value;
	case ' ':
		return credentials(text, at, end);
	case ':':
		if (end - at > 3 && at[1] == '/' && at[2] == '/')
			return userinfo(at, end);
		value = at > text ? member_value(text, at, end) : value;
		return value.at != NULL ? value : header_value(text, at, end);
	default:
		return value;
	}
}

bool
ldi_secret_find(
    const char *text, size_t len, size_t from, size_t *at_out, size_t *len_out)
{
	const char *end = text + len;

	for (const char *at = text + from; at < end; at++) {
		struct range value = value_behind(text, at, end);
		bool placeholder = end - value.at >= 2 && value.at != NULL &&
				   value.at[0] == '$' && value.at[1] == '{';

		if (value.at == NULL || value.at == value.end || placeholder)
			continue;
		*at_out = (size_t)(value.at - text);
		*len_out = (size_t)(value.end - value.at);
		return true;
	}
	return false;
}
