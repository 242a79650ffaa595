/* SPDX-License-Identifier: MIT */
/*
 * target/conn.h - what the sources of a connection share: conn.c has its life,
 * its sending and its events, conn_read.c brings requests to their end,
 * conn_answer.c answers them.
 */
#ifndef LDI_TARGET_CONN_H
#define LDI_TARGET_CONN_H

#include "target/server.h"

/* Shared buffers that grew beyond this are given back. */
#define LDI_CONN_KEEP ((size_t)1 << 20)

/* -- conn.c --------------------------------------------------------------- */

void ldi_conn_set_counted(
    struct ld_target *t, struct ldi_conn *c, bool counted);
/* Closes the connection when memory is short. */
void ldi_conn_set_timer(
    struct ld_target *t, struct ldi_conn *c, uint64_t due_ns);
/* Is there something that the kernel did not take yet? */
bool ldi_conn_pending(const struct ldi_conn *c);
/* RST. */
void ldi_conn_reset(struct ld_target *t, struct ldi_conn *c);
/* Send what is left over, then what was just written to t->out. */
void ldi_conn_flush(struct ld_target *t, struct ldi_conn *c);

/* -- conn_answer.c -------------------------------------------------------- */

void ldi_conn_refuse(struct ld_target *t, struct ldi_conn *c, unsigned status);
/* The request in t->req is whole.  false: not now, the kernel must first take
 * what was answered before. */
bool ldi_conn_serve(struct ld_target *t, struct ldi_conn *c);
/* The head is there, and the body is not. */
void ldi_conn_serve_head(struct ld_target *t, struct ldi_conn *c);

/* -- conn_read.c ---------------------------------------------------------- */

/* Serve what the connection has kept. */
void ldi_conn_process(struct ld_target *t, struct ldi_conn *c);
/* There is something to be read. */
void ldi_conn_read(struct ld_target *t, struct ldi_conn *c);
/* Read, and have the same sent. */
void ldi_conn_echo(struct ld_target *t, struct ldi_conn *c);
/* Read and forget. */
void ldi_conn_discard(struct ld_target *t, struct ldi_conn *c);

/* -- conn_script.c -------------------------------------------------------- */

/* Go on with its script, as far as the kernel and the time let it. */
void ldi_conn_play(struct ld_target *t, struct ldi_conn *c);

#endif /* LDI_TARGET_CONN_H */
