/* SPDX-License-Identifier: MIT */
/*
 * ld/record.h - the result stream: one JSON object per line.
 *
 * doc/schemas.md is the grammar ("ld.result/1").  Here are the shapes that a
 * program handles: a sample, an interval, and a reader that walks a stream
 * and knows whether it is whole.
 *
 * Units       integer nanoseconds, counted from the run's T0 (so an intended
 *             start may be 0, never negative); bytes on the wire.
 * Ownership   strings in a record are borrowed from the reader's line buffer
 *             and live until the next ld_reader_next(); they are decoded but
 *             may hold any byte, NUL included.
 * Threads     none; one reader, one thread.
 */
#ifndef LD_RECORD_H
#define LD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ld/api.h>
#include <ld/buf.h>
#include <ld/err.h>
#include <ld/hist.h>
#include <ld/json.h>
#include <ld/ledger.h>

#define LD_RESULT_SCHEMA "ld.result/1"

struct ld_str {
	const char *data;
	size_t len;
};

struct ld_series_key {
	struct ld_str user_type;    /* "fast_http_user" */
	struct ld_str request_type; /* "GET" */
	struct ld_str name;
};

struct ld_sample {
	struct ld_str run;
	struct ld_series_key series;
	bool open_model; /* `key` is an arrival, not a user */
	uint64_t key;
	uint64_t pass;
	uint32_t task;
	uint64_t intended_ns;
	uint64_t start_ns;
	uint64_t response_ns; /* lag + service */
	uint64_t service_ns;  /* the sum of the phases */
	uint64_t phase_ns[LD_PHASE_N];
	int32_t status; /* -1 = none */
	uint64_t bytes_out;
	uint64_t bytes_in;
	enum ld_outcome_kind outcome;
	enum ld_class cls;  /* LD_CLASS_NONE unless it failed */
	struct ld_str text; /* why it failed */
	uint32_t hops;      /* redirects followed */
	uint32_t attempts;  /* 1 = the first try was enough */
	uint32_t wire;      /* requests wholly handed to the kernel */
};

/* Failures of one class and text within an interval or a run. */
struct ld_failure_group {
	enum ld_class cls;
	struct ld_str text;
	uint64_t count;
	uint64_t first_ns; /* end of the first and of the last such exchange */
	uint64_t last_ns;
};

/* One second of one series. */
struct ld_interval {
	struct ld_str run;
	struct ld_series_key series;
	uint64_t second; /* [second, second + 1) s after T0 */
	struct ld_ledger ledger;
	uint64_t users; /* of the user type, at the second's end */
	uint64_t bytes_out;
	uint64_t bytes_in;
	uint64_t phase_ns[LD_PHASE_N]; /* sums, of what is in `service` */
	struct ld_hist *response;      /* owned by whoever fills the struct */
	struct ld_hist *service;
	const struct ld_failure_group *failures;
	size_t n_failures;
};

/* The generator's own second: an interval record without a series. */
struct ld_health {
	struct ld_str run;
	uint64_t second;
	struct ld_ledger ledger; /* over all series */
	uint64_t users;
	uint64_t late;     /* starts later than 10 ms */
	uint64_t arrivals; /* that began a pass; UINT64_MAX: closed model */
	struct ld_hist *lag;
	const uint64_t *cpu_ns; /* per sending thread, in this second */
	size_t n_threads;
	uint64_t descriptors;
	uint64_t rss_bytes;
};

/* Append the line of a record, LF included. */
LD_API void ld_sample_write(const struct ld_sample *sample, struct ld_buf *out);
LD_API void ld_interval_write(
    const struct ld_interval *interval, struct ld_buf *out);
LD_API void ld_health_write(const struct ld_health *health, struct ld_buf *out);

/*
 * The hot form of ld_sample_write(): what is the same in every sample of a
 * step (type, run, series, task) is rendered once into a head.
 */
struct ld_sample_head {
	struct ld_buf text;
};
LD_API enum ld_status ld_sample_head_init(struct ld_sample_head *head,
    const struct ld_sample *constant, struct ld_err *err);
LD_API void ld_sample_head_clear(struct ld_sample_head *head);
/* Writes at most ld_sample_bound(head, text_len) bytes at `at`, returns how
 * many; reads everything but run, series, open_model and task from `sample`. */
LD_API size_t ld_sample_bound(
    const struct ld_sample_head *head, size_t text_len);
LD_API size_t ld_sample_format(const struct ld_sample_head *head,
    const struct ld_sample *sample, char *at);

enum ld_record_type {
	LD_RECORD_BEGIN,
	LD_RECORD_SAMPLE,
	LD_RECORD_INTERVAL,
	LD_RECORD_HEALTH, /* an interval without a series */
	LD_RECORD_MESSAGE,
	LD_RECORD_EVENT,
	LD_RECORD_ACTION,
	LD_RECORD_VERDICT,
	LD_RECORD_END,
	LD_RECORD_OTHER, /* a type this version does not know */
	LD_RECORD_TYPE_N,
};
LD_API const char *ld_record_type_name(enum ld_record_type type);

struct ld_record {
	enum ld_record_type type;
	const char *line; /* the input bytes, LF included if there was one */
	size_t len;
	uint64_t number;            /* line number, from 1 */
	const struct ld_json *json; /* the parsed line; NULL for a sample that
				       was read without: ld_reader_json() */
	struct ld_str run;          /* "" when the record names none */
	union {
		struct ld_sample sample;
		struct ld_interval interval; /* histograms owned by the reader,
						valid until the next record */
		struct ld_health health;
	} u;
};

struct ld_reader;

/* Read from a descriptor, which stays the caller's; `name` is for errors
 * ("-" or a path).  `before_block`, if not NULL, is called before a read that
 * may have to wait, so that a filter can flush. */
LD_API struct ld_reader *ld_reader_new(int fd, const char *name,
    void (*before_block)(void *ctx), void *ctx) LD_MUST_CHECK;
LD_API void ld_reader_free(struct ld_reader *reader);

/*
 * The next record.  *more_out is false at the end of input.  A line that is
 * no JSON object is counted with its place and skipped; more than
 * LD_MAX_BAD_LINES of them is LD_SYNTAX.  A stream of the wrong kind (a plan)
 * is LD_INVALID.  A torn last line is not an error here: ld_reader_torn().
 */
LD_API enum ld_status ld_reader_next(struct ld_reader *reader,
    struct ld_record *record_out, bool *more_out, struct ld_err *err);

/* The parsed line of the record that was read last, whatever its type; NULL
 * when memory is short. */
LD_API const struct ld_json *ld_reader_json(
    struct ld_reader *reader, const struct ld_record *record);

LD_API uint64_t ld_reader_bad_lines(const struct ld_reader *reader);
/* Place and text of the first bad line; status LD_OK when there was none. */
LD_API const struct ld_err *ld_reader_first_bad(const struct ld_reader *reader);
LD_API bool ld_reader_torn(const struct ld_reader *reader);

#endif /* LD_RECORD_H */
