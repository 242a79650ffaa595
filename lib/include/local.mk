ldincludedir = $(includedir)/ld
ldinclude_HEADERS = \
	%D%/ld/adapt.h \
	%D%/ld/api.h \
	%D%/ld/buf.h \
	%D%/ld/compat.h \
	%D%/ld/datagram.h \
	%D%/ld/driver.h \
	%D%/ld/drivers.h \
	%D%/ld/err.h \
	%D%/ld/exec.h \
	%D%/ld/field.h \
	%D%/ld/hist.h \
	%D%/ld/import.h \
	%D%/ld/json.h \
	%D%/ld/ledger.h \
	%D%/ld/limits.h \
	%D%/ld/loop.h \
	%D%/ld/num.h \
	%D%/ld/opt.h \
	%D%/ld/pins.h \
	%D%/ld/plan.h \
	%D%/ld/progress.h \
	%D%/ld/record.h \
	%D%/ld/redact.h \
	%D%/ld/report.h \
	%D%/ld/resolver.h \
	%D%/ld/rng.h \
	%D%/ld/run.h \
	%D%/ld/schema.h \
	%D%/ld/stream.h \
	%D%/ld/summary.h \
	%D%/ld/target.h \
	%D%/ld/template.h \
	%D%/ld/time.h \
	%D%/ld/validity.h \
	%D%/ld/tls.h \
	%D%/ld/version.h
