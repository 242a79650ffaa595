driver_null_sources = %D%/null.c
EXTRA_DIST += $(driver_null_sources)
if DRIVER_BUILTIN_null
libldall_la_SOURCES += $(driver_null_sources)
endif
if DRIVER_MODULE_null
driver_LTLIBRARIES += lib/drivers/null.la
lib_drivers_null_la_SOURCES = $(driver_null_sources)
lib_drivers_null_la_CPPFLAGS = $(CPPFLAGS_DRIVER)
lib_drivers_null_la_LDFLAGS = $(LDFLAGS_DRIVER)
lib_drivers_null_la_LIBADD = libld.la
endif
