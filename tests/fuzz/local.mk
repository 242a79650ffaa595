# One program per target: fuzz_targets += %D%/fuzz_X and its three lines.
# Without --with-fuzzer they run over files with main.c; corpus.sh does so in
# every make check.
fuzz_targets =
if FUZZER
fuzz_main =
else
fuzz_main = %D%/main.c
endif
LDFLAGS_FUZZ = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

fuzz_targets += %D%/fuzz_plan
%C%_fuzz_plan_SOURCES = %D%/fuzz_plan.c $(fuzz_main)
%C%_fuzz_plan_LDADD = libldall.la
%C%_fuzz_plan_LDFLAGS = $(LDFLAGS_FUZZ)

fuzz_targets += %D%/fuzz_template
%C%_fuzz_template_SOURCES = %D%/fuzz_template.c $(fuzz_main)
%C%_fuzz_template_LDADD = libldall.la
%C%_fuzz_template_LDFLAGS = $(LDFLAGS_FUZZ)

fuzz_targets += %D%/fuzz_check
%C%_fuzz_check_SOURCES = %D%/fuzz_check.c $(fuzz_main)
%C%_fuzz_check_LDADD = libldall.la
%C%_fuzz_check_LDFLAGS = $(LDFLAGS_FUZZ)

fuzz_targets += %D%/fuzz_json
%C%_fuzz_json_SOURCES = %D%/fuzz_json.c $(fuzz_main)
%C%_fuzz_json_LDADD = libldall.la
%C%_fuzz_json_LDFLAGS = $(LDFLAGS_FUZZ)

fuzz_targets += %D%/fuzz_http1
%C%_fuzz_http1_SOURCES = %D%/fuzz_http1.c $(fuzz_main)
%C%_fuzz_http1_LDADD = $(LIBS_HTTP1)
%C%_fuzz_http1_LDFLAGS = $(LDFLAGS_FUZZ)

if DRIVER_BUILTIN_socket
fuzz_targets += %D%/fuzz_socket
%C%_fuzz_socket_SOURCES = %D%/fuzz_socket.c $(fuzz_main)
%C%_fuzz_socket_LDADD = libldall.la
%C%_fuzz_socket_LDFLAGS = $(LDFLAGS_FUZZ)
endif

fuzz_targets += %D%/fuzz_http_rules
%C%_fuzz_http_rules_SOURCES = %D%/fuzz_http_rules.c $(fuzz_main)
%C%_fuzz_http_rules_LDADD = libldall.la
%C%_fuzz_http_rules_LDFLAGS = $(LDFLAGS_FUZZ)

fuzz_targets += %D%/fuzz_har
%C%_fuzz_har_SOURCES = %D%/fuzz_har.c $(fuzz_main)
%C%_fuzz_har_LDADD = libldall.la
%C%_fuzz_har_LDFLAGS = $(LDFLAGS_FUZZ)

fuzz_targets += %D%/fuzz_curl
%C%_fuzz_curl_SOURCES = %D%/fuzz_curl.c $(fuzz_main)
%C%_fuzz_curl_LDADD = libldall.la
%C%_fuzz_curl_LDFLAGS = $(LDFLAGS_FUZZ)

fuzz_targets += %D%/fuzz_record
%C%_fuzz_record_SOURCES = %D%/fuzz_record.c $(fuzz_main)
%C%_fuzz_record_LDADD = libldall.la
%C%_fuzz_record_LDFLAGS = $(LDFLAGS_FUZZ)

fuzz_targets += %D%/fuzz_redact
%C%_fuzz_redact_SOURCES = %D%/fuzz_redact.c $(fuzz_main)
%C%_fuzz_redact_LDADD = libldall.la
%C%_fuzz_redact_LDFLAGS = $(LDFLAGS_FUZZ)

fuzz_targets += %D%/fuzz_escape
%C%_fuzz_escape_SOURCES = %D%/fuzz_escape.c $(fuzz_main)
%C%_fuzz_escape_LDADD = libldall.la
%C%_fuzz_escape_LDFLAGS = $(LDFLAGS_FUZZ)

check_PROGRAMS += $(fuzz_targets)
TESTS += %D%/corpus.sh
EXTRA_DIST += %D%/corpus.sh %D%/README.md %D%/corpus %D%/fuzz.h

# Or make's own rule for .sh would build a file of that name from corpus.sh.
%D%/corpus: ; @:

fuzzers: $(fuzz_targets:=$(EXEEXT))
.PHONY: fuzzers
