# What every HTTP driver shares.  A driver that is a module takes the sources
# along: what is ldi_ is not visible in libld.
http_sources = \
	%D%/coding.c %D%/coding.h \
	%D%/url.c %D%/url.h
libldall_la_SOURCES += $(http_sources)
HTTP_MODULE_SOURCES = $(http_sources) lib/base/http_text.c
