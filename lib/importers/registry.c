/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ld/import.h>

#include <string.h>

#include <ld/limits.h>

#include "importers/importers.h"
#include "importers/sink.h"

static const struct ld_importer *const importers[] = {
	&ldi_importer_har,
	&ldi_importer_curl,
	NULL,
};

const struct ld_importer *const *
ld_importers(void)
{
	return importers;
}

/* The error that names all there are. */
static void
unknown(const char *name, struct ld_err *err)
{
	struct ld_buf all;

	ld_buf_init(&all, 256);
	for (size_t i = 0; importers[i] != NULL; i++)
		ld_buf_addf(&all, i > 0 ? ", %s" : "%s", importers[i]->name);
	ld_err_set(err, LD_UNSUPPORTED,
	    "there is no importer '%s'; there are %s", name, ld_buf_str(&all));
	ld_buf_clear(&all);
}

const struct ld_importer *
ld_importer_find(const char *name, struct ld_err *err)
{
	const char *names[sizeof(importers) / sizeof(importers[0])];
	const char *near;
	size_t n = 0;

	for (; importers[n] != NULL; n++) {
		if (strcmp(importers[n]->name, name) == 0)
			return importers[n];
		names[n] = importers[n]->name;
	}
	near = ld_err_nearest(name, names, n, sizeof(names[0]));
	if (near != NULL)
		ld_err_set(err, LD_UNSUPPORTED,
		    "there is no importer '%s'; did you mean '%s'?", name,
		    near);
	else
		unknown(name, err);
	return NULL;
}

enum ld_status
ld_import(const struct ld_importer *importer, const char *name,
    const char *text, size_t len, const struct ld_import_options *options,
    struct ld_buf *out, struct ld_import_count *count_out, struct ld_err *err)
{
	struct ld_import_sink sink;
	size_t before = out->len;
	enum ld_status status;

	if (count_out != NULL)
		*count_out = (struct ld_import_count){ 0 };
	if (len > LD_MAX_DOCUMENT)
		status = ld_err_set(err, LD_INVALID,
		    "%s is larger than %zu bytes", name, LD_MAX_DOCUMENT);
	else
		status = ldi_sink_open(
		    &sink, importer->name, name, options, out, err);
	if (status != LD_OK)
		return status;
	status = importer->import(name, text, len, options, &sink, err);
	if (status == LD_OK)
		status = ldi_sink_end(&sink, err);
	if (status == LD_OK && count_out != NULL)
		*count_out = sink.count;
	if (status != LD_OK && out->len > before)
		out->len = before;
	ldi_sink_close(&sink);
	return status;
}
