/* SPDX-License-Identifier: MIT */
/* Can these figures be trusted?  The first thing on the page. */
#include "config.h"

#include "reporters/html.h"

struct verdict {
	const char *css, *mark, *words;
};

static struct verdict
verdict_of(const struct ld_run_figures *run)
{
	if (run->wholeness != LD_STREAM_WHOLE || !run->ledger_balances)
		return (struct verdict){ "stop", "!", NULL };
	switch (run->validity) {
	case LD_RUN_INVALID:
		return (struct verdict){ "stop", "\xC3\x97",
			"Invalid run: these figures say little about the "
			"target" };
	case LD_RUN_DEGRADED:
		return (struct verdict){ "warn", "!",
			"Degraded run: the generator was not at its best" };
	case LD_RUN_UNJUDGED:
		return (struct verdict){ "warn", "?",
			"Not judged: the run does not say how it ended" };
	case LD_RUN_VALID:
	default:
		return (struct verdict){ "fine", "\xE2\x9C\x93",
			"Valid run: the stream is whole and every request is "
			"accounted for" };
	}
}

static void
add_reasons(const struct ldi_html *h)
{
	const struct ld_run_figures *run = h->run;

	if (run->n_validity_reasons == 0)
		return;
	ld_buf_adds(h->out, "<ul>");
	for (size_t i = 0; i < run->n_validity_reasons; i++) {
		ld_buf_adds(h->out, "<li>");
		ldi_html_text(h, run->validity_reasons[i]);
		ld_buf_adds(h->out, "</li>");
	}
	ld_buf_adds(h->out, "</ul>");
}

void
ldi_html_trust(const struct ldi_html *h)
{
	struct verdict v = verdict_of(h->run);
	const char *warning = ldi_view_warning(h->run);

	ld_buf_addf(h->out,
	    "<div class=\"trust %s\" role=\"note\" "
	    "aria-label=\"Can this be trusted?\">"
	    "<span class=\"mark\" aria-hidden=\"true\">%s</span>"
	    "<div><p class=\"say\">",
	    v.css, v.mark);
	if (v.words != NULL)
		ld_buf_adds(h->out, v.words);
	else if (warning != NULL)
		ldi_html_text(h, warning);
	else
		ld_buf_adds(h->out, "The ledger does not balance");
	ld_buf_adds(h->out, "</p>");
	if (v.words == NULL && h->run->validity != LD_RUN_VALID) {
		ld_buf_adds(h->out, "<p>Validity: ");
		ldi_html_text(h, ld_validity_name(h->run->validity));
		ld_buf_adds(h->out, "</p>");
	}
	add_reasons(h);
	ld_buf_adds(h->out, "<p class=\"sum\">");
	ldi_view_ledger_sentence(&h->run->ledger, h->out);
	ld_buf_adds(h->out, h->run->ledger_balances
				? " <strong>The ledger balances.</strong></p>"
				: " <strong class=\"bad\">The ledger does not "
				  "balance.</strong></p>");
	ld_buf_adds(h->out, "</div></div>\n");
}
