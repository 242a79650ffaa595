# The tree checks itself.
meta_tests = %D%/layers.sh %D%/threads.sh %D%/headers.sh %D%/symbols.sh \
	%D%/format.sh %D%/house.sh
TESTS += $(meta_tests)
EXTRA_DIST += $(meta_tests) %D%/layers.awk
