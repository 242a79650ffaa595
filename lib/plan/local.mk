libldall_la_SOURCES += \
	%D%/bind.h %D%/check.h
