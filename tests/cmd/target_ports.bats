#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The ports of ld-target and its faults, as clients of others see them.

load ../pipe/helper

# start_ports KIND...: the first port at $TARGET, the others at ${URL[KIND]}.
start_ports() {
	local kind n=0 options=(--ca ca.pem)
	[ "${TLS-yes}" = yes ] || options=()
	for kind in "$@"; do options+=(-l "$kind"); done
	ld-target "${options[@]}" >urls 2>err 3>&- &
	keep $!
	listed() { [ "$(wc -l <urls)" -gt "$1" ]; }
	wait_for listed $#
	declare -gA URL
	TARGET=$(head -n 1 urls)
	for kind in "$@"; do
		n=$((n + 1))
		URL[$kind]=$(sed -n "$((n + 1))p" urls)
	done
}

# curl_exit URL [OPTION...]
curl_exit() {
	local status=0 url=$1
	shift
	curl -sS -m 5 --noproxy '*' "$@" -o answer "$url" 2>curl.err || status=$?
	echo "$status"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	command -v curl >/dev/null || skip "curl is not installed"
}

@test "https serves whoever trusts its authority, and nobody else" {
	start_ports https
	expect trusted 0 "$(curl_exit "${URL[https]}/get" --cacert ca.pem)"
	jq -e '.url | startswith("https://")' answer
	expect untrusted 60 "$(curl_exit "${URL[https]}/get")"
	expect localhost 0 "$(curl_exit "${URL[https]/127.0.0.1/localhost}/get" --cacert ca.pem)"
	curl -sS "$TARGET/ld/ca.pem" | cmp - ca.pem
}

@test "a certificate has the fault that its port is named after" {
	start_ports https-expired https-early https-name https-self https-issuer
	for kind in expired early name self issuer; do
		expect "$kind" 60 "$(curl_exit "${URL[https-$kind]}/get" --cacert ca.pem)"
		cat curl.err
		case $kind in
		expired) grep -i expired curl.err ;;
		early) grep -i 'not yet valid' curl.err ;;
		name) grep -i 'subject name\|alternative' curl.err ;;
		*) grep -i 'self.signed\|issuer' curl.err ;;
		esac
		expect "$kind, not looked at" 0 "$(curl_exit "${URL[https-$kind]}/get" -k)"
	done
}

@test "a handshake fails in the ways that can be ordered" {
	start_ports https-old https-text https-alert 'https-cut?at=100&as=close'
	for kind in https-old https-text https-alert 'https-cut?at=100&as=close'; do
		expect "$kind" 35 "$(curl_exit "${URL[$kind]}/get" --cacert ca.pem)"
	done
}

@test "a port refuses, closes, resets or says nothing" {
	TLS=no start_ports refuse close reset stall full
	at() { echo "http://${URL[$1]#*://}/"; }
	expect refuse 7 "$(curl_exit "$(at refuse)")"
	# By the end, or by the reset that answers what was sent behind it.
	[[ $(curl_exit "$(at close)") == 5[26] ]]
	# While it connects, or behind that.
	case $(curl_exit "$(at reset)") in 7 | 56) ;; *) false ;; esac
	expect stall 28 "$(curl_exit "$(at stall)" -m 0.3)"
	expect full 28 "$(curl_exit "$(at full)" -m 0.3)"
	grep -i 'connect\|timed out' curl.err
}

@test "tcp, tls and udp give back what they are sent, and count it" {
	start_ports tcp tls udp
	exec 7<>"/dev/tcp/127.0.0.1/${URL[tcp]##*:}"
	printf 'hello\n' >&7
	IFS= read -r -t 5 line <&7
	exec 7>&-
	expect tcp hello "$line"
	line=$( (printf 'hello\n'; sleep 1) | timeout 10 openssl s_client -quiet -CAfile ca.pem -verify_return_error \
		-connect "${URL[tls]#*://}" 2>/dev/null | head -n 1)
	expect tls hello "$line"
	line=$(python3 - "${URL[udp]##*:}" <<-'PY'
		import socket, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.settimeout(5)
		s.sendto(b"hello", ("127.0.0.1", int(sys.argv[1])))
		print(s.recv(100).decode())
	PY
	)
	expect udp hello "$line"
	curl -sS "$TARGET/ld/counts" | tee counts
	jq -e '[.. | objects | select(.bytes_in? == 6 and .bytes_out? == 6)] | length == 2' counts
	jq -e '[.. | objects | select(.datagrams? == 1)] | length == 1' counts
}

@test "frozen, it answers nobody, and goes on afterwards" {
	TLS=no start_ports
	expect freeze 0 "$(curl_exit "$TARGET/ld/freeze/1" -X POST)"
	expect frozen 28 "$(curl_exit "$TARGET/get" -m 0.3)"
	wait_for curl -sS -m 1 -o answer "$TARGET/get"
	jq -e '.method == "GET"' answer
}

@test "a share of the requests meets a fault, the same ones under the same seed" {
	statuses() {
		ld-target --seed "$1" -f 'close?share=30%&path=/get' sh -c \
			'for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
				curl -s -o /dev/null "$LOAD_DENSITY_TARGET/get"; printf "%s " $?
			done; curl -s -o /dev/null -w "%{http_code} " "$LOAD_DENSITY_TARGET/uuid"'
	}
	statuses 1 >first
	statuses 1 >again
	statuses 2 >other
	cat first
	cmp first again
	! cmp -s first other
	grep -q '52 ' first
	grep -q '0 ' first
	[[ $(cat first) == *'200 ' ]]
}

@test "what is no port, no fault and no use is said, with the nearest name" {
	run -2 ld-target -l htps true
	[[ $output == *"'htps'; did you mean 'https'"* ]]
	run -2 ld-target -f rest true
	[[ $output == *"'rest'; did you mean 'reset'"* ]]
	run -2 ld-target -f 'reset?as=x' true
	[[ $output == *"reset has no parameter 'as'"* ]]
	run -2 ld-target --ca ca.pem true
	[[ $output == *"no port with TLS"* ]]
}
