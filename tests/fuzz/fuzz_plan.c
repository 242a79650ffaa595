/* SPDX-License-Identifier: MIT */
/* A document is refused with a reason and a place, or all of it can be
 * walked: items, configs, tasks, checks. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ld/plan.h>

#include "plan/check.h"
#include "plan/task.h"

#include "fuzz.h"

/* Stands for what a driver would know. */
static const struct ld_field any_fields[] = {
	{ .name = "url",
	    .alias = "request_url",
	    .kind = LD_FIELD_IGNORED,
	    .seen_offset = LD_FIELD_NO_SEEN },
	{ .name = "method",
	    .kind = LD_FIELD_IGNORED,
	    .seen_offset = LD_FIELD_NO_SEEN },
	LD_FIELD_END,
};

static void
explained(enum ld_status st, const struct ld_err *err)
{
	if (st != LD_OK)
		require(err->status == st && err->text[0] != '\0');
}

static void
walk_task(const struct ld_config *config, struct ld_node task,
    const struct ld_resolver *resolver)
{
	struct ld_err err = LD_ERR_INIT;
	struct ldi_task_driver driver = { any_fields, &err };
	struct ldi_task_common common;
	struct ldi_checks *checks;
	struct ldi_bind *bind;
	enum ld_status st;

	require(ldi_bind_new(resolver, 0, &bind, NULL) == LD_OK);
	st = ldi_checks_declare(
	    bind, ldi_task_member(task, config->defaults, "extract"), &err);
	if (st == LD_OK)
		st = ldi_task_read(
		    task, config->defaults, &driver, bind, &common, &err);
	if (st == LD_OK)
		st = ldi_checks_compile(
		    bind, common.assertions, common.extract, &checks, &err);
	explained(st, &err);
	ldi_bind_free(bind);
}

static void
walk_run(const struct ld_item *item)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_resolver *resolver = ld_resolver_new();
	struct ld_config config;
	enum ld_status st;

	require(resolver != NULL);
	/* Its files are not the fuzzer's to open. */
	if (ld_node_get(item->args, "csv_sources").ref == LD_JSON_NONE) {
		st = ld_config_read(item, NULL, NULL, resolver, &config, &err);
		explained(st, &err);
		for (size_t i = 0; st == LD_OK && i < item->n_tasks; i++)
			walk_task(&config, item->tasks[i], resolver);
	}
	ld_resolver_free(resolver);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ld_err err = LD_ERR_INIT;
	struct ld_doc *doc = ld_doc_new();
	const struct ld_item *item;
	enum ld_status st;

	require(doc != NULL);
	st = ld_doc_add_text(doc, "t", (const char *)data, size, &err);
	explained(st, &err);
	require(st == LD_OK || strcmp(err.file, "t") == 0);
	for (size_t i = 0; st == LD_OK && i < ld_doc_count(doc); i++) {
		item = ld_doc_item(doc, i);
		require(item->command != NULL && item->index == i);
		if (item->kind == LD_ITEM_RUN)
			walk_run(item);
	}
	require(strlen(ld_doc_hash(doc)) == 64);
	ld_doc_free(doc);
	return 0;
}
