#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Streams in every weather, at random moments: make check-full.

load ../pipe/helper

# moment N: seconds, drawn from the seed 4711.
moment() {
	awk -v n="$1" 'BEGIN { srand(4711); for (i = 0; i <= n; i++) x = rand(); printf "%.3f", x * x * 1.5 }'
}

plan() {
	cat <<EOT
[["LD_start_test", {"user_detail_dict": {"user": "fast_http_user"},
  "user_count": 30, "spawn_rate": 300, "test_time": 1.2, "wait": "1ms..4ms", "grace": "2s",
  "tasks": [{"method": "get", "request_url": "$TARGET/get"},
            {"method": "get", "request_url": "$TARGET/delay/0.02"},
            {"method": "get", "request_url": "$TARGET/status/404"}]}]]
EOT
}

# start_run [OPTION...]
start_run() {
	curl -s -X POST "$TARGET/ld/reset"
	rm -f run.ndjson journal
	env --default-signal=INT,HUP ld-run -q -e "$(plan)" "$@" \
		>run.ndjson 2>run.err 3>&- &
	run=$!
	# Until then it is a shell, with the shell's own idea of signals.
	wait_for is_ours
}

is_ours() {
	[ "$(readlink "/proc/$run/exe" | sed 's/.*lt-//; s/.*\///')" = ld-run ] ||
		! kill -0 "$run" 2>/dev/null
}

# What was written is whole, and the server counted the same; a run that ended
# before its begin wrote nothing and sent nothing.
expect_account() {
	sed '/"type":"action"/d' run.ndjson >one.ndjson
	if [ ! -s one.ndjson ]; then
		expect "requests without a stream" 0 "$(server_count)"
		return
	fi
	ld-report summary one.ndjson >summary || [ $? -eq 3 ]
	expect wholeness whole "$(jq -r .wholeness summary)"
	expect_wire "$(server_count)" one.ndjson
}

@test "SIGTERM at 50 random moments leaves an account that the server confirms" {
	local i status
	start_target
	for ((i = 0; i < 50; i++)); do
		start_run
		sleep "$(moment "$i")"
		kill -TERM "$run" 2>/dev/null || true
		status=0
		wait "$run" || status=$?
		[ "$status" -eq 143 ] || [ "$status" -eq 0 ]
		expect_account
	done
}

@test "SIGINT twice at 50 random moments does, too" {
	local i status
	start_target
	for ((i = 0; i < 50; i++)); do
		start_run
		sleep "$(moment "$i")"
		kill -INT "$run" 2>/dev/null || true
		sleep 0.00$((i % 10))
		kill -INT "$run" 2>/dev/null || true
		status=0
		wait "$run" || status=$?
		[ "$status" -eq 130 ] || [ "$status" -eq 0 ]
		expect_account
	done
}

@test "kill -9 at 50 random moments costs the journal its last second at most" {
	local i kept asked late
	start_target
	for ((i = 0; i < 50; i++)); do
		start_run --journal journal
		sleep "$(moment "$i")"
		kill -KILL "$run" 2>/dev/null || true
		wait "$run" || true
		asked=$(server_count)
		[ -e journal ] || : >journal
		kept=$(grep -c '^{"type":"sample".*}$' journal || true)
		[ "$kept" -le "$asked" ]
		# No more is missing than was sent in one second.
		late=$(grep '^{"type":"sample".*}$' journal | jq -s 'map(.start_ns) | max // 0 | . - 1e9')
		[ $((asked - kept)) -le $((30 + $(grep '^{"type":"sample".*}$' journal | jq -s --argjson t "$late" 'map(select(.start_ns > $t)) | length') + 600)) ]
		if grep -q '"type":"begin"' journal; then
			ld-report text journal >text || [ $? -eq 3 ]
			grep -q '"type":"end"' journal || head -n 1 text | grep -q '^INCOMPLETE'
		fi
	done
}

open_plan() {
	cat <<EOT
[["LD_start_test", {"user_detail_dict": {"user": "null_user"}, "arrival": "10000/s",
  "test_time": 8, "tasks": [{"name": "a"}]}]]
EOT
}

# p99 of lateness in ns, over the seconds of the run but the first.
lateness() {
	ld-report json "$1" | jq '.runs[0].generator.lag.p99_ms * 1e6 | floor'
}

@test "a reader that stops for 5 s at 10000/s costs neither time nor samples" {
	local reader quiet stopped best=0 round
	for round in 1 2 3; do
		ld-run -q -e "$(open_plan)" | cat >calm
		mkfifo pipe
		cat pipe >held &
		reader=$!
		ld-run -q -e "$(open_plan)" >pipe 2>err &
		run=$!
		sleep 1.5
		kill -STOP "$reader"
		sleep 5
		kill -CONT "$reader"
		wait "$run"
		wait "$reader"
		rm pipe
		run -0 ld-report text held
		jq -es 'map(select(.type == "end"))[0] | .ledger.shed == {} and .ledger.started == 80000' held
		[ "$(grep -c '^{"type":"sample"' held)" -eq 80000 ]
		quiet=$(lateness calm)
		stopped=$(lateness held)
		echo "round $round: lateness p99 $quiet ns undisturbed, $stopped ns with the reader stopped"
		[ "$stopped" -le 1000000 ] || [ $((2 * stopped)) -le $((3 * quiet)) ] || continue
		best=1
		break
	done
	[ "$best" -eq 1 ]
}

@test "a reader of 1 KB/s sheds samples, says how many, and the figures stay exact" {
	mkfifo pipe
	(
		dd bs=1 count=4096 of=/dev/null 2>/dev/null
		sleep 9
		cat
	) <pipe >late &
	reader=$!
	ld-run -q --spill-max 1MiB -e "$(open_plan)" >pipe
	wait "$reader"
	rm pipe
	jq -es 'map(select(.type == "end"))[0] | .ledger.started == 80000 and .ledger.success == 80000
	    and (.ledger.shed | add) > 0 and .validity.state == "degraded"
	    and .check.samples + (.ledger.shed | add) == .ledger.started' <(tail -n 5 late | sed '/"type":"action"/d')
}

@test "a reader that is killed ends the run within a second, and the account is told" {
	start_target
	curl -s -X POST "$TARGET/ld/reset"
	mkfifo pipe
	cat pipe >/dev/null &
	reader=$!
	ld-run -e "$(plan)" -t 60s --progress none >pipe 2>err 3>&- &
	run=$!
	sleep 1
	kill -KILL "$reader"
	wait "$reader" || true
	status=0
	wait "$run" || status=$?
	[ "$status" -eq 141 ]
	started=$(sed -n 's/.*the reader left: \([0-9]*\) started.*/\1/p' err)
	[ "$started" -ge "$(server_count)" ]
	[ $((started - $(server_count))) -le 30 ]
}

@test "eight slices of a fragment, in any order, are the fragment, bit for bit" {
	local format
	start_target
	ld-run -q -e "$(plan)" -n 40 -t 20s >run.ndjson
	grep '"type":"sample"' run.ndjson >samples
	split -n r/8 samples slice.
	cat slice.* >whole
	for format in $(ld-report --help | sed -n '/^formats:/,/^$/p' | awk 'NF > 1 && /^  [a-z]/ { print $1 }'); do
		ld-report "$format" --exit-zero whole >a
		ld-report "$format" --exit-zero slice.a[a-h] >b
		cmp a b
		ld-report "$format" --exit-zero slice.ah slice.ac slice.aa slice.ag slice.ab slice.ae slice.ad slice.af >c
		ld-report "$format" --exit-zero samples >d
		sort <a >a.sorted
		sort <c >c.sorted
		cmp a.sorted c.sorted
		sort <d | cmp a.sorted -
	done
}

# The program itself, not libtool's script: user and system microseconds, peak
# KiB, wall microseconds, exit status of a summary of so many times `samples`.
summed() {
	{
		head -n 1 run
		yes samples | head -n "$1" | xargs cat
	} | PATH=$builddir/cmd/.libs:$PATH LD_LIBRARY_PATH=$builddir/.libs \
		"$builddir/tests/perf/rusage" - ld-report summary --exit-zero 3>used >summary
	jq -s -e --argjson n "$1" 'map(.. | objects | select(.name? == "a") | .count? // .requests? // empty) | any(. == $n * 1000)' summary
	read -r user _ kib _ status <used
	[ "$status" -eq 0 ]
	echo "$1 times 3000 samples: $kib KiB, $user us of the user's"
}

@test "ten million samples are summed up in constant memory" {
	local user kib status small
	ld-run -q -o run -e '[["LD_start_test", {"user": "null_user", "user_count": 10, "spawn_rate": 1000, "wait": 0, "passes": 100,
	    "tasks": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}]]'
	jq -c 'select(.type == "sample")' run >samples
	[ "$(wc -l <samples)" -eq 3000 ]
	summed 30
	small=$kib
	summed 3334
	[ "$kib" -le $((small + 8192)) ]
}

# Private_Dirty of all of its memory, in KiB.
dirty() {
	awk '/^Private_Dirty/ { print $2 }' "/proc/$1/smaps_rollup"
}

@test "ten thousand users that have exchanged cost less than 10 KB each" {
	local few many
	[ "$(ulimit -Hn)" -ge 10100 ] || skip "the hard limit of descriptors is $(ulimit -Hn)"
	ulimit -n "$(ulimit -Hn)"
	start_target
	for users in 100 10000; do
		ld-run -q -t 60s -u $users -r 5000/s -o run -e "[[\"LD_start_test\",{\"user\":\"fast_http_user\",\"wait\":\"5s..6s\",\"tasks\":[{\"method\":\"get\",\"request_url\":\"$TARGET/get\"}]}]]" 3>&- &
		run=$!
		wait_for all_there $users
		[ $users = 100 ] && few=$(dirty $run) || many=$(dirty $run)
		kill -TERM $run
		wait $run || [ $? -eq 143 ]
	done
	echo "$(((many - few) * 1024 / 9900)) bytes a user"
	[ $(((many - few) * 1024 / 9900)) -le 10240 ]
}

all_there() {
	[ "$(grep -c '^{"type":"sample"' run)" -ge "$1" ]
}
