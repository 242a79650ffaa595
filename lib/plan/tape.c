/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/limits.h>

#include "base/map.h"
#include "plan/node.h"
#include "plan/tape.h"

/* Up to here every key is compared with every other; beyond, by hash. */
#define FEW_KEYS 8

static struct ld_json *
tape_new(struct ld_node object, uint32_t n, struct ldi_arena *arena)
{
	struct ld_json *tape = ldi_arena_alloc(arena, sizeof(*tape));

	if (tape == NULL)
		return NULL;
	*tape = *object.json;
	tape->nodes = ldi_arena_array(arena, n, sizeof(*tape->nodes));
	tape->n = tape->cap = n;
	return tape->nodes == NULL ? NULL : tape;
}

static struct ld_node
tape_root(struct ld_node like, const struct ld_json *tape)
{
	like.json = tape;
	like.ref = LD_JSON_ROOT;
	return like;
}

enum ld_status
ldi_tape_without(struct ld_node object, const char *drop,
    struct ldi_arena *arena, struct ld_node *out, struct ld_err *err)
{
	const struct ld_json_node *from = &object.json->nodes[object.ref];
	struct ld_json *tape = tape_new(object, from->skip, arena);
	struct ld_node key;
	uint32_t n = 1, size;

	if (tape == NULL)
		return ldi_nomem(err);
	tape->nodes[0] = *from;
	for (key = ldi_node_first(object); ldi_node_present(key);
	     key = ldi_node_next(object, key)) {
		if (ld_json_is(key.json, key.ref, drop)) {
			tape->nodes[0].count--;
			continue;
		}
		size = 1 + key.json->nodes[key.ref + 1].skip;
		memcpy(&tape->nodes[n], &key.json->nodes[key.ref],
		    size * sizeof(*tape->nodes));
		n += size;
	}
	tape->nodes[0].skip = n;
	tape->n = n;
	*out = tape_root(object, tape);
	return LD_OK;
}

enum ld_status
ldi_tape_with_method(struct ld_node object, struct ld_node value,
    struct ldi_arena *arena, struct ld_node *out, struct ld_err *err)
{
	const struct ld_json_node *from = &object.json->nodes[object.ref];
	struct ld_json *tape = tape_new(object, from->skip + 2, arena);
	uint32_t end = (uint32_t)object.source->len -
		       (uint32_t)(object.json->text - object.source->text);

	if (tape == NULL)
		return ldi_nomem(err);
	tape->len = end + sizeof(LDI_TAPE_SUFFIX) - 1;
	tape->nodes[0] = *from;
	tape->nodes[0].skip = from->skip + 2;
	tape->nodes[0].count++;
	tape->nodes[1] = (struct ld_json_node){
		.off = end,
		.len = sizeof(LDI_TAPE_SUFFIX) - 1,
		.skip = 1,
		.kind = LD_JSON_STRING,
	};
	tape->nodes[2] = value.json->nodes[value.ref];
	memcpy(
	    &tape->nodes[3], from + 1, (from->skip - 1) * sizeof(*tape->nodes));
	*out = tape_root(object, tape);
	return LD_OK;
}

static enum ld_status
repeated(struct ld_node first, struct ld_node again, struct ld_err *err)
{
	struct ld_err at = LD_ERR_INIT;
	const char *raw;
	size_t len;

	raw = ld_json_raw(again.json, again.ref, &len);
	ld_node_place(first, &at);
	return ld_node_error(again, err, LD_INVALID,
	    "key %.*s stands twice in this object; first at %u:%u",
	    len > 80 ? 80 : (int)len, raw, at.line, at.column);
}

/* Keys of a small object.  A key whose escapes differ is compared decoded. */
static enum ld_status
unique_few(struct ld_node object, struct ld_err *err)
{
	struct ld_node a, b;

	for (a = ldi_node_first(object); ldi_node_present(a);
	     a = ldi_node_next(object, a))
		for (b = ldi_node_next(object, a); ldi_node_present(b);
		     b = ldi_node_next(object, b))
			if (ld_json_equal(a.json, a.ref, b.json, b.ref))
				return repeated(a, b, err);
	return LD_OK;
}

static enum ld_status
unique_key(struct ldi_map *map, struct ld_buf *buf, struct ld_node object,
    struct ld_node key, struct ld_err *err)
{
	struct ld_json_node *node = &key.json->nodes[key.ref];
	void *old = NULL;

	ld_buf_reset(buf);
	ld_json_text(key.json, key.ref, buf);
	if (buf->failed || !ldi_map_set(map, buf->len != 0 ? buf->data : "",
			       buf->len, node, &old))
		return ldi_nomem(err);
	if (old == NULL)
		return LD_OK;
	return repeated(
	    ldi_node_at(object,
		(ld_json_ref)((struct ld_json_node *)old - key.json->nodes)),
	    key, err);
}

static enum ld_status
unique_many(struct ld_node object, struct ldi_map *map, struct ld_err *err)
{
	struct ld_buf buf;
	struct ld_node key;
	enum ld_status st = LD_OK;

	ld_buf_init(&buf, LD_MAX_DOCUMENT);
	ldi_map_clear(map);
	for (key = ldi_node_first(object); st == LD_OK && ldi_node_present(key);
	     key = ldi_node_next(object, key))
		st = unique_key(map, &buf, object, key, err);
	ld_buf_clear(&buf);
	return st;
}

enum ld_status
ldi_tape_unique(struct ld_node root, struct ld_err *err)
{
	const struct ld_json *json = root.json;
	struct ldi_map *map = NULL;
	enum ld_status st = LD_OK;

	for (uint32_t i = 0; st == LD_OK && i < json->n; i++) {
		if (json->nodes[i].kind != LD_JSON_OBJECT)
			continue;
		if (json->nodes[i].count <= FEW_KEYS) {
			st = unique_few(ldi_node_at(root, i), err);
			continue;
		}
		if (map == NULL && (map = ldi_map_new()) == NULL)
			return ldi_nomem(err);
		st = unique_many(ldi_node_at(root, i), map, err);
	}
	ldi_map_free(map);
	return st;
}
