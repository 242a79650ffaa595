/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdint.h>

#include "importers/curl_base64.h"

void
ldi_curl_base64_add(
    struct ld_buf *out, const char *data, size_t len, size_t width)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t written = 0;

	for (size_t i = 0; i < len; i += 3, written += 4) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t bits = (uint32_t)(unsigned char)data[i] << 16;

		if (n > 1)
			bits |= (uint32_t)(unsigned char)data[i + 1] << 8;
		if (n > 2)
			bits |= (unsigned char)data[i + 2];
		if (width > 0 && written > 0 && written % width == 0)
			ld_buf_adds(out, "\r\n");
		ld_buf_addc(out, digits[bits >> 18]);
		ld_buf_addc(out, digits[bits >> 12 & 63]);
		ld_buf_addc(out, n > 1 ? digits[bits >> 6 & 63] : '=');
		ld_buf_addc(out, n > 2 ? digits[bits & 63] : '=');
	}
}
