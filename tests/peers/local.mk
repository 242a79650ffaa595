# Loopback servers and clients that tests share: sources of whoever uses them.
CPPFLAGS_PEERS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
STREAM_PEERS = \
	%D%/client.c %D%/client.h \
	%D%/fixture.c %D%/fixture.h \
	%D%/peer.c %D%/peer.h
TLS_PEERS = %D%/tls_server.c %D%/tls_server.h
TLS_FIXTURE = %D%/tls_fixture.c %D%/tls_fixture.h $(TLS_PEERS)

# Run by tests/pipe.
check_PROGRAMS += %D%/phase-server %D%/tls-peer
%C%_tls_peer_SOURCES = %D%/tls-peer.c \
	%D%/peer.c %D%/peer.h $(TLS_PEERS)
%C%_tls_peer_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_tls_peer_LDADD = $(SSL_LIBS)
%C%_phase_server_SOURCES = %D%/phase-server.c \
	%D%/peer.c %D%/peer.h $(TLS_PEERS)
%C%_phase_server_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_phase_server_LDADD = $(SSL_LIBS)

# Preloaded by tests/run-bats, into commands with sanitizers too, but without
# one of its own.
check_LTLIBRARIES += %D%/capture.la
%C%_capture_la_SOURCES = %D%/capture.c
%C%_capture_la_CFLAGS = $(WARN_CFLAGS)
%C%_capture_la_LDFLAGS = -module -shared -avoid-version -rpath /nowhere
%C%_capture_la_LIBADD = -ldl
check_LTLIBRARIES += %D%/clock.la
%C%_clock_la_SOURCES = %D%/clock.c
%C%_clock_la_CFLAGS = $(WARN_CFLAGS)
%C%_clock_la_LDFLAGS = -module -shared -avoid-version -rpath /nowhere
EXTRA_DIST += %D%/blocks.awk %D%/validate.py \
	%D%/axe.mjs %D%/hostile.py %D%/inert.py %D%/matrix.py %D%/matrix_fields.py %D%/matrix_servers.py %D%/odd.py %D%/proxy.py

check_PROGRAMS += %D%/recorder
%C%_recorder_SOURCES = %D%/recorder.c
%C%_recorder_CPPFLAGS = $(AM_CPPFLAGS)
