/* SPDX-License-Identifier: MIT */
#include "config.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <openssl/crypto.h>
#include <pcre2.h>
#include <stdio.h>
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

static void
openssl(char *out)
{
	snprintf(out, LD_VERSION_SIZE, "%s",
	    OpenSSL_version(OPENSSL_VERSION_STRING));
}

static void
libuv(char *out)
{
	snprintf(out, LD_VERSION_SIZE, "%s", uv_version_string());
}

static void
zlib(char *out)
{
	snprintf(out, LD_VERSION_SIZE, "%s", zlibVersion());
}

static void
pcre2(char *out)
{
	pcre2_config(PCRE2_CONFIG_VERSION, out);
}

#ifdef HAVE_JQ
/* It does not tell its version. */
static void
libjq(char *out)
{
	*out = '\0';
}
#else
#define libjq NULL
#endif

#ifdef HAVE_BROTLI
static void
brotli(char *out)
{
	uint32_t version = BrotliDecoderVersion();

	snprintf(out, LD_VERSION_SIZE, "%u.%u.%u", (unsigned)(version >> 24),
	    (unsigned)(version >> 12 & 0xfff), (unsigned)(version & 0xfff));
}
#else
#define brotli NULL
#endif

static const struct {
	const char *name;
	void (*tell)(char *out); /* NULL = not in this build */
} libraries[] = {
	{ "OpenSSL", openssl },
	{ "libuv", libuv },
	{ "zlib", zlib },
	{ "PCRE2", pcre2 },
	{ "libjq", libjq },
	{ "brotli", brotli },
};
#define N_LIBRARIES (sizeof(libraries) / sizeof(libraries[0]))

bool
ld_version_library(size_t i, struct ld_library *out)
{
	if (i >= N_LIBRARIES)
		return false;
	*out = (struct ld_library){ .name = libraries[i].name,
		.present = libraries[i].tell != NULL };
	if (out->present)
		libraries[i].tell(out->version);
	return true;
}

void
ld_version_libraries(struct ld_buf *out)
{
	struct ld_library library;

	for (size_t i = 0; ld_version_library(i, &library); i++)
		ld_buf_addf(out, "%s%s%s%s%s", i == 0 ? "" : ", ",
		    library.present ? "" : "no ", library.name,
		    library.version[0] == '\0' ? "" : " ", library.version);
}
