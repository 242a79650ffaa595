/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "actions/results.h"

#include <stdlib.h>
#include <string.h>

#include <ld/limits.h>

#include "actions/action.h"
#include "actions/python.h"
#include "base/map.h"
#include "plan/node.h"

void
ldi_results_init(struct ldi_results *results)
{
	*results = (struct ldi_results){ .map = ldi_map_new() };
	results->failed = results->map == NULL;
}

void
ldi_results_clear(struct ldi_results *results)
{
	size_t n = results->map == NULL ? 0 : ldi_map_count(results->map);

	for (size_t i = 0; i < n; i++)
		free(ldi_map_value(results->map, i));
	ldi_map_free(results->map);
	results->map = NULL;
}

/* Keys that hide their arguments differ by a number. */
static void
add_key(
    struct ldi_results *results, struct ld_buf *out, const struct ld_item *item)
{
	const struct ldi_action *action = ldi_action_find(item->command);
	bool hide = action != NULL && (action->flags & LDI_ACTION_SECRET) != 0;

	ld_buf_adds(out, "execute: [");
	ldi_python_repr_text(out, item->command, strlen(item->command), 0);
	if (ldi_node_present(item->args)) {
		ld_buf_adds(out, ", ");
		ldi_python_repr(out, item->args,
		    LDI_PYTHON_MASK | (hide ? LDI_PYTHON_HIDE : 0));
	}
	ld_buf_addc(out, ']');
	if (hide && ++results->hidden > 1)
		ld_buf_addf(out, " %u", results->hidden);
}

static char *
value_text(const struct ld_buf *value, const char *error)
{
	struct ld_buf text;

	ld_buf_init(&text, LD_MAX_ACTION_VALUE);
	if (error != NULL)
		ld_json_add_string(&text, error, strlen(error));
	else if (value->len == 0 || value->failed)
		ld_buf_adds(&text, "null");
	else
		ld_buf_add(&text, value->data, value->len);
	return ld_buf_take(&text, NULL);
}

void
ldi_results_add(struct ldi_results *results, const struct ld_item *item,
    const struct ld_buf *value, const char *error)
{
	struct ld_buf key;
	char *text = results->failed ? NULL : value_text(value, error);
	void *old = NULL;

	if (results->failed)
		return;
	ld_buf_init(&key, LD_MAX_ACTION_VALUE);
	add_key(results, &key, item);
	if (text != NULL)
		results->bytes += key.len + strlen(text);
	if (text == NULL || key.failed ||
	    results->bytes > LD_MAX_ACTION_VALUE ||
	    !ldi_map_set(results->map, key.data, key.len, text, &old)) {
		results->failed = true;
		free(text);
	}
	free(old);
	ld_buf_clear(&key);
}

void
ldi_results_write(const struct ldi_results *results, struct ld_buf *out)
{
	const char *key;
	size_t len;

	if (results->failed) {
		out->failed = true;
		return;
	}
	ld_buf_addc(out, '{');
	for (size_t i = 0; i < ldi_map_count(results->map); i++) {
		if (i > 0)
			ld_buf_addc(out, ',');
		key = ldi_map_key(results->map, i, &len);
		ld_json_add_string(out, key, len);
		ld_buf_addc(out, ':');
		ld_buf_adds(out, ldi_map_value(results->map, i));
	}
	ld_buf_addc(out, '}');
}
