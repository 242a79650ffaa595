/* SPDX-License-Identifier: MIT */
/*
 * reporters/live.h - a run that goes on, in two lines that do not jump.
 *
 *	0:12     50 users  1,234/s  p95 12.3 ms                      0:48 left
 *	         12 failed  0.81 %  reset 9, status 3            late 0.12 ms
 *
 * What was asked and how it is answered; then what went wrong, and whether
 * the figures can be believed.  Every field has a width of its own, fixed by
 * what the run may reach; what finds no room is left out, the least important
 * first.  All of it is ASCII of our own.
 */
#ifndef LDI_REPORTERS_LIVE_H
#define LDI_REPORTERS_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/buf.h>
#include <ld/ledger.h>
#include <ld/summary.h>

struct ldi_live {
	uint64_t elapsed_s;
	uint64_t time_ns; /* how long to start; 0 = not by time */
	bool open;        /* arrivals, not users */
	bool stopping;    /* a signal came, or something else ended it */
	uint64_t users;   /* or busy sessions */
	uint64_t limit;   /* how many there may be; 0 = unknown */
	/* Of what is shown: a second, or more. */
	uint64_t started, window_s;
	double asked, most_asked; /* arrivals per second; 0 = unknown */
	bool has_latency, has_lag;
	uint64_t p50_ns, p95_ns, p99_ns, lag_p99_ns;
	struct ld_ledger total; /* since the run began */
	uint64_t in_flight;
	enum ld_validity state; /* if it ended now */
};

#define LDI_LIVE_LINES 2

/* Lines without line feeds, none of them wider than `width`. */
void ldi_live_lines(const struct ldi_live *live, unsigned width, bool color,
    struct ld_buf lines[LDI_LIVE_LINES]);
/* One line, as long as it must be. */
void ldi_live_plain(
    const struct ldi_live *live, bool color, struct ld_buf *out);
/* What has come of it, when it is over. */
void ldi_live_last(const struct ldi_live *live, unsigned width, bool color,
    struct ld_buf *out);

/* Per second, in at most six characters: "1,234", "0.50", "123k". */
void ldi_live_rate(struct ld_buf *out, double rate);
/* "1:05", "1:00:00" */
void ldi_live_clock(struct ld_buf *out, uint64_t seconds);

#endif /* LDI_REPORTERS_LIVE_H */
