# Tests speak TAP.  tests/README.md says where a new one goes.
TEST_EXTENSIONS = .bats .sh
TAP_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(TAP_DRIVER)
SH_LOG_DRIVER = $(TAP_DRIVER)
SH_LOG_COMPILER = $(SHELL)
BATS_LOG_DRIVER = $(TAP_DRIVER)
BATS_LOG_COMPILER = $(BATS) --tap

LDADD_UNIT = libldall.la $(CMOCKA_LIBS)
CFLAGS_UNIT = $(AM_CFLAGS) $(CMOCKA_CFLAGS)

include %D%/unit/local.mk
