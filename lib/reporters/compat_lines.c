/* SPDX-License-Identifier: MIT */
/* The original's csv, json, and junit. */
#include "config.h"

#include <string.h>

#include <ld/json.h>

#include "data/escape.h"
#include "reporters/compat.h"
#include "reporters/figure.h"

static struct ld_str
or_none(struct ld_str text)
{
	return text.len > 0 ? text : (struct ld_str){ "None", 4 };
}

/* -- csv ------------------------------------------------------------------ */

static void
csv_cell(struct ld_buf *out, struct ld_str text)
{
	if (text.len > 0)
		ldi_esc_csv(out, text.data, text.len);
	ld_buf_addc(out, ',');
}

static void
csv_entry(const struct ldi_compat_entry *e, struct ld_buf *out)
{
	bool failed = e->side == LDI_COMPAT_FAILURE;

	ld_buf_adds(out, failed ? "failure," : "success,");
	csv_cell(out, e->method);
	csv_cell(out, e->url);
	csv_cell(out, e->name);
	if (e->sample->status >= 0)
		ld_buf_adds(out, e->status);
	ld_buf_addc(out, ',');
	ldi_fig_ms(out, e->sample->response_ns);
	ld_buf_addc(out, ',');
	ld_buf_add_u64(out, e->sample->bytes_in);
	ld_buf_addc(out, ',');
	if (failed)
		ldi_esc_csv(out, e->error.data, e->error.len);
	ld_buf_adds(out, "\r\n");
}

static void
csv_head(const uint64_t counts[2], bool both, enum ldi_compat_side side,
    struct ld_buf *out)
{
	(void)counts, (void)both, (void)side;
	ld_buf_adds(out, "outcome,Method,test_url,name,status_code,"
			 "response_time_ms,response_length,error\r\n");
}

static void
no_tail(uint64_t count, struct ld_buf *out)
{
	(void)count, (void)out;
}

const struct ldi_compat_format ldi_compat_csv = {
	.name = "csv",
	.suffix = { ".csv" },
	.entry = csv_entry,
	.head = csv_head,
	.tail = no_tail,
};

/* -- json ----------------------------------------------------------------- */

static void
json_member(
    struct ld_buf *out, const char *key, struct ld_str value, const char *end)
{
	ld_buf_addf(out, "        \"%s\": ", key);
	value = or_none(value);
	ld_json_add_string(out, value.data, value.len);
	ld_buf_adds(out, end);
}

/* "Success_Test1": strings all of them, as the original's. */
static void
json_entry(const struct ldi_compat_entry *e, struct ld_buf *out)
{
	const struct ld_str none = { "None", 4 };
	bool failed = e->side == LDI_COMPAT_FAILURE;

	ld_buf_adds(out, e->number > 1 ? ",\n" : "\n");
	ld_buf_addf(out, "    \"%s_Test%llu\": {\n",
	    failed ? "Failure" : "Success", (unsigned long long)e->number);
	json_member(out, "Method", e->method, ",\n");
	json_member(out, "test_url", e->url, ",\n");
	json_member(out, "name", e->name, ",\n");
	json_member(out, "status_code",
	    (struct ld_str){ e->status, strlen(e->status) }, ",\n");
	if (failed) {
		json_member(out, "error", e->error, "\n");
	} else {
		json_member(out, "text", none, ",\n");
		json_member(out, "content", none, ",\n");
		json_member(out, "headers", none, "\n");
	}
	ld_buf_adds(out, "    }");
}

static void
json_head(const uint64_t counts[2], bool both, enum ldi_compat_side side,
    struct ld_buf *out)
{
	(void)counts, (void)both, (void)side;
	ld_buf_addc(out, '{');
}

static void
json_tail(uint64_t count, struct ld_buf *out)
{
	ld_buf_adds(out, count > 0 ? "\n}" : "}");
}

const struct ldi_compat_format ldi_compat_json = {
	.name = "json",
	.suffix = { "_success.json", "_failure.json" },
	.empty = "can't generate JSON report",
	.entry = json_entry,
	.head = json_head,
	.tail = json_tail,
};

/* -- junit ---------------------------------------------------------------- */

static void
xml_text(struct ld_buf *out, struct ld_str text)
{
	if (text.len > 0)
		ldi_esc_xml(out, text.data, text.len);
}

static void
junit_entry(const struct ldi_compat_entry *e, struct ld_buf *out)
{
	ld_buf_adds(out, "<testcase classname=\"");
	xml_text(out, e->method);
	ld_buf_adds(out, "\" name=\"");
	xml_text(out, e->name.len > 0 ? e->name : e->url);
	ld_buf_adds(out, "\" time=\"");
	ldi_fig_fixed(out, (e->sample->response_ns + 500000) / 1000000, 3);
	if (e->side == LDI_COMPAT_SUCCESS) {
		ld_buf_adds(out, "\" />");
		return;
	}
	ld_buf_adds(out, "\"><failure message=\"");
	xml_text(out, e->error);
	ld_buf_adds(out, "\">");
	xml_text(out, e->error);
	ld_buf_adds(out, "</failure></testcase>");
}

static void
junit_head(const uint64_t counts[2], bool both, enum ldi_compat_side side,
    struct ld_buf *out)
{
	(void)both, (void)side;
	ld_buf_addf(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	    "<testsuite name=\"loaddensity\" tests=\"%llu\" failures=\"%llu\">",
	    (unsigned long long)(counts[0] + counts[1]),
	    (unsigned long long)counts[1]);
}

static void
junit_tail(uint64_t count, struct ld_buf *out)
{
	(void)count;
	ld_buf_adds(out, "</testsuite>");
}

const struct ldi_compat_format ldi_compat_junit = {
	.name = "junit",
	.suffix = { ".xml" },
	.entry = junit_entry,
	.head = junit_head,
	.tail = junit_tail,
};
