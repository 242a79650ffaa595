/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/num.h>
#include <ld/time.h>

#include "target/fault.h"
#include "target/form.h"

#define AT LDI_FAULT_AT
#define AS LDI_FAULT_AS
#define N LDI_FAULT_N
#define EVERY LDI_FAULT_EVERY
#define BYTES LDI_FAULT_BYTES
#define LAYERS LDI_FAULT_LAYERS

/* clang-format off */
static const struct ldi_fault_kind kinds[] = {
	{ "close", AT, ldi_fault_cut, LDI_SCRIPT_CLOSE, { NULL },
	  "an orderly end behind at bytes of the answer, 0 by default" },
	{ "reset", AT, ldi_fault_cut, LDI_SCRIPT_RESET, { NULL },
	  "the same, by RST" },
	{ "stall", AT, ldi_fault_cut, LDI_SCRIPT_STALL, { NULL },
	  "silence behind at bytes, on a connection that stays open" },
	{ "half-close", AT, ldi_fault_cut, LDI_SCRIPT_HALF, { NULL },
	  "the end of our side behind at bytes, while we read on" },
	{ "truncate", 0, ldi_fault_cut, LDI_SCRIPT_CLOSE, { NULL },
	  "an orderly end in the middle of the body" },
	{ "garbage", AS, ldi_fault_garbage, LDI_SCRIPT_CLOSE,
	  { "binary", "ssh", "http09", "version", "status", "text", "empty" },
	  "bytes that are no answer" },
	{ "head", AS | N, ldi_fault_head, LDI_SCRIPT_GO_ON,
	  { "many", "line", "nul", "fold", "colon", "blank", "control" },
	  "a head of n more lines, of a line of n bytes (without end by "
	  "default), or one that is malformed" },
	{ "body", AS, ldi_fault_body, LDI_SCRIPT_CLOSE,
	  { "chunked", "length", "close" },
	  "a body that never ends" },
	{ "chunk", AS, ldi_fault_chunk, LDI_SCRIPT_CLOSE,
	  { "size", "negative", "huge", "overflow", "extension", "end",
	    "missing", "trailer" },
	  "a chunked body with framing that is wrong" },
	{ "length", AS, ldi_fault_length, LDI_SCRIPT_GO_ON,
	  { "short", "long", "two", "both", "negative", "overflow", "text" },
	  "a Content-Length that is wrong" },
	{ "slow", AT | EVERY, ldi_fault_slow, LDI_SCRIPT_GO_ON, { NULL },
	  "one byte per every, 100 ms by default, from at bytes on" },
	{ "interim", AS | N, ldi_fault_interim, LDI_SCRIPT_GO_ON,
	  { "103", "100", "102", "101" },
	  "n interim answers, without end by default, then the real one" },
	{ "redirect", AS, ldi_fault_redirect, LDI_SCRIPT_GO_ON,
	  { "loop", "scheme", "refused", "nowhere", "two" },
	  "a Location that leads nowhere good" },
	{ "bomb", AS | BYTES | LAYERS, ldi_fault_bomb, LDI_SCRIPT_GO_ON,
	  { "gzip", "deflate" },
	  "a small body that decodes to bytes zeros, 1 GiB by default, packed "
	  "layers times" },
	{ "coding", AS, ldi_fault_coding, LDI_SCRIPT_GO_ON,
	  { "truncated", "corrupt", "unknown", "plain" },
	  "a body whose coding is broken" },
	{ "surplus", AS, ldi_fault_surplus, LDI_SCRIPT_GO_ON,
	  { "answer", "bytes", "status204", "status304", "head" },
	  "a second answer, or bytes where none may be" },
	{ "idle", EVERY, ldi_fault_idle, LDI_SCRIPT_CLOSE, { NULL },
	  "a whole answer, and every behind it the end of the connection, "
	  "whatever was asked meanwhile" },
};
/* clang-format on */

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))
_Static_assert(N_KINDS == LDI_FAULT_KINDS, "one count for each kind");

const struct ldi_fault_kind *const *
ldi_fault_kinds(void)
{
	static const struct ldi_fault_kind *list[N_KINDS + 1];

	for (size_t i = 0; i < N_KINDS; i++)
		list[i] = &kinds[i];
	return list;
}

size_t
ldi_fault_index(const struct ldi_fault_kind *kind)
{
	return (size_t)(kind - kinds);
}

static const struct ldi_fault_kind *
find_kind(struct ldi_slice name, struct ld_err *err)
{
	char word[40];
	const char *near;

	for (size_t i = 0; i < N_KINDS; i++)
		if (ldi_slice_is(name, kinds[i].name))
			return &kinds[i];
	ld_err_set(err, LD_INVALID, "there is no fault '%.*s'",
	    name.len > 40 ? 40 : (int)name.len, name.p);
	if (name.len >= sizeof(word))
		return NULL;
	memcpy(word, name.p, name.len);
	word[name.len] = '\0';
	near = ld_err_nearest(word, &kinds[0].name, N_KINDS, sizeof(kinds[0]));
	if (near != NULL)
		ld_err_set(err, LD_INVALID,
		    "there is no fault '%s'; did you mean '%s'?", word, near);
	return NULL;
}

static enum ld_status
read_form(struct ldi_fault *fault, struct ldi_slice value, struct ld_err *err)
{
	const char *const *forms = fault->kind->forms;

	for (unsigned i = 0; i < LDI_FAULT_FORMS && forms[i] != NULL; i++)
		if (ldi_slice_is(value, forms[i])) {
			fault->form = i;
			return LD_OK;
		}
	return ld_err_set(err, LD_INVALID, "%s: there is no form '%.*s'",
	    fault->kind->name, value.len > 40 ? 40 : (int)value.len, value.p);
}

static enum ld_status
read_path(struct ldi_fault *fault, struct ldi_slice value, struct ld_err *err)
{
	if (value.len == 0 || value.p[0] != '/' ||
	    value.len >= sizeof(fault->path))
		return ld_err_set(err, LD_INVALID,
		    "'%.*s' is no path of at most %d bytes",
		    value.len > 40 ? 40 : (int)value.len, value.p,
		    LDI_FAULT_PATH - 1);
	memcpy(fault->path, value.p, value.len);
	fault->path[value.len] = '\0';
	return LD_OK;
}

/* "0.01" or "1%". */
static enum ld_status
read_share(struct ldi_fault *fault, struct ldi_slice value, struct ld_err *err)
{
	double share;

	if (ld_num_share(value.p, value.len, &share) && share > 0) {
		fault->share = share;
		return LD_OK;
	}
	return ld_err_set(err, LD_INVALID,
	    "'%.*s' is no share such as 0.01 or 1%%",
	    value.len > 40 ? 40 : (int)value.len, value.p);
}

static enum ld_status
read_param(struct ldi_fault *fault, struct ldi_slice name,
    struct ldi_slice value, bool common, struct ld_err *err)
{
	unsigned has = fault->kind->params;

	if ((has & AT) && ldi_slice_is(name, "at")) {
		fault->has_at = true;
		return ld_num_u64(value.p, value.len, &fault->at, err);
	}
	if ((has & AS) && ldi_slice_is(name, "as"))
		return read_form(fault, value, err);
	if ((has & N) && ldi_slice_is(name, "n"))
		return ld_num_u64(value.p, value.len, &fault->n, err);
	if ((has & EVERY) && ldi_slice_is(name, "every"))
		return ld_duration_parse(
		    value.p, value.len, &fault->every_ns, err);
	if ((has & BYTES) && ldi_slice_is(name, "bytes"))
		return ld_num_size(value.p, value.len, &fault->bytes, err);
	if ((has & LAYERS) && ldi_slice_is(name, "layers"))
		return ld_num_u64(value.p, value.len, &fault->layers, err);
	if (common && ldi_slice_is(name, "share"))
		return read_share(fault, value, err);
	if (common && ldi_slice_is(name, "path"))
		return read_path(fault, value, err);
	return ld_err_set(err, LD_INVALID, "%s has no parameter '%.*s'",
	    fault->kind->name, name.len > 40 ? 40 : (int)name.len, name.p);
}

static enum ld_status
check(const struct ldi_fault *fault, struct ld_err *err)
{
	if (fault->bytes > LDI_FAULT_BOMB_MAX)
		return ld_err_set(err, LD_INVALID,
		    "bytes: at most %llu GiB can be had",
		    (unsigned long long)(LDI_FAULT_BOMB_MAX >> 30));
	if (fault->layers < 1 || fault->layers > 5)
		return ld_err_set(
		    err, LD_INVALID, "layers: from 1 to 5 can be had");
	if (fault->every_ns == 0)
		return ld_err_set(err, LD_INVALID, "every: more than 0");
	return LD_OK;
}

enum ld_status
ldi_fault_read(struct ldi_fault *fault, struct ldi_slice kind,
    struct ldi_slice params, bool common, struct ld_err *err)
{
	struct ldi_pairs pairs;
	enum ld_status st = LD_OK;

	*fault = (struct ldi_fault){ .kind = find_kind(kind, err),
		.n = LDI_SCRIPT_ENDLESS,
		.bytes = (uint64_t)1 << 30,
		.layers = 1,
		.every_ns = 100 * LD_NS_PER_MS,
		.share = 1 };
	if (fault->kind == NULL)
		return LD_INVALID;
	ldi_pairs_init(&pairs);
	ldi_pairs_urlencoded(&pairs, params);
	if (pairs.text.failed)
		st = ld_err_set(err, LD_NOMEM, "a fault");
	for (size_t i = 0; i < pairs.n && st == LD_OK; i++)
		st = read_param(fault, ldi_pairs_name(&pairs, i),
		    ldi_pairs_value(&pairs, i), common, err);
	ldi_pairs_clear(&pairs);
	return st == LD_OK ? check(fault, err) : st;
}
