#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a run needs of this host, told before anything is sent; and where its
# connections come from.

load helper

plan() {
	cat <<EOT
[["LD_start_test", {"user": "fast_http_user", "user_count": 20, "spawn_rate": 1000,
  "passes": 3, "wait": 0, "tasks": [{"method": "get", "request_url": "$TARGET/get"},
  {"method": "get", "request_url": "$TARGET/ip"}]}]]
EOT
}

null() {
	echo '[["LD_start_test",{"user":"null_user","passes":1,"wait":0,"spawn_rate":1e6,"tasks":[{}]}]]'
}

@test "more users than descriptors are refused before the run, with the numbers" {
	start_target
	run bash -c 'ulimit -n 100; ld-run -q -u 500 -e "$1"' - "$(plan)"
	[ "$status" -eq 7 ]
	[[ "$output" == *"500 users need "*" file descriptors (500 for connections, "*" of our own), and the hard limit is 100: raise it (ulimit -Hn, LimitNOFILE=), or take fewer" ]]
	[ "$(server_count)" -eq 0 ]
	# The soft limit is ours to raise, and a driver without sockets needs none.
	run bash -c 'ulimit -Sn 40; ld-run -q -u 60 -e "$1" >/dev/null' - "$(plan)"
	[ "$status" -eq 0 ]
	run bash -c 'ulimit -n 100; ld-run -q -u 500 -e "$1" >/dev/null' - "$(null)"
	[ "$status" -eq 0 ]
}

@test "users beyond the memory are refused, with the numbers" {
	run ld-run -q -u 1000000000 -e "$(null)"
	[ "$status" -eq 7 ]
	[[ "$output" == *"1000000000 users need about 1.9 TiB of memory (2.0 KiB each), and "*" can be had: "* ]]
}

@test "an open model that may need more is warned of, and runs" {
	start_target
	run bash -c 'ulimit -n 100; ld-run --rate 20/s -t 100ms -e "$1" 2>&1 >/dev/null | head -n 1' - \
		"[[\"LD_start_test\",{\"user\":\"fast_http_user\",\"tasks\":[{\"method\":\"get\",\"request_url\":\"$TARGET/get\"}]}]]"
	[[ "$output" == "ld-run: 10000 sessions need "*" file descriptors "* ]]
	[ "$(server_count)" -eq 2 ]
}

@test "begin has what was found" {
	ld-run -q -e "$(null)" -o stream
	jq -es 'map(select(.type == "begin"))[0].limits | .ports > 0 and .cores > 0 and .memory_bytes > 0 and has("descriptors")' stream
}

@test "a document is explained, and nothing is sent" {
	start_target
	run -0 ld-run --explain -e "$(plan)" --bind 127.0.0.2,127.0.0.3
	[[ "$output" == *"run 1: fast_http_user, the closed model"* ]]
	[[ "$output" == *"requests     120 at most: 2 tasks a pass, to $TARGET"* ]]
	[[ "$output" == *"connections  20 to each server; "* ]]
	[[ "$output" == *"ports        20 to one server address, "* ]]
	[ "$(server_count)" -eq 0 ]
	run -0 bash -c 'ld-run --explain --json --rate 100/s -t 2s -e "$1" | jq -c ".runs[0] | [.model, .arrivals, .requests_at_most, .users, .refused]"' - \
		'[["LD_start_test",{"user":"null_user","tasks":[{},{}]}],["LD_summary"]]'
	[ "$output" = '["open",200,400,null,null]' ]
}

@test "explaining opens no socket and looks up no name" {
	command -v strace >/dev/null || skip "no strace"
	case ${SANITIZERS-} in
	thread | address*) skip "strace and a sanitizer do not go together" ;;
	esac
	strace -f -qq -e trace=network,openat -o trace ld-run --explain -e \
		'[["LD_start_test",{"user":"fast_http_user","tasks":[{"method":"get","request_url":"http://www.example.test/"}]}]]' >/dev/null
	grep -q openat trace
	run grep -E 'socket\(AF_INET|resolv.conf' trace
	[ "$status" -eq 1 ]
}

@test "what is refused is explained all the same" {
	run ld-run --explain -u 1000000000 -e "$(null)"
	[ "$status" -eq 7 ]
	[[ "$output" == *"  refused      1000000000 users need about "* ]]
	run bash -c 'ld-run --explain --json -u 1000000000 -e "$1" 2>/dev/null | jq -r ".runs[0].refused"' - "$(null)"
	[[ "$output" == "1000000000 users need about "* ]]
}

@test "options that leave each other without effect are refused" {
	run ld-run --json -e "$(null)"
	[ "$status" -eq 2 ]
	run ld-run --explain --dry -e "$(null)"
	[ "$status" -eq 2 ]
}

@test "connections come from the addresses they were bound to, in turn" {
	start_target --record
	local plan
	plan="[[\"LD_start_test\",{\"user\":\"fast_http_user\",\"user_count\":1,\"passes\":4,\"wait\":0,
	  \"tasks\":[{\"method\":\"get\",\"request_url\":\"$TARGET/ip\",\"headers\":{\"Connection\":\"close\"},
	  \"extract\":[{\"var\":\"ip\",\"from\":\"json_path\",\"path\":\"origin\"}]},
	  {\"method\":\"get\",\"request_url\":\"$TARGET/get?from=\${ip}\",\"headers\":{\"Connection\":\"close\"}}]}]]"
	ld-run -q --threads 1 --bind 127.0.0.2 --bind 127.0.0.3,127.0.0.4 -e "$plan" -o stream
	curl -s "$TARGET/ld/requests" | jq -r 'select(.target | startswith("/get")).target' >seen
	[ "$(sort -u seen | tr '\n' ' ')" = "/get?from=127.0.0.2 /get?from=127.0.0.3 /get?from=127.0.0.4 " ]
	# The plan can say it, too, and the command line wins.
	ld-run -q --threads 1 -e "${plan/\"passes\"/\"bind\": [\"127.0.0.7\"], \"passes\"}" -o stream
	curl -s "$TARGET/ld/requests" | grep -q from=127.0.0.7
}

@test "an address of another host, or of no host, is refused by name" {
	run ld-run --bind 192.0.2.1 -e "$(null)"
	[ "$status" -eq 2 ]
	[[ "$output" == *"--bind: '192.0.2.1' is no address of this host"* ]]
	run ld-run --bind localhost -e "$(null)"
	[ "$status" -eq 2 ]
	run ld-run -e '[["LD_start_test",{"user":"null_user","bind":["192.0.2.1"],"tasks":[{}]}]]'
	[ "$status" -eq 4 ]
	[[ "$output" == *"-e:1:"*"'bind': '192.0.2.1' is no address of this host"* ]]
}

@test "with few ports more source addresses are more connections" {
	unshare -rn true 2>/dev/null || skip "no network namespaces here"
	cat >inside <<'EOT'
ip link set lo up 2>/dev/null || ifconfig lo up
echo "40000 40009" >/proc/sys/net/ipv4/ip_local_port_range
ld-target -p 8080 >url 2>/dev/null &
target=$!
until [ -s url ]; do sleep 0.05; done
p='[["LD_start_test",{"user":"fast_http_user","user_count":18,"spawn_rate":1000,"passes":2,"wait":0,"tasks":[{"method":"get","request_url":"http://127.0.0.1:8080/delay/0.3"}]}]]'
ld-run -q -e "$p" -o few 2>few.err
ld-run -q -e "$p" -o many --bind 127.0.0.2,127.0.0.3,127.0.0.4
kill $target
EOT
	command -v ip >/dev/null || command -v ifconfig >/dev/null || skip "nothing sets a link up"
	unshare -rn bash inside
	jq -es 'map(select(.type == "end"))[0] | .ledger.failure.local_ports > 0 and .validity.state == "invalid"' few
	jq -es 'map(select(.type == "end"))[0] | .ledger.failure == {} and .ledger.success == 36' many
}
