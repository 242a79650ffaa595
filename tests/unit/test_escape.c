/* SPDX-License-Identifier: MIT */
/* The encoders of foreign text, one per place where it may land. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <ld/json.h>

#include "data/escape.h"

typedef void encoder_fn(struct ld_buf *out, const char *text, size_t len);

static void
term(struct ld_buf *out, const char *text, size_t len)
{
	ldi_esc_term(out, text, len, SIZE_MAX);
}

static void
check(encoder_fn *encode, const char *text, const char *want)
{
	struct ld_buf out;

	ld_buf_init(&out, 1 << 20);
	encode(&out, text, strlen(text));
	assert_string_equal(out.len == 0 ? "" : ld_buf_str(&out), want);
	ld_buf_clear(&out);
}

static void
markup_cannot_be_opened_from_html_text(void **state)
{
	(void)state;
	check(ldi_esc_html, "<b a=\"1\" c='2'>&amp;",
	    "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;");
	check(ldi_esc_html, "-->]]>", "--&gt;]]&gt;");
}

static void
an_attribute_cannot_be_left(void **state)
{
	(void)state;
	check(ldi_esc_attr, "\" onload='x' `=\t\n<",
	    "&quot; onload&#61;&#39;x&#39; &#96;&#61;&#9;&#10;&lt;");
}

static void
controls_are_shown_as_pictures_in_html(void **state)
{
	(void)state;
	check(ldi_esc_html, "a\tb\n\x01\x1b\x7f", "a\tb\n\u2401\u241b\u2421");
	check(ldi_esc_html, "\xc2\x9b", "\uFFFD");
}

static void
invalid_bytes_become_one_replacement_per_maximal_part(void **state)
{
	(void)state;
	check(ldi_esc_html,
	    "a\xff"
	    "b",
	    "a\uFFFDb");
	check(ldi_esc_html, "\xe2\x82", "\uFFFD");
	check(ldi_esc_html, "\xe2\x82!", "\uFFFD!");
	check(ldi_esc_html, "\xc0\xaf", "\uFFFD\uFFFD");
	check(ldi_esc_html, "\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD");
	check(ldi_esc_html, "\xf4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD");
	check(ldi_esc_html, "\xf0\x9f\x98\x80", "\U0001F600");
	check(ldi_esc_html, "\xef\xbf\xbf", "\uFFFD");
}

static void
marks_that_reorder_or_hide_are_named(void **state)
{
	(void)state;
	check(ldi_esc_html,
	    "a\xe2\x80\xae"
	    "b",
	    "a[U+202E]b");
	check(ldi_esc_attr, "\xe2\x80\x8b", "[U+200B]");
	check(term,
	    "a\xe2\x80\xae"
	    "b",
	    "a\\u{202E}b");
	check(term, "\xef\xbb\xbf", "\\u{FEFF}");
}

static void
nul_bytes_do_not_end_the_text(void **state)
{
	struct ld_buf out;

	(void)state;
	ld_buf_init(&out, 100);
	ldi_esc_html(&out, "a\0b", 3);
	assert_string_equal(ld_buf_str(&out), "a\u2400b");
	ld_buf_reset(&out);
	ldi_esc_term(&out, "a\0b", 3, SIZE_MAX);
	assert_string_equal(ld_buf_str(&out), "a\\x00b");
	ld_buf_clear(&out);
}

static void
json_in_a_script_element_cannot_end_it(void **state)
{
	(void)state;
	check(ldi_esc_script, "{\"a\":\"</script><!--&\u2028\"}",
	    "{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\"}");
}

static void
json_in_ascii_means_the_same(void **state)
{
	static const char text[] = "[\"gr\u00fc\u00df \U0001F600\"]";
	struct ld_json before, after;
	struct ld_err err = LD_ERR_INIT;
	struct ld_buf out;

	(void)state;
	check(ldi_esc_ascii, text, "[\"gr\\u00fc\\u00df \\ud83d\\ude00\"]");
	ld_buf_init(&out, 100);
	ldi_esc_ascii(&out, text, strlen(text));
	ld_json_init(&before);
	ld_json_init(&after);
	assert_int_equal(
	    ld_json_parse(&before, text, strlen(text), 0, &err), LD_OK);
	assert_int_equal(
	    ld_json_parse(&after, out.data, out.len, 0, &err), LD_OK);
	assert_true(ld_json_equal(&before, LD_JSON_ROOT, &after, LD_JSON_ROOT));
	ld_json_clear(&before);
	ld_json_clear(&after);
	ld_buf_clear(&out);
}

static void
a_terminal_sees_no_control_byte(void **state)
{
	struct ld_buf out;
	char all[256];

	(void)state;
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	ld_buf_init(&out, 4096);
	ldi_esc_term(&out, all, sizeof(all), SIZE_MAX);
	assert_false(out.failed);
	for (size_t i = 0; i < out.len; i++)
		assert_in_range((unsigned char)out.data[i], 0x20, 0x7e);
	ld_buf_clear(&out);
	check(term, "\033[2J", "\\x1b[2J");
	check(term,
	    "\xc2\x9b"
	    "2J",
	    "\\xc2\\x9b2J");
}

static void
cut(const char *text, size_t columns, const char *want, size_t used)
{
	struct ld_buf out;

	ld_buf_init(&out, 4096);
	assert_int_equal(ldi_esc_term(&out, text, strlen(text), columns), used);
	assert_string_equal(out.len == 0 ? "" : ld_buf_str(&out), want);
	ld_buf_clear(&out);
}

static void
text_is_cut_to_columns_with_dots(void **state)
{
	(void)state;
	cut("abcdef", 6, "abcdef", 6);
	cut("abcdefg", 6, "abc...", 6);
	cut("abcdefg", 3, "...", 3);
	cut("abcdefg", 2, "..", 2);
	cut("abcdefg", 0, "", 0);
	cut("\u4f60\u597d\u4e16\u754c", 8, "\u4f60\u597d\u4e16\u754c", 8);
	cut("\u4f60\u597d\u4e16\u754c", 7, "\u4f60\u597d...", 7);
	cut("e\u0301e\u0301", 2, "e\u0301e\u0301", 2);
	cut("ab\033cdefgh", 8, "ab...", 5);
}

static void
nothing_is_left_of_xml_that_a_parser_could_stumble_over(void **state)
{
	(void)state;
	check(ldi_esc_xml, "<a b=\"c\">'&'</a>]]>",
	    "&lt;a b&#61;&quot;c&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;]]&gt;");
	check(ldi_esc_xml, "a\tb\nc\rd\x01", "a&#9;b&#10;c\u240dd\u2401");
	check(ldi_esc_xml, "\xff\xef\xbf\xbf", "\uFFFD\uFFFD");
}

static void
a_cell_is_one_line_and_no_formula(void **state)
{
	(void)state;
	check(ldi_esc_csv, "plain text", "plain text");
	check(ldi_esc_csv, "a,b \"c\"", "\"a,b \"\"c\"\"\"");
	check(ldi_esc_csv, "=1+1", "'=1+1");
	check(ldi_esc_csv, "@SUM(A1,B1)", "\"'@SUM(A1,B1)\"");
	check(ldi_esc_csv, "-2", "'-2");
	check(ldi_esc_csv, "+x", "'+x");
	check(ldi_esc_csv, "\t=1", "'\u2409=1");
	check(ldi_esc_csv, "\uff1d1", "'\uff1d1");
	check(ldi_esc_csv, "a\r\nb", "\"a\u240d\u240ab\"");
	check(ldi_esc_csv, " a", "\" a\"");
	check(ldi_esc_csv, "\xff", "\uFFFD");
}

static void
a_raw_cell_is_the_text(void **state)
{
	(void)state;
	check(ldi_esc_csv_raw, "=1+1", "=1+1");
	check(ldi_esc_csv_raw, "a\r\n\"b\"", "\"a\r\n\"\"b\"\"\"");
	check(ldi_esc_csv_raw, "\xff", "\uFFFD");
}

static void
markdown_has_no_markup_link_or_mention(void **state)
{
	(void)state;
	check(ldi_esc_markdown, "a|b *c* _d_ `e`",
	    "a\\|b \\*c\\* \\_d\\_ \\`e\\`");
	check(ldi_esc_markdown, "[x](http://e.x)<b>&lt;",
	    "\\[x\\]\\(http\\://e.x\\)\\<b\\>\\&lt;");
	check(ldi_esc_markdown, "www.example.test", "www\\.example.test");
	check(ldi_esc_markdown, "@you #1", "@<!-- -->you \\#<!-- -->1");
	check(
	    ldi_esc_markdown, "a\n# b\tc\x1b", "a\u240a\\#<!-- --> b c\u241b");
}

static void
a_workflow_command_cannot_be_begun_or_left(void **state)
{
	(void)state;
	check(ldi_esc_github, "50%\r\n::error::x", "50%25%0D%0A::error::x");
	check(ldi_esc_github_property, "a:b,c%\n", "a%3Ab%2Cc%25%0A");
	check(ldi_esc_github, "\x1b]8;;x\x07", "\u241b]8;;x\u2407");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_cannot_be_opened_from_html_text),
		cmocka_unit_test(an_attribute_cannot_be_left),
		cmocka_unit_test(controls_are_shown_as_pictures_in_html),
		cmocka_unit_test(
		    invalid_bytes_become_one_replacement_per_maximal_part),
		cmocka_unit_test(marks_that_reorder_or_hide_are_named),
		cmocka_unit_test(nul_bytes_do_not_end_the_text),
		cmocka_unit_test(json_in_a_script_element_cannot_end_it),
		cmocka_unit_test(json_in_ascii_means_the_same),
		cmocka_unit_test(a_terminal_sees_no_control_byte),
		cmocka_unit_test(text_is_cut_to_columns_with_dots),
		cmocka_unit_test(
		    nothing_is_left_of_xml_that_a_parser_could_stumble_over),
		cmocka_unit_test(a_cell_is_one_line_and_no_formula),
		cmocka_unit_test(a_raw_cell_is_the_text),
		cmocka_unit_test(markdown_has_no_markup_link_or_mention),
		cmocka_unit_test(a_workflow_command_cannot_be_begun_or_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
