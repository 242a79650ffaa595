# Drivers that tests register: sources of whoever uses them.
DRIVER_FAKES = \
	%D%/fake_blocking.c \
	%D%/fake_pushing.c \
	%D%/fakes.h
