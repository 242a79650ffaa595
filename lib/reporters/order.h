/* SPDX-License-Identifier: MIT */
/* reporters/order.h - in which order series are shown, and what they are
 * called. */
#ifndef LDI_REPORTERS_ORDER_H
#define LDI_REPORTERS_ORDER_H

#include <ld/buf.h>
#include <ld/summary.h>

/* More series than this are shown slowest first; fewer by name. */
#define LDI_ORDER_FEW 20

/* Pointers to the run's series, for ldi_order_free(); NULL when memory is
 * short. */
const struct ld_series_figures **ldi_order_series(
    const struct ld_run_figures *run);
void ldi_order_free(const struct ld_series_figures **order);

/* "GET /item/${id}": the request type, unless the name begins with it, and
 * the name, without the origin (which may be NULL).  Not encoded. */
void ldi_order_label(const struct ld_series_figures *series, const char *origin,
    struct ld_buf *out);

#endif /* LDI_REPORTERS_ORDER_H */
