# What every HTTP driver shares.  A driver that is a module takes the sources
# along: what is ldi_ is not visible in libld.
http_sources = \
	%D%/auth.c %D%/auth.h \
	%D%/coding.c %D%/coding.h \
	%D%/cookie.c %D%/cookie.h \
	%D%/date.c %D%/date.h \
	%D%/jar.c %D%/jar.h \
	%D%/method.c %D%/method.h \
	%D%/multipart.c %D%/multipart.h \
	%D%/redirect.c %D%/redirect.h \
	%D%/url.c %D%/url.h
libldall_la_SOURCES += $(http_sources)
HTTP_MODULE_SOURCES = $(http_sources) lib/base/base64.c lib/base/file.c \
	lib/base/http_text.c
