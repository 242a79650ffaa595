/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "reporters/live.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <ld/time.h>

#include "reporters/figure.h"
#include "reporters/fit.h"

/* From this many columns on there is room for what is only nice to know. */
#define WIDE 100
/* A shorter bar tells nothing that the time left does not. */
#define BAR_LEAST 16
#define BAR_MOST 60

#define RED "\x1b[31m"
#define YELLOW "\x1b[33m"
#define PLAIN "\x1b[0m"
#define DIM "\x1b[2m"

/* -- figures -------------------------------------------------------------- */

/* Short texts for printf. */
struct figure {
	char text[32];
};

static struct figure
take(struct ld_buf *buf)
{
	struct figure figure;
	const char *text = ld_buf_str(buf);

	snprintf(
	    figure.text, sizeof(figure.text), "%s", text != NULL ? text : "?");
	ld_buf_clear(buf);
	return figure;
}

/* At most five characters: "9,999", "12.3k", "1.23M". */
static struct figure
compact(uint64_t n)
{
	static const char suffixes[] = "kMGTPE";
	struct ld_buf buf;
	uint64_t unit = 1000, hundredths;
	size_t i = 0;

	ld_buf_init(&buf, sizeof(struct figure));
	if (n < 10000) {
		ldi_fig_count(&buf, n);
		return take(&buf);
	}
	for (; n / unit >= 1000; unit *= 1000)
		i++;
	hundredths = n / (unit / 100);
	if (hundredths < 1000)
		ldi_fig_fixed(&buf, hundredths, 2);
	else if (hundredths < 10000)
		ldi_fig_fixed(&buf, hundredths / 10, 1);
	else
		ldi_fig_count(&buf, hundredths / 100);
	ld_buf_addc(&buf, suffixes[i]);
	return take(&buf);
}

/* Whole events as they are, others with three digits. */
void
ldi_live_rate(struct ld_buf *out, double rate)
{
	if (rate >= 99999.5)
		ld_buf_adds(out, compact((uint64_t)rate).text);
	else if (rate >= 100 || rate == (double)(uint64_t)rate)
		ldi_fig_count(out, (uint64_t)(rate + 0.5));
	else
		ldi_fig_fixed(out,
		    (uint64_t)(rate * (rate < 10 ? 100 : 10) + 0.5),
		    rate < 10 ? 2 : 1);
}

static struct figure
per_second(double rate)
{
	struct ld_buf buf;

	ld_buf_init(&buf, sizeof(struct figure));
	ldi_live_rate(&buf, rate);
	return take(&buf);
}

static struct figure
count(uint64_t n)
{
	struct ld_buf buf;

	ld_buf_init(&buf, sizeof(struct figure));
	ldi_fig_count(&buf, n);
	return take(&buf);
}

static struct figure
latency(bool known, uint64_t ns)
{
	struct ld_buf buf;

	ld_buf_init(&buf, sizeof(struct figure));
	if (known)
		ldi_fig_ns(&buf, ns);
	else
		ld_buf_addc(&buf, '-');
	return take(&buf);
}

static struct figure
share(uint64_t part, uint64_t whole)
{
	struct ld_buf buf;

	ld_buf_init(&buf, sizeof(struct figure));
	ldi_fig_share(&buf, part, whole);
	return take(&buf);
}

void
ldi_live_clock(struct ld_buf *out, uint64_t seconds)
{
	if (seconds >= 3600)
		ld_buf_addf(out, "%" PRIu64 ":%02u:%02u", seconds / 3600,
		    (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
	else
		ld_buf_addf(out, "%u:%02u", (unsigned)(seconds / 60),
		    (unsigned)(seconds % 60));
}

static struct figure
clock_text(uint64_t seconds)
{
	struct ld_buf buf;

	ld_buf_init(&buf, sizeof(struct figure));
	ldi_live_clock(&buf, seconds);
	return take(&buf);
}

static uint64_t
seconds_left(const struct ldi_live *live)
{
	uint64_t time_s = (live->time_ns + LD_NS_PER_S - 1) / LD_NS_PER_S;

	return time_s > live->elapsed_s ? time_s - live->elapsed_s : 0;
}

static int
clock_width(const struct ldi_live *live)
{
	uint64_t most = live->time_ns / LD_NS_PER_S;

	if (most < live->elapsed_s)
		most = live->elapsed_s;
	if (most < 600 && live->time_ns == 0)
		most = 600;
	return (int)strlen(clock_text(most).text);
}

static uint64_t
ended(const struct ldi_live *live)
{
	return live->total.success + ld_ledger_failures(&live->total);
}

static double
reached(const struct ldi_live *live)
{
	return live->window_s == 0
		   ? 0
		   : (double)live->started / (double)live->window_s;
}

/* -- the first line ------------------------------------------------------- */

static void
add_users(struct ldi_fit *line, const struct ldi_live *live, bool brief)
{
	char limit[48] = "";
	int width = (int)strlen(count(live->limit).text);

	if (live->open && !brief && live->limit > 0)
		snprintf(limit, sizeof(limit), "/%s", count(live->limit).text);
	ldi_fit_add(line, 4, NULL, "%*s%s %s", width < 5 ? 5 : width,
	    count(live->users).text, limit, live->open ? "busy" : "users");
}

static void
add_rate(struct ldi_fit *line, const struct ldi_live *live)
{
	struct figure is = per_second(reached(live));

	if (live->most_asked > 0)
		ldi_fit_add(line, 2, NULL, "%6s of %*s/s", is.text,
		    (int)strlen(per_second(live->most_asked).text),
		    per_second(live->asked).text);
	else
		ldi_fit_add(line, 2, NULL, "%6s/s", is.text);
}

static void
add_end(struct ldi_fit *line, const struct ldi_live *live)
{
	int width = clock_width(live);

	if (live->time_ns > 0 && seconds_left(live) > 0 && !live->stopping)
		ldi_fit_add_right(line, 5, NULL, "%*s left", width,
		    clock_text(seconds_left(live)).text);
	else
		ldi_fit_add_right(line, 5, NULL, "%*s in flight", width,
		    compact(live->in_flight).text);
}

/* How much of the time is over, where the line has room for it. */
static void
add_bar(struct ldi_fit *line, const struct ldi_live *live)
{
	struct ldi_fit_field *bar = &line->fields[line->right - 1];
	double part = live->time_ns == 0 ? 0
					 : (double)live->elapsed_s * 1e9 /
					       (double)live->time_ns;
	unsigned width = line->room - line->used, done;

	if (live->time_ns == 0 || width < BAR_LEAST + LDI_FIT_GAP + 2)
		return;
	width -= LDI_FIT_GAP + 2;
	width = width > BAR_MOST ? BAR_MOST : width;
	done = part >= 1 ? width : (unsigned)(part * width);
	bar->text[0] = '[';
	memset(bar->text + 1, '.', width);
	memset(bar->text + 1, '=', done);
	memcpy(bar->text + 1 + width, "]", 2);
	bar->shown = true;
	line->used += width + 2 + LDI_FIT_GAP;
}

static void
first_line(struct ldi_fit *line, const struct ldi_live *live, bool brief)
{
	bool known = live->has_latency;

	line->n = line->right = 0;
	ldi_fit_add(line, 1, NULL, "%*s", clock_width(live),
	    clock_text(live->elapsed_s).text);
	add_users(line, live, brief);
	add_rate(line, live);
	ldi_fit_add(
	    line, 7, NULL, "p50 %7s", latency(known, live->p50_ns).text);
	ldi_fit_add(
	    line, 3, NULL, "p95 %7s", latency(known, live->p95_ns).text);
	ldi_fit_add(
	    line, 6, NULL, "p99 %7s", latency(known, live->p99_ns).text);
	if (line->room >= WIDE)
		ldi_fit_add(
		    line, 8, NULL, "%5s in all", compact(ended(live)).text);
	ldi_fit_add(line, LDI_FIT_FIELDS + 1, DIM, "%s", ""); /* the bar */
	add_end(line, live);
	ldi_fit_choose(line);
}

/* -- the second line ------------------------------------------------------ */

/* The class with most failures among those that come behind `before`. */
static enum ld_class
next_class(const struct ld_ledger *ledger, enum ld_class before)
{
	enum ld_class best = LD_CLASS_NONE;

	for (unsigned i = LD_CLASS_NONE + 1; i < LD_CLASS_N; i++) {
		uint64_t n = ledger->failure[i];
		bool behind = before == LD_CLASS_NONE ||
			      n < ledger->failure[before] ||
			      (n == ledger->failure[before] && i > before);

		if (n > 0 && behind &&
		    (best == LD_CLASS_NONE || n > ledger->failure[best]))
			best = (enum ld_class)i;
	}
	return best;
}

/*
 * "reset 9, status 2, +1 more": as many of the worst classes as fit, at most
 * `most`, and how many failures have another ("+1" where room is short).
 * Nothing when not even the worst fits.
 */
static void
name_classes(const struct ld_ledger *ledger, size_t room, unsigned most,
    char text[LDI_FIT_BYTES])
{
	uint64_t rest = ld_ledger_failures(ledger);
	enum ld_class cls = next_class(ledger, LD_CLASS_NONE);
	char tried[LDI_FIT_BYTES], tail[48];
	size_t len = 0;

	if (room > LDI_FIT_BYTES - 1)
		room = LDI_FIT_BYTES - 1;
	text[0] = '\0';
	for (; cls != LD_CLASS_NONE && most > 0;
	     cls = next_class(ledger, cls), most--) {
		int n = snprintf(tried + len, sizeof(tried) - len, "%s%s %s",
		    len > 0 ? ", " : "", ld_class_name(cls),
		    compact(ledger->failure[cls]).text);

		if (n < 0 || len + (size_t)n > room)
			return;
		len += (size_t)n;
		rest -= ledger->failure[cls];
		tail[0] = '\0';
		if (rest > 0)
			snprintf(tail, sizeof(tail), ", +%s more",
			    compact(rest).text);
		if (len + strlen(tail) > room)
			*strrchr(tail, ' ') = '\0';
		if (len + strlen(tail) <= room)
			snprintf(text, LDI_FIT_BYTES, "%s%s", tried, tail);
	}
}

static const char *
state_color(const struct ldi_live *live)
{
	return live->state == LD_RUN_INVALID    ? RED
	       : live->state == LD_RUN_DEGRADED ? YELLOW
						: NULL;
}

static const char *
state_word(const struct ldi_live *live)
{
	return live->state == LD_RUN_INVALID    ? "INVALID"
	       : live->state == LD_RUN_DEGRADED ? "degraded"
						: "valid";
}

static void
add_state(struct ldi_fit *line, const struct ldi_live *live)
{
	bool doubtful = live->state != LD_RUN_VALID;

	if (doubtful || line->room >= WIDE)
		ldi_fit_add_right(line, doubtful ? 2 : 6, state_color(live),
		    "%s", state_word(live));
}

static void
second_line(struct ldi_fit *line, const struct ldi_live *live)
{
	uint64_t failures = ld_ledger_failures(&live->total);
	uint64_t missed = live->total.not_started[LD_NOT_STARTED_LIMIT];
	int width = (int)strlen(count(live->limit).text);
	char classes[LDI_FIT_BYTES];

	line->n = line->right = 0;
	ldi_fit_add(line, 1, failures > 0 ? RED : NULL, "%*s %s",
	    clock_width(live) + LDI_FIT_GAP + (width < 5 ? 5 : width),
	    compact(failures).text, "failed");
	ldi_fit_add(line, 5, NULL, "%*s", failures > 0 ? 7 : 0,
	    failures > 0 ? share(failures, ended(live)).text : "");
	if (missed > 0)
		ldi_fit_add(
		    line, 2, YELLOW, "%s not sent", compact(missed).text);
	ldi_fit_add(line, 4, NULL, "%s", ""); /* the classes */
	add_state(line, live);
	ldi_fit_add_right(line, 3, NULL, "late %7s",
	    latency(live->has_lag, live->lag_p99_ns).text);
	ldi_fit_choose(line);
	name_classes(&live->total,
	    line->room - line->used > LDI_FIT_GAP
		? line->room - line->used - LDI_FIT_GAP
		: 0,
	    line->room >= WIDE ? 4 : 2, classes);
	/* The share makes room for the worst class. */
	if (classes[0] == '\0' && failures > 0 && line->fields[1].shown) {
		line->fields[1].shown = false;
		line->used -=
		    (unsigned)strlen(line->fields[1].text) + LDI_FIT_GAP;
		name_classes(&live->total,
		    line->room - line->used - LDI_FIT_GAP, 2, classes);
	}
	if (classes[0] == '\0')
		return;
	memcpy(line->fields[line->right - 1].text, classes, sizeof(classes));
	line->fields[line->right - 1].shown = true;
	line->used += (unsigned)strlen(classes) + LDI_FIT_GAP;
}

/* -- lines ---------------------------------------------------------------- */

void
ldi_live_lines(const struct ldi_live *live, unsigned width, bool color,
    struct ld_buf lines[LDI_LIVE_LINES])
{
	struct ldi_fit line = { .room = width };

	first_line(&line, live, false);
	if (!ldi_fit_shows(&line, 5))
		first_line(&line, live, true);
	add_bar(&line, live);
	ldi_fit_write(&line, color, &lines[0]);
	second_line(&line, live);
	ldi_fit_write(&line, color, &lines[1]);
}

/* "12 failed (0.81 %)" and, behind a colon, why. */
static void
add_failures(
    struct ld_buf *out, const struct ldi_live *live, bool color, unsigned most)
{
	uint64_t failures = ld_ledger_failures(&live->total);
	char classes[LDI_FIT_BYTES];

	name_classes(&live->total, LDI_FIT_BYTES, most, classes);
	if (color && failures > 0)
		ld_buf_adds(out, RED);
	ld_buf_addf(out, "%s failed", count(failures).text);
	if (failures > 0)
		ld_buf_addf(out, " (%s)", share(failures, ended(live)).text);
	if (color && failures > 0)
		ld_buf_adds(out, PLAIN);
	if (classes[0] != '\0')
		ld_buf_addf(out, ": %s", classes);
}

void
ldi_live_plain(const struct ldi_live *live, bool color, struct ld_buf *out)
{
	uint64_t missed = live->total.not_started[LD_NOT_STARTED_LIMIT];

	ld_buf_addf(out, "%s  %s", clock_text(live->elapsed_s).text,
	    count(live->users).text);
	if (live->open && live->limit > 0)
		ld_buf_addf(out, "/%s", count(live->limit).text);
	ld_buf_addf(out, " %s  %s", live->open ? "busy" : "users",
	    per_second(reached(live)).text);
	if (live->most_asked > 0)
		ld_buf_addf(out, " of %s", per_second(live->asked).text);
	ld_buf_addf(out, "/s  p95 %s  late %s  ",
	    latency(live->has_latency, live->p95_ns).text,
	    latency(live->has_lag, live->lag_p99_ns).text);
	add_failures(out, live, color, 2);
	if (missed > 0)
		ld_buf_addf(out, "  %s not sent", count(missed).text);
	if (live->time_ns > 0 && seconds_left(live) > 0 && !live->stopping)
		ld_buf_addf(
		    out, "  %s left", clock_text(seconds_left(live)).text);
	else
		ld_buf_addf(out, "  %s in flight", count(live->in_flight).text);
	if (live->state != LD_RUN_VALID)
		ld_buf_addf(out, "  figures %s", state_word(live));
}

void
ldi_live_last(
    const struct ldi_live *live, unsigned width, bool color, struct ld_buf *out)
{
	uint64_t failures = ld_ledger_failures(&live->total);
	struct ldi_fit line = { .room = width };

	ldi_fit_add(&line, 1, NULL, "%s", clock_text(live->elapsed_s).text);
	ldi_fit_add(&line, 2, NULL, "%s requests", count(ended(live)).text);
	if (live->window_s > 0)
		ldi_fit_add(
		    &line, 6, NULL, "%s/s", per_second(reached(live)).text);
	ldi_fit_add(&line, 5, NULL, "p95 %s",
	    latency(live->has_latency, live->p95_ns).text);
	ldi_fit_add(&line, 3, failures > 0 ? RED : NULL, "%s failed",
	    count(failures).text);
	ldi_fit_add(
	    &line, 4, state_color(live), "figures %s", state_word(live));
	ldi_fit_choose(&line);
	ldi_fit_write(&line, color, out);
}
