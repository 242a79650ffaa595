/* SPDX-License-Identifier: MIT */
/*
 * load.h - run a document in a test, and hold its stream to the laws that
 * every stream must keep.
 */
#ifndef TESTS_LOAD_H
#define TESTS_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include <ld/exec.h>
#include <ld/record.h>

struct load {
	struct ld_exec_options options; /* set before load_run() */
	int fd;                         /* of the stream; default: a file */
	uint64_t spill_max_bytes;
	enum ld_status status;
	struct ld_err err;
	struct ld_exec_outcome outcome;
	/* Read back from the file. */
	uint64_t samples, intervals, healths, events, messages, ends;
	uint64_t successes, failures, aborted, wire;
	struct ld_ledger interval_ledger; /* of all series and seconds */
	unsigned __int128 response_sum_ns;
	/* An order-free fingerprint of (key, pass, task) over all samples. */
	uint64_t fingerprint;
	uint64_t arrivals;  /* samples of the open model */
	uint64_t saturated; /* events of that name */
	char reason[64], validity[32];
};

void load_init(struct load *load);
/* Execute `plan`, action JSON, and write its stream to load->fd. */
void load_run(struct load *load, const char *plan);
/* Read the stream back from load->fd (a file); asserts the laws: the phase
 * identity of each sample, counts and sum of `end`, the ledger of the
 * intervals equal to that of `end`. */
void load_read(struct load *load);
void load_clear(struct load *load);
/* init, run, read in one. */
void load_whole(struct load *load, const char *plan);

#endif /* TESTS_LOAD_H */
