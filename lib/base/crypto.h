/* SPDX-License-Identifier: MIT */
/*
 * base/crypto.h - may OpenSSL be called?
 *
 * Its default context is made by whoever calls it first; when memory is short
 * then, version 3.0 goes on without one, and its functions crash.
 */
#ifndef LDI_BASE_CRYPTO_H
#define LDI_BASE_CRYPTO_H

#include <stdbool.h>

/* Before the first call of each place that uses it; false: no memory. */
bool ldi_crypto_ready(void);

#endif /* LDI_BASE_CRYPTO_H */
