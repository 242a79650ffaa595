# Whole pipelines, and the examples.
pipe_tests = \
	%D%/checks.bats \
	%D%/counts.bats \
	%D%/csv.bats \
	%D%/documents.bats \
	%D%/curl.bats \
	%D%/errors.bats \
	%D%/examples.bats \
	%D%/faults.bats \
	%D%/har.bats \
	%D%/hostile.bats \
	%D%/html.bats \
	%D%/http.bats \
	%D%/ids.bats \
	%D%/journal.bats \
	%D%/limits.bats \
	%D%/login.bats \
	%D%/manual.bats \
	%D%/open.bats %D%/phases.bats \
	%D%/quickstart.bats \
	%D%/reports.bats \
	%D%/schemas.bats \
	%D%/secrets.bats \
	%D%/seeds.bats \
	%D%/signals.bats \
	%D%/slices.bats \
	%D%/streams.bats \
	%D%/tls.bats \
	%D%/validity.bats
EXTRA_DIST += $(pipe_tests) %D%/helper.bash

TESTS += %D%/curl_rows.sh %D%/http_user.sh %D%/matrix.sh
EXTRA_DIST += %D%/curl_rows.sh %D%/http_user.sh %D%/matrix.sh
if HAVE_BATS
TESTS += $(pipe_tests)
endif
