#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Time lands in the phase in which it was spent, by the server's own clock.

load helper

# run_against URL PASSES MEMBERS: one user, one exchange after another.
run_against() {
	timeout 30 ld-run -q -u 1 -r 1 --wait 0 -n "$2" -e "[[\"LD_start_test\",
	    {\"user_detail_dict\": {\"user\": \"fast_http_user\"},
	     \"tasks\": [{\"request_url\": \"$1\"$3}]}]]" >run.ndjson
}

GET=',"method":"get"'

# Exact to the nanosecond on every sample: the phases make up the service
# time; with the lag it is the response time.
expect_exact() {
	jq -se 'map(select(.type=="sample")) | length > 0 and all(.[];
	  ([.wait_ns, .dns_ns, .connect_ns, .tls_ns, .send_ns, .ttfb_ns,
	    .receive_ns, .backoff_ns, .other_ns] | map(. // 0) | add)
	      == .service_ns
	  and .start_ns >= .intended_ns
	  and .start_ns - .intended_ns + .service_ns == .response_ns)' "$1"
}

# expect_phase NAME: the server logged how long each exchange had to wait for
# it.  Most times that is where most of the time went and, where the machine
# was not busy otherwise, all of it, within 2 ms.
expect_phase() {
	tail -n +2 phase.log | jq -s 'map(.ns)' >theirs
	jq -s 'map(select(.type=="sample"))' run.ndjson >ours
	jq -ne --arg phase "$1_ns" --slurpfile theirs theirs \
		--slurpfile ours ours '
	  $ours[0] as $s | $theirs[0] as $t
	  | if ($s|length) != ($t|length) or ($s|length) == 0
	    then error("\($s|length) samples, \($t|length) measured") else . end
	  | [range($s|length) | {phase: ($s[.][$phase] // 0), theirs: $t[.],
	      rest: ($s[.].service_ns - ($s[.][$phase] // 0))}]
	  | if (map(select(.phase > .rest)) | length) * 2 > length
	      and any(.[]; (.phase - .theirs | fabs) < 2e6 and .rest < 5e6)
	    then . else error("\($phase): \(tojson)") end'
	expect_exact run.ndjson
}

@test "a connection that is accepted late is connect" {
	local try
	# The kernel repeats a SYN after a second, so each exchange takes one.
	for try in 1 2 3; do
		start_phase_server accept 300
		run_against "http://127.0.0.1:$PHASE_PORT/" 1 "$GET"
		cp phase.log "phase.$try"
		cp run.ndjson "run.$try"
		jq -se 'map(select(.type=="sample"))[0]
		    | .outcome == "success" and .connect_ns > 500e6' run.ndjson
	done
	for try in 1 2 3; do
		cp "phase.$try" phase.log
		cp "run.$try" run.ndjson
		expect_phase connect && return 0
	done
	return 1
}

@test "a slow TLS handshake is tls" {
	start_phase_server tls 50
	run_against "https://127.0.0.1:$PHASE_PORT/" 5 "$GET,\"verify\":false"
	expect "successes" 5 "$(of_end .ledger.success run.ndjson)"
	expect_phase tls
}

@test "a certificate that nobody vouches for is tls_issuer, and sends nothing" {
	start_phase_server tls 1
	local status=0
	run_against "https://127.0.0.1:$PHASE_PORT/" 3 "$GET" || status=$?
	expect "exit status" 6 "$status"
	expect "failures" '{"tls_issuer":3}' \
		"$(of_end '.ledger.failure|tojson' run.ndjson)"
	expect "wire" 0 "$(of_end .ledger.wire run.ndjson)"
	expect_exact run.ndjson
}

@test "a server that takes a request slowly is send" {
	start_phase_server send 100
	{
		printf ',"method":"post","data":"'
		head -c 8000000 /dev/zero | tr '\0' x
		printf '"'
	} >members
	printf '[["LD_start_test",{"user":"fast_http_user","tasks":[{"request_url":"http://127.0.0.1:%s/"' \
		"$PHASE_PORT" >plan.json
	cat members >>plan.json
	echo '}]}]]' >>plan.json
	timeout 30 ld-run -q plan.json -u 1 -r 1 --wait 0 -n 5 >run.ndjson
	expect "successes" 5 "$(of_end .ledger.success run.ndjson)"
	jq -se 'map(select(.type=="sample"))
	    | any(.[]; .send_ns >= 95e6 and .send_ns > .service_ns / 2)' run.ndjson
	expect_exact run.ndjson
}

@test "an answer that begins late is ttfb" {
	start_phase_server ttfb 50
	run_against "http://127.0.0.1:$PHASE_PORT/" 5 "$GET"
	expect "successes" 5 "$(of_end .ledger.success run.ndjson)"
	expect_phase ttfb
}

@test "a body that comes late is receive" {
	start_phase_server body 50
	run_against "http://127.0.0.1:$PHASE_PORT/" 5 "$GET"
	expect "successes" 5 "$(of_end .ledger.success run.ndjson)"
	expect_phase receive
}

@test "a delay that was ordered is ttfb, a drip receive" {
	start_target
	run_against "$TARGET/delay/0.3" 3 "$GET"
	jq -se 'map(select(.type=="sample"))
	    | any(.[]; .ttfb_ns >= 298e6 and .ttfb_ns > .service_ns / 2)' run.ndjson
	expect_exact run.ndjson
	run_against "$TARGET/drip?duration=0.3&numbytes=4&delay=0" 3 "$GET"
	# The first byte may wait for its own share of the time.
	jq -se 'map(select(.type=="sample")) | length == 3
	    and any(.[]; .receive_ns >= 150e6
	        and .receive_ns > .ttfb_ns)' run.ndjson
	expect_exact run.ndjson
}

@test "a kept connection is connected to once" {
	start_target
	run_against "$TARGET/get" 20 "$GET"
	jq -se 'map(select(.type=="sample")) | length == 20
	    and (map(select(.connect_ns > 0)) | length == 1)
	    and .[0].connect_ns > 0' run.ndjson
	expect_exact run.ndjson
}

@test "phases add up to the nanosecond in every kind of sample" {
	start_target
	timeout 20 ld-run -q --threads 2 -u 20 -r 1000 -n 10 --wait 1ms \
		--timeout 150ms -e "[[\"LD_start_test\",
	    {\"user_detail_dict\": {\"user\": \"fast_http_user\"}, \"tasks\": [
	    {\"method\":\"get\",\"request_url\":\"$TARGET/get\"},
	    {\"method\":\"get\",\"request_url\":\"$TARGET/delay/0.01\"},
	    {\"method\":\"get\",\"request_url\":\"$TARGET/drip?duration=0.02&numbytes=3\"},
	    {\"method\":\"get\",\"request_url\":\"$TARGET/ld/fault/close\"},
	    {\"method\":\"get\",\"request_url\":\"$TARGET/ld/fault/reset\"},
	    {\"method\":\"get\",\"request_url\":\"$TARGET/ld/fault/truncate\"},
	    {\"method\":\"get\",\"request_url\":\"$TARGET/ld/fault/garbage\"},
	    {\"method\":\"get\",\"request_url\":\"http://127.0.0.1:$(dead_port)/\"},
	    {\"method\":\"get\",\"request_url\":\"$TARGET/ld/fault/stall\"},
	    {\"method\":\"get\",\"request_url\":\"http://localhost:${TARGET##*:}/get\"}]}]]" \
		>run.ndjson
	expect_exact run.ndjson
	jq -se 'map(select(.type=="sample")) | (map(.class // "")|unique) as $c
	    | length == 2000 and all("refused", "reset", "timeout_response",
	      "truncated", "protocol"; . as $x | $c | index([$x]))' run.ndjson
}

@test "the intervals have the phases of their samples, and a report the same of both" {
	start_target
	timeout 20 ld-run -q --threads 2 -u 5 -n 20 --wait 1ms \
		-e "[[\"LD_start_test\",
	    {\"user_detail_dict\": {\"user\": \"fast_http_user\"}, \"tasks\": [
	    {\"method\":\"get\",\"request_url\":\"$TARGET/get\"},
	    {\"method\":\"get\",\"request_url\":\"$TARGET/ld/close-after/3\"},
	    {\"method\":\"get\",\"request_url\":\"$TARGET/ld/fault/truncate\"}]}]]" >run.ndjson
	jq -se '
	    def sums($type; $tail): map(select(.type == $type and has("name")))
	      | map(to_entries[] | select(.key | test("^(wait|dns|connect|tls|send|ttfb|receive|backoff|other)_ns" + $tail + "$")))
	      | group_by(.key) | map({(.[0].key | rtrimstr("_sum")): (map(.value) | add)}) | add;
	    sums("sample"; "") as $s | sums("interval"; "_sum") as $i
	    | ($s | has("connect_ns") and has("ttfb_ns")) and $s == $i' run.ndjson
	jq -c 'select(.type != "sample")' run.ndjson >intervals
	means='.runs[].series | sort_by(.name) | map(.phases_mean_ms)'
	ld-report json --exit-zero run.ndjson | jq -e "$means" >of-samples
	ld-report json --exit-zero intervals | jq -e "$means" >of-intervals
	diff of-samples of-intervals
	ld-report text --exit-zero run.ndjson | grep 'mean service time .*: [a-z]* [0-9.]* %, '
}
