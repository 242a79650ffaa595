/* SPDX-License-Identifier: MIT */
/*
 * Dates as HTTP, mail and people write them: a day and a month by name or as
 * YYYY-MM-DD or YYYYMMDD, a time with colons, a zone by name or offset, in any
 * order.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include <ld/time.h>

#include "importers/curl_headers.h"

static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue",
	"Wed" }; /* 1970 began on a Thursday */
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

struct date {
	long year, month, day; /* -1 = not seen */
	long hour, minute, second;
	long offset; /* seconds east */
	bool has_time, has_zone;
};

/* Days from 1970 to the first of a month (0 to 11) of a year. */
static int64_t
days_before(int64_t year, unsigned month)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243,
		273, 304, 334 };
	int64_t y = year - (month < 2); /* whose leap days are over */
	int64_t leaps = y / 4 - y / 100 + y / 400;

	return (year - 1970) * 365 + leaps - 477 + before[month];
}

/* -- reading -------------------------------------------------------------- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A day, a month by three letters, or a zone. */
static bool
take_word(struct date *d, const char *text, size_t len)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = { { "GMT", 0 }, { "UTC", 0 }, { "UT", 0 }, { "Z", 0 },
		{ "WET", 0 }, { "EST", -5 }, { "EDT", -4 }, { "CST", -6 },
		{ "CDT", -5 }, { "MST", -7 }, { "MDT", -6 }, { "PST", -8 },
		{ "PDT", -7 }, { "CET", 1 }, { "CEST", 2 }, { "MET", 1 },
		{ "EET", 2 }, { "JST", 9 } };

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (strlen(zones[i].name) == len &&
		    strncasecmp(zones[i].name, text, len) == 0) {
			d->offset = zones[i].hours * 3600L;
			d->has_zone = true;
			return true;
		}
	if (len < 3)
		return len == 1 && (*text == 'T' || *text == 't');
	for (long i = 0; i < 12 && len == 3; i++)
		if (strncasecmp(months[i], text, 3) == 0 && d->month < 0) {
			d->month = i;
			return true;
		}
	for (size_t i = 0; i < 7; i++)
		if (strncasecmp(days[i], text, 3) == 0)
			return true;
	return false;
}

static long
number(const char *text, size_t len)
{
	long value = 0;

	for (size_t i = 0; i < len; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

/* "12:30" or "12:30:59" at text; 0 = none. */
static size_t
take_time(struct date *d, const char *text)
{
	size_t at = 0, n = 0;
	long parts[3] = { 0, 0, 0 };

	while (n < 3) {
		size_t len = strspn(text + at, "0123456789");

		if (len < 1 || len > 2)
			return 0;
		parts[n++] = number(text + at, len);
		at += len;
		if (n == 3 || text[at] != ':')
			break;
		at++;
	}
	if (n < 2 || d->has_time)
		return 0;
	d->hour = parts[0];
	d->minute = parts[1];
	d->second = parts[2];
	d->has_time = true;
	return at;
}

/* "+0200" behind a time. */
static size_t
take_offset(struct date *d, const char *text)
{
	size_t len = strspn(text + 1, "0123456789");
	long value = number(text + 1, len < 5 ? len : 4);

	if (len != 4 || value > 1400 || !d->has_time || d->has_zone)
		return 0;
	d->offset =
	    (value / 100 * 3600 + value % 100 * 60) * (*text == '-' ? -1 : 1);
	d->has_zone = true;
	return 5;
}

/* "2025-11-04" */
static size_t
take_iso(struct date *d, const char *text)
{
	if (strspn(text, "0123456789") != 4 || text[4] != '-' ||
	    strspn(text + 5, "0123456789") != 2 || text[7] != '-' ||
	    strspn(text + 8, "0123456789") != 2)
		return 0;
	d->year = number(text, 4);
	d->month = number(text + 5, 2) - 1;
	d->day = number(text + 8, 2);
	return 10;
}

/* A number alone: YYYYMMDD, a day, or a year. */
static size_t
take_number(struct date *d, const char *text)
{
	size_t len = strspn(text, "0123456789");
	long value;

	if (len > 8)
		return 0;
	value = number(text, len);
	if (len == 8 && d->year < 0 && d->month < 0 && d->day < 0) {
		d->year = value / 10000;
		d->month = value % 10000 / 100 - 1;
		d->day = value % 100;
	} else if (d->day < 0 && value > 0 && value < 32 && len <= 2) {
		d->day = value;
	} else if (d->year < 0) {
		d->year = value;
		if (len <= 2)
			d->year += value > 70 ? 1900 : 2000;
	} else {
		return 0;
	}
	return len;
}

static size_t
take(struct date *d, const char *p)
{
	size_t len = 0;

	if (is_letter(*p)) {
		while (is_letter(p[len]))
			len++;
		return take_word(d, p, len) ? len : 0;
	}
	if (*p == '+' || *p == '-')
		len = take_offset(d, p);
	if (is_digit(*p)) {
		len = take_time(d, p);
		if (len == 0)
			len = take_iso(d, p);
		if (len == 0)
			len = take_number(d, p);
		return len;
	}
	return len > 0 ? len : strchr(" ,-\t", *p) != NULL;
}

bool
ldi_curl_date_read(const char *text, int64_t *seconds_out)
{
	struct date d = { .year = -1, .month = -1, .day = -1 };

	while (*text != '\0') {
		size_t len = take(&d, text);

		if (len == 0)
			return false;
		text += len;
	}
	if (d.year < 1583 || d.year > 9999 || d.month < 0 || d.month > 11 ||
	    d.day < 1 || d.day > 31 || d.hour > 23 || d.minute > 59 ||
	    d.second > 60)
		return false;
	*seconds_out =
	    (days_before(d.year, (unsigned)d.month) + d.day - 1) * 86400 +
	    d.hour * 3600 + d.minute * 60 + d.second - d.offset;
	return true;
}

/* -- writing -------------------------------------------------------------- */

static unsigned
part(int64_t *rest, int64_t size)
{
	int64_t n = *rest / size;

	*rest %= size;
	return (unsigned)n;
}

void
ldi_curl_date_add(struct ld_buf *out, int64_t seconds)
{
	int64_t day = seconds / 86400, rest = seconds % 86400, year;
	unsigned month = 11, hour, minute;

	if (rest < 0) {
		rest += 86400;
		day--;
	}
	year = 1970 + day / 365;
	while (days_before(year, 0) > day)
		year--;
	while (days_before(year, month) > day)
		month--;
	hour = part(&rest, 3600);
	minute = part(&rest, 60);
	ld_buf_addf(out, "%s, %02d %s %04d %02u:%02u:%02u GMT",
	    days[(day % 7 + 7) % 7], (int)(day - days_before(year, month)) + 1,
	    months[month], (int)year, hour, minute, (unsigned)rest);
}

int64_t
ldi_curl_date_now(void)
{
	char text[LD_WALL_SIZE];
	int64_t seconds = 0;

	ld_wall_clock(text);
	text[19] = '\0'; /* "2026-11-23T06:00:00" */
	(void)ldi_curl_date_read(text, &seconds);
	return seconds;
}
