# The registry, and one folder per driver; build-aux/bootstrap lists them.
EXTRA_DIST += %D%/builtin.h.in
libldall_la_SOURCES += %D%/registry.c %D%/registry.h %D%/tls_fields.c

include %D%/folders.mk
