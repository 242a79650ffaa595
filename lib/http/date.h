/* SPDX-License-Identifier: MIT */
/*
 * http/date.h - dates as servers write them.
 */
#ifndef LDI_HTTP_DATE_H
#define LDI_HTTP_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The date of an Expires attribute, after RFC 6265, 5.1.1: any order of day,
 * month, year and time.  Seconds since 1970. */
bool ldi_date_parse(const char *text, size_t len, int64_t *seconds_out);

#endif /* LDI_HTTP_DATE_H */
