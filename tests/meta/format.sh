#!/bin/sh
# SPDX-License-Identifier: MIT
# Is every source as clang-format 14 leaves it?
cd "${srcdir:-.}" || exit 99
case $(clang-format --version 2>/dev/null) in
*'version 14.'*) ;;
*)
	echo '1..0 # SKIP no clang-format 14'
	exit 0
	;;
esac
echo 1..1
if find lib cmd tests -name node_modules -prune -o -name '*.[ch]' -print0 |
    xargs -0 clang-format --dry-run -Werror >/dev/null 2>&1; then
	echo 'ok 1 - sources are formatted'
else
	find lib cmd tests -name node_modules -prune -o -name '*.[ch]' -print0 |
		xargs -0 clang-format --dry-run 2>&1 |
		sed -n 's/^\([^:]*:[0-9]*\):.*/# \1/p' | sort -u | head -n 20
	echo 'not ok 1 - sources are formatted: run make format'
	exit 1
fi
