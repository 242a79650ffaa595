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
#include <ld/ledger.h>
#include <ld/progress.h>
#include <ld/time.h>

#include "base/utf8.h"

#define PLAIN_EVERY_S 30
#define DEFAULT_WIDTH 80
#define LINE_MAX_BYTES 1000
#define NAME_MAX_BYTES 60
#define P95_PPM 950000

#define CLEAR_LINE "\r\x1b[K"
#define RED "\x1b[31m"
#define PLAIN "\x1b[0m"

struct ld_progress {
	struct ld_progress_options options;
	struct ld_json json;
	struct ld_hist *response; /* of the second being collected */
	uint64_t time_ns;         /* how long to start; 0 = not by time */
	uint64_t users;
	uint64_t ended, failed; /* since the run began */
	struct ld_ledger second;
	bool on_screen;
};

struct ld_progress *
ld_progress_new(const struct ld_progress_options *options)
{
	struct ld_progress *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->options = *options;
	if (p->options.width == 0)
		p->options.width = DEFAULT_WIDTH;
	ld_json_init(&p->json);
	p->response = ld_hist_new(NULL);
	if (p->response == NULL) {
		free(p);
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
	free(p);
}

static bool
get_u64(const struct ld_progress *p, ld_json_ref object, const char *name,
    uint64_t *out)
{
	ld_json_ref ref = ld_json_get(&p->json, object, name);

	return ref != LD_JSON_NONE && ld_json_u64(&p->json, ref, out);
}

/* -- the line ------------------------------------------------------------- */

/* Three digits and a unit: "1.23ms", "45.6s". */
static void
add_latency(struct ld_buf *out, uint64_t ns)
{
	static const struct {
		uint64_t unit;
		const char *name;
	} units[] = { { LD_NS_PER_S, "s" }, { LD_NS_PER_MS, "ms" },
		{ LD_NS_PER_US, "us" }, { 1, "ns" } };
	size_t i = 0;
	double value;

	while (i < 3 && ns < units[i].unit)
		i++;
	value = (double)ns / (double)units[i].unit;
	ld_buf_addf(out, "%.*f%s",
	    value >= 100 || i == 3 ? 0
	    : value >= 10          ? 1
				   : 2,
	    value, units[i].name);
}

static void
add_clock(struct ld_buf *out, uint64_t seconds)
{
	if (seconds >= 3600)
		ld_buf_addf(out, "%" PRIu64 ":%02u:%02u", seconds / 3600,
		    (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
	else
		ld_buf_addf(out, "%u:%02u", (unsigned)(seconds / 60),
		    (unsigned)(seconds % 60));
}

static void
add_failures(const struct ld_progress *p, struct ld_buf *out)
{
	bool red = p->options.color && p->failed > 0;

	if (red)
		ld_buf_adds(out, RED);
	ld_buf_addf(out, "%" PRIu64 " failed", p->failed);
	if (p->failed > 0 && p->ended > 0)
		ld_buf_addf(out, " (%.1f %%)",
		    100.0 * (double)p->failed / (double)p->ended);
	if (red)
		ld_buf_adds(out, PLAIN);
}

static void
write_line(const struct ld_progress *p, uint64_t elapsed_s, struct ld_buf *out)
{
	add_clock(out, elapsed_s);
	ld_buf_addf(out, "  %" PRIu64 " users  %" PRIu64 "/s  p95 ", p->users,
	    p->second.started);
	if (ld_hist_count(p->response) == 0)
		ld_buf_addc(out, '-');
	else
		add_latency(out, ld_hist_quantile(p->response, P95_PPM));
	ld_buf_adds(out, "  ");
	add_failures(p, out);
	if (p->time_ns == 0)
		return;
	if (elapsed_s * LD_NS_PER_S < p->time_ns) {
		uint64_t left_ns = p->time_ns - elapsed_s * LD_NS_PER_S;

		ld_buf_adds(out, "  ");
		add_clock(out, (left_ns + LD_NS_PER_S - 1) / LD_NS_PER_S);
		ld_buf_adds(out, " left");
	} else {
		ld_buf_addf(
		    out, "  %" PRIu64 " in flight", p->second.in_flight);
	}
}

/* Cut to the columns of the terminal; colours take none.  Everything in the
 * line is ASCII of our own. */
static void
add_cut(struct ld_buf *out, const struct ld_buf *line, unsigned width)
{
	unsigned column = 0;
	bool in_color = false, cut = false;

	for (size_t i = 0; i < line->len; i++) {
		char c = line->data[i];

		if (c == '\x1b')
			in_color = true;
		if (!in_color && ++column >= width)
			cut = true;
		if (in_color || !cut)
			ld_buf_addc(out, c);
		if (c == 'm')
			in_color = false;
	}
}

static void
show(struct ld_progress *p, uint64_t elapsed_s, struct ld_buf *out)
{
	struct ld_buf line;

	if (!p->options.terminal && elapsed_s % PLAIN_EVERY_S != 0)
		return;
	ld_buf_init(&line, LINE_MAX_BYTES);
	write_line(p, elapsed_s, &line);
	if (p->options.terminal) {
		ld_buf_adds(out, CLEAR_LINE);
		add_cut(out, &line, p->options.width);
		p->on_screen = true;
	} else {
		ld_buf_add(out, line.data, line.len);
		ld_buf_addc(out, '\n');
	}
	ld_buf_clear(&line);
}

/* -- records -------------------------------------------------------------- */

static void
add_begin(struct ld_progress *p)
{
	ld_json_ref config = ld_json_get(&p->json, LD_JSON_ROOT, "config");

	p->time_ns = p->users = p->ended = p->failed = 0;
	p->second = (struct ld_ledger){ .planned = 0 };
	ld_hist_reset(p->response);
	get_u64(p, config, "test_time_ns", &p->time_ns);
}

static void
add_series(struct ld_progress *p)
{
	ld_json_ref hist = ld_json_get(&p->json, LD_JSON_ROOT, "response");

	/* A histogram that does not add up leaves p95 without it; readers of
	 * the stream are the ones to complain. */
	if (hist != LD_JSON_NONE)
		(void)ld_hist_read(p->response, &p->json, hist, NULL);
}

static void
add_second(struct ld_progress *p, struct ld_buf *out)
{
	ld_json_ref ledger = ld_json_get(&p->json, LD_JSON_ROOT, "ledger");
	uint64_t second;

	if (!get_u64(p, LD_JSON_ROOT, "second", &second) ||
	    second > UINT64_MAX / LD_NS_PER_S - 1 ||
	    ld_ledger_read(&p->second, &p->json, ledger, NULL) != LD_OK)
		return;
	get_u64(p, LD_JSON_ROOT, "users", &p->users);
	p->failed += ld_ledger_failures(&p->second);
	p->ended += p->second.success + ld_ledger_failures(&p->second);
	show(p, second + 1, out);
	ld_hist_reset(p->response);
}

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
	struct ld_buf name;
	uint64_t time_ns = 0;

	if (event == LD_JSON_NONE)
		return;
	get_u64(p, LD_JSON_ROOT, "time_ns", &time_ns);
	ld_buf_init(&name, LINE_MAX_BYTES);
	ld_json_text(&p->json, event, &name);
	ld_progress_clear(p, out);
	add_clock(out, time_ns / LD_NS_PER_S);
	ld_buf_adds(out, "  ");
	if (ld_json_is(&p->json, event, "ramp_done"))
		ld_buf_adds(out, "all users have started");
	else if (ld_json_is(&p->json, event, "signal"))
		ld_buf_adds(out, "stopping: waiting for requests in flight; "
				 "a second signal does not wait");
	else
		add_name(out, &name);
	ld_buf_addc(out, '\n');
	ld_buf_clear(&name);
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
		add_begin(p);
	} else if (ld_json_is(&p->json, type, "event")) {
		add_event(p, out);
	} else if (ld_json_is(&p->json, type, "end")) {
		ld_progress_clear(p, out);
	}
}

void
ld_progress_add(
    struct ld_progress *p, const char *lines, size_t len, struct ld_buf *out)
{
	while (len > 0) {
		const char *end = memchr(lines, '\n', len);
		size_t n = end == NULL ? len : (size_t)(end - lines) + 1;

		add_line(p, lines, n, out);
		lines += n;
		len -= n;
	}
}

void
ld_progress_clear(struct ld_progress *p, struct ld_buf *out)
{
	if (p->on_screen)
		ld_buf_adds(out, CLEAR_LINE);
	p->on_screen = false;
}
