/* SPDX-License-Identifier: MIT */
/*
 * data/ledger.h - the names in records, and sums that do not wrap.
 */
#ifndef LDI_DATA_LEDGER_H
#define LDI_DATA_LEDGER_H

#include <stddef.h>
#include <stdint.h>

#include <ld/ledger.h>

extern const char *const ldi_class_names[LD_CLASS_N];
extern const char *const ldi_not_started_names[LD_NOT_STARTED_N];
extern const char *const ldi_shed_names[LD_SHED_N];

/* Position of a name in a table, or `n`. */
size_t ldi_name_find(
    const char *const *names, size_t n, const char *name, size_t len);

/* a + b, or UINT64_MAX where that would not fit. */
uint64_t ldi_plus(uint64_t a, uint64_t b);

#endif /* LDI_DATA_LEDGER_H */
