# make check-full: everything of make check, and then what takes minutes.
full_tests = %D%/soak.bats %D%/fuzz.sh
EXTRA_DIST += $(full_tests)

check-full: check
	$(MAKE) check TESTS='$(full_tests)'
