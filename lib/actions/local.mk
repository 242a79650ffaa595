libldall_la_SOURCES += \
	%D%/action.h %D%/arithmetic.c %D%/builtins.c %D%/builtins.h \
	%D%/drivers.c %D%/dry.c %D%/exec.c %D%/explain.c %D%/format.c %D%/imports.c %D%/items.c %D%/items.h \
	%D%/nested.c %D%/number.c %D%/number.h %D%/python.c %D%/python.h \
	%D%/reports.c %D%/results.c %D%/results.h %D%/schema.c %D%/schema.h \
	%D%/schema_action.c %D%/schema_plan.c %D%/schema_task.c %D%/table.c \
	%D%/values.c
