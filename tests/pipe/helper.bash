# SPDX-License-Identifier: MIT
# Servers on loopback, what they counted, and what a result stream says.
# shellcheck shell=bash

# Everything that a test starts in the background, by process id.
started=()

# keep PID...: end it in teardown.
keep() {
	started+=("$@")
}

stop_all() {
	local pid
	for pid in "${started[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	for pid in "${started[@]}"; do
		wait "$pid" 2>/dev/null || true
	done
	started=()
}

# Every test in a directory of its own.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	stop_all
}

# wait_for COMMAND [ARGUMENT...]: until it succeeds; fails after 20 s.
wait_for() {
	local n
	for ((n = 0; n < 1000; n++)); do
		"$@" && return 0
		sleep 0.02
	done
	echo "waited in vain for: $*"
	return 1
}

# expect WHAT WANTED FOUND
expect() {
	[ "$2" = "$3" ] && return 0
	printf '%s: wanted %s, found %s\n' "$1" "$2" "$3"
	return 1
}

# has_line FILE: is its first line whole?
has_line() {
	IFS= read -r _ <"$1"
} 2>/dev/null

# start_target [OPTION...]: a fresh ld-target at $TARGET.
start_target() {
	ld-target "$@" >target.url 2>target.err 3>&- &
	keep $!
	wait_for has_line target.url
	TARGET=$(cat target.url)
}

# start_phase_server KIND MS: at 127.0.0.1:$PHASE_PORT, its log in phase.log.
start_phase_server() {
	: >phase.log
	"$builddir/tests/peers/phase-server" "$@" >phase.log 2>phase.err 3>&- &
	keep $!
	wait_for has_line phase.log
	PHASE_PORT=$(head -n 1 phase.log)
}

# A port of 127.0.0.1, chosen by the kernel, at which nobody listens.
dead_port() {
	"$builddir/tests/peers/phase-server" port
}

# It has its port once it has written its process id; or it gave up.
nginx_decided() {
	[ -s nginx.pid ] || ! kill -0 "$1" 2>/dev/null
}

# start_nginx SITES: nginx at 127.0.0.1:$NGINX_PORT, with what `SITES PORT`
# prints as its http block; skips the test where there is none.
start_nginx() {
	local pid try
	command -v nginx >/dev/null || skip "nginx is not installed"
	# The port may be taken between its choice and its use: then take
	# another.
	for try in 1 2 3 4 5; do
		NGINX_PORT=$(dead_port)
		rm -f nginx.pid
		cat >nginx.conf <<EOT
daemon off;
master_process off;
pid nginx.pid;
error_log nginx.error;
events { worker_connections 256; }
http {
  client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp;
  uwsgi_temp_path tmp; scgi_temp_path tmp;
$("$1" "$NGINX_PORT")
}
EOT
		nginx -p "$PWD" -c nginx.conf 2>nginx.err 3>&- &
		pid=$!
		wait_for nginx_decided "$pid"
		if kill -0 "$pid" 2>/dev/null; then
			keep "$pid"
			return 0
		fi
		wait "$pid" || echo "try $try: $(tail -n 1 nginx.err)"
	done
	return 1
}

# http METHOD URL: the body of the answer, over a connection of its own.
http() {
	local rest=${2#http://} host line
	host=${rest%%/*}
	exec 9<>"/dev/tcp/${host%:*}/${host##*:}" || return
	printf '%s /%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n' \
		"$1" "${rest#*/}" "$host" >&9
	while IFS= read -r line <&9 && [ "$line" != $'\r' ]; do
		:
	done
	cat <&9
	exec 9>&-
}

counts() {
	http GET "$TARGET/ld/counts"
}

# read_count NAME: one of the counts, into $count.
read_count() {
	count=$(counts)
	count=${count#*\""$1"\":}
	count=${count%%[,\}]*}
}

# Has the server seen the end of every connection but the one that asks?
# Then whatever was sent to it has been counted.
is_quiet() {
	read_count open
	[ "$count" = 0 ]
}

# Has the server received as many requests?
has_received() {
	read_count requests
	[ "$count" -ge "$1" ]
}

# What the server counted, once nothing is under way any more.
server_count() {
	wait_for is_quiet >&2 && read_count requests && echo "$count"
}

reset_counts() {
	wait_for is_quiet
	http POST "$TARGET/ld/reset" >/dev/null
}

# of_end FILTER FILE: of the stream's one end record.
of_end() {
	jq -r 'select(.type=="end") | '"$1" "$2"
}

# The laws of doc/schemas.md for a stream of one run that is whole, and that
# recorded all samples.
expect_balanced() {
	jq -se '
	  def sum: [.[]] | add // 0;
	  (map(select(.type=="end")) | if length == 1 then .[0]
	     else error("not one end record") end) as $e
	  | $e.ledger as $l
	  | map(select(.type=="sample")) as $s
	  | [ ["the last record", "end", .[-1].type],
	      ["the first record", "begin", .[0].type],
	      ["planned", $l.planned, ($l.not_started|sum) + $l.started],
	      ["started", $l.started,
	        $l.success + ($l.failure|sum) + $l.aborted + $l.in_flight],
	      ["in flight", 0, $l.in_flight],
	      ["shed", {}, $l.shed],
	      ["samples", $l.started, ($s|length)],
	      ["successes", $l.success,
	        ($s|map(select(.outcome=="success"))|length)],
	      ["failures", ($l.failure|sum),
	        ($s|map(select(.outcome=="failure"))|length)],
	      ["aborted", $l.aborted,
	        ($s|map(select(.outcome=="aborted"))|length)],
	      ["wire", $l.wire, ($s|map(if has("wire") then .wire else 1 end)
	        | add // 0)],
	      ["check.samples", $e.check.samples, ($s|length)],
	      ["check.intervals", $e.check.intervals,
	        (map(select(.type=="interval" and has("name")))|length)],
	      ["response sum", ($e.check.response_ns_sum|tonumber),
	        ($s|map(.response_ns)|add // 0)] ]
	  | map(select(.[1] != .[2]) | "\(.[0]): \(.[1]) is not \(.[2])")
	  | if length == 0 then true else error(join("; ")) end' "$1" >/dev/null
}

# expect_wire N FILE: the stream balances, and N requests were handed over.
expect_wire() {
	expect_balanced "$2" &&
		expect "wire" "$1" "$(of_end .ledger.wire "$2")"
}

# own_transport: is this of fast_http_user?  http_user.sh runs the same tests
# for http_user.
own_transport() {
	[ "${TEST_USER-fast_http_user}" = fast_http_user ]
}
