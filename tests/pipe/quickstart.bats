#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A document that was written for the original tool runs as it stands.

load helper

# The document of a quick start, pointed at ${var.base}.
write_plan() {
	cat >plan.json <<'JSON'
{"load_density": [
  ["LD_register_variables", {"variables": {"base": "https://shop.invalid"}}],
  ["LD_start_test", {
    "user_detail_dict": {"user": "fast_http_user"},
    "user_count": 20, "spawn_rate": 10, "test_time": 30,
    "tasks": [
      {"method": "get",  "request_url": "${var.base}/get"},
      {"method": "post", "request_url": "${var.base}/post",
       "json": {"hello": "world"}}
    ]
  }],
  ["LD_generate_summary_report", {"report_name": "smoke"}]
]}
JSON
}

# The keys of an object begin with these, in this order.
expect_keys() {
	local found
	found=$(jq -r "$1 | keys_unsorted[:$(wc -w <<<"$2")] | join(\" \")" smoke.json)
	expect "keys of $1" "$2" "$found"
}

expect_summary() {
	expect_keys . 'totals latency_overall per_name'
	expect_keys .totals 'requests successes failures failure_rate'
	expect_keys .latency_overall 'count p50_ms p90_ms p95_ms p99_ms max_ms'
	jq -r '.per_name | keys_unsorted[]' smoke.json >names
	expect "series" 2 "$(wc -l <names)"
	local name
	while IFS= read -r name; do
		expect_keys ".per_name[$(jq -Rn '$n' --arg n "$name")]" \
			'count min_ms max_ms mean_ms p50_ms p90_ms p95_ms p99_ms'
	done <names
	jq -e 'all(.. | numbers; . >= 0)
	    and .totals.requests > 0
	    and .totals.failures == 0 and .totals.failure_rate == 0
	    and .totals.successes == .totals.requests
	    and .latency_overall.count == .totals.requests
	    and ([.per_name[].count] | add) == .totals.requests
	    and all(.latency_overall, .per_name[];
	        .p50_ms <= .p90_ms and .p90_ms <= .p95_ms
	        and .p95_ms <= .p99_ms and .p99_ms <= .max_ms)
	    and all(.per_name[]; .min_ms <= .mean_ms and .mean_ms <= .max_ms)' \
		smoke.json
}

@test "the quick start runs and leaves the summary the original leaves" {
	write_plan
	timeout 30 ld-target -- sh -c '
	    ld-run plan.json --var base="$LOAD_DENSITY_TARGET" -t 2s >run.ndjson'
	expect_summary
	sed '/"type":"action"/d' run.ndjson >one.ndjson
	expect_balanced one.ndjson
	expect "requests" "$(of_end '.ledger|.started-.aborted' run.ndjson)" \
		"$(jq .totals.requests smoke.json)"
}

@test "each action of the document leaves its record, in order" {
	write_plan
	timeout 30 ld-target -- sh -c '
	    ld-run plan.json --var base="$LOAD_DENSITY_TARGET" -n 1 -r 1000 -t 5s' >run.ndjson
	jq -se 'map(select(.type=="action") | [.index, .command, .status])
	    == [[0, "LD_register_variables", "ok"], [1, "LD_start_test", "ok"],
	        [2, "LD_generate_summary_report", "ok"]]' run.ndjson
}

@test "the quick start runs for all of its thirty seconds" {
	write_plan
	timeout 60 ld-target -- sh -c '
	    ld-run plan.json --var base="$LOAD_DENSITY_TARGET" >run.ndjson'
	expect_summary
	jq -se 'map(select(.type=="begin"))[0].config
	    | .user_count == 20 and .spawn_rate == 10
	      and .test_time_ns == 30e9' run.ndjson
	jq -se 'map(select(.type=="end"))[0] | .time_ns >= 30e9' run.ndjson
}
