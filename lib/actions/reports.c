/* SPDX-License-Identifier: MIT */
/* Commands that read the records of the runs so far. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ld/report.h>

#include "actions/action.h"

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

/* Beside its name first, so that a report is there whole or not at all. */
static enum ld_status
write_file(const char *path, const struct ld_buf *data, struct ld_err *err)
{
	size_t size = strlen(path) + 8;
	char *temp = malloc(size);
	size_t done = 0;
	int fd;

	if (temp == NULL)
		return ld_err_set(err, LD_NOMEM, "a file name");
	snprintf(temp, size, "%s.XXXXXX", path);
	fd = mkostemp(temp, O_CLOEXEC);
	while (fd >= 0 && done < data->len) {
		ssize_t n = write(fd, data->data + done, data->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (fd < 0 || done < data->len || fchmod(fd, 0644) != 0 ||
	    close(fd) != 0 || rename(temp, path) != 0) {
		int errnum = errno;

		if (fd >= 0)
			unlink(temp);
		free(temp);
		return ld_err_errno(err, errnum, "cannot write %s", path);
	}
	free(temp);
	return LD_OK;
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
