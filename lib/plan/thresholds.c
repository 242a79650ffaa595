/* SPDX-License-Identifier: MIT */
/* `validity` of a config: an object of NAME: DEGRADED:INVALID. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "plan/config_read.h"
#include "plan/node.h"

static enum ld_status
read_member(struct ld_thresholds *thresholds, struct ld_node key,
    struct ldi_arena *arena, struct ld_err *err)
{
	struct ld_node value = ldi_node_value(key);
	size_t name_len, len;
	char *name = ldi_node_strdup(key, arena, &name_len);
	char *text = ldi_node_strdup(value, arena, &len), *both;
	enum ld_json_kind kind = ldi_node_kind(value);

	if (kind != LD_JSON_STRING && kind != LD_JSON_NUMBER)
		return ld_node_error(value, err, LD_INVALID,
		    "'validity' holds thresholds such as \"2%%:10%%\", not %s",
		    ldi_node_article(value));
	if (name == NULL || text == NULL)
		return ldi_nomem(err);
	both = ldi_arena_alloc(arena, name_len + len + 2);
	if (both == NULL)
		return ldi_nomem(err);
	memcpy(both, name, name_len);
	both[name_len] = '=';
	memcpy(both + name_len + 1, text, len + 1);
	if (ld_thresholds_set(thresholds, both, err) == LD_OK)
		return LD_OK;
	ld_err_context(err, "'validity'");
	return ld_node_place(key, err);
}

enum ld_status
ldi_thresholds_read(struct ld_thresholds *thresholds, struct ld_node object,
    const struct ld_overrides *with, struct ldi_arena *arena,
    struct ld_err *err)
{
	enum ld_json_kind kind = ldi_node_kind(object);
	enum ld_status st = LD_OK;

	ld_thresholds_init(thresholds);
	if (kind != LD_JSON_OBJECT && kind != LD_JSON_NULL)
		return ld_node_error(object, err, LD_INVALID,
		    "'validity' is an object such as {\"late\": \"2%%:10%%\"}, "
		    "not %s",
		    ldi_node_article(object));
	if (kind == LD_JSON_OBJECT)
		for (struct ld_node key = ldi_node_first(object);
		     st == LD_OK && ldi_node_present(key);
		     key = ldi_node_next(object, key))
			st = read_member(thresholds, key, arena, err);
	for (size_t i = 0; st == LD_OK && with != NULL && i < with->n_validity;
	     i++) {
		st = ld_thresholds_set(thresholds, with->validity[i], err);
		if (st != LD_OK)
			ld_err_context(err, "--validity");
	}
	return st;
}
