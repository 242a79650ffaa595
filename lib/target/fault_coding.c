/* SPDX-License-Identifier: MIT */
/* Faults of content codings: bombs, and bodies that cannot be decoded. */
#include "config.h"

#include <string.h>

#define ZLIB_CONST /* next_in may be constant */
#include <zlib.h>

#include "target/fault.h"
#include "target/server.h"

#define BLOCK ((size_t)1 << 20)

static void
add_le32(struct ld_buf *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		ld_buf_addc(out, (char)(value >> (8 * i) & 0xff));
}

static void
add_be32(struct ld_buf *out, uint32_t value)
{
	for (int i = 3; i >= 0; i--)
		ld_buf_addc(out, (char)(value >> (8 * i) & 0xff));
}

/* Deflate without a wrapping, ending at a byte and forgetting what was before,
 * so that copies of it can stand behind each other. */
static bool
add_raw(struct ld_buf *out, const char *data, size_t len)
{
	z_stream z = { .next_in = (const Bytef *)data, .avail_in = (uInt)len };
	size_t room = len + len / 100 + 64;
	bool ok;

	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 9,
		Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	ok = ld_buf_reserve(out, room) == LD_OK;
	if (ok) {
		z.next_out = (Bytef *)out->data + out->len;
		z.avail_out = (uInt)room;
		ok = deflate(&z, Z_FULL_FLUSH) == Z_OK && z.avail_in == 0 &&
		     z.avail_out > 0;
		out->len += room - z.avail_out;
	}
	deflateEnd(&z);
	return ok;
}

/* `len` bytes, `times` over, in either coding. */
static bool
pack(struct ld_buf *out, bool gzip, const char *data, size_t len,
    uint64_t times, const char *rest, size_t rest_len)
{
	static const char gzip_head[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03";
	const Bytef *bytes = (const Bytef *)data;
	uLong one =
	    gzip ? crc32(0, bytes, (uInt)len) : adler32(1, bytes, (uInt)len);
	uLong sum = gzip ? crc32(0, NULL, 0) : adler32(0, NULL, 0);
	size_t start, size;

	ld_buf_add(out, gzip ? gzip_head : "\x78\xda", gzip ? 10 : 2);
	start = out->len;
	if (times > 0 && !add_raw(out, data, len))
		return false;
	size = out->len - start;
	for (uint64_t i = 0; i < times && !out->failed; i++) {
		if (i > 0 && ld_buf_reserve(out, size) == LD_OK)
			ld_buf_add(out, out->data + start, size);
		sum = gzip ? crc32_combine(sum, one, (z_off_t)len)
			   : adler32_combine(sum, one, (z_off_t)len);
	}
	if (rest_len > 0 && !add_raw(out, rest, rest_len))
		return false;
	sum = gzip ? crc32(sum, (const Bytef *)rest, (uInt)rest_len)
		   : adler32(sum, (const Bytef *)rest, (uInt)rest_len);
	ld_buf_add(out, "\x03\x00", 2);
	if (gzip) {
		add_le32(out, (uint32_t)sum);
		add_le32(out, (uint32_t)(len * times + rest_len));
	} else {
		add_be32(out, (uint32_t)sum);
	}
	return !out->failed;
}

static void
send_coded(struct ldi_script *script, const char *coding, uint64_t layers,
    const char *body, size_t len)
{
	struct ld_buf head;

	ld_buf_init(&head, 4096);
	ld_buf_adds(&head, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
			   "Content-Encoding: ");
	for (uint64_t i = 0; i < layers; i++)
		ld_buf_addf(&head, "%s%s", i > 0 ? ", " : "", coding);
	ld_buf_addf(&head, "\r\nContent-Length: %zu\r\n\r\n", len);
	ldi_script_send(script, head.data, head.len);
	ldi_script_send(script, body, len);
	ld_buf_clear(&head);
}

void
ldi_fault_bomb(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	static const char zeros[BLOCK];
	bool gzip = fault->form == 0;
	struct ld_buf layer, next;

	(void)answer;
	ld_buf_init(&layer, LDI_TARGET_MAX_REPLY);
	ld_buf_init(&next, LDI_TARGET_MAX_REPLY);
	script->failed |= !pack(&layer, gzip, zeros, BLOCK,
	    fault->bytes / BLOCK, zeros, (size_t)(fault->bytes % BLOCK));
	for (uint64_t i = 1; i < fault->layers && !script->failed; i++) {
		struct ld_buf swap = layer;

		ld_buf_reset(&next);
		script->failed |=
		    !pack(&next, gzip, "", 0, 0, layer.data, layer.len);
		layer = next;
		next = swap;
	}
	if (!script->failed)
		send_coded(script, fault->kind->forms[fault->form],
		    fault->layers, layer.data, layer.len);
	ld_buf_clear(&layer);
	ld_buf_clear(&next);
}

void
ldi_fault_coding(const struct ldi_fault *fault,
    const struct ldi_fault_answer *answer, struct ldi_script *script)
{
	static const char text[] =
	    "{\"text\":\"a body that would have been decoded\"}\n";
	const char *form = fault->kind->forms[fault->form];
	struct ld_buf coded;

	(void)answer;
	ld_buf_init(&coded, 4096);
	if (!pack(&coded, true, "", 0, 0, text, sizeof(text) - 1)) {
		script->failed = true;
	} else if (strcmp(form, "truncated") == 0) {
		send_coded(script, "gzip", 1, coded.data, coded.len / 2);
	} else if (strcmp(form, "corrupt") == 0) {
		coded.data[coded.len / 2] ^= 0x55;
		send_coded(script, "gzip", 1, coded.data, coded.len);
	} else if (strcmp(form, "unknown") == 0) {
		send_coded(script, "x-unknown", 1, text, sizeof(text) - 1);
	} else {
		send_coded(script, "gzip", 1, text, sizeof(text) - 1);
	}
	ld_buf_clear(&coded);
}
