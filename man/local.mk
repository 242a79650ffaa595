# Pages are prose (ld-X.1.in) and the OPTIONS that the built command tells of
# itself.

dist_man_MANS += %D%/ld-import.1
EXTRA_DIST += %D%/ld-import.1.in
CLEANFILES += %D%/ld-import.1
%D%/ld-import.1: cmd/ld-import$(EXEEXT) %D%/ld-import.1.in build-aux/man-options
	$(AM_V_GEN)$(MKDIR_P) %D% && \
	$(SHELL) $(top_srcdir)/build-aux/man-options cmd/ld-import$(EXEEXT) \
		$(srcdir)/%D%/ld-import.1.in >$@.new && mv $@.new $@

dist_man_MANS += %D%/ld-report.1
EXTRA_DIST += %D%/ld-report.1.in
CLEANFILES += %D%/ld-report.1
%D%/ld-report.1: cmd/ld-report$(EXEEXT) %D%/ld-report.1.in build-aux/man-options
	$(AM_V_GEN)$(MKDIR_P) %D% && \
	$(SHELL) $(top_srcdir)/build-aux/man-options cmd/ld-report$(EXEEXT) \
		$(srcdir)/%D%/ld-report.1.in >$@.new && mv $@.new $@

dist_man_MANS += %D%/ld-run.1
EXTRA_DIST += %D%/ld-run.1.in
CLEANFILES += %D%/ld-run.1
%D%/ld-run.1: cmd/ld-run$(EXEEXT) %D%/ld-run.1.in build-aux/man-options
	$(AM_V_GEN)$(MKDIR_P) %D% && \
	$(SHELL) $(top_srcdir)/build-aux/man-options cmd/ld-run$(EXEEXT) \
		$(srcdir)/%D%/ld-run.1.in >$@.new && mv $@.new $@

dist_man_MANS += %D%/ld-target.1
EXTRA_DIST += %D%/ld-target.1.in
CLEANFILES += %D%/ld-target.1
%D%/ld-target.1: cmd/ld-target$(EXEEXT) %D%/ld-target.1.in build-aux/man-options
	$(AM_V_GEN)$(MKDIR_P) %D% && \
	$(SHELL) $(top_srcdir)/build-aux/man-options cmd/ld-target$(EXEEXT) \
		$(srcdir)/%D%/ld-target.1.in >$@.new && mv $@.new $@

# Overview and formats; what a plan and a record may hold, ld-run knows.
dist_man_MANS += %D%/ld.7

dist_man_MANS += %D%/ld-plan.5
EXTRA_DIST += %D%/ld-plan.5.in
CLEANFILES += %D%/ld-plan.5
%D%/ld-plan.5: cmd/ld-run$(EXEEXT) %D%/ld-plan.5.in build-aux/man-options \
		build-aux/man-fields.awk
	$(AM_V_GEN)$(MKDIR_P) %D% && AWK='$(AWK)' \
	$(SHELL) $(top_srcdir)/build-aux/man-options cmd/ld-run$(EXEEXT) \
		$(srcdir)/%D%/ld-plan.5.in >$@.new && mv $@.new $@

dist_man_MANS += %D%/ld-record.5
EXTRA_DIST += %D%/ld-record.5.in
CLEANFILES += %D%/ld-record.5
%D%/ld-record.5: cmd/ld-run$(EXEEXT) %D%/ld-record.5.in build-aux/man-options \
		build-aux/man-fields.awk
	$(AM_V_GEN)$(MKDIR_P) %D% && AWK='$(AWK)' \
	$(SHELL) $(top_srcdir)/build-aux/man-options cmd/ld-run$(EXEEXT) \
		$(srcdir)/%D%/ld-record.5.in >$@.new && mv $@.new $@

EXTRA_DIST += build-aux/man-options build-aux/man-fields.awk
