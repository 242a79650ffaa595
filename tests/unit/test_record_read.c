/* SPDX-License-Identifier: MIT */
/*
 * What is not a record is counted, with its place; nothing that input can say
 * does more.
 */
#include "config.h"

#include "result_stream.h"

#define TEXT(s) s, sizeof(s) - 1

static struct ld_reader *
reader_of(const char *data, size_t len, int *fd_out)
{
	struct ld_reader *reader;

	*fd_out = stream_fd(data, len);
	reader = ld_reader_new(*fd_out, "in", NULL, NULL);
	assert_non_null(reader);
	return reader;
}

static void
reader_end(struct ld_reader *reader, int fd)
{
	ld_reader_free(reader);
	assert_int_equal(close(fd), 0);
}

static void
check_str(struct ld_str a, struct ld_str b)
{
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
}

/* Read to the end; returns the status, counts records. */
static enum ld_status
drain(struct ld_reader *reader, unsigned *n_out, struct ld_err *err)
{
	struct ld_record record;
	enum ld_status st;
	bool more = true;

	for (*n_out = 0;; ++*n_out) {
		st = ld_reader_next(reader, &record, &more, err);
		if (st != LD_OK || !more)
			return st;
	}
}

#define TINY                                                    \
	"{\"type\":\"sample\",\"run\":\"r\",\"intended_ns\":1," \
	"\"start_ns\":1,\"response_ns\":2,\"service_ns\":2,"    \
	"\"outcome\":\"success\"}"

static void
keys_may_come_in_any_order_and_unknown_ones_are_passed_over(void **state)
{
	static const char text[] =
	    "{\"zzz\":[{\"run\":\"no\"}],\"wire\":4,\"text\":\"t\","
	    "\"start_ns\":5,\"service_ns\":1e3,\"run\":\"\\u0072\","
	    "\"response_ns\":1001.0,\"\\u006fut\":1,\"outcom\\u0065\":"
	    "\"failure\",\"class\":\"quantum\",\"intended_ns\":4,"
	    "\"arrival\":8,\"type\":\"sample\"}\n";
	struct ld_err err = LD_ERR_INIT;
	struct ld_record record;
	struct ld_reader *reader;
	bool more;
	int fd;

	(void)state;
	reader = reader_of(TEXT(text), &fd);
	assert_int_equal(ld_reader_next(reader, &record, &more, &err), LD_OK);
	assert_true(more);
	check_str(record.run, str("r"));
	assert_true(record.u.sample.open_model);
	assert_int_equal(record.u.sample.key, 8);
	assert_int_equal(record.u.sample.wire, 4);
	assert_int_equal(record.u.sample.service_ns, 1000);
	assert_int_equal(record.u.sample.response_ns, 1001);
	assert_int_equal(record.u.sample.outcome, LD_FAILURE);
	assert_int_equal(record.u.sample.cls, LD_CLASS_INTERNAL);
	reader_end(reader, fd);
}

static void
lines_that_are_no_records_are_counted_with_their_place(void **state)
{
	static const char *const bad[] = { "nonsense", "[1,2]", "17", "{}",
		"{\"type\":7}", "{\"type\":\"sample\"}",
		"{\"type\":\"sample\",\"run\":\"r\",\"intended_ns\":-1,"
		"\"start_ns\":1,\"response_ns\":2,\"service_ns\":2,"
		"\"outcome\":\"success\"}",
		"{\"type\":\"sample\",\"run\":\"r\",\"intended_ns\":1,"
		"\"start_ns\":9007199254740992,\"response_ns\":2,"
		"\"service_ns\":2,\"outcome\":\"success\"}",
		"{\"type\":\"sample\",\"run\":\"r\",\"intended_ns\":1,"
		"\"start_ns\":1,\"response_ns\":2,\"service_ns\":2,"
		"\"outcome\":\"luck\"}",
		("{\"type\":\"interval\",\"run\":\"r\",\"name\":\"n\","
		 "\"second\":0,\"ledger\":[]}"),
		"{\"type\":\"interval\",\"run\":\"r\"}", "{\"type\":\"end\"" };
	const size_t n = sizeof bad / sizeof *bad;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct ld_err err = LD_ERR_INIT;
		struct ld_reader *reader;
		char text[1024];
		unsigned good;
		int fd, len;

		len = snprintf(
		    text, sizeof text, TINY "\n\n%s\n" TINY "\n", bad[i]);
		reader = reader_of(text, (size_t)len, &fd);
		assert_int_equal(drain(reader, &good, &err), LD_OK);
		assert_int_equal(good, 2);
		assert_int_equal(ld_reader_bad_lines(reader), 1);
		assert_int_equal(ld_reader_first_bad(reader)->line, 3);
		assert_string_equal(ld_reader_first_bad(reader)->file, "in");
		assert_true(ld_reader_first_bad(reader)->text[0] != '\0');
		assert_false(ld_reader_torn(reader));
		reader_end(reader, fd);
	}
}

static void
too_many_bad_lines_end_the_reading(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_reader *reader;
	char text[2 * (LD_MAX_BAD_LINES + 1)];
	unsigned good;
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof text; i += 2)
		memcpy(text + i, "x\n", 2);
	reader = reader_of(text, sizeof text, &fd);
	assert_int_equal(drain(reader, &good, &err), LD_SYNTAX);
	assert_int_equal(err.line, 1);
	assert_non_null(strstr(err.text, "more than 100"));
	reader_end(reader, fd);
	reader = reader_of(text, sizeof text - 2, &fd);
	assert_int_equal(drain(reader, &good, &err), LD_OK);
	assert_int_equal(ld_reader_bad_lines(reader), LD_MAX_BAD_LINES);
	reader_end(reader, fd);
}

static void
a_torn_last_line_is_told_from_a_missing_line_feed(void **state)
{
	static const char text[] = TINY "\n" TINY;
	struct ld_err err = LD_ERR_INIT;
	struct ld_reader *reader;
	unsigned good;
	int fd;

	(void)state;
	reader = reader_of(TEXT(text), &fd);
	assert_int_equal(drain(reader, &good, &err), LD_OK);
	assert_int_equal(good, 2);
	assert_false(ld_reader_torn(reader));
	reader_end(reader, fd);
	for (size_t cut = sizeof TINY; cut < sizeof text - 2; cut++) {
		reader = reader_of(text, cut + 1, &fd);
		assert_int_equal(drain(reader, &good, &err), LD_OK);
		assert_int_equal(good, 1);
		assert_true(ld_reader_torn(reader));
		assert_int_equal(ld_reader_bad_lines(reader), 0);
		reader_end(reader, fd);
	}
}

static void
a_plan_is_refused_in_words(void **state)
{
	static const char *const plans[] = {
		"{\"type\":\"begin\",\"schema\":\"ld.plan/1\"}\n",
		"{\"type\":\"config\",\"user_count\":5}\n",
		"{\"type\":\"task\",\"url\":\"http://h/\"}\n",
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct ld_err err = LD_ERR_INIT;
		struct ld_reader *reader;
		unsigned good;
		int fd;

		reader = reader_of(plans[i], strlen(plans[i]), &fd);
		assert_int_equal(drain(reader, &good, &err), LD_INVALID);
		assert_non_null(strstr(err.text, "did you forget ld-run?"));
		assert_int_equal(err.line, 1);
		reader_end(reader, fd);
	}
}

static void
another_version_of_the_schema_is_refused(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_reader *reader;
	unsigned good;
	int fd;

	(void)state;
	reader = reader_of(
	    TEXT("{\"type\":\"begin\",\"schema\":\"ld.result/2\"}\n"), &fd);
	assert_int_equal(drain(reader, &good, &err), LD_INVALID);
	assert_non_null(strstr(err.text, "ld.result/2"));
	reader_end(reader, fd);
}

static void
a_line_over_the_limit_is_dropped_and_counted(void **state)
{
	size_t len = LD_MAX_LINE + 10, tiny = strlen(TINY "\n");
	char *text = malloc(len + 2 * tiny);
	struct ld_err err = LD_ERR_INIT;
	struct ld_reader *reader;
	unsigned good;
	int fd;

	(void)state;
	assert_non_null(text);
	memcpy(text, TINY "\n", tiny);
	memset(text + tiny, ' ', len);
	text[tiny + len - 1] = '\n';
	memcpy(text + tiny + len, TINY "\n", tiny);
	reader = reader_of(text, len + 2 * tiny, &fd);
	assert_int_equal(drain(reader, &good, &err), LD_OK);
	assert_int_equal(good, 2);
	assert_int_equal(ld_reader_bad_lines(reader), 1);
	assert_int_equal(ld_reader_first_bad(reader)->line, 2);
	reader_end(reader, fd);
	/* The same without an end. */
	reader = reader_of(text, tiny + len - 1, &fd);
	assert_int_equal(drain(reader, &good, &err), LD_OK);
	assert_int_equal(good, 1);
	assert_int_equal(ld_reader_bad_lines(reader), 1);
	reader_end(reader, fd);
	free(text);
}

static void
an_unknown_type_is_a_record_and_keeps_its_bytes(void **state)
{
	static const char text[] = " {\"type\":\"novel\", \"run\": \"q\"}\r\n";
	struct ld_err err = LD_ERR_INIT;
	struct ld_record record;
	struct ld_reader *reader;
	bool more;
	int fd;

	(void)state;
	reader = reader_of(TEXT(text), &fd);
	assert_int_equal(ld_reader_next(reader, &record, &more, &err), LD_OK);
	assert_true(more);
	assert_int_equal(record.type, LD_RECORD_OTHER);
	assert_int_equal(record.len, sizeof text - 1);
	assert_memory_equal(record.line, text, record.len);
	check_str(record.run, str("q"));
	reader_end(reader, fd);
}

struct writer {
	int fd;
	unsigned calls;
};

/* Called because the pipe is empty: fill it, or the test would hang. */
static void
write_one(void *ctx)
{
	struct writer *writer = ctx;

	if (writer->calls++ == 0)
		assert_int_equal(
		    write(writer->fd, TINY "\n", sizeof TINY), sizeof TINY);
	else
		assert_int_equal(close(writer->fd), 0);
}

static void
the_owner_is_called_before_a_read_that_waits_and_not_before_others(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct writer writer = { 0 };
	struct ld_record record;
	struct ld_reader *reader;
	bool more;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	writer.fd = fd[1];
	assert_int_equal(write(fd[1], TINY "\n", sizeof TINY), sizeof TINY);
	reader = ld_reader_new(fd[0], "in", write_one, &writer);
	assert_non_null(reader);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(
		    ld_reader_next(reader, &record, &more, &err), LD_OK);
		assert_true(more);
		assert_int_equal(writer.calls, i);
	}
	assert_int_equal(ld_reader_next(reader, &record, &more, &err), LD_OK);
	assert_false(more);
	assert_int_equal(writer.calls, 2);
	reader_end(reader, fd[0]);
}

static void
a_descriptor_that_cannot_be_read_is_an_error_with_its_name(void **state)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_reader *reader = ld_reader_new(-1, "gone", NULL, NULL);
	unsigned good;

	(void)state;
	assert_int_equal(drain(reader, &good, &err), LD_IO);
	assert_string_equal(err.file, "gone");
	ld_reader_free(reader);
	ld_reader_free(NULL);
}

int
main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(keys_may_come_in_any_order_and_unknown_ones_are_passed_over),
		T(lines_that_are_no_records_are_counted_with_their_place),
		T(too_many_bad_lines_end_the_reading),
		T(a_torn_last_line_is_told_from_a_missing_line_feed),
		T(a_plan_is_refused_in_words),
		T(another_version_of_the_schema_is_refused),
		T(a_line_over_the_limit_is_dropped_and_counted),
		T(an_unknown_type_is_a_record_and_keeps_its_bytes),
		T(the_owner_is_called_before_a_read_that_waits_and_not_before_others),
		T(a_descriptor_that_cannot_be_read_is_an_error_with_its_name),
	};
#undef T

	return cmocka_run_group_tests_name("record_read", tests, NULL, NULL);
}
