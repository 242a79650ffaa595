/* SPDX-License-Identifier: MIT */
/*
 * base/philox.h - the bare function behind ld/rng.h, for its known answers.
 */
#ifndef LDI_BASE_PHILOX_H
#define LDI_BASE_PHILOX_H

#include <stdint.h>

/* Philox 4x32 with 10 rounds: `block` is the counter, then the result. */
void ldi_philox(uint32_t block[4], uint32_t key0, uint32_t key1);

#endif /* LDI_BASE_PHILOX_H */
