/* SPDX-License-Identifier: MIT */
/*
 * ld/version.h - which libld this is, and on what it stands.
 */
#ifndef LD_VERSION_H
#define LD_VERSION_H

#include <stdbool.h>
#include <stddef.h>

#include <ld/api.h>
#include <ld/buf.h>

/* "0.1.0"; static storage. */
LD_API const char *ld_version(void);

/* The libraries in use, as loaded: "OpenSSL 3.0.11, libuv 1.44.2, ...". */
LD_API void ld_version_libraries(struct ld_buf *out);
/* One of them, that are used or could have been; false behind the last. */
#define LD_VERSION_SIZE 64
struct ld_library {
	const char *name;
	bool present;                  /* in this build */
	char version[LD_VERSION_SIZE]; /* "" = it does not tell */
};
LD_API bool ld_version_library(size_t i, struct ld_library *out);

#endif /* LD_VERSION_H */
