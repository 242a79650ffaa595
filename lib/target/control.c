/* SPDX-License-Identifier: MIT */
/*
 * Endpoints under /ld: what arrived, ids that must come back, faults.
 */
#include "config.h"

#include <string.h>

#include <ld/num.h>
#include <ld/target.h>
#include <ld/time.h>

#include "target/handlers.h"

/* With 72 bytes of head. */
#define REFERENCE_BODY 128
#define MAX_FREEZE_S 3600.0

void
ldi_serve_counts(struct ldi_call *call)
{
	call->reply->type = "application/json";
	ldi_target_say_counts(call->t, call->reply->body);
	ld_buf_addc(call->reply->body, '\n');
}

void
ldi_serve_reset(struct ldi_call *call)
{
	ldi_target_counts_reset(&call->t->counts);
	call->reply->status = 204;
}

void
ldi_serve_requests(struct ldi_call *call)
{
	if (call->t->counts.log == NULL) {
		ldi_reply_error(call->reply, 404,
		    "requests are not recorded; start with recording on");
		return;
	}
	call->reply->type = "application/x-ndjson";
	ldi_target_log_lines(&call->t->counts, call->reply->body);
}

static void
put_id(struct ldi_call *call, uint64_t id)
{
	struct ld_json_out out;

	ldi_answer_begin(call, &out);
	ld_json_out_key(&out, "id");
	ld_json_out_u64(&out, id);
	ldi_answer_end(call, &out);
}

void
ldi_serve_new_id(struct ldi_call *call)
{
	put_id(call, ldi_target_id_next(&call->t->counts));
}

void
ldi_serve_id(struct ldi_call *call)
{
	uint64_t id;

	if (ld_num_u64(call->tail.p, call->tail.len, &id, NULL) != LD_OK ||
	    !ldi_target_id_known(&call->t->counts, id))
		ldi_reply_error(
		    call->reply, 404, "this id was never handed out");
	else
		put_id(call, id);
}

/* 200 bytes with their head, so that a fault can be put at each of them. */
void
ldi_serve_reference(struct ldi_call *call)
{
	struct ld_buf *body = call->reply->body;

	call->reply->type = "application/json";
	ld_buf_adds(body, "{\"reference\":\"");
	while (body->len < REFERENCE_BODY - 3)
		ld_buf_addc(body, (char)('a' + body->len % 26));
	ld_buf_adds(body, "\"}\n");
}

/* /ld/fault/KIND?PARAMETERS: the reference answer, spoiled. */
void
ldi_serve_fault(struct ldi_call *call)
{
	struct ldi_fault *fault = &call->reply->fault;
	struct ld_err err = LD_ERR_INIT;

	if (ldi_fault_read(fault, call->tail, call->req->query, false, &err) ==
	    LD_OK) {
		ldi_serve_reference(call);
		return;
	}
	ldi_reply_error(call->reply, fault->kind == NULL ? 404 : 400, err.text);
	fault->kind = NULL;
}

/* /ld/ca.pem */
void
ldi_serve_authority(struct ldi_call *call)
{
	if (!ld_target_authority(call->t, call->reply->body)) {
		ldi_reply_error(
		    call->reply, 404, "no port of this server has TLS");
		return;
	}
	call->reply->type = "application/x-pem-file";
}

/* /ld/freeze/S: all of it, from this answer on. */
void
ldi_serve_freeze(struct ldi_call *call)
{
	double seconds;

	if (ld_num_double(call->tail.p, call->tail.len, &seconds, NULL) !=
		LD_OK ||
	    seconds < 0 || seconds > MAX_FREEZE_S) {
		ldi_reply_error(call->reply, 400,
		    "want /ld/freeze/SECONDS, from 0 to 3600");
		return;
	}
	call->t->frozen_until_ns =
	    ld_now_ns() + (uint64_t)(seconds * (double)LD_NS_PER_S);
	call->reply->status = 204;
}
