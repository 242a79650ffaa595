# The tree checks itself.
meta_tests = %D%/layers.sh %D%/threads.sh %D%/headers.sh %D%/symbols.sh \
	%D%/format.sh %D%/house.sh %D%/man.sh %D%/skeleton.sh
TESTS += $(meta_tests)
EXTRA_DIST += $(meta_tests) %D%/layers.awk

# What was installed can be used: part of make distcheck.
EXTRA_DIST += %D%/installed.sh
installcheck-local:
	@CC='$(CC) $(SAN_FLAGS)' PKG_CONFIG='$(PKG_CONFIG)' $(SHELL) \
		$(top_srcdir)/%D%/installed.sh '$(bindir)' '$(libdir)'
