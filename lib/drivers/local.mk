# The registry, and one folder per driver.
EXTRA_DIST += %D%/builtin.h.in
libldall_la_SOURCES += %D%/registry.c %D%/registry.h %D%/tls_fields.c

include %D%/null/local.mk
include %D%/http1/local.mk
include %D%/curl/local.mk
include %D%/socket/local.mk
