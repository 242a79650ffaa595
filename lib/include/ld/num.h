/* SPDX-License-Identifier: MIT */
/*
 * ld/num.h - text to number, checked; the only place where it is done.
 *
 * Every function uses the whole text or fails with LD_INVALID and a sentence
 * that quotes it.  No locale, no white space, no sign where none makes sense.
 */
#ifndef LD_NUM_H
#define LD_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/err.h>

LD_API enum ld_status ld_num_u64(
    const char *text, size_t len, uint64_t *out, struct ld_err *err);
LD_API enum ld_status ld_num_i64(
    const char *text, size_t len, int64_t *out, struct ld_err *err);
/* Decimal and exponent forms; infinities and NaN are refused. */
LD_API enum ld_status ld_num_double(
    const char *text, size_t len, double *out, struct ld_err *err);
/* A part of a whole, 0 to 1: "0.02" or "2%".  False when it is none. */
LD_API bool ld_num_share(const char *text, size_t len, double *out);
/* "64KiB", "10MB", "1.5G", "4096": bytes, with units as dd(1) has them: a lone
 * letter and KiB are powers of 1024, kB and MB of 1000. */
LD_API enum ld_status ld_num_size(
    const char *text, size_t len, uint64_t *out, struct ld_err *err);
/* "100/s", "6k/m", "0.5/s", a bare number is per second: events per second. */
LD_API enum ld_status ld_num_rate(
    const char *text, size_t len, double *out, struct ld_err *err);
/* "1..5", "100ms..2s" or "3", read by ld_duration_parse(): min and max. */
LD_API enum ld_status ld_num_duration_range(const char *text, size_t len,
    uint64_t *min_out, uint64_t *max_out, struct ld_err *err);

#endif /* LD_NUM_H */
