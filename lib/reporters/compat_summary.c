/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ld/hist.h>
#include <ld/json.h>

#include "base/map.h"
#include "data/escape.h"
#include "reporters/compat_summary.h"

/* Values of one population. */
struct values {
	struct ld_hist *hist;
	uint64_t *ns;
	size_t n, cap;
};

struct ldi_compat_summary {
	struct ldi_map *names; /* to struct values */
	struct values all;
	uint64_t counts[2];
	size_t kept;
	bool exact;
};

static bool
values_init(struct values *v)
{
	*v = (struct values){ .hist = ld_hist_new(NULL) };
	return v->hist != NULL;
}

static void
values_clear(struct values *v)
{
	ld_hist_free(v->hist);
	free(v->ns);
}

static bool
values_add(struct values *v, uint64_t ns, bool exact)
{
	if (!ld_hist_add(v->hist, ns))
		return false;
	if (!exact)
		return true;
	if (v->n == v->cap) {
		size_t cap = v->cap > 0 ? 2 * v->cap : 64;
		uint64_t *bigger = realloc(v->ns, cap * sizeof(*bigger));

		if (bigger == NULL)
			return false;
		v->ns = bigger;
		v->cap = cap;
	}
	v->ns[v->n++] = ns;
	return true;
}

static int
by_value(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

/* Milliseconds; `v` is sorted when it is exact. */
static double
values_quantile(const struct values *v, unsigned percent, bool exact)
{
	double rank, below;
	size_t low;

	if (ld_hist_count(v->hist) == 0)
		return 0;
	if (!exact)
		return (double)ld_hist_quantile(v->hist, percent * 10000) / 1e6;
	rank = percent / 100.0 * (double)(v->n - 1);
	below = floor(rank);
	low = (size_t)below;
	if (low + 1 >= v->n)
		return (double)v->ns[v->n - 1] / 1e6;
	return ((double)v->ns[low] +
		   (double)(v->ns[low + 1] - v->ns[low]) * (rank - below)) /
	       1e6;
}

struct ldi_compat_summary *
ldi_compat_summary_new(void)
{
	struct ldi_compat_summary *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->exact = true;
	s->names = ldi_map_new();
	if (s->names != NULL && values_init(&s->all))
		return s;
	ldi_compat_summary_free(s);
	return NULL;
}

void
ldi_compat_summary_free(struct ldi_compat_summary *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; s->names != NULL && i < ldi_map_count(s->names);
	     i++) {
		values_clear(ldi_map_value(s->names, i));
		free(ldi_map_value(s->names, i));
	}
	ldi_map_free(s->names);
	values_clear(&s->all);
	free(s);
}

/* NULL: no memory. */
static struct values *
values_of(struct ldi_compat_summary *s, struct ld_str name)
{
	struct values *v;

	if (name.len == 0)
		name = (struct ld_str){ "unknown", 7 };
	v = ldi_map_get(s->names, name.data, name.len);
	if (v == NULL && ldi_map_count(s->names) == LDI_COMPAT_NAMES)
		name = (struct ld_str){ "(other)", 7 };
	if (v == NULL)
		v = ldi_map_get(s->names, name.data, name.len);
	if (v != NULL)
		return v;
	v = malloc(sizeof(*v));
	if (v == NULL)
		return NULL;
	if (values_init(v) &&
	    ldi_map_set(s->names, name.data, name.len, v, NULL))
		return v;
	values_clear(v);
	free(v);
	return NULL;
}

/* Too many to keep: what was kept is of no use any more. */
static void
forget(struct ldi_compat_summary *s)
{
	s->exact = false;
	free(s->all.ns);
	s->all.ns = NULL;
	s->all.n = s->all.cap = 0;
	for (size_t i = 0; i < ldi_map_count(s->names); i++) {
		struct values *v = ldi_map_value(s->names, i);

		free(v->ns);
		v->ns = NULL;
		v->n = v->cap = 0;
	}
}

enum ld_status
ldi_compat_summary_add(struct ldi_compat_summary *s,
    const struct ld_sample *sample, enum ldi_compat_side side,
    struct ld_err *err)
{
	struct values *v = NULL;
	bool added;

	s->counts[side]++;
	if (s->exact && ++s->kept > LDI_COMPAT_EXACT)
		forget(s);
	added = values_add(&s->all, sample->response_ns, s->exact);
	if (added && side == LDI_COMPAT_SUCCESS) {
		v = values_of(s, sample->series.name);
		added =
		    v != NULL && values_add(v, sample->response_ns, s->exact);
	}
	return added ? LD_OK
		     : ld_err_set(err, LD_NOMEM, "the values of the summary");
}

static void
put_ms(struct ld_json_out *out, const char *key, double ms)
{
	ld_json_out_key(out, key);
	ld_json_out_double(out, ms);
}

static void
put_quantiles(struct ld_json_out *out, struct values *v, bool exact)
{
	static const struct {
		const char *key;
		unsigned percent;
	} quantiles[] = { { "p50_ms", 50 }, { "p90_ms", 90 }, { "p95_ms", 95 },
		{ "p99_ms", 99 } };

	if (exact && v->n > 1)
		qsort(v->ns, v->n, sizeof(*v->ns), by_value);
	for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
		put_ms(out, quantiles[i].key,
		    values_quantile(v, quantiles[i].percent, exact));
}

static void
put_per_name(struct ldi_compat_summary *s, struct ld_json_out *out)
{
	ld_json_out_key(out, "per_name");
	ld_json_out_object(out);
	for (size_t i = 0; i < ldi_map_count(s->names); i++) {
		struct values *v = ldi_map_value(s->names, i);
		size_t len;
		const char *name = ldi_map_key(s->names, i, &len);

		ld_json_out_keyn(out, name, len);
		ld_json_out_object(out);
		ld_json_out_put_u64(out, "count", ld_hist_count(v->hist));
		put_ms(out, "min_ms", (double)ld_hist_min(v->hist) / 1e6);
		put_ms(out, "max_ms", (double)ld_hist_max(v->hist) / 1e6);
		put_ms(out, "mean_ms", ld_hist_mean(v->hist) / 1e6);
		put_quantiles(out, v, s->exact);
		ld_json_out_end(out);
	}
	ld_json_out_end(out);
}

enum ld_status
ldi_compat_summary_write(
    struct ldi_compat_summary *s, struct ld_buf *out, struct ld_err *err)
{
	uint64_t requests = s->counts[0] + s->counts[1];
	struct ld_json_out json;
	struct ld_buf text;

	ld_buf_init(&text, out->max);
	ld_json_out_init(&json, &text, 2);
	ld_json_out_object(&json);
	ld_json_out_key(&json, "totals");
	ld_json_out_object(&json);
	ld_json_out_put_u64(&json, "requests", requests);
	ld_json_out_put_u64(&json, "successes", s->counts[0]);
	ld_json_out_put_u64(&json, "failures", s->counts[1]);
	put_ms(&json, "failure_rate",
	    requests == 0 ? 0 : (double)s->counts[1] / (double)requests);
	ld_json_out_end(&json);
	ld_json_out_key(&json, "latency_overall");
	ld_json_out_object(&json);
	ld_json_out_put_u64(&json, "count", requests);
	put_quantiles(&json, &s->all, s->exact);
	put_ms(&json, "max_ms", (double)ld_hist_max(s->all.hist) / 1e6);
	ld_json_out_end(&json);
	put_per_name(s, &json);
	ld_json_out_end(&json);
	ldi_esc_ascii(out, text.data, text.len);
	out->failed |= text.failed;
	ld_buf_clear(&text);
	return ld_buf_status(out, "summary", err);
}
