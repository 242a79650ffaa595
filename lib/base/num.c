/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <langinfo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ld/num.h>
#include <ld/time.h>

#include "base/decimal.h"

/* No number that means something is longer; 10^-308 in full is. */
#define DOUBLE_MAX_LEN 1100

static enum ld_status
not_a(struct ld_err *err, const char *text, size_t len, const char *what)
{
	return ld_err_set(err, LD_INVALID, "'%.*s' is not %s",
	    len > 60 ? 60 : (int)len, text, what);
}

static enum ld_status
too_large(struct ld_err *err, const char *text, size_t len)
{
	return ld_err_set(err, LD_INVALID, "'%.*s' is too large",
	    len > 60 ? 60 : (int)len, text);
}

static bool
all_digits(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return len > 0;
}

enum ld_status
ld_num_u64(const char *text, size_t len, uint64_t *out, struct ld_err *err)
{
	uint64_t value = 0;

	if (!all_digits(text, len))
		return not_a(err, text, len, "a whole number");
	for (size_t i = 0; i < len; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');

		if (value > (UINT64_MAX - digit) / 10)
			return too_large(err, text, len);
		value = value * 10 + digit;
	}
	*out = value;
	return LD_OK;
}

enum ld_status
ld_num_i64(const char *text, size_t len, int64_t *out, struct ld_err *err)
{
	bool minus = len > 0 && text[0] == '-';
	uint64_t size;

	if (!all_digits(text + minus, len - minus))
		return not_a(err, text, len, "a whole number");
	if (ld_num_u64(text + minus, len - minus, &size, NULL) != LD_OK ||
	    size > (uint64_t)INT64_MAX + minus)
		return too_large(err, text, len);
	*out = !minus      ? (int64_t)size
	       : size == 0 ? 0
			   : -(int64_t)(size - 1) - 1;
	return LD_OK;
}

/* [-] [digits] [. digits] [e [+-] digits] with at least one digit in front of
 * the exponent; gives where the point is, or len. */
static bool
is_decimal(const char *text, size_t len, size_t *point_out)
{
	size_t i = len > 0 && text[0] == '-', digits = 0;

	*point_out = len;
	for (; i < len && all_digits(text + i, 1); i++)
		digits++;
	if (i + 1 < len && text[i] == '.' && all_digits(text + i + 1, 1)) {
		*point_out = i;
		for (i++; i < len && all_digits(text + i, 1); i++)
			digits++;
	}
	if (digits == 0)
		return false;
	if (i < len && (text[i] == 'e' || text[i] == 'E')) {
		i++;
		if (i < len && (text[i] == '+' || text[i] == '-'))
			i++;
		return all_digits(text + i, len - i);
	}
	return i == len;
}

/* Up to 15 digits and a small power of ten: both are exact doubles, and one
 * operation on them rounds once, so the result is the nearest (Clinger).
 * Nearly every number takes this way, and none of it knows a locale. */
static bool
read_short(const char *text, size_t len, double *out)
{
	static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	size_t i = text[0] == '-', after = 0;
	uint64_t digits = 0;
	bool point = false;

	if (len > 16)
		return false;
	for (; i < len; i++) {
		if (text[i] == 'e' || text[i] == 'E')
			return false;
		if (text[i] == '.') {
			point = true;
			continue;
		}
		digits = digits * 10 + (uint64_t)(text[i] - '0');
		after += point;
	}
	if (digits > UINT64_C(1) << 53 || after > 15)
		return false;
	*out = (double)digits / powers[after];
	if (text[0] == '-')
		*out = -*out;
	return true;
}

static bool
read_long(const char *text, size_t len, size_t point, double *out)
{
	const char *radix = nl_langinfo(RADIXCHAR);
	size_t radix_len = strlen(radix);
	char copy[DOUBLE_MAX_LEN + 8];

	if (len > DOUBLE_MAX_LEN || radix_len > 4)
		return false;
	memcpy(copy, text, point);
	if (point < len) {
		memcpy(copy + point, radix, radix_len);
		memcpy(copy + point + radix_len, text + point + 1,
		    len - point - 1);
		len += radix_len - 1;
	}
	copy[len] = '\0';
	*out = strtod(copy, NULL);
	return true;
}

enum ld_status
ld_num_double(const char *text, size_t len, double *out, struct ld_err *err)
{
	size_t point;
	double value;

	if (!is_decimal(text, len, &point))
		return not_a(err, text, len, "a number");
	if (!read_short(text, len, &value) &&
	    !read_long(text, len, point, &value))
		return ld_err_set(err, LD_INVALID,
		    "'%.20s...' has more digits than a number may have", text);
	if (isinf(value))
		return too_large(err, text, len);
	*out = value;
	return LD_OK;
}

bool
ld_num_share(const char *text, size_t len, double *out)
{
	bool percent = len > 0 && text[len - 1] == '%';

	if (ld_num_double(text, len - percent, out, NULL) != LD_OK)
		return false;
	*out /= percent ? 100 : 1;
	return *out >= 0 && *out <= 1;
}

static const struct size_unit {
	const char *name;
	uint64_t bytes;
} size_units[] = {
	{ "", 1 },
	{ "B", 1 },
	{ "k", UINT64_C(1) << 10 },
	{ "K", UINT64_C(1) << 10 },
	{ "KiB", UINT64_C(1) << 10 },
	{ "kB", 1000 },
	{ "KB", 1000 },
	{ "M", UINT64_C(1) << 20 },
	{ "MiB", UINT64_C(1) << 20 },
	{ "MB", 1000000 },
	{ "G", UINT64_C(1) << 30 },
	{ "GiB", UINT64_C(1) << 30 },
	{ "GB", 1000000000 },
	{ "T", UINT64_C(1) << 40 },
	{ "TiB", UINT64_C(1) << 40 },
	{ "TB", UINT64_C(1000000000000) },
};

enum ld_status
ld_num_size(const char *text, size_t len, uint64_t *out, struct ld_err *err)
{
	struct ldi_decimal value;
	size_t n = ldi_decimal_read(text, len, &value);

	for (size_t i = 0;
	     n > 0 && i < sizeof(size_units) / sizeof(*size_units); i++) {
		const struct size_unit *unit = &size_units[i];

		if (strlen(unit->name) != len - n ||
		    memcmp(unit->name, text + n, len - n) != 0)
			continue;
		if (unit->bytes == 1 && value.fraction)
			break;
		if (!ldi_decimal_times(&value, unit->bytes, out))
			return too_large(err, text, len);
		return LD_OK;
	}
	return not_a(err, text, len, "a size such as 64KiB or 10MB");
}

#define RATE_WORDS \
	"a rate such as 100/s or 6k/m: the units are /s, /m, /h and /d"

static const struct rate_unit {
	const char *name;
	double seconds;
} rate_units[] = {
	{ "", 1 },
	{ "/s", 1 },
	{ "/m", 60 },
	{ "/min", 60 },
	{ "/h", 3600 },
	{ "/d", 86400 },
};

enum ld_status
ld_num_rate(const char *text, size_t len, double *out, struct ld_err *err)
{
	const char *slash = len == 0 ? NULL : memchr(text, '/', len);
	size_t n = slash == NULL ? len : (size_t)(slash - text);
	size_t rest = len - n;
	double value, times = 1;

	if (n > 1 && (text[n - 1] == 'k' || text[n - 1] == 'M'))
		times = text[--n] == 'k' ? 1e3 : 1e6;
	if (n == 0 || text[0] == '-' ||
	    ld_num_double(text, n, &value, NULL) != LD_OK)
		return not_a(err, text, len, RATE_WORDS);
	for (size_t i = 0; i < sizeof(rate_units) / sizeof(*rate_units); i++)
		if (strlen(rate_units[i].name) == rest &&
		    memcmp(rate_units[i].name, text + len - rest, rest) == 0) {
			value = value * times / rate_units[i].seconds;
			if (isinf(value))
				return too_large(err, text, len);
			*out = value;
			return LD_OK;
		}
	return not_a(err, text, len, RATE_WORDS);
}

enum ld_status
ld_num_duration_range(const char *text, size_t len, uint64_t *min_out,
    uint64_t *max_out, struct ld_err *err)
{
	const char *dots = NULL;
	uint64_t min, max;
	enum ld_status st;

	for (size_t i = 0; i + 1 < len && dots == NULL; i++)
		if (text[i] == '.' && text[i + 1] == '.')
			dots = text + i;
	st = ld_duration_parse(
	    text, dots == NULL ? len : (size_t)(dots - text), &min, err);
	if (st != LD_OK)
		return st;
	max = min;
	if (dots != NULL)
		st = ld_duration_parse(
		    dots + 2, len - (size_t)(dots - text) - 2, &max, err);
	if (st != LD_OK)
		return st;
	if (min > max)
		return ld_err_set(err, LD_INVALID,
		    "'%.*s' has its least above its most",
		    len > 60 ? 60 : (int)len, text);
	*min_out = min;
	*max_out = max;
	return LD_OK;
}
