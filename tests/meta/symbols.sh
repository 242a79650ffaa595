#!/bin/sh
# SPDX-License-Identifier: MIT
# What libld exports is what the public headers declare, neither more nor
# less.  (A sanitizer adds symbols of its own, which are not ours.)
lib=$(find .libs lib/.libs -name 'libld.so*' -type f 2>/dev/null | head -n 1)
if [ -z "$lib" ]; then
	echo '1..0 # SKIP no shared library was built'
	exit 0
fi
temp=$(mktemp -d) || exit 99
trap 'rm -rf "$temp"' EXIT
# A declaration may go over lines: join, and cut at semicolons and braces.
# The first name before a parenthesis is the function; parameters that are
# functions themselves are not LD_API names.
cat "${srcdir:-.}"/lib/include/ld/*.h | grep -v '^[ \t]*#' | tr '\n' ' ' |
	tr ';{}' '\n\n\n' | grep LD_API |
	sed -nE 's/^.*LD_API[^(]*[^a-z0-9_](ld_[a-z0-9_]+) *\(.*$/\1/p' |
	sort -u >"$temp/declared"
${NM_TOOL:-nm} -D --defined-only "$lib" | awk '{ print $3 }' |
	grep -E '^ldi?_' | sort -u >"$temp/exported"
echo 1..2
status=0
check() {
	if [ -s "$3" ]; then
		sed 's/^/# /' "$3"
		echo "not ok $1 - $2"
		status=1
	else
		echo "ok $1 - $2"
	fi
}
comm -13 "$temp/declared" "$temp/exported" >"$temp/undeclared"
comm -23 "$temp/declared" "$temp/exported" >"$temp/missing"
check 1 'every exported symbol is declared' "$temp/undeclared"
check 2 'every declared symbol is exported' "$temp/missing"
exit $status
