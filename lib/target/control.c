/* SPDX-License-Identifier: MIT */
/*
 * Endpoints under /ld: what arrived, ids that must come back, faults.
 */
#include "config.h"

#include <string.h>

#include <ld/num.h>

#include "target/handlers.h"

void
ldi_serve_counts(struct ldi_call *call)
{
	call->reply->type = "application/json";
	ldi_target_counts_json(&call->t->counts, call->reply->body);
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

void
ldi_serve_fault(struct ldi_call *call)
{
	static const struct {
		const char *name;
		enum ldi_fault fault;
	} faults[] = {
		{ "close", LDI_FAULT_CLOSE },
		{ "reset", LDI_FAULT_RESET },
		{ "truncate", LDI_FAULT_TRUNCATE },
		{ "garbage", LDI_FAULT_GARBAGE },
		{ "stall", LDI_FAULT_STALL },
	};

	ldi_serve_echo(call);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (ldi_slice_is(call->tail, faults[i].name)) {
			call->reply->fault = faults[i].fault;
			return;
		}
	ldi_reply_error(call->reply, 404,
	    "want /ld/fault/ close, reset, truncate, garbage or stall");
}
