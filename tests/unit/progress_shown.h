/* SPDX-License-Identifier: MIT */
/* What progress shows of records, for tests. */
#ifndef TESTS_PROGRESS_SHOWN_H
#define TESTS_PROGRESS_SHOWN_H

#include <stdint.h>

#include <ld/progress.h>

#define BEGIN_TIME(time_ns)                                                \
	"{\"type\":\"begin\",\"run_index\":1,\"run_count\":1,\"config\":{" \
	"\"user_count\":50,\"test_time_ns\":" time_ns                      \
	"},\"target\":\"http://h:8080\"}\n"
#define BEGIN BEGIN_TIME("60000000000")
#define BEGIN_OPEN                                                           \
	"{\"type\":\"begin\",\"run_index\":2,\"run_count\":3,\"config\":{"   \
	"\"arrival\":{\"rate\":1000,\"distribution\":\"fixed\",\"stages\":[" \
	"{\"duration_ns\":10000000000,\"rate\":2000},{\"duration_ns\":0,"    \
	"\"rate\":100}],\"limit\":200,\"session\":\"fresh\"},\"test_time_"   \
	"ns\":"                                                              \
	"60000000000},\"target\":\"http://h:8080\"}\n"

struct shown {
	struct ld_progress *progress;
	struct ld_buf out;
};

void open_shown(struct shown *s, struct ld_progress_options options);
void open_terminal(struct shown *s, unsigned width);
void close_shown(struct shown *s);
/* What is written when this line comes. */
const char *after(struct shown *s, const char *line);
/* The same without what moves the cursor and colours the text. */
const char *seen(const char *text);

struct second {
	uint64_t response_ns, lag_ns; /* of all of them */
	uint64_t started, users, in_flight, late;
	const char *not_started, *failure, *shed; /* members of the maps */
	const char *more;                         /* members behind "late" */
	uint64_t failures;
};

/* The records of the n-th second. */
const char *second(struct shown *s, unsigned n, struct second how);

extern const struct second good, bad;

#endif /* TESTS_PROGRESS_SHOWN_H */
