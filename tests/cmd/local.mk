# The commands, seen from outside.
command_tests = \
	%D%/commands.bats \
	%D%/completions.bats \
	%D%/ld-import.bats \
	%D%/ld-report.bats \
	%D%/ld-run.bats \
	%D%/ld-target.bats \
	%D%/progress.bats \
	%D%/target_ports.bats
EXTRA_DIST += $(command_tests) %D%/press-tab.zsh
if HAVE_BATS
TESTS += $(command_tests)
endif

# A command for the tests alone.
check_PROGRAMS += %D%/ld-odd
%C%_ld_odd_SOURCES = %D%/ld-odd.c
%C%_ld_odd_CPPFLAGS = $(CPPFLAGS_CMD) -I$(top_srcdir)/cmd
%C%_ld_odd_LDADD = libcmd.la libld.la
