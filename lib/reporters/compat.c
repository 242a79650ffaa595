/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ld/compat.h>
#include <ld/limits.h>

#include "base/file.h"
#include "reporters/compat.h"
#include "reporters/compat_summary.h"

#define BLOCK ((size_t)64 << 10)

struct side {
	int fd;
	struct ld_buf waiting; /* for the file */
	uint64_t count;
};

struct ld_compat {
	const struct ldi_compat_format *format; /* NULL = the summary */
	struct side sides[2];
	struct ldi_compat_summary *summary;
};

static const struct ldi_compat_format *const formats[] = { &ldi_compat_csv,
	&ldi_compat_html, &ldi_compat_json, &ldi_compat_junit,
	&ldi_compat_xml };

static enum ld_status
open_sides(struct ld_compat *compat, struct ld_err *err)
{
	for (int i = 0; i < 2; i++) {
		compat->sides[i].fd = ldi_file_unnamed();
		if (compat->sides[i].fd < 0)
			return ld_err_errno(
			    err, errno, "a file for entries in TMPDIR");
	}
	return LD_OK;
}

static enum ld_status
choose(struct ld_compat *compat, const char *format, struct ld_err *err)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i]->name, format) == 0) {
			compat->format = formats[i];
			return open_sides(compat, err);
		}
	if (strcmp(format, "summary") != 0)
		return ld_err_set(
		    err, LD_INVALID, "LoadDensity had no report '%s'", format);
	compat->summary = ldi_compat_summary_new();
	return compat->summary != NULL ? LD_OK
				       : ld_err_set(err, LD_NOMEM, "a summary");
}

enum ld_status
ld_compat_new(
    const char *format, struct ld_compat **compat_out, struct ld_err *err)
{
	struct ld_compat *compat = calloc(1, sizeof(*compat));
	enum ld_status st;

	*compat_out = NULL;
	if (compat == NULL)
		return ld_err_set(err, LD_NOMEM, "a report");
	for (int i = 0; i < 2; i++) {
		compat->sides[i].fd = -1;
		ld_buf_init(&compat->sides[i].waiting, LD_MAX_LINE * 8);
	}
	st = choose(compat, format, err);
	if (st != LD_OK) {
		ld_compat_free(compat);
		return st;
	}
	*compat_out = compat;
	return LD_OK;
}

void
ld_compat_free(struct ld_compat *compat)
{
	if (compat == NULL)
		return;
	for (int i = 0; i < 2; i++) {
		if (compat->sides[i].fd >= 0)
			close(compat->sides[i].fd);
		ld_buf_clear(&compat->sides[i].waiting);
	}
	ldi_compat_summary_free(compat->summary);
	free(compat);
}

/* -- entries -------------------------------------------------------------- */

static enum ld_status
write_all(
    int fd, const char *data, size_t len, const char *what, struct ld_err *err)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ld_err_errno(err, errno, "%s", what);
		data += n;
		len -= (size_t)n;
	}
	return LD_OK;
}

static enum ld_status
drain(struct side *side, struct ld_err *err)
{
	enum ld_status st =
	    ld_buf_status(&side->waiting, "an entry of the report", err);

	if (st == LD_OK)
		st = write_all(side->fd, side->waiting.data, side->waiting.len,
		    "writing entries to TMPDIR", err);
	ld_buf_reset(&side->waiting);
	return st;
}

static struct ldi_compat_entry
entry_of(
    const struct ld_sample *sample, enum ldi_compat_side side, uint64_t number)
{
	struct ldi_compat_entry entry = {
		.side = side,
		.number = number,
		.method = sample->series.request_type,
		.url = sample->series.name,
		.name = sample->series.name,
		.error = sample->text,
		.sample = sample,
	};
	const char *cls = ld_class_name(sample->cls);

	snprintf(entry.status, sizeof(entry.status), "None");
	if (sample->status >= 0)
		snprintf(entry.status, sizeof(entry.status), "%d",
		    (int)sample->status);
	if (side == LDI_COMPAT_FAILURE && entry.error.len == 0)
		entry.error = (struct ld_str){ cls, strlen(cls) };
	return entry;
}

enum ld_status
ld_compat_add(struct ld_compat *compat, const struct ld_record *record,
    struct ld_err *err)
{
	const struct ld_sample *sample = &record->u.sample;
	enum ldi_compat_side which;
	struct ldi_compat_entry entry;
	struct side *side;

	if (record->type != LD_RECORD_SAMPLE || sample->outcome == LD_ABORTED)
		return LD_OK;
	which = sample->outcome == LD_SUCCESS ? LDI_COMPAT_SUCCESS
					      : LDI_COMPAT_FAILURE;
	if (compat->summary != NULL)
		return ldi_compat_summary_add(
		    compat->summary, sample, which, err);
	side = &compat->sides[which];
	entry = entry_of(sample, which, ++side->count);
	compat->format->entry(&entry, &side->waiting);
	return side->waiting.len < BLOCK && !side->waiting.failed
		   ? LD_OK
		   : drain(side, err);
}

/* -- documents ------------------------------------------------------------ */

size_t
ld_compat_files(const struct ld_compat *compat)
{
	return compat->format != NULL && compat->format->suffix[1] != NULL ? 2
									   : 1;
}

const char *
ld_compat_suffix(const struct ld_compat *compat, size_t i)
{
	return compat->format != NULL ? compat->format->suffix[i] : ".json";
}

enum ld_status
ld_compat_check(const struct ld_compat *compat, struct ld_err *err)
{
	if (compat->format == NULL || compat->format->empty == NULL ||
	    compat->sides[0].count + compat->sides[1].count > 0)
		return LD_OK;
	return ld_err_set(err, LD_INVALID, "%s", compat->format->empty);
}

static enum ld_status
copy_side(const struct side *side, int fd, struct ld_err *err)
{
	char block[BLOCK];
	off_t at = 0;
	enum ld_status st = LD_OK;
	ssize_t n;

	while (st == LD_OK &&
	       (n = pread(side->fd, block, sizeof(block), at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ld_err_errno(
			    err, errno, "reading entries from TMPDIR");
		st = write_all(fd, block, (size_t)n, "the report", err);
		at += n;
	}
	if (st == LD_OK)
		st = write_all(fd, side->waiting.data, side->waiting.len,
		    "the report", err);
	return st;
}

static enum ld_status
write_part(const struct ld_buf *part, int fd, struct ld_err *err)
{
	enum ld_status st = ld_buf_status(part, "the report", err);

	return st == LD_OK
		   ? write_all(fd, part->data, part->len, "the report", err)
		   : st;
}

static enum ld_status
write_summary(const struct ld_compat *compat, int fd, struct ld_err *err)
{
	struct ld_buf out;
	enum ld_status st;

	ld_buf_init(&out, LD_MAX_DOCUMENT);
	st = ldi_compat_summary_write(compat->summary, &out, err);
	if (st == LD_OK)
		st = write_part(&out, fd, err);
	ld_buf_clear(&out);
	return st;
}

enum ld_status
ld_compat_write(
    const struct ld_compat *compat, size_t i, int fd, struct ld_err *err)
{
	const struct ldi_compat_format *format = compat->format;
	bool both = ld_compat_files(compat) == 1;
	uint64_t counts[2] = { compat->sides[0].count, compat->sides[1].count };
	struct ld_buf part;
	enum ld_status st;

	if (format == NULL)
		return write_summary(compat, fd, err);
	ld_buf_init(&part, LD_MAX_DOCUMENT);
	format->head(counts, both, (enum ldi_compat_side)i, &part);
	st = write_part(&part, fd, err);
	for (size_t k = both ? 0 : i; k < (both ? 2 : i + 1) && st == LD_OK;
	     k++)
		st = copy_side(&compat->sides[k], fd, err);
	ld_buf_reset(&part);
	format->tail(both ? counts[0] + counts[1] : counts[i], &part);
	if (st == LD_OK)
		st = write_part(&part, fd, err);
	ld_buf_clear(&part);
	return st;
}
