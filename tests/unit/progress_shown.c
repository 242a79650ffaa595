/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include <ld/hist.h>

#include "progress_shown.h"

const struct second good = { .response_ns = 12300000,
	.lag_ns = 120000,
	.started = 1234,
	.users = 50,
	.in_flight = 3 };
const struct second bad = { .response_ns = 1500000000,
	.lag_ns = 7000000,
	.started = 1000,
	.users = 48,
	.in_flight = 3,
	.failure = "\"reset\":2,\"timeout_connect\":9,\"status\":1",
	.failures = 12 };

void
open_shown(struct shown *s, struct ld_progress_options options)
{
	s->progress = ld_progress_new(&options);
	assert_non_null(s->progress);
	ld_buf_init(&s->out, 1 << 16);
}

void
close_shown(struct shown *s)
{
	ld_progress_free(s->progress);
	ld_buf_clear(&s->out);
}

/* What is written when this line comes. */
const char *
after(struct shown *s, const char *line)
{
	ld_buf_reset(&s->out);
	ld_progress_add(s->progress, line, strlen(line), &s->out);
	return ld_buf_str(&s->out);
}

/* The same without what moves the cursor and colours the text. */
const char *
seen(const char *text)
{
	static char plain[4096];
	size_t n = 0;

	for (; *text != '\0'; text++) {
		assert_true(n < sizeof(plain) - 1);
		if (*text == '\x1b')
			text += strcspn(text, "KJAm");
		else if (*text != '\r')
			plain[n++] = *text;
	}
	plain[n] = '\0';
	return plain;
}

static void
add_hist(struct ld_buf *out, uint64_t ns)
{
	struct ld_hist *hist = ld_hist_new(NULL);

	assert_non_null(hist);
	for (int i = 0; i < 10; i++)
		ld_hist_add(hist, ns);
	ld_hist_write(hist, out);
	ld_hist_free(hist);
}

const char *
second(struct shown *s, unsigned n, struct second how)
{
	struct ld_buf line;
	const char *text;

	ld_buf_init(&line, 1 << 16);
	ld_buf_addf(&line,
	    "{\"type\":\"interval\",\"user_type\":\"x\",\"name\":\"n\","
	    "\"second\":%u,\"response\":",
	    n);
	add_hist(&line, how.response_ns);
	ld_buf_adds(&line, "}\n");
	assert_string_equal(after(s, ld_buf_str(&line)), "");
	ld_buf_reset(&line);
	ld_buf_addf(&line,
	    "{\"type\":\"interval\",\"second\":%u,\"users\":%u,\"late\":%u,"
	    "%s\"ledger\":{\"planned\":%u,\"not_started\":{%s},\"started\":%u,"
	    "\"success\":%u,\"failure\":{%s},\"aborted\":0,\"in_flight\":%u,"
	    "\"wire\":0,\"shed\":{%s}},\"lag\":",
	    n, (unsigned)how.users, (unsigned)how.late,
	    how.more != NULL ? how.more : "", (unsigned)how.started,
	    how.not_started != NULL ? how.not_started : "",
	    (unsigned)how.started, (unsigned)(how.started - how.failures),
	    how.failure != NULL ? how.failure : "", (unsigned)how.in_flight,
	    how.shed != NULL ? how.shed : "");
	add_hist(&line, how.lag_ns);
	ld_buf_adds(&line, "}\n");
	text = after(s, ld_buf_str(&line));
	ld_buf_clear(&line);
	return text;
}

void
open_terminal(struct shown *s, unsigned width)
{
	open_shown(s,
	    (struct ld_progress_options){ .terminal = true, .width = width });
}
