# Sources of this layer, appended to libldall_la_SOURCES.
libldall_la_SOURCES += %D%/csv_read.c %D%/csv_read.h
libldall_la_SOURCES += \
	%D%/json_chars.h \
	%D%/json_equal.c \
	%D%/json_number.c %D%/json_number.h \
	%D%/json_read.c \
	%D%/json_value.c \
	%D%/json_write.c \
	%D%/scan.h \
	%D%/shortest.c %D%/shortest.h
libldall_la_SOURCES += \
	%D%/hist.c %D%/hist.h %D%/hist_edges.h %D%/hist_query.c \
	%D%/hist_wire.c %D%/late.h \
	%D%/ledger.c %D%/ledger.h %D%/ledger_wire.c \
	%D%/number.c %D%/number.h
libldall_la_SOURCES += %D%/escape.c %D%/escape.h %D%/escape_char.c \
	%D%/escape_char.h %D%/escape_csv.c %D%/escape_github.c
libldall_la_SOURCES += \
	%D%/lines.c %D%/lines.h \
	%D%/record_decode.c %D%/record_decode.h \
	%D%/record_fast.c %D%/record_fast.h \
	%D%/record_fields.c %D%/record_fields.h \
	%D%/record_read.c %D%/record_schema.c %D%/record_write.c \
	%D%/schema.c %D%/schema.h
libldall_la_SOURCES += \
	%D%/summary.c %D%/summary.h %D%/summary_finish.c %D%/summary_judge.c \
	%D%/summary_load.c \
	%D%/summary_run.c %D%/summary_series.c %D%/timeline.c %D%/timeline.h
libldall_la_SOURCES += %D%/redact_json.c %D%/redact_json.h
libldall_la_SOURCES += %D%/verdict.c %D%/verdict.h
libldall_la_SOURCES += %D%/rules.c
