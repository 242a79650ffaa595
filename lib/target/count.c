/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/count.h"

#include <stdlib.h>
#include <string.h>

#include <ld/json.h>

#include "base/base64.h"
#include "base/map.h"

/* Nineteen digits and odd: a double cannot hold it. */
#define FIRST_ID UINT64_C(9007199254740993123)

bool
ldi_target_counts_init(struct ldi_target_counts *counts, bool record)
{
	memset(counts, 0, sizeof(*counts));
	counts->next_id = FIRST_ID;
	counts->paths = ldi_map_new();
	if (record)
		counts->log = calloc(LDI_TARGET_MAX_LOG, sizeof(char *));
	return counts->paths != NULL && (!record || counts->log != NULL);
}

static char **
log_slot(const struct ldi_target_counts *counts, size_t i)
{
	return &counts->log[(counts->log_first + i) % LDI_TARGET_MAX_LOG];
}

static void
log_drop_first(struct ldi_target_counts *counts)
{
	char **slot = log_slot(counts, 0);

	counts->log_bytes -= strlen(*slot);
	free(*slot);
	*slot = NULL;
	counts->log_first = (counts->log_first + 1) % LDI_TARGET_MAX_LOG;
	counts->log_n--;
}

void
ldi_target_counts_reset(struct ldi_target_counts *counts)
{
	counts->requests = counts->rejected = 0;
	counts->bytes_in = counts->bytes_out = 0;
	counts->connections = counts->open;
	memset(counts->by, 0, sizeof(counts->by));
	memset(counts->faults, 0, sizeof(counts->faults));
	ldi_map_clear(counts->paths);
	while (counts->log_n > 0)
		log_drop_first(counts);
}

void
ldi_target_counts_clear(struct ldi_target_counts *counts)
{
	while (counts->log_n > 0)
		log_drop_first(counts);
	free(counts->log);
	ldi_map_free(counts->paths);
	counts->log = NULL;
	counts->paths = NULL;
}

/* "METHOD /path"; 0 when it is too long to be kept. */
static size_t
make_key(const struct ldi_target_request *req, char key[LDI_TARGET_MAX_KEY])
{
	size_t len = req->method.len + 1 + req->path.len;

	if (len > LDI_TARGET_MAX_KEY)
		return 0;
	memcpy(key, req->method.p, req->method.len);
	key[req->method.len] = ' ';
	memcpy(key + req->method.len + 1, req->path.p, req->path.len);
	return len;
}

void
ldi_target_count(
    struct ldi_target_counts *counts, const struct ldi_target_request *req)
{
	char key[LDI_TARGET_MAX_KEY];
	size_t len = make_key(req, key), n;
	uint64_t *by = NULL;

	counts->requests++;
	if (len > 0)
		by = ldi_map_get(counts->paths, key, len);
	n = ldi_map_count(counts->paths);
	if (by == NULL && len > 0 && n < LDI_TARGET_MAX_PATHS &&
	    ldi_map_set(counts->paths, key, len, &counts->by[n], NULL))
		by = &counts->by[n];
	if (by == NULL)
		by = &counts->by[LDI_TARGET_MAX_PATHS];
	++*by;
}

static void
out_u64(struct ld_json_out *out, const char *key, uint64_t value)
{
	ld_json_out_key(out, key);
	ld_json_out_u64(out, value);
}

static void
put_faults(const struct ldi_target_counts *counts, struct ld_json_out *out)
{
	const struct ldi_fault_kind *const *kinds = ldi_fault_kinds();

	ld_json_out_key(out, "faults");
	ld_json_out_object(out);
	for (size_t i = 0; kinds[i] != NULL; i++)
		if (counts->faults[i] > 0)
			out_u64(out, kinds[i]->name, counts->faults[i]);
	ld_json_out_end(out);
}

/* A port that does not speak HTTP has only these. */
static void
put_ports(
    const struct ldi_listener *listeners, size_t n, struct ld_json_out *out)
{
	ld_json_out_key(out, "ports");
	ld_json_out_array(out);
	for (size_t i = 0; i < n; i++) {
		const struct ldi_listener *l = &listeners[i];

		ld_json_out_object(out);
		ld_json_out_put_string(out, "kind", l->kind->name);
		ld_json_out_put_string(out, "url", l->url);
		out_u64(out, "connections", l->connections);
		if (l->kind->does == LDI_LISTENER_UDP)
			out_u64(out, "datagrams", l->datagrams);
		if (l->kind->does == LDI_LISTENER_UDP ||
		    l->kind->does == LDI_LISTENER_ECHO) {
			out_u64(out, "bytes_in", l->bytes_in);
			out_u64(out, "bytes_out", l->bytes_out);
		}
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
}

void
ldi_target_counts_json(const struct ldi_target_counts *counts,
    const struct ldi_listener *more, size_t n_more, struct ld_buf *buf)
{
	struct ld_json_out out;
	uint64_t other = counts->by[LDI_TARGET_MAX_PATHS];

	ld_json_out_init(&out, buf, 0);
	ld_json_out_object(&out);
	out_u64(&out, "requests", counts->requests);
	ld_json_out_key(&out, "by");
	ld_json_out_object(&out);
	for (size_t i = 0; i < ldi_map_count(counts->paths); i++) {
		size_t len;
		const char *key = ldi_map_key(counts->paths, i, &len);

		ld_json_out_keyn(&out, key, len);
		ld_json_out_u64(&out, counts->by[i]);
	}
	if (other > 0)
		out_u64(&out, "(other)", other);
	ld_json_out_end(&out);
	out_u64(&out, "bytes_in", counts->bytes_in);
	out_u64(&out, "bytes_out", counts->bytes_out);
	out_u64(&out, "connections", counts->connections);
	out_u64(&out, "open", counts->open);
	out_u64(&out, "rejected", counts->rejected);
	put_faults(counts, &out);
	if (n_more > 0)
		put_ports(more, n_more, &out);
	ld_json_out_end(&out);
}

uint64_t
ldi_target_id_next(struct ldi_target_counts *counts)
{
	return counts->next_id++;
}

bool
ldi_target_id_known(const struct ldi_target_counts *counts, uint64_t id)
{
	return id >= FIRST_ID && id < counts->next_id;
}

/* The bytes as they came, whatever they are. */
static void
put_base64(struct ld_json_out *out, const char *key, struct ldi_slice bytes,
    struct ld_buf *coded)
{
	ld_buf_reset(coded);
	ldi_base64_add(coded, bytes.p, bytes.len);
	ld_json_out_key(out, key);
	ld_json_out_stringn(out, coded->data, coded->len);
}

static void
log_line(const struct ldi_target_request *req, struct ld_buf *buf,
    struct ld_buf *coded)
{
	struct ld_json_out out;

	ld_json_out_init(&out, buf, 0);
	ld_json_out_object(&out);
	ld_json_out_key(&out, "method");
	ld_json_out_stringn(&out, req->method.p, req->method.len);
	ld_json_out_key(&out, "target");
	ld_json_out_stringn(&out, req->target.p, req->target.len);
	ld_json_out_key(&out, "headers");
	ld_json_out_object(&out);
	for (size_t i = 0; i < req->n_headers; i++) {
		const struct ldi_target_header *h = &req->headers[i];

		ld_json_out_keyn(&out, h->name.p, h->name.len);
		ld_json_out_stringn(&out, h->value.p, h->value.len);
	}
	ld_json_out_end(&out);
	ld_json_out_key(&out, "body");
	ld_json_out_stringn(&out, req->body.p, req->body.len);
	put_base64(&out, "head_base64", req->raw, coded);
	put_base64(&out, "body_base64", req->body, coded);
	ld_json_out_end(&out);
	ld_buf_addc(buf, '\n');
}

void
ldi_target_log(struct ldi_target_counts *counts,
    const struct ldi_target_request *req, struct ld_buf *scratch)
{
	struct ld_buf coded;
	const char *text;
	char *line;

	if (counts->log == NULL)
		return;
	ld_buf_reset(scratch);
	ld_buf_init(&coded, scratch->max);
	log_line(req, scratch, &coded);
	ld_buf_clear(&coded);
	text = ld_buf_str(scratch);
	line = text != NULL ? strdup(text) : NULL;
	if (line == NULL)
		return;
	while (counts->log_n > 0 &&
	       (counts->log_n == LDI_TARGET_MAX_LOG ||
		   counts->log_bytes + scratch->len > LDI_TARGET_MAX_LOG_BYTES))
		log_drop_first(counts);
	*log_slot(counts, counts->log_n++) = line;
	counts->log_bytes += scratch->len;
}

void
ldi_target_log_lines(const struct ldi_target_counts *counts, struct ld_buf *out)
{
	for (size_t i = 0; i < counts->log_n; i++)
		ld_buf_adds(out, *log_slot(counts, i));
}
