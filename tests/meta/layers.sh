#!/bin/sh
# SPDX-License-Identifier: MIT
# Does every #include go down the layers of lib/LAYERS?
cd "${srcdir:-.}" || exit 99
# Sources named from the top, so that the folder is the second part.
exec ${AWK:-awk} -f tests/meta/layers.awk lib/LAYERS \
	$(find lib cmd -name '*.[ch]' | sort)
