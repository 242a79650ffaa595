/* SPDX-License-Identifier: MIT */
/*
 * engine/process.h - facts about this process and its host.
 */
#ifndef LDI_ENGINE_PROCESS_H
#define LDI_ENGINE_PROCESS_H

#include <stdint.h>

#include <ld/json.h>

/* Open descriptors and resident memory; 0 where the system does not tell. */
void ldi_process_usage(uint64_t *descriptors_out, uint64_t *rss_bytes_out);
/* The "host" object of a begin record. */
void ldi_process_host(struct ld_json_out *out, unsigned threads);

#endif /* LDI_ENGINE_PROCESS_H */
