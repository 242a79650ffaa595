/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <ld/time.h>

#include "data/record_fields.h"

#define COUNT_OF(a) (sizeof(a) / sizeof(*(a)))

/* clang-format off */
#define G(kind, member, name) LDI_FIELD(kind, ld_failure_group, member, name)
static const struct ldi_field group_fields[] = {
	G(LDI_CLASS, cls, "class"),
	G(LDI_STRING, text, "text"),
	G(LDI_NUMBER, count, "count"),
	G(LDI_NUMBER, first_ns, "first_ns"),
	G(LDI_NUMBER, last_ns, "last_ns"),
};
/* clang-format on */

/* Room for every string of the line at once, so that none of them moves: the
 * decoded form is never longer than the escaped one. */
static enum ld_status
text_room(struct ldi_decoder *decoder, size_t line_len)
{
	if (decoder->text_ready)
		return LD_OK;
	ld_buf_reset(&decoder->text);
	decoder->text_ready = true;
	return ld_buf_reserve(&decoder->text, line_len);
}

enum ld_status
ldi_decode_string(struct ldi_decoder *decoder, const struct ld_json *json,
    ld_json_ref ref, struct ld_str *out)
{
	const struct ld_json_node *node = &json->nodes[ref];
	size_t from;

	if (node->kind != LD_JSON_STRING)
		return LD_INVALID;
	if (!node->escaped) {
		out->data = json->text + node->off + 1;
		out->len = node->len - 2;
		return LD_OK;
	}
	if (text_room(decoder, json->len) != LD_OK)
		return LD_NOMEM;
	from = decoder->text.len;
	ld_json_text(json, ref, &decoder->text);
	if (decoder->text.failed)
		return LD_NOMEM;
	out->data = decoder->text.data + from;
	out->len = decoder->text.len - from;
	return LD_OK;
}

static enum ld_status
decode_number(
    const struct ld_json *json, ld_json_ref ref, uint64_t max, uint64_t *out)
{
	const struct ld_json_node *node = &json->nodes[ref];
	const char *p = json->text + node->off;
	uint64_t value = 0;

	if (node->kind != LD_JSON_NUMBER)
		return LD_INVALID;
	/* The plain form; 18 digits cannot overflow. */
	for (uint32_t i = 0; i < node->len; i++) {
		unsigned digit = (unsigned char)p[i] - (unsigned)'0';

		if (digit > 9 || i == 18) {
			if (!ld_json_u64(json, ref, &value))
				return LD_INVALID;
			break;
		}
		value = value * 10 + digit;
	}
	*out = value;
	return value <= max ? LD_OK : LD_INVALID;
}

static enum ld_status
decode_class(struct ldi_object *object, ld_json_ref ref, enum ld_class *cls_out)
{
	struct ld_str name;
	enum ld_status st;

	st = ldi_decode_string(object->decoder, object->json, ref, &name);
	if (st != LD_OK)
		return st;
	*cls_out = ld_class_find(name.data, name.len);
	if (*cls_out == LD_CLASS_N)
		*cls_out = LD_CLASS_INTERNAL;
	return LD_OK;
}

static enum ld_status
decode_outcome(struct ldi_object *object, ld_json_ref ref,
    enum ld_outcome_kind *outcome_out)
{
	struct ld_str name;
	enum ld_status st;

	st = ldi_decode_string(object->decoder, object->json, ref, &name);
	for (int i = 0; st == LD_OK && i < LD_OUTCOME_N; i++) {
		const char *known = ld_outcome_name((enum ld_outcome_kind)i);

		if (strlen(known) != name.len ||
		    memcmp(known, name.data, name.len) != 0)
			continue;
		*outcome_out = (enum ld_outcome_kind)i;
		return LD_OK;
	}
	return st == LD_OK ? LD_INVALID : st;
}

/* Make an array of at least `n` elements. */
static enum ld_status
array_room(void **array, size_t *cap, size_t n, size_t size)
{
	void *grown;

	if (n <= *cap)
		return LD_OK;
	grown = reallocarray(*array, n, size);
	if (!grown)
		return LD_NOMEM;
	*array = grown;
	*cap = n;
	return LD_OK;
}

static enum ld_status
decode_failures(
    struct ldi_object *object, ld_json_ref array, struct ld_err *err)
{
	struct ldi_decoder *decoder = object->decoder;
	struct ld_interval *interval =
	    (struct ld_interval *)(void *)object->base;
	size_t count = ld_json_count(object->json, array), n = 0;
	enum ld_status st = LD_OK;

	if (ld_json_kind(object->json, array) != LD_JSON_ARRAY)
		return LD_INVALID;
	if (array_room((void **)&decoder->failures, &decoder->failures_cap,
		count, sizeof *decoder->failures) != LD_OK)
		return LD_NOMEM;
	for (ld_json_ref at = ld_json_first(object->json, array);
	     st == LD_OK && at != LD_JSON_NONE;
	     at = ld_json_next(object->json, array, at)) {
		struct ldi_object group = { .decoder = decoder,
			.json = object->json,
			.fields = group_fields,
			.n = COUNT_OF(group_fields),
			.base = (char *)&decoder->failures[n] };

		decoder->failures[n++] =
		    (struct ld_failure_group){ .cls = LD_CLASS_INTERNAL };
		st = ldi_object_decode(&group, at, err);
	}
	interval->failures = decoder->failures;
	interval->n_failures = n;
	return st;
}

static enum ld_status
decode_cpu(struct ldi_object *object, ld_json_ref array)
{
	struct ldi_decoder *decoder = object->decoder;
	struct ld_health *health = (struct ld_health *)(void *)object->base;
	size_t count = ld_json_count(object->json, array), n = 0;
	enum ld_status st = LD_OK;

	if (ld_json_kind(object->json, array) != LD_JSON_ARRAY)
		return LD_INVALID;
	if (array_room((void **)&decoder->cpu_ns, &decoder->cpu_cap, count,
		sizeof *decoder->cpu_ns) != LD_OK)
		return LD_NOMEM;
	for (ld_json_ref at = ld_json_first(object->json, array);
	     st == LD_OK && at != LD_JSON_NONE;
	     at = ld_json_next(object->json, array, at))
		st = decode_number(object->json, at, LDI_RECORD_INTEGER_MAX,
		    &decoder->cpu_ns[n++]);
	health->cpu_ns = decoder->cpu_ns;
	health->n_threads = n;
	return st;
}

static enum ld_status
decode_small(
    struct ldi_object *object, const struct ldi_field *field, ld_json_ref ref)
{
	void *to = object->base + field->offset;
	uint64_t value;
	enum ld_status st;

	st = decode_number(object->json, ref,
	    field->kind == LDI_STATUS ? INT32_MAX : UINT32_MAX, &value);
	if (st != LD_OK)
		return st;
	if (field->kind == LDI_STATUS)
		*(int32_t *)to = (int32_t)value;
	else
		*(uint32_t *)to = (uint32_t)value;
	return LD_OK;
}

static enum ld_status
decode_key(
    struct ldi_object *object, const struct ldi_field *field, ld_json_ref ref)
{
	struct ld_sample *sample = (struct ld_sample *)(void *)object->base;

	sample->open_model = field->kind == LDI_ARRIVAL;
	return decode_number(
	    object->json, ref, LDI_RECORD_INTEGER_MAX, &sample->key);
}

static enum ld_status
decode_hist(struct ldi_object *object, struct ld_hist *hist, ld_json_ref ref,
    struct ld_err *err)
{
	ld_hist_reset(hist);
	return ld_hist_read(hist, object->json, ref, err);
}

static enum ld_status
decode_value(struct ldi_object *object, const struct ldi_field *field,
    ld_json_ref ref, struct ld_err *err)
{
	void *to = object->base + field->offset;

	switch ((enum ldi_field_kind)field->kind) {
	case LDI_STRING:
		return ldi_decode_string(
		    object->decoder, object->json, ref, to);
	case LDI_NUMBER:
		return decode_number(
		    object->json, ref, LDI_RECORD_INTEGER_MAX, to);
	case LDI_SECOND:
		return decode_number(object->json, ref,
		    LDI_RECORD_INTEGER_MAX / LD_NS_PER_S, to);
	case LDI_NUMBER32:
	case LDI_STATUS:
		return decode_small(object, field, ref);
	case LDI_USER:
	case LDI_ARRIVAL:
		return decode_key(object, field, ref);
	case LDI_OUTCOME:
		return decode_outcome(object, ref, to);
	case LDI_CLASS:
		return decode_class(object, ref, to);
	case LDI_LEDGER:
		return ld_ledger_read(to, object->json, ref, err);
	case LDI_HIST:
		return decode_hist(object, *(struct ld_hist **)to, ref, err);
	case LDI_FAILURES:
		return decode_failures(object, ref, err);
	case LDI_CPU:
		return decode_cpu(object, ref);
	}
	return LD_INVALID;
}

/* The field of that name; *cursor is where the search begins, and then the
 * place behind what was found. */
static const struct ldi_field *
find_field(const struct ldi_object *object, const char *name, size_t len,
    unsigned *cursor)
{
	unsigned at = *cursor;

	for (unsigned i = 0; i < object->n; i++, at++) {
		const struct ldi_field *field;

		if (at >= object->n)
			at = 0;
		field = &object->fields[at];
		if (field->len == len && memcmp(field->name, name, len) == 0) {
			*cursor = at + 1;
			return field;
		}
	}
	return NULL;
}

/* The name of a key that was written with escapes, which nobody does but may:
 * longer than any name of ours, it is cut and matches none. */
static size_t
escaped_name(const struct ld_json *json, ld_json_ref key, char name[32])
{
	struct ld_buf text;
	size_t len;

	ld_buf_init(&text, json->nodes[key].len);
	ld_json_text(json, key, &text);
	len = text.len < 32 ? text.len : 32;
	if (len)
		memcpy(name, text.data, len);
	ld_buf_clear(&text);
	return len;
}

static enum ld_status
wrong_value(const struct ldi_field *field, const struct ld_json *json,
    ld_json_ref ref, struct ld_err *err)
{
	size_t len;
	const char *raw = ld_json_raw(json, ref, &len);

	return ld_err_set(err, LD_INVALID, "'%s' cannot be %.*s", field->name,
	    (int)(len < 40 ? len : 40), raw);
}

enum ld_status
ldi_object_decode(
    struct ldi_object *object, ld_json_ref ref, struct ld_err *err)
{
	const struct ld_json *json = object->json;
	const struct ld_json_node *nodes = json->nodes;
	ld_json_ref end = ref + nodes[ref].skip;
	unsigned cursor = 0;

	if (nodes[ref].kind != LD_JSON_OBJECT)
		return LD_INVALID;
	for (ld_json_ref key = ref + 1; key < end;
	     key += 1 + nodes[key + 1].skip) {
		const char *name = json->text + nodes[key].off + 1;
		size_t len = nodes[key].len - 2;
		const struct ldi_field *field;
		char unescaped[32];
		enum ld_status st;

		if (nodes[key].escaped) {
			len = escaped_name(json, key, unescaped);
			name = unescaped;
		}
		field = find_field(object, name, len, &cursor);
		if (!field)
			continue;
		if (err)
			err->status = LD_OK;
		st = decode_value(object, field, key + 1, err);
		if (st == LD_INVALID && (!err || err->status == LD_OK))
			return wrong_value(field, json, key + 1, err);
		if (st != LD_OK)
			return st;
		object->seen |= UINT64_C(1) << (field - object->fields);
	}
	return LD_OK;
}

enum ld_status
ldi_object_require(const struct ldi_object *object, const char *const *names,
    size_t n, struct ld_err *err)
{
	for (size_t i = 0; i < n; i++) {
		unsigned cursor = 0;
		const struct ldi_field *field =
		    find_field(object, names[i], strlen(names[i]), &cursor);

		if (!(object->seen >> (field - object->fields) & 1))
			return ld_err_set(
			    err, LD_INVALID, "'%s' is missing", names[i]);
	}
	return LD_OK;
}
