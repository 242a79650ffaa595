libldall_la_SOURCES += \
	%D%/action_read.c \
	%D%/arrival.c %D%/arrival.h \
	%D%/arrival_list.c %D%/arrival_list.h \
	%D%/assert.c %D%/assert_body.c %D%/assert_head.c %D%/assert_json.c \
	%D%/bind.c %D%/bind.h \
	%D%/check.c %D%/check.h %D%/check_kind.h %D%/check_space.c \
	%D%/commands.c %D%/commands.h \
	%D%/build.h \
	%D%/compile.c %D%/compile_source.c \
	%D%/config_read.c %D%/config_read.h \
	%D%/doc.c %D%/doc.h %D%/doc_path.c \
	%D%/extract.c \
	%D%/field_schema.c %D%/field_schema.h \
	%D%/field_value.c \
	%D%/fields.c %D%/fields.h \
	%D%/filter.c %D%/filter.h \
	%D%/function.h %D%/functions.c \
	%D%/jq.c %D%/jq.h \
	%D%/jsonpath.c %D%/jsonpath.h \
	%D%/node.c %D%/node.h \
	%D%/pairs.c \
	%D%/piece.h \
	%D%/plan_read.c \
	%D%/regex.c %D%/regex.h \
	%D%/resolve.h %D%/resolver.c \
	%D%/scope.c %D%/scope.h \
	%D%/tape.c %D%/tape.h \
	%D%/task.c %D%/task.h \
	%D%/taint.c %D%/taint.h \
	%D%/tasks_read.c \
	%D%/template.c
libldall_la_SOURCES += %D%/thresholds.c
