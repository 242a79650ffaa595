/* SPDX-License-Identifier: MIT */
/*
 * gzip, deflate (with and without the zlib header: servers send both under
 * that name) and br, whole bodies at a time.
 */
#include "config.h"

#include <limits.h>
#include <string.h>

#ifdef HAVE_BROTLI
#include <brotli/decode.h>
#endif

#include <ld/limits.h>

#include "base/http_text.h"
#include "http/coding.h"

/* Output grows by at least this. */
#define STEP ((size_t)32 << 10)
/* Below this a ratio says nothing. */
#define RATIO_FROM ((size_t)1 << 20)
/* Output memory above this is given back after use. */
#define KEEP_BYTES ((size_t)1 << 20)

/* What one decoding step left. */
enum step {
	STEP_MORE,    /* wants room */
	STEP_STARVED, /* wants input that is not there */
	STEP_END,
	STEP_BROKEN,
	STEP_NOMEM,
};

enum ldi_coding
ldi_coding_named(const char *value, size_t len)
{
	if (len == 0 || ldi_http_same(value, len, "identity"))
		return LDI_CODING_IDENTITY;
	if (ldi_http_same(value, len, "gzip") ||
	    ldi_http_same(value, len, "x-gzip"))
		return LDI_CODING_GZIP;
	if (ldi_http_same(value, len, "deflate"))
		return LDI_CODING_DEFLATE;
	return ldi_http_same(value, len, "br") ? LDI_CODING_BR
					       : LDI_CODING_OTHER;
}

void
ldi_coding_init(struct ldi_coding_decoder *d)
{
	memset(d, 0, sizeof(*d));
	ld_buf_init(&d->out, LD_MAX_DECODED_BYTES);
}

void
ldi_coding_clear(struct ldi_coding_decoder *d)
{
	ld_buf_clear(&d->out);
	if (d->z_ready)
		inflateEnd(&d->z);
	d->z_ready = false;
}

/* Room for one more step.  NULL, or the limit that was met. */
static const char *
make_room(struct ldi_coding_decoder *d, size_t coded)
{
	size_t len = d->out.len, more = STEP;

	if (len > RATIO_FROM && len / LD_MAX_DECODE_RATIO > coded)
		return "the decoded body is more than 200 times its coded size";
	if (len >= LD_MAX_DECODED_BYTES)
		return "the decoded body is over the limit of 64 MiB";
	if (d->out.cap > len && d->out.cap - len >= STEP)
		return NULL;
	if (more < len / 2)
		more = len / 2;
	if (more > LD_MAX_DECODED_BYTES - len)
		more = LD_MAX_DECODED_BYTES - len;
	return ld_buf_reserve(&d->out, more) == LD_OK
		   ? NULL
		   : "no memory to decode the body";
}

static bool
inflate_reset(struct ldi_coding_decoder *d, int bits)
{
	if (d->z_ready)
		return inflateReset2(&d->z, bits) == Z_OK;
	memset(&d->z, 0, sizeof(d->z));
	d->z_ready = inflateInit2(&d->z, bits) == Z_OK;
	return d->z_ready;
}

/* RFC 1950: method 8, and the two bytes are a multiple of 31. */
static bool
has_zlib_header(const char *data, size_t len)
{
	unsigned a, b;

	if (len < 2)
		return false;
	a = (unsigned char)data[0];
	b = (unsigned char)data[1];
	return (a & 15) == 8 && (a * 256 + b) % 31 == 0;
}

static enum step
inflate_step(struct ldi_coding_decoder *d)
{
	size_t room = d->out.cap - d->out.len;
	unsigned gave = room < UINT_MAX ? (unsigned)room : UINT_MAX;
	int rc;

	d->z.next_out = (unsigned char *)d->out.data + d->out.len;
	d->z.avail_out = gave;
	rc = inflate(&d->z, Z_NO_FLUSH);
	d->out.len += gave - d->z.avail_out;
	if (rc == Z_STREAM_END)
		return STEP_END;
	if (rc == Z_MEM_ERROR)
		return STEP_NOMEM;
	if (rc != Z_OK && rc != Z_BUF_ERROR)
		return STEP_BROKEN;
	return d->z.avail_out == 0 ? STEP_MORE : STEP_STARVED;
}

static enum ld_class
failed(enum step step, const char **text_out)
{
	if (step == STEP_NOMEM) {
		*text_out = "no memory to decode the body";
		return LD_CLASS_LOCAL_MEMORY;
	}
	*text_out = step == STEP_STARVED ? "the coded body is cut short"
					 : "the coded body is corrupt";
	return LD_CLASS_DECODE;
}

static enum ld_class
decode_zlib(struct ldi_coding_decoder *d, int bits, const char *data,
    size_t len, const char **text_out)
{
	union {
		const char *in;
		unsigned char *next; /* zlib does not write there */
	} alias = { .in = data };

	if (!inflate_reset(d, bits))
		return failed(STEP_NOMEM, text_out);
	d->z.next_in = alias.next;
	d->z.avail_in = (unsigned)len; /* at most LD_MAX_BODY_KEPT */
	for (;;) {
		enum step step;

		*text_out = make_room(d, len);
		if (*text_out != NULL)
			return LD_CLASS_DECODE;
		step = inflate_step(d);
		if (step == STEP_MORE)
			continue;
		if (step != STEP_END)
			return failed(step, text_out);
		if (d->z.avail_in == 0)
			return LD_CLASS_NONE;
		/* gzip may have further members (RFC 1952, 2.2). */
		if (bits < 16 + MAX_WBITS || inflateReset(&d->z) != Z_OK)
			return failed(STEP_BROKEN, text_out);
	}
}

#ifdef HAVE_BROTLI
static enum ld_class
decode_br(struct ldi_coding_decoder *d, const char *data, size_t len,
    const char **text_out)
{
	BrotliDecoderState *br = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	const uint8_t *in = (const uint8_t *)data;
	size_t in_len = len;
	enum ld_class cls = LD_CLASS_DECODE;

	if (br == NULL)
		return failed(STEP_NOMEM, text_out);
	for (;;) {
		size_t room;
		uint8_t *out;
		BrotliDecoderResult rc;

		*text_out = make_room(d, len);
		if (*text_out != NULL)
			break;
		room = d->out.cap - d->out.len;
		out = (uint8_t *)d->out.data + d->out.len;
		rc = BrotliDecoderDecompressStream(
		    br, &in_len, &in, &room, &out, NULL);
		d->out.len = d->out.cap - room;
		if (rc == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
			continue;
		if (rc == BROTLI_DECODER_RESULT_SUCCESS && in_len == 0)
			cls = LD_CLASS_NONE;
		else
			cls =
			    failed(rc == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT
				       ? STEP_STARVED
				       : STEP_BROKEN,
				text_out);
		break;
	}
	BrotliDecoderDestroyInstance(br);
	return cls;
}
#endif

enum ld_class
ldi_coding_undo(struct ldi_coding_decoder *d, enum ldi_coding coding,
    const char *data, size_t len, const char **text_out)
{
	*text_out = NULL;
	if (d->out.cap > KEEP_BYTES)
		ld_buf_clear(&d->out);
	ld_buf_reset(&d->out);
	if (len == 0)
		return LD_CLASS_NONE;
	switch (coding) {
	case LDI_CODING_IDENTITY:
		break;
	case LDI_CODING_GZIP:
		return decode_zlib(d, 16 + MAX_WBITS, data, len, text_out);
	case LDI_CODING_DEFLATE:
		return decode_zlib(d,
		    has_zlib_header(data, len) ? MAX_WBITS : -MAX_WBITS, data,
		    len, text_out);
	case LDI_CODING_BR:
#ifdef HAVE_BROTLI
		return decode_br(d, data, len, text_out);
#endif
	case LDI_CODING_OTHER:
		break;
	}
	*text_out = "the body's content coding is not supported";
	return LD_CLASS_DECODE;
}
