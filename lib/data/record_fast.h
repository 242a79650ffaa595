/* SPDX-License-Identifier: MIT */
/*
 * data/record_fast.h - a sample as our own writer writes it, without a tape.
 */
#ifndef LDI_DATA_RECORD_FAST_H
#define LDI_DATA_RECORD_FAST_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/record.h>

/* Bytes behind `len` that may be read, and are ignored. */
#define LDI_FAST_SLACK 16

/*
 * True when the line is a sample in the writer's order, with no blank, no
 * escape, no byte beyond ASCII, no number but plain digits: *out is then what
 * ldi_record_decode() would make of it.  False says nothing about the line.
 */
bool ldi_sample_fast(const char *line, size_t len, struct ld_sample *out);

#endif /* LDI_DATA_RECORD_FAST_H */
