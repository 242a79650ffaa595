/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/time.h>

#include "data/ledger.h"
#include "data/timeline.h"

#define FIRST_SLOTS 64

void
ldi_timeline_init(struct ldi_timeline *timeline)
{
	*timeline = (struct ldi_timeline){ .width_ns = LD_NS_PER_S };
}

void
ldi_timeline_clear(struct ldi_timeline *timeline)
{
	for (size_t i = 0; i < timeline->n; i++)
		ld_hist_free(timeline->slots[i].response);
	free(timeline->slots);
	ldi_timeline_init(timeline);
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Everything but the histogram. */
static void
slot_add(struct ld_slot *into, const struct ld_slot *from)
{
	into->started = ldi_plus(into->started, from->started);
	into->success = ldi_plus(into->success, from->success);
	into->failure = ldi_plus(into->failure, from->failure);
	into->aborted = ldi_plus(into->aborted, from->aborted);
	into->users = larger(into->users, from->users);
	into->bytes_out = ldi_plus(into->bytes_out, from->bytes_out);
	into->bytes_in = ldi_plus(into->bytes_in, from->bytes_in);
}

/* The histograms of two slots into the first of them. */
static enum ld_status
slot_take_hist(struct ld_slot *into, struct ld_slot *from)
{
	enum ld_status st;

	if (!into->response) {
		into->response = from->response;
		from->response = NULL;
		return LD_OK;
	}
	if (!from->response)
		return LD_OK;
	st = ld_hist_merge(into->response, from->response);
	if (st != LD_OK)
		return st;
	ld_hist_free(from->response);
	from->response = NULL;
	return LD_OK;
}

enum ld_status
ldi_timeline_fold(struct ldi_timeline *timeline)
{
	size_t n = (timeline->n + 1) / 2;

	for (size_t i = 0; i < n; i++) {
		struct ld_slot *slot = &timeline->slots[2 * i];

		if (2 * i + 1 < timeline->n) {
			slot_add(slot, slot + 1);
			if (slot_take_hist(slot, slot + 1) != LD_OK)
				return LD_NOMEM;
		}
		if (i == 0)
			continue;
		timeline->slots[i] = *slot;
		slot->response = NULL;
	}
	if (timeline->n > n)
		memset(timeline->slots + n, 0,
		    (timeline->n - n) * sizeof *timeline->slots);
	timeline->n = n;
	timeline->width_ns *= 2;
	return LD_OK;
}

static enum ld_status
grow(struct ldi_timeline *timeline, size_t n)
{
	size_t cap = timeline->cap ? timeline->cap : FIRST_SLOTS;
	struct ld_slot *slots;

	while (cap < n)
		cap *= 2;
	slots = reallocarray(timeline->slots, cap, sizeof *slots);
	if (!slots)
		return LD_NOMEM;
	memset(slots + timeline->cap, 0, (cap - timeline->cap) * sizeof *slots);
	timeline->slots = slots;
	timeline->cap = cap;
	return LD_OK;
}

struct ld_slot *
ldi_timeline_at(struct ldi_timeline *timeline, uint64_t time_ns)
{
	size_t i;

	while (time_ns / timeline->width_ns >= LDI_SLOTS)
		if (ldi_timeline_fold(timeline) != LD_OK)
			return NULL;
	i = (size_t)(time_ns / timeline->width_ns);
	if (i >= timeline->cap && grow(timeline, i + 1) != LD_OK)
		return NULL;
	if (i >= timeline->n)
		timeline->n = i + 1;
	return &timeline->slots[i];
}

static enum ld_status
slot_hist(struct ld_slot *slot, struct ld_hist_pool *pool)
{
	if (!slot->response)
		slot->response = ld_hist_new(pool);
	return slot->response ? LD_OK : LD_NOMEM;
}

enum ld_status
ldi_slot_add(
    struct ld_slot *slot, struct ld_hist_pool *pool, uint64_t duration_ns)
{
	if (!slot->response && slot_hist(slot, pool) != LD_OK)
		return LD_NOMEM;
	return ld_hist_add(slot->response, duration_ns) ? LD_OK : LD_NOMEM;
}

enum ld_status
ldi_slot_merge(
    struct ld_slot *slot, struct ld_hist_pool *pool, const struct ld_hist *from)
{
	if (ld_hist_count(from) == 0)
		return LD_OK;
	if (slot_hist(slot, pool) != LD_OK)
		return LD_NOMEM;
	return ld_hist_merge(slot->response, from);
}

enum ld_status
ldi_timeline_merge(struct ldi_timeline *into, const struct ldi_timeline *from,
    uint64_t offset_ns, struct ld_hist_pool *pool)
{
	enum ld_status st;

	for (size_t i = 0; i < from->n; i++) {
		const struct ld_slot *slot = &from->slots[i];
		struct ld_slot *to = ldi_timeline_at(
		    into, ldi_plus(offset_ns, i * from->width_ns));

		if (!to)
			return LD_NOMEM;
		slot_add(to, slot);
		if (!slot->response)
			continue;
		st = ldi_slot_merge(to, pool, slot->response);
		if (st != LD_OK)
			return st;
	}
	return LD_OK;
}

void
ldi_levels_init(struct ldi_levels *levels)
{
	memset(levels, 0, sizeof *levels);
	levels->width_ns = LD_NS_PER_S;
}

static void
levels_fold(struct ldi_levels *levels)
{
	for (size_t i = 0; i < LDI_SLOTS / 2; i++) {
		levels->now[i] =
		    larger(levels->now[2 * i], levels->now[2 * i + 1]);
		levels->before[i] =
		    larger(levels->before[2 * i], levels->before[2 * i + 1]);
	}
	memset(levels->now + LDI_SLOTS / 2, 0, sizeof levels->now / 2);
	memset(levels->before + LDI_SLOTS / 2, 0, sizeof levels->before / 2);
	levels->n = (levels->n + 1) / 2;
	levels->width_ns *= 2;
}

void
ldi_levels_set(struct ldi_levels *levels, uint64_t time_ns, uint64_t users)
{
	size_t i;

	while (time_ns / levels->width_ns >= LDI_SLOTS)
		levels_fold(levels);
	i = (size_t)(time_ns / levels->width_ns);
	levels->now[i] = larger(levels->now[i], users);
	if (i >= levels->n)
		levels->n = i + 1;
}

void
ldi_levels_shard(struct ldi_levels *levels)
{
	for (size_t i = 0; i < levels->n; i++) {
		levels->before[i] = ldi_plus(levels->before[i], levels->now[i]);
		levels->now[i] = 0;
	}
}

enum ld_status
ldi_levels_apply(struct ldi_levels *levels, struct ldi_timeline *timeline)
{
	ldi_levels_shard(levels);
	while (timeline->width_ns < levels->width_ns)
		if (ldi_timeline_fold(timeline) != LD_OK)
			return LD_NOMEM;
	while (levels->width_ns < timeline->width_ns)
		levels_fold(levels);
	for (size_t i = 0; i < levels->n; i++) {
		struct ld_slot *slot =
		    ldi_timeline_at(timeline, i * levels->width_ns);

		if (!slot)
			return LD_NOMEM;
		slot->users = levels->before[i];
	}
	return LD_OK;
}

uint64_t
ldi_levels_max(const struct ldi_levels *levels)
{
	uint64_t max = 0;

	for (size_t i = 0; i < levels->n; i++)
		max = larger(max, ldi_plus(levels->before[i], levels->now[i]));
	return max;
}
