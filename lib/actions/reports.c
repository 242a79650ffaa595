/* SPDX-License-Identifier: MIT */
/* Commands that read the records of the runs so far. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ld/report.h>
#include <ld/rng.h>

#include "actions/action.h"

/* Names tried until one is free. */
#define TEMP_TRIES 100

static enum ld_status
render(struct ldi_exec *exec, const char *format, struct ld_buf *out,
    struct ld_err *err)
{
	const struct ld_reporter *reporter = ld_reporter_find(format, err);
	struct ld_report_options options = { 0 };
	struct ld_summary *summary;
	enum ld_status st;

	if (reporter == NULL)
		return err->status;
	st = ld_writer_summary(exec->writer, &summary, err);
	if (st != LD_OK)
		return st;
	if (ld_summary_runs(summary) == 0)
		st = ld_err_set(err, LD_INVALID,
		    "there are no records to make a report from");
	else
		st = reporter->write(summary, &options, out, err);
	ld_summary_free(summary);
	return st == LD_OK ? ld_buf_status(out, "the report", err) : st;
}

/* A new file beside `path`, with the mode that the umask leaves; its name goes
 * into `temp`.  -1 with errno. */
static int
open_beside(const char *path, char *temp, size_t size)
{
	int fd = -1;

	for (int i = 0; i < TEMP_TRIES && fd < 0; i++) {
		snprintf(
		    temp, size, "%s.%08" PRIx32, path, (uint32_t)ld_rng_seed());
		fd = open(temp,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

static bool
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* Beside its name first, so that a report is there whole or not at all. */
static enum ld_status
write_file(const char *path, const struct ld_buf *data, struct ld_err *err)
{
	size_t size = strlen(path) + sizeof(".01234567");
	char *temp = malloc(size);
	int errnum = 0, fd;

	if (temp == NULL)
		return ld_err_set(err, LD_NOMEM, "a file name");
	fd = open_beside(path, temp, size);
	if (fd < 0 || !write_all(fd, data->data, data->len))
		errnum = errno;
	if (fd >= 0 && close(fd) != 0 && errnum == 0)
		errnum = errno;
	if (errnum == 0 && rename(temp, path) != 0)
		errnum = errno;
	if (fd >= 0 && errnum != 0)
		unlink(temp);
	free(temp);
	return errnum == 0 ? LD_OK
			   : ld_err_errno(err, errnum, "cannot write %s", path);
}

static enum ld_status
generate(struct ldi_exec *exec, const struct ld_item *item,
    const char *const how[3], struct ld_buf *value, struct ld_err *err)
{
	char *base =
	    ldi_arg_text(ldi_action_find(item->command), item, how[1], how[2]);
	const struct ld_reporter *reporter = ld_reporter_find(how[0], err);
	struct ld_buf document, path;
	enum ld_status st;

	ld_buf_init(&document, LD_MAX_DOCUMENT);
	ld_buf_init(&path, 8192);
	st = reporter == NULL ? err->status
			      : render(exec, how[0], &document, err);
	if (st == LD_OK) {
		ld_buf_adds(&path, base != NULL ? base : "");
		ld_buf_adds(&path, reporter->suffix);
		if (base == NULL || ld_buf_str(&path) == NULL)
			st = ld_err_set(err, LD_NOMEM, "a file name");
		else
			st = write_file(path.data, &document, err);
	}
	if (st == LD_OK)
		ld_json_add_string(value, path.data, path.len);
	ld_buf_clear(&document);
	ld_buf_clear(&path);
	free(base);
	return st;
}

enum ld_status
ldi_action_generate_summary(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	static const char *const how[3] = { "summary", "report_name",
		"loaddensity-summary" };

	return generate(exec, item, how, value, err);
}

enum ld_status
ldi_action_generate_html(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	static const char *const how[3] = { "html", "html_name",
		"default_name" };

	return generate(exec, item, how, value, err);
}

/* The document in one line: outside of its strings, which hold no line
 * breaks, indentation means nothing. */
static void
add_flat(struct ld_buf *out, const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t n = end == NULL ? len - at : (size_t)(end - text) - at;

		ld_buf_add(out, text + at, n);
		at += n + 1;
		while (at < len && text[at] == ' ')
			at++;
	}
}

enum ld_status
ldi_action_summary(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	struct ld_buf document;
	enum ld_status st;

	(void)item;
	ld_buf_init(&document, LD_MAX_DOCUMENT);
	st = render(exec, "summary", &document, err);
	if (st == LD_OK)
		add_flat(value, document.data, document.len);
	ld_buf_clear(&document);
	return st;
}

enum ld_status
ldi_action_clear_records(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)item, (void)err;
	ld_writer_clear(exec->writer);
	ld_buf_adds(value, "{\"status\":\"cleared\"}");
	return LD_OK;
}
