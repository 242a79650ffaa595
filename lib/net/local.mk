# Sources of this layer, appended to libldall_la_SOURCES.
libldall_la_SOURCES += \
	%D%/adapt.c \
	%D%/connect.c \
	%D%/datagram.c \
	%D%/failure.c %D%/failure.h \
	%D%/identity.c %D%/identity.h \
	%D%/list.h \
	%D%/loop.c %D%/loop.h \
	%D%/pem.c %D%/pem.h \
	%D%/pins.c %D%/pins.h %D%/source.c %D%/source.h \
	%D%/resolve.c %D%/resolve.h \
	%D%/stream.c %D%/stream.h \
	%D%/tickets.c \
	%D%/tls.c %D%/tls.h \
	%D%/tls_conn.c \
	%D%/tls_fault.c \
	%D%/tls_set.c \
	%D%/tls_verify.c \
	%D%/transfer.c \
	%D%/trust.c %D%/trust.h
