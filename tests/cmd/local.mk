# The commands, seen from outside.
command_tests = \
	%D%/ld-import.bats \
	%D%/ld-report.bats \
	%D%/ld-run.bats \
	%D%/ld-target.bats
EXTRA_DIST += $(command_tests) %D%/common.bash
if HAVE_BATS
TESTS += $(command_tests)
endif
