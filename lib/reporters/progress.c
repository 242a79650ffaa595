/* SPDX-License-Identifier: MIT */
/*
 * The interval records of a second come series by series, then one without a
 * series that carries the whole ledger: that one closes the second.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ld/hist.h>
#include <ld/json.h>
#include <ld/progress.h>
#include <ld/time.h>

#include "base/utf8.h"
#include "data/escape.h"
#include "reporters/asked.h"
#include "reporters/doubts.h"
#include "reporters/live.h"
#include "reporters/snapshot.h"

#define PLAIN_EVERY_S 30
#define DEFAULT_WIDTH 80
#define LINE_MAX_BYTES 4000
#define NAME_MAX_BYTES 60
#define TARGET_COLUMNS 60
/* Lines that stay are indented behind their time. */
#define INDENT 8

#define CLEAR_RIGHT "\x1b[K"
#define CLEAR_BELOW "\x1b[J"
#define MISSED "degraded: all sessions are busy, and arrivals are not sent"

#define YELLOW "\x1b[33m"
#define PLAIN "\x1b[0m"

struct ld_progress {
	struct ld_progress_options options;
	struct ld_json json;
	/* Of what is shown next, and of the run. */
	struct ld_hist *response, *lag, *all;
	struct ldi_live live;
	uint64_t started, window_s; /* since it was shown */
	struct ldi_asked asked;
	struct ldi_doubts doubts;
	unsigned shown_width;
	bool on_screen;
};

struct ld_progress *
ld_progress_new(const struct ld_progress_options *options)
{
	struct ld_progress *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->options = *options;
	ld_progress_resize(p, options->width);
	ldi_doubts_init(&p->doubts);
	ld_json_init(&p->json);
	p->response = ld_hist_new(NULL);
	p->lag = ld_hist_new(NULL);
	p->all = ld_hist_new(NULL);
	if (p->response == NULL || p->lag == NULL || p->all == NULL) {
		ld_progress_free(p);
		return NULL;
	}
	return p;
}

void
ld_progress_free(struct ld_progress *p)
{
	if (p == NULL)
		return;
	ld_json_clear(&p->json);
	ld_hist_free(p->response);
	ld_hist_free(p->lag);
	ld_hist_free(p->all);
	ldi_asked_clear(&p->asked);
	free(p);
}

void
ld_progress_resize(struct ld_progress *p, unsigned width)
{
	p->options.width = width == 0 ? DEFAULT_WIDTH : width;
}

static bool
get_u64(const struct ld_progress *p, ld_json_ref object, const char *name,
    uint64_t *out)
{
	ld_json_ref ref = ld_json_get(&p->json, object, name);

	return ref != LD_JSON_NONE && ld_json_u64(&p->json, ref, out);
}

/* -- the screen ----------------------------------------------------------- */

/* The last column stays free: behind it terminals differ. */
static unsigned
room(const struct ld_progress *p)
{
	return p->options.width > 1 ? p->options.width - 1 : 1;
}

/*
 * The cursor rests at the begin of the first line: what the terminal echoes
 * (^C) lands where it is overwritten, and however the terminal wraps the lines
 * anew when its width changes, all of them are behind the cursor.
 */
static void
draw(struct ld_progress *p, struct ld_buf *out)
{
	struct ld_buf lines[LDI_LIVE_LINES];

	for (int i = 0; i < LDI_LIVE_LINES; i++)
		ld_buf_init(&lines[i], LINE_MAX_BYTES);
	ld_buf_addc(out, '\r');
	if (p->on_screen && p->options.width != p->shown_width)
		ld_buf_adds(out, CLEAR_BELOW);
	ldi_live_lines(&p->live, room(p), p->options.color, lines);
	for (int i = 0; i < LDI_LIVE_LINES; i++) {
		if (i > 0)
			ld_buf_addc(out, '\n');
		ld_buf_add(out, lines[i].data, lines[i].len);
		ld_buf_adds(out, CLEAR_RIGHT);
		ld_buf_clear(&lines[i]);
	}
	ld_buf_addf(out, "\r\x1b[%dA", LDI_LIVE_LINES - 1);
	p->on_screen = true;
	p->shown_width = p->options.width;
}

void
ld_progress_clear(struct ld_progress *p, struct ld_buf *out)
{
	if (p->on_screen)
		ld_buf_adds(out, "\r" CLEAR_BELOW);
	p->on_screen = false;
}

/* -- lines that stay ------------------------------------------------------ */

/* Words, in lines that fit; a word that is too long has one of its own. */
static void
add_words(const struct ld_progress *p, struct ld_buf *out, const char *text,
    size_t column)
{
	bool fresh = true;

	while (*text != '\0') {
		size_t len = strcspn(text, " "), n = ldi_utf8_count(text, len);

		if (!fresh && column + 1 + n > room(p)) {
			ld_buf_addf(out, "\n%*s", INDENT, "");
			column = INDENT;
		} else if (!fresh) {
			ld_buf_addc(out, ' ');
			column++;
		}
		ld_buf_add(out, text, len);
		column += n;
		fresh = false;
		text += len + (text[len] == ' ');
	}
	ld_buf_addc(out, '\n');
}

/* A line that stays, in the place of those that are rewritten: they are to be
 * drawn again.  `color` NULL = none. */
static void
say(struct ld_progress *p, uint64_t time_s, const char *color, const char *text,
    struct ld_buf *out)
{
	struct ld_buf when;
	size_t len;

	if (!p->options.terminal)
		return;
	ld_progress_clear(p, out);
	ld_buf_init(&when, 64);
	ldi_live_clock(&when, time_s);
	len = when.len;
	ld_buf_add(out, when.data, len);
	while (len++ < INDENT)
		ld_buf_addc(out, ' ');
	ld_buf_clear(&when);
	if (p->options.color && color != NULL)
		ld_buf_adds(out, color);
	add_words(p, out, text, len - 1);
	if (p->options.color && color != NULL)
		ld_buf_adds(out, PLAIN);
}

/* What makes the run doubtful is said once, and again when it gets worse. */
static void
warn(struct ld_progress *p, uint64_t time_s, struct ld_buf *out)
{
	enum ld_validity state = LD_RUN_VALID;
	const char *reason;
	struct ld_buf text;

	p->live.state = ldi_doubts_judge(&p->doubts, &p->live.total);
	ld_buf_init(&text, LINE_MAX_BYTES);
	while ((reason = ldi_doubts_next(&p->doubts, &state)) != NULL) {
		ld_buf_reset(&text);
		ld_buf_adds(&text,
		    state == LD_RUN_INVALID ? "INVALID: " : "degraded: ");
		ld_buf_adds(&text, reason);
		if (ld_buf_str(&text) != NULL)
			say(p, time_s, YELLOW, text.data, out);
	}
	ld_buf_clear(&text);
}

/* -- begin ---------------------------------------------------------------- */

static void
add_target(const struct ld_progress *p, struct ld_buf *out)
{
	ld_json_ref ref = ld_json_get(&p->json, LD_JSON_ROOT, "target");
	struct ld_buf text;

	ld_buf_init(&text, LINE_MAX_BYTES);
	if (ld_json_kind(&p->json, ref) == LD_JSON_STRING)
		ld_json_text(&p->json, ref, &text);
	if (text.len > 0) {
		ld_buf_adds(out, " to ");
		ldi_esc_term(out, text.data, text.len,
		    room(p) < TARGET_COLUMNS + INDENT ? room(p) - INDENT
						      : TARGET_COLUMNS);
	}
	ld_buf_clear(&text);
}

/* What is going to happen. */
static void
add_headline(struct ld_progress *p, struct ld_buf *out)
{
	uint64_t index = 1, runs = 1;
	struct ld_buf text;

	if (room(p) < 2 * INDENT)
		return;
	get_u64(p, LD_JSON_ROOT, "run_index", &index);
	get_u64(p, LD_JSON_ROOT, "run_count", &runs);
	ld_buf_init(&text, LINE_MAX_BYTES);
	if (runs > 1)
		ld_buf_addf(
		    &text, "run %" PRIu64 " of %" PRIu64 ": ", index, runs);
	if (p->live.open && p->asked.rate > 0) {
		ldi_live_rate(&text, p->asked.rate);
		ld_buf_addf(&text, "/s, in at most %" PRIu64 " sessions,",
		    p->live.limit);
	} else {
		ld_buf_addf(&text, "%" PRIu64 " %s%s", p->live.limit,
		    p->live.open ? "session" : "user",
		    p->live.limit == 1 ? "" : "s");
	}
	add_target(p, &text);
	if (p->live.time_ns > 0) {
		ld_buf_adds(&text, " for ");
		ldi_live_clock(
		    &text, (p->live.time_ns + LD_NS_PER_S - 1) / LD_NS_PER_S);
	}
	if (ld_buf_str(&text) != NULL)
		say(p, 0, NULL, text.data, out);
	ld_buf_clear(&text);
}

static void
add_begin(struct ld_progress *p, struct ld_buf *out)
{
	ld_json_ref config = ld_json_get(&p->json, LD_JSON_ROOT, "config");
	ld_json_ref arrival = ld_json_get(&p->json, config, "arrival");

	p->live = (struct ldi_live){ .elapsed_s = 0 };
	ldi_asked_clear(&p->asked);
	p->started = p->window_s = 0;
	ldi_doubts_begin(&p->doubts, &p->json);
	ld_hist_reset(p->response);
	ld_hist_reset(p->lag);
	ld_hist_reset(p->all);
	get_u64(p, config, "test_time_ns", &p->live.time_ns);
	p->live.open = ld_json_kind(&p->json, arrival) == LD_JSON_OBJECT;
	if (p->live.open)
		ldi_asked_read(&p->asked, &p->json, arrival);
	get_u64(p, p->live.open ? arrival : config,
	    p->live.open ? "limit" : "user_count", &p->live.limit);
	p->live.asked = ldi_asked_at(&p->asked, 0);
	p->live.most_asked = p->asked.most;
	if (!p->options.terminal || p->live.limit == 0)
		return;
	add_headline(p, out);
	draw(p, out);
}

/* -- seconds -------------------------------------------------------------- */

/* A histogram that does not add up leaves the figure without it; readers of
 * the stream are the ones to complain. */
static void
merge(const struct ld_progress *p, const char *name, struct ld_hist *into)
{
	ld_json_ref hist = ld_json_get(&p->json, LD_JSON_ROOT, name);

	if (hist != LD_JSON_NONE)
		(void)ld_hist_read(into, &p->json, hist, NULL);
}

static void
add_series(struct ld_progress *p)
{
	merge(p, "response", p->response);
	merge(p, "response", p->all);
}

static void
take_quantiles(struct ld_progress *p)
{
	struct ldi_live *live = &p->live;

	live->has_latency = ld_hist_count(p->response) > 0;
	live->has_lag = ld_hist_count(p->lag) > 0;
	if (live->has_latency) {
		live->p50_ns = ld_hist_quantile(p->response, 500000);
		live->p95_ns = ld_hist_quantile(p->response, 950000);
		live->p99_ns = ld_hist_quantile(p->response, 990000);
	}
	if (live->has_lag)
		live->lag_p99_ns = ld_hist_quantile(p->lag, 990000);
}

static void
show(struct ld_progress *p, struct ld_buf *out)
{
	struct ld_buf line;

	if (p->options.terminal) {
		draw(p, out);
		return;
	}
	ld_buf_init(&line, LINE_MAX_BYTES);
	ldi_live_plain(&p->live, p->options.color, &line);
	ld_buf_addc(&line, '\n');
	ld_buf_add(out, line.data, line.len);
	ld_buf_clear(&line);
}

static void
add_second(struct ld_progress *p, struct ld_buf *out)
{
	ld_json_ref ref = ld_json_get(&p->json, LD_JSON_ROOT, "ledger");
	struct ldi_live *live = &p->live;
	struct ld_ledger ledger;
	uint64_t second, begun;

	if (!get_u64(p, LD_JSON_ROOT, "second", &second) ||
	    second > UINT64_MAX / LD_NS_PER_S - 1 ||
	    ld_ledger_read(&ledger, &p->json, ref, NULL) != LD_OK)
		return;
	get_u64(p, LD_JSON_ROOT, "users", &live->users);
	merge(p, "lag", p->lag);
	ldi_doubts_second(&p->doubts, &p->json);
	ld_ledger_add(&live->total, &ledger);
	live->in_flight = ledger.in_flight;
	/* Of arrivals if they are told: a pass may have many requests. */
	begun = ledger.started;
	get_u64(p, LD_JSON_ROOT, "arrivals", &begun);
	p->started += begun;
	p->window_s++;
	live->elapsed_s = second + 1;
	live->asked = ldi_asked_at(&p->asked, ((double)second + 0.5) * 1e9);
	if (!p->options.terminal && live->elapsed_s % PLAIN_EVERY_S != 0)
		return;
	live->started = p->started;
	live->window_s = p->window_s;
	take_quantiles(p);
	warn(p, live->elapsed_s, out);
	show(p, out);
	p->started = p->window_s = 0;
	ld_hist_reset(p->response);
	ld_hist_reset(p->lag);
}

/* -- events --------------------------------------------------------------- */

/* Append the name of an event, which may come from anywhere. */
static void
add_name(struct ld_buf *out, const struct ld_buf *name)
{
	size_t at = 0;

	while (at < name->len && at < NAME_MAX_BYTES) {
		uint32_t code;
		size_t n =
		    ldi_utf8_decode(name->data + at, name->len - at, &code);

		if (n == 0 || !ldi_utf8_showable(code))
			ld_buf_addc(out, '?');
		else if (code == '_')
			ld_buf_addc(out, ' ');
		else
			ld_buf_add(out, name->data + at, n);
		at += n == 0 ? 1 : n;
	}
}

static void
add_event(struct ld_progress *p, struct ld_buf *out)
{
	ld_json_ref event = ld_json_get(&p->json, LD_JSON_ROOT, "event");
	struct ld_buf name, text;
	bool on_screen = p->on_screen;
	const char *color = NULL;
	uint64_t time_ns = 0;

	if (event == LD_JSON_NONE)
		return;
	get_u64(p, LD_JSON_ROOT, "time_ns", &time_ns);
	ld_buf_init(&name, LINE_MAX_BYTES);
	ld_buf_init(&text, LINE_MAX_BYTES);
	ld_json_text(&p->json, event, &name);
	if (ld_json_is(&p->json, event, "ramp_done")) {
		ld_buf_adds(&text, p->live.open ? "the last stage is over"
						: "all users have started");
	} else if (ld_json_is(&p->json, event, "saturated")) {
		color = YELLOW;
		ldi_doubts_told(&p->doubts, LD_RULE_MISSED, LD_RUN_DEGRADED);
		ld_buf_adds(&text, MISSED);
	} else if (ld_json_is(&p->json, event, "signal")) {
		p->live.stopping = true;
		ld_buf_adds(&text, "stopping: waiting for requests in flight; "
				   "a second signal does not wait");
	} else if (ldi_doubts_event(&p->doubts, &p->json)) {
		warn(p, time_ns / LD_NS_PER_S, out);
	} else {
		add_name(&text, &name);
	}
	if (text.len > 0 && ld_buf_str(&text) != NULL)
		say(p, time_ns / LD_NS_PER_S, color, text.data, out);
	if (on_screen)
		draw(p, out);
	ld_buf_clear(&text);
	ld_buf_clear(&name);
}

static void
take_state(struct ld_progress *p)
{
	ld_json_ref validity = ld_json_get(&p->json, LD_JSON_ROOT, "validity");
	ld_json_ref state = ld_json_get(&p->json, validity, "state");

	for (int i = LD_RUN_VALID; i <= LD_RUN_INVALID; i++)
		if (state != LD_JSON_NONE &&
		    ld_json_is(
			&p->json, state, ld_validity_name((enum ld_validity)i)))
			p->live.state = (enum ld_validity)i;
}

/* What is left on the screen when nobody else tells. */
static void
add_end(struct ld_progress *p, struct ld_buf *out)
{
	ld_json_ref ref = ld_json_get(&p->json, LD_JSON_ROOT, "ledger");
	struct ldi_live *live = &p->live;
	uint64_t time_ns;

	ld_progress_clear(p, out);
	if (!p->options.terminal || !p->options.last ||
	    !get_u64(p, LD_JSON_ROOT, "time_ns", &time_ns) ||
	    ld_ledger_read(&live->total, &p->json, ref, NULL) != LD_OK)
		return;
	take_state(p);
	live->elapsed_s = time_ns / LD_NS_PER_S;
	live->started = live->total.started;
	live->window_s = live->elapsed_s;
	live->has_latency = ld_hist_count(p->all) > 0;
	if (live->has_latency)
		live->p95_ns = ld_hist_quantile(p->all, 950000);
	ldi_live_last(live, room(p), p->options.color, out);
	ld_buf_addc(out, '\n');
}

static void
add_line(
    struct ld_progress *p, const char *line, size_t len, struct ld_buf *out)
{
	ld_json_ref type;

	if (ld_json_parse(&p->json, line, len, 0, NULL) != LD_OK ||
	    ld_json_kind(&p->json, LD_JSON_ROOT) != LD_JSON_OBJECT)
		return;
	type = ld_json_get(&p->json, LD_JSON_ROOT, "type");
	if (type == LD_JSON_NONE)
		return;
	if (ld_json_is(&p->json, type, "interval")) {
		if (ld_json_get(&p->json, LD_JSON_ROOT, "name") != LD_JSON_NONE)
			add_series(p);
		else
			add_second(p, out);
	} else if (ld_json_is(&p->json, type, "begin")) {
		add_begin(p, out);
	} else if (ld_json_is(&p->json, type, "event")) {
		add_event(p, out);
	} else if (ld_json_is(&p->json, type, "end")) {
		add_end(p, out);
	}
}

void
ld_progress_add(
    struct ld_progress *p, const char *lines, size_t len, struct ld_buf *out)
{
	size_t before = out->len;

	while (len > 0) {
		const char *end = memchr(lines, '\n', len);
		size_t n = end == NULL ? len : (size_t)(end - lines) + 1;

		add_line(p, lines, n, out);
		lines += n;
		len -= n;
	}
	if (p->options.silent)
		out->len = before;
}

void
ld_progress_snapshot(struct ld_progress *p, struct ld_buf *out)
{
	bool on_screen = p->on_screen;

	if (p->live.total.planned == 0)
		return;
	ld_progress_clear(p, out);
	ldi_snapshot(&p->live, p->all, &p->doubts, out);
	if (on_screen)
		draw(p, out);
}
