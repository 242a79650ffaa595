# Measurements, built on request only: make tests/perf/bench_X
EXTRA_PROGRAMS += %D%/bench_json
%C%_bench_json_SOURCES = %D%/bench_json.c
%C%_bench_json_LDADD = libldall.la

EXTRA_PROGRAMS += %D%/bench_http1
%C%_bench_http1_SOURCES = %D%/bench_http1.c
%C%_bench_http1_LDADD = $(LIBS_HTTP1)

EXTRA_PROGRAMS += %D%/bench_stream
%C%_bench_stream_SOURCES = %D%/bench_stream.c
%C%_bench_stream_LDADD = libldall.la $(UV_LIBS)

# make bench: beside wrk and h2load.  The programs themselves are run, not
# libtool's scripts, which would be measured with them.
EXTRA_PROGRAMS += %D%/rusage
%C%_rusage_SOURCES = %D%/rusage.c
EXTRA_PROGRAMS += %D%/first_request
%C%_first_request_SOURCES = %D%/first_request.c
EXTRA_DIST += %D%/bench.sh
if HAVE_CURL
EXTRA_PROGRAMS += %D%/curl_multi
%C%_curl_multi_SOURCES = %D%/curl_multi.c
%C%_curl_multi_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
%C%_curl_multi_LDADD = $(CURL_LIBS)
curl_multi = %D%/curl_multi$(EXEEXT)
endif
bench: all %D%/rusage$(EXEEXT) %D%/first_request$(EXEEXT) $(curl_multi)
	@PATH='$(abs_top_builddir)/cmd/.libs:$(abs_top_builddir)/cmd':"$$PATH" \
		LD_LIBRARY_PATH='$(abs_top_builddir)/.libs' \
		RUSAGE='$(abs_top_builddir)/%D%/rusage' \
		FIRST_REQUEST='$(abs_top_builddir)/%D%/first_request' \
		CURL_MULTI="$(curl_multi:%=$(abs_top_builddir)/%)" \
		$(SHELL) $(top_srcdir)/%D%/bench.sh $(BENCH_ROUNDS) $(BENCH_SECONDS)
