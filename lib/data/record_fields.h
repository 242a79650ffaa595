/* SPDX-License-Identifier: MIT */
/*
 * data/record_fields.h - a JSON object into a struct, by a table of keys.
 *
 * A table is in the order in which the keys are written: the search for a key
 * begins behind the one before, so in a stream of our own nearly every key is
 * found at once, and in any other order too.
 */
#ifndef LDI_DATA_RECORD_FIELDS_H
#define LDI_DATA_RECORD_FIELDS_H

#include "data/record_decode.h"

enum ldi_field_kind {
	LDI_STRING,   /* struct ld_str */
	LDI_NUMBER,   /* uint64_t */
	LDI_NUMBER32, /* uint32_t */
	LDI_SECOND, /* uint64_t; its nanoseconds are an integer of the stream */
	LDI_STATUS, /* int32_t */
	LDI_USER,   /* the key of a pass in the closed model */
	LDI_ARRIVAL, /* and in the open one */
	LDI_OUTCOME,
	LDI_CLASS,
	LDI_LEDGER,
	LDI_HIST, /* struct ld_hist *, set beforehand */
	LDI_FAILURES,
	LDI_CPU,
};

struct ldi_field {
	const char *name;
	unsigned char len;
	unsigned char kind;
	unsigned short offset;
};

#define LDI_FIELD(kind, type, member, name)                                 \
	{                                                                   \
		name, sizeof(name) - 1, kind, offsetof(struct type, member) \
	}

/* The table of a record, as the schema names it: sample, interval, health.
 * NULL behind the last. */
const char *ldi_record_fields(
    unsigned i, const struct ldi_field **fields_out, unsigned *n_out);

/* One object being decoded: where its fields go, and which were seen. */
struct ldi_object {
	struct ldi_decoder *decoder;
	const struct ld_json *json;
	const struct ldi_field *fields;
	unsigned n;
	char *base;
	uint64_t seen; /* one bit per field */
};

/* Decode the members that the table knows; LD_INVALID with a sentence. */
enum ld_status ldi_object_decode(
    struct ldi_object *object, ld_json_ref ref, struct ld_err *err);

/* Were all of these names seen? */
enum ld_status ldi_object_require(const struct ldi_object *object,
    const char *const *names, size_t n, struct ld_err *err);

#endif /* LDI_DATA_RECORD_FIELDS_H */
