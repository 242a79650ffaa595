/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include <ld/limits.h>
#include <ld/schema.h>

#include "actions/schema.h"
#include "data/schema.h"
#include "reporters/view.h"

static const char *const names[] = { "plan", "action", "result", "summary",
	"report", NULL };

/* In the same order. */
static void (*const writers[])(struct ld_json_out *out) = {
	ldi_schema_plan,
	ldi_schema_action,
	ldi_schema_result,
	ldi_schema_summary,
	ldi_schema_report,
};

const char *const *
ld_schema_names(void)
{
	return names;
}

enum ld_status
ld_schema_write(const char *name, struct ld_buf *out, struct ld_err *err)
{
	struct ld_json_out json;
	const char *near;
	size_t n = sizeof(writers) / sizeof(writers[0]);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		ld_json_out_init(&json, out, 2);
		ld_json_out_object(&json);
		writers[i](&json);
		ld_json_out_end(&json);
		ld_buf_addc(out, '\n');
		return ld_buf_status(out, "the schema", err);
	}
	near = ld_err_nearest(name, names, n, sizeof(names[0]));
	return near == NULL ? ld_err_set(err, LD_INVALID,
				  "there is no schema '%s'", name)
			    : ld_err_set(err, LD_INVALID,
				  "there is no schema '%s'; did you mean '%s'?",
				  name, near);
}
