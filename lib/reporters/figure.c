/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "reporters/figure.h"

const struct ldi_fig_quantile ldi_fig_quantiles[LDI_FIG_QUANTILES] = {
	{ 500000, "p50", "p50_ms", 5 },
	{ 900000, "p90", "p90_ms", 29 },
	{ 950000, "p95", "p95_ms", 59 },
	{ 990000, "p99", "p99_ms", 299 },
	{ 999000, "p99.9", "p999_ms", 2995 },
};

static uint64_t
power_of_ten(unsigned n)
{
	uint64_t power = 1;

	while (n-- > 0)
		power *= 10;
	return power;
}

/* a x b / c, rounded to the nearest, without overflow; c > 0. */
static uint64_t
scale(uint64_t a, uint64_t b, uint64_t c)
{
	__extension__ typedef unsigned __int128 wide;
	wide value = ((wide)a * b + c / 2) / c;

	return value > UINT64_MAX ? UINT64_MAX : (uint64_t)value;
}

void
ldi_fig_fixed(struct ld_buf *out, uint64_t value, unsigned decimals)
{
	uint64_t unit = power_of_ten(decimals), rest = value % unit;

	ldi_fig_count(out, value / unit);
	if (decimals == 0)
		return;
	ld_buf_addc(out, '.');
	for (unit /= 10; unit > 0; unit /= 10)
		ld_buf_addc(out, (char)('0' + rest / unit % 10));
}

void
ldi_fig_trim(struct ld_buf *out, uint64_t value, unsigned decimals)
{
	while (decimals > 0 && value % 10 == 0)
		value /= 10, decimals--;
	ldi_fig_fixed(out, value, decimals);
}

void
ldi_fig_count(struct ld_buf *out, uint64_t count)
{
	char text[32];
	size_t at = sizeof(text);
	unsigned digits = 0;

	do {
		if (digits > 0 && digits % 3 == 0)
			text[--at] = ',';
		text[--at] = (char)('0' + count % 10);
		count /= 10;
		digits++;
	} while (count > 0);
	ld_buf_add(out, text + at, sizeof(text) - at);
}

/* Three significant digits of value / unit, `unit` a power of ten. */
static void
three_digits(struct ld_buf *out, uint64_t value, uint64_t unit)
{
	unsigned decimals = 2;

	if (unit < 100)
		decimals = unit < 10 ? 0 : 1;
	/* 9.996 reads "10.0", so decide after rounding. */
	while (
	    decimals > 0 && scale(value, power_of_ten(decimals), unit) >= 1000)
		decimals--;
	ldi_fig_fixed(
	    out, scale(value, power_of_ten(decimals), unit), decimals);
}

static void
add_ns(struct ld_buf *out, uint64_t ns, const char *micro)
{
	if (ns < 1000) {
		ldi_fig_count(out, ns);
		ld_buf_adds(out, ns == 0 ? " ms" : " ns");
	} else if (ns < 999500) {
		three_digits(out, ns, 1000);
		ld_buf_adds(out, micro);
	} else if (ns < 999500000) {
		three_digits(out, ns, 1000000);
		ld_buf_adds(out, " ms");
	} else {
		three_digits(out, ns, 1000000000);
		ld_buf_adds(out, " s");
	}
}

void
ldi_fig_ns(struct ld_buf *out, uint64_t ns)
{
	add_ns(out, ns, " us");
}

void
ldi_fig_ns_html(struct ld_buf *out, uint64_t ns)
{
	add_ns(out, ns, " \xC2\xB5s");
}

void
ldi_fig_span(struct ld_buf *out, uint64_t ns)
{
	uint64_t s = scale(ns, 1, 1000000000);

	if (s < 120)
		add_ns(out, ns, " us");
	else if (s < 7200)
		ld_buf_addf(
		    out, "%u min %u s", (unsigned)(s / 60), (unsigned)(s % 60));
	else {
		ldi_fig_count(out, s / 3600);
		ld_buf_addf(out, " h %u min", (unsigned)(s % 3600 / 60));
	}
}

void
ldi_fig_at(struct ld_buf *out, uint64_t ns)
{
	if (ns >= UINT64_C(600000000000)) {
		ldi_fig_span(out, ns);
		return;
	}
	ldi_fig_fixed(out, scale(ns, 1, 100000000), 1);
	ld_buf_adds(out, " s");
}

void
ldi_fig_rate(struct ld_buf *out, uint64_t count, uint64_t ns)
{
	uint64_t hundredths;

	if (ns == 0) {
		ld_buf_addc(out, '-');
		return;
	}
	hundredths = scale(count, UINT64_C(100000000000), ns);
	if (hundredths == 0 && count > 0)
		ld_buf_adds(out, "<0.01");
	else if (count == 0)
		ld_buf_addc(out, '0');
	else
		three_digits(out, hundredths, 100);
	ld_buf_adds(out, "/s");
}

void
ldi_fig_share(struct ld_buf *out, uint64_t part, uint64_t whole)
{
	uint64_t hundredths;

	if (whole == 0) {
		ld_buf_addc(out, '-');
		return;
	}
	hundredths = scale(part, 10000, whole);
	if (part == 0)
		ld_buf_adds(out, "0 %");
	else if (hundredths == 0)
		ld_buf_adds(out, "<0.01 %");
	else if (part >= whole)
		ld_buf_adds(out, "100 %");
	else if (hundredths >= 10000)
		ld_buf_adds(out, ">99.99 %");
	else {
		if (hundredths < 9950)
			three_digits(out, hundredths, 100);
		else
			ldi_fig_fixed(out, hundredths, 2);
		ld_buf_adds(out, " %");
	}
}

void
ldi_fig_bytes(struct ld_buf *out, uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB",
		"PiB", "EiB" };
	size_t i = 0;
	uint64_t unit = 1;

	while (i + 1 < sizeof(units) / sizeof(units[0]) && bytes / unit >= 1024)
		unit *= 1024, i++;
	if (i == 0)
		ldi_fig_count(out, bytes);
	else
		ldi_fig_fixed(out, scale(bytes, 10, unit), 1);
	ld_buf_addc(out, ' ');
	ld_buf_adds(out, units[i]);
}

/* The value is a tick of an axis or near one: at most four digits matter. */
void
ldi_fig_short(struct ld_buf *out, double value)
{
	static const struct {
		double unit;
		const char *suffix;
	} units[] = { { 1e12, "T" }, { 1e9, "G" }, { 1e6, "M" }, { 1e3, "k" },
		{ 1, "" } };
	size_t i = 0;

	while (i < 4 && value < units[i].unit * 0.9999)
		i++;
	value /= units[i].unit;
	if (value > 1e9)
		value = 1e9;
	ldi_fig_trim(out, (uint64_t)(value * 1000 + 0.5), 3);
	ld_buf_adds(out, units[i].suffix);
}

void
ldi_fig_ms(struct ld_buf *out, uint64_t ns)
{
	ld_buf_add_u64(out, ns / 1000000);
	ns %= 1000000;
	if (ns == 0)
		return;
	ld_buf_addc(out, '.');
	for (uint64_t unit = 100000; ns > 0; unit /= 10) {
		ld_buf_addc(out, (char)('0' + ns / unit));
		ns %= unit;
	}
}
