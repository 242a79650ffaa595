# The N-th failure: libraries to preload, and a sweep over all of them.  What
# replaces malloc is not instrumented: it is called before a sanitizer is ready.
check_LTLIBRARIES += %D%/nth.la %D%/nth_malloc.la
%C%_nth_la_SOURCES = %D%/nth.c
%C%_nth_la_CFLAGS = $(WARN_CFLAGS) -fno-sanitize=all
%C%_nth_la_LDFLAGS = -module -shared -avoid-version -rpath /nowhere
%C%_nth_la_LIBADD = -ldl
%C%_nth_malloc_la_SOURCES = %D%/nth_malloc.c
%C%_nth_malloc_la_CFLAGS = $(WARN_CFLAGS) -fno-builtin -fno-sanitize=all
%C%_nth_malloc_la_LDFLAGS = -module -shared -avoid-version -rpath /nowhere
TESTS += %D%/sweep.sh
EXTRA_DIST += %D%/others.sh %D%/sweep.sh %D%/sweep.py %D%/lsan.supp

# What becomes of every fault of a server.
TESTS += %D%/matrix.sh
EXTRA_DIST += %D%/matrix.sh %D%/matrix.py

# The whole table, with every cut point.
check-faults: all
	@FAULTS_CUTS=1 $(MAKE) $(AM_MAKEFLAGS) -s check TESTS='%D%/matrix.sh' >/dev/null; \
	status=$$?; sed -n '/^# /s///p;/^ok/p;/^not ok/p' %D%/matrix.log; exit $$status
.PHONY: check-faults
