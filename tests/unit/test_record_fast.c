/* SPDX-License-Identifier: MIT */
/*
 * The quick way to read a sample accepts only what the general one does, and
 * makes the same of it: tried on every line with every byte changed.
 */
#include "config.h"

#include "result_stream.h"

#include "data/record_decode.h"
#include "data/record_fast.h"

static bool
same_str(struct ld_str a, struct ld_str b)
{
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static bool
same(const struct ld_sample *a, const struct ld_sample *b)
{
	return same_str(a->run, b->run) &&
	       same_str(a->series.user_type, b->series.user_type) &&
	       same_str(a->series.request_type, b->series.request_type) &&
	       same_str(a->series.name, b->series.name) &&
	       a->open_model == b->open_model && a->key == b->key &&
	       a->pass == b->pass && a->task == b->task &&
	       a->intended_ns == b->intended_ns && a->start_ns == b->start_ns &&
	       a->response_ns == b->response_ns &&
	       a->service_ns == b->service_ns &&
	       memcmp(a->phase_ns, b->phase_ns, sizeof a->phase_ns) == 0 &&
	       a->status == b->status && a->bytes_out == b->bytes_out &&
	       a->bytes_in == b->bytes_in && a->outcome == b->outcome &&
	       a->cls == b->cls && same_str(a->text, b->text) &&
	       a->hops == b->hops && a->attempts == b->attempts &&
	       a->wire == b->wire;
}

struct tools {
	struct ldi_decoder decoder;
	struct ld_json json;
	unsigned quick, general;
};

/* The line must stand in front of LDI_FAST_SLACK bytes. */
static void
compare(struct tools *tools, const char *line, size_t len)
{
	struct ld_record record = { .json = &tools->json };
	struct ld_err err = LD_ERR_INIT;
	struct ld_sample quick;
	bool good;

	good = ld_json_parse(&tools->json, line, len, 0, &err) == LD_OK &&
	       ld_json_kind(&tools->json, LD_JSON_ROOT) == LD_JSON_OBJECT &&
	       ldi_record_decode(&tools->decoder, &record, &err) == LD_OK &&
	       record.type == LD_RECORD_SAMPLE;
	tools->general += good;
	if (!ldi_sample_fast(line, len, &quick))
		return;
	tools->quick++;
	assert_true(good);
	assert_true(same(&quick, &record.u.sample));
}

static void
tools_init(struct tools *tools)
{
	tools->quick = tools->general = 0;
	assert_int_equal(ldi_decoder_init(&tools->decoder), LD_OK);
	ld_json_init(&tools->json);
}

static void
tools_clear(struct tools *tools)
{
	ldi_decoder_clear(&tools->decoder);
	ld_json_clear(&tools->json);
}

static size_t
line_of(const struct ld_sample *sample, char line[2048])
{
	struct ld_buf out;
	size_t len;

	ld_buf_init(&out, 2048 - LDI_FAST_SLACK);
	ld_sample_write(sample, &out);
	assert_false(out.failed);
	len = out.len;
	memset(line, 0, 2048);
	memcpy(line, out.data, len);
	ld_buf_clear(&out);
	return len;
}

/* Shapes that differ in what is left out. */
static struct ld_sample
shape(unsigned i)
{
	struct ld_sample s = stream_sample("r-01", i);

	s.series.name = str("GET /item/${id}");
	s.open_model = i % 2;
	s.hops = i % 3;
	s.attempts = 1 + i % 4;
	s.wire = i % 5;
	s.status = i % 7 ? 200 : -1;
	for (unsigned p = 0; p < LD_PHASE_N; p++)
		s.phase_ns[p] = i >> p & 1 ? i * UINT64_C(99991) + p : 0;
	s.outcome = (enum ld_outcome_kind)(i % LD_OUTCOME_N);
	s.cls = LD_CLASS_NONE;
	s.text = str("");
	if (s.outcome == LD_FAILURE) {
		s.cls = (enum ld_class)(1 + i % (LD_CLASS_N - 1));
		s.text = str("it broke");
	}
	return s;
}

static void
samples_as_written_are_read_the_quick_way(void **state)
{
	struct tools tools;
	char line[2048];

	(void)state;
	tools_init(&tools);
	for (unsigned i = 0; i < 3000; i++) {
		struct ld_sample s = shape(i);

		compare(&tools, line, line_of(&s, line));
	}
	assert_int_equal(tools.quick, 3000);
	assert_int_equal(tools.general, 3000);
	tools_clear(&tools);
}

static void
a_changed_byte_is_read_the_same_way_or_left_to_the_general_reader(void **state)
{
	static const char bytes[] = "\"\\ 09-.eE,:{}[]\n\t\x01\x7f\x80\xff"
				    "aA";
	struct tools tools;
	char line[2048];

	(void)state;
	tools_init(&tools);
	for (unsigned i = 0; i < 12; i++) {
		struct ld_sample s = shape(i * 37);
		size_t len = line_of(&s, line);

		for (size_t at = 0; at < len; at++) {
			char was = line[at];

			for (size_t k = 0; k < sizeof bytes; k++) {
				line[at] = bytes[k];
				compare(&tools, line, len);
			}
			line[at] = was;
		}
	}
	/* The test would be blind if nothing were accepted. */
	assert_true(tools.quick > 1000);
	assert_true(tools.general > tools.quick);
	tools_clear(&tools);
}

static void
a_missing_byte_is_read_the_same_way_or_left_to_the_general_reader(void **state)
{
	struct tools tools;
	char line[2048], cut[2048];

	(void)state;
	tools_init(&tools);
	for (unsigned i = 0; i < 12; i++) {
		struct ld_sample s = shape(i * 41);
		size_t len = line_of(&s, line);

		for (size_t at = 0; at < len; at++) {
			memset(cut, 0, sizeof cut);
			memcpy(cut, line, at);
			memcpy(cut + at, line + at + 1, len - at - 1);
			compare(&tools, cut, len - 1);
			compare(&tools, line, at);
		}
	}
	assert_true(tools.quick > 100);
	tools_clear(&tools);
}

static void
numbers_at_the_limit_are_exact(void **state)
{
	static const uint64_t values[] = { 0, 9, 10, 99999999, 100000000,
		UINT64_C(999999999999999), UINT64_C(1000000000000000),
		(UINT64_C(1) << 53) - 1, UINT64_C(1) << 53, UINT64_MAX };
	struct tools tools;
	char line[2048];

	(void)state;
	tools_init(&tools);
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct ld_sample s = shape(3);

		s.key = s.pass = s.bytes_in = values[i];
		compare(&tools, line, line_of(&s, line));
	}
	assert_int_equal(tools.general, 8);
	assert_true(tools.quick >= 6);
	tools_clear(&tools);
}

int
main(void)
{
#define T(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		T(samples_as_written_are_read_the_quick_way),
		T(a_changed_byte_is_read_the_same_way_or_left_to_the_general_reader),
		T(a_missing_byte_is_read_the_same_way_or_left_to_the_general_reader),
		T(numbers_at_the_limit_are_exact),
	};
#undef T

	return cmocka_run_group_tests_name("record_fast", tests, NULL, NULL);
}
