# Sources of this layer, appended to libldall_la_SOURCES.
libldall_la_SOURCES += \
	%D%/figure.c %D%/figure.h \
	%D%/finding.c %D%/finding.h \
	%D%/order.c %D%/order.h \
	%D%/progress.c \
	%D%/text.c %D%/text.h \
	%D%/text_latency.c \
	%D%/view.c %D%/view.h
