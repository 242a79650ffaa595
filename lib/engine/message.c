/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/json.h>

#include "base/redact.h"
#include "engine/worker.h"

/* A topic or event name in a record: a name, not a place for data. */
#define NAME_BYTES ((size_t)512)

/* The names are the server's: they may hold what is nobody's business. */
static void
add_name(
    struct ld_json_out *o, const struct ld_redactor *redactor, const char *name)
{
	char text[NAME_BYTES];

	ld_json_out_key(o, "name");
	ld_json_out_stringn(o, text,
	    ldi_redact_whole(redactor, name, strlen(name), text, sizeof(text)));
}

static void
add_text(struct ld_json_out *o, const char *key, const char *text)
{
	size_t len = strlen(text);

	ld_json_out_key(o, key);
	ld_json_out_stringn(o, text, len < NAME_BYTES ? len : NAME_BYTES);
}

/* Counted and written, whatever --samples says: it is in no ledger, so the
 * record is all there is.  Its data never is. */
void
ld_session_message(struct ld_session *s, const struct ld_message *message)
{
	struct ldi_worker *w = s->worker;
	const struct ldi_run *run = w->run;
	struct ldi_chunk *chunk;
	struct ld_json_out o;

	ld_buf_reset(&w->line);
	ld_json_out_init(&o, &w->line, 0);
	ld_json_out_object(&o);
	add_text(&o, "type", "message");
	add_text(&o, "run", run->run_id);
	add_text(&o, "user_type", run->program->config->user);
	add_name(&o, run->program->redactor,
	    message->name != NULL ? message->name : "");
	ld_json_out_put_u64(&o, "user", s->key);
	ld_json_out_put_u64(&o, "time_ns",
	    message->now_ns > run->t0_ns ? message->now_ns - run->t0_ns : 0);
	ld_json_out_put_u64(&o, "bytes_in", message->len);
	ld_json_out_end(&o);
	ld_buf_addc(&w->line, '\n');
	if (w->line.failed)
		return;
	chunk = ldi_worker_room(w, w->line.len, message->now_ns);
	if (chunk == NULL)
		return;
	memcpy(chunk->data + chunk->len, w->line.data, w->line.len);
	chunk->len += w->line.len;
	chunk->messages++;
}
