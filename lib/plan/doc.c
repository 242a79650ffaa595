/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include <ld/limits.h>

#include "base/crypto.h"
#include "plan/doc.h"
#include "plan/node.h"
#include "plan/tape.h"

struct ld_doc {
	struct ldi_arena *arena;
	struct ldi_item **items;
	size_t n_items, cap_items;
	struct ld_json **jsons; /* their nodes are malloc's */
	size_t n_jsons, cap_jsons;
	char **paths; /* of the files that were read */
	size_t n_paths, cap_paths;
	EVP_MD_CTX *digest;
	char hash[2 * EVP_MAX_MD_SIZE + 1];
};

struct ld_doc *
ld_doc_new(void)
{
	struct ld_doc *doc;

	if (!ldi_crypto_ready())
		return NULL;
	doc = calloc(1, sizeof(*doc));

	if (doc == NULL)
		return NULL;
	doc->arena = ldi_arena_new();
	doc->digest = EVP_MD_CTX_new();
	if (doc->arena == NULL || doc->digest == NULL ||
	    EVP_DigestInit_ex(doc->digest, EVP_sha256(), NULL) != 1) {
		ld_doc_free(doc);
		return NULL;
	}
	return doc;
}

void
ld_doc_free(struct ld_doc *doc)
{
	if (doc == NULL)
		return;
	for (size_t i = 0; i < doc->n_jsons; i++)
		ld_json_clear(doc->jsons[i]);
	free(doc->jsons);
	free(doc->items);
	free(doc->paths);
	EVP_MD_CTX_free(doc->digest);
	ldi_arena_free(doc->arena);
	free(doc);
}

size_t
ld_doc_count(const struct ld_doc *doc)
{
	return doc->n_items;
}

const struct ld_item *
ld_doc_item(const struct ld_doc *doc, size_t i)
{
	return i < doc->n_items ? &doc->items[i]->pub : NULL;
}

struct ldi_arena *
ldi_doc_arena(struct ld_doc *doc)
{
	return doc->arena;
}

/* A list of pointers with room for one more, or NULL. */
static void *
roomy(void *list, size_t n, size_t *cap)
{
	size_t want = *cap == 0 ? 16 : 2 * *cap;
	void *bigger;

	if (n < *cap)
		return list;
	bigger = realloc(list, want * sizeof(void *));
	if (bigger != NULL)
		*cap = want;
	return bigger;
}

struct ldi_item *
ldi_doc_append(struct ld_doc *doc)
{
	struct ldi_item *item, **items;

	items = roomy(doc->items, doc->n_items, &doc->cap_items);
	if (items == NULL)
		return NULL;
	doc->items = items;
	item = ldi_arena_alloc(doc->arena, sizeof(*item));
	if (item == NULL)
		return NULL;
	item->arena = doc->arena;
	item->pub.index = doc->n_items;
	item->pub.args = LDI_NODE_ABSENT;
	item->pub.mode = "sequence";
	doc->items[doc->n_items++] = item;
	return item;
}

struct ld_json *
ldi_doc_json(struct ld_doc *doc)
{
	struct ld_json *json, **jsons;

	jsons = roomy(doc->jsons, doc->n_jsons, &doc->cap_jsons);
	if (jsons == NULL)
		return NULL;
	doc->jsons = jsons;
	json = ldi_arena_alloc(doc->arena, sizeof(*json));
	if (json == NULL)
		return NULL;
	ld_json_init(json);
	doc->jsons[doc->n_jsons++] = json;
	return json;
}

bool
ldi_doc_note_path(struct ld_doc *doc, const char *path)
{
	char *copy = ldi_arena_strdup(doc->arena, path), **paths;

	paths = roomy(doc->paths, doc->n_paths, &doc->cap_paths);
	if (paths == NULL || copy == NULL)
		return false;
	doc->paths = paths;
	doc->paths[doc->n_paths++] = copy;
	return true;
}

const char *const *
ld_doc_paths(const struct ld_doc *doc, size_t *n_out)
{
	*n_out = doc->n_paths;
	return (const char *const *)doc->paths;
}

const char *
ld_doc_hash(struct ld_doc *doc)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	EVP_MD_CTX *copy = EVP_MD_CTX_new();

	/* A copy: more inputs may follow. */
	if (copy == NULL || EVP_MD_CTX_copy_ex(copy, doc->digest) != 1 ||
	    EVP_DigestFinal_ex(copy, sum, &len) != 1)
		len = 0;
	EVP_MD_CTX_free(copy);
	for (unsigned i = 0; i < len; i++) {
		doc->hash[2 * i] = "0123456789abcdef"[sum[i] >> 4];
		doc->hash[2 * i + 1] = "0123456789abcdef"[sum[i] & 15];
	}
	doc->hash[2 * len] = '\0';
	return doc->hash;
}

/* -- inputs --------------------------------------------------------------- */

/* The copy that the document keeps: see LDI_TAPE_SUFFIX. */
static struct ld_source *
keep(struct ld_doc *doc, const char *name, const char *text, size_t len)
{
	struct ld_source *source = ldi_arena_alloc(doc->arena, sizeof(*source));
	char *copy = ldi_arena_alloc(doc->arena, len + sizeof(LDI_TAPE_SUFFIX));

	if (source == NULL || copy == NULL)
		return NULL;
	if (len != 0)
		memcpy(copy, text, len);
	memcpy(copy + len, LDI_TAPE_SUFFIX, sizeof(LDI_TAPE_SUFFIX));
	source->name = ldi_arena_strdup(doc->arena, name);
	source->text = copy;
	source->len = len;
	return source->name == NULL ? NULL : source;
}

/* White space, behind a byte order mark, and nothing else? */
static bool
blank(const struct ld_source *source)
{
	size_t i = 0;

	if (source->len >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	for (; i < source->len; i++)
		if (memchr(" \t\r\n", source->text[i], 4) == NULL)
			return false;
	return true;
}

static enum ld_status
parse(struct ld_json *json, const struct ld_source *source, unsigned flags,
    struct ld_err *err)
{
	enum ld_status st = ld_json_parse(
	    json, source->text, source->len, flags | LD_JSON_ALLOW_BOM, err);

	if (st != LD_OK && err != NULL)
		ld_err_place(err, source->name, err->line, err->column);
	return st;
}

/* Text that is no JSON, and that an importer would have taken. */
static enum ld_status
name_importer(
    const struct ld_source *source, enum ld_status st, struct ld_err *err)
{
	const char *text = source->text + strspn(source->text, " \t\r\n");

	if (strncmp(text, "curl ", 5) == 0 || strncmp(text, "#!", 2) == 0)
		return ld_err_context(err,
		    "no plan: ld-import curl makes one of commands of curl");
	return st;
}

/* The first value tells: a stream's records have a "type". */
static enum ld_status
read_source(struct ld_doc *doc, struct ld_source *source, struct ld_err *err)
{
	struct ld_json *json = ldi_doc_json(doc);
	struct ld_node root = { source, json, LD_JSON_ROOT };
	enum ld_status st;

	if (json == NULL)
		return ldi_nomem(err);
	st = parse(json, source, LD_JSON_ALLOW_TRAILING, err);
	if (st != LD_OK)
		return name_importer(source, st, err);
	if (ldi_node_kind(ld_node_get(root, "type")) == LD_JSON_STRING) {
		ld_json_clear(json);
		return ldi_plan_read(doc, source, err);
	}
	st = parse(json, source, 0, err); /* now nothing may follow */
	if (st == LD_OK)
		st = ldi_tape_unique(root, err);
	if (st == LD_OK)
		st = ldi_action_read(doc, root, err);
	return st;
}

enum ld_status
ld_doc_add_text(struct ld_doc *doc, const char *name, const char *text,
    size_t len, struct ld_err *err)
{
	struct ld_source *source;
	enum ld_status st;

	if (len > LD_MAX_DOCUMENT) {
		st = ld_err_set(err, LD_INVALID,
		    "the input is larger than %zu MiB", LD_MAX_DOCUMENT >> 20);
		ld_err_place(err, name, 0, 0);
		return st;
	}
	source = keep(doc, name, text, len);
	if (source == NULL || EVP_DigestUpdate(doc->digest, text, len) != 1)
		return ldi_nomem(err);
	if (blank(source)) {
		st = ld_err_set(err, LD_TORN, "the input is empty: no plan");
		ld_err_place(err, name, 0, 0);
		return st;
	}
	return read_source(doc, source, err);
}
