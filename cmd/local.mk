# The commands, and what they share.
noinst_LTLIBRARIES += libcmd.la
libcmd_la_SOURCES = \
	%D%/common/cmd.c %D%/common/cmd.h \
	%D%/common/file.c %D%/common/file.h \
	%D%/common/terminal.c %D%/common/terminal.h
libcmd_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/%D%
libcmd_la_LIBADD = libld.la
CPPFLAGS_CMD = $(AM_CPPFLAGS) -I$(top_srcdir)/%D%

# Each command: bin_PROGRAMS and its sources, CPPFLAGS and LDADD.

bin_PROGRAMS += %D%/ld-target
%C%_ld_target_SOURCES = %D%/ld-target.c
%C%_ld_target_CPPFLAGS = $(CPPFLAGS_CMD)
%C%_ld_target_LDADD = libcmd.la libld.la

bin_PROGRAMS += %D%/ld-import
%C%_ld_import_SOURCES = %D%/ld-import.c
%C%_ld_import_CPPFLAGS = $(CPPFLAGS_CMD)
%C%_ld_import_LDADD = libcmd.la libld.la

bin_PROGRAMS += %D%/ld-report
%C%_ld_report_SOURCES = %D%/ld-report.c
%C%_ld_report_CPPFLAGS = $(CPPFLAGS_CMD)
%C%_ld_report_LDADD = libcmd.la libld.la

bin_PROGRAMS += %D%/ld-run
%C%_ld_run_SOURCES = %D%/ld-run.c \
	%D%/run_options.c %D%/run_options.h \
	%D%/run_pins.c %D%/run_pins.h \
	%D%/run_schedule.c %D%/run_schedule.h \
	%D%/run_signals.c %D%/run_signals.h \
	%D%/run_tell.c %D%/run_tell.h \
	%D%/run_watch.c %D%/run_watch.h
%C%_ld_run_CPPFLAGS = $(CPPFLAGS_CMD)
%C%_ld_run_LDADD = libcmd.la libld.la
