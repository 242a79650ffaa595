/* SPDX-License-Identifier: MIT */
/*
 * Endpoints that send what they were asked for.
 */
#include "config.h"

#include <string.h>
#include <zlib.h>

#include <ld/num.h>
#include <ld/rng.h>
#include <ld/time.h>

#include "target/handlers.h"

#define MAX_BYTES ((uint64_t)10 << 20)
#define MAX_DELAY_S 10.0
#define MAX_DRIP_S 60.0

void
ldi_serve_status(struct ldi_call *call)
{
	uint64_t status;

	if (!ldi_answer_number(call, 599, &status))
		return;
	if (status < 200) {
		ldi_reply_error(
		    call->reply, 400, "a status below 200 is no final answer");
		return;
	}
	call->reply->status = (unsigned)status;
	if (status == 401)
		ld_buf_adds(call->reply->head,
		    "WWW-Authenticate: Basic realm=\"ld-target\"\r\n");
	else if (status >= 301 && status <= 308 && status != 304)
		ld_buf_adds(call->reply->head, "Location: /redirect/1\r\n");
}

/* The same N and seed give the same bytes. */
void
ldi_serve_bytes(struct ldi_call *call)
{
	struct ld_buf *body = call->reply->body;
	struct ldi_pairs query;
	struct ld_rng_key key = { 0 };
	struct ldi_slice seed;
	uint64_t n;
	bool ok = true;

	if (!ldi_answer_number(call, MAX_BYTES, &n))
		return;
	ldi_pairs_init(&query);
	ldi_pairs_urlencoded(&query, call->req->query);
	seed = ldi_pairs_get(&query, "seed");
	if (seed.p != NULL)
		ok = ld_num_u64(seed.p, seed.len, &key.seed, NULL) == LD_OK;
	ldi_pairs_clear(&query);
	if (!ok || ld_buf_reserve(body, (size_t)n + 8) != LD_OK) {
		ldi_reply_error(call->reply, ok ? 500 : 400,
		    ok ? "out of memory" : "seed must be a number");
		return;
	}
	call->reply->type = "application/octet-stream";
	for (uint32_t i = 0; body->len < n; i++) {
		uint64_t word = ld_rng_u64(&key, i);

		ld_buf_add(body, &word, sizeof(word));
	}
	body->len = (size_t)n;
}

void
ldi_serve_json(struct ldi_call *call)
{
	call->reply->type = "application/json";
	ld_buf_adds(call->reply->body,
	    "{\"slideshow\":{\"author\":\"ld-target\",\"date\":"
	    "\"date of publication\",\"slides\":[{\"title\":\"Arrivals\","
	    "\"type\":\"all\"},{\"items\":[\"A <em>pass</em> walks the tasks\","
	    "\"A sample ends an exchange\"],\"title\":\"Words\","
	    "\"type\":\"all\"}],\"title\":\"Sample Slide Show\"}}\n");
}

void
ldi_serve_uuid(struct ldi_call *call)
{
	struct ld_rng_key key = { .seed = call->t->seed };
	uint64_t draw = call->t->random++;
	uint64_t high, low;

	key.key = draw;
	high = (ld_rng_u64(&key, 0) & ~UINT64_C(0xf000)) | 0x4000;
	low = (ld_rng_u64(&key, 1) & (UINT64_MAX >> 2)) | UINT64_C(1) << 63;
	call->reply->type = "application/json";
	ld_buf_addf(call->reply->body,
	    "{\"uuid\":\"%08llx-%04llx-%04llx-%04llx-%012llx\"}\n",
	    (unsigned long long)(high >> 32),
	    (unsigned long long)(high >> 16 & 0xffff),
	    (unsigned long long)(high & 0xffff),
	    (unsigned long long)(low >> 48),
	    (unsigned long long)(low & UINT64_C(0xffffffffffff)));
}

/* -- coded ---------------------------------------------------------------- */

/* window_bits as zlib has them: 15 = zlib, 15 + 16 = gzip. */
static bool
deflate_into(const struct ld_buf *plain, int window_bits, struct ld_buf *out)
{
	z_stream z = { 0 };
	bool ok;
	uLong bound;

	if (plain->failed || deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
				 window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	bound = deflateBound(&z, (uLong)plain->len);
	ok = ld_buf_reserve(out, bound) == LD_OK;
	if (ok) {
		z.next_in = (Bytef *)plain->data;
		z.avail_in = (uInt)plain->len;
		z.next_out = (Bytef *)out->data + out->len;
		z.avail_out = (uInt)bound;
		ok = deflate(&z, Z_FINISH) == Z_STREAM_END;
		out->len += bound - z.avail_out;
	}
	deflateEnd(&z);
	return ok;
}

static void
serve_coded(struct ldi_call *call, const char *coding, const char *flag,
    int window_bits)
{
	struct ld_buf plain;
	struct ld_json_out out;

	ld_buf_init(&plain, LDI_TARGET_MAX_REPLY);
	ld_json_out_init(&out, &plain, 0);
	ld_json_out_object(&out);
	ldi_answer_echo(call, &out, false);
	ld_json_out_key(&out, flag);
	ld_json_out_bool(&out, true);
	ld_json_out_end(&out);
	ld_buf_addc(&plain, '\n');
	if (deflate_into(&plain, window_bits, call->reply->body)) {
		call->reply->type = "application/json";
		ld_buf_addf(
		    call->reply->head, "Content-Encoding: %s\r\n", coding);
	} else {
		ldi_reply_error(call->reply, 500, "out of memory");
	}
	ld_buf_clear(&plain);
}

void
ldi_serve_gzip(struct ldi_call *call)
{
	serve_coded(call, "gzip", "gzipped", 15 + 16);
}

void
ldi_serve_deflate(struct ldi_call *call)
{
	serve_coded(call, "deflate", "deflated", 15);
}

/* -- late ----------------------------------------------------------------- */

void
ldi_serve_delay(struct ldi_call *call)
{
	double seconds;

	if (ld_num_double(call->tail.p, call->tail.len, &seconds, NULL) !=
		LD_OK ||
	    !(seconds >= 0)) {
		ldi_reply_error(
		    call->reply, 400, "the path must end in seconds");
		return;
	}
	if (seconds > MAX_DELAY_S)
		seconds = MAX_DELAY_S;
	ldi_serve_echo(call);
	call->reply->delay_ns = (uint64_t)(seconds * (double)LD_NS_PER_S);
}

void
ldi_serve_drip(struct ldi_call *call)
{
	struct ldi_reply *reply = call->reply;
	struct ldi_pairs query;
	double bytes, duration_s, delay_s, code;
	bool ok;

	ldi_pairs_init(&query);
	ldi_pairs_urlencoded(&query, call->req->query);
	ok = ldi_answer_query(&query, "numbytes", 10, MAX_BYTES, &bytes);
	ok &= ldi_answer_query(&query, "duration", 2, MAX_DRIP_S, &duration_s);
	ok &= ldi_answer_query(&query, "delay", 0, MAX_DELAY_S, &delay_s);
	ok &= ldi_answer_query(&query, "code", 200, 599, &code);
	ldi_pairs_clear(&query);
	if (!ok || code < 200) {
		ldi_reply_error(reply, 400,
		    "numbytes, duration, delay or code is out of bounds");
		return;
	}
	reply->type = "application/octet-stream";
	reply->status = (unsigned)code;
	reply->drip_bytes = (uint64_t)bytes;
	reply->drip_ns = (uint64_t)(duration_s * (double)LD_NS_PER_S);
	reply->delay_ns = (uint64_t)(delay_s * (double)LD_NS_PER_S);
}

/* -- headers on order ----------------------------------------------------- */

bool
ldi_answer_header(
    struct ldi_call *call, struct ldi_slice name, struct ldi_slice value)
{
	struct ld_buf *head = call->reply->head;

	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.p[i] <= ' ' || name.p[i] == ':' ||
		    (unsigned char)name.p[i] >= 0x7f)
			return false;
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.p[i] < ' ' || value.p[i] == 0x7f)
			return false;
	if (name.len == 0)
		return false;
	ld_buf_add(head, name.p, name.len);
	ld_buf_add(head, ": ", 2);
	ld_buf_add(head, value.p, value.len);
	ld_buf_add(head, "\r\n", 2);
	return true;
}

/* Lines that say where the answer ends are not for clients to write. */
static bool
is_framing(struct ldi_slice name)
{
	return ldi_slice_is(name, "content-length") ||
	       ldi_slice_is(name, "transfer-encoding") ||
	       ldi_slice_is(name, "connection");
}

void
ldi_serve_response_headers(struct ldi_call *call)
{
	struct ldi_pairs query;
	struct ld_json_out out;
	bool ok = true;

	ldi_pairs_init(&query);
	ldi_pairs_urlencoded(&query, call->req->query);
	for (size_t i = 0; i < query.n && ok; i++) {
		struct ldi_slice name = ldi_pairs_name(&query, i);

		ok = !is_framing(name) &&
		     ldi_answer_header(call, name, ldi_pairs_value(&query, i));
	}
	if (ok) {
		call->reply->type = "application/json";
		ld_json_out_init(&out, call->reply->body, 0);
		ldi_pairs_json(&query, &out);
		ld_buf_addc(call->reply->body, '\n');
	} else {
		ld_buf_reset(call->reply->head);
		ldi_reply_error(call->reply, 400,
		    "this name or value cannot stand in a header");
	}
	ldi_pairs_clear(&query);
}
