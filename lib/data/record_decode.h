/* SPDX-License-Identifier: MIT */
/*
 * data/record_decode.h - a parsed line to a record.
 */
#ifndef LDI_DATA_RECORD_DECODE_H
#define LDI_DATA_RECORD_DECODE_H

#include <ld/record.h>

/* Integers of the stream stay below this, as every JSON reader has them. */
#define LDI_RECORD_INTEGER_MAX ((UINT64_C(1) << 53) - 1)

/* What decoded records point into. */
struct ldi_decoder {
	struct ld_buf text; /* strings that had escapes */
	bool text_ready;
	struct ld_hist_pool *pool;
	struct ld_hist *response, *service, *lag;
	struct ld_failure_group *failures;
	size_t failures_cap;
	uint64_t *cpu_ns;
	size_t cpu_cap;
};

enum ld_status ldi_decoder_init(struct ldi_decoder *decoder);
void ldi_decoder_clear(struct ldi_decoder *decoder);

/* Fill type, run and u from record->json.  LD_INVALID is a fault of the line,
 * said in words; LD_NOMEM. */
enum ld_status ldi_record_decode(
    struct ldi_decoder *decoder, struct ld_record *record, struct ld_err *err);

/* The value of a string node, decoded. */
enum ld_status ldi_decode_string(struct ldi_decoder *decoder,
    const struct ld_json *json, ld_json_ref ref, struct ld_str *out);

#endif /* LDI_DATA_RECORD_DECODE_H */
