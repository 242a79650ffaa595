/* SPDX-License-Identifier: MIT */
/* Bytes on their way to a reader that is slow, gone, or behind a full disk. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "engine/output.h"

struct stage {
	int from; /* where the reader reads */
	struct ldi_port port;
	struct ldi_output out;
	unsigned next; /* number of the next line put in */
	unsigned seen; /* lines that came out */
};

static int
open_stage(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));
	int pipes[2];

	assert_non_null(s);
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(ldi_port_init(&s->port, NULL), LD_OK);
	assert_int_equal(
	    ldi_output_init(&s->out, pipes[1], (uint64_t)1 << 30, NULL), LD_OK);
	close(pipes[1]);
	s->from = pipes[0];
	assert_int_equal(fcntl(s->from, F_SETFL, O_NONBLOCK), 0);
	*state = s;
	return 0;
}

static int
close_stage(void **state)
{
	struct stage *s = *state;

	ldi_output_clear(&s->out);
	ldi_port_clear(&s->port);
	close(s->from);
	free(s);
	return 0;
}

/* A chunk of numbered lines; false when it was refused. */
static bool
put_chunk(struct stage *s)
{
	struct ldi_chunk *chunk = ldi_port_chunk(&s->port);

	assert_non_null(chunk);
	memset(chunk->data, '.', LDI_CHUNK_BYTES);
	chunk->len = LDI_CHUNK_BYTES;
	snprintf(chunk->data, 16, "%u", s->next);
	chunk->data[LDI_CHUNK_BYTES - 1] = '\n';
	if (!ldi_output_chunk(&s->out, &s->port, chunk))
		return false;
	s->next++;
	return true;
}

static void
put_line(struct stage *s)
{
	char line[16];
	int n = snprintf(line, sizeof(line), "%u\n", s->next++);
	char *data = malloc((size_t)n);

	assert_non_null(data);
	memcpy(data, line, (size_t)n);
	ldi_output_block(&s->out, data, (size_t)n);
}

static bool
spills(const struct stage *s)
{
	return s->out.spill_written > s->out.spill_read;
}

/* Read and pump until so many lines have come in all, which must be in order,
 * or nothing is left. */
static void
read_lines(struct stage *s, unsigned enough)
{
	static char buf[1 << 16];
	unsigned number = 0;
	bool at_digits = true;
	ssize_t n = 1;

	while (s->seen < enough && (n > 0 || !ldi_output_empty(&s->out))) {
		ldi_output_pump(&s->out);
		n = read(s->from, buf, sizeof(buf));
		for (ssize_t i = 0; i < n; i++) {
			bool digit = buf[i] >= '0' && buf[i] <= '9';

			if (buf[i] == '\n') {
				assert_int_equal(number, s->seen);
				s->seen++;
				number = 0;
				at_digits = true;
			} else if (at_digits && digit) {
				number = number * 10 + (unsigned)(buf[i] - '0');
			} else {
				at_digits = false;
			}
		}
	}
}

static void
read_all(struct stage *s)
{
	read_lines(s, UINT32_MAX);
	assert_int_equal(s->seen, s->next);
}

static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
memory_comes_first_then_the_file_then_the_rest(void **state)
{
	struct stage *s = *state;

	while (!spills(s))
		assert_true(put_chunk(s));
	put_line(s);
	assert_true(put_chunk(s));
	read_all(s);
	/* And again, from where the file was left. */
	while (!spills(s))
		assert_true(put_chunk(s));
	put_line(s);
	read_all(s);
}

static void
nothing_overtakes_what_a_full_disk_left_in_memory(void **state)
{
	struct stage *s = *state;

	while (!spills(s))
		assert_true(put_chunk(s));
	limit_files(1);
	put_line(s);
	assert_false(put_chunk(s));
	limit_files(RLIM_INFINITY);
	/* There is room again, but the line waits behind the file. */
	assert_false(put_chunk(s));
	put_line(s);
	read_all(s);
	assert_true(put_chunk(s));
}

static void
without_a_place_for_the_file_chunks_are_refused(void **state)
{
	struct stage *s = *state;
	char *before = getenv("TMPDIR");

	before = before == NULL ? NULL : strdup(before);
	setenv("TMPDIR", "/dev/null/nowhere", 1);
	while (put_chunk(s))
		;
	for (int i = 0; i < 10; i++)
		assert_false(put_chunk(s));
	put_line(s);
	if (before != NULL)
		setenv("TMPDIR", before, 1);
	else
		unsetenv("TMPDIR");
	free(before);
	read_all(s);
}

static bool
holes_can_be_punched(int fd)
{
	return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
		   4096) == 0;
}

static void
what_was_read_back_gives_its_disk_space_back(void **state)
{
	struct stage *s = *state;
	struct stat full, half;
	unsigned before;

	while (!spills(s))
		assert_true(put_chunk(s));
	before = s->next;
	while (s->next < before + 64)
		assert_true(put_chunk(s));
	assert_int_equal(fstat(s->out.spill_fd, &full), 0);
	read_lines(s, before + 32);
	if (!holes_can_be_punched(s->out.spill_fd))
		skip();
	assert_int_equal(fstat(s->out.spill_fd, &half), 0);
	assert_true(spills(s));
	assert_true(half.st_blocks < full.st_blocks * 3 / 4);
}

static void
an_idle_pipe_tells_that_its_reader_left(void **state)
{
	struct stage *s = *state;
	struct pollfd p;

	ldi_output_poll(&s->out, &p);
	assert_int_equal(poll(&p, 1, 0), 0);
	ldi_output_polled(&s->out, &p);
	assert_false(s->out.broken);
	close(s->from);
	s->from = -1;
	ldi_output_poll(&s->out, &p);
	assert_int_equal(poll(&p, 1, 0), 1);
	ldi_output_polled(&s->out, &p);
	assert_true(s->out.broken);
	assert_true(s->out.reader_left);
	ldi_output_poll(&s->out, &p);
	assert_int_equal(p.fd, -1);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, open_stage, close_stage)
	const struct CMUnitTest tests[] = {
		T(memory_comes_first_then_the_file_then_the_rest),
		T(nothing_overtakes_what_a_full_disk_left_in_memory),
		T(without_a_place_for_the_file_chunks_are_refused),
		T(what_was_read_back_gives_its_disk_space_back),
		T(an_idle_pipe_tells_that_its_reader_left),
	};
#undef T

	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
