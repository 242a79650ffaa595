# doc: see HACKING.md, 'Where things go'.
EXTRA_DIST += %D%/adding-a-driver.md %D%/architecture.md %D%/faults.md %D%/http.md %D%/plan.md %D%/report.png
EXTRA_DIST += %D%/schemas.md

# The schemas as this build prints them: `make schemas` writes them anew, and
# tests/pipe/schemas.bats compares.
schemadir = $(pkgdatadir)/schema
dist_schema_DATA = %D%/schema/ld.action-1.json %D%/schema/ld.plan-1.json \
	%D%/schema/ld.result-1.json %D%/schema/ld.summary-1.json \
	%D%/schema/ld.report-1.json
schemas: cmd/ld-run$(EXEEXT)
	@for schema in action plan report result summary; do \
		file=$(srcdir)/doc/schema/ld.$$schema-1.json; \
		cmd/ld-run --schema $$schema >$$file.new && \
		mv $$file.new $$file || exit 1; \
	done
.PHONY: schemas

# Compiled, and no more, by make check.
EXTRA_DIST += %D%/skeleton/local.mk
check_LTLIBRARIES += %D%/skeleton/toy.la
%C%_skeleton_toy_la_SOURCES = %D%/skeleton/toy.c
%C%_skeleton_toy_la_CPPFLAGS = $(CPPFLAGS_DRIVER)
%C%_skeleton_toy_la_LDFLAGS = $(LDFLAGS_DRIVER) -rpath /nowhere
%C%_skeleton_toy_la_LIBADD = libld.la
