#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The server's own count equals `wire`, however its answers end.

load helper

# load TASKS [OPTION...]: a run of these tasks into run.ndjson.
load_tasks() {
	local tasks=$1
	local status=0
	shift
	timeout 30 ld-run -q -r 100000 --wait 0 "$@" -e "[[\"LD_start_test\",
	    {\"user_detail_dict\": {\"user\": \"fast_http_user\"},
	     \"tasks\": $tasks}]]" >stream.ndjson || status=$?
	sed '/"type":"action"/d' stream.ndjson >run.ndjson
	return "$status"
}

# What ld-target counted is what the run says.
expect_counted() {
	local n
	n=$(server_count)
	[ "$n" -gt 0 ]
	expect_wire "$n" run.ndjson
}

@test "ld-target counts what was sent over kept connections" {
	start_target
	load_tasks "[{\"method\":\"get\",\"request_url\":\"$TARGET/get\"},
	    {\"method\":\"post\",\"request_url\":\"$TARGET/post\",\"json\":{\"a\":[1,2]}},
	    {\"method\":\"put\",\"request_url\":\"$TARGET/anything/x\",\"data\":\"text\"}]" \
		-u 10 -n 50
	expect_counted
	expect "requests" 1500 "$(of_end .ledger.wire run.ndjson)"
	expect "connections" 10 "$(counts | jq .connections)"
	counts | jq -e '.by == {"GET /get":500, "POST /post":500, "PUT /anything/x":500}'
}

@test "bytes out are what ld-target received, bytes in what it sent" {
	start_target
	load_tasks "[{\"method\":\"get\",\"request_url\":\"$TARGET/bytes/5000\"},
	    {\"method\":\"post\",\"request_url\":\"$TARGET/post\",\"json\":{\"a\":\"b\"}}]" \
		-u 4 -n 25
	expect_counted
	counts | jq -c '[.bytes_in,.bytes_out]' >theirs
	jq -sc 'map(select(.type=="sample"))
	    | [(map(.bytes_out)|add), (map(.bytes_in)|add)]' run.ndjson >ours
	diff theirs ours
}

@test "ld-target counts what was sent over connections that it closes" {
	start_target
	load_tasks "[{\"method\":\"get\",\"request_url\":\"$TARGET/get\",
	    \"headers\":{\"Connection\":\"close\"}}]" -u 5 -n 20
	expect_counted
	expect "requests" 100 "$(of_end .ledger.success run.ndjson)"
	expect "connections" 100 "$(counts | jq .connections)"
}

@test "ld-target counts what it then fails to answer" {
	local fault class
	start_target
	for fault in close:closed_early reset:reset truncate:truncated \
	    garbage:protocol; do
		class=${fault#*:}
		reset_counts
		load_tasks "[{\"method\":\"get\",
		    \"request_url\":\"$TARGET/ld/fault/${fault%:*}\"},
		    {\"method\":\"get\",\"request_url\":\"$TARGET/get\"}]" \
			-u 3 -n 4
		expect_counted
		expect "failures" "{\"$class\":12}" \
			"$(of_end '.ledger.failure|tojson' run.ndjson)"
		expect "successes" 12 "$(of_end .ledger.success run.ndjson)"
	done
}

@test "a request whose answer never comes was sent all the same" {
	start_target
	# Something did connect, so that the exit status is 0.
	load_tasks "[{\"method\":\"get\",\"request_url\":\"$TARGET/ld/fault/stall\"}]" \
		-u 3 -n 2 --timeout 500ms
	expect_counted
	expect "failures" '{"timeout_response":6}' \
		"$(of_end '.ledger.failure|tojson' run.ndjson)"
}

@test "error answers are failures that were sent" {
	start_target
	load_tasks "[{\"method\":\"get\",\"request_url\":\"$TARGET/status/503\"}]" \
		-u 2 -n 10
	expect_counted
	expect "failures" '{"status":20}' \
		"$(of_end '.ledger.failure|tojson' run.ndjson)"
}

@test "nothing is sent to a port at which nobody listens" {
	local url status=0
	url=http://127.0.0.1:$(dead_port)/
	load_tasks "[{\"method\":\"get\",\"request_url\":\"$url\"}]" -u 2 -n 3 ||
		status=$?
	expect "exit status" 6 "$status"
	expect_wire 0 run.ndjson
	expect "failures" '{"refused":6}' \
		"$(of_end '.ledger.failure|tojson' run.ndjson)"
}

@test "several threads count together what one server received" {
	local threads
	start_target
	for threads in 1 2 3; do
		reset_counts
		load_tasks "[{\"method\":\"get\",\"request_url\":\"$TARGET/get\"},
		    {\"method\":\"get\",\"request_url\":\"$TARGET/ld/fault/close\"}]" \
			-u 13 -n 30 --threads "$threads"
		expect_counted
		expect "started" 780 "$(of_end .ledger.started run.ndjson)"
	done
}

# -- nginx --------------------------------------------------------------------

sites() {
	cat <<EOT
  access_log access.log;
  keepalive_requests 40;
  server {
    listen 127.0.0.1:$1;
    root .;
    location = /page { default_type text/plain; return 200 "a page\n"; }
    location = /error { return 500; }
    location = /close { keepalive_timeout 0; return 200 "once\n"; }
    location = /until-close.shtml { default_type text/html; ssi on; chunked_transfer_encoding off; }
    location = /cut { return 444; }
    location = /status { stub_status; access_log off; }
  }
EOT
}

start_sites() {
	printf 'the end is where the connection ends\n' >until-close.shtml
	start_nginx sites
	NGINX=http://127.0.0.1:$NGINX_PORT
}

# Requests that nginx has counted so far, this one included.
nginx_requests() {
	http GET "$NGINX/status" | awk 'NR == 3 { print $3 }'
}

logged() {
	[ "$(wc -l <access.log)" -ge "$1" ]
}

# nginx_agrees TASKS [OPTION...]: run, and compare both of its counts.
nginx_agrees() {
	local before after
	: >access.log
	before=$(nginx_requests)
	load_tasks "$@"
	wait_for logged "$(of_end .ledger.wire run.ndjson)"
	after=$(nginx_requests)
	expect_wire "$((after - before - 1))" run.ndjson
	expect "lines in the log" "$((after - before - 1))" "$(wc -l <access.log)"
}

@test "nginx counts what was sent over connections that it renews" {
	start_sites
	nginx_agrees "[{\"method\":\"get\",\"request_url\":\"$NGINX/page\"},
	    {\"method\":\"get\",\"request_url\":\"$NGINX/error\"}]" -u 8 -n 50
	expect "requests" 800 "$(of_end .ledger.wire run.ndjson)"
	expect "failures" '{"status":400}' \
		"$(of_end '.ledger.failure|tojson' run.ndjson)"
}

@test "nginx counts answers that end with their connection" {
	start_sites
	nginx_agrees "[{\"method\":\"get\",\"request_url\":\"$NGINX/until-close.shtml\"},
	    {\"method\":\"get\",\"request_url\":\"$NGINX/close\"}]" \
		-u 5 -n 20 --threads 2
	expect "successes" 200 "$(of_end .ledger.success run.ndjson)"
}

@test "nginx counts requests that it leaves without an answer" {
	start_sites
	nginx_agrees "[{\"method\":\"get\",\"request_url\":\"$NGINX/cut\"},
	    {\"method\":\"get\",\"request_url\":\"$NGINX/page\"}]" -u 5 -n 20
	expect "failures" '{"closed_early":100}' \
		"$(of_end '.ledger.failure|tojson' run.ndjson)"
}
