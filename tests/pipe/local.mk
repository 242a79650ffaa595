# Whole pipelines, and the examples.
pipe_tests = %D%/examples.bats
EXTRA_DIST += $(pipe_tests)
if HAVE_BATS
TESTS += $(pipe_tests)
endif
