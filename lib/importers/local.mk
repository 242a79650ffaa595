# Sources of this layer, appended to libldall_la_SOURCES.
libldall_la_SOURCES += %D%/har.c %D%/har.h %D%/har_body.c %D%/har_headers.c \
	%D%/har_pairs.c %D%/importers.h %D%/origin.c %D%/origin.h \
	%D%/registry.c %D%/sink.c %D%/sink.h
