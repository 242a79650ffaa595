/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "data/verdict.h"

#include <stdarg.h>
#include <stdio.h>

#include <ld/time.h>

#include "data/late.h"

struct judge {
	const struct ld_thresholds *thresholds;
	struct ldi_judgement *verdict;
};

static void LD_PRINTF(6, 7)
    find(struct judge *j, enum ld_rule rule, enum ld_validity state,
	double measured, double threshold, const char *fmt, ...)
{
	struct ldi_judgement *v = j->verdict;
	va_list args;

	if (state > v->state)
		v->state = state;
	v->reasons[v->n].rule = rule;
	v->reasons[v->n].state = state;
	v->reasons[v->n].measured = measured;
	v->reasons[v->n].threshold = threshold;
	va_start(args, fmt);
	vsnprintf(v->reasons[v->n].text, sizeof(v->reasons[0].text), fmt, args);
	va_end(args);
	v->n++;
}

/* What a rule makes of a value; *threshold is the one that it is above. */
static enum ld_validity
weigh(const struct judge *j, enum ld_rule rule, double measured,
    double *threshold)
{
	*threshold = j->thresholds->of[rule].invalid;
	if (measured > *threshold)
		return LD_RUN_INVALID;
	*threshold = j->thresholds->of[rule].degraded;
	return measured > *threshold ? LD_RUN_DEGRADED : LD_RUN_VALID;
}

static double
share(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : (double)part / (double)whole;
}

static void
look_at_starts(struct judge *j, const struct ldi_measured *s)
{
	double late = share(s->late, s->starts), threshold;
	enum ld_validity state = weigh(j, LD_RULE_LATE, late, &threshold);

	/* One late start of one is no tendency. */
	if (state == LD_RUN_INVALID && s->late < LDI_LATE_MANY) {
		state = LD_RUN_DEGRADED;
		threshold = j->thresholds->of[LD_RULE_LATE].degraded;
	}
	if (state != LD_RUN_VALID)
		find(j, LD_RULE_LATE, state, late, threshold,
		    "%.1f %% of the requests were sent more than 10 ms late",
		    late * 100);
}

static void
look_at_threads(struct judge *j, const struct ldi_measured *s)
{
	double busy = share(s->busy_seconds, s->seconds), threshold;
	enum ld_validity state = weigh(j, LD_RULE_BUSY, busy, &threshold);

	if (s->seconds > 1 && state != LD_RUN_VALID)
		find(j, LD_RULE_BUSY, state, busy, threshold,
		    "a sending thread was busy all the time in %.0f %% of the "
		    "seconds: the generator was the limit",
		    busy * 100);
}

static uint64_t
local_failures(const struct ld_ledger *ledger)
{
	uint64_t local = ledger->not_started[LD_NOT_STARTED_LOCAL];

	for (int i = 0; i < LD_CLASS_N; i++)
		if (ld_class_is_local((enum ld_class)i))
			local += ledger->failure[i];
	return local;
}

static void
look_at_ledger(struct judge *j, const struct ld_ledger *ledger)
{
	uint64_t local = local_failures(ledger);
	uint64_t missed = ledger->not_started[LD_NOT_STARTED_LIMIT];
	uint64_t shed = ld_ledger_shed(ledger);
	double part = share(missed, ledger->planned), threshold;
	enum ld_validity state =
	    weigh(j, LD_RULE_LOCAL, (double)local, &threshold);

	if (state != LD_RUN_VALID)
		find(j, LD_RULE_LOCAL, state, (double)local, threshold,
		    "%llu requests failed for want of something on this host",
		    (unsigned long long)local);
	state = weigh(j, LD_RULE_MISSED, part, &threshold);
	if (state != LD_RUN_VALID)
		find(j, LD_RULE_MISSED, state, part, threshold,
		    "%llu arrivals found every session busy and were not "
		    "sent: what they would have waited is missing",
		    (unsigned long long)missed);
	state = weigh(j, LD_RULE_SHED, (double)shed, &threshold);
	if (state != LD_RUN_VALID)
		find(j, LD_RULE_SHED, state, (double)shed, threshold,
		    "%llu samples could not be written; the intervals count "
		    "them all the same",
		    (unsigned long long)shed);
}

static void
look_at_us(struct judge *j, const struct ld_ledger *ledger, bool ended)
{
	uint64_t bugs = ledger->failure[LD_CLASS_INTERNAL];

	if (bugs > 0)
		find(j, LD_RULE_N, LD_RUN_INVALID, (double)bugs, 0,
		    "%llu requests met a bug in this program",
		    (unsigned long long)bugs);
	if (ended && !ld_ledger_balances(ledger))
		find(j, LD_RULE_N, LD_RUN_INVALID, 0, 0,
		    "the ledger does not balance");
}

static void
look_at_time(struct judge *j, enum ld_rule rule, uint64_t ns,
    const char *before, const char *behind)
{
	double threshold;
	enum ld_validity state = weigh(j, rule, (double)ns, &threshold);

	if (state != LD_RUN_VALID)
		find(j, rule, state, (double)ns, threshold, "%s%.1f s%s",
		    before, (double)ns / (double)LD_NS_PER_S, behind);
}

void
ldi_verdict_judge(const struct ldi_measured *m,
    const struct ld_thresholds *thresholds, struct ldi_judgement *verdict_out)
{
	struct judge j = { thresholds, verdict_out };

	verdict_out->state = LD_RUN_VALID;
	verdict_out->n = 0;
	look_at_us(&j, m->ledger, m->ended);
	look_at_ledger(&j, m->ledger);
	look_at_starts(&j, m);
	look_at_threads(&j, m);
	look_at_time(&j, LD_RULE_SUSPEND, m->suspend_ns,
	    "this host was suspended for ", ": nothing was sent meanwhile");
	look_at_time(&j, LD_RULE_STALL, m->stall_ns,
	    "this process did not run for ", " at a time");
	look_at_time(&j, LD_RULE_CLOCK, m->step_ns,
	    "the wall clock was set by ",
	    ": times of day do not fit those of the server");
}
