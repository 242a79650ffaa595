/* SPDX-License-Identifier: MIT */
/*
 * engine/limits.h - what this host has, what a run needs of it, and whether
 * the one is enough for the other: before anything is sent.
 *
 * Numbers that were measured: a session that has exchanged over plain TCP costs
 * less than LDI_SESSION_BYTES (tests/full/soak.bats), one of a driver that
 * connects to nothing less than LDI_OFFLINE_BYTES.
 */
#ifndef LDI_ENGINE_LIMITS_H
#define LDI_ENGINE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/err.h>
#include <ld/json.h>

struct ld_program;

#define LDI_SESSION_BYTES ((uint64_t)10 << 10)
#define LDI_OFFLINE_BYTES ((uint64_t)2 << 10)
/* Chunks, rings and histograms of a sending thread; and all the rest. */
#define LDI_THREAD_BYTES ((uint64_t)4 << 20)
#define LDI_PROCESS_BYTES ((uint64_t)16 << 20)
/* Standard streams, journal, spill file, look-ups; and of each thread. */
#define LDI_OWN_FILES 32
#define LDI_THREAD_FILES 8

/* UINT64_MAX: no limit, or none that could be read. */
struct ldi_limits {
	uint64_t files_soft, files_hard;
	uint64_t first_port, last_port; /* of those that connections get */
	uint64_t memory_bytes;          /* that can still be had */
	unsigned cores;
};

void ldi_limits_read(struct ldi_limits *limits);
/* As a member of `begin`. */
void ldi_limits_write(const struct ldi_limits *limits, struct ld_json_out *out);

struct ldi_needs {
	uint64_t sessions;
	bool at_once;     /* all of them will be; otherwise at most */
	uint64_t origins; /* that a session connects to, at most */
	uint64_t connections, files, memory_bytes;
	uint64_t ports; /* source ports to one server, 0 = not TCP */
	unsigned sources, threads;
};

/* `threads` 0: as many as it would take by itself. */
void ldi_needs_of(const struct ld_program *program, unsigned threads,
    struct ldi_needs *needs_out);

/*
 * LD_REFUSED, with the numbers, when the run cannot be had.  Otherwise
 * *tight_out (may be NULL) has what may turn out too little, or status LD_OK.
 */
enum ld_status ldi_needs_check(const struct ldi_needs *needs,
    const struct ldi_limits *limits, struct ld_err *tight_out,
    struct ld_err *err);

#endif /* LDI_ENGINE_LIMITS_H */
