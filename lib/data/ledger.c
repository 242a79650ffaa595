/* SPDX-License-Identifier: MIT */
/*
 * The ledger: names, sums, the two laws.
 *
 * Numbers may come from a stream, so sums stop at the largest value instead
 * of wrapping round to a small and plausible one.
 */
#include "config.h"

#include <string.h>

#include "data/ledger.h"

#define COUNT_OF(a) (sizeof(a) / sizeof(*(a)))

#define NAME_2(id, name) name,
#define NAME_3(id, name, advice) name,
#define ADVICE(id, name, advice) advice,
const char *const ldi_class_names[] = { LD_CLASS_MAP(NAME_3) };
static const char *const class_advice[] = { LD_CLASS_MAP(ADVICE) };
static const char *const outcome_names[] = { LD_OUTCOME_MAP(NAME_2) };
static const char *const phase_names[] = { LD_PHASE_MAP(NAME_2) };
const char *const ldi_not_started_names[] = { LD_NOT_STARTED_MAP(NAME_2) };
const char *const ldi_shed_names[] = { LD_SHED_MAP(NAME_2) };
#undef NAME_2
#undef NAME_3
#undef ADVICE

#define LOOKUP(table, i) ((size_t)(i) < COUNT_OF(table) ? table[i] : "?")

const char *
ld_class_name(enum ld_class cls)
{
	return LOOKUP(ldi_class_names, cls);
}

enum ld_class
ld_class_of_timeout(enum ld_phase phase, const char **text_out)
{
	static const struct {
		enum ld_class cls;
		const char *text;
	} by_phase[] = {
		[LD_PHASE_DNS] = { LD_CLASS_TIMEOUT_DNS,
		    "the name was not resolved before the deadline" },
		[LD_PHASE_CONNECT] = { LD_CLASS_TIMEOUT_CONNECT,
		    "no connection before the deadline" },
		[LD_PHASE_TLS] = { LD_CLASS_TIMEOUT_TLS,
		    "no TLS handshake before the deadline" },
		[LD_PHASE_SEND] = { LD_CLASS_TIMEOUT_SEND,
		    "the request was not taken before the deadline" },
		[LD_PHASE_TTFB] = { LD_CLASS_TIMEOUT_RESPONSE,
		    "no answer began before the deadline" },
		[LD_PHASE_RECEIVE] = { LD_CLASS_TIMEOUT_RECEIVE,
		    "the answer did not end before the deadline" },
	};

	*text_out = by_phase[phase].text;
	return by_phase[phase].cls;
}

const char *
ld_class_advice(enum ld_class cls)
{
	return LOOKUP(class_advice, cls);
}

const char *
ld_outcome_name(enum ld_outcome_kind outcome)
{
	return LOOKUP(outcome_names, outcome);
}

const char *
ld_phase_name(enum ld_phase phase)
{
	return LOOKUP(phase_names, phase);
}

const char *
ld_not_started_name(enum ld_not_started reason)
{
	return LOOKUP(ldi_not_started_names, reason);
}

const char *
ld_shed_name(enum ld_shed reason)
{
	return LOOKUP(ldi_shed_names, reason);
}

size_t
ldi_name_find(const char *const *names, size_t n, const char *name, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return i;
	return n;
}

enum ld_class
ld_class_find(const char *name, size_t len)
{
	return (enum ld_class)ldi_name_find(
	    ldi_class_names, LD_CLASS_N, name, len);
}

bool
ld_class_is_local(enum ld_class cls)
{
	return cls >= LD_CLASS_LOCAL_PORTS && cls <= LD_CLASS_LOCAL_OTHER;
}

bool
ld_class_is_timeout(enum ld_class cls)
{
	return cls >= LD_CLASS_TIMEOUT_WAIT && cls <= LD_CLASS_TIMEOUT_RECEIVE;
}

uint64_t
ldi_plus(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

static void
add_all(uint64_t *into, const uint64_t *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		into[i] = ldi_plus(into[i], from[i]);
}

static uint64_t
sum(const uint64_t *values, size_t n)
{
	uint64_t total = 0;

	for (size_t i = 0; i < n; i++)
		total = ldi_plus(total, values[i]);
	return total;
}

void
ld_ledger_add(struct ld_ledger *into, const struct ld_ledger *from)
{
	into->planned = ldi_plus(into->planned, from->planned);
	add_all(into->not_started, from->not_started, LD_NOT_STARTED_N);
	into->started = ldi_plus(into->started, from->started);
	into->success = ldi_plus(into->success, from->success);
	add_all(into->failure, from->failure, LD_CLASS_N);
	into->aborted = ldi_plus(into->aborted, from->aborted);
	into->in_flight = from->in_flight;
	into->wire = ldi_plus(into->wire, from->wire);
	add_all(into->shed, from->shed, LD_SHED_N);
}

uint64_t
ld_ledger_not_started(const struct ld_ledger *ledger)
{
	return sum(ledger->not_started, LD_NOT_STARTED_N);
}

uint64_t
ld_ledger_failures(const struct ld_ledger *ledger)
{
	return sum(ledger->failure, LD_CLASS_N);
}

uint64_t
ld_ledger_shed(const struct ld_ledger *ledger)
{
	return sum(ledger->shed, LD_SHED_N);
}

bool
ld_ledger_balances(const struct ld_ledger *ledger)
{
	uint64_t ended = ldi_plus(ledger->success,
	    ldi_plus(ld_ledger_failures(ledger), ledger->aborted));

	return ledger->planned ==
		   ldi_plus(ld_ledger_not_started(ledger), ledger->started) &&
	       ledger->started == ldi_plus(ended, ledger->in_flight);
}
