libldall_la_SOURCES += \
	%D%/arena.c %D%/arena.h \
	%D%/base64.c %D%/base64.h \
	%D%/buf.c \
	%D%/decimal.c %D%/decimal.h \
	%D%/err.c \
	%D%/file.c %D%/file.h \
	%D%/http_text.c %D%/http_text.h \
	%D%/map.c %D%/map.h \
	%D%/num.c \
	%D%/opt.c \
	%D%/opt_bash.c \
	%D%/opt_complete.c \
	%D%/opt_describe.c %D%/opt_describe.h \
	%D%/opt_fish.c \
	%D%/opt_zsh.c \
	%D%/philox.h \
	%D%/redact.c %D%/redact.h \
	%D%/redact_text.c \
	%D%/redactor.h \
	%D%/rng.c \
	%D%/secret.c %D%/secret.h \
	%D%/secret_read.c \
	%D%/spelling.c %D%/spelling.h \
	%D%/time.c \
	%D%/utf8.c %D%/utf8.h \
	%D%/version.c
libldall_la_SOURCES += %D%/crypto.c %D%/crypto.h
