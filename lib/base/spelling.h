/* SPDX-License-Identifier: MIT */
/*
 * base/spelling.h - is it the same text, however it is written?
 *
 * Byte by byte, a text may be as it is, percent-encoded (once or twice, "+"
 * for a blank), escaped as in JSON, as in Python or as errors are shown
 * (\xNN), behind any number of backslashes, or an entity of HTML.
 */
#ifndef LDI_BASE_SPELLING_H
#define LDI_BASE_SPELLING_H

#include <stddef.h>

/*
 * How many bytes of `value` stand at the front of `text`, in whatever spelling;
 * *used_out is how many bytes of `text` that are.
 */
size_t ldi_spelling_match(const char *text, size_t text_len, const char *value,
    size_t value_len, size_t *used_out);

/* The byte that `text`, which is not empty, begins with when it is not taken
 * as it is; -1 when there is no other way. */
int ldi_spelling_first(const char *text, size_t len);

#endif /* LDI_BASE_SPELLING_H */
