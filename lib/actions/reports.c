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

#include <ld/compat.h>
#include <ld/report.h>
#include <ld/rng.h>

#include "actions/action.h"
#include "base/file.h"

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
add_record(void *compat, const struct ld_record *record, struct ld_err *err)
{
	return ld_compat_add(compat, record, err);
}

/* What the original would write of the records so far. */
static enum ld_status
collect(struct ldi_exec *exec, const char *format, struct ld_compat **out,
    struct ld_err *err)
{
	enum ld_status st = ld_compat_new(format, out, err);

	if (st == LD_OK)
		st = ld_writer_records(exec->writer, add_record, *out, err);
	if (st == LD_OK)
		st = ld_compat_check(*out, err);
	if (st == LD_OK)
		return LD_OK;
	ld_compat_free(*out);
	*out = NULL;
	return st;
}

/* Document `i` of them, read back: it was made to go to a file. */
static enum ld_status
collected(const struct ld_compat *compat, size_t i, struct ld_buf *out,
    struct ld_err *err)
{
	int fd = ldi_file_unnamed();
	enum ld_status st;

	if (fd < 0)
		return ld_err_errno(err, errno, "a file in TMPDIR");
	st = ld_compat_write(compat, i, fd, err);
	if (st == LD_OK && lseek(fd, 0, SEEK_SET) < 0)
		st = ld_err_errno(err, errno, "a file in TMPDIR");
	if (st == LD_OK)
		st = ldi_file_read(fd, out, "the report", err);
	close(fd);
	return st;
}

/* The files of a report: base, suffix, and what stands in them. */
static enum ld_status
write_suffixed(const char *base, const char *suffix,
    const struct ld_buf *document, struct ld_buf *value, struct ld_err *err)
{
	struct ld_buf path;
	enum ld_status st;

	ld_buf_init(&path, 8192);
	ld_buf_adds(&path, base);
	ld_buf_adds(&path, suffix);
	st = ld_buf_str(&path) == NULL
		 ? ld_err_set(err, LD_NOMEM, "a file name")
		 : write_file(path.data, document, err);
	if (st == LD_OK)
		ld_json_add_string(value, path.data, path.len);
	ld_buf_clear(&path);
	return st;
}

static enum ld_status
generate_compat(struct ldi_exec *exec, const char *format, const char *base,
    struct ld_buf *value, struct ld_err *err)
{
	struct ld_compat *compat;
	struct ld_buf document;
	enum ld_status st = collect(exec, format, &compat, err);
	size_t n = st == LD_OK ? ld_compat_files(compat) : 0;

	if (n == 2)
		ld_buf_addc(value, '[');
	for (size_t i = 0; i < n && st == LD_OK; i++) {
		ld_buf_init(&document, LD_MAX_DOCUMENT);
		st = collected(compat, i, &document, err);
		if (i > 0)
			ld_buf_addc(value, ',');
		if (st == LD_OK)
			st = write_suffixed(base, ld_compat_suffix(compat, i),
			    &document, value, err);
		ld_buf_clear(&document);
	}
	if (n == 2)
		ld_buf_addc(value, ']');
	ld_compat_free(compat);
	return st;
}

static enum ld_status
generate_useful(struct ldi_exec *exec, const char *format, const char *base,
    struct ld_buf *value, struct ld_err *err)
{
	const struct ld_reporter *reporter = ld_reporter_find(format, err);
	struct ld_buf document;
	enum ld_status st;

	ld_buf_init(&document, LD_MAX_DOCUMENT);
	st = reporter == NULL ? err->status
			      : render(exec, format, &document, err);
	if (st == LD_OK)
		st = write_suffixed(
		    base, reporter->suffix, &document, value, err);
	ld_buf_clear(&document);
	return st;
}

/* `how`: the format, the parameter with the name, and what that is when it is
 * not given. */
static enum ld_status
generate(struct ldi_exec *exec, const struct ld_item *item,
    const char *const how[3], struct ld_buf *value, struct ld_err *err)
{
	char *base =
	    ldi_arg_text(ldi_action_find(item->command), item, how[1], how[2]);
	enum ld_status st;

	if (base == NULL)
		return ld_err_set(err, LD_NOMEM, "a file name");
	st = exec->options->compat
		 ? generate_compat(exec, how[0], base, value, err)
		 : generate_useful(exec, how[0], base, value, err);
	free(base);
	return st;
}

#define GENERATE(format, parameter, preset)                                \
	enum ld_status ldi_action_generate_##format(struct ldi_exec *exec, \
	    const struct ld_item *item, struct ld_buf *value,              \
	    struct ld_err *err)                                            \
	{                                                                  \
		static const char *const how[3] = { #format, parameter,    \
			preset };                                          \
                                                                           \
		return generate(exec, item, how, value, err);              \
	}

GENERATE(csv, "csv_name", "default_name")
GENERATE(html, "html_name", "default_name")
GENERATE(json, "json_file_name", "default_name")
GENERATE(junit, "report_name", "loaddensity-junit")
GENERATE(summary, "report_name", "loaddensity-summary")
GENERATE(xml, "xml_file_name", "default_name")

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

/* A document as the value of an action: JSON as it is, else a string. */
static void
add_value(struct ld_buf *value, const char *format, const struct ld_buf *doc)
{
	if (strcmp(format, "json") == 0 || strcmp(format, "summary") == 0)
		add_flat(value, doc->data, doc->len);
	else
		ld_json_add_string(value, doc->data, doc->len);
}

/* The original's come in two parts. */
static enum ld_status
return_compat(struct ldi_exec *exec, const char *format, struct ld_buf *value,
    struct ld_err *err)
{
	struct ld_compat *compat;
	struct ld_buf document;
	enum ld_status st = collect(exec, format, &compat, err);
	size_t n = st == LD_OK ? ld_compat_files(compat) : 0;

	if (n == 2)
		ld_buf_addc(value, '[');
	for (size_t i = 0; i < n && st == LD_OK; i++) {
		ld_buf_init(&document, LD_MAX_DOCUMENT);
		st = collected(compat, i, &document, err);
		if (i > 0)
			ld_buf_addc(value, ',');
		if (st == LD_OK)
			add_value(value, format, &document);
		ld_buf_clear(&document);
	}
	if (n == 2)
		ld_buf_addc(value, ']');
	ld_compat_free(compat);
	return st;
}

static enum ld_status
return_document(struct ldi_exec *exec, const char *format, struct ld_buf *value,
    struct ld_err *err)
{
	struct ld_buf document;
	enum ld_status st;

	if (exec->options->compat)
		return return_compat(exec, format, value, err);
	ld_buf_init(&document, LD_MAX_DOCUMENT);
	st = render(exec, format, &document, err);
	if (st == LD_OK)
		add_value(value, format, &document);
	ld_buf_clear(&document);
	return st;
}

#define RETURN(action, format)                                    \
	enum ld_status ldi_action_##action(struct ldi_exec *exec, \
	    const struct ld_item *item, struct ld_buf *value,     \
	    struct ld_err *err)                                   \
	{                                                         \
		(void)item;                                       \
		return return_document(exec, format, value, err); \
	}

RETURN(return_html, "html")
RETURN(return_json, "json")
RETURN(return_xml, "xml")
RETURN(summary, "summary")

enum ld_status
ldi_action_clear_records(struct ldi_exec *exec, const struct ld_item *item,
    struct ld_buf *value, struct ld_err *err)
{
	(void)item, (void)err;
	ld_writer_clear(exec->writer);
	ld_buf_adds(value, "{\"status\":\"cleared\"}");
	return LD_OK;
}
