/* SPDX-License-Identifier: MIT */
/*
 * reporters/compat.h - how the original writes its documents: one entry for
 * each record, successes first, then failures.
 *
 * Entries are made as the records come and lie in two files without a name,
 * so memory does not grow with the run.
 */
#ifndef LDI_REPORTERS_COMPAT_H
#define LDI_REPORTERS_COMPAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>
#include <ld/record.h>

enum ldi_compat_side { LDI_COMPAT_SUCCESS, LDI_COMPAT_FAILURE };

/* A sample in the original's words. */
struct ldi_compat_entry {
	enum ldi_compat_side side;
	uint64_t number; /* among those of its side, from 1 */
	struct ld_str method, url, name, error;
	char status[16]; /* "None" when there was none */
	const struct ld_sample *sample;
};

struct ldi_compat_format {
	const char *name;
	/* Files of its own for each side, or one for both. */
	const char *suffix[2]; /* [1] NULL = one */
	const char *empty;     /* the error without any record; NULL = none */
	void (*entry)(const struct ldi_compat_entry *entry, struct ld_buf *out);
	/* What stands around the entries of the sides, one or both. */
	void (*head)(const uint64_t counts[2], bool both,
	    enum ldi_compat_side side, struct ld_buf *out);
	void (*tail)(uint64_t count, struct ld_buf *out);
};

/* compat_json.c, compat_markup.c, compat_lines.c */
extern const struct ldi_compat_format ldi_compat_csv, ldi_compat_html,
    ldi_compat_json, ldi_compat_junit, ldi_compat_xml;

#endif /* LDI_REPORTERS_COMPAT_H */
