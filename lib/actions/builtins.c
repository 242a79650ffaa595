/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/redact.h"
#include "actions/builtins.h"

#include <inttypes.h>
#include <stdio.h>

#include "actions/items.h"
#include "actions/number.h"
#include "actions/python.h"
#include "base/utf8.h"
#include "data/escape.h"
#include "plan/node.h"

/* The first argument, which the check has seen to be there. */
static struct ld_node
first(const struct ld_item *item)
{
	return ldi_node_first(item->args);
}

static void
add_bool(struct ld_buf *value, bool b)
{
	ld_buf_adds(value, b ? "true" : "false");
}

/* -- over items ----------------------------------------------------------- */

/* Is any of them true, or, with `truth` false, any false? */
static enum ld_status
find_truth(struct ld_node from, bool truth, bool *found_out, struct ld_err *err)
{
	struct ldi_items items;
	enum ld_status st = ldi_items_read(from, &items, err);

	*found_out = false;
	for (size_t i = 0; st == LD_OK && i < items.n && !*found_out; i++)
		*found_out = ldi_truth(items.at[i]) == truth;
	ldi_items_clear(&items);
	return st;
}

enum ld_status
ldi_builtin_all(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	bool found;
	enum ld_status st = find_truth(first(item), false, &found, err);

	(void)exec;
	add_bool(value, !found);
	return st;
}

enum ld_status
ldi_builtin_any(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	bool found;
	enum ld_status st = find_truth(first(item), true, &found, err);

	(void)exec;
	add_bool(value, found);
	return st;
}

/* The first of the greatest, or of the least: of several arguments, or of the
 * items of one. */
static enum ld_status
extreme(const struct ld_item *item, int sign, struct ld_buf *value,
    struct ld_err *err)
{
	bool one = ld_json_count(item->args.json, item->args.ref) == 1;
	struct ld_node best;
	struct ldi_items items;
	enum ld_status st =
	    ldi_items_read(one ? first(item) : item->args, &items, err);

	if (st == LD_OK && items.n == 0)
		st = ld_node_error(
		    first(item), err, LD_INVALID, "there is nothing in it");
	best = st == LD_OK ? items.at[0] : LDI_NODE_ABSENT;
	for (size_t i = 1; st == LD_OK && i < items.n; i++) {
		int order = 0;

		st = ldi_compare(best, items.at[i], &order, err);
		if (st == LD_OK && order * sign < 0)
			best = items.at[i];
	}
	if (st == LD_OK)
		ldi_python_json(value, best, false);
	ldi_items_clear(&items);
	return st;
}

enum ld_status
ldi_builtin_max(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)exec;
	return extreme(item, 1, value, err);
}

enum ld_status
ldi_builtin_min(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)exec;
	return extreme(item, -1, value, err);
}

enum ld_status
ldi_builtin_sorted(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	struct ldi_items items;
	enum ld_status st = ldi_items_read(first(item), &items, err);

	(void)exec;
	if (st == LD_OK)
		st = ldi_items_sort(&items, err);
	ld_buf_addc(value, '[');
	for (size_t i = 0; st == LD_OK && i < items.n; i++) {
		if (i > 0)
			ld_buf_addc(value, ',');
		ldi_python_json(value, items.at[i], false);
	}
	ld_buf_addc(value, ']');
	ldi_items_clear(&items);
	return st;
}

enum ld_status
ldi_builtin_len(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	struct ldi_items items;
	enum ld_status st = ldi_items_read(first(item), &items, err);

	(void)exec;
	ld_buf_add_u64(value, items.n);
	ldi_items_clear(&items);
	return st;
}

/* -- range ---------------------------------------------------------------- */

/* How many integers there are from `start` on before `stop`. */
static uint64_t
steps(int64_t start, int64_t stop, int64_t step)
{
	uint64_t size = step < 0 ? -(uint64_t)step : (uint64_t)step;
	uint64_t span = step < 0 ? (uint64_t)start - (uint64_t)stop
				 : (uint64_t)stop - (uint64_t)start;

	if (step < 0 ? start <= stop : start >= stop)
		return 0;
	return (span - 1) / size + 1;
}

static void
add_range(struct ld_buf *value, uint64_t at, uint64_t step, uint64_t n)
{
	ld_buf_addc(value, '[');
	for (; n > 0; n--, at += step) {
		char text[24];
		int len = snprintf(text, sizeof(text), "%" PRId64, (int64_t)at);

		if (ldi_python_wide(text, (size_t)len))
			ld_json_add_string(value, text, (size_t)len);
		else
			ld_buf_add(value, text, (size_t)len);
		if (n > 1)
			ld_buf_addc(value, ',');
	}
	ld_buf_addc(value, ']');
}

enum ld_status
ldi_builtin_range(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	int64_t given[3] = { 0, 0, 1 }, start, stop;
	struct ld_node at;
	enum ld_status st = LD_OK;
	uint64_t n;
	size_t i = 0;

	(void)exec;
	for (at = first(item); st == LD_OK && ldi_node_present(at);
	     at = ldi_node_next(item->args, at))
		st = ldi_number_read_i64(at, &given[i++], err);
	if (st != LD_OK)
		return st;
	start = i == 1 ? 0 : given[0];
	stop = i == 1 ? given[0] : given[1];
	if (given[2] == 0)
		return ld_node_error(
		    item->args, err, LD_INVALID, "a step of 0 never ends");
	n = steps(start, stop, given[2]);
	if (n > LDI_RANGE_ITEMS)
		return ld_node_error(item->args, err, LD_INVALID,
		    "a list of %" PRIu64 " integers is too long; at most %d", n,
		    LDI_RANGE_ITEMS);
	add_range(value, (uint64_t)start, (uint64_t)given[2], n);
	return LD_OK;
}

/* -- characters ----------------------------------------------------------- */

enum ld_status
ldi_builtin_chr(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	int64_t code;
	char text[4];
	size_t n;
	enum ld_status st = ldi_number_read_i64(first(item), &code, err);

	(void)exec;
	if (st != LD_OK)
		return st;
	if (code < 0 || code > 0x10ffff)
		return ld_node_error(first(item), err, LD_INVALID,
		    "a character is a number from 0 to 1114111");
	n = ldi_utf8_encode((uint32_t)code, text);
	if (n == 0)
		return ld_node_error(first(item), err, LD_INVALID,
		    "half of a surrogate pair is no character");
	ld_json_add_string(value, text, n);
	return LD_OK;
}

enum ld_status
ldi_builtin_ord(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	struct ld_node node = first(item);
	struct ld_buf text;
	uint32_t code = 0;
	bool one = false;

	(void)exec;
	ld_buf_init(&text, 8);
	if (ldi_node_kind(node) == LD_JSON_STRING)
		ld_json_text(node.json, node.ref, &text);
	if (!text.failed && text.len > 0)
		one = ldi_utf8_next(text.data, text.len, &code) == text.len;
	ld_buf_clear(&text);
	if (!one)
		return ld_node_error(node, err, LD_INVALID,
		    "a string of one character is wanted");
	ld_buf_add_u64(value, code);
	return LD_OK;
}

/* -- text ----------------------------------------------------------------- */

static enum ld_status
add_repr(const struct ld_item *item, unsigned flags, struct ld_buf *value,
    struct ld_err *err)
{
	struct ld_buf text;
	enum ld_status st;

	ld_buf_init(&text, LD_MAX_DOCUMENT);
	ldi_python_repr(&text, first(item), flags);
	st = ld_buf_status(&text, "the text", err);
	if (st == LD_OK)
		ld_json_add_string(value, text.data, text.len);
	ld_buf_clear(&text);
	return st;
}

enum ld_status
ldi_builtin_ascii(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)exec;
	return add_repr(item, LDI_PYTHON_ASCII, value, err);
}

enum ld_status
ldi_builtin_repr(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)exec;
	return add_repr(item, 0, value, err);
}

/* What a plan prints goes to a terminal: of its control characters only line
 * breaks and tabs are let through. */
static void
add_printable(struct ld_buf *out, const char *text, size_t len)
{
	while (len > 0) {
		size_t n = 0;

		while (n < len && text[n] != '\n' && text[n] != '\t')
			n++;
		ldi_esc_term(out, text, n, SIZE_MAX);
		if (n < len)
			ld_buf_addc(out, text[n++]);
		text += n, len -= n;
	}
}

enum ld_status
ldi_builtin_print(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	struct ld_buf text, clean, shown;
	struct ld_node at;

	(void)value, (void)err;
	ld_buf_init(&text, LD_MAX_DOCUMENT);
	for (at = first(item); ldi_node_present(at);
	     at = ldi_node_next(item->args, at)) {
		if (at.ref != first(item).ref)
			ld_buf_addc(&text, ' ');
		ldi_python_str(&text, at);
	}
	ld_buf_addc(&text, '\n');
	ld_buf_init(&clean, 3 * LD_MAX_DOCUMENT + 16);
	if (!text.failed)
		ldi_redact_add(
		    exec->options->redactor, &clean, text.data, text.len);
	ld_buf_init(&shown, LD_MAX_DOCUMENT);
	if (!clean.failed)
		add_printable(&shown, clean.data, clean.len);
	/* Progress of the run before is cleared by the writer. */
	if (exec->options->talk != NULL)
		(void)ld_writer_flush(exec->writer, NULL);
	if (exec->options->talk != NULL && !text.failed && !clean.failed &&
	    !shown.failed)
		fwrite(shown.data, 1, shown.len, exec->options->talk);
	ld_buf_clear(&shown);
	ld_buf_clear(&clean);
	ld_buf_clear(&text);
	return LD_OK;
}
