/* SPDX-License-Identifier: MIT */
/*
 * The HTML report: one file that needs no network, no script and no second
 * file.  Its policy (CSP) allows the one style sheet inside it, by hash, and
 * nothing else, so that even a hole in our escaping could not run or fetch
 * anything.  Everything that a drawing shows stands in a table too.
 */
#include "config.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

#include "base/crypto.h"
#include "data/escape.h"
#include "reporters/figure.h"
#include "reporters/html.h"

/* The policy must allow exactly the bytes between the style tags. */
static void
add_policy(const struct ldi_html *h)
{
	const char *style = ldi_html_style();
	unsigned char digest[SHA256_DIGEST_LENGTH];
	unsigned char base64[4 * ((SHA256_DIGEST_LENGTH + 2) / 3) + 1];

	if (!ldi_crypto_ready()) {
		h->out->failed = true;
		return;
	}
	SHA256((const unsigned char *)style, strlen(style), digest);
	EVP_EncodeBlock(base64, digest, (int)sizeof(digest));
	ld_buf_addf(h->out,
	    "<meta http-equiv=\"Content-Security-Policy\" content=\""
	    "default-src 'none'; style-src 'sha256-%s'; img-src data:; "
	    "base-uri 'none'; form-action 'none'\">\n",
	    (const char *)base64);
}

static const char *
title_of(const struct ldi_html *h)
{
	const char *title = ldi_view_text(h->view->options->title);

	return title[0] != '\0' ? title : "Load test report";
}

/* The warning stands in the first line of the file, for head(1), and in the
 * title, for tabs and bookmarks.  A comment cannot end early: > is escaped. */
static void
add_head(const struct ldi_html *h)
{
	const char *warning = ldi_view_first_warning(h->view);

	ld_buf_adds(h->out, "<!DOCTYPE html>");
	if (warning != NULL) {
		ld_buf_adds(h->out, "<!-- ");
		ldi_html_text(h, warning);
		ld_buf_adds(h->out, " -->");
	}
	ld_buf_adds(
	    h->out, "\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	add_policy(h);
	ld_buf_adds(h->out,
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	if (h->view->wholeness != LD_STREAM_WHOLE) {
		ldi_html_text(h, ld_wholeness_name(h->view->wholeness));
		ld_buf_adds(h->out, " \xE2\x80\x93 ");
	}
	ldi_html_text(h, title_of(h));
	ld_buf_adds(h->out, "</title>\n<style>");
	ld_buf_adds(h->out, ldi_html_style());
	ld_buf_adds(h->out, "</style>\n</head>\n<body>\n");
}

static void
add_fact(const struct ldi_html *h, const char *text)
{
	text = ldi_view_text(text);
	if (text[0] == '\0')
		return;
	ld_buf_adds(h->out, "<li>");
	ldi_html_clip(h, text, strlen(text), 120);
	ld_buf_adds(h->out, "</li>");
}

/* "2026-11-23T06:00:00.000000Z" without what nobody reads; anything else as
 * it is. */
static void
add_moment(const struct ldi_html *h, const char *text)
{
	size_t len = strlen(ldi_view_text(text));

	if (len < 20 || text[10] != 'T' || text[len - 1] != 'Z') {
		add_fact(h, text);
		return;
	}
	ld_buf_adds(h->out, "<li>");
	ldi_html_textn(h, text, 10);
	ld_buf_addc(h->out, ' ');
	ldi_html_textn(h, text + 11, 8);
	ld_buf_adds(h->out, " UTC</li>");
}

static void
add_masthead(const struct ldi_html *h)
{
	const struct ld_run_figures *all = h->view->all;

	ld_buf_adds(h->out, "<header class=\"top\">\n<h1>");
	ldi_html_text(h, title_of(h));
	ld_buf_adds(h->out, "</h1>\n");
	if (all != NULL) {
		ld_buf_adds(h->out, "<ul class=\"meta\">");
		add_fact(h, all->facts.target);
		add_moment(h, all->facts.started_at);
		if (all->duration_ns > 0) {
			ld_buf_adds(h->out, "<li>");
			ldi_fig_span(h->out, all->duration_ns);
			ld_buf_adds(h->out, "</li>");
		}
		if (h->view->n_runs > 1)
			ld_buf_addf(
			    h->out, "<li>%zu runs</li>", h->view->n_runs);
		ld_buf_adds(h->out, "</ul>\n");
	}
	ld_buf_adds(h->out, "</header>\n");
}

static void
add_contents(struct ldi_html *h)
{
	if (h->view->n_runs < 2)
		return;
	ld_buf_adds(h->out, "<nav aria-label=\"Runs\"><ol class=\"runs\">\n");
	for (size_t i = 0; i < h->view->n_runs; i++) {
		const struct ld_run_figures *run = h->view->runs[i];
		const char *id = ldi_view_text(run->facts.run_id);

		ld_buf_addf(h->out, "<li><a href=\"#run%zu\">Run %zu</a> ",
		    i + 1, i + 1);
		ldi_html_clip(h, id, strlen(id), 40);
		ld_buf_adds(h->out, "</li>\n");
	}
	ld_buf_adds(h->out, "</ol></nav>\n");
}

static enum ld_status
add_charts(const struct ldi_html *h, struct ld_err *err)
{
	struct ldi_moments timeline;
	enum ld_status st = ldi_moments_init(&timeline, h->run, err);

	if (st != LD_OK)
		return st;
	ldi_html_time_line(h, &timeline);
	ldi_moments_clear(&timeline);
	ldi_html_histogram(h);
	ldi_html_spectrum(h);
	return LD_OK;
}

static enum ld_status
add_run(const struct ldi_html *h, struct ld_err *err)
{
	bool several = h->view->n_runs > 1;
	enum ld_status st;

	if (several)
		ld_buf_addf(h->out,
		    "<section class=\"run\" id=\"run%zu\" "
		    "aria-labelledby=\"run%zu-t\">\n"
		    "<h2 class=\"runt\" id=\"run%zu-t\">Run %zu of %zu</h2>\n",
		    h->number, h->number, h->number, h->number,
		    h->view->n_runs);
	ldi_html_trust(h);
	ldi_html_key_figures(h);
	ldi_html_findings(h);
	ldi_html_ledger(h);
	st = ldi_html_series(h, err);
	if (st == LD_OK)
		st = ldi_html_phases(h, err);
	if (st == LD_OK)
		st = add_charts(h, err);
	if (st != LD_OK)
		return st;
	ldi_html_failures(h);
	ldi_html_facts(h);
	if (several)
		ldi_html_section_end(h);
	return LD_OK;
}

static void
add_nothing(const struct ldi_html *h)
{
	ld_buf_adds(h->out, "<div class=\"trust stop\"><p class=\"say\">");
	ldi_html_text(h, ldi_view_first_warning(h->view));
	ld_buf_adds(h->out, "</p><p>There was nothing to report.</p></div>\n");
}

enum ld_status
ldi_view_write_html(
    const struct ldi_view *view, struct ld_buf *out, struct ld_err *err)
{
	struct ldi_html h = { .out = out, .view = view };
	enum ld_status st = LD_OK;

	add_head(&h);
	add_masthead(&h);
	add_contents(&h);
	ld_buf_adds(out, "<main>\n");
	if (view->n_runs == 0)
		add_nothing(&h);
	for (size_t i = 0; st == LD_OK && i < view->n_runs; i++) {
		h.run = view->runs[i];
		h.number = i + 1;
		st = add_run(&h, err);
	}
	if (st != LD_OK)
		return st;
	ld_buf_adds(out,
	    "</main>\n<footer>Same records, same bytes: this page holds no "
	    "clock, no script and no reference to anywhere else.</footer>\n"
	    "</body>\n</html>\n");
	return ld_buf_status(out, "HTML report", err);
}
