libldall_la_SOURCES += \
	%D%/action.h %D%/dry.c %D%/exec.c %D%/nested.c %D%/reports.c \
	%D%/table.c %D%/values.c
