/* SPDX-License-Identifier: MIT */
/*
 * Nearly every line of a result stream is a sample, and nearly every sample
 * has exactly the form in which ld_sample_write() writes it.  That form is
 * recognised here, eight bytes at a time; whatever differs in the least is
 * left to the general reader.
 */
#include "config.h"

#include <string.h>

#include <ld/limits.h>

#include "data/record_decode.h"
#include "data/record_fast.h"

/* The word tricks below count bytes from the least significant one. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#define ONES UINT64_C(0x0101010101010101)
#define HIGH UINT64_C(0x8080808080808080)

static inline uint64_t
load(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return word;
}

struct cursor {
	const char *p;
	const char *end;
	bool failed;
};

/* Take a literal, or do nothing. */
static inline bool
take(struct cursor *in, const char *text, size_t len)
{
	if ((size_t)(in->end - in->p) < len || memcmp(in->p, text, len) != 0)
		return false;
	in->p += len;
	return true;
}

#define TAKE(in, literal) take(in, literal, sizeof(literal) - 1)

/* Bytes of a word, in order, that are no digits have their top bit set. */
static inline uint64_t
not_digits(uint64_t word)
{
	uint64_t value = word ^ 0x30 * ONES;

	return ((value + 0x76 * ONES) | value) & HIGH;
}

/* n digits at the front of a word, 1 <= n <= 8. */
static inline uint64_t
digits_value(uint64_t word, unsigned n)
{
	uint64_t v = (word ^ 0x30 * ONES) << (64 - 8 * n);

	v = (v * 10 + (v >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	v = (v * 100 + (v >> 16)) & UINT64_C(0x0000ffff0000ffff);
	return (v * 10000 + (v >> 32)) & UINT32_MAX;
}

static inline uint64_t
number(struct cursor *in, uint64_t max)
{
	const char *begin = in->p;
	uint64_t value = 0;

	for (int part = 0; part < 2; part++) {
		static const uint64_t power[] = { 1, 10, 100, 1000, 10000,
			100000, 1000000, 10000000, 100000000 };
		uint64_t word = load(in->p), stop = not_digits(word);
		unsigned n = stop ? (unsigned)__builtin_ctzll(stop) / 8 : 8;

		if (n == 0)
			break;
		value = value * power[n] + digits_value(word, n);
		in->p += n;
		if (n < 8)
			break;
	}
	/* Sixteen digits and more may be numbers, but not of ours. */
	if (in->p == begin || in->p - begin == 16 || value > max ||
	    (*begin == '0' && in->p - begin > 1))
		in->failed = true;
	return value;
}

/* A string behind its first quote: printable ASCII, no backslash. */
static inline struct ld_str
string(struct cursor *in)
{
	struct ld_str text = { in->p, 0 };

	for (;;) {
		uint64_t word = load(in->p);
		uint64_t quote = word ^ '"' * ONES, slash = word ^ '\\' * ONES;
		uint64_t stop = ((quote - ONES) & ~quote) |
				((slash - ONES) & ~slash) |
				(word - 0x20 * ONES) | word;

		stop &= HIGH;
		if (stop) {
			in->p += (unsigned)__builtin_ctzll(stop) / 8;
			break;
		}
		in->p += 8;
		if (in->p >= in->end)
			break;
	}
	if (in->p >= in->end || *in->p != '"') {
		in->failed = true;
		return text;
	}
	text.len = (size_t)(in->p++ - text.data);
	return text;
}

#define INTEGER LDI_RECORD_INTEGER_MAX

static bool
head(struct cursor *in, struct ld_sample *s)
{
	if (!TAKE(in, "{\"type\":\"sample\",\"run\":\""))
		return false;
	s->run = string(in);
	if (in->failed || !TAKE(in, ",\"user_type\":\""))
		return false;
	s->series.user_type = string(in);
	if (in->failed || !TAKE(in, ",\"request_type\":\""))
		return false;
	s->series.request_type = string(in);
	if (in->failed || !TAKE(in, ",\"name\":\""))
		return false;
	s->series.name = string(in);
	if (in->failed || !TAKE(in, ",\"task\":"))
		return false;
	s->task = (uint32_t)number(in, UINT32_MAX);
	s->open_model = TAKE(in, ",\"arrival\":");
	if (!s->open_model && !TAKE(in, ",\"user\":"))
		return false;
	s->key = number(in, INTEGER);
	return !in->failed;
}

static bool
times(struct cursor *in, struct ld_sample *s)
{
	if (!TAKE(in, ",\"pass\":"))
		return false;
	s->pass = number(in, INTEGER);
	if (!TAKE(in, ",\"intended_ns\":"))
		return false;
	s->intended_ns = number(in, INTEGER);
	if (!TAKE(in, ",\"start_ns\":"))
		return false;
	s->start_ns = number(in, INTEGER);
	if (!TAKE(in, ",\"response_ns\":"))
		return false;
	s->response_ns = number(in, INTEGER);
	if (!TAKE(in, ",\"service_ns\":"))
		return false;
	s->service_ns = number(in, INTEGER);
#define PHASE(id, name)                    \
	if (TAKE(in, ",\"" name "_ns\":")) \
		s->phase_ns[LD_PHASE_##id] = number(in, INTEGER);
	LD_PHASE_MAP(PHASE)
#undef PHASE
	return !in->failed;
}

static bool
failure(struct cursor *in, struct ld_sample *s)
{
	struct ld_str name;

	s->outcome = LD_FAILURE;
	s->cls = LD_CLASS_INTERNAL;
	if (!TAKE(in, "\"failure\",\"class\":\""))
		return false;
	name = string(in);
	if (in->failed)
		return false;
	s->cls = ld_class_find(name.data, name.len);
	if (s->cls == LD_CLASS_N || !TAKE(in, ",\"text\":\""))
		return false;
	s->text = string(in);
	return !in->failed;
}

static bool
outcome(struct cursor *in, struct ld_sample *s)
{
	if (TAKE(in, ",\"status\":"))
		s->status = (int32_t)number(in, INT32_MAX);
	if (!TAKE(in, ",\"bytes_out\":"))
		return false;
	s->bytes_out = number(in, INTEGER);
	if (!TAKE(in, ",\"bytes_in\":"))
		return false;
	s->bytes_in = number(in, INTEGER);
	if (!TAKE(in, ",\"outcome\":"))
		return false;
	if (TAKE(in, "\"success\""))
		return true;
	if (TAKE(in, "\"aborted\"")) {
		s->outcome = LD_ABORTED;
		return true;
	}
	return failure(in, s);
}

static bool
rest(struct cursor *in, struct ld_sample *s)
{
	if (TAKE(in, ",\"hops\":"))
		s->hops = (uint32_t)number(in, UINT32_MAX);
	if (TAKE(in, ",\"attempts\":"))
		s->attempts = (uint32_t)number(in, UINT32_MAX);
	if (TAKE(in, ",\"wire\":"))
		s->wire = (uint32_t)number(in, UINT32_MAX);
	return TAKE(in, "}\n") && in->p == in->end && !in->failed;
}

bool
ldi_sample_fast(const char *line, size_t len, struct ld_sample *out)
{
	struct cursor in = { line, line + len, false };

	memset(out, 0, sizeof *out);
	out->status = -1;
	out->attempts = out->wire = 1;
	out->text.data = "";
	return head(&in, out) && times(&in, out) && outcome(&in, out) &&
	       rest(&in, out);
}

#else

bool
ldi_sample_fast(const char *line, size_t len, struct ld_sample *out)
{
	(void)line, (void)len, (void)out;
	return false;
}

#endif
