/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include <ld/time.h>

#include "data/late.h"
#include "engine/validity.h"

/* Thread-seconds in which a sending thread had no time left. */
#define BUSY_DEGRADED 0.5

struct judgement {
	enum ld_validity state;
	struct ldi_verdict_reasons *reasons;
};

static void LD_PRINTF(3, 4)
    find(struct judgement *j, enum ld_validity state, const char *fmt, ...)
{
	va_list args;

	if (state > j->state)
		j->state = state;
	if (j->reasons->n == LDI_VALIDITY_REASONS)
		return;
	va_start(args, fmt);
	vsnprintf(j->reasons->text[j->reasons->n++],
	    sizeof(j->reasons->text[0]), fmt, args);
	va_end(args);
}

static void
look_at_starts(struct judgement *j, const struct ldi_stream *s)
{
	double share = s->starts == 0 ? 0 : (double)s->late / (double)s->starts;
	bool many = s->late >= LDI_LATE_MANY;

	if (share > LDI_LATE_DEGRADED)
		find(j,
		    share > LDI_LATE_INVALID && many ? LD_RUN_INVALID
						     : LD_RUN_DEGRADED,
		    "%.1f %% of the requests were sent more than 10 ms late",
		    share * 100);
}

static void
look_at_threads(struct judgement *j, const struct ldi_stream *s)
{
	double share =
	    s->seconds == 0 ? 0 : (double)s->busy_seconds / (double)s->seconds;

	if (s->seconds > 1 && share > BUSY_DEGRADED)
		find(j, LD_RUN_DEGRADED,
		    "a sending thread was busy all the time in %.0f %% of the "
		    "seconds: the generator was the limit",
		    share * 100);
}

static void
look_at_ledger(struct judgement *j, const struct ld_ledger *ledger)
{
	uint64_t local = ledger->not_started[LD_NOT_STARTED_LOCAL];

	for (int i = 0; i < LD_CLASS_N; i++) {
		if (ld_class_is_local((enum ld_class)i))
			local += ledger->failure[i];
	}
	if (local > 0)
		find(j, LD_RUN_INVALID,
		    "%llu requests failed for want of something on this host",
		    (unsigned long long)local);
	if (ledger->not_started[LD_NOT_STARTED_LIMIT] > 0)
		find(j, LD_RUN_DEGRADED,
		    "%llu arrivals found every session busy and were not "
		    "sent: what they would have waited is missing",
		    (unsigned long long)
			ledger->not_started[LD_NOT_STARTED_LIMIT]);
	if (ledger->failure[LD_CLASS_INTERNAL] > 0)
		find(j, LD_RUN_INVALID,
		    "%llu requests met a bug in this program",
		    (unsigned long long)ledger->failure[LD_CLASS_INTERNAL]);
	if (!ld_ledger_balances(ledger))
		find(j, LD_RUN_INVALID, "the ledger does not balance");
	if (ld_ledger_shed(ledger) > 0)
		find(j, LD_RUN_DEGRADED,
		    "%llu samples could not be written; the intervals count "
		    "them all the same",
		    (unsigned long long)ld_ledger_shed(ledger));
}

enum ld_validity
ldi_validity(const struct ldi_stream *stream, const struct ld_ledger *ledger,
    struct ldi_verdict_reasons *reasons_out)
{
	struct judgement j = { .state = LD_RUN_VALID, .reasons = reasons_out };

	reasons_out->n = 0;
	look_at_ledger(&j, ledger);
	look_at_starts(&j, stream);
	look_at_threads(&j, stream);
	return j.state;
}
