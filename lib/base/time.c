/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <ld/num.h>
#include <ld/time.h>

#include "base/decimal.h"

static uint64_t
read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * LD_NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t
ld_now_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t
ld_thread_cpu_ns(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t
ld_boot_ns(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

uint64_t
ld_wall_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}

void
ld_wall_clock(char text_out[LD_WALL_SIZE])
{
	struct timespec now;
	struct tm tm;
	char whole[LD_WALL_SIZE];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(whole, sizeof(whole), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text_out, LD_WALL_SIZE, "%.19s.%06uZ", whole,
	    (unsigned)(now.tv_nsec / 1000) % 1000000);
}

void
ld_local_clock(int64_t *second, char text[LD_LOCAL_SIZE])
{
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec == *second)
		return;
	*second = now.tv_sec;
	localtime_r(&now.tv_sec, &tm);
	strftime(text, LD_LOCAL_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
}

int64_t
ld_wall_second(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

static const struct unit {
	const char *name;
	uint64_t ns;
} units[] = {
	/* Descending, as the parts of a duration must be. */
	{ "d", 86400 * LD_NS_PER_S },
	{ "h", 3600 * LD_NS_PER_S },
	{ "m", 60 * LD_NS_PER_S },
	{ "s", LD_NS_PER_S },
	{ "ms", LD_NS_PER_MS },
	{ "us", LD_NS_PER_US },
	{ "ns", 1 },
};

#define N_UNITS (sizeof(units) / sizeof(units[0]))

/* The unit at `text`, its letters up to the next digit. */
static size_t
read_unit(const char *text, size_t len, size_t *index_out)
{
	size_t n = 0;

	while (n < len && text[n] >= 'a' && text[n] <= 'z')
		n++;
	for (size_t i = 0; i < N_UNITS; i++)
		if (strlen(units[i].name) == n &&
		    memcmp(units[i].name, text, n) == 0) {
			*index_out = i;
			return n;
		}
	return 0;
}

/* "1e-3": only JSON writes seconds so. */
static bool
read_exponent_form(const char *text, size_t len, uint64_t *ns_out)
{
	double seconds;

	if (ld_num_double(text, len, &seconds, NULL) != LD_OK)
		return false;
	if (!(seconds >= 0) || seconds > (double)LD_DURATION_MAX_NS / 1e9)
		return false;
	*ns_out = (uint64_t)(seconds * 1e9 + 0.5);
	return true;
}

static bool
read_duration(const char *text, size_t len, uint64_t *ns_out)
{
	size_t i = 0, below = 0; /* units before this one are used up */
	uint64_t sum = 0;

	if (len == 0)
		return false;
	while (i < len) {
		struct ldi_decimal value;
		size_t n = ldi_decimal_read(text + i, len - i, &value);
		size_t unit, letters;
		uint64_t part;

		if (n == 0)
			return false;
		if (i == 0 && n == len) {
			unit = 3;
			letters = 0;
		} else {
			letters = read_unit(text + i + n, len - i - n, &unit);
			if (letters == 0 || unit < below)
				return i == 0 &&
				       read_exponent_form(text, len, ns_out);
		}
		if (!ldi_decimal_times(&value, units[unit].ns, &part) ||
		    part > LD_DURATION_MAX_NS - sum)
			return false;
		sum += part;
		below = unit + 1;
		i += n + letters;
		if (value.fraction && i < len)
			return false;
	}
	*ns_out = sum;
	return true;
}

enum ld_status
ld_duration_parse(
    const char *text, size_t len, uint64_t *ns_out, struct ld_err *err)
{
	if (read_duration(text, len, ns_out))
		return LD_OK;
	return ld_err_set(err, LD_INVALID,
	    "'%.*s' is not a duration such as 250ms or 10s: the units are d, "
	    "h, m, s, ms, us and ns",
	    len > 60 ? 60 : (int)len, text);
}

/* value / 10^digits without trailing zeros. */
static void
add_decimal(struct ld_buf *buf, uint64_t value, int digits)
{
	uint64_t scale = 1;

	for (int i = 0; i < digits; i++)
		scale *= 10;
	ld_buf_add_u64(buf, value / scale);
	value %= scale;
	if (value == 0)
		return;
	ld_buf_addc(buf, '.');
	while (value != 0) {
		scale /= 10;
		ld_buf_addc(buf, (char)('0' + value / scale));
		value %= scale;
	}
}

void
ld_duration_add(struct ld_buf *buf, uint64_t ns)
{
	if (ns == 0) {
		ld_buf_adds(buf, "0s");
		return;
	}
	if (ns < LD_NS_PER_S) {
		int digits = ns < LD_NS_PER_US ? 0 : ns < LD_NS_PER_MS ? 3 : 6;

		add_decimal(buf, ns, digits);
		ld_buf_adds(buf, digits == 0   ? "ns"
				 : digits == 3 ? "us"
					       : "ms");
		return;
	}
	for (size_t i = 0; i < 3; i++) {
		if (ns < units[i].ns)
			continue;
		ld_buf_add_u64(buf, ns / units[i].ns);
		ld_buf_adds(buf, units[i].name);
		ns %= units[i].ns;
	}
	if (ns != 0) {
		add_decimal(buf, ns, 9);
		ld_buf_addc(buf, 's');
	}
}
