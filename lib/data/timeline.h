/* SPDX-License-Identifier: MIT */
/*
 * data/timeline.h - a run in at most 1200 slots, however long it is.
 *
 * Slots begin one second wide; when a time falls behind the last one they
 * are added together in pairs, exactly, and are twice as wide.
 */
#ifndef LDI_DATA_TIMELINE_H
#define LDI_DATA_TIMELINE_H

#include <ld/summary.h>

#define LDI_SLOTS 1200

struct ldi_timeline {
	struct ld_slot *slots;
	size_t n, cap;
	uint64_t width_ns;
};

/* Users, which are a level: the highest of a slot counts.  Shards have users
 * of their own, so theirs are added up. */
struct ldi_levels {
	uint64_t now[LDI_SLOTS];    /* of the shard that is being read */
	uint64_t before[LDI_SLOTS]; /* of those before */
	size_t n;
	uint64_t width_ns;
};

void ldi_timeline_init(struct ldi_timeline *timeline);
void ldi_timeline_clear(struct ldi_timeline *timeline);
/* The slot of a time; NULL when memory is short. */
struct ld_slot *ldi_timeline_at(
    struct ldi_timeline *timeline, uint64_t time_ns);
/* Count a duration, or many, in a slot. */
enum ld_status ldi_slot_add(
    struct ld_slot *slot, struct ld_hist_pool *pool, uint64_t duration_ns);
enum ld_status ldi_slot_merge(struct ld_slot *slot, struct ld_hist_pool *pool,
    const struct ld_hist *from);
/* Add the slots of `from`, shifted by `offset_ns`. */
enum ld_status ldi_timeline_merge(struct ldi_timeline *into,
    const struct ldi_timeline *from, uint64_t offset_ns,
    struct ld_hist_pool *pool);
/* Double the width; LD_NOMEM. */
enum ld_status ldi_timeline_fold(struct ldi_timeline *timeline);

void ldi_levels_init(struct ldi_levels *levels);
void ldi_levels_set(
    struct ldi_levels *levels, uint64_t time_ns, uint64_t users);
/* Another shard begins. */
void ldi_levels_shard(struct ldi_levels *levels);
/* Give the slots their users; false when there are no levels. */
enum ld_status ldi_levels_apply(
    struct ldi_levels *levels, struct ldi_timeline *timeline);
uint64_t ldi_levels_max(const struct ldi_levels *levels);

#endif /* LDI_DATA_TIMELINE_H */
