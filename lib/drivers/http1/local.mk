driver_http1_sources = \
	%D%/exchange.c \
	%D%/expect.c \
	%D%/http1.c %D%/http1.h \
	%D%/link.c \
	%D%/session.c
EXTRA_DIST += $(driver_http1_sources)
# Unit tests reach into the driver, wherever it is.
if DRIVER_BUILTIN_http1
libldall_la_SOURCES += $(driver_http1_sources)
LIBS_HTTP1 = libldall.la
else
check_LTLIBRARIES += %D%/libhttp1.la
%C%_libhttp1_la_SOURCES = $(driver_http1_sources)
LIBS_HTTP1 = %D%/libhttp1.la libldall.la $(ZLIB_LIBS) $(BROTLI_LIBS) $(UV_LIBS)
endif
if DRIVER_MODULE_http1
driver_LTLIBRARIES += lib/drivers/http1.la
lib_drivers_http1_la_SOURCES = $(driver_http1_sources) $(HTTP_MODULE_SOURCES)
lib_drivers_http1_la_CPPFLAGS = $(CPPFLAGS_DRIVER)
lib_drivers_http1_la_LDFLAGS = $(LDFLAGS_DRIVER)
lib_drivers_http1_la_LIBADD = libld.la $(ZLIB_LIBS) $(BROTLI_LIBS) $(UV_LIBS)
endif
