/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/num.h>
#include <ld/time.h>

#include "plan/function.h"
#include "plan/scope.h"

/* RFC 9562 version 4: 122 random bits. */
static size_t
render_uuid(const struct ldi_call *call, struct ld_scope *scope, char *out)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t half[2];
	size_t at = 0;

	(void)call;
	half[0] = ldi_scope_draw(scope);
	half[1] = ldi_scope_draw(scope);
	half[0] = (half[0] & ~UINT64_C(0xf000)) | UINT64_C(0x4000);
	half[1] = (half[1] & ~(UINT64_C(3) << 62)) | UINT64_C(1) << 63;
	for (int i = 0; i < 32; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			out[at++] = '-';
		out[at++] = digits[half[i / 16] >> (60 - 4 * (i % 16)) & 15];
	}
	return at;
}

/* Local time without a zone, as the original has it. */
static size_t
render_now(const struct ldi_call *call, struct ld_scope *scope, char *out)
{
	(void)call;
	ld_local_clock(&scope->now_second, scope->now);
	memcpy(out, scope->now, LD_LOCAL_SIZE - 1);
	return LD_LOCAL_SIZE - 1;
}

static enum ld_status
compile_randint(struct ldi_call *call, const char *const *args,
    const size_t *lens, struct ld_err *err)
{
	int64_t high;
	enum ld_status st = ld_num_i64(args[0], lens[0], &call->low, err);

	if (st == LD_OK)
		st = ld_num_i64(args[1], lens[1], &high, err);
	if (st != LD_OK)
		return ld_err_context(err, "randint");
	if (high < call->low)
		return ld_err_set(err, LD_INVALID,
		    "randint: the second bound is below the first");
	call->span = (uint64_t)high - (uint64_t)call->low;
	return LD_OK;
}

static size_t
render_randint(const struct ldi_call *call, struct ld_scope *scope, char *out)
{
	uint64_t more, n;
	char digits[20];
	size_t len = 0, at = 0;
	int64_t value;

	more = call->span == UINT64_MAX
		   ? ldi_scope_draw(scope)
		   : ldi_scope_draw_below(scope, call->span + 1);
	n = (uint64_t)call->low + more; /* modulo 2^64 is what is meant */
	memcpy(&value, &n, sizeof(value));
	if (value < 0) {
		out[at++] = '-';
		n = 0 - n;
	}
	do {
		digits[len++] = (char)('0' + n % 10);
		n /= 10;
	} while (n != 0);
	while (len != 0)
		out[at++] = digits[--len];
	return at;
}

static const struct ldi_function functions[] = {
	{ "now", 0, LD_JSON_STRING, NULL, render_now },
	{ "randint", 2, LD_JSON_NUMBER, compile_randint, render_randint },
	{ "uuid", 0, LD_JSON_STRING, NULL, render_uuid },
};
#define N_FUNCTIONS (sizeof(functions) / sizeof(functions[0]))

static bool
word_char(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (!first && c >= '0' && c <= '9');
}

bool
ldi_call_like(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && word_char(text[i], i == 0))
		i++;
	return i > 0 && i < len && text[i] == '(' && text[len - 1] == ')';
}

/* At most LDI_CALL_ARGS are kept, all are counted. */
static unsigned
split(const char *text, size_t len, const char **args, size_t *lens)
{
	const char *end = text + len, *from, *to, *stop;
	unsigned n = 0;

	for (;; text = stop + 1) {
		stop = memchr(text, ',', (size_t)(end - text));
		if (stop == NULL)
			stop = end;
		for (from = text; from < stop && *from == ' '; from++)
			;
		for (to = stop; to > from && to[-1] == ' '; to--)
			;
		if (n == 0 && stop == end && from == to)
			return 0;
		if (n < LDI_CALL_ARGS) {
			args[n] = from;
			lens[n] = (size_t)(to - from);
		}
		n++;
		if (stop == end)
			return n;
	}
}

enum ld_status
ldi_call_compile(
    const char *text, size_t len, struct ldi_call *call, struct ld_err *err)
{
	const char *open = memchr(text, '(', len), *args[LDI_CALL_ARGS], *best;
	size_t lens[LDI_CALL_ARGS], name_len = (size_t)(open - text), i;
	const struct ldi_function *function = NULL;
	unsigned n;
	char name[32];

	if (name_len >= sizeof(name))
		name_len = sizeof(name) - 1;
	for (i = 0; i < name_len; i++)
		name[i] = text[i] >= 'A' && text[i] <= 'Z'
			      ? (char)(text[i] + 32)
			      : text[i];
	name[i] = '\0';
	for (i = 0; i < N_FUNCTIONS; i++)
		if (strcmp(functions[i].name, name) == 0)
			function = &functions[i];
	if (function == NULL) {
		best = ld_err_nearest(name, &functions[0].name, N_FUNCTIONS,
		    sizeof(functions[0]));
		return ld_err_set(err, LD_INVALID,
		    "unknown function '%s'; %s%s%s", name,
		    best != NULL ? "did you mean '"
				 : "there are now, randint "
				   "and uuid",
		    best != NULL ? best : "", best != NULL ? "'?" : "");
	}
	n = split(open + 1, len - (size_t)(open + 1 - text) - 1, args, lens);
	if (n != function->n_args)
		return ld_err_set(err, LD_INVALID,
		    "%s takes %u argument%s, not %u", name, function->n_args,
		    function->n_args == 1 ? "" : "s", n);
	*call = (struct ldi_call){ .function = function };
	return function->compile == NULL
		   ? LD_OK
		   : function->compile(call, args, lens, err);
}
