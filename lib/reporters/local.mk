# Sources of this layer, appended to libldall_la_SOURCES.
libldall_la_SOURCES += \
	%D%/asked.c %D%/asked.h \
	%D%/axis.c %D%/axis.h \
	%D%/compat.c %D%/compat.h \
	%D%/compat_lines.c \
	%D%/compat_markup.c \
	%D%/compat_summary.c %D%/compat_summary.h \
	%D%/csv.c \
	%D%/doubts.c %D%/doubts.h \
	%D%/figure.c %D%/figure.h \
	%D%/finding.c %D%/finding.h \
	%D%/fit.c %D%/fit.h \
	%D%/github.c %D%/github.h %D%/github_notes.c \
	%D%/html.c %D%/html.h \
	%D%/html_facts.c \
	%D%/html_failures.c \
	%D%/html_key.c \
	%D%/html_ledger.c \
	%D%/html_phases.c \
	%D%/html_series.c \
	%D%/html_style.c \
	%D%/html_tag.c \
	%D%/html_trust.c \
	%D%/json.c %D%/json.h \
	%D%/junit.c \
	%D%/live.c %D%/live.h \
	%D%/moments.c %D%/moments.h \
	%D%/order.c %D%/order.h \
	%D%/progress.c \
	%D%/registry.c \
	%D%/run_json.c %D%/run_json.h \
	%D%/snapshot.c %D%/snapshot.h \
	%D%/summary.c %D%/summary_schema.c \
	%D%/svg.c %D%/svg.h \
	%D%/svg_flow.c \
	%D%/svg_hist.c \
	%D%/svg_spectrum.c \
	%D%/svg_time.c \
	%D%/text.c %D%/text.h \
	%D%/phases.c %D%/phases.h \
	%D%/text_latency.c \
	%D%/text_phases.c \
	%D%/view.c %D%/view.h \
	%D%/xml.c
