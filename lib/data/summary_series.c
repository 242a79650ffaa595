/* SPDX-License-Identifier: MIT */
/*
 * The two accounts of a run: what its samples say, and what its intervals say.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>
#include <ld/time.h>

#include "data/summary.h"

static const struct ld_str other = { "(other)", 7 };

void
ldi_ledger_sum(struct ld_ledger *into, const struct ld_ledger *from)
{
	uint64_t level = ldi_plus(into->in_flight, from->in_flight);

	ld_ledger_add(into, from);
	into->in_flight = level;
}

/* -- series ---------------------------------------------------------------- */

static bool
is_series(const struct ldi_series *series, const struct ld_str part[3])
{
	for (int i = 2; i >= 0; i--)
		if (series->len[i] != part[i].len ||
		    memcmp(series->name[i], part[i].data, part[i].len) != 0)
			return false;
	return true;
}

/* One key of three strings: their lengths stand in front, for they may hold
 * any byte. */
static bool
series_index_key(struct ld_buf *out, const struct ld_str part[3])
{
	ld_buf_reset(out);
	for (int i = 0; i < 3; i++)
		ld_buf_add(out, &part[i].len, sizeof part[i].len);
	for (int i = 0; i < 3; i++)
		ld_buf_add(out, part[i].data, part[i].len);
	return !out->failed;
}

/* A copy for people, who would not see what stands behind a NUL: its picture
 * stands for it.  NULL: no memory. */
static const char *
shown(struct ld_summary *summary, const char *name, size_t len)
{
	char *copy, *at;

	if (memchr(name, '\0', len) == NULL)
		return name;
	copy = at = ldi_arena_array(summary->arena, 3 * len + 1, 1);
	for (size_t i = 0; copy != NULL && i <= len; i++) {
		if (i < len && name[i] == '\0') {
			memcpy(at, "\xE2\x90\x80", 3);
			at += 3;
		} else {
			*at++ = name[i];
		}
	}
	return copy;
}

static struct ldi_series *
series_new(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_str part[3])
{
	struct ldi_series *series =
	    ldi_arena_alloc(summary->arena, sizeof *series);

	if (!series)
		return NULL;
	for (int i = 0; i < 3; i++) {
		series->name[i] = ldi_arena_strndup(
		    summary->arena, part[i].data, part[i].len);
		series->len[i] = part[i].len;
		if (!series->name[i])
			return NULL;
		series->shown[i] = shown(summary, series->name[i], part[i].len);
		if (!series->shown[i])
			return NULL;
	}
	if (run->n_series == run->cap_series) {
		size_t cap = run->cap_series ? 2 * run->cap_series : 16;
		struct ldi_series **grown =
		    reallocarray(run->series, cap, sizeof *grown);

		if (!grown)
			return NULL;
		run->series = grown;
		run->cap_series = cap;
	}
	if (!ldi_map_set(run->index, summary->scratch.data,
		summary->scratch.len, series, NULL))
		return NULL;
	run->series[run->n_series++] = series;
	summary->n_series++;
	return series;
}

static struct ldi_series *
series_find(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_str part[3], bool make)
{
	struct ldi_series *series;

	if (!series_index_key(&summary->scratch, part))
		return NULL;
	series = ldi_map_get(
	    run->index, summary->scratch.data, summary->scratch.len);
	return series || !make ? series : series_new(summary, run, part);
}

struct ldi_series *
ldi_series_get(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_series_key *key)
{
	const struct ld_str part[3] = { key->user_type, key->request_type,
		key->name };
	const struct ld_str rest[3] = { other, other, other };
	bool room = run->n_series < LD_MAX_SERIES &&
		    summary->n_series < LDI_MAX_ALL_SERIES;
	struct ldi_series *series;

	if (run->latest && is_series(run->latest, part))
		return run->latest;
	series = series_find(summary, run, part, room);
	if (!series && !room)
		series = series_find(summary, run, rest, true);
	run->latest = series;
	return series;
}

/* -- failures -------------------------------------------------------------- */

/* Texts that are kept are the first ones by this order, whatever the order in
 * which they come: so the parts of a stream add up to the same as the whole. */
int
ldi_group_order(const void *a, const void *b)
{
	const struct ld_failure_group *x = a, *y = b;
	size_t n = x->text.len < y->text.len ? x->text.len : y->text.len;
	int order = n > 0 ? memcmp(x->text.data, y->text.data, n) : 0;

	if (order != 0)
		return order;
	if (x->text.len != y->text.len)
		return x->text.len < y->text.len ? -1 : 1;
	return x->cls < y->cls ? -1 : x->cls > y->cls;
}

static bool
is_other(const struct ld_failure_group *group)
{
	return group->text.len == other.len &&
	       memcmp(group->text.data, other.data, other.len) == 0;
}

static struct ld_failure_group *
group_find(struct ldi_tally *tally, const struct ld_failure_group *key)
{
	for (size_t i = 0; i < tally->n_groups; i++)
		if (tally->groups[i].cls == key->cls &&
		    ldi_group_order(&tally->groups[i], key) == 0)
			return &tally->groups[i];
	return NULL;
}

/* The one to give way, of those with a text of their own; NULL while there
 * is room. */
static struct ld_failure_group *
group_last(struct ldi_tally *tally)
{
	struct ld_failure_group *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < tally->n_groups; i++) {
		struct ld_failure_group *group = &tally->groups[i];

		if (is_other(group))
			continue;
		n++;
		if (last == NULL || ldi_group_order(group, last) > 0)
			last = group;
	}
	return n < LD_MAX_FAILURE_TEXTS ? NULL : last;
}

static void
group_count(struct ld_failure_group *group, const struct ld_failure_group *add)
{
	group->count = ldi_plus(group->count, add->count);
	if (add->first_ns < group->first_ns)
		group->first_ns = add->first_ns;
	if (add->last_ns > group->last_ns)
		group->last_ns = add->last_ns;
}

/* Every text has room for the longest, for it may give way to another. */
static void
group_begin(struct ld_failure_group *group, char *room,
    const struct ld_failure_group *key)
{
	if (key->text.len > 0)
		memcpy(room, key->text.data, key->text.len);
	room[key->text.len] = '\0';
	*group = (struct ld_failure_group){ .cls = key->cls,
		.text = { room, key->text.len },
		.first_ns = UINT64_MAX };
}

static struct ld_failure_group *
group_new(struct ld_summary *summary, struct ldi_tally *tally,
    const struct ld_failure_group *key)
{
	struct ld_failure_group *group;
	char *room;

	if (tally->n_groups == tally->cap_groups) {
		size_t cap = tally->cap_groups ? 2 * tally->cap_groups : 4;

		group = reallocarray(tally->groups, cap, sizeof *group);
		if (!group)
			return NULL;
		tally->groups = group;
		tally->cap_groups = cap;
	}
	room = ldi_arena_array(summary->arena, LD_MAX_FAILURE_TEXT + 1, 1);
	if (!room)
		return NULL;
	group = &tally->groups[tally->n_groups++];
	group_begin(group, room, key);
	return group;
}

/* Count in "(other)" of the class. */
static enum ld_status
group_other(struct ld_summary *summary, struct ldi_tally *tally,
    const struct ld_failure_group *add)
{
	const struct ld_failure_group key = { .cls = add->cls, .text = other };
	struct ld_failure_group *group = group_find(tally, &key);

	if (!group)
		group = group_new(summary, tally, &key);
	if (!group)
		return LD_NOMEM;
	group_count(group, add);
	return LD_OK;
}

/* A text that is not there yet.  One that gave way once never comes back, as
 * those before it stay: so every count is of all that came. */
static enum ld_status
group_insert(struct ld_summary *summary, struct ldi_tally *tally,
    const struct ld_failure_group *add)
{
	struct ld_failure_group *group = group_last(tally);
	struct ld_failure_group gone;

	if (is_other(add) || (group && ldi_group_order(add, group) > 0))
		return group_other(summary, tally, add);
	if (!group) {
		group = group_new(summary, tally, add);
		if (!group)
			return LD_NOMEM;
		group_count(group, add);
		return LD_OK;
	}
	gone = *group;
	group_begin(group, (char *)(uintptr_t)gone.text.data, add);
	group_count(group, add);
	return group_other(summary, tally, &gone);
}

/* At most LD_MAX_FAILURE_TEXTS texts, and one "(other)" for each class. */
static enum ld_status
group_add(struct ld_summary *summary, struct ldi_tally *tally,
    const struct ld_failure_group *add)
{
	struct ld_failure_group cut = *add;
	struct ld_failure_group *group;

	if (cut.text.len > LD_MAX_FAILURE_TEXT) {
		cut.text.len = LD_MAX_FAILURE_TEXT;
		while (
		    cut.text.len > 0 &&
		    ((unsigned char)cut.text.data[cut.text.len] & 0xc0) == 0x80)
			cut.text.len--;
	}
	group = group_find(tally, &cut);
	if (!group)
		return group_insert(summary, tally, &cut);
	group_count(group, &cut);
	return LD_OK;
}

/* -- tallies --------------------------------------------------------------- */

static enum ld_status
tally_hists(struct ld_summary *summary, struct ldi_tally *tally)
{
	if (!tally->response)
		tally->response = ld_hist_new(summary->pool);
	if (!tally->service)
		tally->service = ld_hist_new(summary->pool);
	return tally->response && tally->service ? LD_OK : LD_NOMEM;
}

void
ldi_tally_clear(struct ldi_tally *tally)
{
	ld_hist_free(tally->response);
	ld_hist_free(tally->service);
	free(tally->groups);
	*tally = (struct ldi_tally){ 0 };
}

static void
add_phases(struct ldi_tally *tally, const uint64_t phase_ns[LD_PHASE_N])
{
	for (size_t i = 0; i < LD_PHASE_N; i++)
		tally->phase_ns[i] = ldi_plus(tally->phase_ns[i], phase_ns[i]);
}

enum ld_status
ldi_tally_merge(struct ld_summary *summary, struct ldi_tally *into,
    const struct ldi_tally *from)
{
	enum ld_status st;

	into->used = into->used || from->used;
	ldi_ledger_sum(&into->ledger, &from->ledger);
	into->bytes_out = ldi_plus(into->bytes_out, from->bytes_out);
	into->bytes_in = ldi_plus(into->bytes_in, from->bytes_in);
	add_phases(into, from->phase_ns);
	st = tally_hists(summary, into);
	if (st == LD_OK && from->response)
		st = ld_hist_merge(into->response, from->response);
	if (st == LD_OK && from->service)
		st = ld_hist_merge(into->service, from->service);
	for (size_t i = 0; st == LD_OK && i < from->n_groups; i++)
		st = group_add(summary, into, &from->groups[i]);
	return st;
}

/* -- samples --------------------------------------------------------------- */

static enum ld_status
tally_sample(struct ld_summary *summary, struct ldi_tally *tally,
    const struct ld_sample *sample, uint64_t end_ns)
{
	const struct ld_failure_group failure = { .cls = sample->cls,
		.text = sample->text,
		.count = 1,
		.first_ns = end_ns,
		.last_ns = end_ns };

	tally->used = true;
	tally->ledger.planned++;
	tally->ledger.started++;
	tally->ledger.wire += sample->wire;
	tally->bytes_out = ldi_plus(tally->bytes_out, sample->bytes_out);
	tally->bytes_in = ldi_plus(tally->bytes_in, sample->bytes_in);
	if (sample->outcome == LD_ABORTED) {
		tally->ledger.aborted++;
		return LD_OK;
	}
	if (!tally->response && tally_hists(summary, tally) != LD_OK)
		return LD_NOMEM;
	add_phases(tally, sample->phase_ns);
	if (!ld_hist_add(tally->response, sample->response_ns) ||
	    !ld_hist_add(tally->service, sample->service_ns))
		return LD_NOMEM;
	if (sample->outcome == LD_SUCCESS) {
		tally->ledger.success++;
		return LD_OK;
	}
	tally->ledger.failure[sample->cls]++;
	return group_add(summary, tally, &failure);
}

static enum ld_status
slot_sample(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_sample *sample, uint64_t end_ns)
{
	struct ld_slot *slot = ldi_timeline_at(&run->samples, sample->start_ns);

	if (!slot)
		return LD_NOMEM;
	slot->started++;
	slot = ldi_timeline_at(&run->samples, end_ns);
	if (!slot)
		return LD_NOMEM;
	slot->success += sample->outcome == LD_SUCCESS;
	slot->failure += sample->outcome == LD_FAILURE;
	slot->aborted += sample->outcome == LD_ABORTED;
	slot->bytes_out = ldi_plus(slot->bytes_out, sample->bytes_out);
	slot->bytes_in = ldi_plus(slot->bytes_in, sample->bytes_in);
	if (sample->outcome == LD_ABORTED)
		return LD_OK;
	return ldi_slot_add(slot, summary->pool, sample->response_ns);
}

enum ld_status
ldi_series_sample(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_sample *sample)
{
	uint64_t end_ns = sample->start_ns + sample->service_ns;
	struct ldi_series *series;

	run->seen.n[LDI_SAMPLES]++;
	run->seen.response_sum += sample->response_ns;
	if (sample->start_ns < run->first_ns)
		run->first_ns = sample->start_ns;
	if (end_ns > run->last_ns)
		run->last_ns = end_ns;
	if (run->partly)
		return LD_OK;
	series = ldi_series_get(summary, run, &sample->series);
	if (!series ||
	    tally_sample(summary, &series->sample, sample, end_ns) != LD_OK)
		return LD_NOMEM;
	return slot_sample(summary, run, sample, end_ns);
}

/* -- intervals ------------------------------------------------------------- */

static enum ld_status
slot_interval(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_interval *interval)
{
	struct ld_slot *slot =
	    ldi_timeline_at(&run->intervals, interval->second * LD_NS_PER_S);
	const struct ld_ledger *ledger = &interval->ledger;

	if (!slot)
		return LD_NOMEM;
	slot->started = ldi_plus(slot->started, ledger->started);
	slot->success = ldi_plus(slot->success, ledger->success);
	slot->failure = ldi_plus(slot->failure, ld_ledger_failures(ledger));
	slot->aborted = ldi_plus(slot->aborted, ledger->aborted);
	slot->bytes_out = ldi_plus(slot->bytes_out, interval->bytes_out);
	slot->bytes_in = ldi_plus(slot->bytes_in, interval->bytes_in);
	/* Health says it better, where there is any. */
	if (interval->users > slot->users)
		slot->users = interval->users;
	return ldi_slot_merge(slot, summary->pool, interval->response);
}

enum ld_status
ldi_series_interval(struct ld_summary *summary, struct ldi_run *run,
    const struct ld_interval *interval)
{
	struct ldi_tally tally = { .used = true,
		.ledger = interval->ledger,
		.bytes_out = interval->bytes_out,
		.bytes_in = interval->bytes_in,
		.response = interval->response,
		.service = interval->service,
		/* Merging reads the groups and keeps none. */
		.groups =
		    (struct ld_failure_group *)(uintptr_t)interval->failures,
		.n_groups = interval->n_failures };
	uint64_t begin_ns = interval->second * LD_NS_PER_S, *level;
	struct ldi_series *series;
	enum ld_status st;

	memcpy(tally.phase_ns, interval->phase_ns, sizeof(tally.phase_ns));
	run->seen.n[LDI_INTERVALS]++;
	if (begin_ns < run->first_interval_ns)
		run->first_interval_ns = begin_ns;
	if (begin_ns + LD_NS_PER_S > run->last_interval_ns)
		run->last_interval_ns = begin_ns + LD_NS_PER_S;
	series = ldi_series_get(summary, run, &interval->series);
	if (!series)
		return LD_NOMEM;
	level = &series->interval.ledger.in_flight;
	st = ldi_tally_merge(summary, &series->interval, &tally);
	/* A level over time is that of the last second, not the sum. */
	if (interval->second > series->last_second)
		series->in_flight = 0;
	if (interval->second >= series->last_second) {
		series->last_second = interval->second;
		series->in_flight =
		    ldi_plus(series->in_flight, interval->ledger.in_flight);
	}
	*level = series->in_flight;
	if (st == LD_OK)
		st = slot_interval(summary, run, interval);
	return st;
}
