/* SPDX-License-Identifier: MIT */
/*
 * A histogram as JSON: written sparse, read with suspicion.
 */
#include "config.h"

#include <limits.h>
#include <string.h>

#include "data/hist.h"

/* JSON integers stay below 2^53, so that every reader has them exactly. */
#define COUNT_MAX ((UINT64_C(1) << 53) - 1)

void
ld_hist_write(const struct ld_hist *hist, struct ld_buf *out)
{
	char sum[LDI_U128_DIGITS];
	int index = INT_MIN, before = 0;
	const char *comma = "";
	uint64_t n;

	ld_buf_adds(out, "{\"scale\":8,\"count\":");
	ld_buf_add_u64(out, hist->count);
	ld_buf_adds(out, ",\"min_ns\":");
	ld_buf_add_u64(out, ld_hist_min(hist));
	ld_buf_adds(out, ",\"max_ns\":");
	ld_buf_add_u64(out, hist->max);
	ld_buf_adds(out, ",\"sum_ns\":\"");
	ld_buf_add(out, sum, ldi_u128_write(sum, hist->sum));
	ld_buf_adds(out, "\",\"zero\":");
	ld_buf_add_u64(out, hist->zero);
	ld_buf_adds(out, ",\"b\":[");
	while (ld_hist_next(hist, &index, &n)) {
		ld_buf_adds(out, comma);
		ld_buf_add_i64(out, index - before);
		ld_buf_addc(out, ',');
		ld_buf_add_u64(out, n);
		before = index;
		comma = ",";
	}
	ld_buf_adds(out, "]}");
}

/* Buckets from this one on, of 2^-20 s, are wider than a nanosecond. */
#define WIDE_FROM (-20 * 256)

/* The scalar members of the wire form. */
struct wire {
	uint64_t count, min, max, zero;
	ldi_u128 sum;
	ld_json_ref buckets;
};

static bool
member_u64(
    const struct ld_json *doc, ld_json_ref ref, const char *name, uint64_t *out)
{
	return ld_json_u64(doc, ld_json_get(doc, ref, name), out);
}

static enum ld_status
wire_read(struct wire *wire, const struct ld_json *doc, ld_json_ref ref,
    struct ld_err *err)
{
	uint64_t scale;
	const char *sum;
	size_t len;

	if (ld_json_kind(doc, ref) != LD_JSON_OBJECT)
		return ld_err_set(
		    err, LD_INVALID, "a histogram is not an object");
	if (!member_u64(doc, ref, "scale", &scale) || scale != LD_HIST_SCALE)
		return ld_err_set(
		    err, LD_INVALID, "a histogram's scale is not 8");
	if (!member_u64(doc, ref, "count", &wire->count) ||
	    !member_u64(doc, ref, "min_ns", &wire->min) ||
	    !member_u64(doc, ref, "max_ns", &wire->max) ||
	    !member_u64(doc, ref, "zero", &wire->zero))
		return ld_err_set(err, LD_INVALID,
		    "a histogram lacks one of count, min_ns, max_ns, zero");
	if (!ld_json_plain(doc, ld_json_get(doc, ref, "sum_ns"), &sum, &len) ||
	    !ldi_u128_read(sum, len, &wire->sum))
		return ld_err_set(err, LD_INVALID,
		    "a histogram's sum_ns is not a whole number in a string");
	wire->buckets = ld_json_get(doc, ref, "b");
	if (ld_json_kind(doc, wire->buckets) != LD_JSON_ARRAY)
		return ld_err_set(
		    err, LD_INVALID, "a histogram's b is not an array");
	return LD_OK;
}

/* One step through the array b: index and count of the next bucket. */
struct walk {
	const struct ld_json *doc;
	ld_json_ref array, at;
	int index;
	bool first, broken;
	uint64_t count;
};

static bool
walk_next(struct walk *walk)
{
	ld_json_ref count;
	int64_t gap, index;

	if (walk->at == LD_JSON_NONE)
		return false;
	count = ld_json_next(walk->doc, walk->array, walk->at);
	walk->broken = true;
	if (!ld_json_i64(walk->doc, walk->at, &gap) ||
	    !ld_json_u64(walk->doc, count, &walk->count) || walk->count == 0 ||
	    walk->count > COUNT_MAX)
		return false;
	if (gap > LDI_HIST_MAX - LDI_HIST_MIN || gap < LDI_HIST_MIN ||
	    (gap <= 0 && !walk->first))
		return false;
	index = walk->index + gap;
	if (index < LDI_HIST_MIN || index > LDI_HIST_MAX)
		return false;
	/* Short buckets may hold no integer at all. */
	if (index < WIDE_FROM &&
	    ld_hist_upper((int)index) == ld_hist_upper((int)index - 1))
		return false;
	walk->index = (int)index;
	walk->at = ld_json_next(walk->doc, walk->array, count);
	walk->first = false;
	walk->broken = false;
	return true;
}

static struct walk
walk_begin(const struct ld_json *doc, ld_json_ref array)
{
	return (struct walk){ .doc = doc,
		.array = array,
		.at = ld_json_first(doc, array),
		.first = true };
}

/* What must hold between the counts and the exact values.  A bucket may stand
 * inside [min, max] without touching them: a writer short of memory put values
 * into a neighbouring octave. */
static bool
adds_up(const struct wire *wire, uint64_t in_buckets, int first, int last)
{
	if (wire->count > COUNT_MAX || wire->zero > wire->count ||
	    wire->count - wire->zero != in_buckets)
		return false;
	if (wire->count == 0)
		return wire->min == 0 && wire->max == 0 && wire->sum == 0;
	if (wire->min > wire->max || (wire->zero > 0) != (wire->min == 0))
		return false;
	if (in_buckets == 0
		? wire->max != 0
		: wire->max == 0 || ld_hist_index(wire->max) < last ||
		      (wire->min && ld_hist_index(wire->min) > first))
		return false;
	return wire->sum >= (ldi_u128)wire->count * wire->min &&
	       wire->sum <= (ldi_u128)wire->count * wire->max;
}

static bool
check(const struct wire *wire, const struct ld_json *doc,
    bool octave[LDI_HIST_OCTAVES])
{
	struct walk walk = walk_begin(doc, wire->buckets);
	uint64_t total = 0;
	int first = 0;

	memset(octave, 0, LDI_HIST_OCTAVES * sizeof *octave);
	while (walk_next(&walk)) {
		if (total == 0)
			first = walk.index;
		total += walk.count;
		if (total > COUNT_MAX)
			return false;
		octave[ldi_hist_octave(walk.index)] = true;
	}
	return !walk.broken && adds_up(wire, total, first, walk.index);
}

static void
add_wire(
    struct ld_hist *into, const struct wire *wire, const struct ld_json *doc)
{
	struct walk walk = walk_begin(doc, wire->buckets);

	while (walk_next(&walk))
		into->octave[ldi_hist_octave(walk.index)]
			    [ldi_hist_slot(walk.index)] += walk.count;
	into->count += wire->count;
	into->zero += wire->zero;
	into->sum += wire->sum;
	if (wire->min < into->min)
		into->min = wire->min;
	if (wire->max > into->max)
		into->max = wire->max;
}

enum ld_status
ld_hist_read(struct ld_hist *into, const struct ld_json *doc, ld_json_ref ref,
    struct ld_err *err)
{
	bool octave[LDI_HIST_OCTAVES];
	enum ld_status st;
	struct wire wire;

	st = wire_read(&wire, doc, ref, err);
	if (st != LD_OK)
		return st;
	if (!check(&wire, doc, octave) ||
	    into->count + wire.count < into->count ||
	    into->sum + wire.sum < into->sum)
		return ld_err_set(
		    err, LD_INVALID, "a histogram does not add up");
	if (wire.count == 0)
		return LD_OK;
	if (!ldi_hist_need(into, octave))
		return ld_err_set(err, LD_NOMEM, "no memory for a histogram");
	add_wire(into, &wire, doc);
	return LD_OK;
}
