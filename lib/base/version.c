/* SPDX-License-Identifier: MIT */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <openssl/crypto.h>
#include <pcre2.h>
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
	char pcre2[64] = "";

	pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
	ld_buf_addf(out, "OpenSSL %s, libuv %s, zlib %s, PCRE2 %s",
	    OpenSSL_version(OPENSSL_VERSION_STRING), uv_version_string(),
	    zlibVersion(), pcre2);
#ifdef HAVE_JQ
	ld_buf_adds(out, ", libjq"); /* it does not tell its version */
#else
	ld_buf_adds(out, ", no libjq");
#endif
#ifdef HAVE_BROTLI
	uint32_t brotli = BrotliDecoderVersion();

	ld_buf_addf(out, ", brotli %u.%u.%u", (unsigned)(brotli >> 24),
	    (unsigned)(brotli >> 12 & 0xfff), (unsigned)(brotli & 0xfff));
#else
	ld_buf_adds(out, ", no brotli");
#endif
}
