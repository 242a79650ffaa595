#!/bin/sh
# SPDX-License-Identifier: MIT
# The house rules that a machine can see: licence line, length of files and
# functions (tests may hold tables of cases: 100 lines), config.h first,
# unfinished work.
cd "${srcdir:-.}" || exit 99
sources=$(find lib cmd tests -name node_modules -prune -o -name '*.[ch]' -print | sort)
# What autoreconf puts into build-aux is not ours.
scripts="build-aux/bootstrap build-aux/check-summary build-aux/git-version-gen
	build-aux/install-deps .ci/run $(find tests examples cmd man \
	-name node_modules -prune -o \( -name '*.sh' -o -name '*.bats' -o \
	-name '*.bash' -o -name '*.zsh' -o -name '*.awk' \) -print | sort)"
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

echo 1..5
check 'every source says its licence' \
	"$(for f in $sources $scripts; do
		head -n 3 "$f" | grep -q 'SPDX-License-Identifier: MIT' ||
			echo "$f"
	done)"
check 'no file has more than 600 lines' \
	"$(wc -l $sources | awk '$2 != "total" && $1 > 600')"
check 'no function has more than 60 lines, in tests 100' \
	"$(awk '
	FNR == 1 { start = 0 }
	/^[a-z_].*\(/ && !/;/ { name = $0 }
	/^\{/ { start = FNR }
	/^\}/ { if (start && FNR - start > (FILENAME ~ /^tests/ ? 101 : 61))
	            print FILENAME ":" start ": " FNR - start " lines"
	        start = 0 }' $sources)"
check 'config.h comes first in every source, and in no header' \
	"$(for f in $sources; do
		first=$(grep -m 1 '^#include' "$f")
		case $f in
		tests/data/*) ;;
		*.c) [ "$first" = '#include "config.h"' ] || echo "$f" ;;
		*.h) ! grep -q '^#include "config.h"' "$f" || echo "$f" ;;
		esac
	done)"
check 'nothing is marked as unfinished' \
	"$(grep -nE '\b(TODO|FIXME|XXX|HACK)\b' $sources)"
exit $status
