#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# ld-run's progress, as a terminal gets it.

setup() {
	command -v script >/dev/null || skip "no script(1)"
	cd "$BATS_TEST_TMPDIR"
	unset CI NO_COLOR CLICOLOR_FORCE FORCE_COLOR COLUMNS
	export TERM=xterm
	# Refused at once: a class of failure, and no server.
	cat >plan.json <<-'END'
	[["LD_start_test", {"user_count": 3, "spawn_rate": 100,
	  "test_time": 1.6, "wait": "20ms",
	  "tasks": [{"method": "get", "url": "http://127.0.0.1:1/"}]}]]
	END
}

# on_terminal COLUMNS COMMAND: what is written to a terminal, in `typescript`.
on_terminal() {
	script -qc "stty cols $1 rows 24; $2" typescript </dev/null >/dev/null
}

# Its rows, whatever moves the cursor taken away; without the remark that
# nothing ever connected.
rows() {
	sed -e '1d;$d' typescript | tr '\r' '\n' |
		sed -e 's/\x1b\[[0-9;]*[A-Za-z]//g' | grep -v '^ld-run: ' |
		grep .
}

# widest_is_below COLUMNS
widest_is_below() {
	rows | awk -v most="$1" 'length >= most { print; bad = 1 }
		END { exit bad || NR == 0 }'
}

has() {
	rows | grep -Eq -e "$1" || {
		echo "no '$1' in:"
		rows
		return 1
	}
}

@test "60 columns hold all that matters" {
	on_terminal 60 'ld-run plan.json >/dev/null'
	widest_is_below 60
	has '^0:00    3 users to http://127.0.0.1:1 for 0:02$'
	has '^0:01      3 users +[0-9]+/s  p95 +[0-9.]+ [mu]?s +0:01 left$'
	has '^ +[0-9]+ failed( +100 %)? +refused [0-9]+ +(INVALID  |degraded  )?late +[0-9.]+ [mnu]?s$'
	has '^0:01  [0-9,]+ requests'
}

@test "a wide terminal gets more, a narrow one less, and no word is cut" {
	on_terminal 130 'ld-run plan.json >/dev/null'
	widest_is_below 130
	has ' p50 .* p95 .* p99 .* in all  \[[=.]+\]  0:02 left$'
	has 'failed +100 % +refused'
	on_terminal 30 'ld-run plan.json >/dev/null'
	widest_is_below 30
	has '^0:01 +[0-9]+/s  p95 +[0-9.]+ [mu]?s$'
}

@test "COLUMNS wins over the terminal" {
	# Not by the wrapper of an uninstalled command: its shell sets COLUMNS.
	on_terminal 130 "'$builddir/libtool' --mode=execute env COLUMNS=50 \
		'$(command -v ld-run)' plan.json >/dev/null"
	widest_is_below 50
}

@test "a terminal that becomes narrower is noticed" {
	on_terminal 120 '(sleep 1.2; stty cols 44 </dev/tty) &
		ld-run -t 3.5 plan.json >/dev/null'
	has 'p50'
	rows | tail -n 5 | awk 'length >= 44 { exit 1 }'
	rows | tail -n 5 | grep -q 'p95'
	! rows | tail -n 5 | grep -q 'p50'
}

@test "colour is there, and NO_COLOR takes it away" {
	on_terminal 80 'ld-run plan.json >/dev/null'
	grep -q $'\x1b\\[31m' typescript
	on_terminal 80 'NO_COLOR=1 FORCE_COLOR=1 ld-run plan.json >/dev/null'
	has 'failed'
	! grep -q $'\x1b\\[[0-9;]*m' typescript
	on_terminal 80 'NO_COLOR= ld-run plan.json >/dev/null'
	grep -q $'\x1b\\[31m' typescript
}

@test "the summary begins on a clean line" {
	on_terminal 80 'ld-run -t 0.3 plan.json'
	# The line in front of it is cleared, and nothing stands before it.
	grep -qP '\r\x1b\[J(\x1b\[1m)?[0-9,]+(\x1b\[0m)? ' typescript
	has '^RESPONSE TIME'
	! has '^0:0[0-9]  [0-9,]+ requests'
}

@test "nothing is rewritten under CI, on a dumb terminal, or when unwanted" {
	for how in 'CI=true ld-run' 'TERM=dumb ld-run' 'TERM= ld-run' \
	    'ld-run -q' 'ld-run --progress none' 'ld-run --progress plain' \
	    'CI=true ld-run --progress auto'; do
		on_terminal 80 "$how plan.json -t 0.3 >/dev/null"
		! grep -q $'\x1b' typescript
		! grep -q 'users' typescript
	done
	on_terminal 80 'CI=false ld-run plan.json -t 0.3 >/dev/null'
	has 'users'
}

@test "nothing is rewritten where the stream is written" {
	on_terminal 80 'ld-run --ndjson -t 0.3 plan.json'
	! grep -q $'\x1b' typescript
	has '^{"type":"end"'
}

@test "a short run tells nothing where lines cannot be rewritten" {
	run bash -c 'ld-run -t 0.3 plan.json 2>&1 >/dev/null'
	[ "$status" -eq 6 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" == "ld-run: nothing ever connected: "* ]]
}

@test "a forced colour colours what is no terminal" {
	ld-run -q -t 0.5 plan.json >r || true
	! NO_COLOR=1 FORCE_COLOR=1 ld-report text r | grep -q $'\x1b'
	FORCE_COLOR=1 ld-report text r | grep -q $'\x1b'
	CLICOLOR_FORCE=1 ld-report text r | grep -q $'\x1b'
	! FORCE_COLOR=0 ld-report text r | grep -q $'\x1b'
}
