/* SPDX-License-Identifier: MIT */
/*
 * Preloaded beside nth.so: memory.  It stands alone because the functions of
 * AddressSanitizer must come before those of nth.so, and behind these, which
 * call them.
 */
#include "config.h"

#include <stdbool.h>
#include <stdlib.h>

#define EXPORT __attribute__((visibility("default")))
#define WEAK __attribute__((weak))

bool ld_test_fails_malloc(void) WEAK;

void *__interceptor_malloc(size_t size) WEAK;
void *__interceptor_calloc(size_t n, size_t size) WEAK;
void *__interceptor_realloc(void *old, size_t size) WEAK;
void *__interceptor_aligned_alloc(size_t alignment, size_t size) WEAK;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static bool
fails(void)
{
	return ld_test_fails_malloc != NULL && ld_test_fails_malloc();
}

EXPORT void *
malloc(size_t size)
{
	if (fails())
		return NULL;
	return __interceptor_malloc != NULL ? __interceptor_malloc(size)
					    : __libc_malloc(size);
}

EXPORT void *
calloc(size_t n, size_t size)
{
	if (fails())
		return NULL;
	return __interceptor_calloc != NULL ? __interceptor_calloc(n, size)
					    : __libc_calloc(n, size);
}

EXPORT void *
realloc(void *old, size_t size)
{
	if (fails())
		return NULL;
	return __interceptor_realloc != NULL ? __interceptor_realloc(old, size)
					     : __libc_realloc(old, size);
}

EXPORT void *
aligned_alloc(size_t alignment, size_t size)
{
	if (fails())
		return NULL;
	return __interceptor_aligned_alloc != NULL
		   ? __interceptor_aligned_alloc(alignment, size)
		   : __libc_memalign(alignment, size);
}
