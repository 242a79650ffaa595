#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What curl sends, and what ld-run sends of the same command line: equal.
#
# A row is a command line, in which HOST is host and port of the recorder.  It
# is given to curl, and through ld-import to ld-run, each with a recorder of
# its own (peers/recorder.c); then what the recorders kept is compared: the
# request line, the header lines sorted, names in any case, and the body.
# These differ, and nothing else may:
#
#   Host                  the port of the recorder; its presence is compared
#   User-Agent            the version of curl; its absence is compared
#   Accept-Encoding       zstd, which depends on how curl was built
#   Connection            keep-alive, which HTTP/1.1 takes for granted
#   Content-Length: 0     which ld-run sends with a method that means a body
#   boundary, and with it
#   Content-Length        of a form: how long it is is checked on either side

load helper

# start_recorder DIR [PATH]: its port in DIR.port.
start_recorder() {
	mkdir -p "$1"
	: >"$1.port"
	"$builddir/tests/peers/recorder" "$@" >"$1.port" 2>"$1.err" 3>&- &
	keep $!
	wait_for has_line "$1.port"
}

# The length of a body is what its header says, and then it may go.
check_length() {
	local said
	said=$(sed -n 's/^[Cc]ontent-[Ll]ength: *\([0-9]*\)\r*$/\1/p' "$1.head")
	[ -z "$said" ] || [ "$said" -eq "$(stat -c %s "$1.body")" ]
}

# head_of FILE PORT: its lines in a form that can be compared.
head_of() {
	tr -d '\r' <"$1" | sed -e '/^$/d' -e "s/:$2\\b/:PORT/g" \
		-e 's/boundary=[-0-9A-Za-z]*/boundary=B/' |
		awk 'NR == 1 { print; next }
		    { i = index($0, ":"); v = substr($0, i + 1)
		      sub(/^[ \t]*/, "", v); print tolower(substr($0, 1, i)) " " v }' |
		sed -e 's|^user-agent: curl/[-0-9.A-Za-z]*$|user-agent: curl|' \
			-e '/^accept-encoding:/s/, zstd//' \
			-e '/^connection: keep-alive$/d' \
			-e '/^content-length: 0$/d' >"$1.lines"
	if grep -q 'boundary=B' "$1.lines"; then
		sed -i '/^content-length:/d' "$1.lines"
	fi
	head -n 1 "$1.lines"
	sed 1d "$1.lines" | LC_ALL=C sort
}

# body_of N: the body, the boundaries of its head by one name.
body_of() {
	local boundary
	cp "$1.body" "$1.plain"
	for boundary in $(grep -ao 'boundary=[-0-9A-Za-z]*' "$1.head" "$1.body" |
		sed 's/.*boundary=//'); do
		LC_ALL=C sed -i "s/$boundary/BOUNDARY/g" "$1.plain"
	done
	cat "$1.plain"
}

# same_requests ROW: as many, and each the same.
same_requests() {
	local n ok=0 a b
	a=$(find theirs -name '*.head' | wc -l)
	b=$(find ours -name '*.head' | wc -l)
	[ "$a" -gt 0 ] && [ "$a" -eq "$b" ] ||
		{ echo "$1: curl sent $a requests, ld-run $b"; return 1; }
	for ((n = 1; n <= a; n++)); do
		head_of "theirs/$n.head" "$(cat theirs.port)" >a.head
		head_of "ours/$n.head" "$(cat ours.port)" >b.head
		body_of "theirs/$n" >a.body
		body_of "ours/$n" >b.body
		check_length "theirs/$n" && check_length "ours/$n" &&
			diff a.head b.head && cmp a.body b.body && continue
		echo "$1: request $n differs"
		ok=1
	done
	return "$ok"
}

# compare ROW: run it both ways.
compare() {
	local port status=0
	rm -rf theirs/* ours/*
	# Every recorder counts on; a fresh pair for each row is simpler.
	stop_all
	start_recorder theirs
	start_recorder ours
	port=$(cat theirs.port)
	bash -c "${1//HOST/127.0.0.1:$port}" >curl.out 2>curl.err </dev/null ||
		{ echo "$1: curl: $? $(cat curl.err)"; return 1; }
	port=$(cat ours.port)
	ld-import curl -q --command "${1//HOST/127.0.0.1:$port}" >plan ||
		{ echo "$1: ld-import: $?"; return 1; }
	timeout 20 ld-run -q -u 1 -n 1 --wait 0 plan >stream 2>run.err || status=$?
	[ "$status" -eq 0 ] || { echo "$1: ld-run: $status $(cat run.err)"; return 1; }
	same_requests "$1" || { grep '"task"' plan; return 1; }
}

files() {
	printf 'a b\r\nc\0d\n' >text.txt
	printf '<b>\n' >x.html
	printf 'a b\r\nc\n' >lines.txt
	printf '{"a":1}' >x.json
	printf '\0\1\2\377' >nul.bin
	printf 'X-A: 1\nX-B: 2\n' >heads
	head -c 70000 /dev/zero | tr '\0' 'x' >large.txt
	head -c 1100000 /dev/zero | tr '\0' 'y' >huge.txt
	printf '# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\ts\t1\n127.0.0.1\tFALSE\t/\tFALSE\t4102444800\tdd\t2\n127.0.0.1\tFALSE\t/p\tFALSE\t0\tx\t3\n127.0.0.1\tFALSE\t/\tFALSE\t1\told\t4\n127.0.0.1\tFALSE\t/\tFALSE\t4102444800\td\t5\nother\tFALSE\t/\tFALSE\t0\to\t6\n' >jar
	printf 'request = PUT\ndata "a \\"b\\""\n# x\nheader: X-C:\t1\n' >conf
	touch -d '2025-11-04 10:00:00 UTC' dated
}

rows() {
	local row failed=0
	files
	while IFS= read -r row; do
		[ -n "$row" ] || continue
		compare "$row" || failed=1
	done
	return "$failed"
}

need_curl() {
	command -v curl >/dev/null || skip "no curl"
	[ ! -e ~/.curlrc ] || skip "there is a .curlrc"
}

@test "methods and URLs are those of curl" {
	need_curl
	rows <<'EOF'
curl -s http://HOST
curl -s HOST/a?b=c
curl -s http://HOST?x=1
curl -s 'http://HOST/a/./b/../../c?d=../e#f'
curl -s --path-as-is 'http://HOST/a/./b/../../c'
curl -s 'http://HOST/%2e%2e/%zz/é?é' -g
curl -s -g 'http://HOST/{}[]|"<>^`\x'
curl -s 'http://HOST/{a,b}/[1-3]' 'http://HOST/[01-05:2]'
curl -s 'http://HOST/\{a\}'
curl -s -G -d a=b -d c=%2F --data-urlencode 'e=f g' 'http://HOST/x?y=%2F'
curl -s -G -d é=%C3 http://HOST/x
curl -s -G -I -d a=b http://HOST/x
curl -s --url-query 'a=b c' --url-query '+d=%2F' http://HOST/x
curl -s -I http://HOST/x
curl -s -X POST http://HOST/x
curl -s -X DELETE -d a=b http://HOST/x
curl -s -X PURGE http://HOST/x
curl -s -X OPTIONS --request-target '*' http://HOST/x
curl -s http://HOST/1 -o /dev/null --url http://HOST/2 --next -s -d a http://HOST/3
curl -s -0 http://HOST/x
curl -s -0 -d a=b http://HOST/x
curl -s --http1.1 http://HOST/x
curl -s -K conf http://HOST/x
curl -s --proto-default http HOST/x
curl -s --connect-to some.where:80:HOST http://some.where/x
EOF
}

@test "bodies are those of curl, to the byte" {
	need_curl
	rows <<'EOF'
curl -s -d a=b -d 'c d' http://HOST/x
curl -s -d '' http://HOST/x
curl -s -d @lines.txt -d x http://HOST/x
curl -s --data-ascii @lines.txt http://HOST/x
curl -s --data-binary @text.txt http://HOST/x
curl -s --data-binary @nul.bin --data-raw @x http://HOST/x
curl -s --data-binary @large.txt http://HOST/x
curl -s --data-binary @huge.txt http://HOST/x
curl -s --data-raw '${a}${' http://HOST/x
curl -s --data-raw $'a\xff\303\251' http://HOST/x
curl -s --data-urlencode 'a b' --data-urlencode '=c&d' --data-urlencode n=é --data-urlencode @text.txt --data-urlencode m@text.txt http://HOST/x
curl -s --json '{"a":1}' http://HOST/x
curl -s --json '[' --json @x.json --json ']' -d x -H 'Accept: a/b' http://HOST/x
curl -s -T text.txt http://HOST/d/
curl -s -T large.txt http://HOST/d http://HOST/e
curl -s -T nul.bin -0 http://HOST/d/?q
curl -s -d @- http://HOST/x <x.json
EOF
}

@test "forms are those of curl, to the byte" {
	need_curl
	rows <<'EOF'
curl -s -F a=b -F 'c= d ;type=text/x; q=r' http://HOST/x
curl -s -F f=@text.txt -F 'g=<x.html' -F 'h=<text.txt' http://HOST/x
curl -s -F 'f=@x.json;filename="q\"é.png";type=a/b' -F 'g=v;filename=z.pdf' http://HOST/x
curl -s -F 'f=@nul.bin;headers="X-A: b"' -F 'g=v;headers=@heads' http://HOST/x
curl -s -F '"a"=b' -F 'a"b=c' --form-string 'x=@y;type=z' http://HOST/x
curl -s -F 'f=@large.txt' http://HOST/x
curl -s -F 'f=@x.html,text.txt' -F a=b http://HOST/x
curl -s --form-escape -F 'a"\b=c' -F 'f=@x.html;filename="a\"b"' http://HOST/x
curl -s -F 'w=(;type=multipart/mixed' -F '=one' -F '=two;type=text/plain' -F '=)' -F z=y http://HOST/x
curl -s -F 'f=@nul.bin;encoder=base64' -F 'g=@large.txt;encoder=8bit' http://HOST/x
curl -s -F a=b -H 'Content-Type: multipart/form-data' http://HOST/x
curl -s -F a=b -H 'Content-Type: multipart/related' http://HOST/x
curl -s -X PUT -F a=b http://HOST/x
EOF
}

@test "headers, credentials and cookies are those of curl" {
	need_curl
	rows <<'EOF'
curl -s -H 'X-A: 1' -H 'X-B;' -H 'x-a: 2' -H 'X-C:3' -H @heads http://HOST/x
curl -s -H 'Accept:' -H 'User-Agent:' http://HOST/x
curl -s -H 'Host: other' http://HOST/x
curl -s -H 'Connection: close' http://HOST/x
curl -s -H 'Connection: keep-alive' -H 'Upgrade-Insecure-Requests: 1' http://HOST/x
curl -s -H 'Content-Type:' -d a http://HOST/x
curl -s -H 'content-type: a/b' -H 'Expect:' -d a http://HOST/x
curl -s -H 'Expect:' -T x.html http://HOST/x
curl -s -H 'Content-Length: 1' -d a http://HOST/x
curl -s -A me -e http://r/ http://HOST/x
curl -s -A '' -e 'http://r/;auto' http://HOST/x
curl -s --compressed http://HOST/x
curl -s -r 0-4 http://HOST/x
curl -s -r 5 -I http://HOST/x
curl -s -r 0-1 -d ab http://HOST/x
curl -s -r 0-1 -T x.html http://HOST/x
curl -s -z 'Tue, 04 Nov 2025 10:00:00 GMT' http://HOST/x
curl -s -z '-4 Nov 2025 12:00:00 +0200' http://HOST/x
curl -s -z 20251104 http://HOST/x
curl -s -z dated http://HOST/x
curl -s -u me:p:w http://HOST/x
curl -s --basic -u é:ß http://HOST/x
curl -s -u : http://HOST/x
curl -s http://u%40:p%20@HOST/x
curl -s -u a:b -H 'Authorization: x' http://HOST/x
curl -s --oauth2-bearer token http://HOST/x
curl -s -b 'a=b; c=d' -b e=f http://HOST/x
curl -s -b jar http://HOST/p/x
curl -s -b jar -j -b a=b http://HOST/
curl -s -b none -c none http://HOST/x
curl -s -b a=b -H 'Cookie: c=d' http://HOST/x
EOF
}

@test "redirects are followed as curl does" {
	need_curl
	rows <<'EOF'
curl -s http://HOST/go/302/x
curl -sL http://HOST/go/301/go/307/x
curl -sL -d a=b http://HOST/go/301/x
curl -sL -d a=b http://HOST/go/302/x
curl -sL -d a=b http://HOST/go/303/x
curl -sL -d a=b http://HOST/go/307/x
curl -sL -d a=b http://HOST/go/308/x
curl -sL --post301 --post302 --post303 -d a=b http://HOST/go/301/go/302/go/303/x
curl -sL -I http://HOST/go/303/x
curl -sL -F a=b http://HOST/go/302/x
curl -sL -T x.html http://HOST/go/307/x
curl -sL http://HOST/go/302/cookie
curl -sL -b '' http://HOST/cookie http://HOST/x
curl -sL -u a:b -H 'X-A: 1' http://HOST/leave/302/x
curl -s --location-trusted -u a:b http://HOST/leave/302/x
EOF
}

@test "a unix socket gets the same" {
	local status=0
	need_curl
	start_recorder theirs "$PWD/theirs.sock"
	start_recorder ours "$PWD/ours.sock"
	curl -s --unix-socket "$PWD/theirs.sock" -d a=b http://some.where/x
	ld-import curl -q -- curl -s --unix-socket "$PWD/ours.sock" -d a=b http://some.where/x |
		timeout 20 ld-run -q -u 1 -n 1 --wait 0 >stream || status=$?
	expect "status" 0 "$status"
	same_requests "a unix socket"
}

@test "a script of a shell runs, with the variables of the environment" {
	start_recorder ours
	cat >script.sh <<'EOF'
#!/bin/sh
# log in, then buy
curl -s -c jar -d "user=$WHO" \
	"http://$SERVER/login" | jq .
curl -s -b jar --json @- "http://$SERVER/cart" <<END
{"who": "$WHO", "n": 2}
END
EOF
	ld-import curl -q script.sh >plan
	WHO=me SERVER=127.0.0.1:$(cat ours.port) timeout 20 \
		ld-run -q -u 1 -n 1 --wait 0 plan >stream
	expect "first" "user=me" "$(cat ours/1.body)"
	expect "second" '{"who": "me", "n": 2}' "$(cat ours/2.body)"
	grep -q '^POST /cart HTTP/1.1' ours/2.head
}
