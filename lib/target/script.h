/* SPDX-License-Identifier: MIT */
/*
 * target/script.h - what a connection sends instead of an answer: steps.
 *
 * A script only says what; conn_script.c plays it.  Its bytes are bounded by
 * LDI_TARGET_MAX_REPLY; when memory is short it is marked as failed, and its
 * connection ends.
 */
#ifndef LDI_TARGET_SCRIPT_H
#define LDI_TARGET_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>

#define LDI_SCRIPT_STEPS 8
/* The same bytes again until the peer leaves. */
#define LDI_SCRIPT_ENDLESS UINT64_MAX

enum ldi_script_end {
	LDI_SCRIPT_GO_ON, /* read the next request */
	LDI_SCRIPT_CLOSE, /* an orderly end: FIN */
	LDI_SCRIPT_RESET, /* RST */
	LDI_SCRIPT_HALF,  /* FIN, and what the peer sends is read until it ends
			   */
	LDI_SCRIPT_STALL, /* silence until the peer ends */
};

struct ldi_step {
	size_t at, len;    /* in the bytes; len 0 = nothing to send */
	uint64_t times;    /* the bytes are sent so often */
	uint64_t every_ns; /* 0 = at once; else one byte per so long */
	uint64_t wait_ns;  /* before the first of them */
};

struct ldi_script {
	struct ld_buf bytes;
	struct ldi_step steps[LDI_SCRIPT_STEPS];
	unsigned n;
	bool failed;
	enum ldi_script_end end;
	/* how far it was played */
	unsigned now;
	uint64_t round;
	size_t sent;
	bool waited;
};

struct ldi_script *ldi_script_new(void);
void ldi_script_free(struct ldi_script *script);

void ldi_script_send(struct ldi_script *script, const char *data, size_t len);
void ldi_script_text(struct ldi_script *script, const char *text);
void ldi_script_repeat(
    struct ldi_script *script, const char *data, size_t len, uint64_t times);
/* One byte per `every_ns`. */
void ldi_script_drip(
    struct ldi_script *script, const char *data, size_t len, uint64_t every_ns);
void ldi_script_wait(struct ldi_script *script, uint64_t ns);

#endif /* LDI_TARGET_SCRIPT_H */
