# The N-th failure: a library to preload, and a sweep over all of them.
check_LTLIBRARIES += %D%/nth.la
%C%_nth_la_SOURCES = %D%/nth.c
%C%_nth_la_CFLAGS = $(WARN_CFLAGS)
%C%_nth_la_LDFLAGS = -module -shared -avoid-version -rpath /nowhere
%C%_nth_la_LIBADD = -ldl
TESTS += %D%/sweep.sh
EXTRA_DIST += %D%/sweep.sh %D%/sweep.py
