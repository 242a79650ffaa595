# One program per source: unit_tests += %D%/test_X and its three lines.
unit_tests =

unit_tests += %D%/test_arena
%C%_test_arena_SOURCES = %D%/test_arena.c
%C%_test_arena_CFLAGS = $(CFLAGS_UNIT)
%C%_test_arena_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_arrivals
%C%_test_arrivals_SOURCES = %D%/test_arrivals.c
%C%_test_arrivals_CFLAGS = $(CFLAGS_UNIT)
%C%_test_arrivals_LDADD = $(LDADD_UNIT) -lm

unit_tests += %D%/test_buf
%C%_test_buf_SOURCES = %D%/test_buf.c
%C%_test_buf_CFLAGS = $(CFLAGS_UNIT)
%C%_test_buf_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_err
%C%_test_err_SOURCES = %D%/test_err.c
%C%_test_err_CFLAGS = $(CFLAGS_UNIT)
%C%_test_err_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_json_equal
%C%_test_json_equal_SOURCES = %D%/test_json_equal.c
%C%_test_json_equal_CFLAGS = $(CFLAGS_UNIT)
%C%_test_json_equal_LDADD = $(LDADD_UNIT)
unit_tests += %D%/test_hist
%C%_test_hist_SOURCES = %D%/test_hist.c
%C%_test_hist_CFLAGS = $(CFLAGS_UNIT)
%C%_test_hist_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_hist_edges
%C%_test_hist_edges_SOURCES = %D%/test_hist_edges.c
%C%_test_hist_edges_CFLAGS = $(CFLAGS_UNIT)
%C%_test_hist_edges_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_json_read
%C%_test_json_read_SOURCES = %D%/test_json_read.c
%C%_test_json_read_CFLAGS = $(CFLAGS_UNIT)
%C%_test_json_read_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_json_suite
%C%_test_json_suite_SOURCES = %D%/test_json_suite.c %D%/json_copy.h
%C%_test_json_suite_CFLAGS = $(CFLAGS_UNIT)
%C%_test_json_suite_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_json_value
%C%_test_json_value_SOURCES = %D%/test_json_value.c
%C%_test_json_value_CFLAGS = $(CFLAGS_UNIT)
%C%_test_json_value_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_json_write
%C%_test_json_write_SOURCES = %D%/test_json_write.c
%C%_test_json_write_CFLAGS = $(CFLAGS_UNIT)
%C%_test_json_write_LDADD = $(LDADD_UNIT) -lm

unit_tests += %D%/test_curl
%C%_test_curl_SOURCES = %D%/test_curl.c %D%/curl_rows.h
%C%_test_curl_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_test_curl_CFLAGS = $(CFLAGS_UNIT)
%C%_test_curl_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_curl_words
%C%_test_curl_words_SOURCES = %D%/test_curl_words.c
%C%_test_curl_words_CFLAGS = $(CFLAGS_UNIT)
%C%_test_curl_words_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_har
%C%_test_har_SOURCES = %D%/test_har.c
%C%_test_har_CFLAGS = $(CFLAGS_UNIT)
%C%_test_har_LDADD = $(LDADD_UNIT)

ACTION_VALUE = %D%/action_value.c %D%/action_value.h %D%/load.c %D%/load.h

unit_tests += %D%/test_actions
%C%_test_actions_SOURCES = %D%/test_actions.c $(ACTION_VALUE) \
	$(DRIVER_FAKES)
%C%_test_actions_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
%C%_test_actions_CFLAGS = $(CFLAGS_UNIT)
%C%_test_actions_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_builtins
%C%_test_builtins_SOURCES = %D%/test_builtins.c $(ACTION_VALUE)
%C%_test_builtins_CFLAGS = $(CFLAGS_UNIT)
%C%_test_builtins_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_map
%C%_test_map_SOURCES = %D%/test_map.c
%C%_test_map_CFLAGS = $(CFLAGS_UNIT)
%C%_test_map_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_num
%C%_test_num_SOURCES = %D%/test_num.c
%C%_test_num_CFLAGS = $(CFLAGS_UNIT)
%C%_test_num_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_record
%C%_test_record_SOURCES = %D%/test_record.c %D%/result_stream.h
%C%_test_record_CFLAGS = $(CFLAGS_UNIT)
%C%_test_record_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_summary
EXTRA_DIST += tests/data/records/whole.ndjson
%C%_test_summary_SOURCES = %D%/test_summary.c %D%/result_stream.h
%C%_test_summary_CFLAGS = $(CFLAGS_UNIT)
%C%_test_summary_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_record_read
%C%_test_record_read_SOURCES = %D%/test_record_read.c %D%/result_stream.h
%C%_test_record_read_CFLAGS = $(CFLAGS_UNIT)
%C%_test_record_read_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_record_fast
%C%_test_record_fast_SOURCES = %D%/test_record_fast.c %D%/result_stream.h
%C%_test_record_fast_CFLAGS = $(CFLAGS_UNIT)
%C%_test_record_fast_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_ledger
%C%_test_ledger_SOURCES = %D%/test_ledger.c
%C%_test_ledger_CFLAGS = $(CFLAGS_UNIT)
%C%_test_ledger_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_hist_wire
%C%_test_hist_wire_SOURCES = %D%/test_hist_wire.c
%C%_test_hist_wire_CFLAGS = $(CFLAGS_UNIT)
%C%_test_hist_wire_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_summary_parts
%C%_test_summary_parts_SOURCES = %D%/test_summary_parts.c %D%/result_stream.h
%C%_test_summary_parts_CFLAGS = $(CFLAGS_UNIT)
%C%_test_summary_parts_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_summary_runs
%C%_test_summary_runs_SOURCES = %D%/test_summary_runs.c %D%/result_stream.h
%C%_test_summary_runs_CFLAGS = $(CFLAGS_UNIT)
%C%_test_summary_runs_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_rng
%C%_test_rng_SOURCES = %D%/test_rng.c
%C%_test_rng_CFLAGS = $(CFLAGS_UNIT)
%C%_test_rng_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_schema
%C%_test_schema_SOURCES = %D%/test_schema.c
%C%_test_schema_CFLAGS = $(CFLAGS_UNIT)
%C%_test_schema_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_stream
%C%_test_stream_SOURCES = %D%/test_stream.c $(STREAM_PEERS)
%C%_test_stream_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_test_stream_CFLAGS = $(CFLAGS_UNIT)
%C%_test_stream_LDADD = $(LDADD_UNIT) $(UV_LIBS)

unit_tests += %D%/test_pins
%C%_test_pins_SOURCES = %D%/test_pins.c
%C%_test_pins_CFLAGS = $(CFLAGS_UNIT)
%C%_test_pins_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_stream_connect
%C%_test_stream_connect_SOURCES = %D%/test_stream_connect.c $(STREAM_PEERS)
%C%_test_stream_connect_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_test_stream_connect_CFLAGS = $(CFLAGS_UNIT)
%C%_test_stream_connect_LDADD = $(LDADD_UNIT) $(UV_LIBS)

unit_tests += %D%/test_stream_tls
%C%_test_stream_tls_SOURCES = %D%/test_stream_tls.c $(STREAM_PEERS) $(TLS_FIXTURE)
%C%_test_stream_tls_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_test_stream_tls_CFLAGS = $(CFLAGS_UNIT)
%C%_test_stream_tls_LDADD = $(LDADD_UNIT) $(SSL_LIBS) $(UV_LIBS)

unit_tests += %D%/test_stream_cuts
%C%_test_stream_cuts_SOURCES = %D%/test_stream_cuts.c $(STREAM_PEERS) $(TLS_FIXTURE)
%C%_test_stream_cuts_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_test_stream_cuts_CFLAGS = $(CFLAGS_UNIT)
%C%_test_stream_cuts_LDADD = $(LDADD_UNIT) $(SSL_LIBS) $(UV_LIBS)

unit_tests += %D%/test_stream_resume
%C%_test_stream_resume_SOURCES = %D%/test_stream_resume.c $(STREAM_PEERS) $(TLS_FIXTURE)
%C%_test_stream_resume_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_test_stream_resume_CFLAGS = $(CFLAGS_UNIT)
%C%_test_stream_resume_LDADD = $(LDADD_UNIT) $(SSL_LIBS) $(UV_LIBS)

unit_tests += %D%/test_stream_trust
%C%_test_stream_trust_SOURCES = %D%/test_stream_trust.c $(STREAM_PEERS) $(TLS_FIXTURE)
%C%_test_stream_trust_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_test_stream_trust_CFLAGS = $(CFLAGS_UNIT)
%C%_test_stream_trust_LDADD = $(LDADD_UNIT) $(SSL_LIBS) $(UV_LIBS)

unit_tests += %D%/test_tls_settings
%C%_test_tls_settings_SOURCES = %D%/test_tls_settings.c $(STREAM_PEERS) $(TLS_FIXTURE)
%C%_test_tls_settings_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_test_tls_settings_CFLAGS = $(CFLAGS_UNIT)
%C%_test_tls_settings_LDADD = $(LDADD_UNIT) $(SSL_LIBS) $(UV_LIBS)

unit_tests += %D%/test_target
%C%_test_target_SOURCES = %D%/test_target.c %D%/raw.c %D%/raw.h
%C%_test_target_CFLAGS = $(CFLAGS_UNIT)
%C%_test_target_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_target_fault
%C%_test_target_fault_SOURCES = %D%/test_target_fault.c %D%/raw.c %D%/raw.h
%C%_test_target_fault_CFLAGS = $(CFLAGS_UNIT)
%C%_test_target_fault_LDADD = $(LDADD_UNIT) $(ZLIB_LIBS)

unit_tests += %D%/test_target_serve
%C%_test_target_serve_SOURCES = %D%/test_target_serve.c %D%/raw.c %D%/raw.h \
	%D%/target_stage.c %D%/target_stage.h
%C%_test_target_serve_CFLAGS = $(CFLAGS_UNIT)
%C%_test_target_serve_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_target_shop
%C%_test_target_shop_SOURCES = %D%/test_target_shop.c %D%/raw.c %D%/raw.h \
	%D%/target_stage.c %D%/target_stage.h
%C%_test_target_shop_CFLAGS = $(CFLAGS_UNIT)
%C%_test_target_shop_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_time
%C%_test_time_SOURCES = %D%/test_time.c
%C%_test_time_CFLAGS = $(CFLAGS_UNIT)
%C%_test_time_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_utf8
%C%_test_utf8_SOURCES = %D%/test_utf8.c
%C%_test_utf8_CFLAGS = $(CFLAGS_UNIT)
%C%_test_utf8_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_opt
%C%_test_opt_SOURCES = %D%/test_opt.c
%C%_test_opt_CFLAGS = $(CFLAGS_UNIT)
%C%_test_opt_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_http1_answer
%C%_test_http1_answer_SOURCES = %D%/test_http1_answer.c
%C%_test_http1_answer_CFLAGS = $(CFLAGS_UNIT)
%C%_test_http1_answer_LDADD = $(LIBS_HTTP1) $(CMOCKA_LIBS)

unit_tests += %D%/test_coding
%C%_test_coding_SOURCES = %D%/test_coding.c
%C%_test_coding_CFLAGS = $(CFLAGS_UNIT)
%C%_test_coding_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_http1_bodies
%C%_test_http1_bodies_SOURCES = %D%/test_http1_bodies.c \
	%D%/http1_task.c %D%/http1_task.h
%C%_test_http1_bodies_CFLAGS = $(CFLAGS_UNIT)
%C%_test_http1_bodies_LDADD = $(LIBS_HTTP1) $(CMOCKA_LIBS)

unit_tests += %D%/test_http1_driver
%C%_test_http1_driver_SOURCES = %D%/test_http1_driver.c \
	%D%/http1_stage.c %D%/http1_stage.h $(STREAM_PEERS)
%C%_test_http1_driver_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_test_http1_driver_CFLAGS = $(CFLAGS_UNIT)
%C%_test_http1_driver_LDADD = $(LIBS_HTTP1) $(CMOCKA_LIBS)

unit_tests += %D%/test_http1_links
%C%_test_http1_links_SOURCES = %D%/test_http1_links.c \
	%D%/http1_stage.c %D%/http1_stage.h $(STREAM_PEERS)
%C%_test_http1_links_CPPFLAGS = $(CPPFLAGS_PEERS)
%C%_test_http1_links_CFLAGS = $(CFLAGS_UNIT)
%C%_test_http1_links_LDADD = $(LIBS_HTTP1) $(CMOCKA_LIBS) $(UV_LIBS)

unit_tests += %D%/test_http1_request
%C%_test_http1_request_SOURCES = %D%/test_http1_request.c \
	%D%/http1_task.c %D%/http1_task.h
%C%_test_http1_request_CFLAGS = $(CFLAGS_UNIT)
%C%_test_http1_request_LDADD = $(LIBS_HTTP1) $(CMOCKA_LIBS)

unit_tests += %D%/test_http_text
%C%_test_http_text_SOURCES = %D%/test_http_text.c
%C%_test_http_text_CFLAGS = $(CFLAGS_UNIT)
%C%_test_http_text_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_base64
%C%_test_base64_SOURCES = %D%/test_base64.c
%C%_test_base64_CFLAGS = $(CFLAGS_UNIT)
%C%_test_base64_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_http_parts
%C%_test_http_parts_SOURCES = %D%/test_http_parts.c
%C%_test_http_parts_CFLAGS = $(CFLAGS_UNIT)
%C%_test_http_parts_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_jar
%C%_test_jar_SOURCES = %D%/test_jar.c
%C%_test_jar_CFLAGS = $(CFLAGS_UNIT)
%C%_test_jar_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_redirect
%C%_test_redirect_SOURCES = %D%/test_redirect.c
%C%_test_redirect_CFLAGS = $(CFLAGS_UNIT)
%C%_test_redirect_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_url
%C%_test_url_SOURCES = %D%/test_url.c
%C%_test_url_CFLAGS = $(CFLAGS_UNIT)
%C%_test_url_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_driver_registry
%C%_test_driver_registry_SOURCES = %D%/test_driver_registry.c $(DRIVER_FAKES)
%C%_test_driver_registry_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
%C%_test_driver_registry_CFLAGS = $(CFLAGS_UNIT)
%C%_test_driver_registry_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_engine_fakes
%C%_test_engine_fakes_SOURCES = %D%/test_engine_fakes.c %D%/load.c %D%/load.h \
	%D%/load_fakes.c %D%/load_fakes.h $(DRIVER_FAKES)
%C%_test_engine_fakes_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
%C%_test_engine_fakes_CFLAGS = $(CFLAGS_UNIT)
%C%_test_engine_fakes_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_engine_open
%C%_test_engine_open_SOURCES = %D%/test_engine_open.c %D%/load.c %D%/load.h \
	%D%/load_fakes.c %D%/load_fakes.h $(DRIVER_FAKES)
%C%_test_engine_open_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
%C%_test_engine_open_CFLAGS = $(CFLAGS_UNIT)
%C%_test_engine_open_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_escape
%C%_test_escape_SOURCES = %D%/test_escape.c
%C%_test_escape_CFLAGS = $(CFLAGS_UNIT)
%C%_test_escape_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_report_text
%C%_test_report_text_SOURCES = %D%/test_report_text.c \
	%D%/report_figures.c %D%/report_figures.h
%C%_test_report_text_CFLAGS = $(CFLAGS_UNIT)
%C%_test_report_text_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_report_html
%C%_test_report_html_SOURCES = %D%/test_report_html.c \
	%D%/report_figures.c %D%/report_figures.h
%C%_test_report_html_CFLAGS = $(CFLAGS_UNIT)
%C%_test_report_html_LDADD = $(LDADD_UNIT) $(SSL_LIBS)

unit_tests += %D%/test_report_summary
%C%_test_report_summary_SOURCES = %D%/test_report_summary.c \
	%D%/report_figures.c %D%/report_figures.h
%C%_test_report_summary_CFLAGS = $(CFLAGS_UNIT)
%C%_test_report_summary_LDADD = $(LDADD_UNIT)
EXTRA_DIST += tests/data/reports/demo.txt tests/data/reports/demo.html \
	tests/data/reports/demo.json
CLEANFILES += demo.txt.new demo.html.new demo.json.new

unit_tests += %D%/test_report_formats
%C%_test_report_formats_SOURCES = %D%/test_report_formats.c \
	%D%/report_figures.c %D%/report_figures.h
%C%_test_report_formats_CFLAGS = $(CFLAGS_UNIT)
%C%_test_report_formats_LDADD = $(LDADD_UNIT)
EXTRA_DIST += tests/data/reports/demo.report.json tests/data/reports/demo.xml \
	tests/data/reports/demo.csv tests/data/reports/demo.junit.xml \
	tests/data/reports/demo.github.md
CLEANFILES += demo.report.json.new demo.xml.new demo.csv.new demo.junit.xml.new \
	demo.github.md.new

unit_tests += %D%/test_check
%C%_test_check_SOURCES = %D%/test_check.c %D%/check_test.h %D%/plan_test.h
%C%_test_check_CFLAGS = $(CFLAGS_UNIT)
%C%_test_check_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_check_kinds
%C%_test_check_kinds_SOURCES = %D%/test_check_kinds.c %D%/check_test.h \
	%D%/plan_test.h
%C%_test_check_kinds_CFLAGS = $(CFLAGS_UNIT)
%C%_test_check_kinds_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_check_hostile
%C%_test_check_hostile_SOURCES = %D%/test_check_hostile.c %D%/check_test.h \
	%D%/plan_test.h
%C%_test_check_hostile_CFLAGS = $(CFLAGS_UNIT)
%C%_test_check_hostile_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_extract
%C%_test_extract_SOURCES = %D%/test_extract.c %D%/check_test.h %D%/plan_test.h
%C%_test_extract_CFLAGS = $(CFLAGS_UNIT)
%C%_test_extract_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_config
%C%_test_config_SOURCES = %D%/test_config.c %D%/plan_test.h
%C%_test_config_CFLAGS = $(CFLAGS_UNIT)
%C%_test_config_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_csv_read
%C%_test_csv_read_SOURCES = %D%/test_csv_read.c
%C%_test_csv_read_CFLAGS = $(CFLAGS_UNIT)
%C%_test_csv_read_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_resolver
%C%_test_resolver_SOURCES = %D%/test_resolver.c %D%/plan_test.h
%C%_test_resolver_CFLAGS = $(CFLAGS_UNIT)
%C%_test_resolver_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_doc
%C%_test_doc_SOURCES = %D%/test_doc.c %D%/plan_test.h
%C%_test_doc_CFLAGS = $(CFLAGS_UNIT)
%C%_test_doc_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_template
%C%_test_template_SOURCES = %D%/test_template.c %D%/plan_test.h
%C%_test_template_CFLAGS = $(CFLAGS_UNIT)
%C%_test_template_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_progress
%C%_test_progress_SOURCES = %D%/test_progress.c \
	%D%/progress_shown.c %D%/progress_shown.h
%C%_test_progress_CFLAGS = $(CFLAGS_UNIT)
%C%_test_progress_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_engine
%C%_test_engine_SOURCES = %D%/test_engine.c %D%/load.c %D%/load.h
%C%_test_engine_CFLAGS = $(CFLAGS_UNIT)
%C%_test_engine_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_output
%C%_test_output_SOURCES = %D%/test_output.c
%C%_test_output_CFLAGS = $(CFLAGS_UNIT)
%C%_test_output_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_engine_parts
%C%_test_engine_parts_SOURCES = %D%/test_engine_parts.c
%C%_test_engine_parts_CFLAGS = $(CFLAGS_UNIT)
%C%_test_engine_parts_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_allocations
%C%_test_allocations_SOURCES = %D%/test_allocations.c %D%/load.c %D%/load.h
%C%_test_allocations_CFLAGS = $(CFLAGS_UNIT)
%C%_test_allocations_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_redact
%C%_test_redact_SOURCES = %D%/test_redact.c
%C%_test_redact_CFLAGS = $(CFLAGS_UNIT)
%C%_test_redact_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_series_name
%C%_test_series_name_SOURCES = %D%/test_series_name.c
%C%_test_series_name_CFLAGS = $(CFLAGS_UNIT)
%C%_test_series_name_LDADD = $(LDADD_UNIT)

unit_tests += %D%/test_validity
%C%_test_validity_SOURCES = %D%/test_validity.c
%C%_test_validity_CFLAGS = $(CFLAGS_UNIT)
%C%_test_validity_LDADD = $(LDADD_UNIT)

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif
