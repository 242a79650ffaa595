/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "reporters/order.h"
#include "reporters/view.h"

/* p99, or the maximum of what is too small to have one. */
static uint64_t
slowness(const struct ld_series_figures *s)
{
	if (s->response == NULL || ld_hist_count(s->response) == 0)
		return 0;
	return ld_hist_quantile(s->response, 990000);
}

/* Slowest first; equally slow ones as they stand in the run, whose series
 * are one array. */
static int
by_slowness(const void *a, const void *b)
{
	const struct ld_series_figures *const *x = a, *const *y = b;
	uint64_t p = slowness(*x), q = slowness(*y);

	if (p != q)
		return p > q ? -1 : 1;
	return *x < *y ? -1 : *x > *y;
}

const struct ld_series_figures **
ldi_order_series(const struct ld_run_figures *run)
{
	const struct ld_series_figures **order =
	    calloc(run->n_series + 1, sizeof(const void *));

	if (order == NULL)
		return NULL;
	for (size_t i = 0; i < run->n_series; i++)
		order[i] = &run->series[i];
	if (run->n_series > LDI_ORDER_FEW)
		qsort(order, run->n_series, sizeof(const void *), by_slowness);
	return order;
}

void
ldi_order_free(const struct ld_series_figures **order)
{
	free(order);
}

/* The part of a URL behind this origin; all of what lies elsewhere. */
static const char *
behind(const char *origin, const char *url)
{
	size_t n = strlen(origin);

	return n > 0 && strncmp(url, origin, n) == 0 && url[n] == '/' ? url + n
								      : url;
}

void
ldi_order_label(const struct ld_series_figures *series, const char *origin,
    struct ld_buf *out)
{
	const char *type = ldi_view_text(series->request_type);
	const char *name =
	    behind(ldi_view_text(origin), ldi_view_text(series->name));
	size_t n = strlen(type);

	if (n > 0 && (strncmp(name, type, n) != 0 || name[n] != ' ')) {
		ld_buf_adds(out, type);
		ld_buf_addc(out, ' ');
	}
	ld_buf_adds(out, name[0] == '\0' ? "(no name)" : name);
}
