/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "reporters/moments.h"

static enum ld_status
merge_slots(struct ldi_moment *m, const struct ld_slot *slots, size_t n,
    struct ld_hist *hist)
{
	for (size_t i = 0; i < n; i++) {
		const struct ld_slot *s = &slots[i];

		m->started += s->started;
		m->success += s->success;
		m->failure += s->failure;
		m->aborted += s->aborted;
		if (s->users > m->users)
			m->users = s->users;
		if (s->response != NULL &&
		    ld_hist_merge(hist, s->response) != LD_OK)
			return LD_NOMEM;
	}
	m->count = ld_hist_count(hist);
	m->p50 = ld_hist_quantile(hist, 500000);
	m->p95 = ld_hist_quantile(hist, 950000);
	m->p99 = ld_hist_quantile(hist, 990000);
	m->max = ld_hist_max(hist);
	return LD_OK;
}

/* How many moments: what a run has left behind its last whole moment is one
 * of its own only if it is long enough to say something; a sliver, with the
 * few stragglers that end in it, goes to the moment before. */
static size_t
count_moments(const struct ldi_moments *t, size_t n, uint64_t run_ns)
{
	uint64_t last_ns = (n - 1) * t->width_ns;

	return n > 1 && run_ns > last_ns && run_ns <= last_ns + t->width_ns / 4
		   ? n - 1
		   : n;
}

/* A rate over the last moment must not count time after the run. */
static uint64_t
span_of(const struct ldi_moments *t, size_t i, uint64_t run_ns)
{
	uint64_t begin_ns = i * t->width_ns;

	return i + 1 == t->n && run_ns > begin_ns + t->width_ns / 4
		   ? run_ns - begin_ns
		   : t->width_ns;
}

enum ld_status
ldi_moments_init(
    struct ldi_moments *t, const struct ld_run_figures *run, struct ld_err *err)
{
	size_t each = (run->n_slots + LDI_MOMENTS_MAX - 1) / LDI_MOMENTS_MAX;
	struct ld_hist *hist = ld_hist_new(NULL);
	enum ld_status st = LD_OK;

	*t = (struct ldi_moments){ 0 };
	each = each == 0 ? 1 : each;
	t->width_ns = (run->slot_ns == 0 ? 1000000000 : run->slot_ns) * each;
	t->n = (run->n_slots + each - 1) / each;
	if (t->n > 0)
		t->n = count_moments(t, t->n, run->duration_ns);
	t->at = calloc(t->n + 1, sizeof(*t->at));
	if (t->at == NULL || hist == NULL)
		st = LD_NOMEM;
	for (size_t i = 0; st == LD_OK && i < t->n; i++) {
		size_t left = run->n_slots - i * each;
		struct ldi_moment *m = &t->at[i];

		m->begin_ns = i * t->width_ns;
		m->span_ns = span_of(t, i, run->duration_ns);
		t->end_ns = m->begin_ns + m->span_ns;
		ld_hist_reset(hist);
		st = merge_slots(m, run->slots + i * each,
		    i + 1 == t->n ? left : each, hist);
	}
	if (t->end_ns == 0)
		t->end_ns = t->width_ns;
	ld_hist_free(hist);
	if (st != LD_OK) {
		ldi_moments_clear(t);
		return ld_err_set(err, st, "no memory for the time line");
	}
	return LD_OK;
}

void
ldi_moments_clear(struct ldi_moments *t)
{
	free(t->at);
	*t = (struct ldi_moments){ 0 };
}
