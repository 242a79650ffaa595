#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What curl sends, and what ld-run sends of the same command line: equal.
#
# A row is a command line.  It is given to curl, and through ld-import to
# ld-run, with the same recorder (peers/recorder.c); then what that kept is
# compared: the request line, the header lines sorted, their names in any case,
# and the body to the byte.  These differ, and nothing else may:
#
#   User-Agent            the version of curl
#   Accept-Encoding       zstd, which depends on how curl was built
#   Connection            keep-alive, which HTTP/1.1 takes for granted
#   Content-Length: 0     which ld-run sends with a method that means a body
#   any                   blanks behind a value, which are no part of it
#   boundary              of a form, and where it differs in length also its
#                         Content-Length, which is held against the body
#
# In a row HOST is host and port of the recorder, PORT its port and SOCKET the
# path of another one.  "!" in front: curl fails, and so does the exchange.
set -u
rows() {
	cat <<'EOF'
curl -s http://HOST
curl -s HOST/a?b=c
curl -s http://HOST?x=1
curl -q -s 'http://HOST/a/./b/../../c?d=../e#f'
curl -s --path-as-is 'http://HOST/a/./b/../../c'
curl -s 'http://HOST/%2e%2e/%zz/é?é' -g
curl -s -g 'http://HOST/{}[]|"<>^`\x'
curl -s 'http://HOST/{a,b}/[1-3]' 'http://HOST/[01-05:2]'
curl -s 'http://HOST/[a-e:2]'
curl -s 'http://HOST/\{a\}'
curl -s -G -d a=b -d c=%2F --data-urlencode 'e=f g' 'http://HOST/x?y=%2F'
curl -s -G -d é=%C3 http://HOST/x
curl -s -G -I -d a=b http://HOST/x
curl -s --url-query 'a=b c' --url-query '+d=%2F' http://HOST/x
curl -s -I http://HOST/x
curl -s -X POST http://HOST/x
curl -s -X PATCH -d a=b http://HOST/x
curl -s -X DELETE -d a=b http://HOST/x
curl -s -X DELETE http://HOST/x
curl -s -X PURGE http://HOST/x
curl -s -X GET -d a=b http://HOST/x
curl -s -X OPTIONS --request-target '*' http://HOST/x
curl -s http://HOST/1 -o /dev/null --url http://HOST/2 --next -s -d a http://HOST/3
curl -s -0 http://HOST/x
curl -s -0 -d a=b http://HOST/x
curl -s --http1.1 http://HOST/x
curl -s -K conf http://HOST/x
curl -s --proto-default http HOST/x
curl -s -x http://HOST http://some.where/x
curl -s --proxy HOST http://some.where/x?y=z -d a=b
curl -s -x http://HOST --proxy-user 'a:p@ b' --proxy-basic http://some.where/x
curl -s --digest -u a:b http://HOST/x
curl -s --http2 --http1.1 http://HOST/x
curl -s --connect-to some.where:80:HOST http://some.where/x
curl -s --resolve some.where:PORT:127.0.0.1 http://some.where:PORT/x
curl -s --unix-socket SOCKET -d a=b http://some.where/x
curl -s --unix-socket SOCKET -F a=b http://some.where:81/x
curl -s -d a=b -d 'c d' http://HOST/x
curl -s -d '' http://HOST/x
curl -s -d @lines.txt -d x http://HOST/x
curl -s --data-ascii @lines.txt http://HOST/x
curl -s --data-binary @text.txt http://HOST/x
curl -s --data-binary @nul.bin --data-raw @x http://HOST/x
curl -s --data-binary @large.txt http://HOST/x
curl -s --data-binary @huge.txt http://HOST/x
curl -s --data-binary @huge.txt -H Expect: http://HOST/x
curl -s --data-raw '${a}${' http://HOST/x
curl -s --data-raw $'a\xff\303\251' http://HOST/x
curl -s --data-urlencode 'a b' --data-urlencode '=c&d' --data-urlencode n=é --data-urlencode @text.txt --data-urlencode m@text.txt http://HOST/x
curl -s --json '{"a":1}' http://HOST/x
curl -s --json '[' --json @x.json --json ']' -d x -H 'Accept: a/b' http://HOST/x
curl -s -T text.txt http://HOST/d/
curl -s -T large.txt http://HOST/d http://HOST/e
curl -s -T nul.bin -0 http://HOST/d/?q
curl -s -T huge.txt http://HOST/d/
curl -s -d @- http://HOST/x <x.json
curl -s -F a=b -F 'c= d ;type=text/x; q=r' http://HOST/x
curl -s -F f=@text.txt -F 'g=<x.html' -F 'h=<text.txt' http://HOST/x
curl -s -F 'f=@x.json;filename="q\"é.png";type=a/b' -F 'g=v;filename=z.pdf' http://HOST/x
curl -s -F 'f=@nul.bin;headers="X-A: b"' -F 'g=v;headers=@heads' http://HOST/x
curl -s -F '"a"=b' -F 'a"b=c' --form-string 'x=@y;type=z' http://HOST/x
curl -s -F 'f=@large.txt' http://HOST/x
curl -s -F 'f=@huge.txt' http://HOST/x
curl -s -F 'f=@x.html,text.txt' -F a=b http://HOST/x
curl -s --form-escape -F 'a"\b=c' -F 'f=@x.html;filename="a\"b"' http://HOST/x
curl -s -F 'w=(;type=multipart/mixed' -F '=one' -F '=two;type=text/plain' -F '=)' -F z=y http://HOST/x
curl -s -F 'f=@nul.bin;encoder=base64' -F 'g=@large.txt;encoder=8bit' http://HOST/x
curl -s -F a=b -H 'Content-Type: multipart/form-data' http://HOST/x
curl -s -F a=b -H 'Content-Type: multipart/related' http://HOST/x
curl -s -X PUT -F a=b http://HOST/x
curl -s -H 'X-A: 1' -H 'X-B;' -H 'x-a: 2' -H 'X-C:3' -H @heads http://HOST/x
curl -s -H 'Accept:' -H 'User-Agent:' http://HOST/x
curl -s -H 'Host: other' http://HOST/x
curl -s -H 'Connection: close' http://HOST/x
curl -s -H 'Connection: keep-alive' -H 'Upgrade-Insecure-Requests: 1' http://HOST/x
curl -s -H 'Content-Type:' -d a http://HOST/x
curl -s -H 'content-type: a/b' -H 'Expect:' -d a http://HOST/x
curl -s -H 'Expect:' -T x.html http://HOST/x
curl -s -H 'Content-Length: 1' -d a http://HOST/x
curl -s -H 'X: a  b ' -H 'X-E: é' -H 'X-D: ${a}' http://HOST/x
curl -s -A me -e http://r/ http://HOST/x
curl -s -A '' -e 'http://r/;auto' http://HOST/x
curl -s --compressed http://HOST/x
curl -s --compressed -H 'Accept-Encoding: br' http://HOST/x
curl -s -r 0-4 http://HOST/x
curl -s -r 0-1,-5 http://HOST/x
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
curl -s -u a:b http://c:d@HOST/x
curl -s -u a:b -H 'Authorization: x' http://HOST/x
curl -s --oauth2-bearer token http://HOST/x
curl -s -b 'a=b; c=d' -b e=f http://HOST/x
curl -s -b jar http://HOST/p/x
curl -s -b jar -j -b a=b http://HOST/
curl -s -b none -c none http://HOST/x
curl -s -b a=b -H 'Cookie: c=d' http://HOST/x
curl -s http://HOST/go/302/x
curl -sL http://HOST/go/301/go/307/x
curl -sL --max-redirs 2 http://HOST/go/301/go/302/x
! curl -sL --max-redirs 1 http://HOST/go/301/go/302/x
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
curl -sL -H 'Authorization: x' -H 'Cookie: a=b' http://HOST/leave/302/x
curl -sL -u a:b http://HOST/go/302/x
curl -s --location-trusted -u a:b http://HOST/leave/302/x
EOF
}

# Of the options that a task is made of, those whose effect is no byte of
# HTTP: unit/test_curl.c and cmd/ld-run.bats have them.
elsewhere=' socks4 socks4a socks5 socks5-basic socks5-hostname cacert cert cert-type insecure key key-type max-time pass '

files() {
	printf 'a b\r\nc\0d\n' >text.txt
	printf '<b>\n' >x.html
	printf 'a b\r\nc\n' >lines.txt
	printf '{"a":1}' >x.json
	printf '\0\1\2\377' >nul.bin
	printf 'X-A: 1\nX-B: 2\n' >heads
	head -c 70000 /dev/zero | tr '\0' 'x' >large.txt
	head -c 1100000 /dev/zero | tr '\0' 'y' >huge.txt
	{
		echo '# Netscape HTTP Cookie File'
		printf '%s\tFALSE\t%s\tFALSE\t%s\t%s\t%s\n' \
			127.0.0.1 / 0 s 1 127.0.0.1 / 4102444800 dd 2 \
			127.0.0.1 /p 0 x 3 127.0.0.1 / 1 old 4 \
			127.0.0.1 / 4102444800 d 5 other / 0 o 6
	} >jar
	printf 'request = PUT\ndata "a \\"b\\""\n# x\nheader: X-C:\t1\n' >conf
	touch -d '2025-11-04 10:00:00 UTC' dated
}

# start_recorder DIR [PATH]: the first line it says to DIR.says, after 20 s at
# the latest.
recorders=()
start_recorder() {
	local n
	mkdir "$1"
	: >"$1.says"
	"$builddir/tests/peers/recorder" "$@" >"$1.says" 2>"$1.err" 3>&- &
	recorders+=($!)
	for ((n = 0; n < 1000; n++)); do
		IFS= read -r says <"$1.says" && return
		sleep 0.02
	done
	echo "Bail out! no recorder: $(cat "$1.err")"
	exit 99
}

clean() {
	kill "${recorders[@]}" 2>/dev/null
	wait "${recorders[@]}" 2>/dev/null
	rm -rf "$directory"
}

# How many requests a recorder has kept: the head is written last.
kept=0
count_kept() {
	while [ -e "$1/$((kept + 1)).head" ]; do
		kept=$((kept + 1))
	done
}

# The head in a form that can be compared, and the name of its boundary.
normal_head() {
	LC_ALL=C awk '{ sub(/\r$/, "") }
	    NR == 1 { print "0 " $0; next }
	    /^$/ { next }
	    { i = index($0, ":"); name = tolower(substr($0, 1, i - 1))
	      value = substr($0, i + 1); gsub(/^ +| +$/, "", value)
	      if (name == "user-agent")
	          sub(/^curl\/[-0-9.A-Za-z]*$/, "curl", value)
	      if (name == "accept-encoding") sub(/, zstd/, "", value)
	      if (name == "connection" && value == "keep-alive") next
	      if (name == "content-length" && value == "0") next
	      if (sub(/boundary=[-0-9A-Za-z]*/, "boundary=B", value)) form = 1
	      if (name == "content-length") length_line = "1 " name ": " value
	      else print "1 " name ": " value }
	    END { if (length_line != "" && !form) print length_line }' "$1" |
		LC_ALL=C sort
}

normal_body() {
	local boundary script=
	for boundary in $(LC_ALL=C grep -aho 'boundary=[-0-9A-Za-z]*' "$@"); do
		script="$script;s/${boundary#boundary=}/BOUNDARY/g"
	done
	LC_ALL=C sed "$script" "$2"
}

# Is the body as long as its head says?
length_is_true() {
	local said
	said=$(LC_ALL=C sed -n 's/^content-length: *\([0-9]*\).*/\1/Ip' "$1.head")
	[ -z "$said" ] || [ "$said" -eq "$(stat -c %s "$1.body")" ] ||
		{ echo "$1: its Content-Length is $said"; return 1; }
}

# same_request THEIRS OURS
same_request() {
	length_is_true "$1" && length_is_true "$2" || return
	normal_head "$1.head" >theirs.head
	normal_head "$2.head" >ours.head
	diff theirs.head ours.head || return
	cmp -s "$1.body" "$2.body" && return
	normal_body "$1.head" "$1.body" >theirs.body
	normal_body "$2.head" "$2.body" >ours.body
	cmp theirs.body ours.body
}

# send_both COMMAND: true when both did what is wanted of them.
send_both() {
	local command=${1#"! "} status=0 wanted=0
	bash -c "$command" >curl.out 2>curl.err </dev/null || status=$?
	[ "$command" = "$1" ] || wanted=1
	[ "$((status != 0))" -eq "$wanted" ] ||
		{ echo "curl: status $status, $(cat curl.err)"; return 1; }
	count_kept "$dir"
	theirs=$kept
	ld-import curl -q --command "$command" >plan ||
		{ echo "ld-import: status $?"; return 1; }
	timeout 20 ld-run -q -u 1 -n 1 --wait 0 plan >stream 2>run.err ||
		{ echo "ld-run: status $?, $(cat run.err)"; return 1; }
	[ "$wanted" -eq 0 ] || grep -q '"outcome":"failure"' stream ||
		{ echo "ld-run: no exchange failed"; return 1; }
}

# compare ROW
compare() {
	local command=$1 dir=tcp before n theirs=0 status=0
	command=${command//HOST/127.0.0.1:$port}
	command=${command//PORT/$port}
	[ "$command" = "${command/SOCKET/}" ] || dir=unix
	command=${command//SOCKET/$directory/socket}
	[ "$dir" = tcp ] && kept=$kept_tcp || kept=$kept_unix
	before=$kept
	send_both "$command" || status=1
	count_kept "$dir"
	[ "$dir" = tcp ] && kept_tcp=$kept || kept_unix=$kept
	[ "$status" -eq 0 ] || return
	n=$((theirs - before))
	[ "$n" -gt 0 ] && [ "$((kept - theirs))" -eq "$n" ] || {
		echo "curl sent $n requests, ld-run $((kept - theirs))"
		return 1
	}
	for ((; before < theirs; before++)); do
		same_request "$dir/$((before + 1))" \
			"$dir/$((before + 1 + n))" || return
	done
}

# Names and letters of the options that become part of a task.
options() {
	sed -nE "s/^\t(SETS|WORD|LIST|PROXY_AS)\(\"([^\"]*)\", (0|'(.)'),.*/\2 \4/p
		/^\tROW\(.*(LOST|REFUSED|AUTH),/d
		s/^\tROW\(\"([^\"]*)\", (0|'(.)'),.*/\1 \3/p" \
		"$srcdir/lib/importers/curl_options.c"
}

# Is there a row with this option, in whole or behind -s?
has_row() {
	case $elsewhere in
	*" $1 "*) return ;;
	esac
	grep -q -e " --$1 " commands && return
	[ -n "$2" ] && grep -q -e " -s*$2" commands
}

covers_all_options() {
	local name letter n=0 status=0
	while read -r name letter; do
		n=$((n + 1))
		has_row "$name" "$letter" || { echo "no row has --$name"; status=1; }
	done < <(options)
	[ "$n" -ge 50 ] || { echo "only $n options were found"; status=1; }
	return "$status"
}

# tell N STATUS NAME TEXT
tell() {
	[ "$2" -eq 0 ] || { printf '%s\n' "$4" | sed 's/^/# /'; echo -n 'not '; }
	printf 'ok %s - %s\n' "$1" "${3//#/\\#}"
}

main() {
	local n=0 said status all=0
	directory=$(mktemp -d) || exit 99
	trap clean EXIT
	cd "$directory" || exit 99
	rows >commands
	echo "1..$(($(wc -l <commands) + 1))"
	files
	start_recorder tcp
	port=$says
	start_recorder unix "$directory/socket"
	kept_tcp=0 kept_unix=0
	while IFS= read -r row <&4; do
		n=$((n + 1)) status=0
		compare "$row" >said 2>&1 || status=1 all=1
		said=$(cat said)
		tell "$n" "$status" "$row" "$said"
	done 4<commands
	status=0
	said=$(covers_all_options) || status=1 all=1
	tell "$((n + 1))" "$status" \
		'there is a row for each option that changes what is sent' "$said"
	return "$all"
}

case ${1-} in
--tap) main ;;
*)
	if ! command -v curl >/dev/null; then
		echo '1..0 # SKIP no curl'
	elif [ -e ~/.curlrc ]; then
		echo '1..0 # SKIP there is a .curlrc'
	else
		exec "$srcdir/tests/run-bats" "$0" "$0"
	fi
	;;
esac
