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
