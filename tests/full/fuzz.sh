#!/bin/sh
# SPDX-License-Identifier: MIT
# Each fuzz target with libFuzzer for a while (LD_FUZZ_SECONDS, 60), in a
# build of its own with clang, ASan and UBSan.
seconds=${LD_FUZZ_SECONDS:-60}
if ! command -v clang >/dev/null 2>&1; then
	echo '1..0 # SKIP no clang'
	exit 0
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
if ! { "$srcdir/configure" -q CC=clang CFLAGS='-O1 -g' --with-fuzzer \
    --enable-sanitizers --disable-shared --enable-static &&
    make -j2 fuzzers; } >build.log 2>&1; then
	tail -n 20 build.log | sed 's/^/# /'
	echo '1..1'
	echo 'not ok 1 - the fuzz targets build with clang'
	exit 1
fi
set -- tests/fuzz/fuzz_*
n=0
status=0
for target; do
	[ -x "$target" ] || continue
	n=$((n + 1))
	name=${target##*/fuzz_}
	mkdir "corpus-$name"
	cp -R "$srcdir/tests/fuzz/corpus/$name/." "corpus-$name" 2>/dev/null
	if "$target" -max_total_time="$seconds" -timeout=20 \
	    -print_final_stats=1 "corpus-$name" >"$name.log" 2>&1; then
		grep -E 'number_of_executed_units|cov:' "$name.log" | tail -n 2 |
			sed 's/^/# /'
		echo "ok $n - $name bears $seconds s of fuzzing"
	else
		tail -n 30 "$name.log" | sed 's/^/# /'
		echo "not ok $n - $name bears $seconds s of fuzzing"
		status=1
	fi
done
echo "1..$n"
exit $status
