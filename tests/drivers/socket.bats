#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# socket_user: what is sent, where an answer ends, and what a peer may do.

load ../pipe/helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# odd KIND [ADDRESS]: tests/peers/odd.py at $ODD.
odd() {
	: >odd.at
	python3 "$srcdir/tests/peers/odd.py" "$@" >odd.at 2>odd.err 3>&- &
	keep $!
	wait_for has_line odd.at
	ODD=$(cat odd.at)
}

# echo_ports: ld-target with its ports for raw bytes, at $TCP, $TLS, $UDP.
echo_ports() {
	start_target --listen tcp --listen tls --listen udp --listen https \
		--ca ca.pem
	wait_for grep -q '^https:' target.url
	TCP=$(sed -n 's|^tcp://||p' target.url)
	TLS=$(sed -n 's|^tls://||p' target.url)
	UDP=$(sed -n 's|^udp://||p' target.url)
	TARGET=$(head -n 1 target.url)
}

# task MEMBERS...: run them, one after the other; [OPTION...] in $options.
options=()
tasks() {
	local members status=0
	for members; do
		printf '{"type":"task",%s}\n' "$members"
	done >task.plan
	timeout 60 ld-run -q --user socket_user --wait 0 "${options[@]}" task.plan \
		>all 2>run.err || status=$?
	sed '/"type":"action"/d' all >stream
	[ "$status" -ne 4 ] || return 4
	expect_balanced stream
}

# ended "CLASS ...": the outcome of each sample by task, in order.
ended() {
	expect "outcomes" "$1" "$(jq -s -r '[.[] | select(.type == "sample")]
		| sort_by(.task) | map(.class // .outcome) | join(" ")' stream)"
}

once=(-u 1 -n 1)

@test "bytes go out as they are written, and come back over TCP, TLS and UDP" {
	echo_ports
	options=(-u 3 -n 4 --cacert ca.pem --var user=me)
	tasks "\"target\":\"$TCP\",\"payload\":\"a\\u0000b \${var.user} é\",\"expect_substring\":\"é\"" \
		"\"target\":\"$TLS\",\"tls\":true,\"payload\":\"over TLS\",\"expect_bytes\":8,\"assertions\":[{\"type\":\"contains\",\"value\":\"over TLS\"}]" \
		"\"protocol\":\"UDP\",\"target\":\"$UDP\",\"payload\":\"hex:00 fF 0a\",\"expect_bytes\":99" \
		"\"host\":\"$TCP\",\"payload\":\"hex:\",\"expect_bytes\":0"
	expect "ledger" '{"success":48,"failure":{},"wire":48}' \
		"$(of_end '.ledger | {success, failure, wire} | tojson' stream)"
	expect "bytes of UDP" "3 3" "$(jq -r 'select(.task == 2) | "\(.bytes_out) \(.bytes_in)"' stream | sort -u)"
	expect "bytes of TCP" "9 9" "$(jq -r 'select(.task == 0) | "\(.bytes_out) \(.bytes_in)"' stream | sort -u)"
}

@test "series are named by protocol and target" {
	echo_ports
	options=("${once[@]}")
	tasks "\"target\":\"$TCP\",\"payload\":\"x\",\"expect_bytes\":1" \
		"\"target\":\"$UDP\",\"protocol\":\"udp\",\"payload\":\"x\",\"expect_bytes\":1"
	expect "names" "TCP tcp:$TCP, UDP udp:$UDP" \
		"$(jq -s -r '[.[] | select(.type == "sample") | "\(.request_type) \(.name)"] | join(", ")' stream)"
}

@test "expect_bytes is a maximum: what is expected ends the answer, in whatever pieces it comes" {
	odd pieces
	options=("${once[@]}" --timeout 5s)
	tasks "\"target\":\"$ODD\",\"payload\":\"one two three\",\"expect_bytes\":1000,\"expect_substring\":\"two\"" \
		"\"target\":\"$ODD\",\"payload\":\"one two three\",\"expect_substring\":\"three\",\"assertions\":[{\"type\":\"contains\",\"value\":\"one two three\"}]" \
		"\"target\":\"$ODD\",\"payload\":\"one two three\",\"expect_bytes\":5,\"assertions\":[{\"type\":\"regex\",\"pattern\":\"^one t\$\"}]" \
		"\"target\":\"$ODD\",\"payload\":\"one two three\",\"expect_bytes\":5,\"expect_substring\":\"three\"" \
		"\"target\":\"$ODD\",\"payload\":\"short\",\"expect_bytes\":1000,\"timeout\":\"200ms\""
	ended "success success success assertion timeout_receive"
}

@test "the end of a stream ends an answer, but not one that misses what is expected" {
	odd half
	options=("${once[@]}")
	tasks "\"target\":\"$ODD\",\"payload\":\"x\",\"expect_bytes\":1000,\"assertions\":[{\"type\":\"contains\",\"value\":\"half\"}]" \
		"\"target\":\"$ODD\",\"payload\":\"x\",\"expect_bytes\":1000,\"expect_substring\":\"whole\""
	ended "success truncated"
}

@test "what a peer may do, by class" {
	local peers=()
	start_target --listen refuse --listen full --listen stall --listen close --listen reset
	wait_for grep -q '^reset:' target.url || wait_for has_line target.url
	local refuse full stall close reset
	refuse=$(sed -n 's/^refuse.*:\([0-9]*\)$/127.0.0.1:\1/p' target.url)
	full=$(sed -n 's/^full.*:\([0-9]*\)$/127.0.0.1:\1/p' target.url)
	stall=$(sed -n 's/^stall.*:\([0-9]*\)$/127.0.0.1:\1/p' target.url)
	close=$(sed -n 's/^close.*:\([0-9]*\)$/127.0.0.1:\1/p' target.url)
	if [ -z "$refuse" ]; then
		mapfile -t peers < <(sed -n 's/.*:\([0-9]*\)$/127.0.0.1:\1/p' target.url)
		refuse=${peers[1]} full=${peers[2]} stall=${peers[3]} close=${peers[4]}
	fi
	odd reset
	reset=$ODD
	options=("${once[@]}")
	tasks "\"target\":\"$refuse\",\"payload\":\"x\"" \
		"\"target\":\"$full\",\"payload\":\"x\",\"timeout\":\"100ms\"" \
		"\"target\":\"$stall\",\"payload\":\"x\",\"expect_bytes\":1,\"timeout\":\"100ms\"" \
		"\"target\":\"$close\",\"payload\":\"x\",\"expect_bytes\":1" \
		"\"target\":\"$reset\",\"payload\":\"x\",\"expect_bytes\":100" \
		"\"target\":\"nowhere.invalid:1\",\"payload\":\"x\",\"timeout\":\"5s\"" \
		"\"target\":\"$stall\",\"tls\":true,\"payload\":\"x\",\"timeout\":\"100ms\"" \
		"\"target\":\"$refuse\",\"protocol\":\"udp\",\"payload\":\"x\",\"expect_bytes\":1"
	jq -r 'select(.type == "sample") | "\(.task) \(.class // .outcome)"' stream >found
	sed -i '4s/reset/closed_early/; 6s/timeout_dns/dns/' found
	diff - found <<-EOT
	0 refused
	1 timeout_connect
	2 timeout_response
	3 closed_early
	4 reset
	5 dns
	6 timeout_tls
	7 refused
	EOT
	expect "on the wire" 4 "$(of_end .ledger.wire stream)"
}

@test "TLS verifies, and cut without a word it is truncated or closed early" {
	echo_ports
	options=("${once[@]}")
	tasks "\"target\":\"$TLS\",\"tls\":true,\"payload\":\"x\",\"expect_bytes\":1" \
		"\"target\":\"$TLS\",\"tls\":true,\"verify\":false,\"payload\":\"x\",\"expect_bytes\":1" \
		"\"target\":\"$TLS\",\"tls\":true,\"verify\":\"ca.pem\",\"payload\":\"x\",\"expect_bytes\":1" \
		"\"target\":\"$TCP\",\"tls\":true,\"payload\":\"x\",\"expect_bytes\":1"
	ended "tls_issuer success success tls_handshake"
}

@test "a connection is kept by option, and opened anew once the peer closed it" {
	echo_ports
	options=(-u 2 -n 5)
	tasks "\"target\":\"$TCP\",\"payload\":\"x\",\"expect_bytes\":1,\"keep_open\":true"
	expect "connects" 2 "$(jq -s '[.[] | select(.type == "sample" and .connect_ns)] | length' stream)"
	tasks "\"target\":\"$TCP\",\"payload\":\"x\",\"expect_bytes\":1"
	expect "connects" 10 "$(jq -s '[.[] | select(.type == "sample" and .connect_ns)] | length' stream)"
	odd idle
	options=(-u 1 -n 3 --wait 150ms)
	tasks "\"target\":\"$ODD\",\"payload\":\"x\",\"expect_bytes\":1,\"keep_open\":true"
	ended "success success success"
}

@test "a greeting is read with an empty payload, and bytes behind an answer are nobody's" {
	odd greet
	options=("${once[@]}")
	tasks "\"target\":\"$ODD\",\"keep_open\":true,\"expect_substring\":\"hello\"" \
		"\"target\":\"$ODD\",\"keep_open\":true,\"payload\":\"mine\",\"expect_substring\":\"mine\",\"assertions\":[{\"type\":\"contains\",\"value\":\"mine\"}]"
	ended "success success"
	expect "connects" 1 "$(jq -s '[.[] | select(.type == "sample" and .connect_ns)] | length' stream)"
}

@test "a datagram that comes too late is not the answer to the next one" {
	odd late
	options=(-u 1 -n 1)
	tasks "\"protocol\":\"udp\",\"target\":\"$ODD\",\"payload\":\"one\",\"expect_bytes\":9,\"keep_open\":true,\"timeout\":\"50ms\"" \
		"\"protocol\":\"udp\",\"target\":\"$ODD\",\"payload\":\"two\",\"expect_bytes\":9,\"keep_open\":true,\"timeout\":\"1s\",\"assertions\":[{\"type\":\"contains\",\"value\":\"two\"}]"
	ended "timeout_response success"
	odd twice
	tasks "\"protocol\":\"udp\",\"target\":\"$ODD\",\"payload\":\"mine\",\"expect_substring\":\"mine\"" \
		"\"protocol\":\"udp\",\"target\":\"$ODD\",\"payload\":\"mine\",\"expect_bytes\":99,\"assertions\":[{\"type\":\"regex\",\"pattern\":\"^wait\$\"}]"
	ended "success success"
}

@test "names, IPv6, unix sockets, pins and source addresses" {
	local port
	echo_ports
	port=${TCP##*:}
	odd pieces ::1
	local six=$ODD
	odd unix "$PWD/sock"
	options=("${once[@]}" --resolve "shop.test:$port:127.0.0.1" --connect-to "other.test:7:$TCP")
	tasks "\"target\":\"localhost:$port\",\"payload\":\"x\",\"expect_bytes\":1" \
		"\"target\":\"$six\",\"payload\":\"x\",\"expect_bytes\":1" \
		"\"target\":\"$ODD\",\"payload\":\"x\",\"expect_bytes\":1" \
		"\"target\":\"shop.test:$port\",\"payload\":\"x\",\"expect_bytes\":1" \
		"\"target\":\"other.test:7\",\"payload\":\"x\",\"expect_bytes\":1" \
		"\"protocol\":\"udp\",\"target\":\"localhost:${UDP##*:}\",\"payload\":\"x\",\"expect_bytes\":1"
	ended "success success success success success success"
	options=("${once[@]}" --bind 127.0.0.9)
	tasks "\"target\":\"$TCP\",\"payload\":\"x\",\"expect_bytes\":1" \
		"\"protocol\":\"udp\",\"target\":\"$UDP\",\"payload\":\"x\",\"expect_bytes\":1"
	ended "success success"
}

@test "targets and payloads may hold placeholders, and hex: is the plan's word" {
	echo_ports
	options=("${once[@]}" --var "at=$TCP" --var bytes=4142)
	tasks '"target":"${var.at}","payload":"hex:${var.bytes}","expect_substring":"AB"'
	ended "success"
	# A value that comes from an answer cannot be told before.
	tasks '"target":"${var.at}","payload":"xhex:41","expect_bytes":7,"extract":[{"var":"got","from":"regex","pattern":"x(.*)"}]' \
		'"target":"${var.at}","payload":"${got}","expect_substring":"hex:41"' \
		'"target":"${got}:x","payload":"x"' \
		'"target":"${var.at}","payload":"hex:${got}"'
	ended "success success value value"
	expect "on the wire" 2 "$(of_end .ledger.wire stream)"
	tasks '"target":"${var.bytes}","payload":"x"' && return 1
	grep -q 'task.plan:1:.*a target is HOST:PORT' run.err
}

@test "what cannot be is told with its place" {
	local members want
	while IFS='|' read -r members want; do
		options=("${once[@]}")
		tasks "$members" && return 1
		grep -qF -- "$want" run.err || { echo "$members"; cat run.err; return 1; }
	done <<-'EOT'
	"target":"127.0.0.1"|a target is HOST:PORT, [IPv6]:PORT or unix:PATH
	"target":"127.0.0.1:0"|a target is HOST:PORT
	"target":"::1:80"|an IPv6 address stands in []
	"target":":80"|the target has no host
	"target":"unix:/x","protocol":"udp"|a unix socket goes with tcp
	"payload":"hex:0"|an odd number of digits
	"payload":"hex:zz"|pairs of hexadecimal digits
	"protocol":"sctp"|unknown protocol 'sctp'
	"protocol":"udp","tls":true|there is no TLS over udp
	"expect_bytes":-1|expect_bytes
	"expect_bytes":99999999|at most 16777216
	"verify":"no.pem","tls":true|no.pem
	EOT
}

@test "each new user of the open model has a connection of its own" {
	echo_ports
	options=(--rate 40/s -n 8)
	printf '{"type":"task","target":"%s","payload":"x","expect_bytes":1,"keep_open":true}\n' "$TCP" >task.plan
	timeout 60 ld-run -q --user socket_user "${options[@]}" task.plan >stream
	expect "connects" 8 "$(jq -s '[.[] | select(.type == "sample" and .connect_ns)] | length' stream)"
}

@test "what came behind an answer is not the next one" {
	odd pieces
	options=(-u 1 -n 3 --wait 200ms)
	tasks "\"target\":\"$ODD\",\"payload\":\"a-XYZW\",\"expect_bytes\":2,\"keep_open\":true,\"assertions\":[{\"type\":\"contains\",\"value\":\"a-\"}]"
	ended "success success success"
	expect "connects" 1 "$(jq -s '[.[] | select(.type == "sample" and .connect_ns)] | length' stream)"
}
