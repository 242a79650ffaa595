driver_toy_sources = %D%/toy.c
EXTRA_DIST += $(driver_toy_sources)
if DRIVER_BUILTIN_toy
libldall_la_SOURCES += $(driver_toy_sources)
endif
if DRIVER_MODULE_toy
driver_LTLIBRARIES += lib/drivers/toy.la
lib_drivers_toy_la_SOURCES = $(driver_toy_sources)
lib_drivers_toy_la_CPPFLAGS = $(CPPFLAGS_DRIVER)
lib_drivers_toy_la_LDFLAGS = $(LDFLAGS_DRIVER)
lib_drivers_toy_la_LIBADD = libld.la
endif
