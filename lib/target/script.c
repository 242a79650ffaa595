/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "target/script.h"
#include "target/server.h"

struct ldi_script *
ldi_script_new(void)
{
	struct ldi_script *script = calloc(1, sizeof(*script));

	if (script != NULL)
		ld_buf_init(&script->bytes, LDI_TARGET_MAX_REPLY);
	return script;
}

void
ldi_script_free(struct ldi_script *script)
{
	if (script == NULL)
		return;
	ld_buf_clear(&script->bytes);
	free(script);
}

static struct ldi_step *
add_step(struct ldi_script *script, const char *data, size_t len)
{
	static struct ldi_step nowhere;
	struct ldi_step *step = &script->steps[script->n];

	if (script->n == LDI_SCRIPT_STEPS) {
		script->failed = true;
		return &nowhere;
	}
	script->n++;
	step->at = script->bytes.len;
	step->len = len;
	step->times = 1;
	if (len > 0)
		ld_buf_add(&script->bytes, data, len);
	script->failed |= script->bytes.failed;
	return step;
}

void
ldi_script_send(struct ldi_script *script, const char *data, size_t len)
{
	if (len > 0)
		(void)add_step(script, data, len);
}

void
ldi_script_text(struct ldi_script *script, const char *text)
{
	ldi_script_send(script, text, strlen(text));
}

void
ldi_script_repeat(
    struct ldi_script *script, const char *data, size_t len, uint64_t times)
{
	add_step(script, data, len)->times = times;
}

void
ldi_script_drip(
    struct ldi_script *script, const char *data, size_t len, uint64_t every_ns)
{
	if (len > 0)
		add_step(script, data, len)->every_ns = every_ns;
}

void
ldi_script_wait(struct ldi_script *script, uint64_t ns)
{
	if (ns > 0)
		add_step(script, NULL, 0)->wait_ns = ns;
}
