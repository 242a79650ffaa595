/* SPDX-License-Identifier: MIT */
/* The HTML report: whole, closed, and safe whatever is in it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/utf8.h"
#include "report_figures.h"

static char *
html_of(struct figures *f)
{
	char *html = figures_write(f, ldi_view_write_html);

	assert_non_null(html);
	figures_free(f);
	return html;
}

/* Two runs of the same figures. */
static char *
html_twice(struct figures *f)
{
	const struct ld_run_figures *runs[2] = { &f->run, &f->run };
	char *html;

	f->view.runs = runs;
	f->view.n_runs = 2;
	html = figures_write(f, ldi_view_write_html);
	assert_non_null(html);
	figures_free(f);
	return html;
}

/* Many series, each with a few requests, over a long time. */
static struct figures *
large(void)
{
	static char names[1000][40];
	struct figures *f = figures_new(1000, 1200);

	for (size_t i = 0; i < 1000; i++) {
		snprintf(names[i], sizeof(names[i]),
		    "GET /api/v1/resource/%zu/parts", i);
		f->run.series[i].name = names[i];
	}
	for (size_t i = 0; i < 12000; i++)
		figures_add(
		    f, &(struct request){ .series = i % 1000,
			   .intended_ns = i * 100 * MS,
			   .service_ns = MS + figures_random(f, 400 * MS),
			   .text = "" });
	figures_finish(f);
	return f;
}

static struct figures *
extreme(void)
{
	static const uint64_t times[] = { 0, 1, 999, UINT64_C(1) << 40,
		UINT64_C(1) << 60 };
	struct figures *f = figures_new(1, 2);

	f->run.series[0].name = "";
	f->run.slots[0].users = UINT64_MAX;
	for (size_t i = 0; i < 2000; i++)
		figures_add(f, &(struct request){ .service_ns = times[i % 5],
				   .lag_ns = times[i % 3],
				   .text = "" });
	figures_finish(f);
	return f;
}

/* -- a reader of tags ----------------------------------------------------- */

static bool
among(const char *word, size_t len, const char *words)
{
	for (const char *at = words; (at = strstr(at, "|")) != NULL; at++)
		if (strncmp(at + 1, word, len) == 0 && at[1 + len] == '|')
			return true;
	return false;
}

static const char tags[] =
    "|html|head|meta|title|style|body|header|main|footer|nav|section|h1|h2|"
    "h3|p|ul|ol|li|dl|dt|dd|div|span|b|small|strong|q|a|figure|figcaption|"
    "table|caption|thead|tbody|tr|th|td|details|summary|svg|g|path|line|rect|"
    "circle|text|tspan|";
static const char attributes[] =
    "|lang|charset|http-equiv|content|name|class|id|role|tabindex|href|"
    "aria-label|aria-labelledby|aria-hidden|scope|rowspan|title|width|height|"
    "viewBox|preserveAspectRatio|x|y|x1|x2|y1|y2|cx|cy|r|d|dx|text-anchor|";

/* The attributes up to the end of the tag; returns what follows it. */
static const char *
read_attributes(const char *at)
{
	for (;;) {
		size_t len;

		at += strspn(at, " \n");
		if (*at == '>')
			return at + 1;
		if (*at == '/') {
			assert_int_equal(at[1], '>');
			return at + 2;
		}
		len = strcspn(at, "=> \n/");
		assert_true(among(at, len, attributes));
		at += len;
		assert_memory_equal(at, "=\"", 2);
		at += 2;
		at += strcspn(at, "\"<");
		assert_int_equal(*at, '"');
		at++;
	}
}

static const char *
read_tag(const char *at, char stack[][16], size_t *depth)
{
	bool end = at[1] == '/';
	const char *name = at + 1 + end;
	size_t len = strcspn(name, " \n/>");
	const char *after;

	assert_in_range(len, 1, 15);
	assert_true(among(name, len, tags));
	if (end) {
		assert_true(*depth > 0);
		(*depth)--;
		assert_int_equal(strlen(stack[*depth]), len);
		assert_memory_equal(stack[*depth], name, len);
		assert_int_equal(name[len], '>');
		return name + len + 1;
	}
	after = read_attributes(name + len);
	if (after[-2] != '/' && strncmp(name, "meta", 4) != 0) {
		assert_true(*depth < 60);
		memcpy(stack[*depth], name, len);
		stack[(*depth)++][len] = '\0';
	}
	return after;
}

/* Every tag and attribute is one of ours, everything is closed in order, no
 * bracket stands outside a tag, and the text is UTF-8 without controls. */
static void
check_markup(const char *html)
{
	char stack[64][16];
	size_t depth = 0;
	const char *at = html;

	assert_true(ldi_utf8_valid(html, strlen(html)));
	assert_memory_equal(at, "<!DOCTYPE html>", 15);
	at += 15;
	if (strncmp(at, "<!--", 4) == 0) {
		const char *end = strstr(at, "-->");

		assert_non_null(end);
		assert_true(end < strchr(html, '\n'));
		assert_null(memchr(at + 4, '>', (size_t)(end - at - 4)));
		at = end + 3;
	}
	while (*at != '\0') {
		assert_int_not_equal(*at, '>');
		if (*at == '<')
			at = read_tag(at, stack, &depth);
		else {
			assert_true((unsigned char)*at >= 0x20 || *at == '\n' ||
				    *at == '\t');
			at++;
		}
		/* Style is not markup, and > is a combinator there. */
		if (depth > 0 && strcmp(stack[depth - 1], "style") == 0)
			at = strstr(at, "</style>");
	}
	assert_int_equal(depth, 0);
}

/* -- the tests ------------------------------------------------------------ */

static void
the_same_figures_give_the_same_bytes(void **state)
{
	char *html = html_of(figures_demo());

	(void)state;
	figures_golden("demo.html", html);
	free(html);
}

static void
every_page_is_well_formed_and_of_known_tags(void **state)
{
	char *pages[] = { html_of(figures_demo()), html_of(figures_empty()),
		html_of(figures_few(1)), html_of(figures_few(400)),
		html_of(figures_hostile()), html_of(extreme()),
		html_twice(figures_demo()), html_twice(figures_hostile()) };

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		check_markup(pages[i]);
		free(pages[i]);
	}
}

static void
foreign_text_is_shown_and_does_nothing(void **state)
{
	char *html = html_of(figures_hostile());

	(void)state;
	assert_non_null(strstr(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "<img"));
	assert_null(strstr(html, "\xe2\x80\xae"));
	assert_non_null(strstr(html, "[U+202E]"));
	free(html);
}

static void
a_stream_that_is_not_whole_says_so_in_the_first_line(void **state)
{
	char *html = html_of(figures_empty());
	const char *say = strstr(html, "class=\"say\">");

	(void)state;
	assert_memory_equal(
	    html, "<!DOCTYPE html><!-- INCOMPLETE: begin without end -->", 53);
	assert_non_null(say);
	assert_memory_equal(say + 12, "INCOMPLETE: begin without end", 29);
	assert_true(say < strstr(html, "class=\"key\""));
	free(html);
}

static void
a_view_without_runs_is_a_page_too(void **state)
{
	static const struct ld_report_options options;
	struct ldi_view view = { .wholeness = LD_STREAM_EMPTY,
		.validity = LD_RUN_UNJUDGED,
		.options = &options };
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf out;

	(void)state;
	ld_buf_init(&out, 1 << 20);
	assert_int_equal(ldi_view_write_html(&view, &out, &err), LD_OK);
	check_markup(ld_buf_str(&out));
	assert_non_null(strstr(out.data, "EMPTY: no record at all"));
	ld_buf_clear(&out);
}

static void
the_policy_allows_exactly_the_style_sheet(void **state)
{
	char *html = html_of(figures_few(1)), want[128];
	const char *from = strstr(html, "<style>") + 7;
	const char *to = strstr(html, "</style>");
	unsigned char digest[SHA256_DIGEST_LENGTH], base64[64];

	(void)state;
	SHA256((const unsigned char *)from, (size_t)(to - from), digest);
	EVP_EncodeBlock(base64, digest, sizeof(digest));
	snprintf(want, sizeof(want),
	    "content=\"default-src 'none'; style-src 'sha256-%s';",
	    (const char *)base64);
	assert_non_null(strstr(html, want));
	assert_null(strstr(html, "unsafe-inline"));
	assert_null(strstr(html, " style=\""));
	free(html);
}

static void
nothing_is_fetched_from_anywhere(void **state)
{
	char *html = html_of(figures_demo());

	(void)state;
	assert_null(strstr(html, "url("));
	assert_null(strstr(html, "@import"));
	assert_null(strstr(html, "src="));
	assert_null(strstr(html, "<link"));
	for (const char *at = html; (at = strstr(at, "href=\"")) != NULL; at++)
		assert_int_equal(at[6], '#');
	free(html);
}

static size_t
count_of(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

static void
every_link_has_one_target(void **state)
{
	char *html = html_twice(figures_demo());
	size_t links = 0;

	(void)state;
	for (const char *at = html; (at = strstr(at, "href=\"#")) != NULL;
	     at++) {
		char id[64];

		snprintf(id, sizeof(id), " id=\"%.*s\"",
		    (int)strcspn(at + 7, "\""), at + 7);
		assert_int_equal(count_of(html, id), 1);
		links++;
	}
	assert_true(links >= 10);
	assert_int_equal(count_of(html, "<h1>"), 1);
	free(html);
}

static void
a_large_run_stays_under_a_megabyte(void **state)
{
	char *html = html_of(large());

	(void)state;
	assert_in_range(strlen(html), 100000, 1000000);
	assert_non_null(strstr(html, "The other 950 series"));
	check_markup(html);
	free(html);
}

static void
every_drawing_has_its_table(void **state)
{
	char *html = html_of(figures_demo());

	(void)state;
	assert_int_equal(count_of(html, "<figure"), 4);
	assert_int_equal(count_of(html, "<details><summary>The "), 4);
	assert_int_equal(count_of(html, "<figcaption"), 4);
	free(html);
}

static void
a_document_over_its_ceiling_is_an_error(void **state)
{
	struct figures *f = figures_demo();
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf out;

	(void)state;
	ld_buf_init(&out, 5000);
	assert_int_equal(ldi_view_write_html(&f->view, &out, &err), LD_NOMEM);
	ld_buf_clear(&out);
	figures_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_figures_give_the_same_bytes),
		cmocka_unit_test(every_page_is_well_formed_and_of_known_tags),
		cmocka_unit_test(foreign_text_is_shown_and_does_nothing),
		cmocka_unit_test(
		    a_stream_that_is_not_whole_says_so_in_the_first_line),
		cmocka_unit_test(a_view_without_runs_is_a_page_too),
		cmocka_unit_test(the_policy_allows_exactly_the_style_sheet),
		cmocka_unit_test(nothing_is_fetched_from_anywhere),
		cmocka_unit_test(every_link_has_one_target),
		cmocka_unit_test(a_large_run_stays_under_a_megabyte),
		cmocka_unit_test(every_drawing_has_its_table),
		cmocka_unit_test(a_document_over_its_ceiling_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
