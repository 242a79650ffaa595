#!/bin/sh
# SPDX-License-Identifier: MIT
# Every fault of a server, for every user type of HTTP (faults/matrix.py); the
# cut points by FAULTS_CUTS, all of them in make check-faults.
python=
for candidate in python3 /usr/bin/python3; do
	command -v "$candidate" >/dev/null && python=$candidate && break
done
if [ -z "$python" ]; then
	echo "1..0 # SKIP no python3"
	exit 0
fi
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
"$python" "$srcdir/tests/faults/matrix.py" "$directory" "${FAULTS_CUTS-7}"
