/* SPDX-License-Identifier: MIT */
/*
 * ld/hist.h - latency histogram.
 *
 * Base-2 exponential, scale 8, the layout of OTLP exponential histograms and
 * of Prometheus native histograms (schema 8): bucket i holds the durations in
 * (2^((i-1)/256), 2^(i/256)] seconds.  Count, minimum, maximum and sum are
 * exact.  A value read back is the geometric middle of its bucket, clamped to
 * [min, max], and so within 0.1355 % of the one recorded (and half a
 * nanosecond, for rounding).  A quantile is the value of nearest rank,
 * ceil(count x ppm / 10^6) in integers.
 *
 * Units       every duration is in nanoseconds; a quantile is in parts per
 *             million: 990000 is p99.
 * Ownership   ld_hist_new() gives the histogram to the caller, who returns
 *             it with ld_hist_free().  No other function keeps a pointer.
 *             A pool outlives its histograms.
 * Threads     none: one writer per histogram and per pool.
 * Errors      only what allocates or parses can fail.
 *
 * Merging is addition: associative, commutative, exact.
 */
#ifndef LD_HIST_H
#define LD_HIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>
#include <ld/json.h>

#define LD_HIST_SCALE 8
/* Half a bucket: 2^(1/512) - 1. */
#define LD_HIST_ERROR 0.001355

struct ld_hist;

/*
 * Blocks of 256 buckets (one octave, 2 KiB) kept ready, so that the first
 * value of a new octave costs the send path nothing.  Refill it away from
 * that path; an empty pool falls back to malloc().
 */
struct ld_hist_pool;

LD_API struct ld_hist_pool *ld_hist_pool_new(void) LD_MUST_CHECK;
LD_API void ld_hist_pool_free(struct ld_hist_pool *pool);
/* Have at least `blocks` ready.  LD_NOMEM leaves what could be had. */
LD_API enum ld_status ld_hist_pool_fill(
    struct ld_hist_pool *pool, size_t blocks);

/* An empty histogram, or NULL when memory is short.  `pool` may be NULL. */
LD_API struct ld_hist *ld_hist_new(struct ld_hist_pool *pool) LD_MUST_CHECK;
/* NULL is allowed; blocks go back to the pool. */
LD_API void ld_hist_free(struct ld_hist *hist);
/* Empty it; blocks go back to the pool (or are freed). */
LD_API void ld_hist_reset(struct ld_hist *hist);

/* Count one duration.  Allocates only when a new octave finds the pool empty;
 * false = memory was short then: count, min, max and sum are right, the value
 * stands in the nearest octave that exists. */
LD_API bool ld_hist_add(struct ld_hist *hist, uint64_t duration_ns);

/* Add the counts of `from`, which is left as it was, to `into`.  LD_NOMEM, or
 * LD_INVALID when a count or sum would not fit, leave `into` unchanged. */
LD_API enum ld_status ld_hist_merge(
    struct ld_hist *into, const struct ld_hist *from);

LD_API uint64_t ld_hist_count(const struct ld_hist *hist);
LD_API uint64_t ld_hist_min(const struct ld_hist *hist); /* 0 when empty */
LD_API uint64_t ld_hist_max(const struct ld_hist *hist);
/* 128 bits: high and low halves. */
LD_API void ld_hist_sum(
    const struct ld_hist *hist, uint64_t *high_out, uint64_t *low_out);
LD_API double ld_hist_mean(const struct ld_hist *hist);

/* 0 gives the minimum and 1000000 the maximum, both exact; an empty
 * histogram gives 0; above 1000000 is clamped. */
LD_API uint64_t ld_hist_quantile(const struct ld_hist *hist, uint32_t ppm);

/* Values at most `duration_ns`, as far as buckets can tell: a bucket counts as
 * a whole when the value it is read back as does. */
LD_API uint64_t ld_hist_count_below(
    const struct ld_hist *hist, uint64_t duration_ns);

/* Index of the bucket of a duration > 0 (INT_MIN for 0); its upper edge, the
 * largest integer duration that belongs to it. */
LD_API int ld_hist_index(uint64_t duration_ns);
LD_API uint64_t ld_hist_upper(int index);

/* Walk the buckets that hold something, in order: *index_io starts at
 * INT_MIN; false when there is no further one.  Durations of 0 stand in no
 * bucket: ld_hist_zero(). */
LD_API bool ld_hist_next(
    const struct ld_hist *hist, int *index_io, uint64_t *count_out);
LD_API uint64_t ld_hist_zero(const struct ld_hist *hist);

/*
 * Wire form, one JSON object:
 * {"scale":8,"count":,"min_ns":,"max_ns":,"sum_ns":"...","zero":,
 *  "b":[gap,count,gap,count,...]}
 * `gap` is the distance from the bucket before (the first: its index, may be
 * negative; adjacent buckets have gap 1).
 */
LD_API void ld_hist_write(const struct ld_hist *hist, struct ld_buf *out);
/* Adds what it reads to `into`.  Anything that does not add up (counts, order,
 * range, scale other than 8) is LD_INVALID and leaves `into` unchanged. */
LD_API enum ld_status ld_hist_read(struct ld_hist *into,
    const struct ld_json *doc, ld_json_ref ref, struct ld_err *err);

#endif /* LD_HIST_H */
