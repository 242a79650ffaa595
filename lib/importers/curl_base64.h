/* SPDX-License-Identifier: MIT */
/* importers/curl_base64.h - bytes in letters. */
#ifndef LDI_IMPORTERS_CURL_BASE64_H
#define LDI_IMPORTERS_CURL_BASE64_H

#include <ld/buf.h>

/* Append, in lines of `width` (a multiple of 4) with CR LF between them; 0 =
 * one line. */
void ldi_curl_base64_add(
    struct ld_buf *out, const char *data, size_t len, size_t width);

#endif /* LDI_IMPORTERS_CURL_BASE64_H */
