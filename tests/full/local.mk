# make check-full: everything of make check, and then what takes minutes.
full_tests = %D%/drivers.sh %D%/open.bats %D%/soak.bats %D%/weather.bats %D%/fuzz.sh
EXTRA_DIST += $(full_tests)

check-full: tests/perf/rusage$(EXEEXT)
	$(MAKE) $(AM_MAKEFLAGS) check
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(full_tests)'
	FAULTS_STRIDE=3 $(MAKE) $(AM_MAKEFLAGS) check TESTS=tests/faults/sweep.sh
	FAULTS_CUTS=1 $(MAKE) $(AM_MAKEFLAGS) check TESTS=tests/faults/matrix.sh
