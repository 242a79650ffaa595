#!/bin/sh
# SPDX-License-Identifier: MIT
# The N-th failure of every kind of call, in small runs of every command, for
# each FAULTS_STRIDE-th N and for the first ones all (faults/sweep.py).
python=
for candidate in python3 /usr/bin/python3; do
	command -v "$candidate" >/dev/null && python=$candidate && break
done
libraries=$builddir/tests/faults/.libs
if [ -z "$python" ] || [ ! -e "$libraries/nth.so" ]; then
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
# What a sanitizer puts in front of libc stands in front of nth.so as well.
sanitizer=$(ldd "$builddir/cmd/.libs/ld-run" | awk '/libasan/ { print $3 }')
preload="$libraries/nth_malloc.so $sanitizer $libraries/nth.so"
ASAN_OPTIONS=verify_asan_link_order=0:allocator_may_return_null=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}
LSAN_OPTIONS=suppressions=$srcdir/tests/faults/lsan.supp:print_suppressions=0
export PATH LD_LIBRARY_PATH ASAN_OPTIONS LSAN_OPTIONS
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
"$python" "$srcdir/tests/faults/sweep.py" "$preload" "$directory" "${FAULTS_STRIDE-97}"
