driver_socket_sources = \
	%D%/datagram.c \
	%D%/payload.c \
	%D%/session.c \
	%D%/socket.c %D%/socket.h \
	%D%/stream.c
EXTRA_DIST += $(driver_socket_sources)
if DRIVER_BUILTIN_socket
libldall_la_SOURCES += $(driver_socket_sources)
endif
if DRIVER_MODULE_socket
driver_LTLIBRARIES += lib/drivers/socket.la
lib_drivers_socket_la_SOURCES = $(driver_socket_sources)
lib_drivers_socket_la_CPPFLAGS = $(CPPFLAGS_DRIVER)
lib_drivers_socket_la_LDFLAGS = $(LDFLAGS_DRIVER)
lib_drivers_socket_la_LIBADD = libld.la
endif
