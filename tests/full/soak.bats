#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What takes minutes: make check-full.

setup() {
	cd "$BATS_TEST_TMPDIR" || exit 1
}

@test "memory is flat while millions of exchanges go by" {
	ld-run --threads 2 --samples none --ndjson -q -o stream -e '[["LD_start_test",
	    {"user_detail_dict": {"user": "null_user"}, "user_count": 200,
	     "spawn_rate": 1000, "wait": 0, "test_time": 60,
	     "tasks": [{"name": "a"}, {"name": "b", "fail_every": 7}]}]]'
	jq -s -e '[.[] | select(.type == "interval" and .name == null)] as $h
	    | ($h | map(select(.second == 10))[0].rss_bytes) as $early
	    | ($h[-1].rss_bytes) as $late
	    | $late - $early < 1048576' stream
	jq -s -e 'map(select(.type == "end"))[0]
	    | .ledger.started > 10000000 and .validity.state != "invalid"
	      or error("\(.ledger) \(.validity)")' stream
}

# flat_memory STREAM: from the first minute to the last second, resident memory
# grows by less than what a slow reader may make a run keep, and much less than
# a byte for each of ten million exchanges.
flat_memory() {
	jq -s -e '[.[] | select(.type == "interval" and .name == null)
	      | .rss_bytes] as $rss
	    | ($rss[-1] - ($rss[0:60] | max)) as $grown
	    | $grown < 2097152 or error("grew by \($grown) bytes")' "$1"
}

# The reader may have 48 MiB in all, whatever the length: it fails if it
# wants more.
bounded_summary() {
	prlimit --data=50331648 ld-report summary
}

@test "memory is flat on both sides of a pipe with ten million samples" {
	ld-run --threads 1 --ndjson -q --rate 67k/s --sessions 500 -t 155s -e '
	    [["LD_start_test", {"user_detail_dict": {"user": "null_user"},
	      "tasks": [{"name": "a"}, {"name": "b", "fail_every": 7},
	                {"name": "c"}]}]]' |
		tee >(grep -v '"type":"sample"' >rest) | bounded_summary >summary
	flat_memory rest
	jq -e '.wholeness == "whole" and .totals.requests >= 10000000
	    or error("\(.wholeness) \(.totals)")' summary
}

@test "memory is flat while a server answers ten million requests" {
	ld-target -- sh -c 'ld-run --threads 1 --ndjson -q \
	    --var base="$LOAD_DENSITY_TARGET" -e "[[\"LD_start_test\",
	      {\"user_detail_dict\": {\"user\": \"fast_http_user\"},
	       \"user_count\": 50, \"spawn_rate\": 1000, \"wait\": 0,
	       \"passes\": 200000,
	       \"tasks\": [{\"method\": \"get\",
	                    \"request_url\": \"\${var.base}/status/200\"}]}]]"' |
		tee >(grep -v '"type":"sample"' >rest) | bounded_summary >summary
	flat_memory rest
	jq -e '.wholeness == "whole" and .totals.successes == 10000000
	    or error("\(.wholeness) \(.totals)")' summary
}

@test "a server's count equals wire after a minute of everything at once" {
	cat >plan.json <<-'EOF'
	[["LD_start_test", {"user_detail_dict": {"user": "fast_http_user"},
	  "user_count": 100, "spawn_rate": 50, "test_time": 60, "wait": "1ms..20ms",
	  "timeout": "2s", "tasks": [
	    {"method": "get", "request_url": "${var.base}/get"},
	    {"method": "post", "request_url": "${var.base}/anything",
	     "json": {"id": "${uuid()}"}},
	    {"method": "get", "request_url": "${var.base}/bytes/${randint(1,100000)}",
	     "name": "bytes"},
	    {"method": "get", "request_url": "${var.base}/gzip",
	     "assertions": [{"type": "json_path", "path": "gzipped", "value": true}]},
	    {"method": "get", "request_url": "${var.base}/status/503"}]}]]
	EOF
	ld-target -- sh -c 'ld-run --ndjson -q -o stream plan.json \
	    --var base=$LOAD_DENSITY_TARGET; curl -s $LOAD_DENSITY_TARGET/ld/counts >counts'
	[ "$(jq -r .requests counts)" -eq "$(jq -r 'select(.type == "end") | .ledger.wire' stream)" ]
	ld-report summary stream >summary
	[ "$(jq -r .wholeness summary)" = whole ]
	# Only what was asked to fail did.
	jq -e '.ledger.failure | keys == ["status"]' summary
}

@test "SIGTERM at a hundred moments leaves a stream that balances" {
	echo '[["LD_start_test", {"user_detail_dict": {"user": "null_user"},
	    "user_count": 20, "spawn_rate": 200, "wait": "1ms", "test_time": null,
	    "tasks": [{"name": "a"}]}]]' >plan.json
	for i in $(seq 100); do
		ld-run --ndjson -q plan.json >stream 2>err &
		pid=$!
		sleep "0.0$((i % 9))$((i % 10))"
		kill -TERM $pid
		wait $pid || status=$?
		[ "${status:-0}" -eq 143 ]
		[ -s stream ] || continue # it was before `begin`
		tail -n 2 stream | jq -e -s 'map(select(.type == "end"))[0].ledger
		    | .planned == .started + (.not_started | add // 0)
		      and .started == .success and .in_flight == 0'
	done
}
