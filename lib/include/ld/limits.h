/* SPDX-License-Identifier: MIT */
/*
 * ld/limits.h - the ceilings of everything that input can grow.
 *
 * Reasons stand beside the numbers; a ceiling that a user may move has an
 * option or a plan field, and this is its default.
 */
#ifndef LD_LIMITS_H
#define LD_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/* A plan, HAR or other document that is read whole. */
#define LD_MAX_DOCUMENT ((size_t)1 << 30)
/* A CSV file, whose cells have 32-bit offsets. */
#define LD_MAX_CSV_BYTES ((size_t)UINT32_MAX)
/* Arrivals that a plan brings along: a day at 1000 per second. */
#define LD_MAX_ARRIVALS 100000000
/* Plans below a directory, and how deep they lie: more is an accident. */
#define LD_MAX_PLAN_FILES 10000
#define LD_MAX_PLAN_DEPTH 32
/* Nesting of JSON; libjq allows 256 too, and no real document needs more. */
#define LD_MAX_JSON_DEPTH 256
/* One line of a stream: an interval with full histograms is under 100 KiB. */
#define LD_MAX_LINE ((size_t)16 << 20)
/* What an action returned, as it stands in its record; more is left out. */
#define LD_MAX_ACTION_VALUE ((size_t)1 << 20)
/* Lines of a stream that are not JSON objects before a reader gives up. */
#define LD_MAX_BAD_LINES 100
/* Series (user type, request type, name) of a run; more become "(other)". */
#define LD_MAX_SERIES 1000
/* Distinct failure texts kept per series. */
#define LD_MAX_FAILURE_TEXTS 32
/* Text of one failure as it stands in a record, in bytes. */
#define LD_MAX_FAILURE_TEXT 400
/* Response header, as curl has it (300 KiB), rounded down. */
#define LD_MAX_HEADER_BYTES ((size_t)256 << 10)
#define LD_MAX_HEADER_LINES 1000
/* Interim (1xx) answers before the final one. */
#define LD_MAX_INTERIM 16
/* Response body counted before the exchange fails as body_too_large. */
#define LD_MAX_BODY_BYTES ((size_t)64 << 20)
/* Response body kept for assertions and extractors. */
#define LD_MAX_BODY_KEPT ((size_t)16 << 20)
/* Decoded body, and how many times larger than its coded form it may be
 * (judged only beyond 1 MiB). */
#define LD_MAX_DECODED_BYTES ((size_t)64 << 20)
#define LD_MAX_DECODE_RATIO 200
/* A rendered request. */
#define LD_MAX_REQUEST_BYTES ((size_t)64 << 20)
/* Cookies of one user, as many as curl keeps; bytes of one (name and value,
 * RFC 6265, 6.1) and of all of them. */
#define LD_MAX_COOKIES 150
#define LD_MAX_COOKIE_BYTES 4096
#define LD_MAX_COOKIE_TOTAL ((size_t)64 << 10)
/* Steps that matching one regular expression may take, some 10 ns each: a
 * plain search of the longest body stays below, one made to backtrack ends. */
#define LD_MAX_REGEX_STEPS 10000000
/* A value that an extractor stores for a user. */
#define LD_MAX_VALUE_BYTES ((size_t)64 << 10)

/* Named secrets, bytes of each, and texts that are kept out of what is written:
 * a secret is seven. */
#define LD_MAX_SECRETS 256
#define LD_MAX_SECRET_BYTES (64 << 10)
#define LD_MAX_SECRET_VALUES 500000
/* Names with addresses of their own (--resolve). */
#define LD_MAX_PINS 1000
/* A PEM file: the bundles of systems are a quarter of a MiB. */
#define LD_MAX_PEM_BYTES ((size_t)16 << 20)
/* What a server may show as its certificate and those above it. */
#define LD_MAX_CERT_CHAIN_BYTES ((size_t)100 << 10)
/* Different TLS settings (authorities, client certificates) of a run. */
#define LD_MAX_TLS_SETTINGS 1000
/* TLS sessions that one stream keeps to resume, one per origin. */
#define LD_MAX_TLS_SESSIONS 4
/* The ticket of a TLS session, if it is to be kept. */
#define LD_MAX_TLS_TICKET_BYTES ((size_t)16 << 10)
/* TLS records without data in a row, on the wire: a handshake with its
 * certificates and tickets, or a flood of key updates. */
#define LD_MAX_TLS_QUIET_BYTES ((size_t)256 << 10)

#endif /* LD_LIMITS_H */
