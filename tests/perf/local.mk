# Measurements, built on request only: make tests/perf/bench_X
EXTRA_PROGRAMS += %D%/bench_json
%C%_bench_json_SOURCES = %D%/bench_json.c
%C%_bench_json_LDADD = libldall.la
