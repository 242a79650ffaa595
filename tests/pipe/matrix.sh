#!/bin/sh
# SPDX-License-Identifier: MIT
# Every field of an HTTP task by value and by server: tests/data/matrix.
for python in python3 /usr/bin/python3; do
	"$python" -c 'import jsonschema' 2>/dev/null &&
		exec "$python" -B "$srcdir/tests/peers/matrix.py" \
			"$srcdir"/tests/data/matrix/*.rows
done
echo '1..0 # SKIP no python3-jsonschema'
