/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include <openssl/crypto.h>

#include "base/crypto.h"

bool
ldi_crypto_ready(void)
{
	return OPENSSL_init_crypto(0, NULL) == 1 &&
	       OSSL_LIB_CTX_get0_global_default() != NULL;
}
