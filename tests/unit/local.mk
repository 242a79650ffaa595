# One program per source: unit_tests += %D%/test_X and its three lines.
unit_tests =
if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif
