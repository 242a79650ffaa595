/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <openssl/crypto.h>
#include <uv.h>
#include <zlib.h>
#ifdef HAVE_BROTLI
#include <brotli/decode.h>
#endif

#include <ld/version.h>

const char *
ld_version(void)
{
	return PACKAGE_VERSION;
}

void
ld_version_libraries(struct ld_buf *out)
{
	ld_buf_addf(out, "OpenSSL %s, libuv %s, zlib %s",
	    OpenSSL_version(OPENSSL_VERSION_STRING), uv_version_string(),
	    zlibVersion());
#ifdef HAVE_BROTLI
	uint32_t brotli = BrotliDecoderVersion();

	ld_buf_addf(out, ", brotli %u.%u.%u", (unsigned)(brotli >> 24),
	    (unsigned)(brotli >> 12 & 0xfff), (unsigned)(brotli & 0xfff));
#else
	ld_buf_adds(out, ", no brotli");
#endif
}
