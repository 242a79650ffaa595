#!/bin/sh
# SPDX-License-Identifier: MIT
# TAP: every fuzz target, once over its corpus (tests/fuzz/corpus/X for
# fuzz_X, tests/data/X too where it exists).
srcdir=${srcdir:-.}
targets=$(cd "$srcdir/tests/fuzz" && echo fuzz_*.c)
log=$(mktemp) || exit 99
trap 'rm -f "$log"' EXIT

# libFuzzer would go on to change the inputs of a directory.
once() {
	if "$1" -help=1 2>&1 </dev/null | grep -q libFuzzer; then
		set -- "$1" -runs=0 -timeout=20 "$2"
	fi
	"$@"
}

set -- $targets
echo "1..$#"
for source; do
	target=${source%.c}
	name=${target#fuzz_}
	program=tests/fuzz/$target
	ok=ok inputs=0
	for dir in "$srcdir/tests/fuzz/corpus/$name" "$srcdir/tests/data/$name"; do
		[ -d "$dir" ] || continue
		inputs=$((inputs + $(find "$dir" -type f | wc -l)))
		once "$program" "$dir" >"$log" 2>&1 && continue
		ok='not ok'
		sed 's/^/# /' "$log"
		for input in "$dir"/*; do
			once "$program" "$input" >/dev/null 2>&1 ||
				echo "# fails: $input"
		done
	done
	[ -d "$srcdir/tests/fuzz/corpus/$name" ] || {
		ok='not ok'
		echo "# no corpus in tests/fuzz/corpus/$name"
	}
	echo "$ok - $target over $inputs inputs"
done
