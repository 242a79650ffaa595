driver_curl_sources = \
	%D%/callbacks.c \
	%D%/curl.c %D%/curl.h \
	%D%/fields.c \
	%D%/options.c \
	%D%/outcome.c \
	%D%/session.c \
	%D%/shard.c \
	%D%/socket.c \
	%D%/tls.c \
	%D%/transfer.c
EXTRA_DIST += $(driver_curl_sources)
if DRIVER_BUILTIN_curl
libldall_la_SOURCES += $(driver_curl_sources)
endif
if DRIVER_MODULE_curl
driver_LTLIBRARIES += lib/drivers/curl.la
lib_drivers_curl_la_SOURCES = $(driver_curl_sources) $(HTTP_MODULE_SOURCES)
lib_drivers_curl_la_CPPFLAGS = $(CPPFLAGS_DRIVER) $(CURL_CFLAGS)
lib_drivers_curl_la_LDFLAGS = $(LDFLAGS_DRIVER)
lib_drivers_curl_la_LIBADD = libld.la $(CURL_LIBS) $(ZLIB_LIBS) $(BROTLI_LIBS) \
	$(UV_LIBS) $(SSL_LIBS)
endif
