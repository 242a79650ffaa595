/* SPDX-License-Identifier: MIT */
/*
 * Files named y_* must parse and come back equal after writing and reading
 * again, n_* must not parse, i_* may do either.  Run over our own files and
 * over a public suite (JSONTestSuite's test_parsing) where there is one: in
 * $LD_JSON_SUITE, or beside the source tree.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ld/json.h>
#include <ld/limits.h>

#include "json_copy.h"

/* All bytes of a file in a block of just that size; NULL = unreadable. */
static char *
read_file(const char *path, size_t *len_out)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	long size;

	if (file == NULL)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
		rewind(file);
		*len_out = (size_t)size;
		text = malloc(*len_out + (size == 0));
		if (text != NULL &&
		    fread(text, 1, *len_out, file) != *len_out) {
			free(text);
			text = NULL;
		}
	}
	fclose(file);
	return text;
}

/* Does what is written from the document read as an equal one? */
static bool
comes_back(const struct ld_json *doc, unsigned indent)
{
	struct ld_json again;
	struct ld_json_out out;
	struct ld_buf buf;
	bool same;

	ld_json_init(&again);
	ld_buf_init(&buf, LD_MAX_DOCUMENT);
	ld_json_out_init(&out, &buf, indent);
	json_copy(doc, LD_JSON_ROOT, &out);
	same = !buf.failed &&
	       ld_json_parse(&again, buf.data, buf.len, 0, NULL) == LD_OK &&
	       again.n == doc->n &&
	       ld_json_equal(doc, LD_JSON_ROOT, &again, LD_JSON_ROOT);
	ld_buf_clear(&buf);
	ld_json_clear(&again);
	return same;
}

static bool
judge(const char *dir, const char *name)
{
	char path[1200];
	struct ld_json doc;
	struct ld_err err = LD_ERR_INIT;
	bool good = false;
	size_t len;
	char *text;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	text = read_file(path, &len);
	if (text == NULL) {
		printf("# %s: cannot be read\n", path);
		return false;
	}
	ld_json_init(&doc);
	if (ld_json_parse(&doc, text, len, 0, &err) != LD_OK)
		good = *name != 'y';
	else
		good =
		    *name != 'n' && comes_back(&doc, 0) && comes_back(&doc, 3);
	if (!good)
		printf("# %s: %s\n", name,
		    doc.n == 0 ? err.text : "accepted, or not the same again");
	ld_json_clear(&doc);
	free(text);
	return good;
}

static bool
run(int number, const char *what, const char *dir)
{
	unsigned files = 0, bad = 0;
	struct dirent *entry;
	DIR *stream = opendir(dir);

	if (stream == NULL) {
		printf(
		    "ok %d - %s # SKIP no directory %s\n", number, what, dir);
		return true;
	}
	while ((entry = readdir(stream)) != NULL) {
		const char *name = entry->d_name;

		if (strchr("yni", name[0]) == NULL || name[1] != '_')
			continue;
		files++;
		bad += !judge(dir, name);
	}
	closedir(stream);
	printf("%s %d - %s (%u files)\n",
	    bad > 0 || files == 0 ? "not ok" : "ok", number, what, files);
	return bad == 0 && files > 0;
}

int
main(void)
{
	const char *srcdir = getenv("srcdir"), *suite = getenv("LD_JSON_SUITE");
	char own[1000], beside[1000];
	bool good;

	snprintf(own, sizeof(own), "%s/tests/data/json",
	    srcdir == NULL ? "." : srcdir);
	snprintf(beside, sizeof(beside), "%s/../shared/cases/json",
	    srcdir == NULL ? "." : srcdir);
	printf("1..2\n");
	good = run(1, "our own files are judged rightly", own);
	good &= run(2, "a public suite is judged rightly",
	    suite == NULL ? beside : suite);
	return good ? 0 : 1;
}
