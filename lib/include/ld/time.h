/* SPDX-License-Identifier: MIT */
/*
 * ld/time.h - the clock, and durations in words.
 *
 * Units       nanoseconds in uint64_t everywhere; CLOCK_MONOTONIC only.
 * Threads     any.
 */
#ifndef LD_TIME_H
#define LD_TIME_H

#include <stdint.h>

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>

#define LD_NS_PER_US UINT64_C(1000)
#define LD_NS_PER_MS UINT64_C(1000000)
#define LD_NS_PER_S UINT64_C(1000000000)

/* CLOCK_MONOTONIC. */
LD_API uint64_t ld_now_ns(void);

/* Clocks that are compared with it, and never measure anything: the one that
 * also counts while the host is suspended, and the wall clock. */
LD_API uint64_t ld_boot_ns(void);
LD_API uint64_t ld_wall_ns(void);

/* CPU time of the calling thread. */
LD_API uint64_t ld_thread_cpu_ns(void);

/* The wall clock, read once per run for `begin`, as RFC 3339 in UTC with
 * microseconds: "2026-11-23T06:00:00.000000Z" and its NUL. */
#define LD_WALL_SIZE 28
LD_API void ld_wall_clock(char text_out[LD_WALL_SIZE]);

/* Seconds since 1970 by the wall clock, to compare with a date that a server
 * sent: never a measurement. */
LD_API int64_t ld_wall_second(void);

/* The longest duration that is accepted, about 292 years: a clock reading
 * plus any duration fits. */
#define LD_DURATION_MAX_NS ((uint64_t)INT64_MAX)

/* Local time without a zone, "2026-11-23T06:00:00" and its NUL: a value for a
 * server, never a measurement.  `second` holds what the text was made from
 * (begin with INT64_MIN); the text is made anew only when it has changed. */
#define LD_LOCAL_SIZE 20
LD_API void ld_local_clock(int64_t *second, char text[LD_LOCAL_SIZE]);

/*
 * "250ms", "1m30s", "1.5h", "10us", "30ns", "2d"; a bare number is seconds,
 * in JSON's exponent form too.  Parts stand in descending order, the last may
 * have a fraction.  The whole text must be used.  Negative, empty, "nan" and
 * what does not fit are LD_INVALID with a text that names the units.
 */
LD_API enum ld_status ld_duration_parse(
    const char *text, size_t len, uint64_t *ns_out, struct ld_err *err);

/* Shortest exact form: "250ms", "1m30s", "1.5us"; 0 is "0s". */
LD_API void ld_duration_add(struct ld_buf *buf, uint64_t ns);

#endif /* LD_TIME_H */
