#!/bin/sh
# SPDX-License-Identifier: MIT
# others.sh: the table of doc/faults.md.  The faults of examples/faults are
# turned on ld-run, curl and wrk; what each of them says is a row.
#
# Not a test: what others say is theirs to change.  Run it by hand.
set -u
: "${srcdir:=.}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ "${1-}" != inside ]; then
	exec ld-target --ca "$work.pem" \
		$(sed -n 's/.*\${var\.\([a-z_]*\)}.*/\1/p' "$srcdir"/examples/faults/*.json |
			grep -v '^base$' | sort -u | tr _ - | sed 's/^/--listen /') \
		sh "$0" inside "$work.pem"
fi
ca=$2

# ports: a line "NAME ADDRESS" for each variable of the plans; addresses of
# ports that take anything have no scheme.
ports() {
	printf 'base %s\n' "$LOAD_DENSITY_TARGET"
	env | sed -n 's/^LOAD_DENSITY_TARGET_\([A-Z_]*\)=\(.*\)/\1 \2/p' |
		while read -r name address; do
			printf '%s %s\n' "$(printf '%s' "$name" | tr '[:upper:]' '[:lower:]')" \
				"${address#tcp://}"
		done
}

# url FILE
url() {
	jq -r '.load_density[0][1].tasks[0].request_url' "$1" |
		sed "$(ports | sed 's|\([^ ]*\) \(.*\)|s#${var.\1}#\2#|')"
}

vars() {
	ports | sed 's/\([^ ]*\) \(.*\)/--var \1=\2/'
}

cell() {
	tr '\n' ' ' | tr -d '|`' | sed 's/ More details here.*//' | cut -c1-110 | sed 's/ *$//'
}

ours() {
	# shellcheck disable=SC2046
	ld-run -q --ndjson --cacert "$ca" $(vars) "$1" 2>/dev/null |
		jq -r 'select(.type == "sample") | .class // .outcome' | cell
}

theirs() {
	curl -sS --compressed --cacert "$ca" -L --max-time 2 -o "$work/body" \
		"$(url "$1")" 2>"$work/err" </dev/null
	status=$?
	if [ "$status" -eq 0 ]; then
		printf 'success, %s bytes' "$(wc -c <"$work/body" | tr -d ' ')"
	else
		cell <"$work/err"
	fi
}

wrks() {
	timeout 10 wrk -t1 -c1 -d1s --timeout 1s "$(url "$1")" >"$work/wrk" 2>&1 </dev/null
	awk '/requests in/ { n = $1 } /Socket errors/ { sub(/^ */, ""); e = $0 }
	     /Non-2xx/ { sub(/^ */, ""); x = $0 } /unable|invalid/ { u = $0 }
	     END { if (u) print u; else if (n == "") print "hangs"; else print n " requests" (e ? "; " e : ", no error") (x ? "; " x : "") }' \
		"$work/wrk" | cell
}

for file in "$srcdir"/examples/faults/*.json; do
	name=$(basename "$file" .json)
	printf '| `%s` | %s | `%s` | %s | %s |\n' "$name" \
		"$(jq -r '.load_density[0][1].tasks[0].name' "$file" | cell)" \
		"$(ours "$file")" "$(theirs "$file")" "$(wrks "$file")"
done
