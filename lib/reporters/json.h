/* SPDX-License-Identifier: MIT */
/*
 * reporters/json.h - the document of the json report, which the xml report
 * has, too.
 */
#ifndef LDI_REPORTERS_JSON_H
#define LDI_REPORTERS_JSON_H

#include "reporters/view.h"

/* Append it without a line end; `indent` 0: in one line. */
enum ld_status ldi_json_document(const struct ldi_view *view, unsigned indent,
    struct ld_buf *out, struct ld_err *err);

#endif /* LDI_REPORTERS_JSON_H */
