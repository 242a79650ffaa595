/* SPDX-License-Identifier: MIT */
/*
 * target/fault.h - the ways in which this server misbehaves.
 *
 * A fault is ordered by a text, KIND or KIND?PARAMETERS, as in
 * "reset?at=120": at /ld/fault/ for one answer, or by `--fault` for a share
 * of all.  The kinds are one table (fault.c); what they do to an answer is in
 * fault_answer.c.  ld-target(1) has what each sends.
 */
#ifndef LDI_TARGET_FAULT_H
#define LDI_TARGET_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/err.h>

#include "target/request.h"
#include "target/script.h"

/* Faults of all requests at once; and their paths. */
#define LDI_FAULTS_MAX 32
#define LDI_FAULT_PATH 200
#define LDI_FAULT_FORMS 12
/* A compression bomb, unpacked: beyond it, building one takes seconds. */
#define LDI_FAULT_BOMB_MAX ((uint64_t)64 << 30)

/* Parameters; which of them a kind has stands in its row. */
enum ldi_fault_param {
	LDI_FAULT_AT = 1 << 0,     /* at=N: behind N bytes of the answer */
	LDI_FAULT_AS = 1 << 1,     /* as=FORM */
	LDI_FAULT_N = 1 << 2,      /* n=N */
	LDI_FAULT_EVERY = 1 << 3,  /* every=DURATION */
	LDI_FAULT_BYTES = 1 << 4,  /* bytes=SIZE */
	LDI_FAULT_LAYERS = 1 << 5, /* layers=N */
};

struct ldi_fault;

/* The answer as it would have been. */
struct ldi_fault_answer {
	const struct ldi_target_request *req;
	const char *data; /* all of it */
	size_t len, head_len;
};

typedef void ldi_fault_fn(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script);

struct ldi_fault_kind {
	const char *name;
	unsigned params;
	ldi_fault_fn *build;
	enum ldi_script_end end; /* of its script, unless build says else */
	const char *forms[LDI_FAULT_FORMS]; /* of `as`; the first is preset */
	const char *help;
};

struct ldi_fault {
	const struct ldi_fault_kind *kind;
	bool has_at;
	uint64_t at, n, bytes, layers, every_ns;
	unsigned form; /* in kind->forms */
	/* Whom it befalls, of all requests. */
	double share;
	char path[LDI_FAULT_PATH]; /* what their path begins with */
};

/* NULL behind the last. */
const struct ldi_fault_kind *const *ldi_fault_kinds(void);
/* Which one it is. */
size_t ldi_fault_index(const struct ldi_fault_kind *kind);
#define LDI_FAULT_KINDS 17

/* `common`: share and path are allowed. */
enum ld_status ldi_fault_read(struct ldi_fault *fault, struct ldi_slice kind,
    struct ldi_slice params, bool common, struct ld_err *err);

ldi_fault_fn ldi_fault_cut, ldi_fault_garbage, ldi_fault_head, ldi_fault_body,
    ldi_fault_chunk, ldi_fault_length, ldi_fault_slow, ldi_fault_interim,
    ldi_fault_redirect, ldi_fault_bomb, ldi_fault_coding, ldi_fault_surplus,
    ldi_fault_idle;

#endif /* LDI_TARGET_FAULT_H */
