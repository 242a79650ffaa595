# Drivers that tests register: sources of whoever uses them.
DRIVER_FAKES = \
	%D%/fake_blocking.c \
	%D%/fake_pushing.c \
	%D%/fakes.h

# Drivers with servers of others.
driver_tests = %D%/curl.bats %D%/socket.bats
EXTRA_DIST += $(driver_tests)
if HAVE_BATS
TESTS += $(driver_tests)
endif
