/* SPDX-License-Identifier: MIT */
/*
 * target/count.h - what arrived: exact counts, ids handed out, a log.
 *
 * Threads     none of its own; the server's lock guards it.
 */
#ifndef LDI_TARGET_COUNT_H
#define LDI_TARGET_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>

#include "target/fault.h"
#include "target/listener.h"
#include "target/request.h"

struct ldi_map;

/* Distinct "METHOD /path"; more of them become "(other)". */
#define LDI_TARGET_MAX_PATHS 10000
#define LDI_TARGET_MAX_KEY 1024
/* The log keeps the last of them, and no more bytes than these. */
#define LDI_TARGET_MAX_LOG 100000
#define LDI_TARGET_MAX_LOG_BYTES ((size_t)256 << 20)

struct ldi_target_counts {
	uint64_t requests;
	uint64_t rejected;    /* what was no request: answered 4xx and cut */
	uint64_t bytes_in;    /* of the requests counted, framing included */
	uint64_t bytes_out;   /* that the kernel took */
	uint64_t connections; /* that carried or may yet carry a request */
	uint64_t open;
	uint64_t faults[LDI_FAULT_KINDS];      /* how often each was played */
	struct ldi_map *paths;                 /* to elements of `by` */
	uint64_t by[LDI_TARGET_MAX_PATHS + 1]; /* the last is "(other)" */
	uint64_t next_id;
	/* the log: a ring */
	char **log;
	size_t log_first, log_n, log_bytes;
};

bool ldi_target_counts_init(struct ldi_target_counts *counts, bool record);
void ldi_target_counts_clear(struct ldi_target_counts *counts);
/* All counts but `open` become 0, the log empty; ids go on. */
void ldi_target_counts_reset(struct ldi_target_counts *counts);

void ldi_target_count(
    struct ldi_target_counts *counts, const struct ldi_target_request *req);
/* `more`: the ports beside the first. */
void ldi_target_counts_json(const struct ldi_target_counts *counts,
    const struct ldi_listener *more, size_t n_more, struct ld_buf *out);

uint64_t ldi_target_id_next(struct ldi_target_counts *counts);
bool ldi_target_id_known(const struct ldi_target_counts *counts, uint64_t id);

/* One line of NDJSON per request; does nothing unless recording. */
void ldi_target_log(struct ldi_target_counts *counts,
    const struct ldi_target_request *req, struct ld_buf *scratch);
void ldi_target_log_lines(
    const struct ldi_target_counts *counts, struct ld_buf *out);

#endif /* LDI_TARGET_COUNT_H */
