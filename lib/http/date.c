/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "http/date.h"

struct date {
	bool has_time, has_day, has_month, has_year;
	unsigned hour, minute, second, day, month, year;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 6265: what stands between the parts of a date. */
static bool
is_delimiter(char c)
{
	unsigned char u = (unsigned char)c;

	return u == 0x09 || (u >= 0x20 && u <= 0x2f) ||
	       (u >= 0x3b && u <= 0x40) || (u >= 0x5b && u <= 0x60) ||
	       (u >= 0x7b && u <= 0x7e);
}

/* `min` to `max` digits, behind which no other digit stands; 0 = there are
 * none, else their number. */
static size_t
number(const char *text, size_t len, size_t min, size_t max, unsigned *out)
{
	size_t n = 0;

	*out = 0;
	while (n < len && is_digit(text[n])) {
		if (n == max)
			return 0;
		*out = *out * 10 + (unsigned)(text[n++] - '0');
	}
	return n >= min ? n : 0;
}

/* 1*2DIGIT ":" 1*2DIGIT ":" 1*2DIGIT, and what is no digit behind it. */
static bool
take_time(struct date *d, const char *text, size_t len)
{
	unsigned *const parts[] = { &d->hour, &d->minute, &d->second };
	size_t pos = 0;

	for (size_t i = 0; i < 3; i++) {
		size_t n = number(text + pos, len - pos, 1, 2, parts[i]);

		pos += n;
		if (n == 0 || (i < 2 && (pos == len || text[pos++] != ':')))
			return false;
	}
	d->has_time = true;
	return true;
}

static bool
take_month(struct date *d, const char *text, size_t len)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (unsigned i = 0; len >= 3 && i < 12; i++)
		if (strncasecmp(text, names + i * 3, 3) == 0) {
			d->month = i + 1;
			d->has_month = true;
			return true;
		}
	return false;
}

static void
take_part(struct date *d, const char *text, size_t len)
{
	unsigned value;

	if (!d->has_time && take_time(d, text, len))
		return;
	if (!d->has_day && number(text, len, 1, 2, &value) > 0) {
		d->day = value;
		d->has_day = true;
	} else if (!d->has_month && take_month(d, text, len)) {
		return;
	} else if (!d->has_year && number(text, len, 2, 4, &value) > 0) {
		d->year = value < 70    ? 2000 + value
			  : value < 100 ? 1900 + value
					: value;
		d->has_year = true;
	}
}

/* Days from 1970-01-01 in the Gregorian calendar.  A year is counted from
 * March, so that the leap day is its last. */
static int64_t
days_from(unsigned year, unsigned month, unsigned day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t m = month <= 2 ? month + 9 : month - 3;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
	       1 - 719468;
}

static bool
exists(const struct date *d)
{
	static const unsigned char days[] = { 31, 29, 31, 30, 31, 30, 31, 31,
		30, 31, 30, 31 };
	bool leap =
	    d->year % 4 == 0 && (d->year % 100 != 0 || d->year % 400 == 0);

	if (!d->has_time || !d->has_day || !d->has_month || !d->has_year)
		return false;
	return d->year >= 1601 && d->day >= 1 && d->day <= days[d->month - 1] &&
	       (d->month != 2 || d->day < 29 || leap) && d->hour <= 23 &&
	       d->minute <= 59 && d->second <= 59;
}

bool
ldi_date_parse(const char *text, size_t len, int64_t *seconds_out)
{
	struct date d = { 0 };
	size_t pos = 0;

	while (pos < len) {
		size_t from;

		while (pos < len && is_delimiter(text[pos]))
			pos++;
		for (from = pos; pos < len && !is_delimiter(text[pos]);)
			pos++;
		take_part(&d, text + from, pos - from);
	}
	if (!exists(&d))
		return false;
	*seconds_out = days_from(d.year, d.month, d.day) * 86400 +
		       (int64_t)(d.hour * 3600 + d.minute * 60 + d.second);
	return true;
}
