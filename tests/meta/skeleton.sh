#!/bin/sh
# SPDX-License-Identifier: MIT
# The driver that doc/adding-a-driver.md begins from is compiled as a module
# with every warning; tests/full/drivers.sh builds, loads and runs it.
module=$builddir/doc/skeleton/.libs/toy.so
echo 1..2
if [ -f "$module" ] && ${NM_TOOL:-nm} -D --defined-only "$module" | grep -q ' ld_driver_entry$'; then
	echo "ok 1 - the skeleton is a module"
else
	echo "not ok 1 - the skeleton is a module"
fi
# What the document shows of it stands in it.
missing=$(sed -n '/^```c$/,/^```$/p' "$srcdir/doc/adding-a-driver.md" | grep -v '^```' |
	sed 's/^[ 	]*//' | grep -v '^$' | while IFS= read -r line; do
	grep -qF -- "$line" "$srcdir/doc/skeleton/toy.c" || echo "# $line"
done)
if [ -z "$missing" ]; then
	echo "ok 2 - what the document shows stands in it"
else
	echo "not ok 2 - what the document shows stands in it"
	echo "$missing"
fi
