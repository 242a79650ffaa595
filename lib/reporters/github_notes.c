/* SPDX-License-Identifier: MIT */
/*
 * Annotations: commands of a workflow.  GitHub shows ten of a level for each
 * step and drops the others without a word, so the worst come first and the
 * last one says how many there were.
 */
#include "config.h"

#include <string.h>

#include "data/escape.h"
#include "reporters/figure.h"
#include "reporters/github.h"

#define MAX_OF_LEVEL 10

enum level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTICE };

struct notes {
	const struct ldi_view *view;
	struct ld_buf *out;
	enum level level;
	size_t n; /* of this level, also those left out */
};

static const char *const levels[] = { "error", "warning", "notice" };

/* "::error title=TITLE::", or false: there is no more room at this level. */
static bool
begin(struct notes *notes, const char *title, size_t run)
{
	if (++notes->n >= MAX_OF_LEVEL)
		return false;
	ld_buf_addf(notes->out, "::%s title=", levels[notes->level]);
	if (notes->view->options->title != NULL) {
		const char *own = notes->view->options->title;

		ldi_esc_github_property(
		    notes->out, own, ldi_github_clip(own, strlen(own)));
		ld_buf_addc(notes->out, ' ');
	}
	ld_buf_adds(notes->out, title);
	if (notes->view->n_runs > 1)
		ld_buf_addf(notes->out, " (run %zu of %zu)", run + 1,
		    notes->view->n_runs);
	ld_buf_adds(notes->out, "::");
	return true;
}

static void
end_with(struct notes *notes, const char *text, size_t len)
{
	if (len > 0)
		ldi_esc_github(notes->out, text, ldi_github_clip(text, len));
	ld_buf_addc(notes->out, '\n');
}

static void
end_of_level(struct notes *notes)
{
	if (notes->n >= MAX_OF_LEVEL)
		ld_buf_addf(notes->out,
		    "::%s title=load test::and %zu more, see the summary\n",
		    levels[notes->level], notes->n - (MAX_OF_LEVEL - 1));
	notes->n = 0;
}

static void
add_stream(struct notes *notes, size_t i)
{
	const struct ld_run_figures *run = notes->view->runs[i];
	const char *warning = ldi_view_warning(run);
	bool error = run->wholeness == LD_STREAM_INCOMPLETE;

	if (warning != NULL && error == (notes->level == LEVEL_ERROR) &&
	    begin(notes, "stream", i))
		end_with(notes, warning, strlen(warning));
}

static void
add_validity(struct notes *notes, size_t i)
{
	const struct ld_run_figures *run = notes->view->runs[i];
	const char *reason =
	    run->n_validity_reasons > 0 ? run->validity_reasons[0] : "";
	bool error = run->validity == LD_RUN_INVALID;

	if (run->validity == LD_RUN_VALID ||
	    error != (notes->level == LEVEL_ERROR) ||
	    !begin(notes, "validity", i))
		return;
	ld_buf_adds(notes->out, ld_validity_name(run->validity));
	if (reason[0] != '\0')
		ld_buf_adds(notes->out, ": ");
	end_with(notes, reason, strlen(reason));
}

/* What stands for a text that nobody gave. */
static void
add_advice(struct notes *notes, enum ld_class cls)
{
	const char *advice = ld_class_advice(cls);

	end_with(notes, advice, strlen(advice));
}

static void
add_failures(struct notes *notes, size_t i)
{
	const struct ld_series_figures *total = &notes->view->runs[i]->total;

	for (size_t k = 0; k < total->n_failures; k++) {
		const struct ld_failure_group *group = &total->failures[k];

		if (!begin(notes, ld_class_name(group->cls), i))
			continue;
		ldi_fig_count(notes->out, group->count);
		ld_buf_adds(notes->out, " times: ");
		if (group->text.len > 0)
			end_with(notes, group->text.data, group->text.len);
		else
			add_advice(notes, group->cls);
	}
}

static void
add_sentence(struct notes *notes, size_t i)
{
	if (!begin(notes, "load test", i))
		return;
	ldi_github_sentence(notes->view->runs[i], notes->out);
	ld_buf_addc(notes->out, '\n');
}

static void
each(struct notes *notes, void (*add)(struct notes *, size_t))
{
	for (size_t i = 0; i < notes->view->n_runs; i++)
		add(notes, i);
}

void
ldi_github_annotate(const struct ldi_view *view, struct ld_buf *out)
{
	struct notes notes = { .view = view, .out = out };

	each(&notes, add_stream);
	each(&notes, add_validity);
	end_of_level(&notes);
	notes.level = LEVEL_WARNING;
	each(&notes, add_stream);
	each(&notes, add_validity);
	each(&notes, add_failures);
	end_of_level(&notes);
	notes.level = LEVEL_NOTICE;
	each(&notes, add_sentence);
	end_of_level(&notes);
}
