/* SPDX-License-Identifier: MIT */
/*
 * reporters/github.h - what the job summary and the annotations of the github
 * report share.
 */
#ifndef LDI_REPORTERS_GITHUB_H
#define LDI_REPORTERS_GITHUB_H

#include "reporters/view.h"

/* Bytes shown of one foreign text. */
#define LDI_GITHUB_TEXT 200

/* How much of a text is shown: whole characters. */
size_t ldi_github_clip(const char *text, size_t len);

/* "1,234 requests in 60.0 s (20.6/s), 3 failed (0.24 %)." */
void ldi_github_sentence(const struct ld_run_figures *run, struct ld_buf *out);

/* Commands of a workflow, one a line. */
void ldi_github_annotate(const struct ldi_view *view, struct ld_buf *out);

#endif /* LDI_REPORTERS_GITHUB_H */
