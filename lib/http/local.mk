# What every HTTP driver shares.  A driver that is a module takes the sources
# along: what is ldi_ is not visible in libld.
http_sources = \
	%D%/agent.c %D%/agent.h \
	%D%/agent_cookies.c \
	%D%/agent_hop.c \
	%D%/agent_reply.c \
	%D%/auth.c %D%/auth.h \
	%D%/coding.c %D%/coding.h \
	%D%/cookie.c %D%/cookie.h \
	%D%/date.c %D%/date.h \
	%D%/jar.c %D%/jar.h \
	%D%/method.c %D%/method.h \
	%D%/multipart.c %D%/multipart.h \
	%D%/redirect.c %D%/redirect.h \
	%D%/request.c %D%/request.h \
	%D%/request_about.c \
	%D%/request_body.c \
	%D%/request_fields.h \
	%D%/request_files.c \
	%D%/request_headers.c \
	%D%/request_render.c \
	%D%/request_text.c %D%/request_text.h \
	%D%/request_writer.c \
	%D%/response.c %D%/response.h \
	%D%/response_head.c \
	%D%/sheet.c \
	%D%/url.c %D%/url.h
libldall_la_SOURCES += $(http_sources)
HTTP_MODULE_SOURCES = $(http_sources) lib/base/base64.c lib/base/file.c \
	lib/base/http_text.c
