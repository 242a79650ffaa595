# Tests speak TAP.  tests/README.md says where a new one goes.
TEST_EXTENSIONS = .bats .sh
TAP_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(TAP_DRIVER)
SH_LOG_DRIVER = $(TAP_DRIVER)
SH_LOG_COMPILER = $(SHELL)
BATS_LOG_DRIVER = $(TAP_DRIVER)
BATS_LOG_COMPILER = $(top_srcdir)/tests/run-bats $(BATS)

# Commands are found by PATH in the build tree, sources by srcdir.
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	PATH='$(abs_top_builddir)/cmd':$$PATH; export PATH; \
	srcdir='$(abs_srcdir)'; export srcdir; \
	builddir='$(abs_builddir)'; export builddir; \
	LC_ALL=C; export LC_ALL; \
	CC='$(CC)'; export CC; \
	AWK='$(AWK)'; export AWK; \
	SANITIZERS='$(enable_sanitizers)'; export SANITIZERS; \
	NM_TOOL='$(NM_TOOL)'; export NM_TOOL;

LDADD_UNIT = libldall.la $(CMOCKA_LIBS)
CFLAGS_UNIT = $(AM_CFLAGS) $(CMOCKA_CFLAGS)

include %D%/peers/local.mk
include %D%/cmd/local.mk
include %D%/meta/local.mk
include %D%/pipe/local.mk
include %D%/drivers/local.mk
include %D%/unit/local.mk
include %D%/faults/local.mk
include %D%/full/local.mk
include %D%/fuzz/local.mk
include %D%/perf/local.mk

EXTRA_DIST += %D%/README.md %D%/run-bats %D%/npm/package.json %D%/data/json %D%/data/har %D%/data/schemas \
	%D%/data/documents %D%/data/matrix
