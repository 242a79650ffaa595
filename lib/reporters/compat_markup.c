/* SPDX-License-Identifier: MIT */
/* The original's html and xml: a table, or an element, for each record. */
#include "config.h"

#include <string.h>

#include "data/escape.h"
#include "reporters/compat.h"

static const struct ld_str none = { "None", 4 };

/* Name and value of what an entry has, in its order; the first name of a
 * failure differs in HTML. */
struct item {
	const char *name;
	struct ld_str value;
};

#define MAX_ITEMS 7

static size_t
items_of(const struct ldi_compat_entry *e, const char *method,
    struct item items[MAX_ITEMS])
{
	bool failed = e->side == LDI_COMPAT_FAILURE;
	struct ld_str status = { e->status, strlen(e->status) };
	size_t n = 0;

	items[n++] = (struct item){ method, e->method };
	items[n++] = (struct item){ "test_url", e->url };
	items[n++] = (struct item){ "name", e->name };
	items[n++] = (struct item){ "status_code", status };
	if (failed) {
		items[n++] = (struct item){ "error", e->error };
		return n;
	}
	items[n++] = (struct item){ "text", none };
	items[n++] = (struct item){ "content", none };
	items[n++] = (struct item){ "headers", none };
	return n;
}

/* -- html ----------------------------------------------------------------- */

static void
html_entry(const struct ldi_compat_entry *e, struct ld_buf *out)
{
	bool failed = e->side == LDI_COMPAT_FAILURE;
	struct item items[MAX_ITEMS];
	size_t n = items_of(e, failed ? "http_method" : "Method", items);

	ld_buf_addf(out,
	    "<table class=\"main_table\">\n<thead>\n<tr>\n"
	    "<th colspan=\"2\" class=\"%s_table_head\">Test Report</th>\n"
	    "</tr>\n</thead>\n<tbody>\n",
	    failed ? "failure" : "success");
	for (size_t i = 0; i < n; i++) {
		ld_buf_addf(out,
		    "<tr>\n<td class=\"table_data_field_title\">%s</td>\n"
		    "<td class=\"table_data_field_text\">",
		    items[i].name);
		if (items[i].value.len == 0)
			items[i].value = none;
		ldi_esc_html(out, items[i].value.data, items[i].value.len);
		ld_buf_adds(out, "</td>\n</tr>\n");
	}
	ld_buf_adds(out, "</tbody>\n</table>\n<br>\n");
}

static void
html_head(const uint64_t counts[2], bool both, enum ldi_compat_side side,
    struct ld_buf *out)
{
	(void)counts, (void)both, (void)side;
	ld_buf_adds(out,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<title>Load Density Report</title>\n"
	    "<style>\n"
	    "h1 { text-align: center; }\n"
	    ".main_table { margin: 0 auto; border-collapse: collapse; "
	    "width: 75%; }\n"
	    ".success_table_head { border: 3px solid #262626; "
	    "background-color: aqua; }\n"
	    ".failure_table_head { border: 3px solid #262626; "
	    "background-color: #f84c5f; }\n"
	    ".table_data_field_title { border: 3px solid #262626; "
	    "background-color: #dedede; width: 25%; }\n"
	    ".table_data_field_text { border: 3px solid #262626; "
	    "background-color: #dedede; width: 75%; "
	    "overflow-wrap: anywhere; }\n"
	    "</style>\n</head>\n<body>\n<h1>Test Report</h1>\n");
}

static void
html_tail(uint64_t count, struct ld_buf *out)
{
	(void)count;
	ld_buf_adds(out, "</body>\n</html>\n");
}

const struct ldi_compat_format ldi_compat_html = {
	.name = "html",
	.suffix = { ".html" },
	.empty = "no records to generate HTML report",
	.entry = html_entry,
	.head = html_head,
	.tail = html_tail,
};

/* -- xml ------------------------------------------------------------------ */

static void
xml_entry(const struct ldi_compat_entry *e, struct ld_buf *out)
{
	struct item items[MAX_ITEMS];
	size_t n = items_of(e, "Method", items);
	const char *side =
	    e->side == LDI_COMPAT_FAILURE ? "Failure" : "Success";

	ld_buf_addf(out, "%s\t<%s_Test%llu>\n", e->number > 1 ? "" : ">\n",
	    side, (unsigned long long)e->number);
	for (size_t i = 0; i < n; i++) {
		if (items[i].value.len == 0)
			items[i].value = none;
		ld_buf_addf(out, "\t\t<%s>", items[i].name);
		ldi_esc_xml(out, items[i].value.data, items[i].value.len);
		ld_buf_addf(out, "</%s>\n", items[i].name);
	}
	ld_buf_addf(
	    out, "\t</%s_Test%llu>\n", side, (unsigned long long)e->number);
}

/* The first entry closes the tag: without any, it is an empty element. */
static void
xml_head(const uint64_t counts[2], bool both, enum ldi_compat_side side,
    struct ld_buf *out)
{
	(void)counts, (void)both, (void)side;
	ld_buf_adds(out, "<?xml version=\"1.0\" ?>\n<xml_data");
}

static void
xml_tail(uint64_t count, struct ld_buf *out)
{
	ld_buf_adds(out, count > 0 ? "</xml_data>\n" : "/>\n");
}

const struct ldi_compat_format ldi_compat_xml = {
	.name = "xml",
	.suffix = { "_success.xml", "_failure.xml" },
	.empty = "can't generate XML report",
	.entry = xml_entry,
	.head = xml_head,
	.tail = xml_tail,
};
