#!/bin/sh
# SPDX-License-Identifier: MIT
# The man pages, as built: well formed, complete, and of one mind with the
# commands and the schemas.
srcdir=${srcdir:-.}
cd "${builddir:-.}/man" || exit 99
# Pages that are not filled in are only in the source, or, in a tarball, all.
for page in ld.7; do
	[ -e "$page" ] || pages="$srcdir/man/$page"
done
pages="$pages $(ls ./*.[157])"
commands='ld-import ld-report ld-run ld-target'
status=0
n=0
check() {
	n=$((n + 1))
	if [ -n "$2" ]; then
		printf '%s\n' "$2" | sed 's/^/# /'
		echo "not ok $n - $1"
		status=1
	else
		echo "ok $n - $1"
	fi
}

if ! command -v mandoc >/dev/null; then
	echo '1..0 # SKIP no mandoc'
	exit 0
fi
temp=$(mktemp -d) || exit 99
trap 'rm -rf "$temp"' EXIT
backspace=$(printf '\b')
for page in $pages; do
	mandoc -T ascii -O width=78 "$page" | sed "s/.$backspace//g" \
		>"$temp/${page##*/}"
done

# The properties of the definitions whose names match the pattern $2, of the
# schema $1, one a line.
keys() {
	ld-run --schema "$1" | ${AWK:-awk} -v want="$2" '
		/^    "[^"]*": \{/ { split($0, a, "\""); wanted = a[2] ~ want }
		wanted && /^        "[^"]*": \{/ { split($0, a, "\""); print a[2] }
	' | sort -u
}

# Those of stdin that do not stand as words in page $1.
missing_in() {
	while IFS= read -r word; do
		grep -qE -e "(^|[^a-zA-Z0-9_])$word([^a-zA-Z0-9_]|\$)" "$1" ||
			echo "$word"
	done
}

echo 1..12
check 'mandoc has no warnings' \
	"$(for page in $pages; do mandoc -T lint -W warning "$page"; done 2>&1)"
check 'no line is wider than a terminal' \
	"$(cd "$temp" && grep -nE '^.{79}' ./*)"
check 'every page of the toolkit that is referred to exists' \
	"$(cat $pages | sed -n 's/^\.Xr \(ld[-a-z]*\) \([157]\).*/\1.\2/p' |
	sort -u | while read -r page; do
		[ -e "$temp/$page" ] || echo "$page"
	done)"
check 'ld(7) refers to every page, and every page to ld(7)' \
	"$(sed -n '/^SEE ALSO/,$p' "$temp/ld.7" | tr -d '\n' >"$temp/see"
	for page in $pages; do
		name=${page##*/}
		[ "$name" = ld.7 ] && continue
		grep -qF "${name%.*}(${name##*.})" "$temp/see" ||
			echo "ld(7) lacks $name"
		sed -n '/^SEE ALSO/,$p' "$temp/$name" | grep -qF 'ld(7)' ||
			echo "$name lacks ld(7)"
	done)"
check 'every option of a command is in its page' \
	"$(for c in $commands; do
		"$c" --describe words | missing_in "$temp/$c.1" |
			sed "s/^/$c: /"
	done)"
check 'the sections of a command stand in the order of all pages' \
	"$(for c in $commands; do
		grep -xE 'NAME|SYNOPSIS|DESCRIPTION|OPTIONS|EXIT STATUS|EXAMPLES|SEE ALSO' \
			"$temp/$c.1" | tr '\n' ' ' | grep -vxF 'NAME SYNOPSIS DESCRIPTION OPTIONS EXIT STATUS EXAMPLES SEE ALSO '
	done)"
check 'every key of a plan is in ld-plan(5)' \
	"$(keys plan '(_fields|^arrival|^stage|^csv_source|^assertion[.].*|^extractor[.].*)$' |
	missing_in "$temp/ld-plan.5")"
check 'every kind of assertion and extractor is in ld-plan(5)' \
	"$(ld-run --schema plan |
	sed -n 's/^    "\(assertion\|extractor\)[.]\([a-z_]*\)": {.*/\2/p' |
	missing_in "$temp/ld-plan.5")"
check 'every command of a document that this build has is in ld-plan(5)' \
	"$(ld-run --schema plan | grep -v '"not in this build"' |
	sed -n 's/^    "\(LD_[a-z_]*\)": {.*/\1/p' |
	missing_in "$temp/ld-plan.5")"
check 'every key of a record is in ld-record(5) and in doc/schemas.md' \
	"$(keys result . | tee "$temp/keys" | missing_in "$temp/ld-record.5" |
		sed 's/^/ld-record(5): /'
	missing_in "$srcdir/doc/schemas.md" <"$temp/keys" |
		sed 's/^/doc\/schemas.md: /')"
check 'every class of failures is in ld-record(5) and in doc/schemas.md' \
	"$(ld-run --schema result |
	sed -n 's/^    "class":.*"enum":\[\([^]]*\)\].*/\1/p' | tr -d '"' |
	tr , '\n' | tee "$temp/classes" | missing_in "$temp/ld-record.5"
	missing_in "$srcdir/doc/schemas.md" <"$temp/classes"
	[ "$(wc -l <"$temp/classes")" -gt 20 ] || echo 'no classes were found')"
check 'every event of doc/schemas.md is in ld-record(5)' \
	"$(sed -n '/^### event/,/^### /s/^| `\([a-z_]*\)` .*/\1/p' \
		"$srcdir/doc/schemas.md" | grep -vx event |
		tee "$temp/events" | missing_in "$temp/ld-record.5"
	[ -s "$temp/events" ] || echo 'no events were found')"
exit $status
