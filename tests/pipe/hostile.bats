#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every format of ld-report over records whose every text would act on the
# reader of one of them.

load helper

setup_file() {
	export HOSTILE=$BATS_FILE_TMPDIR/hostile.ndjson
	python3 "$srcdir/tests/peers/hostile.py" >"$HOSTILE"
}

formats() {
	ld-report --help | sed -n '/^formats:/,/^$/p' | awk 'NF > 1 && /^  [a-z]/ { print $1 }'
}

make_format() {
	ld-report "$1" --exit-zero "${@:2}" -o "$BATS_TEST_TMPDIR/x.$1" "$HOSTILE"
}

# No control byte, nothing that reorders or hides, in valid UTF-8.
plain() {
	python3 "$srcdir/tests/peers/inert.py" plain "$@"
}

# JSON is for programs and has its texts as they are.
@test "no format for people holds a byte that acts on a terminal, or is no UTF-8" {
	local format n=0
	for format in $(formats | grep -vx -e json -e summary); do
		make_format "$format"
		plain "$BATS_TEST_TMPDIR/x.$format"
		n=$((n + 1))
	done
	[ "$n" -ge 6 ]
}

@test "what looks for such bytes finds each of them" {
	local bad
	for bad in '\033[2J' '\302\2332J' '\342\200\256' '\377' '\000' '\357\273\277'; do
		printf "a$bad\n" >"$BATS_TEST_TMPDIR/bad"
		run plain "$BATS_TEST_TMPDIR/bad"
		[ "$status" -ne 0 ]
	done
}

@test "every format is one that a test here parses" {
	local format
	for format in $(formats); do
		case $format in
		csv | github | html | json | junit | summary | text | xml) ;;
		*) echo "no parser for $format"; false ;;
		esac
	done
}

@test "HTML parses into the elements and attributes of a page without the texts" {
	make_format html
	ld-run -q -e '[["LD_start_test",{"user":"null_user","passes":2,"user_count":1,"wait":0,"tasks":[{"name":"a"}]}]]' |
		ld-report html -o "$BATS_TEST_TMPDIR/tame.html"
	python3 "$srcdir/tests/peers/inert.py" html "$BATS_TEST_TMPDIR/x.html" "$BATS_TEST_TMPDIR/tame.html"
}

@test "XML and JUnit parse, JSON parses, CSV has as many cells in every row" {
	local format
	for format in xml junit; do
		make_format "$format"
		xmllint --noout "$BATS_TEST_TMPDIR/x.$format"
	done
	for format in json summary; do
		make_format "$format"
		jq -e . "$BATS_TEST_TMPDIR/x.$format" >/dev/null
	done
	make_format csv
	python3 "$srcdir/tests/peers/inert.py" csv "$BATS_TEST_TMPDIR/x.csv"
}

@test "a summary for GitHub renders to no link, image, mention or foreign element" {
	command -v cmark-gfm >/dev/null || skip "no cmark-gfm"
	make_format github
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/x.github")" -lt 1048576 ]
	cmark-gfm --unsafe -e table -e autolink -e strikethrough -e tasklist \
		"$BATS_TEST_TMPDIR/x.github" >"$BATS_TEST_TMPDIR/x.html"
	python3 "$srcdir/tests/peers/inert.py" markdown "$BATS_TEST_TMPDIR/x.html"
	# No line of it is a command of the workflow that printed it.
	run grep -E '^[[:space:]]*::|##\[' "$BATS_TEST_TMPDIR/x.github"
	[ "$status" -eq 1 ]
}

@test "a summary of many runs and series is bounded, and counts what it leaves out" {
	python3 - >many <<'PY'
import json
for i in range(3000):
    t = "@#\u202e" * 60 + str(i)
    print(json.dumps({"type": "sample", "run": "r%d" % (i % 30), "user_type": t,
        "request_type": t, "name": t, "user": 0, "pass": i, "task": 0,
        "intended_ns": i * 1000, "start_ns": i * 1000, "response_ns": 1000,
        "service_ns": 1000, "ttfb_ns": 1000, "status": 500, "bytes_out": 1,
        "bytes_in": 1, "outcome": "failure", "class": "status", "text": t}))
PY
	ld-report github --exit-zero many >many.md
	[ "$(stat -c %s many.md)" -lt 131072 ]
	grep -q '^and [0-9]* more series$' many.md
	grep -qFx '**Validity:** unjudged, the worst of 30 runs' <(head -n 5 many.md)
	# Each run is there, or counted.
	[ $(($(grep -c '^### Run' many.md) + $(sed -n 's/^and \([0-9]*\) more runs$/\1/p' many.md))) -eq 30 ]
}

@test "annotations for GitHub are ten of a level at most, and ours alone" {
	make_format github --annotations --title $'t::error::x,y\n::error::z'
	plain "$BATS_TEST_TMPDIR/x.github"
	run grep -vE '^::(error|warning|notice) title=[^:,]*::' "$BATS_TEST_TMPDIR/x.github"
	[ "$status" -eq 1 ]
	[ "$(grep -c '^::warning' "$BATS_TEST_TMPDIR/x.github")" -eq 10 ]
	[ "$(grep -c '^::error' "$BATS_TEST_TMPDIR/x.github")" -ge 1 ]
	grep -q '^::warning title=load test::and [0-9]* more, see the summary$' "$BATS_TEST_TMPDIR/x.github"
}

@test "--annotations is refused where it has no effect" {
	run ld-report html --annotations "$HOSTILE"
	[ "$status" -eq 2 ]
	[[ "$output" == *"--annotations has no effect on format 'html'"* ]]
}

@test "a plan's names do not act on the terminal that ld-run runs in" {
	local plan='[["LD_start_test",{"user":"null_user","passes":3,"user_count":1,"wait":0,"tasks":[{"name":"a\u001b]52;c;eA==\u0007\u009b2J\u202eb"}]}]]'
	script -qec "ld-run -e '$plan' -o '$BATS_TEST_TMPDIR/out'" /dev/null </dev/null >"$BATS_TEST_TMPDIR/tty"
	[ -s "$BATS_TEST_TMPDIR/tty" ]
	python3 "$srcdir/tests/peers/inert.py" terminal "$BATS_TEST_TMPDIR/tty"
	# And in an error, where it is quoted.
	plan='[["LD_start_test",{"user":"null_\u001b]52;c;eA==\u0007\u009b2J\u202euser","tasks":[{"name":"a"}]}]]'
	script -qec "ld-run -e '$plan' -o '$BATS_TEST_TMPDIR/out'" /dev/null </dev/null >"$BATS_TEST_TMPDIR/tty" || :
	grep -q 'ld-run: ' "$BATS_TEST_TMPDIR/tty"
	python3 "$srcdir/tests/peers/inert.py" terminal "$BATS_TEST_TMPDIR/tty"
}
