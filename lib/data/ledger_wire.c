/* SPDX-License-Identifier: MIT */
/*
 * A ledger as JSON.
 */
#include "config.h"

#include "data/ledger.h"

#define COUNT_OF(a) (sizeof(a) / sizeof(*(a)))

static void
write_map(struct ld_buf *out, const uint64_t *values, const char *const *names,
    size_t n)
{
	const char *before = "{\"";

	for (size_t i = 0; i < n; i++) {
		if (values[i] == 0)
			continue;
		ld_buf_adds(out, before);
		ld_buf_adds(out, names[i]);
		ld_buf_adds(out, "\":");
		ld_buf_add_u64(out, values[i]);
		before = ",\"";
	}
	ld_buf_adds(out, *before == '{' ? "{}" : "}");
}

void
ld_ledger_write(const struct ld_ledger *ledger, struct ld_buf *out)
{
	ld_buf_adds(out, "{\"planned\":");
	ld_buf_add_u64(out, ledger->planned);
	ld_buf_adds(out, ",\"not_started\":");
	write_map(
	    out, ledger->not_started, ldi_not_started_names, LD_NOT_STARTED_N);
	ld_buf_adds(out, ",\"started\":");
	ld_buf_add_u64(out, ledger->started);
	ld_buf_adds(out, ",\"success\":");
	ld_buf_add_u64(out, ledger->success);
	ld_buf_adds(out, ",\"failure\":");
	write_map(out, ledger->failure, ldi_class_names, LD_CLASS_N);
	ld_buf_adds(out, ",\"aborted\":");
	ld_buf_add_u64(out, ledger->aborted);
	ld_buf_adds(out, ",\"in_flight\":");
	ld_buf_add_u64(out, ledger->in_flight);
	ld_buf_adds(out, ",\"wire\":");
	ld_buf_add_u64(out, ledger->wire);
	ld_buf_adds(out, ",\"shed\":");
	write_map(out, ledger->shed, ldi_shed_names, LD_SHED_N);
	ld_buf_addc(out, '}');
}

/* One of the three maps.  A name that is unknown here counts as `other`. */
struct map {
	const char *name;
	uint64_t *values;
	const char *const *names;
	size_t n, other;
};

static enum ld_status
read_map(const struct map *map, const struct ld_json *doc, ld_json_ref ref,
    struct ld_err *err)
{
	ld_json_ref object = ld_json_get(doc, ref, map->name);
	ld_json_ref key;

	if (object == LD_JSON_NONE)
		return LD_OK;
	if (ld_json_kind(doc, object) != LD_JSON_OBJECT)
		return ld_err_set(err, LD_INVALID,
		    "a ledger's %s is not an object", map->name);
	for (key = ld_json_first(doc, object); key != LD_JSON_NONE;
	     key = ld_json_next(doc, object, key)) {
		const char *name;
		uint64_t value;
		size_t len, i = map->n;

		if (!ld_json_u64(doc, ld_json_value(doc, key), &value))
			return ld_err_set(err, LD_INVALID,
			    "a ledger's %s holds what is no count", map->name);
		if (ld_json_plain(doc, key, &name, &len))
			i = ldi_name_find(map->names, map->n, name, len);
		if (i == map->n)
			i = map->other;
		map->values[i] = ldi_plus(map->values[i], value);
	}
	return LD_OK;
}

static enum ld_status
read_counts(struct ld_ledger *ledger, const struct ld_json *doc,
    ld_json_ref ref, struct ld_err *err)
{
	const struct {
		const char *name;
		uint64_t *out;
	} counts[] = {
		{ "planned", &ledger->planned },
		{ "started", &ledger->started },
		{ "success", &ledger->success },
		{ "aborted", &ledger->aborted },
		{ "in_flight", &ledger->in_flight },
		{ "wire", &ledger->wire },
	};

	for (size_t i = 0; i < COUNT_OF(counts); i++)
		if (!ld_json_u64(doc, ld_json_get(doc, ref, counts[i].name),
			counts[i].out))
			return ld_err_set(err, LD_INVALID,
			    "a ledger's %s is not a count", counts[i].name);
	return LD_OK;
}

enum ld_status
ld_ledger_read(struct ld_ledger *out, const struct ld_json *doc,
    ld_json_ref ref, struct ld_err *err)
{
	struct ld_ledger ledger = { 0 };
	const struct map maps[] = {
		{ "not_started", ledger.not_started, ldi_not_started_names,
		    LD_NOT_STARTED_N, LD_NOT_STARTED_N - 1 },
		{ "failure", ledger.failure, ldi_class_names, LD_CLASS_N,
		    LD_CLASS_INTERNAL },
		{ "shed", ledger.shed, ldi_shed_names, LD_SHED_N,
		    LD_SHED_N - 1 },
	};
	enum ld_status st;

	if (ld_json_kind(doc, ref) != LD_JSON_OBJECT)
		return ld_err_set(err, LD_INVALID, "a ledger is not an object");
	st = read_counts(&ledger, doc, ref, err);
	for (size_t i = 0; st == LD_OK && i < COUNT_OF(maps); i++)
		st = read_map(&maps[i], doc, ref, err);
	if (st == LD_OK)
		*out = ledger;
	return st;
}
