# Everything is compiled once, into libldall; libld is that with a border,
# unit tests link it without one.
lib_LTLIBRARIES += libld.la
noinst_LTLIBRARIES += libldall.la
libldall_la_SOURCES =
libldall_la_LIBADD = $(UV_LIBS) $(SSL_LIBS) $(ZLIB_LIBS) $(BROTLI_LIBS) \
	$(PCRE2_LIBS) $(JQ_LIBS) $(LD_BUILTIN_LIBS) -lm -ldl
libld_la_SOURCES =
libld_la_LIBADD = libldall.la
libld_la_LDFLAGS = $(AM_LDFLAGS) $(VIS_LDFLAGS) -version-info $(LD_VERSION_INFO)

EXTRA_DIST += %D%/LAYERS %D%/libld.pc.in

include %D%/include/local.mk
include %D%/base/local.mk
include %D%/data/local.mk
include %D%/plan/local.mk
include %D%/net/local.mk
include %D%/http/local.mk
include %D%/drivers/local.mk
include %D%/importers/local.mk
include %D%/reporters/local.mk
include %D%/engine/local.mk
include %D%/target/local.mk
include %D%/actions/local.mk
