# Sources of this layer, appended to libldall_la_SOURCES.
libldall_la_SOURCES += \
	%D%/json_chars.h \
	%D%/json_equal.c \
	%D%/json_number.c %D%/json_number.h \
	%D%/json_read.c \
	%D%/json_value.c \
	%D%/json_write.c \
	%D%/scan.h
