#!/bin/sh
# SPDX-License-Identifier: MIT
# The N-th failure of every kind of call, in small runs of every command, for
# each FAULTS_STRIDE-th N and for the first ones all (faults/sweep.py).
python=
for candidate in python3 /usr/bin/python3; do
	command -v "$candidate" >/dev/null && python=$candidate && break
done
library=$builddir/tests/faults/.libs/nth.so
if [ -z "$python" ] || [ ! -e "$library" ]; then
	echo "1..0 # SKIP no python3, or no library to preload"
	exit 0
fi
case ${SANITIZERS-} in
*thread*)
	echo "1..0 # SKIP ThreadSanitizer must see every call first"
	exit 0
	;;
esac
# The binaries themselves: a wrapper of libtool is a shell, and would fail too.
PATH=$builddir/cmd/.libs:$PATH
LD_LIBRARY_PATH=$builddir/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
ASAN_OPTIONS=verify_asan_link_order=0:allocator_may_return_null=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}
export PATH LD_LIBRARY_PATH ASAN_OPTIONS
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
"$python" "$srcdir/tests/faults/sweep.py" "$library" "$directory" "${FAULTS_STRIDE-97}"
