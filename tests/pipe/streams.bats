#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A result stream through filters: what is left is computed right, and what
# is missing is never passed over in silence.

load helper

# One run at about 2000 requests per second, shared by all tests of this file.
# A busy machine may send too late for a valid run, which is not the matter
# here: the stream says that it is valid.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	cat >plan.json <<'JSON'
[["LD_start_test", {"user_detail_dict": {"user": "fast_http_user"},
  "user_count": 200, "spawn_rate": 2000, "test_time": 2, "wait": "100ms",
  "tasks": [{"method": "get", "request_url": "${var.base}/get"},
            {"method": "get", "request_url": "${var.base}/status/404"}]}]]
JSON
	timeout 30 ld-target -- bash -o pipefail -c '
	    ld-run -q plan.json --var base="$LOAD_DENSITY_TARGET" | tee raw |
	    jq -c "select(.type==\"sample\" and .status==200)" |
	    ld-report summary >fragment.json'
	sed 's/"validity":{"state":"[a-z]*","reasons":\[[^]]*\]}/"validity":{"state":"valid","reasons":[]}/' \
		raw >full
	jq -c 'select(.type=="begin" or .type=="end"
	    or (.type=="sample" and .status==200))' full >filtered
}

load_full() {
	cp "$BATS_FILE_TMPDIR/full" "$BATS_FILE_TMPDIR/filtered" \
		"$BATS_FILE_TMPDIR/fragment.json" .
}

# report STATUS FORMAT [FILE]: into out, with this exit status.
report() {
	local status=0
	ld-report "$2" "${3--}" >out 2>err || status=$?
	[ "$status" = "$1" ] && return 0
	echo "ld-report $2: wanted status $1, found $status: $(cat err)"
	return 1
}

# warned WORD FILE: in text, summary and html, each with status $3.
expect_warning() {
	local format
	report "$3" text "$2"
	head -n 1 out | grep "$1"
	report "$3" summary "$2"
	expect "first key" stream "$(jq -r 'keys_unsorted[0]' out)"
	jq -r .stream out | grep "^$1"
	report "$3" html "$2"
	grep -q "$1" out
}

# What a summary says of the series that answered 200.
ok_series() {
	jq -S '.per_name | to_entries | map(select(.key|endswith("/get")))
	    | if length == 1 then .[0].value else error("not one series") end' "$1"
}

@test "a run that is read whole is whole, and nothing was shed" {
	load_full
	sed '/"type":"action"/d' full >one
	expect_balanced one
	report 0 summary full
	expect "first key" totals "$(jq -r 'keys_unsorted[0]' out)"
	jq -e '.wholeness == "whole" and .totals.successes > 1000' out
}

@test "samples without a frame are a FRAGMENT, and counted right" {
	load_full
	jq -c 'select(.type=="sample")' filtered >samples
	expect_warning FRAGMENT samples 0
	report 0 summary samples
	cmp out fragment.json
	expect "requests" "$(wc -l <samples)" "$(jq .totals.requests out)"
}

@test "a part, its fragment and the whole agree to the bit" {
	load_full
	report 0 summary full
	ok_series out >whole.series
	[ "$(jq .count whole.series)" -gt 1000 ]
	report 0 summary filtered
	ok_series out >filtered.series
	ok_series fragment.json >fragment.series
	diff whole.series filtered.series
	diff whole.series fragment.series
}

@test "quantiles of the report are those of the samples, within the bound" {
	load_full
	report 0 summary full
	jq -n --slurpfile s <(jq -c 'select(.type=="sample" and .status==200)
	    | .response_ns' full) --slurpfile r <(ok_series out) -e '
	  ($s|sort) as $s | ($s|length) as $n | $r[0] as $r
	  | def rank(q): $s[([$n * q | ceil, 1] | max) - 1] / 1e6;
	    def close(a; b): (a - b | fabs) <= b * 0.00136 + 0.0000011;
	  $r.count == $n and close($r.min_ms; $s[0]/1e6)
	  and close($r.p50_ms; rank(0.5)) and close($r.p90_ms; rank(0.9))
	  and close($r.p95_ms; rank(0.95)) and close($r.p99_ms; rank(0.99))
	  and close($r.max_ms; $s[-1]/1e6)
	  and close($r.mean_ms; ($s|add)/$n/1e6)'
}

@test "samples taken out by a filter are FILTERED n of N" {
	load_full
	local n all
	n=$(grep -c '"type":"sample"' filtered)
	all=$(grep -c '"type":"sample"' full)
	[ "$n" -lt "$all" ]
	expect_warning "FILTERED $n of $all samples" filtered 0
}

@test "a line deleted from the middle is told, whatever it was" {
	load_full
	without_third() {
		awk -v kind="$1" '$0 ~ kind && ++n == 3 { next } { print }' \
			full >cut
		expect "lines" $(($(wc -l <full) - 1)) "$(wc -l <cut)"
	}
	without_third '"type":"sample"'
	expect_warning FILTERED cut 0
	without_third '"type":"interval".*"name":'
	expect_warning INCOMPLETE cut 3
	# The record of a second without a series: the generator's own health.
	awk '/"type":"interval"/ && !/"name":/ && ++n == 2 { next }
	    { print }' full >cut
	expect "lines" $(($(wc -l <full) - 1)) "$(wc -l <cut)"
	expect_warning INCOMPLETE cut 3
}

@test "a stream without its end, or its begin, is INCOMPLETE" {
	load_full
	sed '/"type":"end"/d' full >cut
	expect_warning INCOMPLETE cut 3
	sed '/"type":"begin"/d' full >cut
	expect_warning INCOMPLETE cut 3
}

@test "a stream cut by head -c is INCOMPLETE in every format" {
	load_full
	local size part
	size=$(wc -c <full)
	for part in 10 90; do
		head -c $((size * part / 100)) full >cut
		expect_warning INCOMPLETE cut 3
	done
	head -c -2 full >cut
	expect_warning INCOMPLETE cut 3
}

@test "a time changed in a sample is INCOMPLETE though all lines are there" {
	load_full
	awk '!done && sub(/"response_ns":[0-9]+/, "\"response_ns\":1") {
	    done = 1 } { print }' full >changed
	expect "lines" "$(wc -l <full)" "$(wc -l <changed)"
	! cmp -s full changed
	expect_warning INCOMPLETE changed 3
}

@test "a sample that stands twice is INCOMPLETE" {
	load_full
	awk '{ print } /"type":"sample"/ && ++n == 5 { print }' full >twice
	expect_warning INCOMPLETE twice 3
}

@test "a reformatted stream means the same" {
	load_full
	report 0 summary full
	mv out plain.json
	jq -cS . full >sorted
	! cmp -s full sorted
	report 0 summary sorted
	diff plain.json out
}

@test "--exit-zero leaves the warning and drops the status" {
	load_full
	sed '/"type":"end"/d' full >cut
	ld-report text --exit-zero cut | head -n 1 | grep INCOMPLETE
	[ "${PIPESTATUS[0]}" = 0 ]
}

@test "empty input is 3, in every format" {
	local format
	for format in text summary html; do
		report 3 "$format" /dev/null
		[ ! -s out ]
		grep 'no records' err
	done
	: | report 3 text
}

@test "a plan is no result stream: 4" {
	load_full
	report 4 text "$BATS_FILE_TMPDIR/plan.json"
	grep '^ld-report: .*plan.json:1' err
	echo '{"type":"begin","schema":"ld.plan/1"}' >plan.stream
	report 4 text plan.stream
	grep plan err
}

@test "lines that are no records are counted, with the place of the first" {
	load_full
	{ head -n 3 full; echo 'not json'; echo '[1]'; tail -n +4 full; } >dirty
	report 0 summary dirty
	grep '^ld-report: dirty:4:1: .*2 bad lines' err
	report 0 summary full
	mv out clean.json
	report 0 summary dirty
	diff <(jq -S 'del(.stream)|.totals,.per_name' clean.json) \
		<(jq -S 'del(.stream)|.totals,.per_name' out)
}

@test "too many lines that are no records are 4" {
	load_full
	yes garbage | head -n 200 >noise
	cat full noise >dirty
	report 4 summary dirty
	[ ! -s out ]
	grep '^ld-report: dirty:[0-9]*:1: ' err
}

# -- the writing end ----------------------------------------------------------

# A run against a target of its own, with its stream wherever "$@" leads.
piped() {
	timeout 30 ld-target -- bash -c "$1" "$BATS_FILE_TMPDIR/plan.json"
}

@test "a full disk is 5, and said" {
	local status=0
	piped 'ld-run -q "$0" --var base="$LOAD_DENSITY_TARGET" -t 1s >/dev/full' \
		2>err || status=$?
	expect "exit status" 5 "$status"
	grep '^ld-run: .*No space left on device' err
}

@test "a report onto a full disk is 5, and said" {
	load_full
	local status=0
	ld-report html full 2>err >/dev/full || status=$?
	expect "exit status" 5 "$status"
	grep '^ld-report: .*No space left on device' err
}

@test "a reader that leaves ends the run at once, with its summary: 141" {
	local since=$SECONDS
	piped 'ld-run -q "$0" --var base="$LOAD_DENSITY_TARGET" -t 25s 2>err |
	    head -n 1 >first; echo "${PIPESTATUS[0]}" >status'
	expect "exit status" 141 "$(cat status)"
	[ $((SECONDS - since)) -lt 15 ]
	jq -e '.type=="begin"' first
	expect "lines on stderr" 1 "$(wc -l <err)"
	grep '^ld-run: the reader left: [0-9]* started' err
}

@test "a slow reader sheds nothing as long as there is room to spill" {
	piped 'ld-run -q "$0" --var base="$LOAD_DENSITY_TARGET" -t 1s |
	    { sleep 1.5; cat >slow; }'
	sed '/"type":"action"/d' slow >one
	expect_balanced one
}

@test "the output is never one of the inputs" {
	local status=0
	cp "$BATS_FILE_TMPDIR/plan.json" .
	ld-run -q plan.json --var base=http://127.0.0.1:1 -o plan.json 2>err ||
		status=$?
	expect "exit status" 2 "$status"
	cmp plan.json "$BATS_FILE_TMPDIR/plan.json"
	status=0
	load_full
	ld-report text full -o full 2>err || status=$?
	expect "exit status" 2 "$status"
	cmp full "$BATS_FILE_TMPDIR/full"
}
