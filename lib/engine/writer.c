/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <ld/buf.h>

#include "base/file.h"
#include "engine/output.h"
#include "engine/seconds.h"
#include "engine/writer.h"

/* A line from the main thread, and what observers see of it. */
struct line {
	struct line *next;
	char *data;
	size_t len;
	char *twin;
	size_t twin_len;
};

struct ld_writer {
	struct ld_writer_options options;
	pthread_t thread;
	bool started;
	int wake_fd;
	_Atomic bool sleeping;
	_Atomic bool broken;
	_Atomic bool reader_left;
	_Atomic bool journal_failed;
	pthread_mutex_t lock; /* over what follows, down to the blank line */
	pthread_cond_t changed;
	struct line *lines, **lines_end;
	struct ldi_stream *stream; /* attached, or NULL */
	bool detaching, stopping;
	uint64_t flush_asked, flush_done;
	struct ld_err error, journal_error;
	int spool_fd;
	uint64_t spool_len;
	bool spool_failed;

	/* The thread's own. */
	struct ldi_output out;
	struct ld_buf text; /* interval records being made */
};

void
ldi_writer_wake(struct ld_writer *writer)
{
	uint64_t one = 1;

	if (atomic_exchange_explicit(
		&writer->sleeping, false, memory_order_acq_rel))
		(void)!write(writer->wake_fd, &one, sizeof(one));
}

/* From the main thread: it asks for things that the thread looks at only
 * before it sleeps, so the flag alone would not do. */
static void
call(struct ld_writer *writer)
{
	uint64_t one = 1;

	(void)!write(writer->wake_fd, &one, sizeof(one));
}

bool
ld_writer_broken(const struct ld_writer *writer)
{
	return atomic_load_explicit(&writer->broken, memory_order_acquire);
}

bool
ld_writer_journal_failed(struct ld_writer *w, struct ld_err *err)
{
	if (!atomic_load_explicit(&w->journal_failed, memory_order_acquire))
		return false;
	pthread_mutex_lock(&w->lock);
	if (err != NULL)
		*err = w->journal_error;
	pthread_mutex_unlock(&w->lock);
	return true;
}

bool
ldi_writer_reader_left(const struct ld_writer *writer)
{
	return atomic_load_explicit(&writer->reader_left, memory_order_acquire);
}

/* -- spool: a copy of the control records --------------------------------- */

static void
spool_add(struct ld_writer *w, const char *data, size_t len)
{
	while (len > 0 && !w->spool_failed) {
		ssize_t n = pwrite(w->spool_fd, data, len, (off_t)w->spool_len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			w->spool_failed = true;
			ld_err_errno(&w->error, errno, "spooling records");
			return;
		}
		w->spool_len += (uint64_t)n;
		data += n;
		len -= (size_t)n;
	}
}

/* What is not a sample also goes to the spool and the observer. */
static void
publish(struct ld_writer *w, const char *twin, size_t len)
{
	if (w->options.spool) {
		pthread_mutex_lock(&w->lock);
		spool_add(w, twin, len);
		pthread_mutex_unlock(&w->lock);
	}
	if (w->options.observe != NULL)
		w->options.observe(w->options.observe_ctx, twin, len);
}

/* -- the thread ----------------------------------------------------------- */

static bool
drain_lines(struct ld_writer *w)
{
	struct line *line, *next;

	pthread_mutex_lock(&w->lock);
	line = w->lines;
	w->lines = NULL;
	w->lines_end = &w->lines;
	pthread_mutex_unlock(&w->lock);
	if (line == NULL)
		return false;
	for (; line != NULL; line = next) {
		next = line->next;
		publish(w, line->twin != NULL ? line->twin : line->data,
		    line->twin != NULL ? line->twin_len : line->len);
		ldi_output_block(&w->out, line->data, line->len);
		free(line->twin);
		free(line);
	}
	return true;
}

static void
take_chunk(struct ld_writer *w, struct ldi_stream *s, struct ldi_port *port,
    struct ldi_chunk *chunk)
{
	uint64_t samples = chunk->samples, messages = chunk->messages;
	unsigned __int128 sum = chunk->response_sum_ns;

	if (w->options.spool_samples) {
		pthread_mutex_lock(&w->lock);
		spool_add(w, chunk->data, chunk->len);
		pthread_mutex_unlock(&w->lock);
	}
	if (ldi_output_chunk(&w->out, port, chunk)) {
		s->samples += samples;
		s->messages += messages;
		s->response_sum_ns += sum;
	} else {
		s->shed[w->out.reader_left ? LD_SHED_READER : LD_SHED_SPILL] +=
		    samples;
	}
}

static bool
drain_chunks(struct ld_writer *w, struct ldi_stream *s)
{
	bool moved = false;

	for (unsigned i = 0; i < s->n_ports; i++) {
		struct ldi_chunk *chunk;

		while ((chunk = ldi_ring_pop(&s->ports[i].full)) != NULL) {
			take_chunk(w, s, &s->ports[i], chunk);
			moved = true;
		}
	}
	return moved;
}

static bool
drain_seconds(struct ld_writer *w, struct ldi_stream *s)
{
	bool moved = false;

	while (ldi_seconds_next(s, &w->text)) {
		char *data;
		size_t len;

		publish(w, w->text.data, w->text.len);
		data = ld_buf_take(&w->text, &len);
		if (data != NULL)
			ldi_output_block(&w->out, data, len);
		moved = true;
	}
	return moved;
}

static void
tell_state(struct ld_writer *w)
{
	if (w->out.journal_error.status != LD_OK &&
	    !atomic_load(&w->journal_failed)) {
		pthread_mutex_lock(&w->lock);
		w->journal_error = w->out.journal_error;
		pthread_mutex_unlock(&w->lock);
		atomic_store(&w->journal_failed, true);
	}
	if (!w->out.broken || atomic_load(&w->broken))
		return;
	pthread_mutex_lock(&w->lock);
	w->error = w->out.error;
	pthread_mutex_unlock(&w->lock);
	atomic_store(&w->reader_left, w->out.reader_left);
	atomic_store(&w->broken, true);
}

/* Under the lock: answer whoever waits; true = the thread may end. */
static bool
settle(struct ld_writer *w)
{
	if (w->detaching && ldi_seconds_done(w->stream)) {
		ldi_output_adopt(&w->out);
		w->stream = NULL;
		w->detaching = false;
		pthread_cond_broadcast(&w->changed);
	}
	if (w->lines == NULL && w->stream == NULL &&
	    ldi_output_empty(&w->out) && w->flush_done != w->flush_asked) {
		w->flush_done = w->flush_asked;
		pthread_cond_broadcast(&w->changed);
	}
	return w->stopping && w->lines == NULL && w->stream == NULL;
}

static void
sleep_until_needed(struct ld_writer *w)
{
	struct pollfd p[2] = {
		{ .fd = w->wake_fd, .events = POLLIN },
		{ .fd = -1 },
	};
	uint64_t count;

	ldi_output_poll(&w->out, &p[1]);
	if (poll(p, 2, 200) <= 0)
		return;
	if ((p[0].revents & POLLIN) != 0)
		(void)!read(w->wake_fd, &count, sizeof(count));
	ldi_output_polled(&w->out, &p[1]);
}

static struct ldi_stream *
attached(struct ld_writer *w)
{
	struct ldi_stream *s;

	pthread_mutex_lock(&w->lock);
	s = w->stream;
	pthread_mutex_unlock(&w->lock);
	return s;
}

static bool
work(struct ld_writer *w)
{
	struct ldi_stream *s = attached(w);
	/* Lines first: `begin` is queued before its stream is attached. */
	bool moved = drain_lines(w);

	if (s != NULL) {
		moved |= drain_chunks(w, s);
		moved |= drain_seconds(w, s);
	}
	moved |= ldi_output_pump(&w->out);
	tell_state(w);
	return moved;
}

static void *
writer_main(void *opaque)
{
	struct ld_writer *w = opaque;
	bool end = false;

	pthread_setname_np(pthread_self(), "ld-write");
	while (!end) {
		if (work(w))
			continue;
		pthread_mutex_lock(&w->lock);
		end = settle(w);
		pthread_mutex_unlock(&w->lock);
		if (end)
			break;
		/* Announce the sleep, look once more, sleep: a worker that
		 * pushed in between either sees the flag or is seen.  Both
		 * sides exchange, so that one of them reads from the other. */
		atomic_exchange(&w->sleeping, true);
		if (!work(w))
			sleep_until_needed(w);
		atomic_store(&w->sleeping, false);
	}
	return NULL;
}

/* -- the public side ------------------------------------------------------ */

static enum ld_status
start_thread(struct ld_writer *w, struct ld_err *err)
{
	sigset_t all, before;
	int rc;

	/* Signals belong to the main thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&w->thread, NULL, writer_main, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc != 0)
		return ld_err_errno(err, rc, "a thread for the output");
	w->started = true;
	return LD_OK;
}

enum ld_status
ld_writer_new(const struct ld_writer_options *options,
    struct ld_writer **writer_out, struct ld_err *err)
{
	struct ld_writer *w = calloc(1, sizeof(*w));
	enum ld_status st;

	*writer_out = NULL;
	if (w == NULL)
		return ld_err_set(err, LD_NOMEM, "the writer");
	w->options = *options;
	w->lines_end = &w->lines;
	w->spool_fd = w->wake_fd = -1;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->changed, NULL);
	ld_buf_init(&w->text, (size_t)1 << 30);
	st = ldi_output_init(
	    &w->out, options->fd, options->spill_max_bytes, err);
	w->out.journal_fd = options->journal_fd;
	if (st == LD_OK) {
		w->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (w->wake_fd < 0)
			st = ld_err_errno(err, errno, "an event descriptor");
	}
	if (st == LD_OK && options->spool) {
		w->spool_fd = ldi_file_unnamed();
		if (w->spool_fd < 0)
			st = ld_err_errno(err, errno, "a spool file in TMPDIR");
	}
	if (st == LD_OK)
		st = start_thread(w, err);
	if (st != LD_OK) {
		ld_writer_free(w);
		return st;
	}
	*writer_out = w;
	return LD_OK;
}

void
ld_writer_free(struct ld_writer *w)
{
	if (w == NULL)
		return;
	if (w->started) {
		pthread_mutex_lock(&w->lock);
		w->stopping = true;
		pthread_mutex_unlock(&w->lock);
		call(w);
		pthread_join(w->thread, NULL);
	}
	ldi_output_clear(&w->out);
	ld_buf_clear(&w->text);
	if (w->wake_fd >= 0)
		close(w->wake_fd);
	if (w->spool_fd >= 0)
		close(w->spool_fd);
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

static char *
copy(const char *data, size_t len)
{
	char *text = malloc(len == 0 ? 1 : len);

	if (text != NULL && len > 0)
		memcpy(text, data, len);
	return text;
}

enum ld_status
ldi_writer_control(struct ld_writer *w, const char *data, size_t len,
    const char *twin, size_t twin_len)
{
	struct line *line = calloc(1, sizeof(*line));

	if (line == NULL)
		return LD_NOMEM;
	line->data = copy(data, len);
	line->len = len;
	line->twin = twin == NULL ? NULL : copy(twin, twin_len);
	line->twin_len = twin_len;
	if (line->data == NULL || (twin != NULL && line->twin == NULL)) {
		free(line->data);
		free(line->twin);
		free(line);
		return LD_NOMEM;
	}
	pthread_mutex_lock(&w->lock);
	*w->lines_end = line;
	w->lines_end = &line->next;
	pthread_mutex_unlock(&w->lock);
	call(w);
	return LD_OK;
}

enum ld_status
ld_writer_line(struct ld_writer *w, const char *data, size_t len)
{
	return ldi_writer_control(w, data, len, NULL, 0);
}

enum ld_status
ldi_writer_attach(struct ld_writer *w, struct ldi_stream *stream,
    const char *begin, const char *begin_twin, struct ld_err *err)
{
	enum ld_status st = ldi_seconds_init(stream, err);

	if (st == LD_OK && ldi_writer_control(w, begin, strlen(begin),
			       begin_twin, strlen(begin_twin)) != LD_OK)
		st = ld_err_set(err, LD_NOMEM, "the begin record");
	if (st != LD_OK)
		return st;
	pthread_mutex_lock(&w->lock);
	w->stream = stream;
	pthread_mutex_unlock(&w->lock);
	call(w);
	return LD_OK;
}

void
ldi_writer_detach(struct ld_writer *w, struct ldi_stream *stream)
{
	pthread_mutex_lock(&w->lock);
	w->detaching = true;
	pthread_mutex_unlock(&w->lock);
	call(w);
	pthread_mutex_lock(&w->lock);
	while (w->stream == stream)
		pthread_cond_wait(&w->changed, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

enum ld_status
ld_writer_flush(struct ld_writer *w, struct ld_err *err)
{
	uint64_t ticket;
	bool failed;

	pthread_mutex_lock(&w->lock);
	ticket = ++w->flush_asked;
	pthread_mutex_unlock(&w->lock);
	call(w);
	pthread_mutex_lock(&w->lock);
	while (w->flush_done < ticket)
		pthread_cond_wait(&w->changed, &w->lock);
	if (w->error.status != LD_OK && err != NULL)
		*err = w->error;
	failed = w->spool_failed;
	pthread_mutex_unlock(&w->lock);
	if (ldi_writer_reader_left(w))
		return ld_err_set(err, LD_CANCELED, "the reader has left");
	return ld_writer_broken(w) || failed ? LD_IO : LD_OK;
}

/* The spool, from its beginning. */
static enum ld_status
rewind_spool(struct ld_writer *w, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	if (!ld_writer_broken(w))
		st = ld_writer_flush(w, err);
	if (st != LD_OK)
		return st;
	if (w->spool_fd < 0)
		return ld_err_set(err, LD_INVALID, "records were not kept");
	if (lseek(w->spool_fd, 0, SEEK_SET) < 0)
		return ld_err_errno(err, errno, "the spool file");
	return LD_OK;
}

enum ld_status
ld_writer_summary(
    struct ld_writer *w, struct ld_summary **summary_out, struct ld_err *err)
{
	enum ld_status st = rewind_spool(w, err);
	struct ld_summary *summary;

	*summary_out = NULL;
	if (st != LD_OK)
		return st;
	summary = ld_summary_new();
	if (summary == NULL)
		return ld_err_set(err, LD_NOMEM, "a summary");
	st = ld_summary_read(summary, w->spool_fd, "spool", err);
	if (st != LD_OK) {
		ld_summary_free(summary);
		return st;
	}
	*summary_out = summary;
	return LD_OK;
}

enum ld_status
ld_writer_records(
    struct ld_writer *w, ld_record_fn *each, void *ctx, struct ld_err *err)
{
	enum ld_status st = rewind_spool(w, err);
	struct ld_reader *reader;
	struct ld_record record;
	bool more = true;

	if (st != LD_OK)
		return st;
	reader = ld_reader_new(w->spool_fd, "spool", NULL, NULL);
	if (reader == NULL)
		return ld_err_set(err, LD_NOMEM, "a reader");
	while (st == LD_OK && more) {
		st = ld_reader_next(reader, &record, &more, err);
		if (st == LD_OK && more)
			st = each(ctx, &record, err);
	}
	ld_reader_free(reader);
	return st;
}

void
ld_writer_clear(struct ld_writer *w)
{
	(void)ld_writer_flush(w, NULL);
	pthread_mutex_lock(&w->lock);
	if (w->spool_fd >= 0 && ftruncate(w->spool_fd, 0) == 0)
		w->spool_len = 0;
	pthread_mutex_unlock(&w->lock);
}
