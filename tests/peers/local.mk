# Loopback servers and clients that tests share: sources of whoever uses them.
CPPFLAGS_PEERS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
STREAM_PEERS = \
	%D%/client.c %D%/client.h \
	%D%/fixture.c %D%/fixture.h \
	%D%/peer.c %D%/peer.h
TLS_PEERS = %D%/tls_server.c %D%/tls_server.h
TLS_FIXTURE = %D%/tls_fixture.c %D%/tls_fixture.h $(TLS_PEERS)

# Run by tests/pipe.
check_PROGRAMS += %D%/phase-server
%C%_phase_server_SOURCES = %D%/phase-server.c \
	%D%/peer.c %D%/peer.h $(TLS_PEERS)
%C%_phase_server_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_phase_server_LDADD = $(SSL_LIBS)
